"""Names and fields of a CRM, and how few calls they cost."""

from __future__ import annotations

from datetime import date
from xmlrpc.client import Fault

import pytest

from segmenter.conditions import walk
from segmenter.conditions.vocabulary import Named
from segmenter.embedded import EmbeddedServer, demo_server
from segmenter.errors import AccessDenied, Problem
from segmenter.odoo import catalog as catalogs
from segmenter.odoo.catalog import Catalog, choose_language
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.transport_faults import TransportFailed
from tests.support.fakes import IDENTITY, Recording, Scripted


@pytest.fixture(scope="module")
def crm() -> EmbeddedServer:
    return demo_server(date(2026, 11, 22))


def cataloguing(server: object) -> tuple[Catalog, Recording]:
    recording = Recording(server)  # type: ignore[arg-type]
    return Catalog(OdooReader(recording, language="es_CL")), recording


def test_a_name_is_matched_exactly(crm: EmbeddedServer) -> None:
    catalog, _calls = cataloguing(crm)
    [stage] = catalog.named("crm.stage", "Calificado")
    assert stage.name == "Calificado"
    assert catalog.named("crm.stage", "calificado") == []
    assert catalog.named("crm.stage", "Calificado ") == []


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("res.users", "ana@viveros.example"),
        ("res.users", "Ana Soto"),
        ("res.country", "CL"),
        ("res.country", "Chile"),
        ("crm.lead", "Hotel Sol"),
    ],
)
def test_what_a_record_may_be_called_by(crm: EmbeddedServer, model: str, name: str) -> None:
    catalog, _calls = cataloguing(crm)
    assert len(catalog.named(model, name)) == 1


def test_a_small_model_costs_one_call_however_many_names(crm: EmbeddedServer) -> None:
    catalog, calls = cataloguing(crm)
    for name in ("Nuevo", "Calificado", "Propuesta", "Ganado", "Ninguna", "Nuevo"):
        catalog.named("crm.stage", name)
    catalog.names("crm.stage")
    assert calls.methods == ["crm.stage.fields_get", "crm.stage.search_read"]


def test_a_big_model_is_asked_name_by_name_and_once(crm: EmbeddedServer) -> None:
    catalog, calls = cataloguing(crm)
    for name in ("Hotel Sol", "Hotel Luna", "Hotel Sol"):
        catalog.named("crm.lead", name)
    asked = [args[0] for _model, method, args, _options in calls.calls if method == "search_read"]
    assert asked == [["|", ["name", "=", name], ["email_from", "=", name]] for name in ("Hotel Sol", "Hotel Luna")]


def test_a_model_that_turns_out_big_is_asked_name_by_name(crm: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogs, "MOST", 2)
    catalog, calls = cataloguing(crm)
    assert len(catalog.named("crm.stage", "Calificado")) == 1
    assert [options["limit"] for *_call, options in calls.calls if "limit" in options] == [3, catalogs.SHOWN]


def test_an_alias_is_asked_of_the_server_not_guessed() -> None:
    for name in ("lost_reason", "lost_reason_id"):
        server = Scripted([{name: {"type": "many2one", "string": "Motivo", "relation": "crm.lost.reason"}}])
        catalog = Catalog(OdooReader(server))
        for asked in ("lost_reason", "lost_reason_id"):
            found = catalog.field("crm.lead", asked)
            assert found is not None
            assert found.name == name
        assert catalog.field("crm.lead", "team_ids") is None


def test_two_fields_of_one_model_are_not_aliases() -> None:
    server = Scripted([{"team_id": {"type": "many2one", "string": "Equipo", "relation": "crm.team"}}])
    assert Catalog(OdooReader(server)).field("crm.lead", "team_ids") is None


def test_field_names(crm: EmbeddedServer) -> None:
    catalog, _calls = cataloguing(crm)
    assert {"name", "stage_id", "tag_ids"} <= set(catalog.field_names("crm.lead"))


PEOPLE = {
    "id": {"type": "integer"},
    "name": {"type": "char"},
    "display_name": {"type": "char"},
    "login": {"type": "char"},
    "active": {"type": "boolean"},
}


def person(id_: int, name: str, login: str, active: bool = True) -> dict[str, object]:
    return {"id": id_, "name": name, "display_name": name, "login": login, "active": active}


