"""Recordings of real servers, played back: matched on the call itself, and free of secrets before they reach the disk.

Record those of 14 and 19 again, from real Odoos that are started for it, with one command:

    python -m tests.support.record

Those of 15 to 18 come from somebody's server, which `tests.support.record` takes as well.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit
from xmlrpc.client import dumps, loads

import vcr
import yaml
from vcr.request import Request
from vcr.stubs.urllib3_stubs import VCRRequestsHTTPConnection, VCRRequestsHTTPSConnection

from segmenter.odoo import timed
from segmenter.odoo.session import connect
from segmenter.odoo.transport import Transport

FOLDER = Path(__file__).parents[2] / "cassettes"
URL = "http://127.0.0.1:8069"
"""The address that recordings show, wherever the recorded server was."""
HIDDEN = "SECRET"
DATABASE = "cassettes"
WORK_USER = "segmentacion@asesorateya.example"
KEPT_HEADERS = ("content-type",)
FOLDERS = re.compile(rb"/(?:home|root|tmp|var|Users)/(?:[^\s\"'&;<]*/)?")
"""Where the recorded machine keeps its files, wherever it is said."""
SOURCES = re.compile(rb'((?:File|socket) ")/(?:[^\s"/]+/)*')
"""The same as a traceback and PostgreSQL say it, of any folder."""
NAMES = re.compile(rb"(<param>\s*<value><array><data>\s*)(?:<value><string>\w+</string></value>\s*)+(</data>)")
"""The names of all databases, as ``db.list`` answers: the only answer that is a list of texts."""
DEBUG = re.compile(rb'"debug": "(?:[^"\\]|\\.)*"')
"""A traceback, as an error over JSON-2 holds it."""
RECORDING_URL, RECORDING_KEY = "SEGMENTER_RECORD_URL", "SEGMENTER_RECORD_KEY"
JSON2 = "-json2"
OURS = ("14", "19", f"19{JSON2}")
"""Recorded from servers that the tests start, the last one over JSON-2."""
VERSIONS = (*OURS[:1], "15", "16", "17", "18", *OURS[1:])
"""All that there are recordings of, a folder each: those between were made from servers that somebody else started."""
LONG = 4_000
"""Characters from which on an answer gets a file of its own (`Shelf`): descriptions of fields, above all."""


def recording_url() -> str | None:
    """The real server to record from; None when recordings are played back."""
    return os.environ.get(RECORDING_URL)


def server(version: str) -> str:
    """The version of Odoo that a recording is of: ``19``."""
    return version.removesuffix(JSON2)


def name_of(version: str) -> str:
    """What tests of these recordings are called: none is part of another."""
    return "json2" if version.endswith(JSON2) else f"odoo{version}"


def own_key(login: str, key: str) -> str:
    """Somebody's own of the keys made of one. Over JSON-2 it is the key that tells who somebody is."""
    return f"{login.partition('@')[0]}-{key}"


def log_in(url: str, version: str, login: str = WORK_USER, key: str = "", database: str = DATABASE) -> Any:
    """A session on the recorded server, over the wire of the recording."""
    known = key or os.environ.get(RECORDING_KEY, "whatever")
    if version.endswith(JSON2):
        return connect(url, database, login, key or own_key(login, known), api="json2")
    return connect(url, database, login, known, api="xmlrpc")


def is_json2(uri: str) -> bool:
    """Whether a call goes over JSON-2."""
    return not urlsplit(uri).path.startswith("/xmlrpc/")


def call_of(request: Request) -> tuple[str, str, tuple[Any, ...]]:
    """Service, method and arguments (model and model's method among them), the secret left out. Over JSON-2: path,
    method of HTTP, and the named arguments."""
    path = urlsplit(request.uri).path
    if is_json2(request.uri):
        return path, request.method, (json.loads(request.body or b"null"),)
    return path, *_said(request.body)


def model_calls(name: str, version: str) -> list[tuple[str, str]]:
    """Model and method of every call of a recording that is about records, in the order in which they were made.

    What JSON-2 asks at the login is left out.
    """
    path = FOLDER / f"odoo{version}" / f"{name}.yaml"
    requests = [one["request"] for one in Shelf(path.parent).deserialize(path.read_text())["interactions"]]
    return [call for request in requests if (call := _model_call(request)) and call[1] != "context_get"]


def _model_call(request: Mapping[str, Any]) -> tuple[str, str] | None:
    if is_json2(request["uri"]):
        *_rest, model, method = urlsplit(request["uri"]).path.split("/")
        return (model, method) if request["method"] == "POST" else None
    method, params = _said(request["body"].encode())
    return (params[3], params[4]) if method.startswith("execute") else None


@lru_cache(maxsize=2048)
def _said(body: bytes) -> tuple[str, tuple[Any, ...]]:
    """Method and arguments, parsed once: playing compares each call with every one that was recorded."""
    params, method = loads(body)
    return str(method), _hidden(params)


def scrub_request(request: Request) -> Request:
    """Without password, host and headers: what a recording may hold of a request."""
    path, method, params = call_of(request)
    if is_json2(request.uri):
        return Request(request.method, URL + path, request.body, {})
    body = dumps(params, method, allow_none=True).encode()
    return Request(request.method, URL + path, body, {})


