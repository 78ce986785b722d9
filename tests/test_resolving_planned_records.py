"""What a plan creates or alters around the records, and what it refuses to take for a new name."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.checking.rights import in_words
from segmenter.errors import Problem
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.plans.changes import ConfigChange
from segmenter.resolving.planned_records import PlannedRecords
from segmenter.resolving.rights import forbidden
from tests.support.engagement import Embedded


@pytest.fixture
def crm() -> Embedded:
    return Embedded()


def configuration(crm: Embedded, kind: str = "all") -> tuple[PlannedRecords, list[Problem]]:
    reader, problems = OdooReader(crm.connect(kind), language="es_CL"), list[Problem]()
    return PlannedRecords(reader, Catalog(reader), problems), problems


def tags(crm: Embedded) -> Any:
    return OdooReader(crm.connect("all")).fields("crm.lead")["tag_ids"]


def test_a_tag_that_is_not_there_is_created_once(crm: Embedded) -> None:
    config, problems = configuration(crm)
    first = config.tag(tags(crm), "Alto", ("a",), color=10, why="Nivel: Alto")
    assert (first, config.tag(tags(crm), "Alto", ("b",))) == (-1, -1)
    assert config.changes == [ConfigChange(-1, "crm.tag", "Alto", {"name": "Alto", "color": 10}, why="Nivel: Alto")]
    assert problems == []


@pytest.mark.parametrize(("color", "altered"), [(None, False), (9, False), (2, True)])
def test_a_tag_that_is_there_is_recoloured_only_when_the_spec_says_another_colour(
    crm: Embedded, color: int | None, altered: bool
) -> None:
    config, _problems = configuration(crm)
    (there,) = crm.ids("crm.tag", [["name", "=", "VIP"]])
    assert config.tag(tags(crm), "VIP", (), color=color) == there
    assert config.changes == [ConfigChange(-1, "crm.tag", "VIP", {"color": 2}, {"color": 9}, there)] * altered


def test_a_tag_to_be_taken_away_is_never_created(crm: Embedded) -> None:
    config, _problems = configuration(crm)
    (there,) = crm.ids("crm.tag", [["name", "=", "VIP"]])
    assert (config.known_tag(tags(crm), "VIP", ()), config.known_tag(tags(crm), "Nadie", ())) == (there, None)
    new = config.tag(tags(crm), "Nuevo", ())
    assert config.known_tag(tags(crm), "Nuevo", ()) == new
    assert [change.name for change in config.changes] == ["Nuevo"]


def test_a_new_stage_stands_behind_the_last_that_is_not_won(crm: Embedded) -> None:
    config, problems = configuration(crm)
    crm.write("crm.stage", [crm.stages["Ganado"]], sequence=70)
    assert config.stage("Comité", (), why="Avance") == -1
    assert config.changes == [ConfigChange(-1, "crm.stage", "Comité", {"name": "Comité", "sequence": 4}, why="Avance")]
    assert config.stage("Calificado", (), why="") == crm.stages["Calificado"]
    assert problems == []


def test_a_slip_of_a_stage_is_no_new_stage(crm: Embedded) -> None:
    config, problems = configuration(crm)
    assert config.stage("Califcado", ("set", "stage_id"), why="") is None
    ((problem),) = problems
    assert problem.path == ("set", "stage_id")
    assert problem.what == "There is no stage “Califcado”"
    assert problem.todo.startswith("did you mean “Calificado”?")
    assert config.changes == []


def test_a_name_that_two_stages_have_is_ambiguous(crm: Embedded) -> None:
    first, second = crm.create("crm.stage", {"name": "Doble"}, {"name": "Doble"})
    config, problems = configuration(crm)
    assert config.stage("Doble", (), why="") is None
    assert f"Doble (id {first}), Doble (id {second})" in problems[0].what


def test_a_favourite_is_made_altered_or_left(crm: Embedded) -> None:
    shared = {"model_id": "crm.lead", "user_ids": [[6, 0, []]]}
    same, other = crm.create(
        "ir.filters",
        {"name": "Igual", "domain": "[('tag_ids', 'in', [4])]", **shared},
        {"name": "Otro", "domain": "[('tag_ids','in',[5])]", **shared},
    )
    config, _problems = configuration(crm)
    shown = [["tag_ids", "in", [4]]]
    for name in ("Igual", "Otro", "Nuevo", "Mis prospectos"):
        config.favourite(name, "crm.lead", shown, why="")
    assert [(one.name, one.id) for one in config.changes] == [
        ("Otro", other),
        ("Nuevo", None),
        ("Mis prospectos", None),
    ]
    altered, made, _private = config.changes
    assert (altered.before, altered.after) == ({"domain": "[('tag_ids','in',[5])]"}, {"domain": shown})
    assert made.after == {"name": "Nuevo", "model_id": "crm.lead", "domain": shown, "user_ids": []}
    assert same not in [one.id for one in config.changes]


def test_what_the_work_user_may_not_make_is_one_sentence_a_model(crm: Embedded) -> None:
    for kind, sentences in (("all", 1), ("manager", 0)):
        config, _problems = configuration(crm, kind)
        config.stage("Comité", (), why="")
        config.stage("Directorio", (), why="")
        config.tag(tags(crm), "Alto", ())
        assert len(forbidden(config.changes, OdooReader(crm.connect(kind)))) == sentences
    config, _problems = configuration(crm)
    config.stage("Comité", (), why="")
    config.stage("Directorio", (), why="")
    assert [str(in_words(one)) for one in forbidden(config.changes, OdooReader(crm.connect("all")))] == [
        "The work user may not create stages (Comité, Directorio); create these stages in Odoo by hand, or make the "
        "work user an administrator of Sales for it"
    ]


@pytest.mark.parametrize("name", ["Reservado ", " Reservado", "Reser\u00advado", "Reservado\u00a0"])
@pytest.mark.parametrize(("model", "field"), [("crm.lead", "tag_ids"), ("res.partner", "category_id")])
def test_a_name_that_nobody_can_tell_from_another_is_no_new_tag(
    crm: Embedded, model: str, field: str, name: str
) -> None:
    config, problems = configuration(crm)
    target = OdooReader(crm.connect("all")).fields(model)[field]
    crm.create(str(target.relation), {"name": "Reservado"})
    assert config.tag(target, name, ("value",)) is None
    ((problem),) = problems
    assert problem.what.endswith("differ in blanks or hidden characters alone")
    assert problem.todo == "write “Reservado”, or choose another name"
    assert config.changes == []
    assert config.tag(target, "RESERVADO", ()) == -1
