"""Specs at random. No condition asks for what a spec writes: one that feeds on that need not settle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from tests.support.engagement import ANA, CARMEN, LUIS, STAGES
from tests.support.undo_law.holding import Drawn
from tests.support.undo_law.portfolio import (
    ANYBODYS_TEAM,
    BRANCH_TEAM,
    CENTRAL,
    CITIES,
    HAND,
    KINDS,
    LEVEL,
    LEVELS,
    LOST_REASON,
    MAIN_TEAM,
    MARKED,
    REASONS,
    VISITS,
)

WON = "Ganado"
NEW_STAGE = "Comité de compras"
PHONE = "+56 2 2345 6789"
Values = st.SearchStrategy[Any]


def reaching(value: str | None) -> dict[str, Any]:
    """A value that other records share."""
    return {"value": value, "reaches_other_records": True}


def _by_hand(names: tuple[str, ...]) -> Values:
    """Tags that people gave, taken or given by the spec."""
    return st.builds(
        lambda order, cut: {key: some for key, some in (("add", order[:cut]), ("remove", order[cut:])) if some},
        st.permutations(names),
        st.integers(0, len(names)),
    )


_stages = st.one_of(
    st.sampled_from([*STAGES, WON, NEW_STAGE]),
    st.builds(
        lambda to, come: {"to": to, "from": sorted(come)},
        st.sampled_from(STAGES),
        st.sets(st.sampled_from(STAGES), min_size=1),
    ),
)
people = st.fixed_dictionaries(
    {
        "assign": st.lists(st.sampled_from([ANA, LUIS, CARMEN]), min_size=1, unique=True),
        "by": st.sampled_from(["round_robin", "least_loaded"]),
        "only_if_empty": st.booleans(),
    }
)
_customers = st.fixed_dictionaries({"customer": st.sampled_from(["none", "link", "create"])})

ACTIONS: Mapping[str, Mapping[str, Values]] = {
    "crm.lead": {
        "priority": st.integers(0, 3),
        "stage_id": _stages,
        "user_id": people,
        "team_id": st.sampled_from(["Ventas Cono Sur", "Ventas Europa", BRANCH_TEAM, MAIN_TEAM, ANYBODYS_TEAM]),
        "source_id": st.sampled_from(["Feria", "Referido", None]),
        "medium_id": st.just("Terreno"),
        "function": st.sampled_from(["Gerencia", None]),
        "tag_ids": _by_hand(HAND),
        "active": st.booleans(),
        "probability": st.sampled_from([0, 12.5, 60]),
        "expected_revenue": st.sampled_from([0, 2500.5, None]),
        "date_deadline": st.sampled_from(["2027-06-30", None]),
        "website": st.just("http://ley.example"),
        LOST_REASON: st.sampled_from([*REASONS, None]),
        LEVEL: st.sampled_from([*LEVELS, None]),
        VISITS: st.integers(0, 3),
        # Of one value in the whole spec: leads of one contact cannot hold several.
        "email_from": st.just(reaching(CENTRAL)),
        "phone": st.just(reaching(PHONE)),
        "partner_id": st.sampled_from(["Persona 4", "Empresa 3"]).map(reaching),
        "convert": _customers,
    },
    "res.partner": {
        "user_id": people,
        "function": st.sampled_from(["Gerencia", None]),
        "category_id": _by_hand(KINDS),
        "active": st.booleans(),
        "website": st.sampled_from(["http://ley.example", None]),
        "email": st.just(reaching(CENTRAL)),
        "phone": st.just(reaching(PHONE)),
        "street": st.just(reaching("Av. Central 1")),
        "zip": st.just(reaching("7500000")),
    },
}
"""Model -> what a segment may set, or ``convert``, and to what."""

NAMES = {
    "crm.lead": ("Alto", "Medio", "Bajo", "Otros"),
    "res.partner": ("Alto", "Rubro / Hoteles", "Cliente / Bajo", "Rubro"),
}
STORES = {"crm.lead": "tags", "res.partner": "categories"}

_by_name = st.builds(lambda digit: {"name": {"contains": digit}}, st.sampled_from("1234"))
_by_city = st.one_of(
    st.builds(lambda city: {"city": city}, st.sampled_from(CITIES[:3])),
    st.just({"city": {"empty": True}}),
    st.just({"not": {"city": ["Lima", "Santiago"]}}),
    _by_name,
)
SHAKEN = {"partner_id", "street", "zip"}
"""What brings a whole address along, the city too."""


@st.composite
def segmentation(draw: Any, model: str, number: int, chosen: list[list[str]], conditions: Values) -> dict[str, Any]:
    """A segment, with a tag of its own, for each of ``chosen``: what it sets."""
    names = draw(st.permutations(NAMES[model]))
    parts: list[dict[str, Any]] = []
    for n, some in enumerate(chosen):
        part: dict[str, Any] = {"name": f"S{number}.{n}"}
        if n < 2 or draw(st.booleans()):
            part["when"] = draw(conditions)
        part["value"] = names[n] if number == 1 else f"{names[n]} {number}"
        if draw(st.booleans()):
            part["color"] = draw(st.integers(0, 11))
        written = {name: draw(ACTIONS[model][name]) for name in some}
        part |= {"convert": written.pop("convert")} if "convert" in written else {}
        parts.append(part | ({"set": written} if written else {}))
    made: dict[str, Any] = {
        "name": f"S{number}",
        "store": {STORES[model]: draw(st.sampled_from(["exclusive", "many"]))},
        "segments": [part for part in parts if "when" in part],
    }
    if model == "res.partner":
        assigned = [part["set"]["user_id"]["assign"] for part in parts if "user_id" in part.get("set", {})]
        made["include_contacts"] = all(len(one) == 1 for one in assigned) and draw(st.booleans())
    rest = [part for part in parts if "when" not in part]
    return made | ({"default": rest[0]} if rest else {})


@st.composite
def _scopes(draw: Any) -> dict[str, Any]:
    model = draw(st.sampled_from(["crm.lead", "crm.lead", "crm.lead", "res.partner"]))
    return {"model": model, "archived": draw(st.booleans())}


@st.composite
def drawn(draw: Any, mark: str) -> Drawn:
    """Up to three segments that set things, beside a segmentation that only tags."""
    scope = draw(_scopes())
    model = scope["model"]
    some = st.lists(st.sampled_from(sorted(ACTIONS[model])), min_size=1, max_size=4, unique=True)
    chosen = [sorted(one) for one in draw(st.lists(some, min_size=2, max_size=3))]
    conditions = _by_name if SHAKEN & {name for one in chosen for name in one} else _by_city
    content = {
        "segmentations": [
            draw(segmentation(model, 1, chosen, conditions)),
            draw(segmentation(model, 2, [[], []], conditions)),
        ],
        "scope": {**scope, "where": {MARKED[model]: mark}},
        "filters": draw(st.sampled_from(["none", "shared"])),
        "tracking": draw(st.sampled_from(["keep", "silent"])),
    }
    return Drawn(possible(content), *(draw(st.sampled_from(["manager", "administrator"])) for _who in "12"))


def possible(content: dict[str, Any]) -> dict[str, Any]:
    """Without what Odoo refuses or does not keep: a won lead is in use, and of no other probability than 100.

    And without a probability beside what reaches other leads: Odoo may move that of the next lead before its turn has
    come, which is then left, by name, as if a person had.
    """
    first, *_more = content["segmentations"]
    parts = [*first["segments"], *([first["default"]] if "default" in first else [])]
    sets = [part["set"] for part in parts if "set" in part]
    named = {name for one in sets for name in one}
    if content["scope"]["model"] == "crm.lead" and named & {"probability", "active"}:
        content["protect"] = [{"stage_id": [WON]}]
        for one in sets:
            stage = one.get("stage_id")
            if WON in (stage, stage["to"] if isinstance(stage, dict) else None):
                one["stage_id"] = STAGES[1]
    for one in sets if "probability" in named else []:
        for name in named & {"email_from", "phone", "partner_id"}:
            one.pop(name, None)
    for part in parts:
        if part.get("set") == {}:
            del part["set"]
    return content
