"""What ``--timeout`` ends on a real Odoo: the waiting, and not the work."""

from __future__ import annotations

import pytest

from segmenter.errors import OutcomeUnknown
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.session import connect
from segmenter.odoo.transport_faults import TransportFailed
from segmenter.odoo.writer import OdooWriter
from tests.support.engagement import Live
from tests.support.locks import at_work, held, until
from tests.support.wires import api

pytest_plugins = ["tests.support.engagement_fixtures"]

SECONDS = 5.0
"""How long the tool waits."""


def test_a_write_goes_on_after_the_tool_stopped_waiting(live_crm: Live) -> None:
    (lead,) = live_crm.create("crm.lead", {"name": "Uno", "type": "lead", "priority": "0"})
    impatient = OdooWriter(connect(*live_crm._address("all"), api=api(), timeout=SECONDS))
    with held(live_crm, f"SELECT id FROM crm_lead WHERE id = {lead} FOR UPDATE"):
        with pytest.raises(OutcomeUnknown) as caught:
            impatient.write("crm.lead", [lead], {"priority": "2"})
        assert "the server may still be at work on it" in caught.value.todo
        until(lambda: at_work(live_crm, "UPDATE %crm_lead%"))
    until(lambda: live_crm.find("crm.lead", [["id", "=", lead]], ["priority"])[0]["priority"] == "2")


def test_a_question_goes_on_after_the_tool_stopped_waiting(live_crm: Live) -> None:
    impatient = OdooReader(connect(*live_crm._address("all"), api=api(), timeout=SECONDS))
    with held(live_crm, "LOCK TABLE crm_lead IN ACCESS EXCLUSIVE MODE"):
        with pytest.raises(TransportFailed, match="did not answer within 5 seconds") as caught:
            impatient.search("crm.lead", [["priority", "=", "3"]])
        assert "the server may still be at work on it" in caught.value.todo
        until(lambda: at_work(live_crm, "FROM %crm_lead%"))
