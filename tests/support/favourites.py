"""Odoo's search bar, as a person uses it: which favourites its menu lists, and which records one of them shows."""

from __future__ import annotations

from playwright.sync_api import Page, Response

from segmenter.reports.links import PATHS_SINCE
from tests.support.engagement import Crm, Live

ONE_MENU_SINCE, ITEMS_SINCE = 17, 19
"""Filters, groups and favourites are in one menu; a favourite is shown otherwise."""
ASKED = ("/web/dataset/search_read", "/crm.lead/web_search_read")


class Favourites:
    """The list of opportunities, in the web client of each version."""

    def __init__(self, page: Page, crm: Crm) -> None:
        assert isinstance(crm, Live)
        self.page, self.crm = page, crm
        self.version = int(crm.version)
        self.alone = self.version < ONE_MENU_SINCE
        self.item = ".o_favorite_menu .o_menu_item" if self.version < ITEMS_SINCE else ".o_favorite_item"

    def open(self) -> None:
        """The list, anew: the client reads the favourites once."""
        self.page.goto("about:blank")
        path = "odoo/action-" if self.version >= PATHS_SINCE else "web#action="
        self.page.goto(f"{self.crm.odoo.url}/{path}crm.crm_lead_action_pipeline")
        with self.page.expect_response(self._lists):
            self.page.click(".o_switch_view.o_list")
        self.page.wait_for_selector(".o_list_view")

    def names(self) -> list[str]:
        """The favourites of the menu, in its order."""
        self._menu()
        return [name.strip() for name in self.page.locator(self.item).all_inner_texts()]

    def shown(self, name: str) -> set[int]:
        """The ids of the records that the list has once the favourite is clicked."""
        self._menu()
        with self.page.expect_response(self._lists) as asked:
            self.page.locator(self.item).filter(has_text=name).first.click()
        found = asked.value.json()["result"]
        assert found["length"] == len(found["records"])
        facets = self.page.locator(".o_searchview_facet")
        facets.first.wait_for()
        assert [facet.strip() for facet in facets.all_inner_texts()] == [name]
        shown = {record["id"] for record in found["records"]}
        with self.page.expect_response(self._lists):
            facets.first.locator(".o_facet_remove").click()
        return shown

    def _lists(self, response: Response) -> bool:
        return any(path in response.url for path in ASKED)

    def _menu(self) -> None:
        menu = self.page.locator(".o_favorite_menu .o_add_favorite" if self.alone else ".o_search_bar_menu").first
        if menu.is_visible():
            return
        self.page.click(".o_favorite_menu button" if self.alone else ".o_searchview_dropdown_toggler")
        menu.wait_for()
        more = self.page.locator(".o_expand_shared_favorites, .o_shared_favorites > button, button.o_shared_favorites")
        if more.count():
            more.click()
