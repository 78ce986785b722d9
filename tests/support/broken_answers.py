"""Answers of a server that is broken, hostile, or not alone on the line: made of real ones, by chance.

A case is JSON: which call gets it, and what is sent, as pieces of text with how often each is sent (-1: until the
client has had enough). One character is one byte. `play` sends it.
"""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from random import Random
from typing import Any
from xmlrpc.client import Fault, loads

from tests.support.cassettes import FOLDER, Shelf, is_json2
from tests.support.http_servers import Handler, xml

ENDLESS = -1
Piece = tuple[str, int]
LONGEST = 8_000
"""Characters of a recorded answer that is worth breaking."""

FIELDS = {
    "id": {"type": "integer", "string": "ID"},
    "name": {"type": "char", "string": "Name"},
    "stage_id": {"type": "many2one", "string": "Stage", "relation": "crm.stage"},
    "tag_ids": {"type": "many2many", "string": "Tags", "relation": "crm.tag"},
    "amount": {"type": "monetary", "string": "Amount"},
    "create_date": {"type": "datetime", "string": "Created"},
}
_ROW = {"id": 7, "name": "Hotel Sol", "stage_id": 3, "tag_ids": [1, 2], "amount": 1.5}
_ROW["create_date"] = "2026-03-01 10:00:00"
GOOD: dict[str, Any] = {
    "version": {"server_version": "19.0", "server_serie": "19.0"},
    "login": 7,
    "search": [7, 8],
    "search_count": 2,
    "search_read": [{**_ROW, "stage_id": [3, "New"]}],
    "read": [_ROW, {**_ROW, "id": 8, "stage_id": False}],
    "fields_get": FIELDS,
    "read_group": [{"stage_id": [3, "New"], "__count": 2, "n": 2, "amount:sum": 3.0, "s0": 3.0}],
    "month": [{"create_date:month": ["2026-03-01 03:00:00", "March 2026"], "__count": 2, "n": 2}],
    "check_access_rights": True,
    "has_group": False,
    "write": True,
    "create": 7,
    "unlink": True,
}
"""By call: an answer that is right."""
KINDS: list[Any] = [True, 0, -1, 7, 1e308, "", "text", "7", [], [[]], [True], {}, {"a": []}, None, [None]]
NOISE = [
    *("<value>", "</value>", "<array><data>", "<struct>", "<name>", "<nil/>", "<x>", "</x>", "<int a='1'>", "&bomb;"),
    *("&#0;", "<!--", "-->", "<![CDATA[", "<?x", "<!DOCTYPE a [", "<!ENTITY b 'c'>", "]>", "\x00", "\xff", "\ufeff"),
    *("<int>99999999999999999999</int>", "<double>nan</double>", "<double>1e999</double>", "<boolean>2</boolean>"),
    *("<base64>=</base64>", "<dateTime.iso8601>x</dateTime.iso8601>", "<i8>1</i8>", " " * 100, "9" * 5_000),
]
OK = "HTTP/1.1 200 OK\r\n"
HEADS = [
    *("", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/0.9 200\r\n", "HTTP/2 200 OK\r\n", "HTTP/1.1 -1 OK\r\n", "SSH-2.0-x\r\n"),
    *(f"HTTP/1.1 {status} X\r\n" for status in (100, 101, 204, 206, 301, 304, 400, 403, 404, 413, 429, 500, 503, 999)),
]
HEADERS = [
    *("Content-Length: -5", "Content-Length: x", "Content-Length: 3", "Content-Length: 3, 4", "Content-Length: 9" * 99),
    *(
        "Content-Length: 99999999999999999999",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: gzip",
        "Retry-After: 0",
    ),
    *("Content-Encoding: gzip", "Content-Encoding: br", "Content-Encoding: deflate, gzip", "Content-Type: text/html"),
    *(
        "Connection: keep-alive",
        "Connection: close",
        ": nothing",
        "no colon",
        " folded",
        "a: \xff\x00",
        "Location: //[",
    ),
    *(
        "Retry-After: Sun, 99 Nov 99999 99:99:99 GMT",
        "Set-Cookie: " + "x" * 70_000,
        "Content-Type: text/xml;charset=\xff",
    ),
]
SIZES = ["-1", "-5", "+5", "0x5", "5_0", "zz", "", " ", "ffffffffffffffffffff", "5;x=" + "y" * 70_000, "0"]


@dataclass(frozen=True)
class Case:
    """``call``: the key of `GOOD` that is answered so. ``pause``: seconds before each piece. ``hang``: stay there."""

    call: str
    pieces: tuple[Piece, ...]
    pause: float = 0
    hang: bool = False

    def written(self) -> bytes:
        """As it is kept."""
        return json.dumps(asdict(self), indent=1).encode()


def parsed(text: bytes) -> Case:
    """What `Case.written` gave."""
    told = json.loads(text)
    return Case(**{**told, "pieces": tuple((text, times) for text, times in told["pieces"])})


def play(case: Case, handler: Handler) -> None:
    """Answer a request as a case says, and hang up."""
    handler.close_connection = True
    for text, times in case.pieces:
        sent, piece = 0, text.encode("latin-1", "replace")
        some = max(1, 65_536 // max(1, len(piece))) if not case.pause else 1
        while times == ENDLESS or sent < times:
            time.sleep(case.pause)
            number = some if times == ENDLESS else min(some, times - sent)
            handler.wfile.write(piece * number)
            sent += number
    if case.hang:
        handler.rfile.read(1)


@cache
def recorded() -> dict[str, list[str]]:
    """What real servers answered over XML-RPC, by method: short answers alone."""
    found: dict[str, list[str]] = {}
    for path in sorted(FOLDER.glob("odoo*/*.yaml")):
        for exchange in Shelf(path.parent).deserialize(path.read_text())["interactions"]:
            if is_json2(exchange["request"]["uri"]):
                continue
            params, method = loads(exchange["request"]["body"])
            answer = exchange["response"]["body"]["string"]
            text = answer if isinstance(answer, str) else answer.decode()
            if len(text) < LONGEST:
                found.setdefault(str(params[4] if len(params) > 4 else method), []).append(text)
    return found


def by_chance(random: Random) -> bytes:
    """A case."""
    call = random.choice(list(GOOD))
    answer = _text(random, call)
    body = random.choice(BODIES)(random, answer) if random.random() < 0.8 else ((answer, 1),)
    pieces = _sent(random, body)
    pause = 0.02 if random.random() < 0.03 else 0
    return Case(call, pieces, pause, hang=random.random() < 0.03).written()


def _text(random: Random, call: str) -> str:
    """An answer to a call, or to another one."""
    texts = recorded().get(call, [])
    if texts and random.random() < 0.4:
        return random.choice(texts)
    value = GOOD[call]
    if random.random() < 0.4:
        value = changed(random, value)
    if random.random() < 0.05:
        value = Fault(random.choice([1, 2, 3, 4, 99, "x", [1], None]), random.choice(["no", ["no"], "x" * 9_000]))
    return xml(value).decode()


def changed(random: Random, value: Any) -> Any:
    """The value with one part of it of another kind, left out, or there twice."""
    if isinstance(value, list) and value and random.random() < 0.8:
        at = random.randrange(len(value))
        return random.choice([[*value, value[at]], value[:at], [*value[:at], changed(random, value[at])]])
    if isinstance(value, dict) and value and random.random() < 0.8:
        name = random.choice(list(value))
        others = {key: part for key, part in value.items() if key != name}
        return random.choice([others, {**value, name: changed(random, value[name])}, {**others, "?": value[name]}])
    return random.choice(KINDS)


def _places(random: Random, text: str) -> tuple[int, int]:
    """Two places where tags begin, in order."""
    tags = [found.start() for found in re.finditer("<", text)] or [0]
    one, other = sorted((random.choice(tags), random.choice(tags)))
    return one, other


def _cut(random: Random, text: str) -> tuple[Piece, ...]:
    return ((text[: random.randrange(len(text) + 1)], 1),)


def _without(random: Random, text: str) -> tuple[Piece, ...]:
    one, other = _places(random, text)
    return ((text[:one] + text[other:], 1),)


def _again(random: Random, text: str) -> tuple[Piece, ...]:
    one, other = _places(random, text)
    times = random.choice([2, 3, 50, 3_000, 3_000] if random.random() < 0.97 else [ENDLESS])
    return ((text[:one], 1), (text[one:other] or "<value>", times), (text[other:], 1))


def _noisy(random: Random, text: str) -> tuple[Piece, ...]:
    one, _other = _places(random, text)
    times = random.choice([1, 1, 1, 200, 10_000])
    return ((text[:one], 1), (random.choice(NOISE), times), (text[one:], 1))


def _flipped(random: Random, text: str) -> tuple[Piece, ...]:
    letters = list(text)
    for _time in range(random.randrange(1, 6)):
        letters[random.randrange(len(letters))] = chr(random.randrange(256))
    return (("".join(letters), 1),)


BODIES: list[Callable[[Random, str], tuple[Piece, ...]]] = [_cut, _without, _again, _noisy, _flipped]


def _sent(random: Random, body: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """A body over HTTP, which is broken too now and then."""
    luck = random.random()
    if luck < 0.5:
        return ((f"{OK}Content-Type: text/xml\r\n\r\n", 1), *body)
    if luck < 0.6:
        whole = "".join(text * min(times, 50) for text, times in body if times != ENDLESS)
        packed = gzip.compress(whole.encode("latin-1", "replace"), mtime=0).decode("latin-1")
        if random.random() < 0.5:
            ((packed, _one),) = _flipped(random, packed)
        return ((f"{OK}Content-Encoding: gzip\r\n\r\n", 1), (packed, random.choice([1, 1, 3])))
    if luck < 0.75:
        chunks = tuple((f"{len(text):x}\r\n{text}\r\n", times) for text, times in body if text)
        at = random.randrange(len(chunks) + 1)
        bad = f"{random.choice(SIZES)}\r\nhello\r\n"
        trailers = ("a: b\r\n", random.choice([0, 1, 300]))
        return (
            (f"{OK}Transfer-Encoding: chunked\r\n\r\n", 1),
            *chunks[:at],
            (bad, 1),
            *chunks[at:],
            ("0\r\n", 1),
            trailers,
        )
    head = random.choice([OK, OK, "HTTP/1.1 100 Continue\r\n\r\n" * random.choice([1, 50]) + OK, random.choice(HEADS)])
    headers = "".join(f"{line}\r\n" for line in random.sample(HEADERS, random.randrange(4)))
    return ((head + headers, 1), ("X: y\r\n", random.choice([0, 0, 5, 200])), ("\r\n", 1), *body)
