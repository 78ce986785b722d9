"""Another valid value for each field, as a spec says it, and none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.support.engagement import CARMEN, Crm

NONE = None
OWN: Mapping[str, Any] = {"website": "http://otra.example", "priority": 3, "color": 7, "probability": 60}
"""Values that are not like any of their type."""
TEXTS = {"email": "otra@b.example", "phone": "+56 2 2345 6789", "mobile": "+56 9 2345 6789"}


def fields_of(crm: Crm, model: str, kind: str = "manager") -> dict[str, dict[str, Any]]:
    """What the server describes to a work user, of what is kept and may be written."""
    asked = {"attributes": ["type", "store", "readonly", "required", "relation", "selection"]}
    found = crm.connect(kind).execute_kw(model, "fields_get", [], asked)
    assert isinstance(found, dict)
    return {
        name: about
        for name, about in sorted(found.items())
        if about.get("store", True) and not about.get("readonly") and name != "id"
    }


def others(crm: Crm, name: str, about: Mapping[str, Any], ids: Mapping[str, int]) -> Iterator[Any]:
    """Values that the records do not hold all, and none where the field need not be filled in."""
    kind = about["type"]
    if name in OWN:
        yield OWN[name]
    elif kind in ("char", "text", "html"):
        yield next((text for word, text in TEXTS.items() if word in name), "Otro")
    elif kind in ("integer", "float", "monetary"):
        yield 7
    elif kind == "boolean":
        yield from (True, False)
        return
    elif kind in ("date", "datetime"):
        yield "2027-06-30"
    elif kind == "selection":
        yield from [key for key, _label in about["selection"]][:2]
    elif kind in ("many2one", "many2one_reference"):
        yield from _records(crm, name, about, ids)
    elif kind in ("many2many", "one2many"):
        relation = str(about["relation"])
        named = relation in ("crm.tag", "res.partner.category")
        some = ["Otra"] if named else crm.ids(relation, [])[:1]
        yield from [{"add": some}] if some else []
        return
    else:
        yield "Otro"
    if not about.get("required"):
        yield NONE


def _records(crm: Crm, name: str, about: Mapping[str, Any], ids: Mapping[str, int]) -> Iterator[int]:
    if name in ("parent_id", "partner_id"):
        yield ids["Otra"] if name == "partner_id" else ids["Vacia"]
    elif name == "team_id":
        yield crm.teams["Ventas Europa"]
    elif name == "stage_id":
        yield from (crm.stages["Propuesta"], crm.stages["Ganado"])
    elif about["relation"] == "res.users":
        yield crm.people[CARMEN]
    else:
        yield from crm.ids(str(about["relation"]), [])[:1]
