"""A small invented CRM for conditions: its fields, names and records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from segmenter.conditions import Bound, Clock, Field, Named, Related, bind, parse
from segmenter.conditions.vocabulary import ListQuestion, Money, Property
from segmenter.errors import Problem

SANTIAGO = ZoneInfo("America/Santiago")
NOW = Clock(datetime(2026, 11, 22, 2, 30, tzinfo=UTC), SANTIAGO)  # still the 21st in Santiago

_LEAD = [
    ("id", "integer", "ID", None),
    ("name", "char", "Opportunity", None),
    ("city", "char", "City", None),
    ("expected_revenue", "monetary", "Expected revenue", None),
    ("color", "integer", "Color", None),
    ("active", "boolean", "Active", None),
    ("date_deadline", "date", "Expected closing", None),
    ("date_conversion", "datetime", "Conversion date", None),
    ("write_date", "datetime", "Last updated on", None),
    ("country_id", "many2one", "Country", "res.country"),
    ("partner_id", "many2one", "Customer", "res.partner"),
    ("tag_ids", "many2many", "Tags", "crm.tag"),
    ("order_ids", "one2many", "Orders", "sale.order"),
    ("lead_properties", "properties", "Properties", None),
    ("image", "binary", "Image", None),
]
_PRIORITY = (("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Very High"))
_TYPE = (("lead", "Lead"), ("opportunity", "Opportunity"))
FIELDS: dict[str, list[Field]] = {
    "crm.lead": [
        *(Field("crm.lead", name, kind, label, relation) for name, kind, label, relation in _LEAD),
        Field("crm.lead", "priority", "selection", "Priority", selection=_PRIORITY),
        Field("crm.lead", "type", "selection", "Type", selection=_TYPE),
        Field("crm.lead", "lost_reason_id", "many2one", "Lost reason", "crm.lost.reason"),
        Field("crm.lead", "day_guess", "float", "Guess", searchable=False),
    ],
    "res.country": [
        Field("res.country", "name", "char", "Country Name", translated=True),
        Field("res.country", "code", "char", "Code"),
        Field("res.country", "phone_code", "integer", "Calling code"),
    ],
    "res.partner": [
        Field("res.partner", "id", "integer", "ID"),
        Field("res.partner", "name", "char", "Name"),
        Field("res.partner", "parent_id", "many2one", "Company", "res.partner"),
        Field("res.partner", "same_id", "many2one", "Same as", "res.partner"),
        Field("res.partner", "country_id", "many2one", "Country", "res.country"),
        Field("res.partner", "category_id", "many2many", "Labels", "res.partner.category"),
        Field("res.partner", "commercial_partner_id", "many2one", "Company", "res.partner"),
        Field("res.partner", "sale_order_ids", "one2many", "Orders", "sale.order"),
    ],
    "sale.order": [
        Field("sale.order", "amount_total", "monetary", "Total"),
        Field("sale.order", "date_order", "datetime", "Order date"),
        Field("sale.order", "city", "char", "City"),
    ],
    "res.partner.category": [
        Field("res.partner.category", "name", "char", "Name"),
        Field("res.partner.category", "parent_id", "many2one", "Parent", "res.partner.category"),
    ],
    "crm.tag": [
        Field("crm.tag", "name", "char", "Tag", translated=True),
        Field("crm.tag", "color", "integer", "Color"),
        Field("crm.tag", "create_date", "datetime", "Created on"),
    ],
    "crm.lost.reason": [Field("crm.lost.reason", "name", "char", "Reason")],
}

TABLES: dict[str, dict[int, dict[str, Any]]] = {
    "res.country": {
        46: {"name": "Chile", "code": "CL", "phone_code": 56},
        173: {"name": "Peru", "code": "PE", "phone_code": 51},
    },
    "crm.tag": {
        1: {"name": "VIP 100%", "color": 0},
        2: {"name": "a_b", "color": 3},
        3: {"name": "Ñandú", "color": 10},
    },
    "res.partner.category": {
        1: {"name": "Hotels", "parent_id": None},
        2: {"name": "Seaside", "parent_id": 1},
        3: {"name": "Schools", "parent_id": None},
    },
    "res.partner": {
        1: {"name": "Holding", "parent_id": None, "country_id": 46, "category_id": [1]},
        2: {"name": "Hotel Sol", "parent_id": 1, "country_id": None, "category_id": [2, 3]},
        3: {"name": "Night desk", "parent_id": 2, "country_id": 173, "category_id": []},
    },
    "crm.lost.reason": {1: {"name": "Price"}, 2: {"name": "Price"}, 3: {"name": "Stock"}},
}


class FakeVocabulary:
    """The invented CRM's fields and names."""

    def field(self, model: str, name: str) -> Field | None:
        wanted = "lost_reason_id" if name == "lost_reason" else name
        return next((field for field in FIELDS.get(model, []) if field.name == wanted), None)

    def field_names(self, model: str) -> Iterable[str]:
        return [field.name for field in FIELDS.get(model, [])]

    def labels(self, model: str) -> Mapping[str, str]:
        return {field.name: field.label for field in FIELDS.get(model, [])}

    def named(self, model: str, name: str) -> list[Named]:
        return [Named(id, row["name"]) for id, row in TABLES[model].items() if row["name"] == name]

    def record(self, model: str, id_: int) -> Named | None:
        row = TABLES[model].get(id_)
        return None if row is None else Named(id_, row["name"])

    @property
    def of_lists(self) -> FakeVocabulary:
        return self

    def property(self, label: str) -> Property:
        options = (("Hotel", "Hotel"), ("Vivero", "Vivero"))
        kinds = {"Rubro": "selection", "Intereses": "selection", "Cultivo": "char", "Hectáreas": "float"}
        kinds |= {"Visitado": "boolean", "Visita": "date"}
        chosen = options if kinds[label] == "selection" else ()
        field = Field("crm.lead", "property", kinds[label], label, selection=chosen)
        return Property(field, many=label == "Intereses")

    def told(self, related: Related) -> None:
        return None

    def listed(self, question: ListQuestion) -> Mapping[int, Any]:
        return {}

    def decimals(self, field: Field) -> int | None:
        return 5 if field.name == "partner_latitude" else None

    def hidden(self, model: str, name: str) -> bool:
        return (model, name) == ("crm.lead", "recurring_revenue")

    def left_out(self, model: str, name: str) -> str:
        return "Notes" if (model, name) == ("crm.lead", "description") else ""

    def money(self, amount: Field) -> Money | None:
        return None

    def archived(self, model: str, id_: int) -> bool:
        return False

    def elsewhere(self, model: str, name: str) -> list[tuple[Named, str]]:
        return []

    def names(self, model: str) -> list[str]:
        return [row["name"] for row in TABLES[model].values()]


