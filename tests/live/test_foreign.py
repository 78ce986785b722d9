"""The live tests on an Odoo that somebody else started: ours, reached as if it was theirs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from segmenter.odoo.session import connect
from tests.live.servers import Foreign, Lacking, Server, ServerError, start
from tests.support import versions
from tests.support.versions import LIVE, fresh, groups_field

COPY = f"theirs_copied{os.getpid()}"


@pytest.fixture(scope="module", params=LIVE)
def theirs(request: pytest.FixtureRequest) -> Foreign:
    ours = start(request.param)
    return Foreign(ours.url, fresh(ours, "theirs"), "admin", "admin", "admin")


@pytest.fixture
def copied(theirs: Foreign) -> Iterator[Server]:
    server = theirs.server()
    server.fresh_database(COPY)
    yield server
    server.drop_database(COPY)


def test_people_log_in_to_a_copy(theirs: Foreign, copied: Server) -> None:
    theirs.check()
    admin = connect(copied.url, COPY, copied.admin_login, copied.admin_password)
    (group,) = admin.execute_kw("ir.model.data", "search_read", [[["name", "=", "group_user"]]], {"fields": ["res_id"]})
    person = {"name": "Ana", "login": "ana", groups_field(copied.version): [[6, 0, [group["res_id"]]]]}
    user = admin.execute_kw("res.users", "create", [person], {"context": {"no_reset_password": True}})
    copied.give_keys({user: "0123456789"}, COPY)
    assert connect(copied.url, COPY, "ana", "0123456789").identity.uid == user


def test_what_nobody_may_do_there_is_named(theirs: Foreign) -> None:
    server = theirs.server()
    with pytest.raises(Lacking, match="SQL"):
        server.sql("SELECT 1", server.database)
    with pytest.raises(Lacking, match="shell"):
        server.shell("")
    with pytest.raises(Lacking, match="API keys"):
        server.need_keys()
    with pytest.raises(Lacking, match="mcp"):
        server.give_keys({1: "x"}, server.database, scope="mcp")
    with pytest.raises(Lacking, match="second Odoo"), server.in_workers(2):
        pass
    with pytest.raises(ServerError, match="must stay"):
        server.drop_database(server.database)


def test_a_database_that_somebody_has_is_not_replaced(copied: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getpid", lambda: COPY.removeprefix("theirs_"))
    with pytest.raises(ServerError, match=rf"{COPY} on .* is somebody's"):
        fresh(copied, "theirs")


def test_a_database_of_this_process_is_made_anew(theirs: Foreign) -> None:
    server = theirs.server()
    name = fresh(server, "theirs_twice")
    assert fresh(server, "theirs_twice") == name
    server.drop_database(name)


def test_a_template_that_is_not_there_is_one_line(theirs: Foreign) -> None:
    with pytest.raises(ServerError, match=r'database "nobodys" does not exist$'):
        Foreign(theirs.url, "nobodys", "admin", "admin", "admin").check()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "--server needs --database and --admin-password-from too"),
        ({"--database": "crm", "--admin-password-from": "NOT_SET"}, "the variable NOT_SET is not set"),
        ({"--database": "crm", "--admin-password-from": "PATH"}, "no Odoo answers at http://127.0.0.1:1 for crm"),
    ],
)
def test_what_the_command_line_lacks(given: dict[str, str], said: str) -> None:
    options: dict[str, Any] = {"--server": "http://127.0.0.1:1", "--admin": "admin", **given}
    with pytest.raises(pytest.UsageError, match=said):
        versions.use_server(SimpleNamespace(getoption=options.get, stash={}))  # type: ignore[arg-type]
