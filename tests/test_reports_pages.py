from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from segmenter.reports import pages
from segmenter.reports.text import Style
from tests.support.review_samples import HOSTILE


def rendered(body: str, **about: object) -> str:
    return str(pages._environment().from_string(body).render(**about))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_text_stays_a_text(name: str) -> None:
    said = rendered('<p title="{{ name }}">{{ name }}</p>', name=name)
    inside = said.removeprefix('<p title="').removesuffix("</p>")
    assert not set(inside.replace('">', "", 1)) & set("<>\"'\x1b\u202e")


@given(st.text(max_size=40))
def test_an_island_cannot_be_left(text: str) -> None:
    island = str(pages.island({"name": text}))
    assert not set(island) & set("<>&\u2028\u2029")
    assert json.loads(island) == {"name": text}


def test_what_a_template_does_not_know_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        rendered("{{ nothing }}")


def test_the_policy_lets_our_own_style_and_script_alone() -> None:
    style = Style("es_CL", "America/Santiago")
    page = pages.page("base.html", style, css=("table.css",), js=("table.js",))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    for tag in ("style", "script"):
        inside = re.search(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert inside
        digest = b64encode(sha256(inside[1].encode()).digest()).decode()
        said = policy[1].replace("&#39;", "'").replace("&#43;", "+")
        assert f"{tag}-src 'sha256-{digest}'" in said
    assert "default-src 'none'" in said
    assert "unsafe" not in said
    assert not re.search(r"(?:src|href)=.(?:https?:)?//", page)
