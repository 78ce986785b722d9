"""Every difference between the versions, the CRM in memory, the local evaluator and the language that was ever found.

Each stays as a small case of its own: the records it needs, the condition, and which of them it takes, or that it is
refused. A case that is found by a generated condition is added here before it is mended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from segmenter.conditions.domain import MANY_TEXTS
from tests.support.differential.population import PLAIN, RELATIONS, Ref, Row, Rows, decomposed, with_companies

_REQUIRED = {"active": True, "type": "opportunity", "create_date": "2026-06-01 12:00:00", "name": "case"}


@dataclass(frozen=True)
class Group:
    """Records of one model that some cases speak of: by short keys, each as what is stored in it."""

    name: str
    model: str
    rows: Rows

    def key(self, short: str) -> str:
        """The key of one of these rows among those of all."""
        return f"{self.name}: {short}"


def leads(group: str, **rows: Row) -> Group:
    """Leads by short key. What is not given is NULL; relations lead to the group's own rows or to the population."""
    return _group(group, "crm.lead", rows)


def contacts(group: str, **rows: Row) -> Group:
    """The same for contacts."""
    return _group(group, "res.partner", rows)


def _group(group: str, model: str, rows: Mapping[str, Row]) -> Group:
    relations = {name: about[0] for name, about in RELATIONS[model].items() if about[0] != "one2many"}
    nothing = {name: [] if kind == "many2many" else None for name, kind in (PLAIN[model] | relations).items()}
    required = {name: value for name, value in _REQUIRED.items() if name in nothing}
    found = {}
    for key, given in rows.items():
        parent = given.get("parent_id")
        own = {"parent_id": f"{group}: {parent}"} if parent in rows else {}
        found[f"{group}: {key}"] = {**nothing, **required, **given, **own}
    return Group(group, model, {model: found})


@dataclass(frozen=True)
class Case:
    """``found_on``: who disagreed with the rest. ``takes``: keys of ``group``; None where the condition is refused."""

    name: str
    found_on: str
    group: Group
    condition: Mapping[str, Any]
    takes: frozenset[str] | None
    of_company: bool = False


def with_cases(rows: Rows) -> Rows:
    """The population, and the records of every case."""
    return with_companies(
        {
            model: {**group, **{key: row for case in CASES for key, row in case.group.rows.get(model, {}).items()}}
            for model, group in rows.items()
        }
    )


def _takes(name: str, found_on: str, group: Group, condition: Mapping[str, Any], *keys: str) -> Case:
    return Case(name, found_on, group, condition, frozenset(map(group.key, keys)))


def _of_company(name: str, found_on: str, condition: Mapping[str, Any], *keys: str) -> Case:
    """Asked of the company of each contact of `_COMPANIES`."""
    return replace(_takes(name, found_on, _COMPANIES, condition, *keys), of_company=True)


def _refused(name: str, found_on: str, condition: Mapping[str, Any], model: str = "crm.lead") -> Case:
    return Case(name, found_on, Group(name, model, {}), condition, None)


