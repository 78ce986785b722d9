"""The agreement in words: who agreed, on which records, which segments by which criteria, and what is still open.

`acta` makes it of a spec on one CRM, in the language spoken now; `acta_page` makes a page, a mail and data of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from segmenter import i18n
from segmenter.conditions import Bound, BoundAll, BoundAny, BoundLeaf, Field, facts, words
from segmenter.conditions.phrases import label
from segmenter.i18n import N_, _, all_of, locale_of, ngettext, quoted
from segmenter.model_names import plural_name
from segmenter.planning.approval import called
from segmenter.plans.expected import Amount, Range
from segmenter.plans.plan import full_name
from segmenter.reports import colours
from segmenter.reports.acta_content import Acta, AgreedExample, AgreedSegment, AgreedSegmentation, Figures
from segmenter.reports.actions import Actions
from segmenter.reports.notices import PERCENT, example_label, range_in_words
from segmenter.reports.nouns import noun_of
from segmenter.reports.text import Style, clean, listing
from segmenter.resolving.effects import ConvertLead
from segmenter.resolving.resolved import Resolved, ResolvedSegment, ResolvedSegmentation
from segmenter.spec import is_open
from segmenter.spec.model import Example, Segment, Segmentation, Spec

NAMES_SHOWN = 8
_NOT_PLACED = {
    "example.not_found": N_("{example}: we do not find exactly one with this name in your CRM; which one is meant?"),
    "example.outside_scope": N_("{example}: it is outside what is looked at"),
    "example.protected": N_("{example}: it was agreed not to touch it"),
}
"""Why an example of the client's got no segment, by the code of its notice."""


def acta(spec: Spec, resolved: Resolved, known: Figures | None = None, *, at: str, consultant: str = "") -> Acta:
    """The agreement that a spec holds, in the language spoken now.

    ``resolved``: the spec on the client's CRM, for the words that people use there. ``at``: when, as ISO 8601.
    """
    return _Writer(spec, resolved, known or Figures()).acta(at, consultant)


