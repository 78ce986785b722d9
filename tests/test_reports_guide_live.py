"""The guide to the work user against real servers: what their screens say, and what closing does to a key."""

from __future__ import annotations

import re
from xmlrpc.client import Fault

import pytest

from segmenter.errors import AuthenticationFailed
from segmenter.odoo.session import version_of
from segmenter.reports.guide import Screens, screens_of
from tests.support.engagement import Live
from tests.support.wires import log_in

pytest_plugins = ["tests.support.engagement_fixtures"]

pytestmark = pytest.mark.live


@pytest.fixture
def screens(live_crm: Live) -> Screens:
    """The guide's words for the version of the server."""
    (found,) = screens_of(int(live_crm.name.removeprefix("live")))
    return found


def named(crm: Live, module: str, name: str) -> int:
    (row,) = crm.find("ir.model.data", [["module", "=", module], ["name", "=", name]], ["res_id"])
    return int(row["res_id"])


def said(crm: Live, model: str, xml_id: tuple[str, str], field: str, lang: str) -> str:
    (row,) = crm.call(model, "read", [named(crm, *xml_id)], [field], lang=lang)
    return str(row[field])


@pytest.mark.parametrize(("lang", "word"), [("en_US", "english"), ("es_CL", "spanish")])
def test_menus_groups_and_buttons_are_called_so(live_crm: Live, screens: Screens, lang: str, word: str) -> None:
    menu = said(live_crm, "ir.ui.menu", ("base", "menu_action_res_users"), "complete_name", lang)
    assert menu.replace("/", " > ") == getattr(screens.users, word)
    for group, label in (
        ("group_sale_salesman_all_leads", screens.all_documents),
        ("group_sale_manager", screens.manager),
    ):
        assert said(live_crm, "res.groups", ("sales_team", group), "name", lang) == getattr(label, word)
    arch = said(live_crm, "ir.ui.view", ("base", "view_users_form_simple_modif"), "arch_db", lang)
    button = re.search(r'<button[^>]*name="api_key_wizard"[^>]*>', arch)
    assert button is not None
    assert f'string="{getattr(screens.add_key, word)}"' in button[0]
    pages = re.findall(r'<page string="([^"]*)"', arch)
    assert getattr(screens.security, word) in pages


@pytest.mark.parametrize(
    ("lang", "tab", "label"), [("en_US", "Preferences", "Language"), ("es_CL", "Preferencias", "Idioma")]
)
def test_a_new_user_speaks_english_until_its_language_is_chosen_in_the_form(
    live_crm: Live, lang: str, tab: str, label: str
) -> None:
    proposed = live_crm.admin.execute_kw("res.users", "default_get", [["lang"]], {"context": {"lang": lang}})
    assert proposed["lang"] == "en_US"
    form = said(live_crm, "ir.ui.view", ("base", "view_users_form"), "arch_db", lang)
    assert tab in re.findall(r'<page[^>]* string="([^"]*)"', form)
    fields = live_crm.admin.execute_kw("res.users", "fields_get", [["lang"]], {"context": {"lang": lang}})
    assert fields["lang"]["string"] == label


def test_an_administrator_finds_all_keys_at_the_address_that_the_guide_gives(live_crm: Live, screens: Screens) -> None:
    action = screens.listing.rpartition("base.")[2]
    assert said(live_crm, "ir.actions.act_window", ("base", action), "res_model", "en_US") == "res.users.apikeys"


def test_the_version_is_told_without_a_login(live_crm: Live) -> None:
    assert version_of(live_crm.admin.identity.url) == live_crm.admin.identity.version


def test_archiving_stops_the_key_and_restoring_gives_it_back_so_it_has_to_be_deleted_too(live_crm: Live) -> None:
    groups = "group_ids" if live_crm.name == "live19" else "groups_id"
    group = named(live_crm, "base", "group_user")
    login = "guide@viveros.example"
    user = live_crm.create("res.users", {"name": "Guide", "login": login, groups: [[6, 0, [group]]]})[0]
    live_crm._give_keys([user])
    address = (live_crm.admin.identity.url, live_crm.database, login, f"{live_crm.key}{user}")
    opened = log_in(*address)
    live_crm.write("res.users", [user], active=False)
    with pytest.raises(AuthenticationFailed):
        log_in(*address)
    with pytest.raises(Fault, match=r"^<Fault 3: "):
        opened.execute_kw("res.users", "read", [[user], ["login"]], {})
    live_crm.write("res.users", [user], active=True)
    assert log_in(*address).identity.uid == user
