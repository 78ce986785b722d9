"""What every behaviour of Odoo has in common: one signature, over cells of records.

Odoo does things by itself when a field is written: a won stage takes a lead out of the archive, a new salesperson
brings another team. Each behaviour knows one such thing: what must be looked at, what is written along so that nothing
unexpected happens, and what people should be told. A plan is made by going over the list of all behaviours.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol, Self

from segmenter.conditions import Field
from segmenter.notice import Notice
from segmenter.plans import ChangeSet, ConfigChange, Json, Violation
from segmenter.record_set import RecordSet
from segmenter.resolving.effects import Effect

LEADS, CONTACTS = "crm.lead", "res.partner"

Others = Mapping[str, frozenset[str]]
"""Field -> other fields of the same record."""

Tracking = Literal["keep", "silent"]
"""Whether the runs of a plan note their changes in Odoo's chatter."""


@dataclass(slots=True)
class Cell:
    """Records that hold the same in every field that is looked at, and to which the same happens.

    ``row``: field -> the value that all of them hold. ``effects``: what the spec does to them. ``changes``: what
    becomes of them, pins among them, in the order in which it was decided; each change is of all ``records``.
    """

    records: RecordSet
    row: Mapping[str, Json]
    effects: Sequence[Effect] = ()
    changes: list[ChangeSet] = field(default_factory=list)

    @property
    def written(self) -> dict[str, ChangeSet]:
        """Field -> its change, pins among them."""
        return {change.field: change for change in self.changes}

    @property
    def changed(self) -> dict[str, ChangeSet]:
        """Field -> its change, without pins."""
        return {change.field: change for change in self.changes if not change.pin}

    @property
    def own(self) -> frozenset[str]:
        """The fields that the spec itself sets on these records, whether or not they change."""
        return frozenset(effect.field.name for effect in self.effects)

    def change(self, reason: ChangeSet, field: str, before: Json, after: Json) -> ChangeSet:
        """A change of another field of these records, for the same reason."""
        return ChangeSet(self.records, field, before, after, reason.segmentation, reason.segment)

    def pin(self, reason: ChangeSet, field: str) -> ChangeSet:
        """Another field of these records, as it is."""
        return self.change(reason, field, self.row[field], self.row[field])


class Reader(Protocol):
    """What a behaviour may ask of a CRM. It cannot write."""

    @property
    def version(self) -> int:
        """Odoo's major version."""

    @property
    def uid(self) -> int:
        """The id of the work user."""

    def fields(self, model: str) -> Mapping[str, Field]: ...

    def search(self, model: str, domain: Sequence[Any], *, archived: bool = False) -> list[int]: ...

    def search_read(
        self, model: str, domain: Sequence[Any], fields: Sequence[str], *, archived: bool = False
    ) -> list[dict[str, Json]]: ...

    def read(self, model: str, ids: Sequence[int], fields: Sequence[str]) -> Iterable[dict[str, Json]]: ...

    def names(self, model: str, ids: Sequence[int]) -> dict[int, str]: ...

    def may(self, model: str, operation: str) -> bool: ...


@dataclass(frozen=True)
class Intent:
    """What a plan is about to write, before any behaviour was asked.

    ``fields``: those of the model, by name. ``effects``: what the spec does to the affected records; ``cells``: these
    records, with the changes that the spec asks for and the values of the fields that it writes. ``at``: the moment
    of the plan, in UTC. ``exported``: there is an export and no server behind it. ``tracking``: what the spec chose.
    ``first_ref``: the ref of the first record that a behaviour creates; the next ones count down.
    """

    model: str
    version: int
    fields: Mapping[str, Field]
    effects: Sequence[Effect]
    cells: Sequence[Cell]
    at: str
    exported: bool = False
    tracking: Tracking | None = None
    first_ref: int = -1

    @property
    def written(self) -> frozenset[str]:
        """The fields that the spec writes."""
        return frozenset(effect.field.name for effect in self.effects)

    @property
    def of_leads(self) -> bool:
        """Whether the records are leads."""
        return self.model == LEADS

    def known(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of the fields that this CRM has: an export need not have them all."""
        return tuple(name for name in names if name in self.fields)


@dataclass(frozen=True)
class Behaviour:
    """One thing that Odoo does by itself. A subclass defines the steps in which it has a part.

    The steps, in their order; only `learn` and `look` ask a server:

    1. `learn` asks what must be known before the changes are made, and gives the behaviour with that knowledge;
    2. `watches` names the fields of the affected records that must be known;
    3. `along` says what is written along with the changes of a cell, `guards` what these depend on;
    4. `look` asks what the changes mean to other records and people, once all are made;
    5. `notices` tells people what happens, `refusals` what Odoo would refuse.

    Without `look` (an export has nobody to ask), notices tell only what follows from the changes alone.
    """

    intent: Intent

    MODELS: ClassVar[frozenset[str]] = frozenset({LEADS})
    """The models whose records it is about."""
    FOLLOWS: ClassVar[Mapping[str, Others]] = {}
    """By model: a field and those with which Odoo computes it anew. Where it must stay, it is written along
    as it is."""
    GOES_WITH: ClassVar[Mapping[str, Others]] = {}
    """By model: a field and those with which it goes: not written where one of them holds what a person gave it."""
    GUARDS: ClassVar[frozenset[str]] = frozenset()
    """Fields of which a pin is looked at for the sake of others, and not written."""

    @classmethod
    def learn(cls, intent: Intent, reader: Reader) -> Self:
        """Ask what the changes depend on: settings of the CRM, and records that are to be linked."""
        return cls(intent)

    def watches(self) -> Collection[str]:
        """Fields that must be known of the affected records."""
        return ()

    def watches_if_set(self) -> Collection[str]:
        """Those of them of which it matters only whether they hold anything."""
        return ()

    def splits(self) -> Sequence[Mapping[int, Hashable]]:
        """Record -> what makes it different from others of its cell, beside its fields: cells are divided by it."""
        return ()

    def creates(self) -> Sequence[ConfigChange]:
        """Records that must be created first."""
        return ()

    def along(self, cell: Cell) -> Iterable[ChangeSet]:
        """What is written along with the changes of a cell, pins among it. A field that is written already stays so."""
        return ()

    def guards(self, cell: Cell) -> Iterator[ChangeSet]:
        """Of the fields that only tell whether others may be written, those that changes of the cell go with."""
        changed, goes_with = cell.changed, self.GOES_WITH.get(self.intent.model, {})
        for change in changed.values():
            for name in goes_with.get(change.field, ()):
                if name in self.GUARDS and name in cell.row and name not in changed:
                    yield cell.pin(change, name)

    def look(self, cells: Sequence[Cell], reader: Reader) -> Self:
        """Ask what the changes bring about besides; gives the behaviour that knows it."""
        return self

    def notices(self, cells: Sequence[Cell], tracking: Tracking) -> Iterable[Notice]:
        """What people should know."""
        return ()

    def warnings(self) -> Iterable[Notice]:
        """What could not be done as the spec asks."""
        return ()

    def refusals(self, cells: Sequence[Cell]) -> Iterable[Violation]:
        """What Odoo would not do, which stands against the plan."""
        return ()


def number_of(cells: Iterable[Cell]) -> int:
    """How many records these cells have."""
    return sum(len(cell.records) for cell in cells)
