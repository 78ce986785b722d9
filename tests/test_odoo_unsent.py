"""Properties that a server cannot send: by groups where it can, told by name where it cannot."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.errors import CannotSend, ServerError
from segmenter.odoo.pages import Pages

CROP = {"name": "aaaa", "string": "Cultivo", "type": "char"}
WISHES = {"name": "bbbb", "string": "Intereses", "type": "tags", "tags": [["r", "Riego", 1], ["p", "Pasto", 2]]}
SECTION = {"name": "eeee", "string": "Del campo", "type": "separator"}
WHEN = {"name": "cccc", "string": "Visita", "type": "date"}
MEETING = {"name": "dddd", "string": "Cita", "type": "datetime"}


class Odoo17:
    """Three leads of one team, read as Odoo 17 reads them: with a fault for each that lacks a value."""

    def __init__(self, *defined: dict[str, Any], groups: bool = True, others: tuple[dict[str, Any], ...] = ()) -> None:
        self.teams = [{"id": 1, "lead_properties_definition": list(defined)}]
        self.teams += [{"id": 2, "lead_properties_definition": list(others)}] if others else []
        self.groups, self.asked = groups, list[tuple[str, str]]()

    def __call__(self, model: str, method: str, args: Any, options: Any, *, archived: bool = False) -> Any:
        assert archived
        self.asked.append((model, method))
        if model == "crm.team":
            return self.teams
        if method == "read_group":
            return self._groups(*args)
        ids, fields = args
        if "lead_properties" in fields:
            raise CannotSend("they cannot be sent")
        return [{"id": id_, "name": f"lead {id_}", "team_id": 1} for id_ in ids]

    def _groups(self, domain: Any, _aggregates: Any, by: list[str]) -> list[dict[str, Any]]:
        assert domain == [["team_id", "in", [1]], ["id", ">=", 5], ["id", "<=", 7]]
        if not self.groups:
            raise ServerError(f"Invalid field {by[0]}")
        (spec,) = by
        day = {"lead_properties.cccc:day": {"from": "2026-11-20", "to": "2026-11-21"}}
        return {
            "lead_properties.aaaa": [{spec: "olivo", "ids": [5, 6]}, {spec: False, "ids": [7]}],
            "lead_properties.bbbb": [{spec: ["r", "Riego", 1], "ids": [5, 6]}, {spec: ["p", "Pasto", 2], "ids": [6]}],
            "lead_properties.cccc:day": [{spec: "20 Nov 2026", "ids": [6], "__range": day}],
            "lead_properties.dddd:day": [{spec: "20 Nov 2026", "ids": [6], "__range": {}}],
        }[spec]


def rows(odoo: Odoo17, *fields: str) -> tuple[list[dict[str, Any]], list[int]]:
    pages = Pages(odoo, lambda _model: True)
    (page,) = pages.read("crm.lead", [5, 6, 7], fields, 100)
    return page, [id_ for _model, id_, _what in pages.unreadable]


def test_groups_tell_what_a_read_cannot() -> None:
    odoo = Odoo17(CROP, SECTION, WISHES, WHEN)
    found, skipped = rows(odoo, "name", "lead_properties")
    held = {row["name"]: [one["value"] for one in row["lead_properties"]] for row in found}
    assert held == {
        "lead 5": ["olivo", False, ["r"], False],
        "lead 6": ["olivo", False, ["r", "p"], "2026-11-20"],
        "lead 7": [False, False, False, False],
    }
    assert skipped == []
    assert [one["string"] for one in found[0]["lead_properties"]] == ["Cultivo", "Del campo", "Intereses", "Visita"]
    # The read that failed; whose team each is; what the teams define; a question a property; the rest of the fields.
    assert [method for _model, method in odoo.asked] == ["read", "read", "search_read", *["read_group"] * 3, "read"]


def test_of_properties_alone_no_other_field_is_read() -> None:
    found, _skipped = rows(Odoo17(CROP), "lead_properties")
    assert [row["id"] for row in found] == [5, 6, 7]


@pytest.mark.parametrize(
    ("odoo", "left"),
    [
        (Odoo17(CROP, MEETING), [6]),  # a group tells the day, and not the time
        (Odoo17(CROP, groups=False), [5, 6, 7]),  # Odoo 16
        (Odoo17(WISHES, others=({**WISHES, "tags": [["r", "Riego", 1]]},)), [5, 6, 7]),  # a copied team has other tags
    ],
)
def test_what_groups_do_not_tell_is_left_by_name(odoo: Odoo17, left: list[int]) -> None:
    found, skipped = rows(odoo, "lead_properties")
    assert (skipped, [row["id"] for row in found]) == (left, [id_ for id_ in (5, 6, 7) if id_ not in left])
