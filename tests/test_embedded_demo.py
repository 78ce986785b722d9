"""The demo's CRM."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

import pytest

from segmenter.embedded import EmbeddedServer, demo_server
from segmenter.embedded.demo import PROSPECTS
from segmenter.embedded.demo_setup import WORK_USER

DAY = date(2026, 6, 15)
EVERYTHING = {"context": {"active_test": False}}


@pytest.fixture(scope="module")
def demo() -> EmbeddedServer:
    return demo_server(DAY)


def ask(demo: EmbeddedServer, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
    return demo.execute_kw(model, method, args, kwargs)


def leads(demo: EmbeddedServer, *fields: str) -> Any:
    return ask(demo, "crm.lead", "search_read", [], list(fields), **EVERYTHING)


def test_it_is_the_same_each_time(demo: EmbeddedServer) -> None:
    fields = ["name", "email_from", "phone", "expected_revenue", "stage_id", "user_id", "tag_ids", "create_date"]
    text = json.dumps(ask(demo, "crm.lead", "search_read", [], fields, order="id", load=None, **EVERYTHING))
    assert hashlib.sha256(text.encode()).hexdigest().startswith("ef7df81371e12333")
    again = demo_server(DAY)
    assert again.tables.rows["crm.lead"].keys() == demo.tables.rows["crm.lead"].keys()
    assert json.dumps(ask(again, "crm.lead", "search_read", [], fields, order="id", load=None, **EVERYTHING)) == text


def test_another_day_changes_dates_alone(demo: EmbeddedServer) -> None:
    later = demo_server(date(2026, 6, 16))
    fields = ("name", "expected_revenue", "stage_id", "user_id", "tag_ids", "active", "source_id", "email_from")
    assert leads(later, *fields) == leads(demo, *fields)
    pairs = zip(leads(demo, "create_date"), leads(later, "create_date"), strict=True)
    assert all(date.fromisoformat(b["create_date"][:10]) > date.fromisoformat(a["create_date"][:10]) for a, b in pairs)


def test_who_answers(demo: EmbeddedServer) -> None:
    who = demo.identity
    assert (who.url, who.database, who.version, who.login) == ("embedded:", "viveros", "19.0", WORK_USER)
    group = "sales_team.group_sale_salesman_all_leads"
    assert ask(demo, "res.users", "has_group", [who.uid], group) is True
    for other in ("sales_team.group_sale_manager", "base.group_system", "base.group_erp_manager"):
        assert ask(demo, "res.users", "has_group", [who.uid], other) is False


def test_the_names_that_were_agreed(demo: EmbeddedServer) -> None:
    def names(model: str, field: str = "name") -> list[str]:
        return [row[field] for row in ask(demo, model, "search_read", [], [field], order="id")]

    assert names("crm.stage") == ["Nuevo", "Calificado", "Propuesta", "Ganado"]
    assert names("crm.tag") == ["Jardinería", "Riego", "Mayorista", "VIP", "No llamar"]
    assert names("utm.source") == ["Referido", "Feria", "Sitio web", "Campaña correo", "Llamada"]
    assert names("utm.medium") == ["Teléfono", "Correo electrónico", "Web"]
    assert names("utm.campaign") == ["Primavera 2026"]
    assert names("crm.lost.reason") == ["Precio", "Sin presupuesto", "Eligió a otro"]
    assert names("crm.team") == ["Ventas Cono Sur", "Ventas Europa"]
    assert names("res.country") == ["Chile", "Perú", "España"]
    assert names("res.country", "code") == ["CL", "PE", "ES"]
    people = {row["login"]: row["name"] for row in ask(demo, "res.users", "search_read", [], ["login", "name"])}
    assert people["ana@viveros.example"] == "Ana Soto"
    assert people["luis@viveros.example"] == "Luis Paredes"
    assert people["carmen@viveros.example"] == "Carmen Vidal"
    assert [row["name"] for row in ask(demo, "crm.stage", "search_read", [["is_won", "=", True]])] == ["Ganado"]


def test_the_special_prospects(demo: EmbeddedServer) -> None:
    (hotel,) = ask(demo, "crm.lead", "search_read", [["name", "=", "Hotel Sol"]])
    assert (hotel["expected_revenue"], hotel["source_id"][1], hotel["country_id"][1]) == (9e6, "Referido", "Chile")
    assert ask(demo, "crm.lead", "search_count", [["name", "=", "Ampliación Constructora Andes"]]) == 1
    assert ask(demo, "crm.lead", "search_count", [["name", "ilike", "[NO TOCAR]"]]) == 2


def test_the_crowd_is_realistic(demo: EmbeddedServer) -> None:
    rows = leads(demo, "expected_revenue", "type", "active", "won_status", "user_id", "email_from", "tag_ids", "city")
    assert len(rows) == PROSPECTS
    assert 0.2 < sum(row["expected_revenue"] == 0 for row in rows) / PROSPECTS < 0.3
    assert all(0 <= row["expected_revenue"] <= 40_000_000 for row in rows)
    assert {row["type"] for row in rows} == {"lead", "opportunity"}
    assert {row["won_status"] for row in rows} == {"pending", "won", "lost"}
    assert 5 <= sum(not row["active"] for row in rows) <= 30
    assert 4 <= sum(not row["user_id"] for row in rows) <= 15
    assert all(row["email_from"].endswith(".example") for row in rows if row["email_from"])
    assert 0.2 < sum(bool(row["tag_ids"]) for row in rows) / PROSPECTS < 0.6
    assert any("ñ" in row["city"].lower() for row in rows)


def test_dates_are_of_the_last_eighteen_months(demo: EmbeddedServer) -> None:
    dates = [row["create_date"] for row in leads(demo, "create_date")]
    assert "2024-12" <= min(dates) < "2025-02"
    assert "2026-06-10" < max(dates) < "2026-06-15"
    for row in leads(demo, "create_date", "date_closed", "date_open"):
        assert not row["date_closed"] or row["create_date"] <= row["date_closed"] < "2026-06-16"
        assert not row["date_open"] or row["create_date"] <= row["date_open"]


def test_every_row_is_one_that_odoo_could_hold(demo: EmbeddedServer) -> None:
    for row in leads(demo, "stage_id", "probability", "won_status", "date_closed", "active", "lost_reason_id"):
        won = row["stage_id"][1] == "Ganado"
        assert won == (row["won_status"] == "won") == (row["probability"] == 100)
        assert bool(row["date_closed"]) == (row["won_status"] != "pending")
        assert bool(row["lost_reason_id"]) == (row["won_status"] == "lost")
    for model, definition in demo.tables.models.items():
        for name, field in definition.fields.items():
            for row in demo.tables.rows[model].values():
                held = row.get(name) if field.relation else None
                ids = held if isinstance(held, tuple) else [held] if held else []
                assert all(record in demo.tables.rows[field.relation or ""] for record in ids), (model, name)


def test_salespeople_see_their_own(demo: EmbeddedServer) -> None:
    ana = demo.as_user("ana@viveros.example")
    seen = ask(ana, "crm.lead", "search_read", [], ["user_id"], **EVERYTHING)
    assert 0 < len(seen) < PROSPECTS
    assert {row["user_id"] and row["user_id"][1] for row in seen} == {False, "Ana Soto"}


def test_a_change_stays_in_its_own_demo(demo: EmbeddedServer) -> None:
    other = demo_server(DAY)
    assert ask(other, "crm.lead", "write", [1], {"city": "elsewhere"}) is True
    assert ask(demo, "crm.lead", "read", [1], ["city"]) != ask(other, "crm.lead", "read", [1], ["city"])
