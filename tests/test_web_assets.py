"""What the meeting page loads: the vendored files are those noted, and are served as what they are."""

from __future__ import annotations

import asyncio
import json
import re
from hashlib import sha256
from importlib import resources

import httpx
import pytest
from starlette.applications import Starlette

from segmenter.web import assets

STATIC = resources.files("segmenter.web") / "static"


def get(path: str) -> httpx.Response:
    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=[assets.ROUTE]))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path)

    return asyncio.run(answer())


def test_htmx_is_the_noted_one() -> None:
    note, script = (STATIC / "htmx.version.txt").read_text("utf-8"), (STATIC / "htmx.min.js").read_bytes()
    version, digest = re.search(r"htmx (\S+),", note), re.search(r"SHA-256: (\w{64})\n", note)
    assert version is not None
    assert digest is not None
    assert sha256(script).hexdigest() == digest[1]
    assert f'version:"{version[1]}"'.encode() in script
    assert "Zero-Clause BSD" in (STATIC / "htmx.LICENSE.txt").read_text("utf-8")


def test_htmx_is_told_what_the_policy_refuses() -> None:
    script, config = (STATIC / "htmx.min.js").read_text("utf-8"), json.loads(assets.HTMX_CONFIG)
    refused = {name: config[name] for name in ("allowEval", "includeIndicatorStyles", "historyEnabled")}
    assert not any(refused.values())
    assert [name for name in config if f"{name}:" not in script] == []


@pytest.mark.parametrize("name", sorted(assets.files()))
def test_each_file_is_served_as_what_it_is(name: str) -> None:
    answer = get(f"/static/{name}")
    assert (answer.status_code, answer.content) == (200, (STATIC / name).read_bytes())
    assert answer.headers["content-type"] == assets.TYPES[name[name.rindex(".") :]]


def test_a_script_has_the_type_that_browsers_want() -> None:
    assert get("/static/htmx.min.js").headers["content-type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize(
    "path", ["/static/htmx.version.txt", "/static/", "/static/../guard.py", "/static/%2e%2e%2fguard.py", "/static/x.js"]
)
def test_nothing_else_is(path: str) -> None:
    assert get(path).status_code == 404
