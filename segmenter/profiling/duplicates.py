"""How many values are held by more than one record, found without reading them.

The server sorts its groups by size; the place where groups of one begin is looked for by halves. That takes at most
some twenty calls, and no answer longer than `SHOWN` rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from segmenter.conditions import Field, filled
from segmenter.odoo.group_rows import Group
from segmenter.odoo.reader import OdooReader
from segmenter.profiling.model import Duplicates, Value

SHOWN = 20
"""Of the values held more than once, those that the profile names."""


def duplicates(reader: OdooReader, field: Field, domain: Sequence[Any]) -> Duplicates:
    """Values of ``field`` that more than one record of ``domain`` holds."""
    within = [*domain, *filled(field)]

    def biggest(most: int, skip: int = 0) -> list[Group]:
        return reader.groups(field.model, within, [field.name], most=most, skip=skip)

    top = biggest(SHOWN + 1)
    shown = tuple(Value(group.keys[0], group.labels[0], group.count) for group in top[:SHOWN] if group.count > 1)
    if len(top) <= SHOWN or top[-1].count == 1:
        return Duplicates(field.name, field.label, len(shown), sum(value.count for value in shown), shown)
    different = reader.distinct(field.model, within, field.name)
    repeated, single = SHOWN + 1, different  # so many are repeated at least, and at most
    while repeated < single:
        middle = (repeated + single) // 2
        if any(group.count > 1 for group in biggest(1, middle)):
            repeated = middle + 1
        else:
            single = middle
    records = reader.count(field.model, within)
    return Duplicates(field.name, field.label, repeated, records - (different - repeated), shown)
