"""What the lists of records give, asked of the server by groups: ids and numbers come back, and no records.

A one2many is asked of the listed records, by the field that points back; a many2many of the records that hold them.
Archived records of a list do not count unless the question asks for ``active``, as everywhere in Odoo. Empty numbers
count as 0 (PostgreSQL leaves them out of averages and extremes), empty dates do not count.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from segmenter.conditions.domain import WITH_ARCHIVED
from segmenter.conditions.operators import DATES
from segmenter.conditions.vocabulary import Field, ListQuestion, Money, Unanswerable
from segmenter.errors import AccessDenied
from segmenter.i18n import _, all_of, one_of
from segmenter.model_names import plural_name
from segmenter.odoo.questions import chunks
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.values import Json, converter

MODEL_FIELDS = ("model", "res_model")
"""Beside a number that points to records of any model, the field that says of which."""
FEW_VALUED = ("active", "company_id", "create_uid")
"""A field by which to group where any will do: without a group, no answer that XML-RPC could carry."""
MOST_IN_LISTS = 200_000
"""Records whose owners and values one answer lists."""
MOST_LISTED = 5_000
"""Records that a many2many may lead to; what they hold is read."""
MOST_ASKED = 200
"""The same where each must be asked for who holds it."""
DECIMALS = 6
"""Decimals that are left of sums and averages: beyond them, versions and orders of adding differ."""
PARTNERS, COMPANY = "res.partner", "commercial_partner_id"

MoneyOf = Callable[[Field], Money | None]


@dataclass
class _Sum:
    """What some listed records give together. ``filled``: how many of them hold something in the field."""

    count: int = 0
    filled: int = 0
    total: float = 0.0
    least: Json = None
    most: Json = None
    currencies: set[int] = field(default_factory=set)

    def add(self, other: _Sum) -> None:
        self.count += other.count
        self.filled += other.filled
        self.total += other.total
        self.least = _extreme(min, self.least, other.least)
        self.most = _extreme(max, self.most, other.most)
        self.currencies |= other.currencies

    def gives(self, function: str) -> Json:
        """The value of a function; None if no record has one."""
        zero = 0 if self.filled < self.count else None
        match function:
            case "count":
                return self.count
            case "sum":
                return round(self.total, DECIMALS)
            case "avg":
                return round(self.total / self.count, DECIMALS) if self.count else None
            case "min":
                return _extreme(min, self.least, zero)
            case "max":
                return _extreme(max, self.most, zero)
            case "first":
                return self.least
            case _:
                return self.most


def _extreme(which: Callable[[Json, Json], Json], one: Json, other: Json) -> Json:
    return other if one is None else one if other is None else which(one, other)


def listed(reader: OdooReader, question: ListQuestion, money_of: MoneyOf) -> dict[int, Json]:
    """Owner -> what its list gives, of those whose list gives anything. Raises `Unanswerable`."""
    what = question.list
    if reader.identity.exported:
        raise Unanswerable(
            _("An export does not tell the records behind {field}").format(field=what.name),
            todo=_("plan on the server itself, or leave this condition out"),
        )
    model = what.relation or ""
    if not reader.may(model, "read"):
        raise Unanswerable(
            _("The work user may not read {records} ({model}), which {field} lists").format(
                records=plural_name(model), model=model, field=what.name
            ),
            todo=_("ask an administrator for the right to read {model}, or leave this condition out").format(
                model=model
            ),
        )
    money = money_of(question.of) if question.of is not None and question.of.type == "monetary" else None
    owned = (_of_one2many if what.type == "one2many" else _of_many2many)(reader, question, money)
    if money is not None and question.of is not None:
        _require_one_currency(owned.values(), question.of, money, reader)
    if question.whole:
        owned = _by_company(owned, reader)
    values = ((owner, one.gives(question.function)) for owner, one in owned.items())
    return {owner: value for owner, value in values if value is not None}


def _of_one2many(reader: OdooReader, question: ListQuestion, money: Money | None) -> dict[int, _Sum]:
    what, of = question.list, question.of
    model = what.relation or ""
    back, raw = reader.list_of(what.model, what.name)
    known = reader.fields(model)
    pointing = known.get(back)
    if pointing is None or not pointing.stored:
        raise Unanswerable(
            _("The server cannot count by {field} ({label})").format(field=what.name, label=what.label),
            todo=_("use a list that is stored"),
        )
    domain = [*_filter_of(what, raw), *question.where]
    if pointing.type != "many2one":
        domain += [[name, "=", what.model] for name in MODEL_FIELDS if name in known][:1]
    if _lists(reader, pointing, of) and reader.count(model, [*domain, (back, "!=", False)]) <= MOST_IN_LISTS:
        return _by_lists(reader, question, domain, back, money)
    return _by_groups(reader, question, domain, pointing, money)


def _lists(reader: OdooReader, pointing: Field, of: Field | None) -> bool:
    """Whether to ask for lists of owners and values. A group for each owner costs its name: measured on 19 with 20,000
    contacts and 60,000 orders, 9 to 14 s against 2 s. What is no relation has no names."""
    numbers = of is not None and of.type in ("float", "monetary")
    return pointing.type == "many2one" and (reader.lists_amounts or not numbers)


def _by_lists(
    reader: OdooReader, question: ListQuestion, domain: list[Any], back: str, money: Money | None
) -> dict[int, _Sum]:
    model, of = question.list.relation or "", question.of
    known = reader.fields(model)
    by = money.field.name if money else next(name for name in FEW_VALUED if name in known)
    pointing = [*domain, (back, "!=", False)]
    found: dict[int, _Sum] = defaultdict(_Sum)
    if of is None or question.function in ("avg", "min", "max"):
        for row in reader.aggregated(model, pointing, [by], {"owner": ("array_agg", back)}):
            for owner in row["owner"]:
                found[owner].count += 1
    if of is None:
        return found
    filled = [*pointing, (of.name, "!=", False)]
    lists = {"owner": ("array_agg", back), "value": ("array_agg", of.name)}
    for row in reader.aggregated(model, filled, [by], lists):
        currency = {converter(money.field)(row[by]) or 0} if money else set[int]()
        for owner, raw in zip(row["owner"], row["value"], strict=True):
            value = converter(of)(raw)
            found[owner].add(_Sum(0, 1, _number(value), value, value, currency if value else set()))
    return found


def _by_groups(
    reader: OdooReader, question: ListQuestion, domain: list[Any], pointing: Field, money: Money | None
) -> dict[int, _Sum]:
    of, back = question.of, pointing.name
    by = [back, *([money.field.name] if money else [])]
    wanted = {"number": ("count", "id")}
    if of is not None:
        functions = ("min", "max") if of.type in DATES or question.function in ("min", "max") else ("sum",)
        wanted |= {"filled": ("count", of.name), **{function: (function, of.name) for function in functions}}
    found: dict[int, _Sum] = defaultdict(_Sum)
    for row in _grouped(reader, question.list, domain, by, wanted):
        owner = converter(pointing)(row[back])
        if owner:
            here = _Sum(int(row["number"]), int(row.get("filled") or 0), float(row.get("sum") or 0))
            here.least, here.most = _told(row.get("min"), of), _told(row.get("max"), of)
            if money and (here.total or here.least or here.most):
                here.currencies.add(converter(money.field)(row[money.field.name]) or 0)
            found[int(owner)].add(here)
    return found


def _grouped(
    reader: OdooReader, what: Field, domain: list[Any], by: Sequence[str], wanted: Mapping[str, tuple[str, str]]
) -> list[Mapping[str, Any]]:
    model = what.relation or ""
    try:
        return list(reader.aggregated(model, domain, by, wanted))
    except AccessDenied:
        # Whoever may read messages may not count them on 15 and 16, as long as it is no administrator (measured).
        raise Unanswerable(
            _("This server lets administrators alone count {records} ({model}), which {field} lists").format(
                records=plural_name(model), model=model, field=what.name
            ),
            todo=_("leave this condition out, or use another list"),
        ) from None


def _number(value: Json) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _told(raw: Any, of: Field | None) -> Json:
    """An extreme value, None if there is none. Of numbers 0 is one."""
    return None if raw is None or raw is False or of is None else converter(of)(raw)


def _filter_of(what: Field, raw: object) -> list[Any]:
    """The domain of a list's field: a list, or the text of one, or of two that are added."""
    texts = str(raw).removeprefix("(").removesuffix(")").split(") + (") if isinstance(raw, str) else [repr(raw or [])]
    try:
        found = [leaf for text in texts for leaf in ast.literal_eval(text)]
    except (ValueError, SyntaxError, TypeError):
        raise Unanswerable(
            _("{field} ({label}) shows a part of its records that only Odoo's own pages can tell").format(
                field=what.name, label=what.label
            ),
            todo=_("use another list, or another field"),
        ) from None
    # That archived records do not count goes without saying.
    return [leaf for leaf in found if isinstance(leaf, str) or list(leaf) != ["active", "=", True]]