class _Writer:
    def __init__(self, spec: Spec, resolved: Resolved, known: Figures) -> None:
        self.spec, self.resolved, self.known = spec, resolved, known
        self.style = Style(spec.client.language, spec.client.timezone)
        self.amount: Callable[[float], str] = self.style.number
        if known.currency:
            self.amount = partial(i18n.money, currency=known.currency, locale=locale_of(spec.client.language))
        self.records = records_name(resolved, spec.client.language)
        self.actions = Actions(resolved, known.names, self.style, self.amount)

    def acta(self, at: str, consultant: str) -> Acta:
        spec, known = self.spec, self.known
        segmentations = tuple(
            self._segmentation(one, on_crm)
            for one, on_crm in zip(spec.segmentations, self.resolved.segmentations, strict=True)
        )
        examples = tuple(self._example(one, int(one.path[-1])) for one in spec.examples)
        return Acta(
            client=clean(spec.client.name),
            approver=clean(called(spec.client.approver or "")),
            consultant=clean(consultant),
            at=at,
            language=spec.client.language,
            timezone=spec.client.timezone,
            records=self.records,
            scope=self._scope(),
            scope_count=known.scope,
            scope_expected=self._range(spec.scope.expect),
            scope_met=self._met(spec.scope.expect, known.scope),
            protect=tuple(self._protected()),
            protected=known.protected,
            segmentations=segmentations,
            examples=examples,
            limits=tuple(self._limits()),
            new=tuple(self._new()),
            open=tuple(clean(sentence) for sentence in self._open(segmentations)),
            currency=known.currency,
        )

    def _words(self, bound: Bound) -> str:
        return clean(words(bound, self.amount if self.known.currency else None))

    def _scope(self) -> str:
        """Which records, in a sentence."""
        kind, asked = _kind(self.resolved)
        every = {"opportunity": N_("All opportunities"), "lead": N_("All leads")}
        of_model = {"res.partner": N_("All contacts"), "crm.lead": N_("All leads and opportunities")}
        text = _(every.get(kind) or of_model[self.resolved.model])
        if kind == "lead" and self.records != ngettext("lead", "leads", 2):
            text = self.records[:1].upper() + self.records[1:]  # the client's own word, of any gender
        if asked is not None:
            text = f"{self.records[:1].upper()}{self.records[1:]} – {self._words(asked)}"
        return _("{sentence}, archived ones too").format(sentence=text) if self.resolved.archived else text

    def _protected(self) -> Iterator[str]:
        protect = self.resolved.protect
        if protect is not None:
            yield from map(self._words, protect.parts if isinstance(protect, BoundAny) else (protect,))

    def _segmentation(self, one: Segmentation, on_crm: ResolvedSegmentation) -> AgreedSegmentation:
        if one.many:
            order = _("A record may be in several of these.")
        elif len(one.all_segments) > 1:
            order = _("In this order: each record is in the first whose criterion it meets.")
        else:
            order = ""
        if one.store is not None and one.store.kind != "field":
            tagged = (
                _("Each record gets the tags of its segments.") if one.many else _("It gets the tag of its segment.")
            )
            order = f"{order} {tagged}".strip()
        if one.include_contacts:
            order = f"{order} {_('Contacts follow their company.')}".strip()
        segments = zip(one.all_segments, on_crm.segments, strict=True)
        agreed = tuple(self._segment(one, segment, resolved) for segment, resolved in segments)
        return AgreedSegmentation(clean(one.name), clean(one.description), order, agreed)

    def _segment(self, segmentation: Segmentation, segment: Segment, on_crm: ResolvedSegment) -> AgreedSegment:
        records, revenue = self.known.counts.get((segmentation.name, segment.name), (None, None))
        criterion = None if is_open(segment) else self._words(on_crm.bound) if on_crm.bound else ""
        tone, colour = colours.tone(segment.color)
        return AgreedSegment(
            name=clean(segment.name),
            description=clean(segment.description),
            criterion=criterion,
            does=tuple(map(clean, self.actions.of(segmentation, segment))),
            tone=tone,
            colour=colour,
            records=records,
            revenue=revenue,
            expected=self._range(segment.expect),
            met=self._met(segment.expect, records),
        )

    def _range(self, expected: Range | None) -> str:
        return range_in_words(expected, self.style.number) if expected else ""

    def _met(self, expected: Range | None, records: int | None) -> bool | None:
        whole = self.known.scope
        if expected is None or records is None or whole is None:
            return None
        least, most = (None if end is None else end.of(whole) for end in (expected.least, expected.most))
        return (least is None or records >= least) and (most is None or records <= most)

    def _example(self, example: Example, number: int) -> AgreedExample:
        tried = next((result for result in self.known.examples if result.number == number), None)
        given = dict(example.given or {})
        name = str(given.pop("name", "") or (example.record if example.given is None else "") or "")
        if tried is not None and not name:
            name = example_label(tried)
        known = self._labels()
        about = [
            f"{known[path][0]}: {self.actions.value(known[path][1], value)}"
            for path, value in given.items()
            if path in known and value not in (None, "")
        ]
        expected = tuple(
            clean(full_name(segmentation, segment or _("(none)"))) for segmentation, segment in example.expect.items()
        )
        name = name or _("example {number}").format(number=number + 1)
        return AgreedExample(clean(name), clean("; ".join(about)), expected, None if tried is None else tried.met)

    def _labels(self) -> dict[str, tuple[str, Field]]:
        """Path of a field, as conditions ask for it -> what it is called, and the field at its end."""
        bounds = [self.resolved.scope, self.resolved.protect]
        bounds += [segment.bound for one in self.resolved.segmentations for segment in one.segments]
        leaves = [leaf for bound in bounds if bound is not None for leaf in bound.leaves()]
        found = {leaf.name: (label(facts(leaf)), leaf.field) for leaf in leaves}
        return {
            **{effect.field.name: (effect.field.label, effect.field) for effect in self.resolved.effects()},
            **found,
        }

    def _limits(self) -> Iterator[str]:
        limits = self.spec.limits
        for sentence, amount in (
            (N_("{records} that change: {amount}"), limits.changes),
            (N_("{records} that change, of all: {amount}"), limits.portfolio),
            (N_("{records} in which a value that was there is replaced: {amount}"), limits.overwrites),
            (N_("{records} that lose a tag: {amount}"), limits.removed_tags),
            (N_("{records} that change stage: {amount}"), limits.moved_stages),
        ):
            if amount is not None:
                records = self.records[:1].upper() + self.records[1:]
                yield _(sentence).format(records=records, amount=self._limit(amount))
        if limits.new_contacts is not None and any(
            isinstance(effect, ConvertLead) for effect in self.resolved.effects()
        ):
            yield _("New contacts: {amount}").format(amount=self._limit(limits.new_contacts))

    def _limit(self, amount: Amount) -> str:
        return f"{self.style.number(amount.number)}{PERCENT if amount.percent else ''}"

    def _new(self) -> Iterator[str]:
        """What is made in Odoo around the records, by kind."""
        made: dict[str, list[str]] = {}
        for change in self.known.config:
            if change.creates:
                made.setdefault(change.model, []).append(change.name)
        for model, names in made.items():
            kind = plural_name(model)
            yield clean(f"{kind[:1].upper()}{kind[1:]}: {listing(names, NAMES_SHOWN)}")

    def _open(self, segmentations: Sequence[AgreedSegmentation]) -> Iterator[str]:
        if not self.spec.client.approver:
            yield _("Who approves the result")
        for one in segmentations:
            waiting = [segment.name for segment in one.segments if segment.criterion is None]
            if waiting:
                yield _("{segmentation}: the criterion of {names}").format(
                    segmentation=one.name, names=all_of([quoted(name) for name in waiting])
                )
        if self.spec.scope.expect and self._met(self.spec.scope.expect, self.known.scope) is False:
            yield self._unmet(self.records, self.known.scope, self._range(self.spec.scope.expect))
        for one, written in zip(segmentations, self.spec.segmentations, strict=True):
            for segment in one.segments:
                if segment.met is False:
                    yield self._unmet(full_name(one.name, segment.name), segment.records, segment.expected)
            left = 0 if written.many else self.known.uncovered.get(written.name, 0)
            if left:
                yield _("{segmentation}: {number} of the {records} are in no segment").format(
                    segmentation=one.name, number=self.style.number(left), records=self.records
                )
        for tried in self.known.examples:
            if tried.reason is not None:
                yield _(_NOT_PLACED[tried.reason.code]).format(
                    example=quoted(example_label(tried)), records=self.records
                )
                continue
            for segmentation, expected in tried.expected.items():
                got = tried.got.get(segmentation, "")
                if got != expected:
                    yield _("{example}: you expect {expected}, and by the criteria it is {got}").format(
                        example=quoted(example_label(tried)),
                        expected=full_name(segmentation, expected or _("(none)")),
                        got=got or _("(none)"),
                    )

    def _unmet(self, what: str, found: int | None, expected: str) -> str:
        return _("{what}: you expect {expected}, and there are {number}").format(
            what=what, expected=expected, number=self.style.number(found or 0)
        )


def records_name(resolved: Resolved, names_in: str) -> str:
    """What people call the records of the scope, in plural: ``opportunities``, ``leads``, ``contacts``.

    ``names_in``: the language of the names that the client's Odoo gives.
    """
    return noun_of(resolved.model, None if resolved.scope is None else facts(resolved.scope), names_in).many


def _kind(resolved: Resolved) -> tuple[str, Bound | None]:
    """``opportunity`` or ``lead`` where the scope holds one of these alone, "" else; and what else the scope asks."""
    scope = resolved.scope
    parts = scope.parts if isinstance(scope, BoundAll) else () if scope is None else (scope,)
    types = [part for part in parts if isinstance(part, BoundLeaf) and part.name == "type" and len(part.values) == 1]
    if resolved.model != "crm.lead" or len(types) != 1 or types[0].negative:
        return "", scope
    rest = tuple(part for part in parts if part is not types[0])
    return str(types[0].values[0]), BoundAll(rest) if rest else None
