from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from segmenter.conditions import evaluate
from segmenter.conditions.text import escaped, unsendable
from tests.support.conditions_crm import lead


@given(st.text(alphabet="aA%_\\.*ñÑ\n", min_size=1), st.text(alphabet="aA%_\\.*ñÑ\n"))
def test_escaped_text_stands_for_itself(needle: str, text: str) -> None:
    record = lead(city=text)
    assert evaluate([["city", "like", escaped(needle)]], record) is (needle in text)
    assert evaluate([["city", "=like", escaped(needle)]], record) is (needle == text)
    assert evaluate([["city", "=ilike", escaped(needle) + "%"]], record) is text.lower().startswith(needle.lower())


def test_what_xml_cannot_carry() -> None:
    assert [unsendable(text) for text in ("a\tb\r\n", "ñ😀", "a\x00", "\x1b[1m", "\ud800")] == [
        False,
        False,
        True,
        True,
        True,
    ]