def _of_many2many(reader: OdooReader, question: ListQuestion, money: Money | None) -> dict[int, _Sum]:
    what, of = question.list, question.of
    model = what.relation or ""
    names = [*([of.name] if of else []), *([money.field.name] if money else [])]
    rows = reader.search_read(model, question.where, names, limit=MOST_LISTED + 1)
    grouped = reader.groups_many and "active" not in reader.fields(model)
    most = MOST_LISTED if grouped else MOST_ASKED
    if len(rows) > most:
        raise Unanswerable(
            _("{field} ({label}) leads to more than {most} records, too many to ask for each").format(
                field=what.name, label=what.label, most=most
            ),
            todo=_("narrow it with where:"),
        )
    held = {row["id"]: _of_row(row, of, money) for row in rows}
    archived = WITH_ARCHIVED if "active" in reader.fields(what.model) else []
    holders: Iterable[tuple[int, Iterable[int]]]
    if grouped:
        leaf = [what.name, "in", sorted(held)]
        holders = [(group.keys[0], group.ids) for group in reader.members(what.model, [*archived, leaf], [what.name])]
    else:
        domains = [[*archived, [what.name, "in", [record]]] for record in held]
        holders = zip(held, reader.search_each(what.model, domains), strict=True)
    found: dict[int, _Sum] = defaultdict(_Sum)
    for record, owners in holders:
        for owner in owners if record in held else ():
            found[owner].add(held[record])
    return found


