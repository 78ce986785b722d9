"""What a plan changes: fields of records, and what is created or altered around them.

Values are normalised (see `odoo.values`): a many2one is an id or None, an empty text or date None, a number 0 when
empty, a tag field the sorted list of those tags *that the spec names*. A negative id stands for a record that the plan
itself creates: ``-3`` is the `ConfigChange` with ``ref == -3``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from segmenter.record_set import RecordSet, union, windows

Json = Any
"""A normalised value: None, bool, int, float, str, or a list of ints."""


class FieldChange(Protocol):
    """What becomes of one field, of whichever records."""

    @property
    def field(self) -> str: ...

    @property
    def before(self) -> Json: ...

    @property
    def after(self) -> Json: ...

    @property
    def pin(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one record. ``before == after`` is a *pin*: what stays, and is looked at for the sake of the others
    (`behaviours.together`); it is written where the server would recompute it."""

    record: int
    name: str
    field: str
    before: Json
    after: Json
    segmentation: str
    segment: str

    @property
    def pin(self) -> bool:
        return bool(self.before == self.after)


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """One field of a set of records, from the same value to the same value, for the same reason.

    ``before == after`` is a pin, as in `Change`. This is what a plan is made of; a `Change` is one record of it, for
    whoever looks at single records: conflicts, undo, the rows of a report.
    """

    records: RecordSet
    field: str
    before: Json
    after: Json
    segmentation: str
    segment: str

    @property
    def pin(self) -> bool:
        return bool(self.before == self.after)


def changes_by_record(
    sets: Sequence[ChangeSet], names: Mapping[int, str], records: RecordSet | None = None
) -> Iterator[Change]:
    """Single changes in order of record, of ``records`` alone if given; a record's in the order of the sets.

    ``names``: record -> its name.
    """
    wanted = union(change.records for change in sets)
    for window in windows(wanted if records is None else wanted & records):
        found: dict[int, list[Change]] = {record: [] for record in window}
        for change in sets:
            for record in change.records & window:
                found[record].append(
                    Change(
                        record,
                        names.get(record, ""),
                        change.field,
                        change.before,
                        change.after,
                        change.segmentation,
                        change.segment,
                    )
                )
        for changes in found.values():
            yield from changes


@dataclass(frozen=True, slots=True)
class ConfigChange:
    """A tag, category, stage or favourite to create (``id`` None) or to alter. Values as they go to the server."""

    ref: int
    model: str
    name: str
    after: Mapping[str, Json]
    before: Mapping[str, Json] = field(default_factory=dict)
    id: int | None = None
    why: str = ""

    @property
    def creates(self) -> bool:
        return self.id is None


def with_ids(value: Json, ids: Mapping[int, int]) -> Json:
    """A value of a `ConfigChange` (a domain, say) with the ids that the server gave in place of the refs."""
    if isinstance(value, list | tuple):
        return [with_ids(item, ids) for item in value]
    return ids.get(value, value) if isinstance(value, int) and not isinstance(value, bool) else value
