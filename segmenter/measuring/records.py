"""A page of some records as people read them: sorted and searched by whole columns, and not row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from segmenter.conditions import Field
from segmenter.conditions.near import unaccented
from segmenter.conditions.operators import DATES, NUMBERS
from segmenter.measuring.choices import label_of
from segmenter.measuring.crm import Crm
from segmenter.record_set import RecordSet

FOUND_BY = ("name", "partner_name", "contact_name", "email_from", "email")
"""What a search looks through, besides what is shown."""

Cell = str | int | float | bool | None
"""What a record holds: names of records, labels of keys, the client's day of a moment, numbers. None: nothing."""


@dataclass(frozen=True)
class ColumnHead:
    """One column of a list: its path, and what it is called."""

    path: str
    label: str
    type: str

    @property
    def is_number(self) -> bool:
        return self.type in NUMBERS


@dataclass(frozen=True)
class Listing:
    """Part of a list. ``total``: how many records a search leaves of all."""

    columns: tuple[ColumnHead, ...]
    rows: tuple[ListedRecord, ...]
    total: int


@dataclass(frozen=True)
class ListedRecord:
    """One record, with a cell for each column."""

    record: int
    cells: tuple[Cell, ...]


def listed(
    crm: Crm,
    model: str,
    records: RecordSet,
    fields: Sequence[str],
    *,
    search: str = "",
    sort: str = "",
    descending: bool = False,
    start: int = 0,
    most: int = 100,
) -> Listing:
    """A page of records. ``fields``: paths; those that the CRM does not have are left out.

    ``search``: a part of what is shown or of what a record is called, in any case and with or without accents.
    ``sort``: a path; what holds nothing comes last both ways. Without it, by id.
    """
    columns = [_Shown(crm, steps) for name in fields if (steps := crm.fields(model, name)) is not None]
    found = _searched(crm, model, records, columns, search)
    ids = list(found)
    if sort and (steps := crm.fields(model, sort)) is not None:
        ids = _Shown(crm, steps).sorted(found, descending=descending)
    elif descending:
        ids.reverse()
    page = ids[start : start + most]
    for column in columns:
        column.name_all(page)
    return Listing(
        tuple(ColumnHead(column.path, label_of(column.steps), column.last.type) for column in columns),
        tuple(ListedRecord(record, tuple(column.cell(record) for column in columns)) for record in page),
        len(ids),
    )


class _Shown:
    """One path of fields, as people read what is at its end."""

    def __init__(self, crm: Crm, steps: Sequence[Field]) -> None:
        self.crm, self.steps, self.last = crm, steps, steps[-1]
        self.path = ".".join(step.name for step in steps)
        self.column = crm.days(steps) if self.last.type in DATES else crm.column(steps)
        self.labels = dict(self.last.selection)
        self.names: Mapping[int, str] = {}

    def name_all(self, records: Sequence[int]) -> None:
        """Look up the names that these records need."""
        if self.last.relation:
            held = (self.column[record] for record in records if record in self.column)
            ids = {one for value in held for one in (value if isinstance(value, tuple) else (value,))}
            self.names = self.crm.names(self.last.relation, ids)

    def cell(self, record: int) -> Cell:
        """What a record holds, in words."""
        value = self.column.get(record)
        if isinstance(value, tuple):
            return ", ".join(str(self._one(one)) for one in value) or None
        return self._one(value)

    def _one(self, value: object) -> Cell:
        if self.last.relation:
            return self.names.get(value, "") or None if isinstance(value, int) else None
        if isinstance(value, str):
            return self.labels.get(value, value)
        return value if isinstance(value, int | float) else None

    def text(self, record: int) -> str:
        """What a search looks through."""
        value = self.cell(record)
        return (
            "" if value is None or isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
        )

    def folded(self) -> dict[int, str]:
        """Record -> what it holds, without capitals and accents, of all records."""
        return self.crm.kept(self._folded, "folded", self.steps[0].model, self.path)

    def _folded(self) -> dict[int, str]:
        self.name_all(list(self.column))
        fold = cache(unaccented.__wrapped__)
        return {record: fold(self.text(record)) for record in self.column}

    def sorted(self, records: RecordSet, *, descending: bool) -> list[int]:
        """The records by what they hold: keys in the order of the CRM, texts without regard to case and accents."""
        column, places = self.column, {key: at for at, (key, _label) in enumerate(self.last.selection)}
        by: Mapping[int, Any] = column
        if places:
            by = {record: places.get(key, len(places)) for record, key in column.items()}
        elif self.last.type not in (*NUMBERS, *DATES, "boolean"):
            by = self.folded()
        holding = sorted((record for record in records if record in column), key=by.__getitem__, reverse=descending)
        return [*holding, *(records - RecordSet(holding))]


def _searched(crm: Crm, model: str, records: RecordSet, columns: Sequence[_Shown], search: str) -> RecordSet:
    """The records in which some text is found."""
    wanted = unaccented(search.strip())
    if not wanted:
        return records
    known, shown = crm.reader.fields(model), {column.path for column in columns}
    others = [_Shown(crm, (known[name],)) for name in FOUND_BY if name in known and name not in shown]
    found = RecordSet()
    for column in (*columns, *others):
        texts = column.folded()
        found |= RecordSet([record for record in records - found if wanted in texts.get(record, "")])
    return found
