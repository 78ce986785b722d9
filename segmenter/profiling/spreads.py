"""How the numbers and the dates of a CRM are spread: quantiles, histograms, amounts far below the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from segmenter.conditions import Clock, Domain, Field, filled
from segmenter.conditions.dates import local_day
from segmenter.conditions.operators import DATES
from segmenter.odoo.pages import AT_ONCE
from segmenter.odoo.reader import OdooReader
from segmenter.profiling import histograms
from segmenter.profiling.model import FieldProfile, Spread, Value
from segmenter.profiling.tails import tail

SHARES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
"""Quantiles of a number; each is a call. Of a date the months are counted too, so `ENDS` and the middle do."""
ENDS = (0.0, 0.5, 1.0)


@dataclass(frozen=True)
class Spreads:
    """Asks for the numbers and dates of a domain's records."""

    reader: OdooReader
    model: str
    clock: Clock
    domain: Domain

    def measured(self, field: Field, more: Domain | None = None) -> FieldProfile:
        """The profile of a number or a date: each quantile is the record at a place in the server's order.

        ``more``: of these records alone.
        """
        within = [*filled(field), *(more or ())]
        number = self.count(within)
        described = FieldProfile(field.name, field.label, field.type, number)
        if not number:
            return described
        shares = ENDS if field.type in DATES else SHARES
        held = zip(shares, self.at(field, within, [round(share * (number - 1)) for share in shares]), strict=True)
        known = [(share, value) for share, value in held if value is not None]
        if field.type in DATES:
            zone = self.clock.zone
            return self.dated(
                field, replace(described, spread=Spread(tuple((s, local_day(v, zone)) for s, v in known)))
            )
        described = replace(described, spread=Spread(tuple(known)))
        return self.binned(field, within, described) if len(known) == len(SHARES) else described

    def count(self, within: Domain) -> int:
        return self.reader.count(self.model, [*self.domain, *within])

    def at(self, field: Field, within: Domain, places: Sequence[int]) -> list[Any]:
        """The values at places in the order of a field; None for a record that was deleted meanwhile."""
        order, domain = f"{field.name}, id", [*self.domain, *within]
        found = {
            place: next(iter(self.reader.search(self.model, domain, order=order, limit=1, skip=place)), None)
            for place in sorted(set(places))
        }
        ids = [record for record in found.values() if record is not None]
        held = {row["id"]: row[field.name] for row in self.reader.read(self.model, ids, [field.name])}
        return [held.get(found[place]) for place in places]

    def dated(self, field: Field, described: FieldProfile) -> FieldProfile:
        """The years of a date as its values, and its histogram, from one call."""
        groups = self.reader.groups(self.model, self.domain, [f"{field.name}:month"])
        months = sorted((str(group.keys[0]), group.count) for group in groups if group.keys[0] is not None)
        years = Counter[str]()
        for first, count in months:
            years[first[:4]] += count
        values = tuple(Value(f"{year}-01-01", year, count) for year, count in years.items())
        return replace(described, values=values, bins=histograms.days(months))

    def binned(self, field: Field, within: Domain, described: FieldProfile) -> FieldProfile:
        """The histogram of a number, and of an amount also what is far below the others."""
        spread, number = described.spread or Spread(()), described.filled
        least, low, median, high, greatest = (float(spread.at(share) or 0) for share in (0.0, 0.1, 0.5, 0.9, 1.0))

        def below(bounds: Sequence[float]) -> list[int]:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                return list(pool.map(lambda bound: self.count([*within, [field.name, "<", bound]]), bounds))

        found = None
        if field.type == "monetary":
            found = tail((least, median, high, greatest), number, below, lambda places: self.at(field, within, places))
        bounds = histograms.amounts(least, max(low, found.above) if found else low, high, greatest)
        bins = histograms.between(bounds, below(bounds), number) if bounds else ()
        return replace(described, bins=bins, tail=found)