def _of_row(row: Mapping[str, Any], of: Field | None, money: Money | None) -> _Sum:
    value = row[of.name] if of else None
    number = _number(value)
    currencies = {row[money.field.name] or 0} if money and number else set()
    return _Sum(1, int(value is not None), number, value, value, currencies)


def _require_one_currency(sums: Iterable[_Sum], of: Field, money: Money, reader: OdooReader) -> None:
    told = {value or 0: code for code, ids in money.codes.items() for value in ids}
    met = {currency for one in sums for currency in one.currencies}
    # The codes are those of active currencies; older amounts may be in others.
    others = sorted(met - told.keys() - {0})
    named = reader.names(money.field.relation or "", others) if others else {}
    codes = sorted({told.get(currency) or named.get(currency) or _("unknown") for currency in met})
    if len(codes) < 2:
        return
    known = reader.fields(of.model).values()
    signed = [one.name for one in known if one.type == "monetary" and one.stored and one.name.endswith("_signed")]
    which = _("say which one counts: where: {{{field}: {code}}}").format(field=money.field.name, code=codes[0])
    if money.field.relation != "res.currency":
        which = _("say whose amounts count: where: {{{field}: NAME}}").format(field=money.field.name)
    own = _("or take {names}, in the company's currency").format(names=one_of(signed)) if signed else ""
    raise Unanswerable(
        _("{field} ({label}) is in several currencies: {names}. They are never added up or compared").format(
            field=of.name, label=of.label, names=all_of(codes)
        ),
        todo=", ".join(filter(None, (which, own))),
    )


def _by_company(owned: Mapping[int, _Sum], reader: OdooReader) -> dict[int, _Sum]:
    """What the lists of a company and of its contacts give together: company -> that."""
    found: dict[int, _Sum] = defaultdict(_Sum)
    for some in chunks(sorted(owned)):
        companies = reader.values(PARTNERS, [*WITH_ARCHIVED, ["id", "in", some]], COMPANY)
        for owner in some:
            found[companies.get(owner, owner)].add(owned[owner])
    return found
