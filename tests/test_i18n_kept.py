"""Sentences that are kept in no language, and read in the reader's."""

from __future__ import annotations

import json

import pytest

from segmenter.i18n import _, kept, ngettext, reworded, speaking, together


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        (lambda: _("it was changed since"), "fue cambiado después"),
        (
            lambda: ngettext("{number} record still uses it", "{number} records still use it", 2).format(number=2),
            "2 registros todavía lo usan",
        ),
        (
            lambda: together("{one}; {two}", one=_("it was deleted since"), two="lo que Odoo dijo"),
            "fue eliminado después; lo que Odoo dijo",
        ),
    ],
)
def test_a_sentence_is_read_in_another_language(english, spanish) -> None:  # type: ignore[no-untyped-def]
    with speaking("en"):
        made = english()
        text = kept(made)
        assert reworded(text) == reworded(made) == made
    with speaking("es"):
        assert reworded(text) == reworded(made) == spanish
        assert kept(reworded(text)) == text
        assert kept(english()) == text


@pytest.mark.parametrize("text", ["", "Odoo: no", "{x}", "sentence:", "sentence:{}", 'sentence:{"key": []}'])
def test_any_other_text_stays(text: str) -> None:
    assert kept(text) == reworded(text) == text


def test_what_is_filled_in_is_kept_as_json_has_it() -> None:
    with speaking("en"):
        text = kept(_("{run} wrote it; undo {run} first").format(run="R{2}"))
    assert json.loads(text.partition(":")[2])["parts"] == {"run": "R{2}"}
    with speaking("es"):
        assert "R{2}" in reworded(text)
