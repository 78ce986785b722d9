"""The links of the report open the record, in the web client of each version."""

from __future__ import annotations

import pytest

from segmenter.reports import links
from tests.live import servers
from tests.support import browsers
from tests.support.heads import altered
from tests.support.report_samples import PLAN
from tests.support.versions import LIVE, fresh
from tests.support.wires import as_admin


@pytest.mark.parametrize("version", LIVE)
def test_the_link_opens_the_record(version: str) -> None:
    odoo = servers.start(version)
    database = fresh(odoo, "links")
    admin = as_admin(odoo, database)
    name = "Parque <b>Ñandú</b>"
    values = {"name": name, "type": "opportunity"}
    lead = int(admin.execute_kw("crm.lead", "create", [values], {"context": {"tracking_disable": True}}))
    plan = altered(PLAN, server={**PLAN.identity.server, "url": odoo.url, "version": admin.identity.version})
    with browsers.browser() as browser:
        page = browsers.signed_in(browser, odoo, database, patience=60_000)
        page.goto(links.address(plan, lead))
        page.wait_for_selector(".o_form_view")
        shown = page.locator(".o_form_view").first
        text = shown.inner_text() + "".join(
            page.eval_on_selector_all(".o_form_view input, .o_form_view textarea", "all => all.map(one => one.value)")
        )
        assert name in text
