"""A server that dies or raves in the middle of a batch, on the CRM in memory and on a real Odoo 19.

What stands between is an HTTP server that passes every request on, until the n-th write of leads.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xmlrpc.client import loads

import pytest

from segmenter import i18n
from segmenter.cli import executing
from segmenter.ledger import open_ledger
from tests.support.bad_input import LEADS, Office, connected, forward, says
from tests.support.bad_input import office as office
from tests.support.http_servers import Handler, serving, xml

__all__ = ["connected"]


def _hang_up(handler: Handler, answer: bytes) -> None:
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def _garbage(handler: Handler, answer: bytes) -> None:
    handler.answer(b"\x00\xff no XML at all")


def _gateway(handler: Handler, answer: bytes) -> None:
    handler.answer(b"", status=502)


def _firewall(handler: Handler, answer: bytes) -> None:
    handler.answer(b"", status=403)


def _below_nought(handler: Handler, answer: bytes) -> None:
    handler.close_connection = True
    handler.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n" + answer
    )


def _another_shape(handler: Handler, answer: bytes) -> None:
    handler.answer(xml({"done": "perhaps"}))


WAYS: dict[str, Callable[[Handler, bytes], None]] = {
    "hangs up": _hang_up,
    "garbage": _garbage,
    "a gateway's error": _gateway,
    "a firewall's status": _firewall,
    "a negative length": _below_nought,
    "an answer of another shape": _another_shape,
}


@dataclass
class Between:
    """``dies``: how, at the ``at``-th write of leads (None: never), and whether the write was ``done`` by then."""

    url: str
    dies: Callable[[Handler, bytes], None] | None = None
    at: int = 1
    done: bool = False
    writes: int = 0
    dead: bool = False

    def __call__(self, handler: Handler) -> None:
        params, _method = loads(handler.body)
        if params[3:5] == ("crm.lead", "write"):
            self.writes += 1
            self.dead = self.dead or (self.dies is not None and self.writes == self.at)
            if self.dead and self.done:
                answer = forward(handler, self.url, silently=True)
                assert self.dies is not None
                self.dies(handler, answer)
                return
        if self.dead:
            assert self.dies is not None
            self.dies(handler, b"<?xml version='1.0'?><methodResponse>")
        else:
            forward(handler, self.url)


@pytest.fixture
def between(connected: Office) -> Iterator[Between]:
    """The spec's url leads through it."""
    exchange = Between(connected.url)
    with serving(exchange) as server:
        connected.write(url=server.url)
        yield exchange


@pytest.mark.parametrize(
    ("way", "done"),
    [
        ("hangs up", False),
        ("hangs up", True),
        ("garbage", True),
        ("a gateway's error", False),
        ("a firewall's status", True),
        ("a negative length", True),
        ("an answer of another shape", True),
    ],
)
def test_a_server_that_dies_in_mid_batch(
    connected: Office, between: Between, monkeypatch: pytest.MonkeyPatch, way: str, done: bool
) -> None:
    """It is told, the run is in the ledger, and a resume ends as if nothing had happened; so does an undo."""
    before = connected.leads()
    connected.done("plan", "viveros.yaml")
    between.dies, between.done = WAYS[way], done
    result = connected.run("apply", "P1", "--yes", "--connections", "1")
    assert result.exit_code == 5, result.output
    connected.speaks(result.output)
    assert "Traceback" not in result.output
    assert result.stderr == f"{says('It can go on with: segmenter resume {run}{ledger}', run='R1', ledger='')}\n"
    what = "It is not known whether {operation} of {model} was done: {why}"
    assert str(says(what, operation="write", model="crm.lead", why="")) in f"{' '.join(result.stdout.split())} "
    with open_ledger(connected.folder / "segmenter.ledger") as ledger:
        assert [run.status for run in ledger.runs()] == ["partly"]
    connected.done("runs", "--verify")

    between.dies, between.dead = None, False
    connected.done("resume", "R1")
    after = [lead["priority"] for lead in connected.leads()]
    assert after == ["0"] * 5 + ["3"] * (LEADS - 5)
    connected.done("undo", "R1", "--yes")
    assert connected.leads() == before
    connected.proves()


def test_a_server_that_dies_under_an_undo(connected: Office, between: Between) -> None:
    before = connected.leads()
    connected.done("plan", "viveros.yaml")
    connected.done("apply", "P1", "--yes")
    between.dies, between.at, between.writes = _hang_up, 2, 0
    result = connected.run("undo", "R1", "--yes", "--connections", "1")
    assert result.exit_code == 5, result.output
    connected.speaks(result.output)
    between.dies, between.dead = None, False
    connected.done("resume", "R2")
    assert connected.leads() == before
    connected.proves()


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_a_no_writes_nothing(connected: Office, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    connected.done("plan", "viveros.yaml")
    monkeypatch.setattr(executing, "somebody_there", lambda: True)
    state = connected.state()
    result = connected.run("apply", "P1", answer=answer)
    assert result.exit_code == (1 if answer else 130)
    end = "Nothing was written" if answer else "Stopped. Nothing was left half done: what had begun is in the ledger."
    assert result.stderr.splitlines()[-1] == str(says(end))
    assert connected.state() == state
    with open_ledger(connected.folder / "segmenter.ledger") as ledger:
        assert ledger.runs() == []


def test_records_that_a_server_makes_up(connected: Office) -> None:
    """It tells of 300 more than it has, which nobody can read: they are left, some of them named, the rest counted."""

    def exchange(handler: Handler) -> None:
        params, _method = loads(handler.body)
        if params[3:5] != ("crm.lead", "formatted_read_group") or "stage_id" not in params[6]["groupby"]:
            forward(handler, connected.url)
            return
        (answer,), _method = loads(forward(handler, connected.url, silently=True))
        answer[0]["id:array_agg"] += range(1_000, 1_300)
        handler.answer(xml(answer))

    with serving(exchange) as server:
        connected.write(url=server.url)
        result = connected.done("plan", "viveros.yaml", "--format", "json")
    warnings = [one["text"] for one in json.loads(result.stdout)["warnings"]]
    why = says("gone, or hidden from the work user")
    assert len([text for text in warnings if text.endswith(str(why))]) == 20
    one = "{number} more record could not be read and is left alone"
    more = "{number} more records could not be read and are left alone"
    assert i18n.ngettext(one, more, 280).format(number=280) in warnings
