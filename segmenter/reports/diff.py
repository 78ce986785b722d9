"""Plan against plan in words: what was edited, who moves because of it, who moves all the same, and what else differs.

`told` makes lines of a `PlanDiff`, in the language spoken now. The terminal, the page of the review, its workbook and
whoever else shows two plans put these lines where they belong; ``templates/diff.html`` does so for a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from segmenter.errors import SegmenterError
from segmenter.i18n import N_, _, ngettext
from segmenter.ledger import Ledger
from segmenter.model_names import model_name
from segmenter.planning.comparing import PlanDiff, comparable, compare
from segmenter.planning.moves import Move, Place, Side
from segmenter.plans.plan import ExampleResult, Plan
from segmenter.record_set import RecordSet, union
from segmenter.reports.edit_words import EditLine, edit_line, reason
from segmenter.reports.limit_names import limit_name
from segmenter.reports.notices import example_got, example_label, violation
from segmenter.reports.text import clean
from segmenter.reports.values import Values, placed

FEW = 5
"""Records of a move that are named."""
LOOKED_BACK = 5
"""Earlier plans among which the report of a plan looks for one that differs."""
NamesOf = Callable[[RecordSet], Mapping[int, str]]
_FIGURES = {
    "scope_count": N_("Records in the scope"),
    "protected": N_("Protected records"),
    "records": N_("Records that would change"),
    "changes": N_("Changes"),
    "overwrites": N_("Records that would lose a value"),
    "removed_tags": N_("Records that would lose a tag"),
    "moved_stages": N_("Records that would move to another stage"),
    "assigned": N_("Records that would get a salesperson, or another one"),
    "converted": N_("Leads that would become opportunities"),
    "new_contacts": N_("Contacts that would be created"),
}


@dataclass(frozen=True, slots=True)
class MoveLine:
    """Some records that go from ``origin`` to ``target``. ``because``: "" without an edited criterion.

    ``names``: the first of them, (id, name), the name "" where no plan knows it.
    """

    segmentation: str
    origin: str
    target: str
    number: int
    because: str
    names: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class RestLine:
    """Anything else that differs: ``about`` what, as the older plan has it and as the newer one does."""

    about: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """Two plans against each other, as lines. Texts are safe to print.

    ``moves``: because of what was edited; ``drift``: with no edited criterion. ``segments``: how many records each
    takes, where that differs. ``note``: what the comparison cannot know, "" where it knows all.
    """

    old: str
    new: str
    headline: str
    note: str
    edits: tuple[EditLine, ...]
    moves: tuple[MoveLine, ...]
    drift: tuple[MoveLine, ...]
    segments: tuple[RestLine, ...]
    rest: tuple[RestLine, ...]


def from_ledger(ledger: Ledger, old: str, new: str) -> PlanDiff:
    """Compares two plans. Raises `LedgerError`, and `SegmenterError` for plans of different databases or models."""
    plans = ledger.plan(old), ledger.plan(new)
    if not comparable(*plans):
        places = [_place(plan) for plan in plans]
        raise SegmenterError(
            _("{old} and {new} cannot be compared: {old} is about {here}, {new} about {there}").format(
                old=plans[0].id, new=plans[1].id, here=places[0], there=places[1]
            ),
            todo=_("name two plans of the same database and of the same kind of records"),
        )
    return compare(*(Side(plan, ledger.change_sets(plan.id), ledger.members(plan.id)) for plan in plans))


def _place(plan: Plan) -> str:
    server = plan.identity.server
    place = f"{server['database']} {server['url']}".strip()
    return _("{model} of {database}").format(model=plan.identity.model, database=place)


def names_in(ledger: Ledger, diff: PlanDiff) -> NamesOf:
    """Gives the names that the newer plan has of records, or else the older one."""
    return lambda records: {**ledger.names(diff.old.id, records), **ledger.names(diff.new.id, records)}


def since_earlier(ledger: Ledger, plan: Plan) -> Told | None:
    """What criteria and places changed since the last plan for the same client that differs; None without one."""
    earlier = [
        row
        for row in ledger.plans()
        if (row.spec_name, row.model, row.database, row.url) == _whose(plan) and int(row.id[1:]) < int(plan.id[1:])
    ]
    for row in earlier[: -LOOKED_BACK - 1 : -1]:
        diff = from_ledger(ledger, row.id, plan.id)
        if diff.divides_otherwise:
            return told(diff, names_in(ledger, diff))
    return None


def _whose(plan: Plan) -> tuple[str, str, str, str]:
    server = plan.identity.server
    return plan.identity.spec_name, plan.identity.model, str(server["database"]), str(server["url"])


def told(diff: PlanDiff, names_of: NamesOf, *, most: int | None = FEW) -> Told:
    """The lines of a comparison. ``names_of``: gives the names of records; ``most``: of how many of each move."""
    shown = {id(move): move.records if most is None else move.records[:most] for move in diff.moves}
    names = names_of(union(shown.values()))
    lines = [
        (_move(move, [(record, clean(names.get(record, ""))) for record in shown[id(move)]]), bool(move.because))
        for move in diff.moves
    ]
    say = Values(diff.new)
    return Told(
        old=diff.old.id,
        new=diff.new.id,
        headline=headline(diff, say),
        note="" if diff.exact else _partly(),
        edits=tuple(edit_line(edit, diff) for edit in diff.edits),
        moves=tuple(line for line, explained in lines if explained),
        drift=tuple(line for line, explained in lines if not explained),
        segments=tuple(_segments(diff, say)),
        rest=tuple(_rest(diff, say)),
    )


def headline(diff: PlanDiff, say: Values) -> str:
    """What differs, in a sentence."""
    ids, number = {"old": diff.old.id, "new": diff.new.id}, say.style.number
    if diff.old.id == diff.new.id:
        return _("{old} is the same plan: nothing differs.").format(**ids)
    if diff.empty:
        return _("Nothing differs between {old} and {new}.").format(**ids)
    edits, moved = len(diff.edits), len(diff.moved)
    edited = ngettext("{number} edit of the criteria", "{number} edits of the criteria", edits)
    moving = ngettext("{number} record elsewhere", "{number} records elsewhere", moved)
    return _("From {old} to {new}: {edited}, {moving}.").format(
        **ids, edited=edited.format(number=number(edits)), moving=moving.format(number=number(moved))
    )


def _partly() -> str:
    return _(
        "An older version made one of these plans, and did not keep which records belong to each segment. So records "
        "are compared only where both plans change them; the number of records of each segment is exact."
    )


def place_name(place: Place) -> str:
    """A place as people read it: ``High``, ``(no segment)``."""
    names = {
        "none": _("(no segment)"),
        "out": _("(not in {segment})"),
        "protected": _("(protected)"),
        "outside": _("(outside the scope)"),
    }
    return clean(names.get(place.where, "{segment}").format(segment=place.segment))


def _move(move: Move, names: Sequence[tuple[int, str]]) -> MoveLine:
    because = "; ".join(dict.fromkeys(reason(edit) for edit in move.because))
    origin, target = place_name(move.origin), place_name(move.target)
    return MoveLine(clean(move.segmentation), origin, target, len(move.records), because, tuple(names))


def _segments(diff: PlanDiff, say: Values) -> Iterator[RestLine]:
    for pair in diff.pairs:
        if pair.differs and (count := pair.new or pair.old):
            before, after = (say.style.number(side.taken) if side else "–" for side in (pair.old, pair.new))
            yield RestLine(placed(count.segmentation, count.segment), before, after)


def _rest(diff: PlanDiff, say: Values) -> Iterator[RestLine]:
    number = say.style.number
    for name, (before, after) in diff.figures.items():
        yield RestLine(_(_FIGURES[name]), number(before), number(after))
    for writes in diff.writes:
        field = (
            say.field(writes.field) if writes.field in diff.new.names.labels else Values(diff.old).field(writes.field)
        )
        if writes.only_old or writes.only_new:
            about = _("{field}: records that this plan alone would write").format(field=field)
            yield RestLine(about, number(len(writes.only_old)), number(len(writes.only_new)))
        if writes.other:
            about = _("{field}: records that would get another value").format(field=field)
            yield RestLine(about, "", number(len(writes.other)))
    for person, held in diff.workload.items():
        told_of = ["–" if records is None else number(records) for records in held]
        yield RestLine(_("Open records of {person}").format(person=clean(person)), *told_of)
    for examples in diff.examples:
        example = examples[1] or examples[0]
        assert example is not None
        about = _("Example: {name}").format(name=clean(example_label(example)))
        yield RestLine(about, *(_example(side) if side else "–" for side in examples))
    yield from _stands_against(diff)
    yield from _configuration(diff)


def _configuration(diff: PlanDiff) -> Iterator[RestLine]:
    before, after = (
        {(change.creates, clean(f"{model_name(change.model)}: {change.name}")): change for change in side}
        for side in diff.config
    )
    for creates, what in dict.fromkeys((*before, *after)):
        about = _("New in Odoo") if creates else _("Altered in Odoo")
        was, now = ((creates, what) in side for side in (before, after))
        otherwise = _("{what}, with other details").format(what=what) if was else what
        yield RestLine(about, what if was else "", otherwise if now else "")


def _stands_against(diff: PlanDiff) -> Iterator[RestLine]:
    for at, (plan, broken) in enumerate(zip((diff.old, diff.new), diff.violations, strict=True)):
        for one in broken:
            about = _("Stands against it: {limit}").format(limit=limit_name(one.limit))
            text = clean(violation(one, plan))
            yield RestLine(about, *(text if side == at else "" for side in (0, 1)))


def _example(example: ExampleResult) -> str:
    got = "; ".join(placed(name, example_got(example, name)) for name in example.expected)
    return f"{'✓' if example.met else '✗'} {got}"