@dataclass(frozen=True)
class FakeRecord:
    """A record of given values; relations lead into ``tables``."""

    model: str
    values: Mapping[str, Any]
    tables: Mapping[str, Mapping[int, Mapping[str, Any]]]

    def field(self, model: str, name: str) -> Field | None:
        return FakeVocabulary().field(model, name)

    def value(self, field: str) -> object:
        if field == "display_name":
            return self.values.get("name")
        return self.values.get(field)

    def related(self, field: str, *, archived: bool = False) -> list[FakeRecord]:
        found = next((known for known in FIELDS[self.model] if known.name == field), None)
        if found is None or found.relation is None:
            return []
        ids = self.values.get(field) or []
        return [
            FakeRecord(found.relation, {"id": id, **self.tables[found.relation][id]}, self.tables)
            for id in ([ids] if isinstance(ids, int) else ids)
        ]


def lead(**values: Any) -> FakeRecord:
    """A lead of the invented CRM; what is not given is empty."""
    empty = {field.name: [] if field.type == "many2many" else None for field in FIELDS["crm.lead"]}
    return FakeRecord("crm.lead", {**empty, "id": 1, "active": False, **values}, TABLES)


def bound(data: object, model: str = "crm.lead", clock: Clock = NOW) -> Bound:
    """A condition parsed and bound without a problem."""
    problems: list[Problem] = []
    condition = parse(data, (), problems)
    found = condition and bind(condition, model, FakeVocabulary(), clock, problems)
    assert not problems, problems
    assert found is not None
    return found


def complaints(data: object, model: str = "crm.lead") -> list[Problem]:
    """The problems of parsing and binding ``data``."""
    problems: list[Problem] = []
    condition = parse(data, ("when",), problems)
    found = condition and bind(condition, model, FakeVocabulary(), NOW, problems)
    assert problems
    assert found is None
    return problems
