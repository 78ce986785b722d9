"""Properties of leads are their team's: a plan that gives another team shows what becomes of them, and undo gives back.

Measured on 16 to 19, of which the CRM in memory imitates the newest; older ones know no properties.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from segmenter.cli.agreement import agreement
from segmenter.conditions.properties import in_words
from segmenter.errors import ExitCode, SpecError
from segmenter.odoo.reader import OdooReader
from tests.support.engagement import ANA, CARMEN, LUIS, Engagement
from tests.support.words import raises, sentences

pytest_plugins = ["tests.support.engagement_fixtures"]
pytestmark = pytest.mark.fact_of("16 on", "properties of leads came with 16")

SOUTH, EUROPE = "Ventas Cono Sur", "Ventas Europa"
CROP = {"name": "abcd1234", "string": "Cultivo", "type": "char"}
WATER = {
    "name": "bbbb1234",
    "string": "Riego",
    "type": "selection",
    "selection": [["a", "Goteo"], ["b", "Surco"]],
    "default": "b",
}
WHO = {"name": "cccc1234", "string": "Asesora", "type": "many2one", "comodel": "res.partner"}
SOIL = {"name": "dddd1234", "string": "Suelo", "type": "char", "default": "arena"}
READ = ["lead_properties"]
_names = itertools.count()


@pytest.fixture
def e(engagement: Engagement) -> Iterator[Engagement]:
    """Teams that made up properties: South a crop, a kind of irrigation and a person; Europe a soil."""
    crm = engagement.crm
    crm.write("crm.team", [crm.teams[SOUTH]], lead_properties_definition=[CROP, WATER, WHO])
    crm.write("crm.team", [crm.teams[EUROPE]], lead_properties_definition=[SOIL])
    yield engagement
    # Other tests share these teams, and know of no properties; those of other teams have the same names.
    crm.write("crm.team", crm.ids("crm.team", []), lead_properties_definition=[])


def team_of(e: Engagement, *made_up: dict[str, Any]) -> str:
    """A team with these properties."""
    name = e.tag(f"Equipo {next(_names)}")
    e.crm.create("crm.team", {"name": name, "lead_properties_definition": list(made_up)})
    return name


def leads(e: Engagement, *held: dict[str, Any]) -> None:
    """Leads of South that hold these properties."""
    e.make_leads(len(held), city="Lima", user_id=False, team_id=e.crm.teams[SOUTH])
    for lead, values in zip(e.leads, held, strict=True):
        e.crm.write("crm.lead", [lead], lead_properties=values)


def held(e: Engagement) -> list[dict[str, Any]]:
    """What the leads hold, by label; a record by its number."""
    rows = e.crm.find("crm.lead", [["id", "in", e.leads]], ["lead_properties"])
    return [
        {one["string"]: number(one) for one in row["lead_properties"] if one.get("value") not in (None, False, "", [])}
        for row in rows
    ]


def number(one: dict[str, Any]) -> Any:
    """The value of a property; 16 sends a record without its name."""
    value = one["value"]
    return value[0] if one["type"] == "many2one" and isinstance(value, list) else value


def setting(e: Engagement, **values: Any) -> Any:
    return e.spec({"name": "Equipo", "segments": [{"name": "Lima", "when": {"city": "Lima"}, "set": values}]})


def storing(e: Engagement, team: str) -> Any:
    segment = {"name": "Lima", "value": team, "when": {"city": "Lima"}}
    return e.spec({"name": "Equipo", "store": {"field": "team_id"}, "segments": [segment]})


def said(plan: Any) -> list[str]:
    return [one for one in sentences(plan.side_effects) if "properties of" in one]


@pytest.mark.parametrize("way", ["set", "store", "none", "of a person"])
def test_another_team_takes_them_and_an_undo_gives_them_back(e: Engagement, way: str) -> None:
    rosa = e.crm.create("res.partner", {"name": "Rosa"})[0]
    leads(e, {"abcd1234": "olivo", "bbbb1234": "a", "cccc1234": rosa}, {"abcd1234": "vid"}, {})
    first = held(e)
    assert first == [
        {"Cultivo": "olivo", "Riego": "a", "Asesora": rosa},
        {"Cultivo": "vid"},
        {},
    ]
    spec = {
        "set": lambda: setting(e, team_id=EUROPE),
        "store": lambda: storing(e, EUROPE),
        "none": lambda: setting(e, team_id=None),
        "of a person": lambda: setting(e, team_id=EUROPE, user_id={"assign": [CARMEN]}),
    }[way]()
    plan = e.plan(spec)
    assert len(said(plan)) == 1
    assert said(plan)[0].startswith("2 leads lose properties of their team, which their new team does not have (Cult")
    shown = [one for one in e.ledger.changes(plan.id) if one.field == "lead_properties" and not one.pin]
    called = f"#{rosa}" if e.crm.name == "live16" else "Rosa"
    assert in_words(shown[0].before) == f"Cultivo: olivo; Riego: Goteo; Asesora: {called}"
    report = e.apply(plan, batch_size=2)
    assert (report.exit_code, report.left) == (ExitCode.DONE, ())
    assert held(e) == [{} if way == "none" else {"Suelo": "arena"}] * 3
    assert e.changes(spec) == []
    preview = e.preview_undo(report.run.id)
    assert (preview.restorable, preview.left) == (3, ())
    back = e.undo(report.run.id, batch_size=2)
    assert (back.exit_code, back.left) == (ExitCode.DONE, ())
    assert (held(e), set(e.column("team_id"))) == (first, {e.crm.teams[SOUTH]})


def test_what_both_teams_made_up_stays(e: Engagement) -> None:
    leads(e, {"abcd1234": "olivo", "bbbb1234": "a"})
    plan = e.plan(setting(e, team_id=team_of(e, CROP, SOIL)))
    assert said(plan) == [
        "1 lead loses properties of its team, which its new team does not have (Riego); an undo gives them back"
    ]
    report = e.apply(plan)
    assert held(e) == [{"Cultivo": "olivo", "Suelo": "arena"}]
    assert e.undo(report.run.id).left == ()
    assert held(e) == [{"Cultivo": "olivo", "Riego": "a"}]


def test_a_new_salesperson_leaves_them(e: Engagement) -> None:
    """Odoo would give the lead the salesperson's team; it is written as it is, and so are the properties."""
    leads(e, {"abcd1234": "olivo"})
    plan = e.plan(setting(e, user_id={"assign": [CARMEN]}))
    assert said(plan) == []
    report = e.apply(plan)
    assert (held(e), e.column("team_id")) == ([{"Cultivo": "olivo"}], [e.crm.teams[SOUTH]])
    e.undo(report.run.id)
    assert held(e) == [{"Cultivo": "olivo"}]