_CITIES = leads("cities", null={}, blank={"city": ""}, lima={"city": "Lima"})
_MANY = [f"city {number}" for number in range(MANY_TEXTS)]
_COLORS = leads("colors", null={}, zero={"color": 0}, one={"color": 1})
_PRIORITIES = leads("priorities", null={}, low={"priority": "0"}, high={"priority": "2"})
_EDGES = leads(
    "edges",
    none={},
    before={"date_conversion": "2026-01-01 02:59:59.999999"},
    after={"date_conversion": "2026-01-01 03:00:00"},
)
_COUNTRIES = leads("countries", nowhere={}, norte={"country_id": "norte"}, sur={"country_id": "sur"})
_TAGGED = leads(
    "tagged", none={}, vip={"tag_ids": ["vip"]}, gold={"tag_ids": ["oro"]}, both={"tag_ids": ["vip", "oro"]}
)
_SOLD = leads(
    "sold",
    nobody={},
    luis={"user_id": "luis"},
    ana={"user_id": "ana"},
    tarde={"lost_reason_id": "tarde", "city": "Lima"},
)
_FAMILY = contacts(
    "family",
    top={"name": "top of a tree"},
    below={"name": "below the top", "parent_id": "top", "city": "Lima"},
    gone={"name": "gone below it", "parent_id": "below", "active": False, "city": "Arica"},
    lowest={"name": "lowest of all", "parent_id": "below", "category_id": ["cerradas"]},
)
_COMPANIES = contacts(
    "companies",
    head={"name": "head of a group", "is_company": True},
    clerk={"name": "clerk of the head", "parent_id": "head", "city": "Lima"},
    branch={"name": "branch of the head", "parent_id": "head", "is_company": True, "category_id": ["escuelas"]},
    seller={"name": "seller of the branch", "parent_id": "branch"},
    office={"name": "office of the branch", "parent_id": "branch", "is_company": True, "active": False},
    porter={"name": "porter of the office", "parent_id": "office"},
    alone={"name": "of no company"},
)
_PLACES = contacts("places", nowhere={}, equator={"partner_latitude": 0.0}, north={"partner_latitude": 0.00001})

