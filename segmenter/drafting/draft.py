"""From a spec to a plan: the steps, in the order in which they happen.

Reading and deciding take turns, and no decision asks: what a step needs was read by the steps before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from segmenter.behaviours.deciding import decide, foresee, learn
from segmenter.conditions import Clock
from segmenter.drafting.asking import Questions
from segmenter.drafting.context import context_of
from segmenter.drafting.reading import (
    add_up_worth,
    deciding_fields,
    intent_of,
    look_closely,
    read_loads,
    read_names,
    read_portfolio,
)
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.currencies import mixed
from segmenter.odoo.reader import OdooReader
from segmenter.planning.cells import change_sets, find_affected
from segmenter.planning.head import Decision, Source, make_plan
from segmenter.planning.loads import assign
from segmenter.planning.places import place
from segmenter.planning.rounds import written_fields
from segmenter.planning.settling import look_again
from segmenter.plans import Change, ChangeSet, Members, Plan, changes_by_record
from segmenter.plans.digest import plan_digest
from segmenter.plans.roster import Roster
from segmenter.portfolio.names import names_of_records
from segmenter.portfolio.roster import read_roster
from segmenter.portfolio.truths import asked_fields, read_truths
from segmenter.record_set import RecordSet, union
from segmenter.resolving.examples import given_records, tried
from segmenter.resolving.resolve import resolve
from segmenter.resolving.resolved import Resolved
from segmenter.spec.model import Spec


@dataclass(frozen=True)
class Draft:
    """A plan that is in no ledger yet.

    ``read_names``: (record, name) of records in order of id, read while taken. ``read_roster``: names of all records of
    the scope, and of those given, with what they hold; None where reports tell nothing of it.
    """

    plan: Plan
    changes: tuple[ChangeSet, ...]
    decision: Decision
    read_names: Callable[[RecordSet], Iterator[tuple[int, str]]]
    read_roster: Callable[[RecordSet], tuple[Iterable[tuple[int, str]], Roster]] | None = None

    @property
    def resolved(self) -> Resolved:
        """The spec on this CRM."""
        return self.decision.resolved

    @property
    def records(self) -> RecordSet:
        """The records that change."""
        return union(change.records for change in self.changes)

    @property
    def members(self) -> Members:
        """The records that the plan is about, and those of each segment."""
        portfolio = self.decision.portfolio
        taken = (records for placed in self.decision.places for records in placed.taken)
        return Members(portfolio.scope, portfolio.protected, tuple(taken))

    def to_save(
        self,
    ) -> tuple[Plan, tuple[ChangeSet, ...], Iterable[tuple[int, str]], Members, Roster | None]:
        """What a ledger keeps: the plan, its changes, the records by name, who belongs where, and what they hold."""
        if self.read_roster is None:
            return self.plan, self.changes, self.read_names(self.records), self.members, None
        names, roster = self.read_roster(self.records)
        return self.plan, self.changes, names, self.members, roster

    def names_of(self, records: RecordSet) -> dict[int, str]:
        """The names of these records."""
        return dict(self.read_names(records))

    def __iter__(self) -> Iterator[Change]:
        """Single changes, in order of record."""
        return changes_by_record(self.changes, self.names_of(self.records))


def draft(
    spec: Spec,
    reader: OdooReader,
    catalog: Catalog,
    clock: Clock,
    *,
    source: Source = "server",
    figures: bool = True,
    resolved: Resolved | None = None,
) -> Draft:
    """Make a plan. Nothing is written anywhere.

    ``figures``: read what reports tell besides, too. ``resolved``: the spec, where it was resolved before.
    Raises `SpecError` with every name that does not resolve before the first record is asked for.
    """
    asking, exported = Questions(reader), source == "export"

    # 1. Names become ids, and conditions domains.
    resolved = resolved or resolve(spec, reader, catalog, clock)
    given = given_records(spec, resolved.model, reader, catalog, clock)
    model, scope = resolved.model, resolved.scope_domain

    # 2. The scope is read: its records, those that each segment takes, and what they hold in the fields that matter.
    currencies = mixed(reader, model, scope, catalog.companies) if figures and not exported else {}
    revenue = figures and len(currencies) < 2
    portfolio = read_portfolio(resolved, reader, figures=figures, revenue=revenue)

    # 3. Every record gets its place. Those that do not hold what their segments want are affected.
    segmentations = zip(resolved.segmentations, portfolio.matches, strict=True)
    places = [place(segmentation, matches, portfolio.scope) for segmentation, matches in segmentations]
    deciding = {name: portfolio.columns[name] for name in deciding_fields(resolved.effects())}
    affected = find_affected(places, portfolio.scope, deciding)
    portfolio = add_up_worth(resolved, places, portfolio, reader) if revenue else portfolio

    # 4. What Odoo does by itself is learnt, and the affected records are looked at more closely for it.
    intent = intent_of(spec, resolved, affected, clock, asking, exported=exported)
    behaviours = learn(intent, asking)
    affected = list(look_closely(affected, intent, behaviours, resolved, portfolio, reader))
    affected, names = read_names(affected, resolved, reader)

    # 5. People are given their records.
    loads = read_loads(resolved, asking, reader, exported=exported)
    affected = list(assign(affected, loads))

    # 6. What goes along with a change is written with it.
    for group in affected:
        decide(group.cell, behaviours)
    changes = change_sets(affected)

    # 7. What the changes bring about besides is foreseen; in an export there is nobody to ask.
    cells = [group.cell for group in affected]
    foreseen = foresee(behaviours, cells, asking if figures and not exported else None)

    # 8. The conditions are asked again of the records as the plan leaves them.
    truths = read_truths(reader, resolved, portfolio, written_fields(affected), clock.zone)
    asked = asked_fields(resolved)
    settling = look_again(places, portfolio, affected, truths, deciding, loads, now=intent.at, asked=asked)

    # 9. All of it is put together.
    config = (*resolved.config, *(created for behaviour in behaviours for created in behaviour.creates()))
    decision = Decision(spec, resolved, portfolio, places, affected, config, loads, foreseen, settling)
    examples = tried(spec.examples, given, resolved, reader)
    context = context_of(decision, changes, examples, currencies, reader, catalog, clock, source, figures=figures)
    plan = make_plan(decision, context)
    plan = replace(plan, digest=plan_digest(plan, changes))
    read = partial(names_of_records, reader, model, scope, known=names)
    roster = partial(read_roster, reader, portfolio, scope, names) if figures else None
    return Draft(plan, changes, decision, read, roster)
