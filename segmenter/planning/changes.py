"""From memberships to changes: which records are out of place, read those alone, and say what must be written."""

from __future__ import annotations

from collections import Counter as Numbers
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from segmenter.conditions import Domain, any_of, domain
from segmenter.odoo.pages import IDS_PER_QUESTION
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.values import from_wire
from segmenter.planning.assignment import Assignment
from segmenter.planning.conversion import Conversions
from segmenter.planning.effects import ConvertLead, Effect, Give, Hold, MoveTo, SetTo, out_of_place
from segmenter.planning.model import Change, Json
from segmenter.planning.placement import Placement, segments_of
from segmenter.planning.resolved import Resolved, ResolvedSegmentation
from segmenter.planning.side_effects.notice import Noticed
from segmenter.planning.staying import Staying
from segmenter.planning.won import Winning


@dataclass(frozen=True)
class Part:
    """What one segmentation does to a record: for the reason that a change gives."""

    segmentation: str
    segment: str
    positions: tuple[int, ...]
    effects: tuple[Effect, ...]


@dataclass
class Work:
    """Which records must change and how; ``changed`` counts, while the changes are made, (segmentation, position)."""

    placement: Placement
    parts: Mapping[tuple[int, ...], tuple[Part, ...]]
    todo: list[int] = field(default_factory=list)
    changed: Numbers[tuple[str, int]] = field(default_factory=Numbers)

    def parts_of(self, record: int) -> tuple[Part, ...]:
        return self.parts[tuple(one.masks.get(record, 0) for one in self.placement.memberships)]

    def effects(self) -> list[Effect]:
        return [effect for parts in self.parts.values() for part in parts for effect in part.effects]

    def conversions(self) -> dict[int, ConvertLead]:
        """The records that are out of place and of a segment that converts, and how it does."""
        if not any(isinstance(effect, ConvertLead) for effect in self.effects()):
            return {}
        return {
            record: effect
            for record in self.todo
            for part in self.parts_of(record)
            for effect in part.effects
            if isinstance(effect, ConvertLead)
        }


def find_work(resolved: Resolved, placement: Placement, reader: OdooReader) -> Work:
    """Which records are out of place: a search per `IDS_PER_QUESTION` ids, and no read."""
    parts: dict[tuple[int, ...], tuple[Part, ...]] = {}
    todo: list[int] = []
    ask: list[tuple[Domain, list[int]]] = []
    for masks, records in placement.groups().items():
        parts[masks] = tuple(
            _part(one.segmentation, mask) for one, mask in zip(placement.memberships, masks, strict=True)
        )
        effects = [effect for part in parts[masks] for effect in part.effects]
        if not effects:
            continue
        wrong = out_of_place(effects)
        if wrong is None:
            todo.extend(records)
        else:
            ask.append((domain(wrong), records))
    for wrong_ones in reader.search_each(resolved.model, list(_questions(ask)), archived=resolved.archived):
        todo.extend(wrong_ones)
    return Work(placement, parts, sorted(todo))


def _part(segmentation: ResolvedSegmentation, mask: int) -> Part:
    positions = segments_of(mask)
    names = ", ".join(segmentation.segments[position].name for position in positions)
    return Part(segmentation.name, names, tuple(positions), tuple(segmentation.effects(positions)))


def _questions(ask: list[tuple[Domain, list[int]]]) -> Iterator[Domain]:
    """Domains for "which of these are out of place", each with a bounded number of ids. ``ask``: complete terms."""
    terms: list[Domain] = []
    room = IDS_PER_QUESTION
    for wrong, records in ask:
        start = 0
        while start < len(records):
            some = records[start : start + room]
            terms.append(["&", ("id", "in", some), *wrong])
            start, room = start + len(some), room - len(some)
            if not room:
                yield any_of(*terms)
                terms, room = [], IDS_PER_QUESTION
    if terms:
        yield any_of(*terms)


def make_changes(
    resolved: Resolved,
    work: Work,
    assignment: Assignment,
    conversions: Conversions,
    noticed: Noticed,
    reader: OdooReader,
) -> Iterator[list[Change]]:
    """All changes of one record at a time, in order of id. Reads the records to change, page by page."""
    if not work.todo:
        return
    lead = resolved.model == "crm.lead"
    winning = Winning.of(resolved.model, work.effects(), reader)
    staying = Staying.of(resolved.model, work.effects(), reader)
    gives = any(isinstance(effect, Give) for effect in work.effects())
    won = frozenset(reader.search("crm.stage", [("is_won", "=", True)])) if gives and lead else frozenset()
    columns, nothing = _columns(resolved, work, conversions, {*noticed.reads, *winning.reads, *staying.reads}, reader)
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
        changes += _along(resolved.model, row, changes, conversions, winning)
        changes += staying.changes(row, changes)
        noticed.see(row, changes)
        yield changes


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
    model: str, row: Mapping[str, Json], changes: list[Change], conversions: Conversions, winning: Winning
) -> list[Change]:
    """What is written along with the changes of a record: a conversion's date and contact, the team, what winning does.

    A field that the spec sets itself is left to it.
    """
    written = {change.field for change in changes}
    along: list[Change] = []
    if row["id"] in conversions.wanted and (reason := _about(changes, "type")):
        along += [one for one in conversions.changes(row, reason) if one.field not in written]
    of_team = model == "crm.lead" and "team_id" in row  # contacts have a team too in Odoo 14, a plain one
    if of_team and "team_id" not in written and (reason := _about(changes, "user_id", "type")):
        # Odoo recomputes the team of a new salesperson, and of a lead that becomes an opportunity, unless it is
        # written too (measured on 14 and 19).
        team = row["team_id"]
        along.append(Change(row["id"], reason.name, "team_id", team, team, reason.segmentation, reason.segment))
    return along + winning.changes(row, [*changes, *along])


def _about(changes: list[Change], *fields: str) -> Change | None:
    return next((change for change in changes if change.field in fields), None)


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
