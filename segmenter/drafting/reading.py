"""What is read for one spec: its scope, then the affected records more closely, and what people hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from segmenter.behaviours.behaviour import Behaviour, Intent
from segmenter.behaviours.deciding import watched, watched_if_set
from segmenter.behaviours.settings import won_stages
from segmenter.conditions import Clock, Field
from segmenter.conditions.dates import utc_text
from segmenter.drafting.asking import Questions
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.values import from_wire
from segmenter.planning.cells import Affected, refine
from segmenter.planning.loads import DECIDING, Loads
from segmenter.planning.places import Places
from segmenter.portfolio import DIVIDED_BY, Column, Grouped, Listed, Portfolio, Worth
from segmenter.portfolio.names import names_of_records
from segmenter.portfolio.reading import FEW, read_columns, read_rows, read_scope
from segmenter.portfolio.totals import Summed, add_up, open_records, strangers
from segmenter.record_set import RecordSet, union
from segmenter.resolving.effects import ConvertLead, Effect, Give, SetProperty
from segmenter.resolving.resolved import Resolved
from segmenter.spec.model import Spec

REVENUE = "expected_revenue"
ACTIVE = "active"


def read_portfolio(resolved: Resolved, reader: OdooReader, *, figures: bool, revenue: bool) -> Portfolio:
    """The records of the scope, those that each segment takes, and what they hold in the fields that decide.

    ``figures``: and in those by which reports divide them; ``revenue``: and what they are worth, where the server can
    list that.
    """
    model, known = resolved.model, reader.fields(resolved.model)
    segments = [
        [segment.domain for segment in segmentation.segments if not segment.is_default]
        for segmentation in resolved.segmentations
    ]
    fields = deciding_fields(resolved.effects())
    wanted = {name: field for name, field in fields.items() if name not in resolved.absent}
    if figures:
        wanted |= {name: known[name] for name in DIVIDED_BY if name in known and known[name].stored}
    if revenue and reader.lists_amounts and REVENUE in known:
        wanted[REVENUE] = known[REVENUE]
    read = read_scope(
        reader, model, resolved.scope_domain, resolved.protect_domain, segments, wanted.values(), resolved.owned
    )
    columns = dict(read.columns)
    for name, field in resolved.absent.items():
        if name in fields:
            columns[name] = Grouped(field, {from_wire(field, False): read.records})
    worth = Worth(_amounts(columns.get(REVENUE)) if revenue else {})
    return Portfolio(model, read.records, read.protected, read.matches, columns, worth)


def add_up_worth(resolved: Resolved, places: Sequence[Places], portfolio: Portfolio, reader: OdooReader) -> Portfolio:
    """The portfolio with what its segments are worth, where the server cannot list the amounts.

    It adds them up: a question a segment, where no record is in two of them; else the amounts are read in rows.
    """
    model, known = resolved.model, reader.fields(resolved.model)
    by = [name for name in DIVIDED_BY if name in known and known[name].stored]
    if portfolio.worth.amounts or reader.lists_amounts or REVENUE not in known or not by:
        return portfolio
    listing = any(segment.bound and any(segment.bound.related()) for segment in resolved.segments())
    if listing or portfolio.protected or any(placed.overlaps or placed.segmentation.many for placed in places):
        column = read_rows(reader, model, portfolio.scope, [known[REVENUE]])[REVENUE]
        return replace(portfolio, worth=Worth(_amounts(column)))
    segments = [
        Summed((number, position), None if segment.is_default else segment.domain, taken)
        for number, placed in enumerate(places)
        for position, (segment, taken) in enumerate(zip(placed.segmentation.segments, placed.taken, strict=True))
    ]
    return replace(portfolio, worth=add_up(reader, model, resolved.scope_domain, by, REVENUE, segments))


def deciding_fields(effects: Iterable[Effect]) -> dict[str, Field]:
    """The fields that say whether the spec changes a record: those that it writes, and the marks of the leads that are
    not converted."""
    fields: dict[str, Field] = {}
    for effect in effects:
        fields[effect.field.name] = effect.field
        if isinstance(effect, SetProperty):
            fields[effect.team.name] = effect.team
        if isinstance(effect, ConvertLead):
            fields |= {mark.name: mark for mark in effect.marks}
    return fields


def intent_of(
    spec: Spec, resolved: Resolved, affected: Sequence[Affected], clock: Clock, reader: Questions, *, exported: bool
) -> Intent:
    """What the plan is about to write, for the behaviours of Odoo."""
    return Intent(
        model=resolved.model,
        version=reader.version,
        fields=reader.fields(resolved.model),
        effects=list(_effects(affected)),
        cells=[group.cell for group in affected],
        at=utc_text(clock.now),
        exported=exported,
        tracking=spec.tracking,
        first_ref=-1 - len(resolved.config),
    )


def look_closely(
    affected: Sequence[Affected],
    intent: Intent,
    behaviours: Sequence[Behaviour],
    resolved: Resolved,
    portfolio: Portfolio,
    reader: OdooReader,
) -> Iterator[Affected]:
    """The affected records again, with the values of all fields that matter to what Odoo does by itself."""
    names = set(watched(behaviours))
    if any(isinstance(effect, Give) for effect in intent.effects):
        names.update(intent.known(DECIDING))
    decided = set(deciding_fields(resolved.effects()))
    wanted = [intent.fields[name] for name in sorted(names - decided)]
    records = union(group.cell.records for group in affected)
    known: dict[str, Column] = {
        field.name: portfolio.columns[field.name] for field in wanted if field.name in portfolio.columns
    }
    if ACTIVE in names and ACTIVE not in known and not resolved.reaches_archived:
        known[ACTIVE] = Grouped(intent.fields[ACTIVE], {True: portfolio.scope})
    unknown = [field for field in wanted if field.name not in known]
    if unknown:
        if_set = watched_if_set(behaviours)
        known |= read_columns(reader, resolved.model, resolved.scope_domain, records, unknown, if_set=if_set)
    splits = [split for behaviour in behaviours for split in behaviour.splits()]
    yield from refine(affected, known, splits)


def read_names(
    affected: Sequence[Affected], resolved: Resolved, reader: OdooReader
) -> tuple[list[Affected], Mapping[int, str]]:
    """The affected records, and their names where they are few: what cannot be told by its name is left alone.

    Of many records the names are read while a plan is saved, and no record is left alone for want of one.
    """
    records = union(group.cell.records for group in affected)
    if len(records) > FEW:
        return list(affected), {}
    names = dict(names_of_records(reader, resolved.model, resolved.scope_domain, records))
    told = RecordSet(names)
    return [group.on(part, {}) for group in affected if (part := group.cell.records & told)], names


def read_loads(resolved: Resolved, asking: Questions, reader: OdooReader, *, exported: bool) -> Loads:
    """What everybody holds whom the spec may give records; nothing is asked where it gives none."""
    gives = [effect for effect in resolved.effects() if isinstance(effect, Give)]
    before: dict[int, int] = {}
    unknown: dict[int, str] = {}
    for field in {give.field.name for give in gives}:
        people = {person for give in gives if give.field.name == field for person in give.people}
        before |= open_records(reader, resolved.model, field, people)
        if exported:
            unknown |= strangers(reader, resolved.model, field, people)
    won = won_stages(asking) if gives and resolved.model == "crm.lead" else frozenset[int]()
    return Loads(before, won, unknown)


def _effects(affected: Sequence[Affected]) -> Iterator[Effect]:
    """Each effect on the affected records, once."""
    seen: set[int] = set()
    for group in affected:
        for effect in group.cell.effects:
            if id(effect) not in seen:
                seen.add(id(effect))
                yield effect


def _amounts(column: Column | None) -> Mapping[int, float]:
    if isinstance(column, Listed):
        return column.values  # type: ignore[return-value]
    return {}
