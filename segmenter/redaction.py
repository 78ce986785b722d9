"""The work user's key taken out of text that came from elsewhere, in whatever dress it comes back."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

MASK = "***"
_BETWEEN = r"(?:%[0-9a-fA-F]{2}|\\[nrt]|[\W_]){0,8}?"
"""What may stand between two letters of a key that was broken over lines or spelled out."""
_SHORT = 6
"""Of fewer letters a key is looked for as a word alone: such letters stand in other words too."""


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
    """What base64 makes of a key, alone or in the middle of a longer text, where it begins at one of three places."""
    for before in range(3):
        # Letters that also depend on what stands before or after the key are left out.
        first, last = -(-before * 8 // 6), (before + len(raw)) * 8 // 6
        standard = base64.b64encode(b"\0" * before + raw).decode()[first:last]
        yield from dict.fromkeys((standard, standard.translate(str.maketrans("+/", "-_"))))
