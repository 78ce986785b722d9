from __future__ import annotations

from typing import Any

import click
import pytest

from segmenter.cli import connection
from segmenter.cli.root import cli
from segmenter.cli.settings import Settings
from segmenter.embedded import demo_server
from segmenter.errors import SegmenterError, UsageError
from segmenter.spec import loads
from tests.support.command_line import KEY, SPEC, Desk, desk

__all__ = ["desk"]
NOWHERE = SPEC.replace(SPEC.splitlines()[2], "")


def test_the_global_options_reach_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGMENTER_API_KEY", KEY)
    asked: list[Any] = []
    monkeypatch.setattr(connection, "connect", lambda *where, **how: asked.append((where, how)))
    with click.Context(cli, obj=Settings(timeout=3, allow_http=True, ca_file="ca.pem")):
        connection.connector(connection.connection_of(loads(SPEC, "v.yaml")))()
    where = ("http://127.0.0.1:1", "viveros", "segmentacion@asesorateya.example", KEY)
    assert asked == [(where, {"timeout": 3, "allow_http": True, "verify": "ca.pem", "pace": None, "api": "auto"})]


def test_the_key_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []
    monkeypatch.setattr(connection, "connect", lambda *where, **_how: keys.append(where[3]))
    monkeypatch.setenv("SEGMENTER_API_KEY", "first")
    with click.Context(cli, obj=Settings()):
        open_one = connection.connector(connection.connection_of(loads(SPEC, "v.yaml")))
        open_one()
        monkeypatch.setenv("SEGMENTER_API_KEY", "second")
        open_one()
    assert keys == ["first", "first"]


def test_a_spec_that_names_no_crm() -> None:
    with pytest.raises(UsageError, match="does not say where the CRM is"):
        connection.connection_of(loads(NOWHERE, "v.yaml"))


def test_an_administrator_is_refused_unless_forced(desk: Desk) -> None:
    spec, server = loads(SPEC, "v.yaml"), demo_server().as_user("admin@viveros.example")
    with click.Context(cli, obj=Settings()), pytest.raises(SegmenterError, match="is an administrator"):
        connection.refuse_privileged(connection.open_crm(spec, server).reader)
    with click.Context(cli, obj=Settings(forced_reason="no other login")):
        connection.refuse_privileged(connection.open_crm(spec, server).reader)


def test_commands_refuse_an_administrator(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.done("plan", "viveros.yaml")
    admin = desk.server.as_user("admin@viveros.example")
    monkeypatch.setattr(connection, "connect", lambda *_where, **_how: admin)
    for words in (["plan", "viveros.yaml"], ["verify", "viveros.yaml"], ["apply", "P1", "--yes"]):
        assert "is an administrator" in desk.done(*words, code=1).stderr
    desk.done("apply", "P1", "--yes", "--force-user", "the client has no other login")


def test_who_runs_it() -> None:
    found = connection.who(demo_server())
    assert found.work_user == "segmentacion@asesorateya.example"
    assert found.os_user
    assert found.host
