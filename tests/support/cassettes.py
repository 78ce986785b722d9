"""Recordings of real servers, played back: matched on the call itself, and free of secrets before they reach the disk.

Record all of them again, from real Odoos that are started for it, with one command:

    python -m tests.support.record
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xmlrpc.client import dumps, loads

import vcr
from vcr.request import Request

FOLDER = Path(__file__).parents[2] / "cassettes"
URL = "http://127.0.0.1:8069"
"""The address that recordings show, wherever the recorded server was."""
HIDDEN = "SECRET"
DATABASE = "cassettes"
WORK_USER = "segmentacion@asesorateya.example"
KEPT_HEADERS = ("content-type",)
FOLDERS = re.compile(rb"/(?:home|root|tmp|var|Users)/(?:[^\s\"'&;<]*/)?")
"""Where a traceback says that the recorded machine keeps its files."""
NAMES = re.compile(rb"(<param>\s*<value><array><data>\s*)(?:<value><string>\w+</string></value>\s*)+(</data>)")
"""The names of all databases, as ``db.list`` answers: the only answer that is a list of texts."""
RECORDING_URL, RECORDING_KEY = "SEGMENTER_RECORD_URL", "SEGMENTER_RECORD_KEY"
VERSIONS = ("14", "19")
"""Recorded from: `cassette` finds those of a version in a folder of its own."""


def recording_url() -> str | None:
    """The real server to record from; None when recordings are played back."""
    return os.environ.get(RECORDING_URL)


def work_key() -> str:
    """The work user's key on the recorded server; in a recording any will do."""
    return os.environ.get(RECORDING_KEY, "whatever")


def call_of(request: Request) -> tuple[str, str, tuple[Any, ...]]:
    """Service, method and arguments (model and model's method among them), the secret left out."""
    params, method = loads(request.body)
    return urlsplit(request.uri).path, str(method), _hidden(params)


def scrub_request(request: Request) -> Request:
    """Without password, host and headers: what a recording may hold of a request."""
    path, method, params = call_of(request)
    body = dumps(params, method, allow_none=True).encode()
    headers = {name: value for name, value in request.headers.items() if name.lower() in KEPT_HEADERS}
    return Request(request.method, URL + path, body, headers)


def scrub_response(response: dict[str, Any]) -> dict[str, Any]:
    """Without cookies and whatever else the headers tell, and without the recorded machine's folders."""
    headers = {name: value for name, value in response["headers"].items() if name.lower() in KEPT_HEADERS}
    body = response["body"]["string"]
    if (key := os.environ.get(RECORDING_KEY)) and key.encode() in body:
        body = body.replace(key.encode(), HIDDEN.encode())
    ours = b"<value><string>%s</string></value>" % DATABASE.encode()
    body = NAMES.sub(rb"\1" + ours + rb"\2", FOLDERS.sub(b"/odoo/", body))
    return {**response, "headers": headers, "body": {"string": body}}


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
    )
    machine.register_matcher("same_call", _same_call)
    return machine


@contextmanager
def cassette(name: str, version: str) -> Iterator[str]:
    """The url to connect to, while ``name`` is played back (every call of it must be made) or recorded anew."""
    real = recording_url()
    path = FOLDER / f"odoo{version}" / f"{name}.yaml"
    if real:
        path.unlink(missing_ok=True)
    with recorder(path.parent, record=bool(real)).use_cassette(path.name) as tape:
        yield real or URL
        assert real or tape.all_played, f"calls of {path.name} that were not made"
