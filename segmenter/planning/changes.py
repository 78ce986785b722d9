"""The changes of the records that are out of place: reads those alone, and says what must be written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from segmenter.odoo.reader import OdooReader
from segmenter.odoo.values import from_wire
from segmenter.planning.assignment import Assignment
from segmenter.planning.conversion import Conversions
from segmenter.planning.effects import ConvertLead, Give, Hold, MoveTo, SetTo
from segmenter.planning.linking import LINK, Linking
from segmenter.planning.model import Change, Json
from segmenter.planning.properties import TeamProperties
from segmenter.planning.resolved import Resolved
from segmenter.planning.side_effects.notice import Noticed
from segmenter.planning.staying import Staying
from segmenter.planning.together import guarding, guards
from segmenter.planning.won import Winning, WonStages
from segmenter.planning.work import Part, Work


def make_changes(
    resolved: Resolved,
    work: Work,
    assignment: Assignment,
    conversions: Conversions,
    linking: Linking,
    noticed: Noticed,
    won_stages: WonStages,
    reader: OdooReader,
) -> Iterator[list[Change]]:
    """All changes of one record at a time, in order of id. Reads the records to change, page by page."""
    if not work.todo:
        return
    lead, effects = resolved.model == "crm.lead", work.effects()
    written = {effect.field.name for effect in effects}
    winning = Winning(resolved.model, effects, won_stages)
    staying = Staying.of(resolved.model, written, reader)
    properties = TeamProperties.of(resolved.model, written, reader)
    watched = guarding(resolved.model, written | linking.fields.keys()) - linking.moving
    won = won_stages.all if lead and any(isinstance(effect, Give) for effect in effects) else frozenset[int]()
    looked_at = {*noticed.reads, *winning.reads, *staying.reads, *properties.reads, *watched, *linking.fields}
    columns, nothing = _columns(resolved, work, conversions, looked_at, reader)
    _settle_loads(resolved.model, work, assignment, won, reader)
    # A lead is shown by its name, and the server reads that faster than it computes `display_name`.
    shown = "name" if lead else "display_name"
    for row in reader.read(resolved.model, work.todo, sorted({*columns, shown})):
        row |= nothing
        changes, acting = _changes(resolved, work.parts_of(row["id"]), row, row[shown] or "", assignment, won)
        if not changes:
            continue
        for part in acting:
            work.changed.update((part.segmentation, position) for position in part.positions)
        said = {effect.field.name for part in work.parts_of(row["id"]) for effect in part.effects}
        changes += _along(row, changes, said, conversions, linking, winning)
        changes += staying.team(row, changes)
        changes += properties.changes(row, changes)
        stage = staying.stage(row, changes)
        noticed.see(row, [*changes, *stage] if staying.moved(row, changes) else changes)
        names = watched if winning.decides(changes) else watched - {"active"}
        yield [*changes, *stage, *guards(resolved.model, row, changes, names)]


OPEN = ("active", "stage_id")
"""The fields that tell whether a record is part of somebody's load."""


def _settle_loads(model: str, work: Work, assignment: Assignment, won: frozenset[int], reader: OdooReader) -> None:
    """Count what the plan closes or reopens of records that stay with whom they are, before the first gift.

    Gifts go out in order of id: a load that became less only later would leave people below their cap, and a second
    plan would give them more. Reads the records once more, and only where a plan both gives and closes or reopens.
    """
    effects = work.effects()
    held_in = {effect.field.name for effect in effects if isinstance(effect, Give)}
    moves = [effect for effect in effects if isinstance(effect, MoveTo | SetTo) and effect.field.name in OPEN]
    if not held_in or not moves:
        return
    known = reader.fields(model)
    columns = sorted({*held_in, *(name for name in OPEN if name in known)})
    for row in reader.read(model, work.todo, columns):
        of_record = [effect for part in work.parts_of(row["id"]) for effect in part.effects]
        after = dict(row)
        for effect in of_record:
            if isinstance(effect, MoveTo | SetTo) and effect.field.name in OPEN:
                after[effect.field.name] = effect.after(after[effect.field.name])
        for name in held_in:
            if not any(isinstance(effect, Give) and effect.wants(row[effect.field.name]) for effect in of_record):
                assignment.reweigh(row[name], weighed=_is_open(row, won), weighs=_is_open(after, won))


