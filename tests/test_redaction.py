"""The key comes out of foreign text in whatever dress it comes back."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.redaction import MASK, masked

KEY = "3f9a+c/d_7 b1&e"

DRESSES = {
    "plain": KEY,
    "capitals": KEY.upper(),
    "quoted": quote(KEY),
    "quoted whole": quote(KEY, safe=""),
    "escaped": escape(KEY),
    "hexadecimal": KEY.encode().hex(),
    "base64": base64.b64encode(KEY.encode()).decode(),
    "base64 for addresses": base64.urlsafe_b64encode(KEY.encode()).decode(),
    "base64 of a login": base64.b64encode(f"ana:{KEY}".encode()).decode(),
    "base64 in the middle": base64.b64encode(f"user=ana&key={KEY}&x=1".encode()).decode(),
    "broken over lines": "\n".join(KEY),
    "broken base64": "\r\n ".join(base64.b64encode(KEY.encode()).decode()),
    "broken in JSON": json.dumps("\n".join(KEY)),
    "spelled out": " . ".join(KEY),
    "in JSON": json.dumps({"key": KEY}),
}


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES)
def test_a_key_in_any_dress(dress: str) -> None:
    told = masked(f"invalid credentials [{dress}] for ana", [KEY])
    assert MASK in told
    assert not any(part in told for part in (KEY, dress[4:-4]))
    assert told.startswith("invalid credentials [")
    assert told.endswith("for ana")


def test_a_short_password_is_taken_out_as_a_word_alone() -> None:
    assert masked("ana of bananas", ["ana"]) == f"{MASK} of bananas"


def test_other_text_stays_as_it_is() -> None:
    assert masked("Wrong value for res.partner.lang: 'xx'", [KEY, ""]) == "Wrong value for res.partner.lang: 'xx'"


@given(
    key=st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=6, max_size=40),
    before=st.text(max_size=5),
    after=st.text(max_size=5),
)
def test_no_key_comes_through_in_base64_wherever_it_begins(key: str, before: str, after: str) -> None:
    encoded = base64.b64encode(f"{before}{key}{after}".encode("utf-8", "replace")).decode()
    told = masked(encoded, [key])
    around = len(f"{before}{after}".encode("utf-8", "replace"))
    assert MASK in told
    # What is left is of what stands around the key, and of the letters where they meet.
    assert len(told) - len(MASK) <= around * 4 / 3 + 4 + 2
