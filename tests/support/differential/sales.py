"""What contacts bought and did, on a real Odoo and in memory, and conditions on it at random."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from hypothesis import strategies as st

from segmenter.conditions import Bound, Field, bind, domain, parse
from segmenter.errors import Problem
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server
from tests.live import servers
from tests.support.conditions_crm import NOW
from tests.support.conditions_random import EMPTY, RELATIVE, comparisons, equalities
from tests.support.sales import CLP, Shop
from tests.support.versions import fresh, groups_field
from tests.support.wires import as_admin, log_in_as

CONTACTS, ORDERS, LEADS, ACTIVITIES = "res.partner", "sale.order", "crm.lead", "mail.activity"
MODULES = "sale_management"
Rows = Mapping[str, Mapping[int, Mapping[str, Any]]]
"""Model -> id -> what is stored."""

_AMOUNTS = [0.0, 10.5, 100.0, 333.33, 50_000.0, 400_000.0]
_MOMENTS = [
    *("2025-11-21 02:59:59", "2025-11-21 03:00:00", "2026-05-01 12:00:00", "2026-09-22 03:00:00"),
    *("2026-11-20 15:00:00", "2026-11-21 02:59:59", "2026-11-21 03:00:00", "2026-11-22 02:59:59", None),
]
_DAYS = ["2025-11-21", "2026-09-22", "2026-11-20", "2026-11-21", "2026-11-30", None]
_STATES = ["draft", "sale", "cancel"]
_NAMES = [
    ("Holding", None), ("Reception", "Holding"), ("Kitchen", "Holding"), ("Hotel", None), ("Owner", "Hotel"),
    ("Alone", None), ("Nobody", None), ("Gone", "Hotel"), ("Empty", "Holding"),
]  # fmt: skip


def population(contacts: Mapping[str, int], chance: random.Random) -> dict[str, list[dict[str, Any]]]:
    """Orders, leads and activities of some contacts. Some contacts have none, the last one of each list many."""
    buyers = [contacts[name] for name in contacts if name not in ("Nobody", "Empty")]
    orders = [
        {
            "partner_id": chance.choice(buyers),
            "amount_total": chance.choice([*_AMOUNTS, None]),
            "date_order": chance.choice(_MOMENTS[:-1]),
            "validity_date": chance.choice(_DAYS),
            "state": chance.choice(_STATES),
        }
        for _number in range(40)
    ]
    leads = [
        {
            "name": f"lead {number}",
            "partner_id": chance.choice([*buyers, None]),
            "type": chance.choice(["lead", "opportunity", "opportunity"]),
            "active": chance.random() > 0.25,
            "expected_revenue": chance.choice([*_AMOUNTS, None]),
            "date_deadline": chance.choice(_DAYS),
        }
        for number in range(40)
    ]
    activities = [
        {"res_model": model, "res_id": chance.choice(buyers), "date_deadline": chance.choice(_DAYS[:-1])}
        for model in (CONTACTS, LEADS)
        for _number in range(12)
    ]
    return {ORDERS: orders, LEADS: leads, ACTIVITIES: activities}


@dataclass(frozen=True)
class Stored:
    """A record as it was read from the server (`conditions_meaning.Thing`)."""

    rows: Rows
    fields: Mapping[str, Mapping[str, Field]]
    model: str
    id: int

    @property
    def values(self) -> Mapping[str, Any]:
        return self.rows[self.model][self.id]

    def field(self, model: str, name: str) -> Field | None:
        return self.fields[model].get(name)

    def related(self, field: str, *, archived: bool = False) -> Sequence[Stored]:
        held = self.values[field]
        return [self._of(self.fields[self.model][field].relation or "", held)] if held else []

    def listed(self, field: str, *, archived: bool) -> Sequence[Stored]:
        model = self.fields[self.model][field].relation or ""
        back = "res_id" if model == ACTIVITIES else "partner_id"
        found = [self._of(model, id_) for id_, row in self.rows[model].items() if row[back] == self.id]
        if field == "opportunity_ids":
            found = [one for one in found if one.values["type"] == "opportunity"]
        if field == "activity_ids":
            found = [one for one in found if one.values["res_model"] == self.model]
        return [one for one in found if archived or one.values.get("active", True)]

    def entity(self) -> Sequence[Stored]:
        known = self.rows[CONTACTS].items()
        return [self._of(CONTACTS, id_) for id_, row in known if row["commercial_partner_id"] == self.id]

    def _of(self, model: str, id_: int) -> Stored:
        return dataclasses.replace(self, model=model, id=id_)


READ = {
    CONTACTS: ["name", "active", "parent_id", "commercial_partner_id"],
    ORDERS: ["partner_id", "amount_total", "date_order", "validity_date", "state"],
    LEADS: ["name", "partner_id", "type", "active", "expected_revenue", "date_deadline"],
    ACTIVITIES: ["res_model", "res_id", "date_deadline"],
}


class Sold:
    """One CRM with contacts who bought: asked as planning asks. ``ids``: of the records that count; ``sql``: runs a
    statement on its database."""

    def __init__(
        self,
        name: str,
        reader: OdooReader,
        ids: Mapping[str, Sequence[int]],
        sql: Callable[[str], object] = lambda _statement: None,
    ) -> None:
        self.name, self.reader, self.ids, self.sql = name, reader, ids, sql
        self.catalog = Catalog(reader)

    def bound(self, condition: Mapping[str, Any], model: str) -> Bound | list[str]:
        """The condition on this CRM, or why it is refused."""
        problems: list[Problem] = []
        parsed = parse(condition, (), problems)
        found = parsed and bind(parsed, model, self.catalog, NOW, problems)
        return found or [problem.what for problem in problems]

    def takes(self, condition: Mapping[str, Any], model: str) -> frozenset[int] | str:
        """The ids that the server finds; why not, where the condition is refused."""
        bound = self.bound(condition, model)
        if isinstance(bound, list):
            return f"refused: {bound}"
        scope = ["|", ["active", "=", True], ["active", "=", False], ["id", "in", list(self.ids[model])]]
        return frozenset(self.reader.search(model, [*scope, *domain(bound)]))

    def stored(self) -> tuple[Rows, Mapping[str, Mapping[str, Field]]]:
        """What the server itself says of its records, and of their fields."""
        rows: dict[str, dict[int, Mapping[str, Any]]] = {}
        for model, names in READ.items():
            wanted = [name for name in names if name != "id"]
            found = self.reader.search_read(model, [], wanted, archived=True)
            rows[model] = {row["id"]: row for row in found}
        return rows, {model: self.reader.fields(model) for model in READ}


def real(version: str) -> Sold:
    """A database of its own on a real Odoo with the module of sales."""
    odoo = servers.start(version)
    database = fresh(odoo, "lists", MODULES)
    server = as_admin(odoo, database)

    def call(model: str, method: str, *args: Any) -> Any:
        return server.execute_kw(model, method, list(args), {"context": {"tracking_disable": True}})

    contacts: dict[str, int] = {}
    for name, parent in _NAMES:
        values = {"name": name, "parent_id": contacts.get(parent or "", False), "is_company": parent is None}
        contacts[name] = int(call(CONTACTS, "create", values))
    call(CONTACTS, "write", [contacts["Gone"]], {"active": False})
    # The demo's orders are in several currencies.
    sql = ["UPDATE sale_order SET currency_id = (SELECT currency_id FROM res_company WHERE id = 1)"]
    made: dict[str, list[int]] = {}
    known = call("ir.model", "search_read", [["model", "in", [CONTACTS, LEADS]]], ["model"])
    models = {row["model"]: row["id"] for row in known}
    for model, rows in population(contacts, random.Random(14)).items():
        for row in rows:
            id_ = int(call(model, "create", _needed(model, row, models)))
            made.setdefault(model, []).append(id_)
            columns = ", ".join(f"{name} = {_literal(value)}" for name, value in row.items())
            sql.insert(0, f"UPDATE {model.replace('.', '_')} SET {columns} WHERE id = {id_}")
    odoo.sql(";\n".join(sql), database)
    reader = OdooReader(_as_salesperson(odoo, database, call), timezone="America/Santiago")
    ids = {CONTACTS: list(contacts.values()), LEADS: made[LEADS], ORDERS: made[ORDERS]}
    return Sold(f"Odoo {version}", reader, ids, partial(odoo.sql, database=database))


def _as_salesperson(odoo: servers.Server, database: str, call: Callable[..., Any]) -> Server:
    """A work user as the guide makes one: it sees the documents of everybody in sales, and is no administrator."""
    wanted = [["module", "=", "sales_team"], ["name", "=", "group_sale_salesman_all_leads"]]
    ((group,),) = [[row["res_id"] for row in call("ir.model.data", "search_read", wanted, ["res_id"])]]
    user = {"name": "Work user", "login": "work", "password": "work-user-14", groups_field(odoo.version): [[4, group]]}
    uid = int(call("res.users", "create", user))
    return log_in_as(odoo, database, uid, user["login"], user["password"])


def _needed(model: str, row: Mapping[str, Any], models: Mapping[str, int]) -> dict[str, Any]:
    if model == ACTIVITIES:
        return {
            "res_model_id": models[row["res_model"]],
            "res_id": row["res_id"],
            "date_deadline": row["date_deadline"],
        }
    return {name: row[name] or False for name in ("name", "type", "partner_id") if name in row}


def _literal(value: Any) -> str:
    return "NULL" if value is None else repr(value).upper() if isinstance(value, bool) else repr(value)


def in_memory(rows: Rows, ids: Mapping[str, Sequence[int]]) -> Sold:
    """The CRM in memory with the same records, of the same ids."""
    shop = Shop()
    for model, some in rows.items():
        shop.tables.rows[model].clear()
        for id_, row in some.items():
            held = {name: value for name, value in row.items() if name != "id"}
            more = {"currency_id": CLP, "active": True} if model == ORDERS else {}
            shop.tables.add(model, id=id_, **held, **more)
    return Sold("in memory", shop.reader, ids)


_WHERE = {
    ORDERS: {
        "state": st.one_of(equalities(["draft", "sale"]), EMPTY),
        "amount_total": st.one_of(equalities([*_AMOUNTS, None]), comparisons(_AMOUNTS), EMPTY),
        "date_order": st.one_of(comparisons(["2026-05-01", "2026-11-21"]), RELATIVE),
        "validity_date": st.one_of(equalities(_DAYS), comparisons(_DAYS[:-1]), RELATIVE, EMPTY),
        "partner_id.name": equalities(["Holding", "Kitchen"]),
    },
    LEADS: {
        "active": st.booleans(),
        "expected_revenue": st.one_of(comparisons(_AMOUNTS), EMPTY),
        "date_deadline": st.one_of(equalities(_DAYS), RELATIVE, EMPTY),
    },
    ACTIVITIES: {"date_deadline": st.one_of(comparisons(_DAYS[:-1]), RELATIVE)},
}
_FIELDS = {
    ORDERS: {"amount_total": _AMOUNTS, "date_order": _DAYS[:-1], "validity_date": _DAYS[:-1]},
    LEADS: {"expected_revenue": _AMOUNTS, "date_deadline": _DAYS[:-1]},
    ACTIVITIES: {"date_deadline": _DAYS[:-1]},
}
_LISTS = {"sale_order_ids": ORDERS, "opportunity_ids": LEADS, "activity_ids": ACTIVITIES}
_COUNTS = st.one_of(equalities([0, 1, 2, 5]), comparisons([0, 1, 2, 5]), EMPTY).map(
    lambda value: value if isinstance(value, dict) else {"=": value}
)


def _about(model: str) -> st.SearchStrategy[dict[str, Any]]:
    """What may stand behind a list of records of a model."""

    @st.composite
    def drawn(draw: st.DrawFn) -> dict[str, Any]:
        function = draw(st.sampled_from(["count", "any", "none", "sum", "avg", "min", "max", "last", "first"]))
        dates = function in ("last", "first")
        fields = [name for name in _FIELDS[model] if name.endswith(("date", "order", "deadline")) == dates]
        if function in ("count", "any", "none") or not fields:
            function = function if function in ("any", "none") else "count"
            about = {function: True, **({} if function != "count" else draw(_COUNTS))}
        else:
            name = draw(st.sampled_from(fields))
            values = _FIELDS[model][name]
            compared = st.one_of(equalities(values), comparisons(values), *([RELATIVE] if dates else []), EMPTY)
            value = draw(compared)
            about = {function: name, **(value if isinstance(value, dict) else {"=": value})}
        if draw(st.booleans()):
            name = draw(st.sampled_from(list(_WHERE[model])))
            where: dict[str, Any] = {name: draw(_WHERE[model][name])}
            about["where"] = {"not": where} if draw(st.integers(1, 4)) == 1 else where
        if draw(st.booleans()):
            about["of"] = draw(st.sampled_from(["contact", "company", "both"]))
        return about

    return drawn()


def questions() -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """(model, condition): of contacts, and of leads by the list of their contact; now and then negated."""
    leaf = st.sampled_from(list(_LISTS)).flatmap(lambda name: _about(_LISTS[name]).map(lambda about: (name, about)))
    chosen = st.tuples(st.sampled_from([CONTACTS, LEADS]), leaf, st.booleans())
    return chosen.map(
        lambda drawn: (drawn[0], _condition("partner_id." if drawn[0] == LEADS else "", drawn[1], negated=drawn[2]))
    )


def _condition(before: str, leaf: tuple[str, dict[str, Any]], *, negated: bool) -> dict[str, Any]:
    condition = {before + leaf[0]: leaf[1]}
    return {"not": condition} if negated else condition
