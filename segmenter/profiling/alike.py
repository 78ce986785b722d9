"""Names that may be one, differently written: ``VIP``, ``vip ``, ``V.I.P.``."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

MEANT = "+#%&"
"""Signs that tell names apart: ``C`` is not ``C++``."""


def plain(name: str) -> str:
    """The name without capitals, accents, spaces and punctuation; "" when nothing else is in it."""
    flat = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in flat if letter.isalnum() or letter in MEANT)


def alike(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Groups of different names that are one when written plainly, each in the order they came in."""
    groups: dict[str, dict[str, None]] = {}
    for name in names:
        if key := plain(name):
            groups.setdefault(key, {})[name] = None
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)