def test_what_a_person_filled_in_since_is_no_conflict_with_a_new_salesperson(e: Engagement) -> None:
    leads(e, {"abcd1234": "olivo"}, {})
    plan = e.plan(setting(e, user_id={"assign": [CARMEN]}))
    e.crm.write("crm.lead", e.leads[:1], lead_properties={"abcd1234": "palto"})
    report = e.apply(plan)
    assert (report.left, held(e)) == ((), [{"Cultivo": "palto"}, {}])


def test_what_a_person_filled_in_since_the_plan_is_not_taken(e: Engagement) -> None:
    leads(e, {"abcd1234": "olivo"}, {})
    plan = e.plan(setting(e, team_id=team_of(e)))
    for lead in e.leads:
        e.crm.write("crm.lead", [lead], lead_properties={"abcd1234": "palto"})
    report = e.apply(plan)
    assert {(one.record, one.field) for one in report.left} >= {(lead, "lead_properties") for lead in e.leads}
    assert (held(e), set(e.column("team_id"))) == ([{"Cultivo": "palto"}] * 2, {e.crm.teams[SOUTH]})


def test_an_undo_leaves_a_team_whose_properties_a_person_filled_in(e: Engagement) -> None:
    leads(e, {"abcd1234": "olivo"})
    report = e.apply(e.plan(setting(e, team_id=EUROPE)))
    e.crm.write("crm.lead", e.leads, lead_properties={"dddd1234": "arcilla"})
    back = e.undo(report.run.id)
    assert sorted(one.field for one in back.left) == ["lead_properties", "team_id"]
    assert (held(e), e.column("team_id")) == ([{"Suelo": "arcilla"}], [e.crm.teams[EUROPE]])


