"""Who may do what, the same embedded and on real Odoos, but for what a test says of older ones."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.embedded.rights import CLOSED, OPERATIONS
from tests.support.backends import GROUPS, Backend

MODELS = (
    *("crm.lead", "crm.stage", "crm.tag", "crm.team", "crm.lost.reason", "res.partner", "res.partner.category"),
    *("res.users", "res.country", "res.country.state", "utm.source", "utm.medium", "utm.campaign", "ir.filters"),
)
ALL_BUT_DELETE = (True, True, True, False)
EVERYTHING, READ = (True,) * 4, (True, False, False, False)
MANAGED = {"crm.stage", "crm.team", "crm.lost.reason"}


@pytest.mark.parametrize("kind", ["own", "all", "manager"])
@pytest.mark.parametrize("model", MODELS)
def test_access(backend: Backend, model: str, kind: str) -> None:
    expected = ALL_BUT_DELETE
    if model == "ir.filters" or (kind == "manager" and model in {*MANAGED, "crm.lead", "crm.tag"}):
        expected = EVERYTHING
    elif model in MANAGED or model in {"res.users", "res.country", "res.country.state"}:
        expected = READ
    found = [backend.call(model, "check_access_rights", operation, False, by=kind) for operation in OPERATIONS]
    assert tuple(found) == expected
    if backend.version >= 18:
        newer = [backend.call(model, "has_access", [], operation, by=kind) for operation in OPERATIONS]
        assert tuple(newer) == expected


def test_what_may_not_be_done_is_fault_4(backend: Backend) -> None:
    stage, tag, lead = backend.stages["New"], backend.new("crm.tag"), backend.new()
    for call in (
        ("crm.stage", "create", {"name": "x"}),
        ("crm.stage", "write", [stage], {"name": "x"}),
        ("crm.tag", "unlink", [tag]),
        ("crm.lead", "unlink", [lead]),
        ("crm.lead", "write", [lead], {"tag_ids": [[2, tag]]}),
        ("res.users", "write", [backend.uids["own"]], {"name": "x"}),
        ("crm.stage", "check_access_rights", "create"),
    ):
        code, line = backend.fault(*call)
        assert code == 4, call
        assert line.startswith("You are not allowed to ")


CLOSED_MODELS = [
    "base.automation",
    pytest.param("ir.model.data", marks=pytest.mark.fact_of("15 on", "every internal user of 14 reads it")),
    "ir.config_parameter",
    "mail.mail",
]


@pytest.mark.parametrize("model", CLOSED_MODELS)
def test_closed_models(backend: Backend, model: str) -> None:
    assert model in CLOSED
    assert backend.fault(model, "search", [])[0] == 4


def test_own_documents_hide_others_leads(backend: Backend) -> None:
    name = backend.unique()
    users = {"hidden": backend.uids["all"], "mine": backend.uids["own"], "free": False}
    leads = {what: backend.call("crm.lead", "create", {"name": name, "user_id": user}) for what, user in users.items()}
    seen = backend.call("crm.lead", "search", [["name", "=", name]], by="own", order="id")
    assert seen == [leads["mine"], leads["free"]]
    assert backend.call("crm.lead", "search_count", [["name", "=", name]], by="own") == 2
    assert backend.call("crm.lead", "search_count", [["name", "=", name]], by="all") == 3
    both = [leads["mine"], leads["hidden"]]
    assert backend.fault("crm.lead", "read", both, ["name"], by="own")[0] == 4
    assert backend.fault("crm.lead", "write", both, {"city": "x"}, by="own")[0] == 4
    assert backend.read("crm.lead", leads["mine"], "city") is False
    if backend.version >= 18:
        assert backend.call("crm.lead", "has_access", both, "read", by="own") is False
        assert backend.call("crm.lead", "has_access", [leads["mine"]], "read", by="own") is True


def test_giving_a_lead_away_hides_it(backend: Backend) -> None:
    lead = backend.new(by="own")
    if backend.version in (16, 17, 18):  # refuse it: they look at the lead again when it is gone already
        assert backend.fault("crm.lead", "write", [lead], {"user_id": backend.uids["all"]}, by="own")[0] == 4
        return
    assert backend.call("crm.lead", "write", [lead], {"user_id": backend.uids["all"]}, by="own") is True
    assert backend.fault("crm.lead", "read", [lead], ["name"], by="own")[0] == 4
    assert backend.fault("crm.lead", "create", {"name": "x", "user_id": backend.uids["all"]}, by="own")[0] == 4


def owned(backend: Backend, kind: str | None) -> dict[str, Any]:
    """What gives a favourite to a user, or to everyone: 19 knows several owners, older versions one."""
    if backend.version < 19:
        return {"user_id": backend.uids[kind] if kind else False}
    return {"user_ids": [[6, 0, [backend.uids[kind]] if kind else []]]}


def test_favourites_belong_to_everyone_or_to_their_owners(backend: Backend) -> None:
    mine = {"name": backend.unique(), "model_id": "crm.lead", **owned(backend, "all")}
    shared = backend.new("ir.filters", model_id="crm.lead", **owned(backend, None))
    own = backend.call("ir.filters", "create", mine)
    found = [["id", "in", [shared, own]]]
    assert backend.call("ir.filters", "search", found, order="id") == [shared, own]
    assert backend.call("ir.filters", "search", found, by="own") == [shared]
    assert backend.call("ir.filters", "search", found, by="admin", order="id") == [shared, own]
    assert backend.fault("ir.filters", "create", {**mine, "name": backend.unique()}, by="own")[0] == 4
    assert backend.call("ir.filters", "write", [shared], {"domain": "[]"}, by="own") is True


def test_giving_and_deleting_favourites(backend: Backend) -> None:
    mine = backend.new("ir.filters", model_id="crm.lead", **owned(backend, "all"))
    shared = backend.new("ir.filters", model_id="crm.lead", **owned(backend, None))
    if backend.version < 19:  # what is shared may be taken, and what is one's own be deleted
        assert backend.fault("ir.filters", "unlink", [shared], by="own")[0] == 4
        assert backend.call("ir.filters", "write", [shared], owned(backend, "own"), by="own") is True
        assert backend.call("ir.filters", "unlink", [shared], by="own") is True
    if backend.version < 17:  # what is one's own may be given away
        assert backend.call("ir.filters", "write", [mine], owned(backend, "own")) is True
        assert backend.call("ir.filters", "unlink", [mine], by="own") is True
        return
    assert backend.fault("ir.filters", "write", [mine], owned(backend, "own"))[0] == 4
    owner, me = backend.its("ir.filters", "user_ids"), backend.uids["all"]
    assert backend.read("ir.filters", mine, owner) == ([me] if backend.version >= 19 else me)
    if backend.version < 19:
        return
    assert backend.call("ir.filters", "unlink", [shared], by="own") is True


def test_groups(backend: Backend) -> None:
    def has(kind: str, group: str) -> Any:
        who = [[backend.uids[kind]]] if backend.version >= 18 else []
        return backend.call("res.users", "has_group", *who, group, by=kind)

    members = {"own": {"own"}, "all": {"own", "all"}, "manager": {"own", "all", "manager"}}
    for kind, groups in members.items():
        for group, name in GROUPS.items():
            assert has(kind, f"sales_team.{name}") is (group in groups)
    assert has("admin", "base.group_system") is True
    assert has("all", "no.such_group") is False
    other = ["sales_team.group_sale_manager"] if backend.version >= 18 else [[backend.uids["all"]], "no.such_group"]
    code, line = backend.fault("res.users", "has_group", *other)
    assert code == 1
    assert line.startswith("TypeError: ")
