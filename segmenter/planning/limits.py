"""What a plan's changes add up to, and which of the spec's limits that breaks. Counted on what would hurt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from segmenter.conditions.words import number as localised
from segmenter.i18n import N_, _
from segmenter.planning.model import Change, Json, SegmentCount, Tally, Violation, full_name
from segmenter.spec.model import Amount, Limits, Range

Counted = tuple[SegmentCount, Range | None]
"""What a segment takes, and what the client expects of it."""
NOT_OVERRIDABLE = ("rights", "examples", "tracking", "odoo")

_PERCENT = "\N{NO-BREAK SPACE}%"

SENTENCES = {
    "changes": N_("{found} records would change; the limit is {allowed}"),
    "overwrites": N_("{found} records would lose a value that was already there; the limit is {allowed}"),
    "removed_tags": N_("{found} records would lose a tag; the limit is {allowed}"),
    "moved_stages": N_("{found} records would move to another stage; the limit is {allowed}"),
    "new_contacts": N_("{found} contacts would be created; the limit is {allowed}"),
    "portfolio": N_("{found} records would change; the limit for the portfolio is {allowed}"),
}


class Counter:
    """Adds up changes as they are made, a record at a time."""

    def __init__(self, field_types: dict[str, str]) -> None:
        self._types = field_types
        self.records = self.changes = self.overwrites = self.removed_tags = self.moved_stages = self.assigned = 0
        self.converted = 0
        self._new_contacts: set[int] = set()

    def add(self, changes: Sequence[Change]) -> None:
        """All changes of one record (pins do not count)."""
        real = [change for change in changes if not change.pin]
        self.records += 1
        self.changes += len(real)
        self.overwrites += any(self._overwrites(change) for change in real)
        self.removed_tags += any(self._many(change) and set(change.before) - set(change.after) for change in real)
        self.moved_stages += any(change.field == "stage_id" for change in real)
        self.assigned += any(change.field == "user_id" for change in real)
        self.converted += any(_converts(change) for change in real)
        self._new_contacts.update(c.after for c in real if c.field == "partner_id" and c.after and c.after < 0)

    def _many(self, change: Change) -> bool:
        return self._types.get(change.field) == "many2many"

    def _overwrites(self, change: Change) -> bool:
        if self._many(change) or change.field == "stage_id" or _converts(change):
            return False
        return not nothing_said(self._types.get(change.field, ""), change.before)

    def tally(self) -> Tally:
        return Tally(
            self.records,
            self.changes,
            self.overwrites,
            self.removed_tags,
            self.moved_stages,
            self.assigned,
            self.converted,
            len(self._new_contacts),
        )


def _converts(change: Change) -> bool:
    """Whether a lead becomes an opportunity: no value of a person's is lost by it."""
    return bool(change.field == "type" and change.before == "lead" and change.after == "opportunity")


def nothing_said(field_type: str, value: Json) -> bool:
    """Whether nobody has said anything: no value, zero, no star (priority ``0``). A False is no value of a person's."""
    return value in (None, "", [], False) or value == 0 or (field_type == "selection" and value == "0")


def violations(limits: Limits, tally: Tally, scope: int) -> list[Violation]:
    """Every limit that the tally breaks, in the order in which the spec lists them."""
    found = {
        "changes": (limits.changes, tally.records),
        "overwrites": (limits.overwrites, tally.overwrites),
        "removed_tags": (limits.removed_tags, tally.removed_tags),
        "moved_stages": (limits.moved_stages, tally.moved_stages),
        "new_contacts": (limits.new_contacts, tally.new_contacts),
        "portfolio": (limits.portfolio, tally.records),
    }
    return [
        Violation(
            name,
            number,
            limit.of(scope),
            _(SENTENCES[name]).format(found=localised(number), allowed=_allowed(limit, scope)),
        )
        for name, (limit, number) in found.items()
        if limit is not None and number > limit.of(scope)
    ]


def unmet(expected: Range, number: int, scope: int, what: str) -> Violation | None:
    """The violation when ``number`` lies outside what the client expects of ``what``; None when it is inside."""
    if within(expected, number, scope):
        return None
    allowed = expected.most if expected.most is not None and number > expected.most.of(scope) else expected.least
    bound = allowed.of(scope) if allowed is not None else 0
    sentence = _("{what} has {number} records; the client expects {expected}").format(
        what=what, number=localised(number), expected=range_in_words(spelled(expected))
    )
    return Violation("expect", number, bound, sentence)


def within(expected: Range, number: int, scope: int) -> bool:
    """Both ends included."""
    low = expected.least is None or number >= expected.least.of(scope)
    return low and (expected.most is None or number <= expected.most.of(scope))


def _allowed(amount: Amount, scope: int) -> str:
    """``10 %, that is 60`` or ``5,000``."""
    if not amount.percent:
        return localised(amount.number)
    percent = f"{localised(amount.number)}{_PERCENT}"
    return _("{percent}, that is {number}").format(percent=percent, number=localised(int(amount.of(scope))))


def spelled(expected: Range) -> str:
    """As the spec writes it, and as a plan keeps it: ``5%..25%``, ``..10``, ``3..``."""
    ends = [f"{end.number:g}{'%' if end.percent else ''}" if end else "" for end in (expected.least, expected.most)]
    return "..".join(ends)


def range_in_words(spelled: str, number: Callable[[float], str] = localised) -> str:
    """``from 5 % to 25 %``; ``number`` writes a number as its reader does."""
    low, _dots, high = spelled.partition("..")
    low, high = (_bound(text, number) for text in (low, high))
    if low and high:
        return _("from {low} to {high}").format(low=low, high=high) if low != high else low
    return _("{low} or more").format(low=low) if low else _("{high} at most").format(high=high)


def _bound(text: str, number: Callable[[float], str]) -> str:
    """One end of a range; nothing of nothing."""
    if not text.endswith("%"):
        return number(float(text)) if text else ""
    return f"{number(float(text.removesuffix('%')))}{_PERCENT}"


def expectations(scope_range: Range | None, scope: int, segments: Iterable[Counted]) -> list[Violation]:
    """What the client expected and did not get, of the scope and of each segment."""
    unexpected = [unmet(scope_range, scope, scope, _("The scope"))] if scope_range else []
    unexpected += [
        unmet(expected, count.taken, scope, full_name(count.segmentation, count.segment))
        for count, expected in segments
        if expected is not None
    ]
    return [one for one in unexpected if one is not None]