CASES = (
    # texts
    _takes("a blank text is empty", "14", _CITIES, {"city": None}, "null", "blank"),
    _takes("a blank text is not a value", "14", _CITIES, {"city": {"empty": False}}, "lima"),
    _takes("not takes an empty text", "14, 19", _CITIES, {"city": {"not": "Lima"}}, "null", "blank"),
    _takes("one of these, or empty", "14", _CITIES, {"city": ["Lima", None]}, "null", "blank", "lima"),
    _takes("none of these, nor empty", "14", _CITIES, {"city": {"not_in": ["Arica", None]}}, "lima"),
    _takes("one of many texts", "none yet", _CITIES, {"city": [*_MANY, "Lima", None]}, "null", "blank", "lima"),
    _takes("one of many texts, and not empty", "none yet", _CITIES, {"city": [*_MANY, "Lima"]}, "lima"),
    _takes("none of many texts", "none yet", _CITIES, {"city": {"not_in": [*_MANY, "Lima"]}}, "null", "blank"),
    _takes("none of many texts, nor empty", "none yet", _CITIES, {"city": {"not_in": [*_MANY, None]}}, "lima"),
    _takes(
        "none of many translated texts",
        "none yet",
        _COUNTRIES,
        {"country_id.name": {"not_in": [*_MANY, "Tierra del Norte"]}},
        *("nowhere", "sur"),
    ),
    _takes(
        "not starts_with takes an empty text", "14", _CITIES, {"not": {"city": {"starts_with": "li"}}}, "null", "blank"
    ),
    _takes(
        "wildcards stand for themselves",
        "14, 19",
        leads(
            "wildcards", percent={"city": "100%"}, plain={"city": "1000"}, under={"city": "a_b"}, back={"city": "a\\b"}
        ),
        {"any": [{"city": {"contains": "0%"}}, {"city": {"starts_with": "a_"}}, {"city": {"ends_with": "\\b"}}]},
        *("percent", "under", "back"),
    ),
    _takes(
        "accents as they are stored",
        "14, 19",
        leads("accents", nfc={"city": "Ñuñoa"}, nfd={"city": decomposed("Ñuñoa")}, capitals={"city": "ÑUÑOA"}),
        {"city": {"contains": "ñuñ"}},
        *("nfc", "capitals"),
    ),
    _takes(
        "capitals that are two characters in small letters",
        "embedded, local",
        leads("capitals", dotted={"city": "İzmir"}, plain={"city": "izmir"}, sigma={"city": "ΟΔΟΣ"}),
        {"any": [{"city": {"contains": "İz"}}, {"city": {"ends_with": "οσ"}}]},
        *("dotted", "plain", "sigma"),
    ),
    _refused("markup equal to a text", "14", {"x_page": "Santiago"}),
    _refused("markup other than a text", "14", {"x_page": {"not": "Santiago"}}),
    _refused("markup that starts with a text", "14", {"x_page": {"starts_with": "Santiago"}}),
    # numbers
    _takes("an empty number is zero", "14", _COLORS, {"color": 0}, "null", "zero"),
    _takes("an empty number is less than one", "14", _COLORS, {"color": {"<": 1}}, "null", "zero"),
    _takes("an empty number is at least zero", "14", _COLORS, {"color": {">=": 0}}, "null", "zero", "one"),
    _takes("not zero leaves empty out", "14", _COLORS, {"color": {"not": 0}}, "one"),
    _takes("one of these, zero among them", "14", _COLORS, {"color": [0, 1]}, "null", "zero", "one"),
    _takes(
        "minus zero is zero",
        "none yet",
        leads("zeros", minus={"probability": -0.0}, null={}, some={"probability": 0.1}),
        {"probability": {"empty": True}},
        *("minus", "null"),
    ),
    # yes or no, selections
    _takes(
        "NULL is no",
        "none yet",
        leads("yes or no", null={"active": None}, no={"active": False}, yes={}),
        {"active": False},
        "null",
        "no",
    ),
    _takes("a selection compared as numbers", "14", _PRIORITIES, {"priority": {"<": 2}}, "low"),
    _takes("not takes an empty selection", "14, 19", _PRIORITIES, {"priority": {"not_in": [2]}}, "null", "low"),
    # dates
    _takes(
        "the new year begins in the client's zone", "14", _EDGES, {"date_conversion": {">=": "2026-01-01"}}, "after"
    ),
    _takes("a part of a second", "14", _EDGES, {"date_conversion": "2025-12-31 23:59:59"}, "before"),
    _takes(
        "not a day takes an empty date", "14, 19", _EDGES, {"date_conversion": {"not": "2026-01-01"}}, "none", "before"
    ),
    # one record
    _takes(
        "behind an empty relation all is empty",
        "14, 19",
        _COUNTRIES,
        {"country_id.code": {"not": "XA"}},
        "nowhere",
        "sur",
    ),
    _takes(
        "a translated name, in the client's language",
        "14",
        _COUNTRIES,
        {"country_id.name": "Tierra del Norte"},
        "norte",
    ),
    _takes(
        "none of these translated names",
        "14",
        _COUNTRIES,
        {"country_id.name": {"not_in": ["Northland", "Sur"]}},
        "nowhere",
        "norte",
        "sur",
    ),
    _takes("an archived record, by name", "14, 19", _SOLD, {"lost_reason": "Tarde"}, "tarde"),
    _takes("an archived record, by a path", "14, 19", _SOLD, {"lost_reason.name": {"contains": "tard"}}, "tarde"),
    _takes(
        "a value that is taken from another record",
        "14",
        _SOLD,
        {"user_id.name": {"not": "Luis"}, "city": None},
        "nobody",
        "ana",
    ),
    # many records
    _takes("one of these tags, or none at all", "14", _TAGGED, {"tag_ids": ["Oro", None]}, "none", "gold", "both"),
    _takes("none of these tags", "14, 19", _TAGGED, {"tag_ids": {"has_none": ["Oro"]}}, "none", "vip"),
    _takes("the tag in the client's language", "14, 19", _TAGGED, {"tag_ids": {"contains": "oro"}}, "gold", "both"),
    _refused("the tag in another language", "14, 19", {"tag_ids": "Gold"}),
    _refused("no tag called so", "14, 19", {"tag_ids.name": {"not": "Oro"}}),
    _takes(
        "what archived records hold, asked by a path",
        "14, 19: where archived records are asked for",
        _FAMILY,
        {"category_id.color": 10},
    ),
    _takes("an archived category, by name", "none yet", _FAMILY, {"category_id": "Cerradas"}, "lowest"),
    _refused("a path behind another record", "14: archived ones too", {"partner_id.category_id.color": 10}),
    _refused(
        "many records behind those that point here",
        "19: archived ones too",
        {"child_ids.category_id.color": 10},
        "res.partner",
    ),
    _refused(
        "the parent of those who point here", "14: archived ones too", {"child_ids.parent_id": "Viejo"}, "res.partner"
    ),
    _refused("a tree behind another record", "14: archived ones too", {"partner_id.category_id": {"under": "Hoteles"}}),
    _refused("below an archived category", "19: nothing", {"category_id": {"under": "Viejas"}}, "res.partner"),
    # records that point here
    _takes(
        "somebody points here",
        "14: archived ones too",
        _FAMILY,
        {"child_ids": {"empty": False}},
        "top",
        "below",
    ),
    _takes("an archived record points here", "14", _FAMILY, {"child_ids": "gone below it"}),
    _takes(
        "a path to those who point here",
        "14",
        _FAMILY,
        {"child_ids.city": ["Lima", "Arica"]},
        "top",
    ),
    _refused("nobody points here", "14: archived ones count", {"child_ids": {"empty": True}}, "res.partner"),
    _refused(
        "others point here",
        "14: takes nobody, once one of them has no parent",
        {"child_ids": {"not": "Viejo"}},
        "res.partner",
    ),
    _refused("records that point here by a filter", "14: without it", {"opportunity_ids.city": "Lima"}, "res.partner"),
    # trees
    _takes(
        "under a contact, of an archived one",
        "15, 16: without it",
        leads("of a tree", archived={"partner_id": "cerrado"}, below={"partner_id": "noche"}, none={}),
        {"partner_id": {"under": "Holding Ñ"}},
        *("archived", "below"),
    ),
    _takes(
        "child_of of a contact, of an archived one",
        "15, 16: without it",
        leads("in a tree", archived={"partner_id": "cerrado"}, below={"partner_id": "noche"}, none={}),
        {"domain": [["partner_id", "child_of", [Ref("res.partner", "holding")]]]},
        *("archived", "below"),
    ),
    _takes(
        "a parent under a contact, of an archived one",
        "15: without it",
        leads("a parent", archived={"partner_id": "cerrado"}, below={"partner_id": "noche"}, none={}),
        {"partner_id.parent_id": {"under": "Holding Ñ"}},
        *("archived", "below"),
    ),
    _takes(
        "under takes what is below",
        "none yet",
        _FAMILY,
        {"parent_id": {"under": "top of a tree"}},
        "below",
        "gone",
        "lowest",
    ),
    _takes(
        "two steps up, under",
        "all: took the top itself",
        _FAMILY,
        {"parent_id.parent_id": {"under": "top of a tree"}},
        "gone",
        "lowest",
    ),
    _refused("under in what is no tree", "14, 19: faults", {"country_id": {"under": "Tierra del Norte"}}),
    _refused("under in the tree of another model", "15: nobody, 17: faults", {"user_id": {"under": "Ana Ñ"}}),
    _refused("child_of in the tree of another model", "17: faults", {"domain": [["user_id", "child_of", [2]]]}),
    # contacts that follow their company
    _of_company(
        "companies below another",
        "17, 18, 19: nobody",
        {"parent_id": {"under": "head of a group"}},
        *("branch", "seller", "office", "porter"),
    ),
    _of_company(
        "companies below another, some of them archived",
        "17, 18, 19: nobody",
        {"parent_id": {"under": ["branch of the head"]}},
        *("office", "porter"),
    ),
    _of_company(
        "companies not below another",
        "none yet",
        {"parent_id": {"not": "head of a group"}},
        *("head", "clerk", "office", "porter", "alone"),
    ),
    _of_company(
        "companies two steps below another",
        "17, 18, 19: nobody",
        {"parent_id.parent_id": {"under": "head of a group"}},
        *("office", "porter"),
    ),
    _of_company("what the company holds", "none yet", {"category_id": "Escuelas"}, "branch", "seller"),
    _of_company("what the company says", "none yet", {"name": {"starts_with": "head"}}, "head", "clerk"),
    # what is archived, asked by a path
    _refused("an archived one among many", "19: another one in an or", {"category_id.active": False}, "res.partner"),
    _refused("an active one among many", "19: another one in an or", {"category_id.active": True}, "res.partner"),
    _refused(
        "archived or active among many, in a raw domain",
        "19: active ones alone",
        {"domain": ["|", ["category_id.active", "=", True], ["category_id.active", "=", False]]},
        "res.partner",
    ),
    _takes("an active one below an archived one", "none yet", _FAMILY, {"category_id.parent_id.active": False}),
    _refused("an archived one that points here", "14", {"child_ids.active": False}, "res.partner"),
    _refused("an active one that points here", "none yet", {"child_ids.active": True}, "res.partner"),
    # numbers of more decimals than their field keeps
    _refused("more decimals than a field keeps", "14: rounds", {"partner_latitude": {"not": -1e-08}}, "res.partner"),
    _refused(
        "more decimals than a field keeps, by a path",
        "14, 15, 17: round",
        {"partner_id.partner_latitude": {"not": -1e-08}},
    ),
    _refused(
        "more decimals than a field keeps, in a raw domain",
        "14: rounds",
        {"domain": [["partner_latitude", ">", 1.123456789]]},
        "res.partner",
    ),
    _takes(
        "as many decimals as a field keeps",
        "none yet",
        _PLACES,
        {"partner_latitude": {"not": 0.00001}},
        "nowhere",
        "equator",
    ),
    _takes("more than the least of decimals", "none yet", _PLACES, {"partner_latitude": {">=": 0.00001}}, "north"),
    # texts of a size
    _refused("a text longer than its field", "14: cuts it", {"country_id.code": "XAB"}),
    _refused("a pattern longer than its field", "14: cuts it", {"country_id.code": {"ends_with": "XA"}}),
    _takes(
        "a pattern that just fits",
        "14: cuts a longer one",
        _COUNTRIES,
        {"country_id.code": {"ends_with": "A"}},
        "norte",
    ),
    # fields that Odoo computes
    _refused("the shown name", "14: takes everything", {"display_name": {"contains": "a"}}),
    # raw domains
    _takes(
        "a raw domain with the other version's name",
        "19: no such field",
        _SOLD,
        {"domain": [["lost_reason", "=", Ref("crm.lost.reason", "tarde")]]},
        "tarde",
    ),
    *(
        _refused(f"raw domain {leaf}", found_on, {"domain": [leaf]})
        for found_on, leaf in (
            ("14", ["city", "=", False]),
            ("14", ["city", "!=", ""]),
            ("14", ["city", "<", "Lima"]),
            ("14, local", ["city", "ilike", "%"]),
            ("14", ["country_id.name", "not in", ["Chile"]]),
            ("14", ["x_page", "=", "Santiago"]),
            ("14", ["color", "=", 0]),
            ("14", ["color", "<", 3]),
            ("14", ["color", "in", [1, 0]]),
            ("19", ["color", "=", 0.1]),
            ("14", ["priority", "in", [0, False]]),
            ("14", ["priority", "=", 2]),
            ("local", ["priority", "<", "2"]),
            ("local", ["priority", ">=", False]),
            ("14", ["date_conversion", "=", "2026-01-01 02:59:59"]),
            ("14", ["date_conversion", "<", "2026-01-01"]),
            ("14", ["date_deadline", "<", "today"]),
            ("19", ["active", "<", True]),
            ("14", ["tag_ids", "in", [1, False]]),
            ("14", ["partner_id", "ilike", "Hotel"]),
            ("19", ["tag_ids", "<", 3]),
            ("14", ["tag_ids", "any", [["color", "=", 3]]]),
            ("14", ["city", "not =ilike", "lima"]),
            ("14, 19: fault", ["city", "=like", "\\"]),
            ("14", ["country_id.code", "=", "XAB"]),
            ("14", ["city", "=?", ""]),
        )
    ),
    _refused("a raw domain with !", "14", {"domain": ["!", ["date_deadline", "<", "2026-01-01"]]}),
    _refused("a raw domain with ! before a selection", "14, embedded", {"domain": ["!", ["priority", "<", False]]}),
)
