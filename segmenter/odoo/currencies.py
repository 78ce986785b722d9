"""In which currencies a CRM has its amounts.

An Odoo lead has no currency of its own: its amounts are in that of its company, and those of a lead of no company in
that of whoever looks (measured on 14 and 19, where every lead of 14 has a company). So 9,000 and 900,000 may be the
same money, and a sum over companies may mean nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from segmenter.conditions import Domain, any_of, filled
from segmenter.conditions.vocabulary import Field, Money
from segmenter.errors import ServerError
from segmenter.odoo.reader import OdooReader

COMPANY = "company_id"
AMOUNTS = ("expected_revenue", "recurring_revenue")
"""The amounts of a lead that people write."""


@dataclass(frozen=True)
class Companies:
    """``codes``: company -> the ISO code of its currency, of those that the work user sees. ``own``: of its own one."""

    codes: Mapping[int, str] = field(default_factory=dict)
    own: str = ""

    @property
    def several(self) -> bool:
        """Whether amounts can be in more than one currency at all."""
        return len(set(self.codes.values())) > 1

    def holding(self, code: str) -> tuple[int | None, ...]:
        """Companies whose amounts are in a currency; None, for no company, where the work user's own is."""
        none = (None,) if code == self.own else ()
        return (*(company for company, of in self.codes.items() if of == code), *none)

    def domain(self, code: str) -> Domain:
        """Records whose amounts are in a currency."""
        ids = [company for company in self.holding(code) if company is not None]
        within: Domain = [[COMPANY, "in", ids]]
        return any_of([[COMPANY, "=", False]], within) if code == self.own else within


def read_companies(reader: OdooReader) -> Companies:
    """The companies that the work user sees; none where it is not told."""
    try:
        codes = reader.currencies()
        if len(set(codes.values())) < 2:
            return Companies(codes, next(iter(codes.values()), ""))
        users = reader.search_read("res.users", [("id", "=", reader.identity.uid)], [COMPANY])
    except ServerError:
        return Companies()
    return Companies(codes, codes.get(users[0][COMPANY], "") if users else "")


def money_of(amount: Field, reader: OdooReader, companies: Companies) -> Money | None:
    """What tells the currency of an amount: a field beside it, or the company; None where nothing does."""
    known = reader.fields(amount.model)
    beside = known.get(reader.currency_field(amount.model, amount.name))
    if beside is not None and beside.stored and beside.relation == "res.currency":
        rows = reader.search_read("res.currency", [], ["name"])
        return Money(beside, {str(row["name"]): (row["id"],) for row in rows})
    if COMPANY not in known:
        return None
    return Money(known[COMPANY], {code: companies.holding(code) for code in sorted(set(companies.codes.values()))})


def mixed(reader: OdooReader, model: str, domain: Sequence[Any], companies: Companies) -> dict[str, int]:
    """Records of a domain that hold an amount, by the currency it is in, the most first; "" where it is not known.

    Not counted where all companies have one currency.
    """
    known = reader.fields(model)
    amounts = [known[name] for name in AMOUNTS if name in known and known[name].stored]
    if not amounts or COMPANY not in known or not companies.several:
        return {}
    counts: Counter[str] = Counter()
    wanted = [*domain, *any_of(*(filled(amount) for amount in amounts))]
    for group in reader.groups(model, wanted, [COMPANY]):
        company = group.keys[0]
        counts[companies.own if company is None else companies.codes.get(int(company), "")] += group.count
    return dict(counts.most_common())


def currency_of(currencies: Mapping[str, int], companies: Companies) -> str:
    """The one currency of amounts that were counted so; "" where there are several."""
    return companies.own if not currencies else next(iter(currencies)) if len(currencies) == 1 else ""
