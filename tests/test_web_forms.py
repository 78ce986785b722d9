"""Forms of the meeting page."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from segmenter.errors import UsageError
from segmenter.web.forms import FIELDS, form_of

KIND = "application/x-www-form-urlencoded"


def pairs(body: bytes, kind: str = KIND) -> list[Any]:
    async def receive() -> Any:
        return {"type": "http.request", "body": body}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}
    return asyncio.run(form_of(Request(scope, receive))).multi_items()


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=8))
def test_what_a_browser_encodes_comes_back(fields: list[tuple[str, str]]) -> None:
    fields = [
        (name.encode("utf-8", "ignore").decode(), value.encode("utf-8", "ignore").decode()) for name, value in fields
    ]
    assert pairs(urlencode(fields).encode(), f"{KIND}; charset=UTF-8") == fields


def test_an_empty_body_has_no_fields() -> None:
    assert pairs(b"", "") == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"a=1", "multipart/form-data; boundary=x"),
        (b'{"a": 1}', "application/json"),
        (b"a=1", ""),
        (b"a=%FF", KIND),
        (b"a=\xff", KIND),
        (b"&".join([b"a=1"] * (FIELDS + 1)), KIND),
    ],
)
def test_what_is_no_form_of_the_page(body: bytes, kind: str) -> None:
    with pytest.raises(UsageError) as told:
        pairs(body, kind)
    assert told.value.todo
