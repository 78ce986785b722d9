"""The head of a plan: what its changes add up to, what stands against it, and what people should know of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from segmenter.behaviours.deciding import Foreseen
from segmenter.conditions import Field, facts
from segmenter.notice import Notice
from segmenter.planning.cells import Affected
from segmenter.planning.counting import changed_by_segment, portions, tally
from segmenter.planning.limits import Counted, expectations, failed, violations, within
from segmenter.planning.loads import Loads
from segmenter.planning.places import Places
from segmenter.planning.settling import Settling, named_records, notices, refusals
from segmenter.plans import ConfigChange, ExampleResult, Json, Overlap, Plan, SegmentCount, Violation
from segmenter.plans.plan import PlanCounts, PlanIdentity, PlanNames, PlanRules, Sample, Tally
from segmenter.portfolio import Grouped, Portfolio
from segmenter.record_set import RecordSet, union
from segmenter.resolving.effects import TEAM, MoveTo, SetProperty, SetTo
from segmenter.resolving.resolved import Resolved
from segmenter.spec.model import Spec

Source = Literal["server", "export"]
SAMPLE, SAMPLE_OF_PAIR, SAMPLE_PROTECTED = 20, 5, 1000
"""Records that are named of those in no segment, of those that two segments match, and of those protected, which the
client looks through by name."""


@dataclass(frozen=True)
class Decision:
    """A plan before its head: what was read, and what was decided on it. ``config``: what is created and altered
    around the records; ``loads``: what people hold, before and after; ``foreseen``: what comes with the changes;
    ``settling``: what a second plan would find."""

    spec: Spec
    resolved: Resolved
    portfolio: Portfolio
    places: Sequence[Places]
    affected: Sequence[Affected]
    config: tuple[ConfigChange, ...]
    loads: Loads
    foreseen: Foreseen
    settling: Settling = field(default_factory=Settling)


@dataclass(frozen=True)
class Context:
    """What a head tells beside the decision: where and when it was made, and what had to be asked to word it.

    ``server``, ``timezone``, ``language``, ``source``, ``value_names``, ``currency``: as in the parts of a `Plan`.
    ``now``: the moment, UTC. ``fields``: those that a change can be about. ``names``: record -> name, of
    `sampled` ones; ``people``: person -> name. ``warnings``: what came up while reading; ``forbidden``: what the work
    user has no right to do. ``assumed_version``: of Odoo, where an export does not tell it.
    """

    server: Mapping[str, Json]
    now: str
    timezone: str
    language: str
    source: Source
    fields: Mapping[str, Field]
    value_names: Mapping[str, str]
    examples: tuple[ExampleResult, ...] = ()
    names: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    warnings: Sequence[Notice] = ()
    forbidden: Sequence[Violation] = ()
    currency: str = ""
    assumed_version: int = 0


def make_plan(decision: Decision, context: Context) -> Plan:
    """The plan, without its id and digest, which the ledger gives."""
    spec, scope = decision.spec, len(decision.portfolio.scope)
    types = {name: known.type for name, known in context.fields.items()}
    totals = tally(decision.affected, types)
    counted = list(_counted(decision))
    return Plan(
        id="",
        identity=_identity(decision, context),
        rules=_rules(decision),
        counts=_counts(decision, context, [count for count, _range in counted], totals),
        names=_names(decision, context, types),
        config=decision.config,
        periods=decision.resolved.periods,
        examples=context.examples,
        warnings=tuple(_warnings(decision, context)),
        side_effects=tuple(_side_effects(decision, context)),
        violations=(
            *context.forbidden,
            *failed(context.examples),
            *decision.foreseen.refusals,
            *refusals(decision.settling),
            *expectations(spec.scope.expect, scope, counted),
            *violations(spec.limits, totals, scope),
        ),
    )


def _identity(decision: Decision, context: Context) -> PlanIdentity:
    spec = decision.spec
    return PlanIdentity(
        model=decision.resolved.model,
        server=context.server,
        spec_name=spec.client.name,
        spec_file=spec.file,
        spec_text=spec.source,
        spec_digest=spec.digest,
        made_at=context.now,
        now=context.now,
        timezone=context.timezone,
        language=context.language,
        client_language=spec.client.language,
        spec_url=spec.odoo.url if spec.odoo else "",
        source=context.source,
    )


def _rules(decision: Decision) -> PlanRules:
    spec, resolved = decision.spec, decision.resolved
    return PlanRules(
        scope_domain=resolved.scope_domain,
        owned={name: tuple(sorted(ids)) for name, ids in resolved.owned.items()},
        scope_condition=facts(resolved.scope) if resolved.scope else None,
        protect_condition=facts(resolved.protect) if resolved.protect else None,
        tracking=decision.foreseen.tracking,
        tracking_chosen=spec.tracking is not None,
        approver=spec.client.approver or "",
        require_approval=spec.limits.require_approval,
    )


def _counts(decision: Decision, context: Context, segments: Iterable[SegmentCount], totals: Tally) -> PlanCounts:
    scope, expected = len(decision.portfolio.scope), decision.spec.scope.expect
    worth = portions(decision.places, decision.portfolio)
    return PlanCounts(
        scope_count=scope,
        protected=len(decision.portfolio.protected),
        uncovered={placed.segmentation.name: len(placed.uncovered) for placed in decision.places},
        segments=tuple(segments),
        overlaps=tuple(_overlaps(decision.places, context.names)),
        workload={
            context.people.get(person, str(person)): (before, decision.loads.now[person])
            for person, before in decision.loads.before.items()
            if person not in decision.loads.strangers
        },
        tally=totals,
        scope_expected=expected,
        scope_met=within(expected, scope, scope) if expected else None,
        portions=worth,
        currency=context.currency if any(portion.revenue for portion in worth) else "",
    )


def _names(decision: Decision, context: Context, types: Mapping[str, str]) -> PlanNames:
    return PlanNames(
        labels={name: known.label for name, known in context.fields.items()},
        field_types=types,
        value_names=context.value_names,
        protected_sample=_sample(decision.portfolio.protected, SAMPLE_PROTECTED, context.names),
        uncovered_sample={
            placed.segmentation.name: _sample(placed.uncovered, SAMPLE, context.names)
            for placed in decision.places
            if placed.uncovered
        },
    )


def sampled(decision: Decision) -> RecordSet:
    """The records that a head names."""
    wanted = _first(decision.portfolio.protected, SAMPLE_PROTECTED)
    for placed in decision.places:
        wanted |= _first(placed.uncovered, SAMPLE)
        for overlap in placed.overlaps:
            wanted |= _first(overlap.records, SAMPLE_OF_PAIR)
    return wanted | named_records(decision.settling)


def _counted(decision: Decision) -> Iterator[Counted]:
    """What each segment takes, in the order of the spec, beside what the client expects of it."""
    scope, changed = len(decision.portfolio.scope), changed_by_segment(decision.affected)
    stores = {of.name: of.store.field if of.store else "" for of in decision.spec.segmentations}
    for placed in decision.places:
        store = stores[placed.segmentation.name]
        for position, segment in enumerate(placed.segmentation.segments):
            taken = len(placed.taken[position])
            stored = {e.field.name: e.after(None) for e in segment.effects if isinstance(e, SetTo | MoveTo)}
            count = SegmentCount(
                segmentation=placed.segmentation.name,
                segment=segment.name,
                is_default=segment.is_default,
                color=segment.color,
                description=segment.description,
                condition=facts(segment.bound) if segment.bound else None,
                # The ids of those whose lists meet a condition today are no criterion.
                domain=() if segment.bound and any(segment.bound.related()) else segment.domain,
                matched=len(placed.matched[position]),
                taken=taken,
                changed=changed[placed.segmentation.name, position],
                expected=segment.expect,
                met=within(segment.expect, taken, scope) if segment.expect else None,
                field=store,
                value=segment.tag if segment.tag is not None else stored.get(store),
            )
            yield count, segment.expect


def _warnings(decision: Decision, context: Context) -> Iterator[Notice]:
    for placed in decision.places:
        name = placed.segmentation.name
        for segment, taken in zip(placed.segmentation.segments, placed.taken, strict=True):
            if not taken and not segment.is_default:
                yield Notice("placement.empty", names={"segmentation": name, "segment": segment.name})
        yield from _of_no_team(placed, decision)
        if placed.uncovered:
            yield Notice("placement.uncovered", {"number": len(placed.uncovered)}, {"segmentation": name})
    for person in decision.loads.strangers.values():
        yield Notice("assignment.stranger", names={"person": person})
    if decision.loads.unplaced:
        yield Notice("assignment.at_cap", {"number": decision.loads.unplaced})
    yield from notices(decision.settling, context.names)
    yield from decision.foreseen.warnings
    yield from context.warnings


def _of_no_team(placed: Places, decision: Decision) -> Iterator[Notice]:
    """The leads on which a property cannot be written: no team of theirs has it."""
    team = decision.portfolio.columns.get(TEAM)
    for number, segment in enumerate(placed.segmentation.segments):
        for effect in segment.effects:
            if isinstance(effect, SetProperty) and isinstance(team, Grouped):
                known = union(records for value, records in team.sets.items() if value in effect.entries)
                if left := placed.taken[number] - known:
                    names = {"property": effect.label, "segment": segment.name}
                    yield Notice("property.of_no_team", {"number": len(left)}, names)


def _side_effects(decision: Decision, context: Context) -> Iterator[Notice]:
    """What Odoo will do by itself because of this plan's writes, and what cannot be taken back."""
    if decision.foreseen.notices and context.assumed_version:
        yield Notice("plan.version_assumed", {"version": context.assumed_version})
    yield from decision.foreseen.notices


def _overlaps(places: Sequence[Places], names: Mapping[int, str]) -> Iterator[Overlap]:
    for placed in places:
        segments = placed.segmentation.segments
        for shared in placed.overlaps:
            sample = _sample(shared.records, SAMPLE_OF_PAIR, names)
            first, second = segments[shared.first].name, segments[shared.second].name
            yield Overlap(placed.segmentation.name, first, second, len(shared.records), sample)


def _sample(records: RecordSet, number: int, names: Mapping[int, str]) -> Sample:
    return tuple((record, names[record]) for record in _first(records, number) if record in names)


def _first(records: RecordSet, number: int) -> RecordSet:
    return records[:number] if len(records) > number else RecordSet(records)