def test_teams_without_properties_cost_no_look(engagement: Engagement) -> None:
    e = engagement
    for team in e.crm.ids("crm.team", []):
        e.crm.write("crm.team", [team], lead_properties_definition=[])
    e.make_leads(2, city="Lima", user_id=e.crm.people[ANA], team_id=e.crm.teams[SOUTH])
    plan = e.plan(setting(e, team_id=EUROPE, user_id={"assign": [LUIS], "only_if_empty": False}))
    assert not any(one.field == "lead_properties" for one in e.ledger.changes(plan.id))


def test_what_a_copied_team_no_longer_offers_is_lost_and_given_back(e: Engagement) -> None:
    """Properties of copied teams have one name; each team goes on with its own choices, tags and kinds."""
    crm = e.crm
    rosa = crm.create("res.partner", {"name": "Rosa"})[0]
    marks = {"name": "eeee1234", "string": "Marcas", "type": "tags", "tags": [["t", "uno", 1], ["u", "dos", 2]]}
    area = {"name": "ffff1234", "string": "Superficie", "type": "integer"}
    crm.write("crm.team", [crm.teams[SOUTH]], lead_properties_definition=[CROP, WATER, WHO, marks, area])
    copied = team_of(
        e,
        CROP,
        WATER | {"selection": [["b", "Surco"]]},
        WHO | {"comodel": "res.users"},
        marks | {"tags": [["t", "uno", 1]]},
        area | {"type": "char"},
    )
    whole = {"abcd1234": "olivo", "bbbb1234": "a", "cccc1234": rosa, "eeee1234": ["t", "u"], "ffff1234": 12}
    leads(e, whole, {"bbbb1234": "b", "eeee1234": ["u"]})
    first = held(e)
    plan = e.plan(setting(e, team_id=copied))
    shown = [change for change in e.ledger.changes(plan.id) if change.field == "lead_properties"]
    assert in_words(shown[0].after) == "Cultivo: olivo; Marcas: uno"
    (lost,) = said(plan)
    assert lost.startswith("2 leads lose properties")
    report = e.apply(plan)
    assert (report.exit_code, report.left) == (ExitCode.DONE, ())
    assert held(e) == [{"Cultivo": "olivo", "Marcas": ["t"]}, {"Riego": "b"}]
    back = e.undo(report.run.id)
    assert (back.exit_code, back.left, held(e)) == (ExitCode.DONE, (), first)


def test_a_condition_asks_for_properties_by_what_people_call_them(e: Engagement) -> None:
    leads(e, {"abcd1234": "olivo", "bbbb1234": "a"}, {"abcd1234": "uva"}, {"bbbb1234": "b"}, {})
    asked = {
        "Goteo": {"Riego": "Goteo"},
        "Uva": {"Cultivo": {"starts_with": "u"}},
        "Surco": {"Riego": ["Surco"], "Cultivo": {"empty": True}},
    }
    segments = [{"name": name, "when": {"property": about}} for name, about in asked.items()]
    one = {"name": "Riego", "store": {"tags": "exclusive"}, "segments": segments, "default": {"name": "Nada"}}
    plan = e.plan(e.spec(one))
    assert {count.segment: count.taken for count in plan.counts.segments} == dict.fromkeys([*asked, "Nada"], 1)
    assert e.apply(plan).counts == {"applied": 4}
    assert e.changes(e.spec(one)) == []


KIND = {"name": "eeee1234", "string": "Rubro", "type": "selection", "selection": [["h", "Hotel"], ["v", "Vivero"]]}
WISHES = {
    "name": "ffff1234",
    "string": "Intereses",
    "type": "tags",
    "tags": [["r", "Riego", 1], ["p", "Pasto", 2], ["x", "Otra cosa", 3]],
}
SIZE = {"name": "gggg1234", "string": "Hectáreas", "type": "float"}
SEEN = {"name": "hhhh1234", "string": "Visitado", "type": "boolean"}
WHEN = {"name": "iiii1234", "string": "Visita", "type": "date"}


def kept(e: Engagement, label: str, *segments: dict[str, Any], **default: Any) -> Any:
    one = {"name": "Rubro", "store": {"property": label}, "segments": list(segments), **default}
    return e.spec(one)


@pytest.fixture
def teams(e: Engagement) -> tuple[str, str]:
    """A team with all kinds of properties, and one that has the first of them under another name and key."""
    other = {**KIND, "name": "jjjj1234", "selection": [["a", "Vivero"], ["b", "Hotel"]]}
    return team_of(e, CROP, KIND, WISHES, SIZE, SEEN, WHEN), team_of(e, other)


