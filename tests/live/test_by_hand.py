"""A client without an API on a real Odoo: its own export and its own import, there and back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from segmenter.i18n import speaking
from segmenter.odoo.server import Server
from segmenter.reports.by_hand.page import FAVOURITES, IMPORT, LOOKS
from segmenter.reports.by_hand.workbook import sheet_name
from segmenter.reports.links import PATHS_SINCE
from tests.live.servers import start
from tests.support import browsers
from tests.support.command_line import Desk
from tests.support.command_line import desk as desk
from tests.support.versions import LIVE, fresh
from tests.support.web import Web
from tests.support.wires import as_admin

LANGUAGE = "es_CL"
COLUMNS = ("id", "name", "type", "stage_id", "tag_ids", "priority", "user_id", "team_id", "expected_revenue", "active")
READ = ["name", "type", "stage_id", "tag_ids", "priority", "user_id", "team_id", "expected_revenue", "active"]
SPEC = """
version: 1
client: {name: Sin API, language: es_CL, timezone: America/Santiago}
scope: {model: crm.lead, where: {type: opportunity}}
segmentations:
  - name: Tamaño
    store: {tags: exclusive}
    segments:
      - name: Grande
        color: green
        when: {expected_revenue: {">=": 20000}}
        set: {priority: 3, user_id: Marc Demo}
      - name: Chica
        when: {expected_revenue: {"<": 5000}}
        set: {priority: null, stage_id: {to: Calificado, from: [Nueva, Nuevo]}}
    default: {name: Sin evaluar}
limits: {changes: off, overwrites: off, removed_tags: off, moved_stages: off}
"""
CONTACTS = """
version: 1
client: {name: Sin API, language: es_CL, timezone: America/Santiago}
scope: {model: res.partner, where: {is_company: true}}
segmentations:
  - name: Porte
    store: {categories: exclusive}
    segments:
      - name: Cliente / Grande
        color: green
        when: {city: {empty: false}, name: {contains: a}}
    default: {name: Cliente / Chico}
limits: {changes: off, overwrites: off, removed_tags: off, moved_stages: off}
"""


class Client:
    """The client's own session, and whoever edits meanwhile."""

    def __init__(self, version: str) -> None:
        self.version, self.odoo = version, (odoo := start(version))
        self.database = fresh(odoo, "by_hand")
        self.web = Web(odoo.url, self.database, odoo.admin_login, odoo.admin_password, version)
        self.server: Server = as_admin(odoo, self.database)

    def export(self, file: Path, model: str = "crm.lead", columns: Sequence[str] = COLUMNS) -> None:
        file.write_bytes(self.web.export(model, columns, kind="xlsx", again=True, language=LANGUAGE))

    def records(self) -> dict[int, dict[str, Any]]:
        ids = self.server.execute_kw("crm.lead", "search", [[]], {})
        return {row.pop("id"): row for row in self.server.execute_kw("crm.lead", "read", [ids, READ], {"load": None})}

    def mails(self) -> int:
        return int(self.server.execute_kw("mail.mail", "search_count", [[]], {}))


@pytest.fixture(params=LIVE)
def client(request: pytest.FixtureRequest) -> Client:
    return Client(request.param)


def test_there_and_back_through_the_import_of_odoo(client: Client, desk: Desk) -> None:
    stage = {
        row["name"]
        for row in client.server.execute_kw("crm.stage", "search_read", [[], ["name"]], {"context": {"lang": LANGUAGE}})
    }
    first = "Nueva" if "Nueva" in stage else "Nuevo"
    desk.spec.write_text(SPEC.replace("[Nueva, Nuevo]", f"[{first}]"), "utf-8")
    client.export(desk.folder / "antes.xlsx")
    before, mails = client.records(), client.mails()
    desk.done("plan", "viveros.yaml", "--from", "antes.xlsx")
    desk.done("by-hand", "P1", "--to", "primero")
    desk.done("by-hand", "P1", "--to", "primero")  # again: the same run
    person = next(id for id, row in before.items() if row["type"] == "opportunity" and row["expected_revenue"] >= 20000)
    client.server.execute_kw(
        "crm.lead", "write", [[person], {"priority": "2" if before[person]["priority"] != "2" else "1"}], {}
    )
    client.export(desk.folder / "hoy.xlsx")
    told = desk.data("by-hand", "P1", "--to", "segundo", "--now", "hoy.xlsx", code=4)
    assert [left["outcome"] for left in told["left"]] == ["conflict"]
    folder = desk.folder / "segundo"
    assert client.web.import_("crm.tag", folder / "etiquetas.xlsx", language=LANGUAGE) == 3
    assert client.web.import_("crm.lead", folder / "importar.xlsx", language=LANGUAGE) == told["records"]
    client.export(desk.folder / "despues.xlsx")
    found = desk.data("verify", "viveros.yaml", "--from", "despues.xlsx", code=4)
    assert found["imported"]["counts"] == {"applied": told["records"], "conflict": 1}
    # Another export numbers its rows anew where External IDs hold no number, so a record is told by its name.
    assert {change["name"] for change in found["changes"]} == {told["left"][0]["name"]}
    assert client.mails() == mails
    after = client.records()
    assert after[person]["priority"] != before[person]["priority"]
    assert {row["name"] for row in after.values()} == {row["name"] for row in before.values()}

    desk.done("by-hand", "R1", "--to", "vuelta", "--now", "despues.xlsx")
    assert (
        client.web.import_("crm.lead", desk.folder / "vuelta" / "deshacer.xlsx", language=LANGUAGE) == told["records"]
    )
    client.export(desk.folder / "final.xlsx")
    assert desk.data("verify", "viveros.yaml", "--from", "final.xlsx", code=10)["imported"]["run"]["kind"] == "undo"
    assert desk.data("show", "R2")["counts"] == {"applied": told["records"]}
    back = client.records()
    back[person]["priority"] = before[person]["priority"]
    assert back == before


