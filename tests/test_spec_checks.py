"""Checks of meaning: what holds must pass; what does not is in tests/bad_specs."""

from __future__ import annotations

import pytest

from segmenter.errors import SpecError
from segmenter.spec import loads

SPEC = """\
version: 1
client: {name: X, CLIENT}
odoo: {url: 'URL', database: d, user: u}
scope: {model: MODEL, expect: EXPECT}
segmentations:
  - {name: S, store: STORE, segments: [{name: A, value: VALUE, when: {city: Lima}}]}
"""
USUAL = {
    "CLIENT": "language: es_CL",
    "URL": "https://x.example",
    "MODEL": "crm.lead",
    "EXPECT": "1..2",
    "STORE": "{tags: many}",
    "VALUE": "x",
}


def problems(**changes: str) -> list[str]:
    text = SPEC
    for key, value in (USUAL | changes).items():
        text = text.replace(key, value)
    try:
        loads(text, "x")
    except SpecError as error:
        return [problem.what for problem in error.problems]
    return []


@pytest.mark.parametrize("zone", ["UTC", "America/Lima", "Atlantic/Canary", "America/Argentina/Buenos_Aires"])
def test_time_zones(zone: str) -> None:
    assert not problems(CLIENT=f"timezone: {zone}")


@pytest.mark.parametrize("language", ["es", "es_CL", "en_US", "es_419", "sr@latin", "sr_RS@latin", "fil_PH"])
def test_languages(language: str) -> None:
    assert not problems(CLIENT=f"language: {language}")


@pytest.mark.parametrize("language", ["es-CL", "ES", "español", "es_cl", "es_CL.UTF-8"])
def test_what_is_no_language(language: str) -> None:
    assert problems(CLIENT=f"language: {language}") == [f"{language} is not the code of a language"]


@pytest.mark.parametrize(
    "url", ["https://x.example", "http://localhost:8069", "https://x.example/crm/", "http://[::1]:80"]
)
def test_addresses(url: str) -> None:
    assert not problems(URL=url)


@pytest.mark.parametrize(
    "url", ["x.example", "ftp://x", "https://", "https://x:abc", "https://[x", "https://x:99999", "/x"]
)
def test_what_is_no_address(url: str) -> None:
    assert problems(URL=url) == ["This is not the address of a server"]


@pytest.mark.parametrize("expect", ["1..1", "..5", "5..", "7"])
def test_ranges(expect: str) -> None:
    assert not problems(EXPECT=expect)


@pytest.mark.parametrize("expect", ["2..1", "100..99"])
def test_ranges_upside_down(expect: str) -> None:
    assert problems(EXPECT=expect) == ["The range is upside down"]


@pytest.mark.parametrize(
    ("model", "store", "value"),
    [
        ("crm.lead", "{tags: exclusive}", "Otra"),
        ("crm.lead", "{field: source_id}", "Feria"),
        ("crm.lead", "{field: priority}", "3"),
        ("crm.lead", "{field: x_number}", "0.5"),
        ("res.partner", "{categories: many}", "null"),
        ("res.partner", "{field: tag_ids}", "x"),
    ],
)
def test_stores_and_values(model: str, store: str, value: str) -> None:
    assert not problems(MODEL=model, STORE=store, VALUE=value)
