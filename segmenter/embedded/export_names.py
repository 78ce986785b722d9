"""Names in the cells of an export: written twice and meant once, and several in one cell."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Any

from segmenter.embedded.export_grid import filled


def canonical(name: str) -> str:
    """The name as everybody sees it: accents composed, single blanks, none around it. Capitals tell names apart."""
    return " ".join(unicodedata.normalize("NFC", name).split())


@dataclass(frozen=True, slots=True)
class Names:
    """How the cells of a many-valued column are to be read.

    ``apart``: each name has a row of its own, as Odoo's plain export writes them, so that a comma belongs to a name.
    ``known``: names that are surely one, whatever commas are in them.
    """

    apart: bool
    known: Set[str]

    def of(self, cell: Any) -> tuple[str, ...]:
        """The names in a cell: ``Riego, VIP`` are two, unless that is one name."""
        text = canonical(str(cell)) if filled(cell) else ""
        if not text or self.apart or "," not in text or text in self.known:
            return (text,) if text else ()
        names, parts, at = list[str](), text.split(","), 0
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


def names_of(cells: Sequence[Any], spelled: Iterable[str], *, apart: bool) -> Names:
    """What the cells of a column and the names ``spelled`` out elsewhere say of each other."""
    alone = {canonical(str(cell)) for cell in cells if filled(cell) and "," not in str(cell)}
    return Names(apart, alone | {canonical(name) for name in spelled})
