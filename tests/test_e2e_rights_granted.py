"""Which rights each kind of user has, one by one: what `check` asks the server for, and what the server then does.

Measured on Odoo 14 to 19. The CRM in memory imitates 19.
"""

from __future__ import annotations

from typing import Any
from xmlrpc.client import Fault

import pytest

from segmenter.errors import AccessDenied
from segmenter.odoo.reader import OdooReader
from tests.support.office import KINDS, MARK, Office

pytest_plugins = ["tests.support.office_fixtures"]

OPERATIONS = ("read", "write", "create", "unlink")
RIGHTS = """
                            own           all           manager       access   settings      portal
crm.lead                    rwc-          rwc-          rwcu          ----     ----          ----
crm.tag                     rwc-          rwc-          rwcu          ----     ----          ----
crm.stage                   r---          r---          rwcu          r---     r---          r---|17:----
crm.lost.reason             r---          r---          rwcu          r---     r---          ----
crm.team                    r---          r---          rwcu          r---     r---          ----
res.partner                 rwc-          rwc-          rwc-          r---     r---|19:rwcu  r---
res.partner.category        rwc-          rwc-          rwc-          r---     r---|19:rwcu  ----
ir.filters                  rwcu          rwcu          rwcu          rwcu     rwcu          rwcu
utm.source                  rwc-          rwc-          rwc-          rwc-     rwc-|16:rwcu  r-c-|18:----
utm.medium                  rwc-          rwc-          rwc-          rwc-     rwc-|16:rwcu  r-c-|18:----
utm.campaign                rwc-          rwc-          rwc-          rwc-     rwcu          r-c-|18:----
res.users                   r---          r---          r---          rwcu     rwcu          r---
ir.model                    r---|15:----  r---|15:----  r---|15:----  rwcu     rwcu          ----
ir.model.fields             r---|15:----  r---|15:----  r---|15:----  rwcu     rwcu          ----
ir.model.fields.selection   r---|15:----  r---|15:----  r---|15:----  rwcu     rwcu          ----
ir.model.data               r-c-|15:----  r-c-|15:----  r-c-|15:----  rwcu     rwcu          ----
base.automation             ----          ----          ----          ----     rwcu          ----
mail.mail                   ----          ----          ----          ----     rwcu          ----
ir.config_parameter         ----          ----          ----          ----     rwcu          ----
"""
"""Model and kind -> read, write, create, unlink; behind the bar, those from that version on."""

LEADS_SEEN = {"own": 10, "all": 12, "manager": 12, "access": None, "settings": None, "portal": None}
"""Of the twelve of `Office`; None: not even asked."""

NOT_IMITATED = {
    # What the CRM in memory does not hold: no work that it is made for asks for it.
    ("access", "ir.model.data"),
    *(("settings", model) for model in ("ir.model.data", "base.automation", "mail.mail", "ir.config_parameter")),
    *(("portal", model) for model in ("res.partner", "ir.filters")),
}

NEW: dict[str, dict[str, Any]] = {
    # Model -> what a record that is made and unmade needs, where that harms nothing.
    "crm.lead": {"name": f"{MARK} aparte", "user_id": False},
    "res.partner": {"name": f"{MARK} aparte"},
    "crm.tag": {"name": f"{MARK} aparte"},
    "crm.stage": {"name": f"{MARK} aparte"},
    "crm.lost.reason": {"name": f"{MARK} aparte"},
    "crm.team": {"name": f"{MARK} aparte"},
    "res.partner.category": {"name": f"{MARK} aparte"},
    "utm.source": {"name": f"{MARK} aparte"},
    "ir.filters": {"name": f"{MARK} aparte", "model_id": "crm.lead"},
}


def table(version: int) -> dict[str, dict[str, str]]:
    """Kind -> model -> rights on one version."""
    head, *rows = [line.split() for line in RIGHTS.strip().splitlines()]
    of_version = {model: [_right(cell, version) for cell in cells] for model, *cells in rows}
    return {kind: {model: cells[n] for model, cells in of_version.items()} for n, kind in enumerate(head)}


def _right(cell: str, version: int) -> str:
    first, _bar, later = cell.partition("|")
    since, _colon, then = later.partition(":")
    return then if since and version >= int(since) else first


def expected(office: Office, kind: str) -> dict[str, str]:
    """Model -> rights, as far as this CRM has them."""
    here = table(int(office.crm.admin.identity.version.split(".")[0]))[kind]
    left_out = NOT_IMITATED if office.crm.name == "embedded" else ()
    return {model: rights for model, rights in here.items() if (kind, model) not in left_out}


def granted(office: Office, kind: str, model: str, method: str, *args: Any) -> Any:
    """What the server answers, None when it may not be done."""
    try:
        return office.servers[kind].execute_kw(model, method, list(args), {})
    except Fault as fault:
        if fault.faultCode != 4:
            raise
        return None


@pytest.mark.parametrize("kind", KINDS)
def test_each_right_is_told_as_it_was_measured(office: Office, kind: str) -> None:
    reader = OdooReader(office.servers[kind])

    def may(model: str, operation: str) -> bool:
        try:
            return reader.may(model, operation)
        except AccessDenied:  # a model that the CRM in memory has closed
            return False

    wanted = expected(office, kind)
    told = {model: "".join(one[0] if may(model, one) else "-" for one in OPERATIONS) for model in wanted}
    assert told == wanted
    # To read is to search: there is no model of which a rule alone hides everything.
    read = {model: granted(office, kind, model, "search", [], 0, 1) is not None for model in wanted}
    assert read == {model: rights[0] == "r" for model, rights in wanted.items()}
    leads = granted(office, kind, "crm.lead", "search_count", [["referred", "=", MARK]])
    assert leads == LEADS_SEEN[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_what_may_be_done_is_done_and_nothing_else(office: Office, kind: str) -> None:
    crm, wanted = office.crm, expected(office, kind)
    for model, values in NEW.items():
        if model not in wanted or (kind == "portal" and model in ("res.partner", "ir.filters")):
            continue  # rules let the portal see its own alone
        whole = {**values, **(crm.shared if model == "ir.filters" else {})}
        (there,) = crm.create(model, whole)
        name = {"name": values["name"]}
        done = {
            "r": granted(office, kind, model, "read", [there], ["name"]) is not None,
            "w": bool(granted(office, kind, model, "write", [there], name)),
            "c": (new := granted(office, kind, model, "create", {**whole, "name": f"{values['name']} {kind}"})),
        }
        assert {right: bool(made) for right, made in done.items()} == {right: right in wanted[model] for right in "rwc"}
        # Shared favourites are deleted by a rule of their own, and sources of 14 by nobody at all.
        if model != "ir.filters" and OdooReader(crm.admin).may(model, "unlink"):
            assert bool(granted(office, kind, model, "unlink", [there])) == ("u" in wanted[model]), (kind, model)
        if OdooReader(crm.admin).may(model, "unlink"):
            crm.call(model, "unlink", crm.ids(model, [["id", "in", [there, new or 0]]]))


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_make_a_custom_field(office: Office, kind: str) -> None:
    crm = office.crm
    (model,) = crm.ids("ir.model", [["model", "=", "res.partner"]])
    values = {"name": f"x_{MARK}_{kind}", "model_id": model, "ttype": "char", "state": "manual"}
    made = granted(office, kind, "ir.model.fields", "create", {**values, "field_description": MARK})
    assert bool(made) == (kind in ("access", "settings"))
    if made:
        crm.call("ir.model.fields", "unlink", [made])