def test_an_archived_namesake_does_not_count_beside_an_active_one() -> None:
    rows = [person(1, "Ana", "a1", active=False), person(2, "Ana", "a2"), person(3, "Eva", "e", active=False)]
    catalog = Catalog(OdooReader(Scripted([PEOPLE, rows])))
    assert catalog.named("res.users", "Ana") == [Named(2, "Ana")]
    assert catalog.named("res.users", "Eva") == [Named(3, "Eva")]
    assert catalog.names("res.users") == ["Ana"]
    assert (catalog.archived("res.users", 3), catalog.archived("res.users", 2)) == (True, False)


def test_several_of_one_name_are_all_given() -> None:
    rows = [person(1, "Ana", "a1"), person(2, "Ana", "a2")]
    assert len(Catalog(OdooReader(Scripted([PEOPLE, rows]))).named("res.users", "Ana")) == 2


def test_a_category_goes_by_its_name_and_by_its_whole_path() -> None:
    fields = {name: {"type": "char"} for name in ("name", "display_name")}
    rows = [
        {"id": 1, "name": "Oro", "display_name": "Clientes / Oro"},
        {"id": 2, "name": "Oro", "display_name": "Proveedores / Oro"},
    ]
    catalog = Catalog(OdooReader(Scripted([fields, rows], identity=IDENTITY)))
    assert len(catalog.named("res.partner.category", "Oro")) == 2
    assert catalog.named("res.partner.category", "Proveedores / Oro") == [Named(2, "Proveedores / Oro")]
    # Whoever slips is told the path, and also what looks like its last step.
    assert catalog.names("res.partner.category") == ["Clientes / Oro", "Oro", "Proveedores / Oro"]


def test_a_category_at_the_top_goes_before_one_of_its_name_further_down() -> None:
    fields = {name: {"type": "char"} for name in ("name", "display_name")}
    rows = [
        {"id": 1, "name": "Oro", "display_name": "Clientes / Oro"},
        {"id": 2, "name": "Oro", "display_name": "Oro"},
    ]
    catalog = Catalog(OdooReader(Scripted([fields, rows], identity=IDENTITY)))
    assert catalog.named("res.partner.category", "Oro") == [Named(2, "Oro")]


def test_names_are_read_in_the_clients_language_archived_ones_too(crm: EmbeddedServer) -> None:
    catalog, calls = cataloguing(crm)
    catalog.named("crm.tag", "VIP")
    context = calls.calls[-1][3]["context"]
    assert (context["lang"], context["active_test"]) == ("es_CL", False)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("Origen", "source_id (Origen)"), ("origen", "source_id (Origen)"), ("Etapa", "stage_id (Etapa)")],
)
def test_the_label_of_a_field_leads_to_its_technical_name(crm: EmbeddedServer, said: str, meant: str) -> None:
    problems: list[Problem] = []
    assert walk(said, "crm.lead", Catalog(OdooReader(crm, language="es_CL")), (), problems) is None
    assert [problem.todo for problem in problems] == [f"did you mean {meant}?"]


RESET = TransportFailed("crm.example closed the connection without an answer", passing=True)


@pytest.mark.parametrize(
    ("wanted", "active", "own", "code"),
    [
        ("es_CL", ["en_US", "es_CL", "es_ES"], "en_US", "es_CL"),
        ("es_CL", ["en_US", "es_419", "es_ES"], "en_US", "es_419"),
        ("es_CL", ["en_US", "es_419", "es_ES"], "es_ES", "es_ES"),
        ("es_CL", ["en_US", "fr_FR"], "fr_FR", "fr_FR"),
        ("es_CL", ["en_US"], False, "en_US"),
        ("es_CL", ["en_US"], "pt_BR", "en_US"),
    ],
)
def test_the_nearest_language_that_is_active(wanted: str, active: list[str], own: object, code: str) -> None:
    server = Scripted([[{"id": 1, "code": one} for one in active], [{"id": 7, "lang": own}]])
    language = choose_language(OdooReader(server), wanted)
    assert language.code == code
    said = f'The language "{wanted}" is not installed on the server: names are read in {code}'
    assert language.warning == ("" if wanted == code else said)


def test_a_server_that_is_busy_is_asked_again_in_no_language() -> None:
    server = Scripted([RESET, [{"id": 1, "code": "es_CL"}], [{"id": 7, "lang": "es_CL"}]])
    assert choose_language(OdooReader(server, sleep=lambda _seconds: None), "es_CL").warning == ""
    assert [(call[0], call[3]) for call in server.calls] == [
        *[("res.lang", {"fields": ["code"]})] * 2,
        ("res.users", {}),
    ]


def test_a_user_who_may_not_see_languages() -> None:
    with pytest.raises(AccessDenied):
        choose_language(OdooReader(Scripted([Fault(4, "no")])), "es_CL")
