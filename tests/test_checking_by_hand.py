"""The steps by which an administrator makes a field: what they say, and that they work on the screens."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from segmenter.checking import by_hand
from segmenter.checking.by_hand import form_of, steps
from segmenter.conditions import Field
from segmenter.i18n import Label, use_language
from segmenter.odoo.versions import KNOWN_VERSIONS
from segmenter.reports.guide import screens_of
from segmenter.resolving.custom_fields import DeclaredField, cannot_make
from segmenter.spec.model import CustomField
from tests.live import servers
from tests.support import browsers
from tests.support.versions import LIVE, fresh
from tests.support.wires import as_admin

LEVEL = CustomField("x_level", "selection", "Nivel", "De la reunión", ("Alto, caro", "Bajo"))
FOUND = Field("crm.lead", "x_level", "selection", "Nivel")
OFFERED = ".ui-menu-item:visible, .o-autocomplete--dropdown-item:visible"


def test_every_word_of_them_is_the_one_on_the_screens_of_the_version() -> None:
    said = steps(cannot_make(DeclaredField(LEVEL, "crm.lead", None), 14))
    assert "press “Create” and write “Field Name”: x_level; “Field Label”: “Nivel”; “Model”: crm.lead" in said
    assert "“Field Type”: “selection”; “Field Help”: “De la reunión”" in said
    assert "press “New”" in steps(cannot_make(DeclaredField(LEVEL, "crm.lead", None), 19))
    use_language("es")
    for major, words in (
        (14, ("Crear", "Nombre de campo", "Selección")),
        (16, ("Nuevo", "Nombre de campo", "Selección")),
        (19, ("Nuevo", "Nombre del campo")),
    ):
        said = steps(cannot_make(DeclaredField(LEVEL, "crm.lead", None), major))
        assert all(f"«{word}»" in said for word in words)


def test_a_value_with_a_comma_is_one_value() -> None:
    assert "“Selection Options”: “Alto, caro”, “Bajo” (" in steps(
        cannot_make(DeclaredField(LEVEL, "crm.lead", None), 19)
    )
    added = steps(cannot_make(DeclaredField(LEVEL, "crm.lead", FOUND, missing=("Alto, caro",)), 19))
    assert "open x_level of crm.lead and add to “Selection Options”: “Alto, caro” (" in added


def test_the_button_is_called_as_in_the_guide_to_the_work_user() -> None:
    for major in KNOWN_VERSIONS:
        (screens,) = screens_of(major)
        assert form_of(major).new == screens.new


@pytest.mark.parametrize("version", LIVE)
@pytest.mark.parametrize(("lang", "word"), [("en_US", "english"), ("es_CL", "spanish")])
def test_an_administrator_who_follows_them_makes_the_field(version: str, lang: str, word: str) -> None:
    """In a browser, finding everything by the words of the steps, in the order of the steps."""
    odoo = servers.start(version)
    database = fresh(odoo, "byhand")
    admin = as_admin(odoo, database)
    admin.execute_kw("res.users", "write", [[admin.identity.uid], {"lang": lang}], {})
    name = {"model": "ir.ui.menu", "module": "base", "name": "ir_model_model_fields"}
    (menu,) = admin.execute_kw("ir.model.data", "search_read", [[[k, "=", v] for k, v in name.items()]], {})
    (row,) = admin.execute_kw(
        "ir.ui.menu", "read", [[menu["res_id"]], ["complete_name", "action"]], {"context": {"lang": lang}}
    )
    assert row["complete_name"].replace("/", " > ") == getattr(by_hand.MENU, word)
    (leads,) = admin.execute_kw("ir.model", "search_read", [[["model", "=", "crm.lead"]]], {"context": {"lang": lang}})
    with browsers.browser() as browser:
        page = browsers.signed_in(browser, odoo, database, patience=30_000)
        page.goto(f"{odoo.url}/web?debug=1#action={row['action'].partition(',')[2]}")
        _make(page, int(version), word, str(leads["name"]))
        page.wait_for_selector(".o_form_readonly, .o_form_saved")
    about = admin.execute_kw("crm.lead", "fields_get", [[LEVEL.name]], {})[LEVEL.name]
    assert (about["string"], about["type"], about["help"]) == (LEVEL.label, LEVEL.kind, LEVEL.help)
    assert about["selection"] == [[value, value] for value in LEVEL.values]


def _make(page: Page, major: int, word: str, leads: str) -> None:
    form, first = form_of(major), re.compile(rf"^\s*{re.escape(leads)}\s*$")

    def shown(label: Label) -> str:
        return str(getattr(label, word))

    page.get_by_role("button", name=shown(form.new), exact=True).first.click()
    written = {form.name: LEVEL.name, by_hand.LABEL: LEVEL.label, by_hand.MODEL: "crm.lead", form.help: LEVEL.help}
    for label, text in written.items():
        page.locator(".o_form_view").get_by_label(shown(label)).first.fill(text)
        if label is by_hand.MODEL:
            page.locator(OFFERED).first.filter(has_text=first).click()
    kind = page.locator(".o_form_view").get_by_label(shown(by_hand.TYPE)).first
    if major < 19:
        kind.select_option(label=shown(form.kinds[LEVEL.kind]))
    else:
        kind.click()
        page.locator(".o_select_menu_item").get_by_text(shown(form.kinds[LEVEL.kind]), exact=True).click()
    page.locator("label:visible", has_text=shown(by_hand.OPTIONS)).wait_for()
    options = page.locator("[name=selection_ids]")
    assert {shown(by_hand.OPTION_VALUE), shown(by_hand.OPTION_NAME)} <= set(options.locator("th").all_inner_texts())
    for value in LEVEL.values:
        options.locator(".o_field_x2many_list_row_add a").click()
        _type(page, "value", value)
        page.keyboard.press("Tab")
        _type(page, "name", value)
    page.locator(".o_form_button_save").click()


def _type(page: Page, column: str, text: str) -> None:
    """Into the cell of the line that is being written, once the web client has gone there."""
    cell = f".o_selected_row [name={column}]"
    page.wait_for_function(
        f"() => document.activeElement.value === '' && document.activeElement.closest('{cell}') !== null"
    )
    page.keyboard.type(text)