def scrub_response(response: dict[str, Any]) -> dict[str, Any]:
    """Without cookies and whatever else the headers tell, and without the recorded machine's folders."""
    headers = {name: value for name, value in response["headers"].items() if name.lower() in KEPT_HEADERS}
    body = response["body"]["string"]
    if (key := os.environ.get(RECORDING_KEY)) and key.encode() in body:
        body = body.replace(key.encode(), HIDDEN.encode())
    body = DEBUG.sub(b'"debug": "Traceback"', body)
    ours = b"<value><string>%s</string></value>" % DATABASE.encode()
    body = SOURCES.sub(rb"\1/odoo/", FOLDERS.sub(b"/odoo/", body))
    body = NAMES.sub(rb"\1" + ours + rb"\2", body)
    return {**response, "headers": headers, "body": {"string": body}}


class _Dumper(yaml.CSafeDumper):
    """Answers line by line, as they came."""


def _by_line(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _by_line)


@dataclass(frozen=True)
class Shelf:
    """Recordings as YAML: each call as one line of JSON, each answer as it came.

    A long answer lies beside the recordings, once for all of them that hold it.
    """

    folder: Path

    def serialize(self, content: dict[str, Any]) -> str:
        """A recording as text; its long answers go to `answers`."""
        interactions = [
            {
                "request": {**request, "body": _as_json(request)},
                "response": {**response, "body": self._put(request, response["body"]["string"])},
            }
            for request, response in ((one["request"], one["response"]) for one in content["interactions"])
        ]
        kept = {**content, "interactions": interactions}
        return str(yaml.dump(kept, Dumper=_Dumper, allow_unicode=True, width=1_000_000))

    def deserialize(self, text: str) -> dict[str, Any]:
        """What `serialize` was given."""
        content: dict[str, Any] = yaml.load(text, yaml.CSafeLoader)
        for exchange in content["interactions"]:
            if not is_json2(exchange["request"]["uri"]):
                method, params = json.loads(exchange["request"]["body"])
                exchange["request"]["body"] = dumps(tuple(params), method, allow_none=True)
            if name := exchange["response"]["body"].get("file"):
                exchange["response"]["body"] = {"string": (self.answers / name).read_bytes()}
        return content

    @property
    def answers(self) -> Path:
        """Where the long answers of this folder's recordings are."""
        return self.folder / "answers"

    def _put(self, request: Mapping[str, Any], answer: str) -> dict[str, str]:
        if len(answer) < LONG or not (call := _model_call(request)):
            return {"string": answer}
        kind = "json" if is_json2(request["uri"]) else "xml"
        name = f"{'.'.join(call)}-{hashlib.sha256(answer.encode()).hexdigest()[:8]}.{kind}"
        self.answers.mkdir(parents=True, exist_ok=True)
        (self.answers / name).write_bytes(answer.encode())
        return {"file": name}


def _as_json(request: Mapping[str, Any]) -> str | None:
    if is_json2(request["uri"]):
        return request["body"]  # type: ignore[no-any-return]
    params, method = loads(request["body"])
    return json.dumps([method, params], ensure_ascii=False)


def _hidden(params: tuple[Any, ...]) -> tuple[Any, ...]:
    """The password is the third argument of ``execute_kw``, ``execute``, ``login`` and ``authenticate`` alike."""
    return (*params[:2], HIDDEN, *params[3:]) if len(params) > 2 else params


def _same_call(one: Request, other: Request) -> None:
    assert call_of(one) == call_of(other)


def recorder(folder: Path, *, record: bool) -> vcr.VCR:
    """VCR with our matcher and scrubbing."""
    machine = vcr.VCR(
        cassette_library_dir=str(folder),
        record_mode=vcr.mode.ALL if record else vcr.mode.NONE,
        before_record_request=scrub_request,
        before_record_response=scrub_response,
        match_on=["method", "same_call"],
        decode_compressed_response=True,
        # What the transport opens instead of urllib3's own connections.
        custom_patches=(
            (timed, "PlainConnection", VCRRequestsHTTPConnection),
            (timed, "TlsConnection", VCRRequestsHTTPSConnection),
        ),
    )
    machine.register_matcher("same_call", _same_call)
    machine.register_serializer("shelf", Shelf(folder))
    machine.serializer = "shelf"
    return machine


@contextmanager
def one_call_at_a_time() -> Iterator[None]:
    """vcrpy lets go of all connections while it opens one: a second thread would reach the network past it."""
    send, turn = Transport._send, threading.Lock()

    def in_turn(self: Transport, *args: Any, **options: Any) -> bool:
        with turn:
            return send(self, *args, **options)

    with mock.patch.object(Transport, "_send", in_turn):
        yield


@contextmanager
def cassette(name: str, version: str) -> Iterator[str]:
    """The url to connect to, while ``name`` is played back (every call of it must be made) or recorded anew."""
    real = recording_url()
    path = FOLDER / f"odoo{version}" / f"{name}.yaml"
    if real:
        path.unlink(missing_ok=True)
    with one_call_at_a_time(), recorder(path.parent, record=bool(real)).use_cassette(path.name) as tape:
        yield real or URL
        missed = [call_of(one)[2][3:] for at, one in enumerate(tape.requests) if not tape.play_counts[at]]
        assert real or not missed, f"calls of {path.name} that were not made: {missed}"
