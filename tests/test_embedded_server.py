"""The embedded CRM as a server: one seam, one call at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from xmlrpc.client import Fault

import pytest

from segmenter.embedded import EmbeddedServer, Tables
from segmenter.embedded.rights import ADMINISTRATOR
from segmenter.odoo.server import Server


def _server() -> EmbeddedServer:
    tables = Tables()
    for login in ("one", "two"):
        uid = tables.add("res.users", name=login, login=login, active=True)
        tables.groups[uid] = ADMINISTRATOR
    return EmbeddedServer(tables, uid=1, login="one", database="small")


def test_it_is_a_server() -> None:
    server: Server = _server()
    assert server.identity.key == "embedded:|small"
    assert server.identity.major == 19


def test_another_user_of_the_same_tables() -> None:
    server = _server()
    other = server.as_user("two")
    assert (other.identity.uid, other.identity.login, other.identity.database) == (2, "two", "small")
    assert other.execute_kw("crm.tag", "create", [{"name": "x"}], {}) == 1
    assert server.execute_kw("crm.tag", "search_count", [[]], {}) == 1
    assert server.as_user(2).identity.login == "two"
    for nobody in ("three", 3):
        with pytest.raises(KeyError):
            server.as_user(nobody)


def test_what_the_caller_gave_stays_the_callers() -> None:
    server = _server()
    values: dict[str, Any] = {"name": "x", "tag_ids": [[0, 0, {"name": "tag"}]]}
    kwargs = {"context": {"lang": False}}
    lead = server.execute_kw("crm.lead", "create", [values], kwargs)
    assert values == {"name": "x", "tag_ids": [[0, 0, {"name": "tag"}]]}
    assert kwargs == {"context": {"lang": False}}
    (row,) = server.execute_kw("crm.lead", "read", [[lead], ["tag_ids"]], {})
    row["tag_ids"].clear()
    assert server.execute_kw("crm.lead", "read", [[lead], ["tag_ids"]], {}) == [{"id": lead, "tag_ids": [1]}]


def test_a_fault_ends_in_the_useful_line() -> None:
    with pytest.raises(Fault) as caught:
        _server().execute_kw("crm.lead", "read", [[1], ["foo"]], {})
    assert caught.value.faultCode == 1
    assert caught.value.faultString.startswith("Traceback (most recent call last):\n")
    assert caught.value.faultString.endswith("\nValueError: Invalid field 'foo' on 'crm.lead'\n")


def test_calls_at_once_come_one_after_the_other() -> None:
    server = _server()
    lead = server.execute_kw("crm.lead", "create", [{"name": "x"}], {})

    def tag(number: int) -> Any:
        return server.execute_kw("crm.lead", "write", [[lead], {"tag_ids": [[0, 0, {"name": str(number)}]]}], {})

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(tag, range(200)))
    (row,) = server.execute_kw("crm.lead", "read", [[lead], ["tag_ids"]], {})
    assert len(row["tag_ids"]) == 200