def team_id(e: Engagement, name: str) -> int:
    return int(e.crm.ids("crm.team", [["name", "=", name]])[0])


def test_a_property_is_a_store_and_the_others_of_a_lead_stay(e: Engagement, teams: tuple[str, str]) -> None:
    first, second = (team_id(e, name) for name in teams)
    given = (first, first, second, e.crm.teams[EUROPE])
    e.make_leads(4, user_id=False, team_id=lambda n: given[n], city=lambda n: f"c{n}")
    e.crm.write("crm.lead", [e.leads[0]], lead_properties={"abcd1234": "olivo", "eeee1234": "v"})
    before = held(e)
    hotel = {"name": "Hotel", "when": {"city": ["c0", "c2", "c3"]}}
    spec = kept(e, "Rubro", hotel, {"name": "Vivero", "when": {"city": "c1"}})
    plan = e.plan(spec)
    assert plan.counts.tally.overwrites == 1
    agreed = agreement(plan, "Consultant")
    assert agreed is not None
    assert [one.does for one in agreed.segmentations[0].segments] == [
        ("Rubro becomes Hotel",),
        ("Rubro becomes Vivero",),
    ]
    assert [one for one in sentences(plan.warnings) if "of no team that has" in one] == [
        "Hotel: 1 lead is of no team that has the property Rubro, so that nothing is written on it"
    ]
    report = e.apply(plan)
    assert report.counts == {"applied": 3}
    assert held(e) == [{"Cultivo": "olivo", "Rubro": "h"}, {"Rubro": "v"}, {"Rubro": "b"}, before[3]]
    assert e.changes(spec) == []
    e.undo(report.run.id)
    assert held(e) == before


def test_leads_are_read_whose_team_got_a_property_since(e: Engagement, teams: tuple[str, str]) -> None:
    """16 to 18 cannot send them over XML-RPC; groups tell the same, but on 16."""
    team = team_id(e, teams[0])
    e.make_leads(3, user_id=False, team_id=team)
    filled = {"abcd1234": "olivo", "eeee1234": "v", "ffff1234": ["p", "x"], "gggg1234": 2.5, "iiii1234": "2026-11-20"}
    for lead, values in zip(e.leads, ({**filled, "hhhh1234": True}, {"abcd1234": "uva"}, {}), strict=True):
        e.crm.write("crm.lead", [lead], lead_properties=values)
    before = packed(e)
    (about,) = e.crm.find("crm.team", [["id", "=", team]], ["lead_properties_definition"])
    later = {"name": "kkkk1234", "string": "Plantas", "type": "integer"}
    heading = {"name": "llll1234", "string": "Del campo", "type": "separator"}
    more = [later] if e.crm.admin.identity.major == 16 else [heading, later]
    e.crm.write("crm.team", [team], lead_properties_definition=[*about["lead_properties_definition"], *more])
    spec = kept(e, "Rubro", {"name": "Hotel", "when": {"property": {"Cultivo": {"empty": False}}}})
    if e.crm.admin.identity.major == 16:
        with raises(SpecError, "Odoo cannot send what 3 leads hold in their properties"):
            e.plan(spec)
        return
    assert packed(e) == before
    report = e.apply(e.plan(spec))
    assert report.counts == {"applied": 2}
    assert ['["eeee1234", "h", "Rubro", "Hotel"]' in (one or "") for one in packed(e)] == [True, True, False]
    assert e.changes(spec) == []
    e.undo(report.run.id)
    assert packed(e) == before


def packed(e: Engagement) -> list[str | None]:
    """What the leads hold, as the tool reads it."""
    rows = {row["id"]: row["lead_properties"] for row in OdooReader(e.crm.connect()).read("crm.lead", e.leads, READ)}
    return [rows[lead] for lead in e.leads]


