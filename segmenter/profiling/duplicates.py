"""Finds values that several records hold, without reading the records.

The server sorts its groups by size; the place where groups of one begin is looked for by halves. That takes at most
some twenty calls, and no answer longer than `SHOWN` rows. E-mail addresses are one whatever their capitals: Odoo keeps
them written plainly, and where it does not (an export) every group is fetched and added up here, page by page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from email.utils import getaddresses
from typing import Any

from segmenter.conditions import Field, filled
from segmenter.odoo.groups import Group
from segmenter.odoo.reader import OdooReader
from segmenter.profiling.model import Duplicates, Value

SHOWN = 20
"""How many of these values a profile names."""
PAGE = 2000
"""Groups in one answer."""


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


def duplicate_addresses(reader: OdooReader, field: Field, domain: Sequence[Any]) -> Duplicates:
    """E-mail addresses that more than one record of ``domain`` holds, as `plain_address` writes them."""
    held = Counter[str]()
    for group in _every_group(reader, field, [*domain, *filled(field)]):
        if address := plain_address(str(group.keys[0])):
            held[address] += group.count
    repeated = sorted((item for item in held.items() if item[1] > 1), key=lambda item: (-item[1], item[0]))
    most = tuple(Value(address, address, number) for address, number in repeated[:SHOWN])
    return Duplicates(field.name, field.label, len(repeated), sum(number for _address, number in repeated), most)


def plain_address(text: str) -> str:
    """As Odoo keeps it in ``email_normalized``: ``ana@sol.cl`` of ``Ana <ANA@sol.cl >``; "" where there is not exactly
    one (measured on 14 and 19)."""
    found = [address.split()[-1].lower() for _name, address in getaddresses([text]) if address.strip()]
    return found[0] if len(found) == 1 and "@" in found[0][:-1] else ""


def _every_group(reader: OdooReader, field: Field, domain: Sequence[Any]) -> Iterator[Group]:
    skip = 0
    while groups := reader.groups(field.model, domain, [field.name], most=PAGE, skip=skip):
        yield from groups
        skip += len(groups)
        if len(groups) < PAGE:
            return
