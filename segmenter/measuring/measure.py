"""A spec measured on a CRM in memory: the same numbers as the plan of it, at once and with what does not resolve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

from segmenter.conditions import BoundAny, Field, any_of, domain, facts, filled
from segmenter.conditions.domain import FALSE
from segmenter.errors import Problem, SegmenterError
from segmenter.measuring.crm import Column, Crm
from segmenter.measuring.figures import Figures, SegmentationFigures, SegmentFigures
from segmenter.measuring.overlaps import telling
from segmenter.measuring.trying import Examples
from segmenter.odoo.currencies import AMOUNTS, COMPANY
from segmenter.planning.limits import within
from segmenter.planning.places import Places, place
from segmenter.record_set import RecordSet
from segmenter.resolving.effects import MoveTo, SetTo
from segmenter.resolving.resolve import survey
from segmenter.resolving.resolved import Resolved, ResolvedSegment, ResolvedSegmentation
from segmenter.spec import locate
from segmenter.spec.load import NOBODY
from segmenter.spec.model import Segmentation, Spec

REVENUE = "expected_revenue"


def measure(spec: Spec, crm: Crm) -> Figures:
    """The figures of a spec on a CRM. Raises nothing for what does not resolve: see `Figures.problems`."""
    return Measurer(crm).measure(spec)


class Measurer:
    """Measures one spec after another on one CRM, as it is edited: what no edit touches is worked out once."""

    def __init__(self, crm: Crm) -> None:
        self.crm = crm
        self._examples = Examples(crm)
        self._worth: dict[tuple[str, int], tuple[RecordSet, float]] = {}
        self._surveyed: tuple[Spec, Resolved] | None = None

    def survey(self, spec: Spec) -> Resolved:
        """The spec on this CRM, as far as it resolves; that of the last spec is kept."""
        if self._surveyed is None or self._surveyed[0] is not spec:
            crm = self.crm
            self._surveyed = spec, survey(spec, crm.reader, crm.catalog, crm.clock)
        return self._surveyed[1]

    def measure(self, spec: Spec) -> Figures:
        """The figures of a spec. Raises nothing for what does not resolve: see `Figures.problems`."""
        crm = self.crm
        resolved = self.survey(spec)
        problems = list(resolved.problems)
        sound = _is_sound(spec, resolved)
        resolved = _without_the_unsound(resolved, sound)
        model, every = resolved.model, crm.take(resolved.model, resolved.scope_domain)
        protected = RecordSet()
        if resolved.protect_domain:
            protected = crm.take(model, [*resolved.scope_domain, *resolved.protect_domain])
        scope = every - protected
        places = [place(of, self._matches(resolved, of, problems, spec), scope) for of in resolved.segmentations]
        currency, amounts = self._amounts(resolved)
        segmentations = tuple(
            self._segmentation(written, placed, resolved, scope, amounts)
            for written, placed in zip(spec.segmentations, places, strict=True)
        )
        examples, wrong = self._examples.tried(spec, resolved, places, scope, protected)
        expected = spec.scope.expect
        return Figures(
            model=model,
            sound=sound,
            scope=scope,
            protected=protected,
            scope_condition=facts(resolved.scope) if resolved.scope else None,
            protect_condition=facts(resolved.protect) if resolved.protect else None,
            segmentations=segmentations,
            examples=examples,
            problems=(*problems, *(locate(spec, problem) for problem in wrong)),
            revenue=self._revenue("", 0, scope, amounts),
            currency=currency,
            scope_expected=expected,
            scope_met=within(expected, len(scope), len(scope)) if expected else None,
        )

    def _matches(
        self, resolved: Resolved, segmentation: ResolvedSegmentation, problems: list[Problem], spec: Spec
    ) -> list[RecordSet]:
        """The records that each condition takes; a condition that the CRM does not understand is a problem."""
        found = []
        for segment in segmentation.segments:
            if segment.is_default:
                continue
            try:
                found.append(self.crm.take(resolved.model, [*resolved.scope_domain, *segment.domain]))
            except SegmenterError as error:
                problems.append(locate(spec, Problem((*segment.path, "when"), error.what, error.todo)))
                found.append(RecordSet())
        return found

    def _segmentation(
        self, written: Segmentation, placed: Places, resolved: Resolved, scope: RecordSet, amounts: Column | None
    ) -> SegmentationFigures:
        segments = []
        for position, segment in enumerate(placed.segmentation.segments):
            bound = None if written.all_segments[position].condition == NOBODY else segment.bound
            records = placed.taken[position]
            segments.append(
                SegmentFigures(
                    name=segment.name,
                    is_default=segment.is_default,
                    color=segment.color,
                    description=segment.description,
                    bound=bound,
                    condition=facts(bound) if bound else None,
                    matched=placed.matched[position],
                    records=records,
                    today=self._today(written, placed.segmentation, segment, resolved, scope),
                    revenue=self._revenue(written.name, position, records, amounts),
                    expected=segment.expect,
                    met=within(segment.expect, len(records), len(scope)) if segment.expect else None,
                    sound=segment.is_default or bound is not None,
                )
            )
        return SegmentationFigures(written.name, written.many, tuple(segments), placed.uncovered, telling(placed))

    def _today(
        self,
        written: Segmentation,
        segmentation: ResolvedSegmentation,
        segment: ResolvedSegment,
        resolved: Resolved,
        scope: RecordSet,
    ) -> RecordSet | None:
        """The records of the scope that hold what the store gives to this segment."""
        if written.store is None:
            return None
        if segmentation.store is not None:
            if segment.tag is None or segment.tag < 0 or segmentation.store.name in resolved.absent:
                return None
            held = [[segmentation.store.name, "in", [segment.tag]]]
        else:
            stored = self.crm.catalog.field(resolved.model, written.store.field)
            effects = (effect for effect in segment.effects if isinstance(effect, SetTo | MoveTo))
            gives = next((effect for effect in effects if stored and effect.field.name == stored.name), None)
            in_place = gives.in_place() if gives else None
            if in_place is None:
                return None
            held = domain(in_place)
        return self.crm.take(resolved.model, [*resolved.scope_domain, *held]) & scope

    def _amounts(self, resolved: Resolved) -> tuple[str, Column | None]:
        """The currency of the amounts in the scope, and record -> amount; None where they cannot be added up."""
        crm, model = self.crm, resolved.model
        known = crm.reader.fields(model)
        companies = crm.catalog.companies
        if REVENUE not in known:
            return "", None
        if not companies.several or COMPANY not in known or crm.reader.identity.exported:
            return companies.own, self._finite(known[REVENUE])
        holding = any_of(*(filled(known[name]) for name in AMOUNTS if name in known and known[name].stored))
        rest = crm.take(model, [*resolved.scope_domain, *holding])
        found = []
        for code in sorted(set(companies.codes.values())):
            here = crm.take(model, [*resolved.scope_domain, *companies.domain(code)])
            found += [code] if here & rest else []
            rest = rest - here
        found += [""] if rest else []
        if len(found) > 1:
            return "", None
        return found[0] if found else companies.own, self._finite(known[REVENUE])

    def _finite(self, field: Field) -> Column:
        """Record -> amount, without what is no number: Odoo takes that too."""
        column = self.crm.column((field,))
        return self.crm.kept(
            lambda: {record: amount for record, amount in column.items() if isfinite(amount)}, "finite", field.model
        )

    def _revenue(self, segmentation: str, position: int, records: RecordSet, amounts: Column | None) -> float | None:
        """What records are worth; of the same place as before with the same records it is known already."""
        if amounts is None:
            return None
        key = segmentation, position
        known = self._worth.get(key)
        if known is None or known[0] != records:
            known = self._worth[key] = (records, float(sum(filter(None, map(amounts.get, records)))))
        return known[1]


def _is_sound(spec: Spec, resolved: Resolved) -> bool:
    """Whether it is known which records may be touched at all."""
    protected = resolved.protect.parts if isinstance(resolved.protect, BoundAny) else ()
    return (spec.scope.where is None or resolved.scope is not None) and len(protected) == len(spec.protect)


def _without_the_unsound(resolved: Resolved, sound: bool) -> Resolved:
    """The same where what does not resolve takes nobody."""

    def kept(segments: Sequence[ResolvedSegment]) -> tuple[ResolvedSegment, ...]:
        return tuple(
            segment if segment.is_default or segment.bound is not None else replace(segment, domain=(FALSE,))
            for segment in segments
        )

    segmentations = tuple(replace(of, segments=kept(of.segments)) for of in resolved.segmentations)
    if sound:
        return replace(resolved, segmentations=segmentations)
    return replace(resolved, segmentations=segmentations, scope_domain=(FALSE,), protect_domain=())