def _columns(
    resolved: Resolved, work: Work, conversions: Conversions, looked_at: set[str], reader: OdooReader
) -> tuple[set[str], dict[str, Json]]:
    """The fields to read, and what stands for those that cannot be: not there yet, or no column of an export."""
    known = reader.fields(resolved.model)
    written = {effect.field.name for effect in work.effects()} - set(resolved.absent)
    more = set(looked_at)
    if any(isinstance(effect, Give) for effect in work.effects()):
        more |= {name for name in ("active", "stage_id") if name in known}
    if conversions.wanted:
        more |= {*conversions.fields(), *(mark for mark in ("active", "probability") if mark in known)}
    nothing: dict[str, Json] = {name: from_wire(field, False) for name, field in resolved.absent.items()}
    return written | (more & known.keys()), nothing | dict.fromkeys(more - known.keys())


def _along(
    row: Mapping[str, Json],
    changes: list[Change],
    said: set[str],
    conversions: Conversions,
    linking: Linking,
    winning: Winning,
) -> list[Change]:
    """What is written along with the changes of a record: a conversion's date and contact, what comes with a contact,
    and what winning does.

    A field that the spec sets itself (``said``) is left to it.
    """
    written = {change.field: change for change in changes}
    along: list[Change] = []
    if row["id"] in conversions.wanted and (reason := written.get("type")):
        along += [one for one in conversions.changes(row, reason) if one.field not in written]
    if link := next((one for one in [*changes, *along] if one.field == LINK), None):
        along += [one for one in linking.changes(row, link) if one.field not in written]
    return along + winning.changes(row, changes, said)


def _changes(
    resolved: Resolved,
    parts: tuple[Part, ...],
    row: dict[str, Json],
    title: str,
    assignment: Assignment,
    won: frozenset[int],
) -> tuple[list[Change], list[Part]]:
    """What the effects do to one record, and which parts do it. ``title``: its display name; ``won``: the won stages.

    One change a field: a tag field gathers what several segmentations do, and names them all.
    """
    before: dict[str, Json] = {}
    after: dict[str, Json] = {}
    why: dict[str, list[Part]] = {}
    effects = [(part, effect) for part in parts for effect in part.effects]
    # Gifts last: a record that this plan moves to a won stage is no load.
    for part, effect in sorted(effects, key=lambda one: isinstance(one[1], Give)):
        name = effect.field.name
        if name not in before:
            value = row[name]
            before[name] = sorted(set(value) & resolved.owned[name]) if isinstance(effect, Hold) else value
            after[name] = before[name]
        now = after[name]
        if isinstance(effect, ConvertLead):
            after[name] = "opportunity" if effect.wants(row) else now
        elif not isinstance(effect, Give):
            after[name] = effect.after(now)
        elif effect.wants(now):
            weighed, weighs = _is_open(row, won), _is_open(row | after, won)
            after[name] = assignment.give(effect, now, weighed=weighed, weighs=weighs)
        if after[name] != now:
            why.setdefault(name, []).append(part)
    changed = {name: reasons for name, reasons in why.items() if after[name] != before[name]}
    changes = [
        Change(
            record=row["id"],
            name=title,
            field=name,
            before=before[name],
            after=after[name],
            segmentation=" + ".join(part.segmentation for part in reasons),
            segment=" + ".join(part.segment for part in reasons),
        )
        for name, reasons in changed.items()
    ]
    return changes, [part for part in parts if any(part in reasons for reasons in changed.values())]


def _is_open(row: Mapping[str, Json], won: frozenset[int]) -> bool:
    """Whether a record is part of somebody's load (as `open_load` counts)."""
    return bool(row.get("active", True)) and row.get("stage_id") not in won
