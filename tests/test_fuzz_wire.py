"""Whatever a server sends: each call ends in time, with an answer or with an error of ours, and takes little memory."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from segmenter.errors import ExitCode, SegmenterError
from segmenter.odoo.calls import TRIES
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.session import OdooSession, connect
from segmenter.odoo.writer import OdooWriter
from tests.support.broken_answers import FIELDS, GOOD, by_chance, parsed, play
from tests.support.fuzzing import Entrance, Fuzz
from tests.support.http_servers import Handler, LocalServer, odoo, serving

WIRE = Entrance("wire", ".json")
LIMIT = 0.4
"""Seconds of `--timeout`."""
SLACK = 5.0
"""What a busy machine may add, of its own, to a call that ended at its limit."""
MEMORY = 300
"""Megabytes that the process may grow by."""
NAMES = [name for name in FIELDS if name != "id"]

CALLS: dict[str, Callable[[OdooSession, OdooReader, OdooWriter], Any]] = {
    "version": lambda session, _reader, _writer: session.ask_version(),
    "login": lambda session, _reader, _writer: session.connect(),
    "search": lambda _session, reader, _writer: reader.search("crm.lead", [("id", "in", [7, 8])]),
    "search_count": lambda _session, reader, _writer: reader.count("crm.lead", []),
    "search_read": lambda _session, reader, _writer: reader.search_read("crm.lead", [], NAMES),
    "read": lambda _session, reader, _writer: list(reader.read("crm.lead", [7, 8], NAMES)),
    "fields_get": lambda _session, reader, _writer: reader.fields("crm.lead"),
    "read_group": lambda _session, reader, _writer: reader.groups("crm.lead", [], ["stage_id"], ["amount"]),
    "month": lambda _session, reader, _writer: reader.groups("crm.lead", [], ["create_date:month"]),
    "check_access_rights": lambda _session, reader, _writer: reader.may("crm.lead", "read"),
    "has_group": lambda _session, reader, _writer: reader.has_group("base.group_user"),
    "write": lambda _session, _reader, writer: writer.write("crm.lead", [7], {"name": "x"}),
    "create": lambda _session, _reader, writer: writer.create("crm.tag", {"name": "x"}),
    "unlink": lambda _session, _reader, writer: writer.unlink("crm.tag", [7]),
}


def healthy(method: str, params: tuple[Any, ...]) -> Any:
    """What is not about the case: a login, and the fields of the model."""
    own = [{"id": 7, "lang": "es_CL", "tz": "America/Santiago"}]
    return {"version": GOOD["version"], "login": 7}.get(method, FIELDS if "fields_get" in params else own)


class Line:
    """A server and a logged-in session with it; `holds` is the law."""

    def __init__(self, server: LocalServer) -> None:
        self.server = server
        self.session = connect(server.url, "viveros", "ana@viveros.example", "key-of-ana", timeout=LIMIT)

    def holds(self, text: bytes) -> None:
        case = parsed(text)

        def exchange(handler: Handler) -> None:
            about_fields = b">fields_get<" in handler.body and case.call != "fields_get"
            play(case, handler) if not about_fields else odoo(healthy)(handler)

        self.server.exchange = exchange
        reader = OdooReader(self.session, sleep=lambda _seconds: None)
        memory, began, refused = _peak(), time.monotonic(), None
        try:
            CALLS[case.call](self.session, reader, OdooWriter(self.session))
        except SegmenterError as error:
            refused = error
        assert refused is None or (0 < len(refused.what) < 2_000 and refused.exit_code in ExitCode)
        assert time.monotonic() - began < LIMIT * TRIES + SLACK
        assert _peak() - memory < MEMORY


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@pytest.fixture
def line() -> Iterator[Line]:
    with serving(odoo(healthy)) as server:
        yield Line(server)


def test_every_call_is_tried() -> None:
    assert set(CALLS) == set(GOOD)


@pytest.mark.parametrize("case", WIRE.kept())
def test_what_was_kept(line: Line, case: bytes) -> None:
    line.holds(case)


def test_whatever_comes(line: Line, fuzz: Fuzz) -> None:
    fuzz.hunt(WIRE, by_chance, line.holds)
