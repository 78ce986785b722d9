"""Headings as each version writes them in each language, and as people write them again."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmenter.embedded import from_export
from segmenter.embedded.export.words import named, plain
from segmenter.embedded.schema import load
from segmenter.errors import SegmenterError
from segmenter.odoo.versions import other_names
from tests.live.servers import start
from tests.support.exports import read
from tests.support.versions import LIVE
from tests.support.web import Web

FIELDS = ("name", "expected_revenue", "user_id", "create_date", "company_id", "tag_ids", "partner_name")
HEADINGS: dict[str, str] = {
    "14 es_ES": "Oportunidad,Ingreso estimado,Comercial,Creado el,Compañía,Categorías,Nombre de la compañía",
    "14 es_PE": "Oportunidad,Ingreso estimado,Vendedor,Creado en,Compañia,Categorías,Nombre de la compañía",
    "14 es_CO": "Oportunidad,Ingreso estimado,Vendedor,Creado,Compañía,Categorías,Nombre de la compañía",
    "19 es_ES": "Oportunidad,Ingresos esperados,Comercial,Creado el,Empresa,Etiquetas,Nombre de la empresa",
    "19 es_MX": "Oportunidad,Ingreso esperado,Vendedor,Creado el,Empresa,Etiquetas,Nombre de la empresa",
    "14 pt_BR": "Oportunidade,Receita Esperada,Vendedor,Criado em,Empresa,Marcadores,Nome da Empresa",
    "19 pt_BR": "Oportunidade,Receita esperada,Vendedor,Criado em,Empresa,Marcadores,Nome da empresa",
    "19 en_US": "Opportunity,Expected Revenue,Salesperson,Created on,Company,Tags,Company Name",
    "shouted": "OPORTUNIDAD,INGRESO ESPERADO,VENDEDOR,CREADO EN,COMPAÑÍA,ETIQUETAS,NOMBRE DE LA EMPRESA",
    "without accents": "oportunidad,ingreso esperado,vendedor ,creado  en,Compania,Categorias,nombre de la compania",
    "decomposed": (
        "\ufeffOportunidad*,Ingreso\u00a0esperado,Vendedor:,Creado en,Compan\u0303ia,Etiquetas,Nombre de la empresa"
    ),
}


@pytest.mark.parametrize("case", HEADINGS)
def test_headings_of_every_version_and_language(tmp_path: Path, case: str) -> None:
    model = load()["crm.lead"]
    assert [field.name if (field := named(model, heading)) else None for heading in HEADINGS[case].split(",")] == list(
        FIELDS
    )


@pytest.mark.parametrize("model", ["crm.lead", "res.partner"])
def test_no_heading_stands_for_two_fields(model: str) -> None:
    names = {"name", "display_name", "complete_name"}
    fields = load()[model].fields
    for field in fields.values():
        for label in field.label.values():
            found = named(load()[model], label)
            assert found is not None
            assert found.name == field.name or {found.name, field.name} <= names, label


@pytest.mark.parametrize(
    ("language", "headings", "cells", "key"),
    [
        ("pt_BR", "Oportunidade,Tipo", "x,Oportunidade", {"type": "opportunity"}),
        ("es_CL", "Oportunidad,Tipo", "x,Iniciativa", {"type": "lead"}),
        ("es_CL", "Oportunidad,Prioridad", "x,Media", {"priority": "1"}),
        ("pt_BR", "Oportunidade,Prioridade", "x,Muito Alta", {"priority": "3"}),
        ("en_US", "Opportunity,Priority", "x,Very High", {"priority": "3"}),
        ("es_CL", "Oportunidad,Prioridad", "x,muy  ALTA", {"priority": "3"}),
    ],
)
def test_choices_in_the_words_of_the_version_that_wrote_them(
    tmp_path: Path, language: str, headings: str, cells: str, key: dict[str, str]
) -> None:
    (tmp_path / "a.csv").write_text(f"{headings}\n{cells}\n")
    server = from_export(tmp_path / "a.csv", "crm.lead", language=language)
    assert read(server, *key) == [list(key.values())]


def test_languages_and_time_zones_of_other_servers_are_taken_as_they_stand(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "Nombre,Idioma,Zona horaria\n"
        "Ana,Spanish (CL) / Español (CL),Europa/Madrid\n"
        "Uwe,Alemán / Deutsch,Europa/Berlín\n"
    )
    server = from_export(tmp_path / "a.csv", "res.partner")
    assert read(server, "lang", "tz", model="res.partner") == [
        ["es_CL", "Europe/Madrid"],
        ["Alemán / Deutsch", "Europa/Berlín"],
    ]


def test_fields_that_only_some_versions_have_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Oportunidad,Móvil,Ingresos recurrentes\nx,+56 9 1234,25.5\n")
    server = from_export(tmp_path / "a.csv", "crm.lead")
    assert (read(server, "mobile", "recurring_revenue"), server.notes) == ([["+56 9 1234", 25.5]], ())
    (tmp_path / "a.csv").write_text("Nome,Celular,Equipe de Vendas\nAna,+55 11 1234,Sul\n")
    server = from_export(tmp_path / "a.csv", "res.partner", language="pt_BR")
    assert read(server, "mobile", "team_id", model="res.partner") == [["+55 11 1234", "Sul"]]


def test_a_label_may_have_a_slash(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Nome,CPF/CNPJ,Empresa relacionada/CPF/CNPJ\nAna,123,\n")
    server = from_export(tmp_path / "a.csv", "res.partner", language="pt_BR")
    assert (read(server, "vat", model="res.partner"), server.notes) == ([["123"]], ())
    (tmp_path / "a.csv").write_text("Oportunidad,Ganado/Perdido\nx,Perdido\n")
    assert read(from_export(tmp_path / "a.csv", "crm.lead"), "won_status") == [["lost"]]


def test_a_column_of_several_currencies_is_told(tmp_path: Path) -> None:
    for heading in ("Moneda", "Divisa", "Moeda", "Compañía/Currency"):
        text = f"Oportunidad,{heading},Ingreso esperado\nx,USD,9000\ny,usd ,5\nz,CLP,900000\n"
        (tmp_path / "a.csv").write_text(text)
        note = from_export(tmp_path / "a.csv", "crm.lead").notes[0]
        assert note.startswith(f"a.csv:B4: {heading} holds usd and CLP; amounts are compared and added up as if")
        (tmp_path / "a.csv").write_text(text.replace("CLP", "USD"))
        assert not any("added up" in note for note in from_export(tmp_path / "a.csv", "crm.lead").notes)


def test_the_fields_are_called_as_the_export_calls_them(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Oportunidad,Comercial,Tipo\nx,Ana,Iniciativa\n")
    server = from_export(tmp_path / "a.csv", "crm.lead", language="es_ES")
    told = server.execute_kw("crm.lead", "fields_get", (), {"context": {"lang": "es_ES"}})
    assert told["user_id"]["string"] == "Comercial"
    assert ["lead", "Iniciativa"] in told["type"]["selection"]
    (tmp_path / "a.csv").write_text("name,user_id\nx,Ana\n")
    server = from_export(tmp_path / "a.csv", "crm.lead", language="es_ES")
    assert (
        server.execute_kw("crm.lead", "fields_get", (), {"context": {"lang": "es_ES"}})["user_id"]["string"]
        == "Vendedor"
    )


def test_two_columns_that_may_be_one_field_are_refused_by_both_names(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Oportunidad,Comercial,Vendedor\nx,Ana,Luis\n")
    with pytest.raises(SegmenterError) as caught:
        from_export(tmp_path / "a.csv", "crm.lead")
    assert str(caught.value) == (
        "a.csv: The columns Comercial and Vendedor are both user_id; export again with only one of them"
    )


def test_a_heading_is_compared_without_what_nobody_sees() -> None:
    assert plain("\ufeff  Próxima\u00a0 Actividad *") == plain("proxima actividad")


@pytest.mark.parametrize("version", LIVE)
@pytest.mark.parametrize("language", ["en_US", "es_CL"])
@pytest.mark.parametrize("model", ["crm.lead", "res.partner"])
def test_a_real_odoo_calls_no_field_otherwise(version: str, language: str, model: str) -> None:
    known = start(version).connection()
    web = Web(known["url"], known["database"], "admin", known["admin_password"], version)
    call = {"model": model, "method": "fields_get", "args": [], "kwargs": {"context": {"lang": language}}}
    told = web.rpc(f"/web/dataset/call_kw/{model}/fields_get", **call)
    names = {"name", "display_name", "complete_name"}
    for ours in load()[model].fields:
        for entry in (told[name] for name in (ours, *other_names(model, ours)) if name in told):
            found = named(load()[model], entry["string"])
            assert found is not None, entry["string"]
            assert found.name == ours or {found.name, ours} <= names, entry["string"]
