"""Whatever a server sends over JSON-2: each call ends with an answer or with an error of ours, and tells no key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from segmenter.errors import SegmenterError
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.session import connect
from segmenter.odoo.writer import OdooWriter
from tests.support.broken_answers import FIELDS, GOOD, changed
from tests.support.fuzzing import Entrance, Fuzz
from tests.support.http_servers import Handler, LocalServer, serving
from tests.test_fuzz_wire import CALLS

ENTRANCE = Entrance("json2", ".json")
KEY, LOGIN = "key-of-ana-0123", "ana@viveros.example"
OWN: dict[str, Any] = {"context_get": {"uid": 7}, "read": [{"id": 7, "login": LOGIN}]}
STATUSES = (200, 200, 200, 200, 401, 403, 404, 409, 413, 417, 422, 429, 500, 503, 302, 204)
KINDS = ("application/json", "application/json; charset=utf-8", "text/html", "text/xml", "", "application/json;x")
NAMES = ("odoo.exceptions.AccessError", "werkzeug.exceptions.NotFound", "builtins.ValueError", "x", "", ".", "a.\x1b")
NOISE = ('"', "{", "}", "[", "]", ",", ":", "\\", "\\ud800", "\\u0000", "NaN", "1e999", "\x00", "\xff", "9" * 5_000)
READ = [call for call in GOOD if call not in ("version", "login")]


def broken(random: Random) -> bytes:
    """A call, and the status, kind and body of what it gets."""
    call = random.choice(READ)
    value = GOOD[call]
    if random.random() < 0.3:
        value = {
            "name": random.choice(NAMES),
            "message": f"no {KEY}",
            "arguments": [],
            "context": {},
            "debug": f"Traceback {KEY}",
        }
    if random.random() < 0.5:
        value = changed(random, value)
    body = json.dumps(value)
    if random.random() < 0.4:
        at, times = random.randrange(len(body) + 1), random.choice([1, 1, 3, 5_000])
        body = body[:at] + random.choice(NOISE) * times + body[random.choice([at, at, len(body)]) :]
    status = random.choice(STATUSES)
    return json.dumps({"call": call, "status": status, "kind": random.choice(KINDS), "body": body}).encode()


class Line:
    """A server and a session with it that is logged in; `holds` is the law."""

    def __init__(self, server: LocalServer) -> None:
        self.server = server
        server.exchange = self._healthy
        self.session = connect(server.url, "viveros", LOGIN, KEY, api="json2", timeout=5)

    def _healthy(self, handler: Handler) -> None:
        method = handler.path.rpartition("/")[2]
        answer = FIELDS if method == "fields_get" else OWN.get(method, True)
        handler.answer(json.dumps(answer).encode(), kind="application/json")

    def holds(self, case: bytes) -> None:
        told = json.loads(case)

        def exchange(handler: Handler) -> None:
            if handler.path.endswith("/fields_get") and told["call"] != "fields_get":
                self._healthy(handler)
            else:
                body = told["body"].encode("latin-1", "replace")
                handler.answer(body, status=told["status"], kind=told["kind"], Retry_After="0")

        self.server.exchange = exchange
        reader = OdooReader(self.session, sleep=lambda _seconds: None)
        refused: SegmenterError | None = None
        try:
            CALLS[told["call"]](self.session, reader, OdooWriter(self.session, sleep=lambda _seconds: None))
        except SegmenterError as error:
            refused = error
        assert refused is None or 0 < len(refused.what) < 2_000
        assert KEY not in str(refused)
        assert "Traceback" not in str(refused)


class Versioned(Handler):
    """Tells its version too."""

    def do_GET(self) -> None:
        self.answer(b'{"version": "19.0"}', kind="application/json")


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    monkeypatch.setattr("tests.support.http_servers.Handler", Versioned)
    with serving(lambda handler: None) as server:
        yield Line(server)


@pytest.mark.parametrize("case", ENTRANCE.kept())
def test_what_was_kept(line: Line, case: bytes) -> None:
    line.holds(case)


def test_whatever_comes(line: Line, fuzz: Fuzz) -> None:
    fuzz.hunt(ENTRANCE, broken, line.holds)
