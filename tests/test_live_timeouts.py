"""What ``--timeout`` ends on a real Odoo: the waiting, and not the work."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from segmenter.errors import OutcomeUnknown
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.session import connect
from segmenter.odoo.transport_faults import TransportFailed
from segmenter.odoo.writer import OdooWriter
from tests.support.engagement import Live
from tests.support.wires import api

pytest_plugins = ["tests.support.engagement_fixtures"]

SECONDS = 2.0
"""How long the tool waits."""


@contextmanager
def held(crm: Live, lock: str) -> Iterator[None]:
    """Somebody else holds a lock in the block, and for as long again as the tool waits."""
    statement = f"BEGIN; {lock}; SELECT pg_sleep({3 * SECONDS}); ROLLBACK"
    somebody = threading.Thread(target=crm.odoo.sql, args=[statement, crm.database])
    somebody.start()
    until(lambda: asleep(crm, "pg_sleep"))
    yield
    somebody.join()


def asleep(crm: Live, what: str) -> bool:
    """Whether a statement with these words is at work in the database."""
    seen = f"query LIKE '%{what}%' AND state = 'active' AND pid <> pg_backend_pid()"
    where = f"datname = '{crm.database}' AND {seen}"
    return crm.odoo.sql(f"SELECT count(*) FROM pg_stat_activity WHERE {where}", crm.database) != ["0"]


def until(true: Callable[[], bool]) -> None:
    for _time in range(100):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("it never came to be")


def test_a_write_goes_on_after_the_tool_stopped_waiting(live_crm: Live) -> None:
    (lead,) = live_crm.create("crm.lead", {"name": "Uno", "type": "lead", "priority": "0"})
    impatient = OdooWriter(connect(*live_crm._address("all"), api=api(), timeout=SECONDS))
    with held(live_crm, f"SELECT id FROM crm_lead WHERE id = {lead} FOR UPDATE"):
        with pytest.raises(OutcomeUnknown) as caught:
            impatient.write("crm.lead", [lead], {"priority": "2"})
        assert "the server may still be at work on it" in caught.value.todo
        assert asleep(live_crm, "UPDATE %crm_lead%")
    until(lambda: live_crm.find("crm.lead", [["id", "=", lead]], ["priority"])[0]["priority"] == "2")


def test_a_question_goes_on_after_the_tool_stopped_waiting(live_crm: Live) -> None:
    impatient = OdooReader(connect(*live_crm._address("all"), api=api(), timeout=SECONDS))
    with held(live_crm, "LOCK TABLE crm_lead IN ACCESS EXCLUSIVE MODE"):
        with pytest.raises(TransportFailed, match="did not answer within 2 seconds") as caught:
            impatient.search("crm.lead", [["priority", "=", "3"]])
        assert "the server may still be at work on it" in caught.value.todo
        time.sleep(SECONDS / 2)
        assert asleep(live_crm, "FROM %crm_lead%")
