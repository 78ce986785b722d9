from __future__ import annotations

import pytest

from segmenter.reports import links
from tests.support.heads import altered
from tests.support.report_samples import PLAN


@pytest.mark.parametrize(
    ("version", "address"),
    [
        ("14.0", "https://v.example/web#id=7&model=crm.lead&view_type=form"),
        ("17.0", "https://v.example/web#id=7&model=crm.lead&view_type=form"),
        ("18.0", "https://v.example/odoo/crm.lead/7"),
        ("saas~19.2", "https://v.example/odoo/crm.lead/7"),
    ],
)
def test_each_version_has_its_form(version: str, address: str) -> None:
    plan = altered(PLAN, server={**PLAN.identity.server, "url": "https://v.example/", "version": version})
    assert links.address(plan, 7) == address


@pytest.mark.parametrize("url", ["embedded:", "javascript:alert(1)//", "export.xlsx"])
def test_nothing_else_is_linked_to(url: str) -> None:
    assert links.address(altered(PLAN, server={**PLAN.identity.server, "url": url}), 7) == ""


def test_an_export_leads_nowhere() -> None:
    assert links.around(altered(PLAN, source="export")) is None