def test_two_properties_are_two_stores(e: Engagement, teams: tuple[str, str]) -> None:
    """Both are in the one field that Odoo keeps them in: a lead gets them by one write, and an undo takes both back."""
    first, second = (team_id(e, name) for name in teams)
    e.make_leads(3, user_id=False, team_id=lambda n: second if n == 2 else first, city=lambda n: f"c{n}")
    e.crm.write("crm.lead", [e.leads[1]], lead_properties={"abcd1234": "olivo", "eeee1234": "h"})
    before = held(e)
    kind = {"name": "Rubro", "store": {"property": "Rubro"}}
    crop = {"name": "Cultivo", "store": {"property": "Cultivo"}}
    spec = e.spec(
        {**kind, "segments": [{"name": "Hotel", "when": {"city": ["c0", "c2"]}}]},
        {**crop, "segments": [{"name": "Palto", "value": "palto", "when": {"city": ["c0", "c1"]}}]},
    )
    report = e.apply(e.plan(spec))
    assert report.counts == {"applied": 3}
    after = [{"Rubro": "h", "Cultivo": "palto"}, {"Cultivo": "palto", "Rubro": "h"}, {"Rubro": "b"}]
    assert held(e) == after
    assert e.changes(spec) == []
    e.undo(report.run.id)
    assert held(e) == before


def test_one_property_is_of_one_segmentation(e: Engagement, teams: tuple[str, str]) -> None:
    segments = [{"name": "Hotel", "when": {"city": "Lima"}}]
    one = {"name": "Rubro", "store": {"property": "Rubro"}, "segments": segments}
    with raises(SpecError, "Otra sets Rubro, which Rubro already sets"):
        e.plan(e.spec(one, {**one, "name": "Otra"}))


@pytest.mark.parametrize(
    ("label", "value", "written"),
    [
        ("Intereses", "Riego", ["x", "r"]),
        ("Cultivo", "uva", "uva"),
        ("Hectáreas", 12.5, 12.5),
        ("Visitado", True, True),
        ("Visita", "2026-11-20", "2026-11-20"),
    ],
)
def test_each_kind_of_property_can_be_written(
    e: Engagement, teams: tuple[str, str], label: str, value: Any, written: Any
) -> None:
    """Of tags, the spec's own are taken away and given; the others stay."""
    e.make_leads(1, user_id=False, team_id=team_id(e, teams[0]))
    e.crm.write("crm.lead", e.leads, lead_properties={"ffff1234": ["p", "x"], "abcd1234": "olivo"})
    before = held(e)
    second = {"name": "Otro", "value": "Pasto" if label == "Intereses" else value, "when": {"city": "nowhere"}}
    spec = kept(e, label, second, {"name": "Uno", "value": value, "when": {"referred": e.mark}})
    report = e.apply(e.plan(spec))
    assert report.counts == {"applied": 1}
    assert held(e) == [{**before[0], label: written}]
    assert e.changes(spec) == []
    e.undo(report.run.id)
    assert held(e) == before


def test_what_a_person_changed_since_the_plan_is_left(e: Engagement, teams: tuple[str, str]) -> None:
    e.make_leads(1, user_id=False, team_id=team_id(e, teams[0]))
    plan = e.plan(kept(e, "Rubro", {"name": "Hotel", "when": {"referred": e.mark}}))
    e.crm.write("crm.lead", e.leads, lead_properties={"abcd1234": "palto"})
    assert e.apply(plan).counts == {"conflict": 1}
    assert held(e) == [{"Cultivo": "palto"}]


@pytest.mark.parametrize(
    ("label", "segment", "what"),
    [
        ("Rubros", {"name": "Hotel"}, "No team has a property of leads that is called Rubros"),
        ("Rubro", {"name": "Minera"}, "Minera is no value of property"),
        ("Asesora", {"name": "Ana"}, "The property Asesora leads to records"),
        ("Rubro", {"name": "Hotel", "set": {"team_id": SOUTH}}, "The team of a lead is written beside a property"),
    ],
)
def test_what_cannot_be_stored_is_refused(
    e: Engagement, teams: tuple[str, str], label: str, segment: dict[str, Any], what: str
) -> None:
    with raises(SpecError, what):
        e.plan(kept(e, label, {**segment, "when": {"city": "Lima"}}))


def test_an_option_that_a_team_has_not_is_for_the_administrator(e: Engagement, teams: tuple[str, str]) -> None:
    less = team_of(e, {**KIND, "selection": [["h", "Hotel"]]})
    with raises(SpecError, f"Vivero is no option of the property Rubro in {less}"):
        e.plan(kept(e, "Rubro", {"name": "Vivero", "when": {"city": "Lima"}}))
    e.crm.write("crm.team", [team_id(e, less)], lead_properties_definition=[])
