"""The spec that `segmenter init` writes holds as it is, and with every suggestion in it taken up."""

from __future__ import annotations

import re

import pytest

from segmenter.i18n import use_language
from segmenter.spec import loads, template
from segmenter.spec.model import Client


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("client", ["Viveros", 'Ñandú: "X" # {y}', "2026", "NO", "CLIENT SCHEMA"])
def test_it_holds_for_any_client(language: str, client: str) -> None:
    use_language(language)
    text = template(Client(client), "../schema.json")
    assert text.startswith("# yaml-language-server: $schema=../schema.json\n")
    assert loads(text, "x").client.name == client


@pytest.mark.parametrize("language", ["es", "en"])
def test_what_it_comments_out_holds_too(language: str) -> None:
    use_language(language)
    text = re.sub(
        r"(?m)^(\s*)# (?=(approver|expect|stage_id|user_id|tag_ids|- record|  expect|odoo|  url|  database|  user):)",
        r"\1",
        template(Client("X"), "s"),
    )
    assert "# odoo" not in text
    spec = loads(text, "x")
    assert spec.odoo is not None
    assert spec.client.approver
    assert spec.scope.expect
    assert len(spec.segmentations[0].segments[0].actions) == 4
    assert [bool(example.record) for example in spec.examples] == [False, True]


def test_both_languages_say_the_same() -> None:
    texts = []
    for language in ("es", "en"):
        use_language(language)
        texts.append(template(Client("X"), "s"))
    keys = [re.findall(r"(?m)^(\s*(?:- )?\w+):", text) for text in texts]
    assert keys[0] == keys[1]


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize(
    ("model", "tag_field"), [("crm.lead", "tag_ids"), ("res.partner", "category_id")], ids=["leads", "contacts"]
)
def test_it_speaks_the_clients_language_in_its_zone(language: str, model: str, tag_field: str) -> None:
    use_language(language)
    client = Client("X", language="es_PE", timezone="America/Argentina/Buenos_Aires")
    spec = loads(template(client, "s", model), "x")
    assert (spec.client, spec.scope.model) == (client, model)
    assert spec.segmentations[0].store.field == tag_field
