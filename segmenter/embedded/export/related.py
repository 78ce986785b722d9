"""The records that an export only mentions, as the names in its cells: told apart, and made where they are new."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from segmenter.conditions.near import canonical
from segmenter.embedded.export.grid import filled
from segmenter.embedded.schema import FieldDef
from segmenter.embedded.tables import Tables
from segmenter.odoo.catalog import BY_PATH, SEPARATOR

_WON = frozenset({"won", "ganado", "ganada"})
_COMMA, _CLOSE = re.compile(","), re.compile(r",(?!\s)")
_OTHER_MARKS = re.compile(r"[;|\n]")
"""What people part names by in one cell, though Odoo does not."""


@dataclass(frozen=True, slots=True)
class Names:
    """How the cells of a many-valued column are to be read.

    ``apart``: each name has a row of its own, as Odoo's plain export writes them, so that a comma belongs to a name.
    ``known``: names that are surely one, whatever commas are in them.
    ``close``: a comma parts names only where no blank follows it.
    """

    apart: bool
    known: Set[str]
    close: bool = False

    def of(self, cell: Any) -> tuple[str, ...]:
        """The names in a cell: ``Riego, VIP`` are two, unless that is one name."""
        text = canonical(str(cell)) if filled(cell) else ""
        if not text or self.apart or "," not in text or text in self.known:
            return (text,) if text else ()
        names, parts, at = list[str](), (_CLOSE if self.close else _COMMA).split(text), 0
        while at < len(parts):
            ends = range(len(parts), at, -1)
            end = next((end for end in ends if canonical(",".join(parts[at:end])) in self.known), at + 1)
            names.append(canonical(",".join(parts[at:end])))
            at = end
        return tuple(name for name in names if name)

    def parted(self, cell: Any) -> tuple[str, ...]:
        """The names of a cell that was parted although nothing else says that its parts are names."""
        names = self.of(cell)
        return names if len(names) > 1 and not set(names) <= self.known else ()

    def undivided(self, cell: Any) -> bool:
        """Whether a cell looks like several names, one of which others hold, that something else than commas parts."""
        parts = [canonical(part) for part in _OTHER_MARKS.split(str(cell))] if filled(cell) and not self.apart else []
        return len(parts) > 1 and canonical(str(cell)) in self.known and not self.known.isdisjoint(parts)


def names_of(cells: Sequence[Any], spelled: Iterable[str], *, apart: bool, close: bool = False) -> Names:
    """What the cells of a column and the names ``spelled`` out elsewhere say of each other."""
    alone = {canonical(str(cell)) for cell in cells if filled(cell) and "," not in str(cell)}
    return Names(apart, alone | {canonical(name) for name in spelled}, close)


def _as_seen(value: Any) -> Any:
    """A cell, a text without what nobody sees of it."""
    return canonical(value) if isinstance(value, str) else value


@dataclass
class RelatedRecords:
    """The records that an export only mentions: stages, people, tags. Each is made when it is first mentioned."""

    tables: Tables
    _known: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    _paths: dict[str, int] = field(default_factory=dict)

    def named(self, model: str, name: str) -> int:
        """The record of that name, made when it is new; of a path, every category on the way is made."""
        if model not in BY_PATH:
            return self.record(model, {"name": name})
        steps = name.split(SEPARATOR)
        for depth, step in enumerate(steps, 1):
            path, above = SEPARATOR.join(steps[:depth]), self._paths.get(SEPARATOR.join(steps[: depth - 1]))
            if path not in self._paths:
                self._paths[path] = self.tables.add(model, **self._described(model, {"name": step}), parent_id=above)
        return self._paths[name]

    def add_paths(self, model: str, names: Iterable[str]) -> None:
        """Makes the categories that no cell mentions, not even as the last step of a path."""
        for name in names:
            if name not in self._paths and name not in (path.rpartition(SEPARATOR)[2] for path in self._paths):
                self.named(model, name)

    def remember_paths(self, model: str) -> None:
        """Knows the categories that the tables have already."""
        rows = self.tables.rows[model]
        for record in rows:
            steps: list[str] = []
            above: int | None = record
            while above:
                steps.insert(0, rows[above]["name"])
                above = rows[above].get("parent_id")
            self._paths[SEPARATOR.join(steps)] = record

    def record(self, model: str, values: Mapping[str, Any]) -> int:
        """The record with these values, made when it is new. Values that it does not have yet are added."""
        key = (model, _as_seen(values.get("name")) or str(sorted(values.items())))
        for record in self._known.setdefault(key, []):
            row = self.tables.rows[model][record]
            if all(_as_seen(row.get(name)) in (None, _as_seen(value)) for name, value in values.items()):
                self.tables.put(
                    model, record, {**values, **{name: cell for name, cell in row.items() if cell is not None}}
                )
                return record
        record = self.tables.add(model, **self._described(model, values))
        self._known[key].append(record)
        return record

    def _described(self, model: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """The cells of a related record of which the export says only ``values``."""
        fields: Mapping[str, FieldDef] = self.tables.models[model].fields
        name = values.get("name") or values.get("display_name") or next(iter(values.values()))
        number = len(self.tables.rows[model]) + 1
        cells: dict[str, Any] = {"active": True} if "active" in fields else {}
        for extra in ("title", "complete_name"):
            if extra in fields:
                cells[extra] = name
        if model == "res.users":
            cells |= {"login": name, "share": False}
        elif model == "res.lang":
            cells["code"] = name
        elif model == "crm.stage":
            cells |= {"sequence": number, "is_won": str(name).casefold() in _WON, "fold": False}
        return {**cells, "name": name, **{key: value for key, value in values.items() if key != "display_name"}}