def test_contacts_whose_categories_lie_under_each_other(client: Client, desk: Desk) -> None:
    def held() -> dict[int, list[int]]:
        rows = client.server.execute_kw("res.partner", "search_read", [[]], {"fields": ["category_id"]})
        return {row["id"]: row["category_id"] for row in rows}

    columns, before = ("id", "name", "is_company", "city", "category_id"), held()
    assert any(before.values())
    desk.spec.write_text(CONTACTS, "utf-8")
    client.export(desk.folder / "antes.xlsx", "res.partner", columns)
    desk.done("plan", "viveros.yaml", "--from", "antes.xlsx")
    told = desk.data("by-hand", "P1", "--to", "archivos")
    folder = desk.folder / "archivos"
    assert client.web.import_("res.partner.category", folder / "categorias.xlsx", language=LANGUAGE) == 3
    assert client.web.import_("res.partner", folder / "importar.xlsx", language=LANGUAGE) == told["records"]
    client.export(desk.folder / "despues.xlsx", "res.partner", columns)
    desk.done("verify", "viveros.yaml", "--from", "despues.xlsx")
    assert all(set(before[contact]) <= set(tags) for contact, tags in held().items())
    desk.done("by-hand", "R1", "--to", "vuelta", "--now", "despues.xlsx")
    client.web.import_("res.partner", desk.folder / "vuelta" / "deshacer.xlsx", language=LANGUAGE)
    assert held() == before


def test_the_clicks_of_the_page(client: Client, desk: Desk) -> None:
    """Every step as the page has it, by the words that it shows."""
    admin = client.server.identity.uid
    client.server.execute_kw("res.users", "write", [[admin], {"lang": LANGUAGE}], {})
    desk.spec.write_text(
        SPEC.split("        set: {priority: null")[0] + "limits: {changes: off, overwrites: off}\n", "utf-8"
    )
    client.export(desk.folder / "antes.xlsx")
    desk.done("plan", "viveros.yaml", "--from", "antes.xlsx")
    told = desk.data("by-hand", "P1", "--to", "archivos")
    assert len(told["sheets"]) > 1
    mails = client.mails()
    folder = desk.folder / "archivos"
    client.web.import_("crm.tag", folder / "etiquetas.xlsx", language=LANGUAGE)
    with speaking("es"):
        look, screen = next(
            (look, screen) for look in LOOKS for screen in look.screens if int(client.version) in screen.versions
        )
        words = {name: getattr(screen, name).spanish for name in ("entry", "upload", "test", "sheet")}
        sheets = [sheet_name(number) for number in range(1, len(told["sheets"]) + 1)]
    with browsers.browser() as browser:
        page = browsers.signed_in(browser, client.odoo, client.database, patience=60_000)
        for name in sheets:
            _open_list(page, client)
            if look.gear:
                page.click(".o_control_panel .o_cp_action_menus button")
            else:
                page.click(f".o_favorite_menu button:has-text('{FAVOURITES.spanish}')")
            page.click(f".o_import_menu:has-text('{words['entry']}')")
            upload = page.locator("button:visible", has_text=words["upload"])
            with page.expect_file_chooser() as chooser:
                upload.click()
            chooser.value.set_files(folder / "importar.xlsx")
            page.get_by_text(words["sheet"]).first.wait_for()
            _choose_sheet(page, name, client)
            page.click(f"button:has-text('{words['test']}'):visible")
            page.get_by_text("correcto").first.wait_for()
            page.click(f"button:has-text('{IMPORT.spanish}'):visible")
            page.wait_for_selector(".o_list_view, .o_kanban_view")
    assert client.mails() == mails  # though many got another salesperson
    client.export(desk.folder / "despues.xlsx")
    assert desk.data("verify", "viveros.yaml", "--from", "despues.xlsx")["imported"]["counts"] == {
        "applied": told["records"]
    }


def _open_list(page: Page, client: Client) -> None:
    page.goto("about:blank")
    if int(client.version) < PATHS_SINCE:
        known = [["module", "=", "crm"], ["name", "=", "crm_lead_action_pipeline"]]
        (row,) = client.server.execute_kw("ir.model.data", "search_read", [known, ["res_id"]], {})
        page.goto(f"{client.odoo.url}/web#action={row['res_id']}&model=crm.lead&view_type=list")
    else:
        page.goto(f"{client.odoo.url}/odoo/action-crm.crm_lead_action_pipeline?view_type=list")
    page.wait_for_selector(".o_list_view")


def _choose_sheet(page: Page, name: str, client: Client) -> None:
    if int(client.version) < 17:
        page.click("#s2id_oe_import_sheet a")
        page.click(f".select2-result-label:has-text('{name}')")
    else:
        page.select_option("[name=o_import_sheet]", name)
    page.wait_for_timeout(1500)  # the preview is made again, and shows nothing that tells
