"""Who gets a record: in turn, or whoever has fewest open ones, nobody above the cap. Deterministic, in order of id.

The one step of a plan that goes record by record: whom the next one goes to depends on all before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from segmenter.planning.cells import Affected
from segmenter.plans import Json
from segmenter.record_set import RecordSet, by_value
from segmenter.resolving.effects import Give

DECIDING = ("active", "stage_id")
"""The fields that tell whether a record is part of somebody's load."""


@dataclass
class Loads:
    """Open records of each person, kept while a plan is made. ``before`` and ``now``: person -> number.

    ``won``: the stages in which a lead is open no more. ``strangers``: person -> name, of whom nobody can say how many
    records they hold. ``unplaced``: records for which everybody was at the cap.
    """

    before: Mapping[int, int]
    won: frozenset[int] = frozenset()
    strangers: Mapping[int, str] = field(default_factory=dict)
    now: dict[int, int] = field(default_factory=dict)
    unplaced: int = 0
    _turns: dict[tuple[int, ...], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.now = dict(self.before)

    def is_open(self, row: Mapping[str, Json]) -> bool:
        """Whether a record that holds this is part of somebody's load."""
        return bool(row.get("active", True)) and row.get("stage_id") not in self.won

    def give(self, effect: Give, holder: int | None, *, weighed: bool = True, weighs: bool = True) -> int | None:
        """The person to hold a record that ``holder`` holds now; ``holder`` again when everybody is at the cap.

        ``weighed``: whether it is open now, so part of the holder's load; ``weighs``: whether it will be.
        """
        free = effect.cap is None or not weighs
        people = [person for person in effect.people if free or self.now.get(person, 0) < (effect.cap or 0)]
        if not people:
            self.unplaced += 1
            return holder
        if effect.by == "least_loaded":
            chosen = min(people, key=lambda person: (self.now.get(person, 0), effect.people.index(person)))
        else:
            chosen = self._next(effect.people, people)
        if holder in self.now:
            self.now[holder] -= weighed
        self.now[chosen] = self.now.get(chosen, 0) + weighs
        return chosen

    def reweigh(self, holder: int | None, records: int, *, weighed: bool, weighs: bool) -> None:
        """Records that stay with ``holder`` are closed or reopened."""
        if holder in self.now:
            self.now[holder] += records * (weighs - weighed)

    def _next(self, everybody: tuple[int, ...], free: Sequence[int]) -> int:
        turn = self._turns.get(everybody, 0)
        while everybody[turn % len(everybody)] not in free:
            turn += 1
        self._turns[everybody] = turn + 1
        return everybody[turn % len(everybody)]


def assign(affected: Sequence[Affected], loads: Loads) -> Iterator[Affected]:
    """Give the records that are to be given; their cells are divided by the person who gets them.

    What the plan closes or reopens of records that stay with whom they are counts first: a load that became less only
    later would leave people below their cap, and a second plan would give them more.
    """
    fields = {effect.field.name for group in affected for effect in group.cell.effects if isinstance(effect, Give)}
    open_now = [loads.is_open(group.cell.row) for group in affected]
    open_then = [loads.is_open(_after(group)) for group in affected]
    for group, weighed, weighs in zip(affected, open_now, open_then, strict=True):
        given = {give.field.name for _part, give in group.gives}
        if fields - given and not group.cell.changed.keys().isdisjoint(DECIDING):
            for name in fields - given:
                loads.reweigh(group.cell.row.get(name), len(group.cell.records), weighed=weighed, weighs=weighs)
    chosen: list[dict[int, int | None]] = [{} for _cell in affected]
    for record, at in sorted(
        (record, at) for at, group in enumerate(affected) if group.gives for record in group.cell.records
    ):
        _part, give = affected[at].gives[0]
        holder = affected[at].cell.row[give.field.name]
        chosen[at][record] = loads.give(give, holder, weighed=open_now[at], weighs=open_then[at])
    for group, people in zip(affected, chosen, strict=True):
        if not group.gives:
            yield group
            continue
        for person, records in by_value(people).items():
            yield from _given(group, records, person)


def _given(group: Affected, records: RecordSet, person: int | None) -> Iterator[Affected]:
    """These records of a cell, with their new person; nothing where nothing changes on them after all."""
    part, give = group.gives[0]
    held = group.cell.row[give.field.name]
    made = group.on(records, {})
    made.gives = ()
    if person != held:
        change = part.change(records, give.field.name, held, person)
        made.cell.changes.append(change)
        if part not in made.acting:
            made.acting = tuple(reason for reason in made.parts if reason in (*made.acting, part))
    if made.cell.changes:
        yield made


def _after(group: Affected) -> dict[str, Json]:
    return {**group.cell.row, **{name: change.after for name, change in group.cell.changed.items()}}
