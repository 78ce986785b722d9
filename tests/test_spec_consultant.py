"""The consultant of a spec and of a settings file, and the logo that they name."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

import pytest

from segmenter.errors import SpecError
from segmenter.spec import loads
from segmenter.spec.consultant import MOST_BYTES, filled_up, of_settings, with_picture
from segmenter.spec.model import Consultant

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'
PNG = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
SPEC = """\
version: 1
client: {name: X}
CONSULTANT
scope: {model: crm.lead}
segmentations:
  - {name: S, store: {tags: many}, segments: [{name: A, when: {city: Lima}}]}
"""
CAMILA = (
    """consultant: {firm: AsesórateYa, name: Camila Soto, email: c@x.example, phone: +56 9 5555, signature: [a, b]}"""
)


def test_a_spec_says_who_the_consultant_is() -> None:
    spec = loads(SPEC.replace("CONSULTANT", CAMILA), "x")
    assert spec.consultant == Consultant("AsesórateYa", "Camila Soto", "c@x.example", "+56 9 5555", "", ("a", "b"))


def test_the_consultant_does_not_count_in_the_digest() -> None:
    texts = [SPEC.replace("CONSULTANT", CAMILA), SPEC.replace("CONSULTANT", "")]
    assert len({loads(text, "x").digest for text in texts}) == 1


def test_what_the_spec_does_not_say_comes_from_the_settings() -> None:
    own, others = Consultant(name="Luis", logo="own.png"), Consultant("Firm", "Camila", logo="a.svg", picture="data:a")
    assert filled_up(own, others) == Consultant("Firm", "Luis", logo="own.png")
    assert filled_up(Consultant(), others) == others


def test_a_settings_file() -> None:
    assert of_settings(CAMILA, "settings.yaml").name == "Camila Soto"
    with pytest.raises(SpecError) as raised:
        of_settings("consultant: {name: 5}\nclient: {name: X}\napi_key: hunter22", "settings.yaml")
    assert [str(problem) for problem in raised.value.problems] == [
        "settings.yaml:1:14: name must be text, not 5; put it in quotes",
        "settings.yaml:2:1: Unknown key client; the keys here are consultant",
        "settings.yaml:3:1: A secret stands here, under api_key; delete it, change it in Odoo, and keep it in the "
        "keyring or in SEGMENTER_API_KEY",
    ]


def test_an_empty_list_of_settings_is_no_settings() -> None:
    with pytest.raises(SpecError, match="must be a mapping with consultant"):
        of_settings("[]", "settings.yaml")


@pytest.mark.parametrize(
    ("content", "kind"),
    [(SVG.encode(), "image/svg+xml"), (b"\xef\xbb\xbf" + SVG.encode(), "image/svg+xml"), (PNG, "image/png")],
)
def test_a_logo_is_read(tmp_path: Path, content: bytes, kind: str) -> None:
    (tmp_path / "logo").write_bytes(content)
    found, wrong = with_picture(Consultant(logo="logo"), tmp_path)
    assert wrong is None
    head, data = found.picture.split(",")
    assert (head, b64decode(data)) == (f"data:{kind};base64", content)


BOMB = '<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot be read: there is no such file or folder; put it there, or name where it is"),
        (b"\xff\xd8\xff\xe0 a photo", "is neither a PNG nor an SVG; save it as one of the two"),
        (b"<html/>", "is neither a PNG nor an SVG; save it as one of the two"),
        (BOMB.encode(), "is neither a PNG nor an SVG; save it as one of the two"),
        (b"<?xml version='1.0' encoding='klingon'?><svg/>", "is neither a PNG nor an SVG; save it as one of the two"),
        (b"", "is neither a PNG nor an SVG; save it as one of the two"),
        (PNG + bytes(MOST_BYTES), "is larger than 500 kB; save a smaller one"),
    ],
)
def test_a_logo_that_cannot_be_carried_along(tmp_path: Path, content: bytes | None, sentence: str) -> None:
    if content is not None:
        (tmp_path / "logo.png").write_bytes(content)
    given = Consultant(name="Camila", logo="logo.png")
    found, wrong = with_picture(given, tmp_path)
    assert found == given
    assert str(wrong) == f"The logo {tmp_path / 'logo.png'} {sentence}"
