"""Specs that are kept: each action and each choice of a spec is in one of them, and each loss that was ever found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.engagement import ANA, CARMEN, LUIS
from tests.support.undo_law.holding import Drawn
from tests.support.undo_law.portfolio import (
    ANYBODYS_TEAM,
    BRANCH_TEAM,
    CENTRAL,
    LEVEL,
    LEVELS,
    LOST_REASON,
    MAIN_TEAM,
    MARKED,
    REASONS,
    VISITS,
)
from tests.support.undo_law.specs import NEW_STAGE, PHONE, WON, reaching

LIMA = {"city": "Lima"}
ALL = {"name": {"empty": False}}
NOT_WON = {"not": {"stage_id": [WON]}}
BY_ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Case:
    """``segments``: of one segmentation, ``more``: its other keys. ``top``: other keys of the spec.

    Archived records are in the scope, of which ``where`` takes some. Nothing is noted unless ``top`` says so.
    """

    name: str
    model: str
    segments: tuple[Mapping[str, Any], ...]
    where: Mapping[str, Any]
    more: Mapping[str, Any]
    top: Mapping[str, Any]
    made_by: str

    def drawn(self, mark: str) -> Drawn:
        segments = [{"name": f"Tramo {n}", **part} for n, part in enumerate(self.segments)]
        content = {
            "segmentations": [{"name": "Caso", "segments": segments, **self.more}],
            "scope": {"model": self.model, "where": {MARKED[self.model]: mark, **self.where}, "archived": True},
            "tracking": "silent",
        }
        return Drawn(content | dict(self.top), self.made_by, BY_ADMINISTRATOR)

    def actions(self) -> set[str]:
        """What its segments do: fields, and ``convert``."""
        parts = [*self.segments, self.more.get("default", {})]
        return {name for part in parts for name in (*part.get("set", {}), *({"convert"} & part.keys()))}


def leads(
    name: str,
    *segments: Mapping[str, Any],
    where: Mapping[str, Any] | None = None,
    more: Mapping[str, Any] | None = None,
    made_by: str = "manager",
    **top: Any,
) -> Case:
    return Case(name, "crm.lead", segments, where or {}, more or {}, top, made_by)


def contacts(
    name: str,
    *segments: Mapping[str, Any],
    where: Mapping[str, Any] | None = None,
    more: Mapping[str, Any] | None = None,
    **top: Any,
) -> Case:
    return Case(name, "res.partner", segments, where or {}, more or {}, top, "manager")


def of(condition: Mapping[str, Any], **values: Any) -> dict[str, Any]:
    """A segment that sets these."""
    return {"when": condition, "set": values}


def lead(number: int) -> dict[str, Any]:
    """This one of the portfolio alone."""
    return {"name": {"contains": f"lead {number:04}"}}


HERE, THERE = {"name": {"contains": "1"}}, {"name": {"contains": "2"}}
A_CHANNEL = {"x_ley_canal": {"type": "selection", "label": "Canal", "values": ["Feria", "Otro"]}}
A_LEVEL = {LEVEL: {"type": "selection", "label": "Nivel", "values": [*LEVELS, "Medio"]}}

CASES = (
    leads(
        "plain values, and tags of people as a store",
        {
            "name": "VIP",
            "color": 5,
            **of(LIMA, source_id="Feria", medium_id="Terreno", expected_revenue=2500.5, website="http://ley.example"),
        },
        more={
            "store": {"tags": "exclusive"},
            "default": {
                "name": "Riego",
                "set": {"source_id": None, "function": None, "priority": 3, "expected_revenue": None},
            },
        },
        filters="shared",
    ),
    leads(
        "tags of people, and nothing any more",
        of(ALL, tag_ids={"add": ["Mayorista"], "remove": ["VIP"]}, date_deadline=None, **{LOST_REASON: None}),
    ),
    leads("a won stage", of(ALL, stage_id=WON), tracking="keep"),
    leads("another stage and a new one", of(HERE, stage_id="Calificado"), of(ALL, stage_id=NEW_STAGE)),
    leads("put away", of(HERE, active=False), of(ALL, active=False, source_id="Feria"), tracking="keep"),
    leads("brought back and converted", of(ALL, active=True) | {"convert": {"customer": "link"}}),
    leads("brought back elsewhere", of(ALL, active=True, stage_id="Propuesta", source_id="Feria")),
    leads("lost", of(ALL, active=False, probability=0, **{LOST_REASON: REASONS[1]}), where=NOT_WON),
    leads("a probability", of(HERE, probability=60), of(THERE, probability=0), of(ALL, probability=100), where=NOT_WON),
    leads("a probability and a stage", of(ALL, probability=60, stage_id="Propuesta"), where=NOT_WON),
    leads(
        "a person instead of another",
        of(HERE, user_id={"assign": [ANA], "only_if_empty": False}),
        of(ALL, user_id={"assign": [ANA, LUIS, CARMEN]}),
        tracking="keep",
    ),
    leads("a team", of(ALL, team_id="Ventas Europa"), tracking="keep"),
    leads("a team of another company", of(ALL, team_id=BRANCH_TEAM)),
    leads("a team of every company", of(ALL, team_id=ANYBODYS_TEAM)),
    leads("a team of one company or the other", of(HERE, team_id=BRANCH_TEAM), of(ALL, team_id=MAIN_TEAM)),
    leads("no team any more", of(ALL, team_id=None)),
    leads("a person of a team", of(ALL, user_id={"assign": [LUIS], "only_if_empty": False}, team_id=BRANCH_TEAM)),
    leads(
        "a person with more",
        of(HERE, user_id={"assign": [CARMEN], "only_if_empty": False}, team_id="Ventas Europa"),
        of(ALL, user_id={"assign": [LUIS], "only_if_empty": False}, stage_id=WON),
    ),
    leads(
        "leads become opportunities",
        {"when": HERE, "convert": {"customer": "none"}},
        {"when": THERE, "convert": {"customer": "link"}},
        {"when": ALL, "convert": {"customer": "create"}},
        tracking="keep",
    ),
    leads("a shared e-mail and phone", of(LIMA, email_from=reaching(CENTRAL), phone=reaching(PHONE)), tracking="keep"),
    # Leads of one contact without e-mail: what came to the second one with the first is of our hand too.
    leads(
        "a shared e-mail in two segments",
        of({"name": {"contains": "0029"}}, email_from=reaching(CENTRAL), website="http://ley.example"),
        of(HERE, email_from=reaching(CENTRAL), priority=3),
        of(ALL, priority=3),
    ),
    leads(
        "an e-mail for a contact that is made",
        of(ALL, email_from=reaching(CENTRAL)) | {"convert": {"customer": "create"}},
    ),
    leads("no e-mail", of(LIMA, email_from=reaching(None))),
    leads("another contact", of(HERE, partner_id=reaching("Persona 4")), of(ALL, partner_id=reaching(None))),
    leads(
        "a new contact and its phone",
        of(HERE, partner_id=reaching("Persona 4"), phone=reaching(PHONE)),
        of(ALL, email_from=reaching(CENTRAL)) | {"convert": {"customer": "link"}},
    ),
    # 1 and 37 are of Persona 1, 2 and 14 of Persona 4. Whichever goes back first hands on to the others.
    leads(
        "a shared e-mail, also of a lead that gets another contact",
        of(lead(1), email_from=reaching(CENTRAL), partner_id=reaching("Empresa 3")),
        of(lead(37), email_from=reaching(CENTRAL)),
    ),
    leads(
        "a shared e-mail of leads that a lead comes to",
        of(lead(1), email_from=reaching(CENTRAL), partner_id=reaching("Persona 4")),
        of(lead(2), email_from=reaching(CENTRAL)),
    ),
    leads(
        "a lead leaves the contact that another one gets",
        of(lead(1), email_from=reaching(CENTRAL), partner_id=reaching("Persona 4")),
        of(lead(2), email_from=reaching(CENTRAL), partner_id=reaching(None)),
    ),
    leads(
        "two leads change contacts",
        of(lead(1), email_from=reaching(CENTRAL), partner_id=reaching("Persona 4")),
        of(lead(2), email_from=reaching(CENTRAL), partner_id=reaching("Persona 1")),
    ),
    leads(
        "two leads change contacts, with the others of both",
        of(lead(1), email_from=reaching(CENTRAL), partner_id=reaching("Persona 4")),
        of(lead(2), email_from=reaching(CENTRAL), partner_id=reaching("Persona 1")),
        of(ALL, email_from=reaching(CENTRAL)),
        where={"email_from": ["persona1@ley.example", "persona4@ley.example"]},
    ),
    # 17 and 41 are of a contact without e-mail; 14 is of Persona 4, and gets the e-mail before its own turn.
    leads(
        "a lead is archived that another one hands its e-mail on to",
        of(lead(17), active=False),
        of(lead(41), email_from=reaching(CENTRAL)),
    ),
    leads(
        "leads are archived after they got an e-mail",
        {
            "value": "Otros",
            **of(HERE, email_from=reaching(CENTRAL), partner_id=reaching("Persona 4"), active=False),
        },
        where=NOT_WON,
        more={"store": {"tags": "many"}},
    ),
    leads(
        "fields made, and a value more in one",
        of(LIMA, x_ley_cuota=2, x_ley_canal="Feria", **{LEVEL: "Medio"}),
        of(ALL, x_ley_canal="Otro", **{LEVEL: "Bajo", VISITS: 2}),
        made_by=BY_ADMINISTRATOR,
        fields={"x_ley_cuota": {"type": "integer", "label": "Cuota"}, **A_CHANNEL, **A_LEVEL},
    ),
    contacts(
        "nested categories",
        {"value": "Rubro / Hoteles", "color": 4, "when": LIMA},
        {"value": "viejo", "when": {"city": {"empty": True}}},
        more={"store": {"categories": "exclusive"}, "default": {"name": "Cliente / Oro"}, "include_contacts": True},
        filters="shared",
    ),
    contacts(
        "a person and categories of people",
        of(
            ALL,
            user_id={"assign": [LUIS], "only_if_empty": False},
            category_id={"add": ["Prensa"], "remove": ["Cliente / Oro"]},
            function=None,
            website="http://ley.example",
        ),
        tracking="keep",
    ),
    contacts("contacts put away and brought back", of(LIMA, active=False), of(ALL, active=True)),
    contacts(
        "an address of people who are put away",
        of({"name": {"contains": "Empresa"}}, street=reaching("Av. Central 1"), zip=reaching("7500000")),
        of({"name": {"contains": "Persona"}}, active=False),
    ),
    contacts("an address that is people's", of({"name": {"contains": "Persona"}}, street=reaching("Av. Central 1"))),
    contacts("an e-mail and a phone of contacts", of(ALL, email=reaching(CENTRAL), phone=reaching(PHONE))),
)
