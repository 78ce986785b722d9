"""Takes the work user's key out of text from elsewhere, in every form in which a server may repeat it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

MASK = "***"
_BETWEEN = r"(?:%[0-9a-fA-F]{2}|\\[nrt]|[\W_]){0,8}?"
"""Characters between two letters of a key that is broken over lines or escaped."""
_SHORT = 6
"""A shorter key is only replaced where it is a whole word: its letters may be part of other words."""


def masked(text: str, secrets: Iterable[str]) -> str:
    """The text with each secret replaced by ``***``: plain, broken up, escaped, or in hexadecimal or base64."""
    for secret in secrets:
        for pattern in _patterns(secret):
            text = pattern.sub(MASK, text)
    return text


@lru_cache(maxsize=32)
def _patterns(secret: str) -> tuple[re.Pattern[str], ...]:
    if not secret:
        return ()
    if len(secret) < _SHORT:
        return (re.compile(rf"(?<!\w){re.escape(secret)}(?!\w)"),)
    raw = secret.encode()
    plain = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), escape(secret), repr(secret)[1:-1]}
    found = [_broken_up(form, re.IGNORECASE) for form in [*sorted(plain, key=len, reverse=True), raw.hex()]]
    return (*found, *(_broken_up(form) for form in _in_base64(raw)))


def _broken_up(text: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    return re.compile(_BETWEEN.join(map(re.escape, text)), flags)


def _in_base64(raw: bytes) -> Iterator[str]:
    """The base64 forms of a key, alone or inside a longer text, where it can begin at one of three offsets."""
    for before in range(3):
        # Letters that also depend on what stands before or after the key are left out.
        first, last = -(-before * 8 // 6), (before + len(raw)) * 8 // 6
        standard = base64.b64encode(b"\0" * before + raw).decode()[first:last]
        yield from dict.fromkeys((standard, standard.translate(str.maketrans("+/", "-_"))))
