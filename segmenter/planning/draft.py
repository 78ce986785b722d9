"""A plan in the making: resolve, place, find what is out of place, then stream the changes; the head comes last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC
from functools import cached_property, partial
from typing import Literal

from segmenter.conditions import Clock, Field
from segmenter.conditions.dates import utc_text
from segmenter.conditions.money import advice, told
from segmenter.i18n import LANGUAGES, _, locale_of, money, ngettext, speaking
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.currencies import currency_of, mixed
from segmenter.odoo.needs import currency_unnamed
from segmenter.odoo.reader import OdooReader
from segmenter.planning import digest, properties, staying, won
from segmenter.planning.assignment import Assignment, loads, strangers
from segmenter.planning.changes import make_changes
from segmenter.planning.conversion import Conversions
from segmenter.planning.counts import segment_counts
from segmenter.planning.examples import failed, given_records, tried
from segmenter.planning.figures import portions, samples
from segmenter.planning.limits import Counted, Counter, expectations, spelled, violations, within
from segmenter.planning.linking import Linking
from segmenter.planning.model import Change, ExampleResult, Json, Plan, Said, Tally, Violation
from segmenter.planning.placement import Placement, place
from segmenter.planning.resolve import resolve, sentence
from segmenter.planning.resolved import Resolved
from segmenter.planning.rights import forbidden, out_of_sight, undeletable
from segmenter.planning.side_effects.ahead import Ahead, labels, look
from segmenter.planning.side_effects.notice import Noticed
from segmenter.planning.side_effects.sentences import refusals, sentences
from segmenter.planning.side_effects.tracking import Tracking
from segmenter.planning.together import guarding, is_guard
from segmenter.planning.value_names import ValueNames
from segmenter.planning.won import WonStages
from segmenter.planning.work import Work, find_work
from segmenter.spec.model import Spec
from segmenter.spec.model_names import model_name

MOST_NAMED = 20
"""Records of one kind that warnings name one by one."""


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
        self._given = given_records(spec, self.resolved.model, reader, catalog, clock)
        self.placement: Placement = place(self.resolved, reader)
        self.work: Work = find_work(self.resolved, self.placement, reader)
        self._conversions = self._convert()
        self._linking = self._link()
        effects, model = self.resolved.effects(), self.resolved.model
        unknown = strangers(effects, model, reader) if source == "export" else {}
        self._assignment = Assignment(loads(effects, model, reader), unknown)
        self._won = WonStages(reader)
        self._fields = self._writable()
        self._types = {name: field.type for name, field in self._fields.items()}
        self._counter = Counter(self._types)
        self._value_names = ValueNames(self._fields)
        self._digest = digest.Digest(
            digest.head(self._server(), self.resolved.model, spec.digest, self._now(), self.resolved.config)
        )
        written = {effect.field.name for effect in self.work.effects()}
        self._noticed = Noticed(self.resolved.model, written, major=reader.identity.major)

    def _convert(self) -> Conversions:
        """The contacts of what is converted; those to be made are configuration, like tags."""
        resolved, wanted = self.resolved, self.work.conversions()
        at = utc_text(self._clock.now)
        made = Conversions(
            resolved.model, wanted, self.work.said, self._reader, at, first_ref=-1 - len(resolved.config)
        )
        self.resolved = replace(
            resolved,
            config=(*resolved.config, *made.config),
            forbidden=(
                *resolved.forbidden,
                *out_of_sight(resolved.model, resolved.effects(), self._reader),
                *forbidden(made.config, self._reader),
            ),
        )
        return made

    def _link(self) -> Linking:
        """What comes with the contacts that leads get; nothing is asked where all is in place."""
        effects = self.work.effects() if self.work.todo else []
        return Linking.of(self.resolved.model, effects, self._conversions.contacts.values(), self._reader)

    def __iter__(self) -> Iterator[Change]:
        for changes in make_changes(
            self.resolved,
            self.work,
            self._assignment,
            self._conversions,
            self._linking,
            self._noticed,
            self._won,
            self._reader,
        ):
            self._counter.add(changes)
            for change in changes:
                self._digest.add(change)
                if not is_guard(change):
                    self._value_names.see(change)
                yield change

    def plan(self) -> Plan:
        """The head, with ``id == ""``; only after all changes were taken."""
        spec, resolved, scope = self.spec, self.resolved, len(self.placement.scope)
        tally = self._counter.tally()
        counts = segment_counts(spec, self.work)
        examples = tried(spec.examples, self._given, resolved, self._reader)
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
            labels={name: field.label for name, field in self._fields.items()},
            field_types=self._types,
            value_names=self._value_names.named(resolved.config, self._reader),
            owned={name: tuple(sorted(ids)) for name, ids in resolved.owned.items()},
            workload=self._assignment.workload(self._reader),
            tally=tally,
            violations=self._violations(examples, counts, tally),
            source=self.source,
            digest=self._digest.hexdigest(self._ahead.tracking.choice),
            tracking=self._ahead.tracking.choice,
            approver=spec.client.approver or "",
            require_approval=spec.limits.require_approval,
            client_language=spec.client.language,
            scope_words=sentence(resolved.scope),
            protect_words=sentence(resolved.protect),
            scope_expected=spelled(spec.scope.expect) if spec.scope.expect else "",
            scope_met=within(spec.scope.expect, scope, scope) if spec.scope.expect else None,
        )
        return self._with_figures(plan, counts) if self._figures else plan

    def _with_figures(self, plan: Plan, counts: list[Counted]) -> Plan:
        """What reports tell besides: see `planning.figures`."""
        some = samples(self.resolved, self.placement, self._reader)
        found = portions(self.resolved, self.placement, self._reader, with_revenue=len(self._currencies) < 2)
        plan = replace(
            plan,
            overlaps=some.overlaps,
            protected_sample=some.protected,
            uncovered_sample=some.uncovered,
            portions=found,
            currency=currency_of(self._currencies, self._catalog.companies)
            if any(one.revenue for one in found)
            else "",
        )
        return replace(plan, said={code: self._said(code, plan, counts) for code in LANGUAGES})

    def _currency(self) -> str:
        return currency_of(self._currencies, self._catalog.companies)

    def _said(self, code: str, plan: Plan, counts: list[Counted]) -> Said:
        """The plan's sentences in the language ``code``: it is reviewed in the client's, whoever made it."""
        with speaking(code):
            locale = locale_of(plan.client_language)
            amount = partial(money, currency=plan.currency, locale=locale) if plan.currency else None
            segments = (segment for one in self.resolved.segmentations for segment in one.segments)
            return Said(
                words=tuple(sentence(segment.bound, amount) for segment in segments),
                warnings=tuple(self._warnings()),
                side_effects=tuple(self._side_effects()),
                violations=tuple(one.sentence for one in self._violations(plan.examples, counts, plan.tally)),
                scope=sentence(self.resolved.scope, amount),
                protect=sentence(self.resolved.protect, amount),
            )

    def _violations(
        self,
        examples: tuple[ExampleResult, ...],
        counts: list[Counted],
        tally: Tally,
    ) -> tuple[Violation, ...]:
        scope = len(self.placement.scope)
        return (
            *(Violation("rights", 1, 0, sentence) for sentence in self.resolved.forbidden),
            *failed(examples),
            *([question] if (question := self._ahead.tracking.violation()) else []),
            *refusals(self._ahead),
            *expectations(self.spec.scope.expect, scope, counts),
            *violations(self.spec.limits, tally, scope),
        )

    def _server(self) -> dict[str, Json]:
        who, rows = self._reader.identity, self._reader.rows
        own = len(rows.own.intersection(rows.by_record)) if rows else 0
        numbers = "row" if not own else "id" if rows and own == len(rows.by_record) else "either"
        return {
            **({"numbers": numbers} if rows else {}),
            "url": who.url,
            "database": who.database,
            # A file does not say which Odoo it came from.
            "version": "" if who.exported else who.version,
            "login": who.login,
            "uid": who.uid,
        }

    def _now(self) -> str:
        return self._clock.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _writable(self) -> dict[str, Field]:
        """The fields that a change of this plan can be about."""
        model, effects = self.resolved.model, self.resolved.effects()
        found = {effect.field.name: effect.field for effect in effects}
        written, known = set(found), self._reader.fields(model)
        found |= self._conversions.fields() | dict(self._linking.fields) | won.fields(model, effects, self._reader)
        found |= {name: known[name] for name in sorted(guarding(model, written)) if name in known}
        found |= properties.fields(model, written, self._reader)
        return found | staying.fields(model, written, self._reader)

    @cached_property
    def _currencies(self) -> Mapping[str, int]:
        """The records of the scope with an amount, by its currency; not asked where no report is made of it."""
        if self.source == "export" or not self._figures:
            return {}
        resolved = self.resolved
        return mixed(self._reader, resolved.model, resolved.scope_domain, self._catalog.companies)

    def _warnings(self) -> Iterator[str]:
        if sentence := told(self._currencies):
            unnamed = currency_unnamed(self.spec)
            yield f"{sentence}; {advice(self._currencies)}" if unnamed else sentence
        yield from self.placement.warnings()
        yield from self._assignment.warnings()
        yield from self._conversions.warnings()
        yield from undeletable(self.resolved.config, self._reader)
        unreadable = self._reader.unreadable
        for model, id, reason in unreadable[:MOST_NAMED]:
            said = _("The record {id} ({what}) could not be read and is left alone: {reason}")
            yield said.format(id=id, what=model_name(model), reason=reason)
        if (more := len(unreadable) - MOST_NAMED) > 0:
            yield ngettext(
                "{number} more record could not be read and is left alone",
                "{number} more records could not be read and are left alone",
                more,
            ).format(number=more)

    def _side_effects(self) -> Iterator[str]:
        """What Odoo will do by itself because of this plan's writes, and what cannot be taken back (measured)."""
        found = [*sentences(self._ahead), *self._conversions.side_effects()]
        if found and self._reader.identity.exported:
            yield _("The file does not say which Odoo it came from; this is what Odoo {version} does").format(
                version=self._reader.identity.major
            )
        yield from found

    @cached_property
    def _ahead(self) -> Ahead:
        """Asked once, when all changes were taken. An export has no rules and no followers to ask for."""
        resolved, tally = self.resolved, self._counter.tally()
        if self.source == "export" or not self._figures:
            choice = self.spec.tracking or "silent"
            tracking, called = Tracking(choice), labels(resolved.model, self._reader)
            return Ahead(resolved.model, self._reader.identity.major, tally, self._noticed, tracking, called)
        return look(resolved.model, self.spec.tracking, tally, self._noticed, self._won, self._reader)
