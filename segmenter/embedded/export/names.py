"""Names in the cells of an export: written twice and meant once, and several in one cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Any

from segmenter.conditions.near import canonical
from segmenter.embedded.export.grid import filled

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
