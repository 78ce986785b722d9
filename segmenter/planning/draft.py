"""A plan in the making: resolve, place, find what is out of place, then stream the changes; the head comes last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from functools import cached_property
from typing import Literal

from segmenter.conditions import Clock, Field, words
from segmenter.errors import Problem, SegmenterError, SpecError
from segmenter.i18n import LANGUAGES, _, ngettext, speaking
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.planning import digest, won
from segmenter.planning.ahead import Ahead, look
from segmenter.planning.assignment import Assignment, open_load
from segmenter.planning.changes import Work, find_work, make_changes
from segmenter.planning.config import forbidden, undeletable
from segmenter.planning.conversion import Conversions
from segmenter.planning.effects import Effect, Give, MoveTo, SetTo
from segmenter.planning.explain import in_scope, is_protected, takers
from segmenter.planning.figures import portions, samples
from segmenter.planning.limits import Counter, expectations, range_in_words, violations, within
from segmenter.planning.model import Change, ExampleResult, Json, Plan, Said, SegmentCount, Tally, Violation
from segmenter.planning.notice import Noticed
from segmenter.planning.placement import Membership, Placement, place
from segmenter.planning.records import GivenRecord, LiveRecord, find_record, given_record
from segmenter.planning.resolve import Resolved, resolve
from segmenter.planning.side_effects import sentences
from segmenter.planning.tracking import Tracking
from segmenter.spec import locate
from segmenter.spec.model import Example, Range, Spec


class Draft:
    """Iterate once over its changes (ascending record), then ask for the finished `plan`. Nothing is written anywhere.

    Raises `SpecError` with every name that does not resolve before the first record is asked for.
    """

    def __init__(
        self,
        spec: Spec,
        reader: OdooReader,
        catalog: Catalog,
        clock: Clock,
        *,
        source: Literal["server", "export"] = "server",
        figures: bool = True,
    ) -> None:
        """``figures``: ask for what reports tell besides: portions, currency, samples."""
        self.spec, self.source, self._figures = spec, source, figures
        self._reader, self._catalog, self._clock = reader, catalog, clock
        self.resolved: Resolved = resolve(spec, reader, catalog, clock)
        problems: list[Problem] = []
        self._given = [
            given_record(one.given, (*one.path, "given"), self.resolved.model, reader, catalog, clock, problems)
            if one.given is not None
            else None
            for one in spec.examples
        ]
        if problems:
            raise SpecError([locate(spec, problem) for problem in problems])
        self.placement: Placement = place(self.resolved, reader)
        self.work: Work = find_work(self.resolved, self.placement, reader)
        self._conversions = self._convert()
        self._assignment = Assignment(self._loads())
        self._types = {name: field.type for name, field in self._fields().items()}
        self._counter = Counter(self._types)
        self._digest = digest.Digest(
            digest.head(self._server(), self.resolved.model, spec.digest, self._now(), self.resolved.config)
        )
        self._seen: dict[str, set[int | str]] = {}
        written = {effect.field.name for effect in self.work.effects()}
        self._noticed = Noticed(self.resolved.model, written, major=reader.identity.major)

    def _convert(self) -> Conversions:
        """The contacts of what is converted; those to be made are configuration, like tags."""
        resolved, wanted = self.resolved, self.work.conversions()
        at = self._clock.now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        made = Conversions(resolved.model, wanted, self._reader, at, first_ref=-1 - len(resolved.config))
        self.resolved = replace(
            resolved,
            config=(*resolved.config, *made.config),
            forbidden=(*resolved.forbidden, *forbidden(made.config, self._reader)),
        )
        return made

    def __iter__(self) -> Iterator[Change]:
        for changes in make_changes(
            self.resolved, self.work, self._assignment, self._conversions, self._noticed, self._reader
        ):
            self._counter.add(changes)
            for change in changes:
                self._digest.add(change)
                self._see(change)
                yield change

    def plan(self) -> Plan:
        """The head, with ``id == ""``; only after all changes were taken."""
        spec, resolved, scope = self.spec, self.resolved, len(self.placement.scope)
        tally = self._counter.tally()
        counts = self._counts()
        examples = tuple(self._example(one, given) for one, given in zip(spec.examples, self._given, strict=True))
        overlaps = tuple(overlap for one in self.placement.memberships for overlap in one.overlaps)
        plan = Plan(
            id="",
            made_at=self._now(),
            model=resolved.model,
            server=self._server(),
            spec_name=spec.client.name,
            spec_file=spec.file,
            spec_text=spec.source,
            spec_digest=spec.digest,
            now=self._now(),
            timezone=str(self._clock.zone),
            language=self._reader.language,
            scope_domain=resolved.scope_domain,
            scope_count=scope,
            protected=self.placement.protected,
            uncovered={one.segmentation.name: one.uncovered for one in self.placement.memberships},
            segments=tuple(count for count, _range in counts),
            overlaps=overlaps,
            config=resolved.config,
            bounds=resolved.bounds,
            examples=examples,
            warnings=tuple(self._warnings()),
            side_effects=tuple(self._side_effects()),
            labels={name: field.label for name, field in self._fields().items()},
            field_types=self._types,
            value_names=self._value_names(),
            owned={name: tuple(sorted(ids)) for name, ids in resolved.owned.items()},
            workload=self._workload(),
            tally=tally,
            violations=self._violations(examples, counts, tally),
            source=self.source,
            digest=self._digest.hexdigest(self._ahead.tracking.choice),
            tracking=self._ahead.tracking.choice,
            approver=spec.client.approver or "",
            require_approval=spec.limits.require_approval,
            client_language=spec.client.language,
        )
        return self._with_figures(plan, counts) if self._figures else plan

    def _with_figures(self, plan: Plan, counts: list[tuple[SegmentCount, Range | None]]) -> Plan:
        """What reports tell besides: see `planning.figures`."""
        some = samples(self.resolved, self.placement, self._reader)
        found = portions(self.resolved, self.placement, self._reader)
        return replace(
            plan,
            overlaps=some.overlaps,
            protected_sample=some.protected,
            uncovered_sample=some.uncovered,
            portions=found,
            currency=self._reader.currency() if any(one.revenue for one in found) else "",
            said={code: self._said(code, plan, counts) for code in LANGUAGES},
        )

    def _said(self, code: str, plan: Plan, counts: list[tuple[SegmentCount, Range | None]]) -> Said:
        """The plan's sentences in the language ``code``: it is reviewed in the client's, whoever made it."""
        with speaking(code):
            return Said(
                words=tuple(
                    words(segment.bound) if segment.bound else ""
                    for one in self.resolved.segmentations
                    for segment in one.segments
                ),
                warnings=tuple(self._warnings()),
                side_effects=tuple(self._side_effects()),
                violations=tuple(one.sentence for one in self._violations(plan.examples, counts, plan.tally)),
            )

    def _violations(
        self,
        examples: tuple[ExampleResult, ...],
        counts: list[tuple[SegmentCount, Range | None]],
        tally: Tally,
    ) -> tuple[Violation, ...]:
        scope = len(self.placement.scope)
        return (
            *(Violation("rights", 1, 0, sentence) for sentence in self.resolved.forbidden),
            *self._failed(examples),
            *([question] if (question := self._ahead.tracking.violation()) else []),
            *expectations(self.spec.scope.expect, scope, counts),
            *violations(self.spec.limits, tally, scope),
        )

    def _server(self) -> dict[str, Json]:
        who = self._reader.identity
        return {
            "url": who.url,
            "database": who.database,
            "version": who.version,
            "login": who.login,
            "uid": who.uid,
        }

    def _now(self) -> str:
        return self._clock.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _effects(self) -> list[Effect]:
        """Every effect the spec could have, whether or not a record of this server meets it."""
        return [
            effect
            for segmentation in self.resolved.segmentations
            for position in range(len(segmentation.segments))
            for effect in segmentation.effects([position])
        ]

    def _fields(self) -> dict[str, Field]:
        """The fields that a change of this plan can be about."""
        found = {effect.field.name: effect.field for effect in self._effects()}
        known = self._reader.fields(self.resolved.model)
        if self._gives() and self.resolved.model == "crm.lead" and "team_id" in known:  # an export may have no teams
            found["team_id"] = known["team_id"]
        return found | self._conversions.fields() | won.fields(self.resolved.model, self._effects(), self._reader)

    def _gives(self) -> list[Give]:
        return [effect for effect in self._effects() if isinstance(effect, Give)]

    def _loads(self) -> dict[int, int]:
        loads: dict[int, int] = {}
        for give in self._gives():
            loads |= open_load(self._reader, self.resolved.model, give.field.name, set(give.people) - set(loads))
        return loads

    def _workload(self) -> dict[str, tuple[int, int]]:
        names = self._reader.names("res.users", list(self._assignment.before)) if self._assignment.before else {}
        return {
            names.get(person, str(person)): (before, self._assignment.load[person])
            for person, before in self._assignment.before.items()
        }

    def _counts(self) -> list[tuple[SegmentCount, Range | None]]:
        scope = len(self.placement.scope)
        return [
            (self._count(membership, position, scope), segment.expect)
            for membership in self.placement.memberships
            for position, segment in enumerate(membership.segmentation.segments)
        ]

    def _count(self, membership: Membership, position: int, scope: int) -> SegmentCount:
        segment, taken = membership.segmentation.segments[position], membership.taken[position]
        written = next(one.store for one in self.spec.segmentations if one.name == membership.segmentation.name)
        store = written.field if written else ""
        stored = {one.field.name: one.after(None) for one in segment.effects if isinstance(one, SetTo | MoveTo)}
        return SegmentCount(
            segmentation=membership.segmentation.name,
            segment=segment.name,
            is_default=segment.is_default,
            color=segment.color,
            description=segment.description,
            words=segment.words,
            domain=segment.domain,
            matched=membership.matched[position],
            taken=taken,
            changed=self.work.changed[membership.segmentation.name, position],
            expected=range_in_words(segment.expect) if segment.expect else "",
            met=within(segment.expect, taken, scope) if segment.expect else None,
            field=store,
            value=segment.tag if segment.tag is not None else stored.get(store),
        )

    def _see(self, change: Change) -> None:
        """Remember which ids and keys the changes speak of, so that `plan` can name them."""
        seen = self._seen.setdefault(change.field, set())
        for value in (change.before, change.after):
            seen.update(value if isinstance(value, list) else () if value is None else (value,))

    def _value_names(self) -> dict[str, str]:
        fields = self._fields()
        names: dict[str, str] = {f"{one.model}:{one.ref}": one.name for one in self.resolved.config}
        found: dict[str, str] = {}
        for name, values in self._seen.items():
            field = fields[name]
            if field.relation:
                known = self._reader.names(field.relation, [one for one in values if isinstance(one, int) and one > 0])
                new = {one: names[f"{field.relation}:{one}"] for one in values if isinstance(one, int) and one < 0}
                found |= {f"{name}:{id}": text for id, text in (known | new).items()}
            elif field.selection:
                labels = dict(field.selection)
                found |= {f"{name}:{key}": labels[str(key)] for key in values if str(key) in labels}
        return found

    def _example(self, example: Example, given: GivenRecord | None) -> ExampleResult:
        expected = dict(example.expect)
        if given is not None:
            label = str((example.given or {}).get("name") or _("example {number}").format(number=example.path[-1]))
            return ExampleResult(label, expected, self._segments_of(given))
        label = str(example.record)
        try:
            record = LiveRecord(
                self._reader, self.resolved.model, find_record(self._reader, self.resolved.model, example.record or "")
            )
        except SegmenterError as error:
            return ExampleResult(label, expected, dict.fromkeys(expected, error.what))
        if not in_scope(self.resolved, record, self._reader):
            return ExampleResult(label, expected, dict.fromkeys(expected, _("(outside the scope)")))
        if is_protected(self.resolved, record):
            return ExampleResult(label, expected, dict.fromkeys(expected, _("(protected)")))
        return ExampleResult(label, expected, self._segments_of(record))

    def _segments_of(self, record: GivenRecord | LiveRecord) -> dict[str, str]:
        return {
            one.name: ", ".join(one.segments[position].name for position in takers(one, record))
            for one in self.resolved.segmentations
        }

    def _failed(self, examples: tuple[ExampleResult, ...]) -> list[Violation]:
        failed = [one for one in examples if not one.met]
        if not failed:
            return []
        sentence = ngettext(
            "{number} example of the client's comes out otherwise: {labels}",
            "{number} examples of the client's come out otherwise: {labels}",
            len(failed),
        ).format(number=len(failed), labels=", ".join(one.label for one in failed))
        return [Violation("examples", len(failed), 0, sentence)]

    def _warnings(self) -> Iterator[str]:
        for membership in self.placement.memberships:
            name = membership.segmentation.name
            for segment, taken in zip(membership.segmentation.segments, membership.taken, strict=True):
                if not taken and not segment.is_default:
                    yield _("{segmentation}: nothing falls into {segment}").format(
                        segmentation=name, segment=segment.name
                    )
            if membership.uncovered:
                yield ngettext(
                    "{segmentation}: no segment takes {number} record, and there is no default",
                    "{segmentation}: no segment takes {number} records, and there is no default",
                    membership.uncovered,
                ).format(segmentation=name, number=membership.uncovered)
        if self._assignment.unplaced:
            yield ngettext(
                "{number} record stays as it is because everybody is at the cap",
                "{number} records stay as they are because everybody is at the cap",
                self._assignment.unplaced,
            ).format(number=self._assignment.unplaced)
        yield from self._conversions.warnings()
        yield from undeletable(self.resolved.config, self._reader)
        for model, id, reason in self._reader.unreadable:
            yield _("{model} {id} could not be read and is left alone: {reason}").format(
                model=model, id=id, reason=reason
            )

    def _side_effects(self) -> Iterator[str]:
        """What Odoo will do by itself because of this plan's writes, and what cannot be taken back (measured)."""
        yield from sentences(self._ahead)
        yield from self._conversions.side_effects()

    @cached_property
    def _ahead(self) -> Ahead:
        """Asked once, when all changes were taken. An export has no rules and no followers to ask for."""
        resolved, tally = self.resolved, self._counter.tally()
        if self.source == "export" or not self._figures:
            choice = self.spec.tracking or "silent"
            return Ahead(resolved.model, self._reader.identity.major, tally, self._noticed, Tracking(choice))
        return look(resolved.model, self.spec.tracking, tally, self._noticed, self._reader, self._catalog)
