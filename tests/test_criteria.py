"""The ready specs: each does the whole job on a small portfolio of its trade, and says what its rows say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from segmenter.ledger import Ledger, open_ledger
from segmenter.spec import load
from segmenter.spec.starters import CHECKOUT, TRADES, ready_spec
from tests.support.engagement import Embedded, Engagement


def soon(days: int) -> str:
    return (date.today() + timedelta(days=days)).isoformat()


LONG_AGO = "2020-03-01 12:00:00"


@dataclass(frozen=True)
class Case:
    """One record, and the tags that the spec is to give it."""

    name: str
    values: dict[str, Any]
    tags: set[str] = field(default_factory=set)


PORTFOLIOS: dict[str, list[Case]] = {
    "inmobiliaria": [
        Case(
            "Casa Los Robles",
            {"expected_revenue": 300e6, "date_deadline": soon(10)},
            {"Caliente", "Busca: casa", "Rango: sobre 250 millones"},
        ),
        Case(
            "Depto en Ñuñoa", {"expected_revenue": 120e6}, {"Tibio", "Busca: departamento", "Rango: 100 a 250 millones"}
        ),
        Case(
            "Arriendo oficina",
            {"create_date": LONG_AGO},
            {"Frío", "Busca: arriendo", "Busca: comercial", "Rango: por preguntar"},
        ),
        Case(
            "Terreno en Pucón",
            {"expected_revenue": 60e6, "referred": "Marta", "create_date": LONG_AGO},
            {"Caliente", "Busca: parcela", "Rango: hasta 100 millones"},
        ),
        Case("Casa vendida", {"stage_id": "Ganado", "expected_revenue": 99e6}),
    ],
    "servicios-profesionales": [
        Case(
            "Auditoría anual",
            {"expected_revenue": 20e6, "function": "Socio principal"},
            {"Encargo estratégico", "Área: auditoría", "Decide"},
        ),
        Case(
            "Defensa tributaria",
            {"expected_revenue": 5e6, "date_deadline": soon(20), "function": "Abogada"},
            {"Encargo estratégico", "Área: tributaria", "Influye"},
        ),
        Case(
            "Contabilidad mensual",
            {"expected_revenue": 4e5},
            {"Encargo recurrente", "Área: contable", "Cargo desconocido"},
        ),
        Case("Revisión de contrato", {"expected_revenue": 3e5}, {"Encargo puntual", "Cargo desconocido"}),
        Case("Renta [NO TOCAR]", {"expected_revenue": 3e5}),
    ],
    "vivero-minorista": [
        Case(
            "Paisajes del Maule",
            {"is_company": True, "email": "a@x.example", "city": "Talca"},
            {"Paisajista", "Contacto: correo", "Despacho: a convenir"},
        ),
        Case(
            "Colegio San Luis",
            {"is_company": True, "phone": "+56 2 2222", "city": "Ñuñoa"},
            {"Institución", "Contacto: solo teléfono", "Despacho: en recorrido"},
        ),
        Case("Panadería Luna", {"is_company": True}, {"Empresa", "Contacto: sin datos"}),
        Case("Rosa Fuentes", {"email": "rosa@x.example"}, {"Público", "Contacto: correo"}),
    ],
    "software": [
        Case(
            "Prueba de inventario",
            {"expected_revenue": 25e6, "function": "CTO"},
            {"En prueba", "Plan: corporativo", "Señal: decide tecnología"},
        ),
        Case(
            "Módulo de ventas",
            {"expected_revenue": 4e6, "date_deadline": soon(40), "email_from": "ana@gmail.com"},
            {"Evaluando", "Plan: equipo", "Señal: correo personal"},
        ),
        Case("Licencias 2020", {"expected_revenue": 1e6, "create_date": LONG_AGO}, {"Dormido", "Plan: inicial"}),
        Case("Consulta", {"referred": "Cámara"}, {"Por conocer", "Señal: recomendado"}),
    ],
    "distribuidora": [
        Case(
            "Pedido",
            {"partner_name": "Supermercado Sol", "expected_revenue": 9e6, "city": "Maipú"},
            {"Canal: supermercado", "Volumen A", "Ruta: capital"},
        ),
        Case(
            "Insumos",
            {
                "partner_name": "Hotel Mar",
                "expected_revenue": 3e6,
                "city": "Quilpué",
                "create_date": LONG_AGO,
                "date_last_stage_update": LONG_AGO,
            },
            {"Canal: hoteles y restaurantes", "Volumen B", "Ruta: costa", "Reactivar"},
        ),
        Case(
            "Clavos",
            {"partner_name": "Ferretería Díaz", "expected_revenue": 1e6, "city": "Talca"},
            {"Canal: ferretería", "Volumen C", "Ruta: sur"},
        ),
        Case(
            "Abarrotes",
            {"partner_name": "Almacén Rosita", "city": "Iquique"},
            {"Canal: almacén", "Ruta: por encomienda"},
        ),
        Case("Otro", {"partner_name": "Taller Pérez"}, {"Canal: otro"}),
    ],
}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.db") as opened:
        yield opened


@pytest.mark.parametrize("name", TRADES)
def test_the_whole_job(ledger: Ledger, name: str) -> None:
    e = Engagement(Embedded(), ledger)
    spec = load(ready_spec(name))
    model = spec.scope.model
    tags = "category_id" if model == "res.partner" else "tag_ids"
    ids = []
    for case in PORTFOLIOS[name]:
        values = {key: e.crm.stages[value] if key == "stage_id" else value for key, value in case.values.items()}
        kind = "contact" if model == "res.partner" else "opportunity"
        dates = {key: values.pop(key) for key in ("create_date", "date_last_stage_update") if key in values}
        (record,) = e.crm.create(model, {"name": case.name, "type": kind, **values})
        put(e, model, record, dates)
        ids.append(record)
    first = e.state(model, ids)

    plan = e.plan(spec, "manager")
    assert plan.violations == ()
    assert len(plan.examples) >= 3
    assert all(example.met for example in plan.examples), plan.examples
    assert e.apply(plan, "manager").exit_code == 0
    held = {row["id"]: set(row[tags]) for row in e.crm.find(model, [("id", "in", ids)], [tags])}
    names = {
        row["id"]: row["name"]
        for row in e.crm.find("crm.tag" if tags == "tag_ids" else "res.partner.category", [], ["name"])
    }
    assert {case.name: {names[tag] for tag in held[id]} for case, id in zip(PORTFOLIOS[name], ids, strict=True)} == {
        case.name: case.tags for case in PORTFOLIOS[name]
    }
    assert e.changes(spec, "manager") == []
    e.undo("R1", "manager")
    assert e.state(model, ids) == first


def put(e: Engagement, model: str, record: int, cells: dict[str, Any]) -> None:
    """Dates that Odoo sets by itself."""
    tables = e.crm._server.tables  # type: ignore[attr-defined]
    tables.put(model, record, {**tables.rows[model][record], **cells})


@pytest.mark.parametrize("name", TRADES)
def test_every_segment_has_a_record_of_its_own(name: str) -> None:
    segments = {one.name for one in (s for part in load(ready_spec(name)).segmentations for s in part.all_segments)}
    told = set().union(*(case.tags for case in PORTFOLIOS[name]))
    shown = {
        tag for example in load(ready_spec(name)).examples for got in example.expect.values() for tag in got.split(", ")
    }
    assert segments <= told | shown


@pytest.mark.parametrize("name", [*TRADES, "demo"])
def test_it_can_be_read_on_a_shared_screen(name: str) -> None:
    lines = ready_spec(name).read_text("utf-8").splitlines()
    assert max(map(len, lines)) <= 121
    assert len(lines) <= 130
    assert lines[0].startswith("# yaml-language-server: $schema=")
    assert any(re.match(r"# \w", line) for line in lines[1:4])


def test_each_is_listed_and_is_of_another_client() -> None:
    assert {file.stem for file in CHECKOUT.glob("*.yaml")} == {*TRADES, "demo"}
    clients = {load(ready_spec(name)).client.name for name in (*TRADES, "demo")}
    assert len(clients) == len(TRADES) + 1
