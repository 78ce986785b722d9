"""Names that resemble each other: suggestions for a misspelt name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

from segmenter.i18n import _, one_of

_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")


def canonical(name: str) -> str:
    """The name as people see it: accents composed, single blanks, none around it, no invisible characters.

    Capitals still make a difference.
    """
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", name)).split())


@lru_cache(maxsize=20_000)
def unaccented(text: str) -> str:
    """The text without capitals and accents, for comparisons."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def near_misses(word: str, candidates: Iterable[str], most: int = 3) -> list[str]:
    """Up to ``most`` candidates that resemble ``word``, the most similar first; case and accents do not count."""
    # The matcher prepares its second text once, so the candidates are the first one in turn.
    matcher = SequenceMatcher(None, "", unaccented(word[:200]))
    scored: list[tuple[float, str]] = []
    for candidate in dict.fromkeys(candidates):
        matcher.set_seq1(unaccented(candidate))
        if matcher.real_quick_ratio() >= 0.7 and matcher.quick_ratio() >= 0.7 and (score := matcher.ratio()) >= 0.7:
            scored.append((-score, candidate))
    return [candidate for _score, candidate in sorted(scored)[:most]]


def slip(name: str, known: Iterable[str]) -> str | None:
    """The known name that a new ``name`` seems to misspell. Names that differ in a number differ on purpose."""
    digits = re.findall(r"\d+", name)
    return next((near for near in near_misses(name, known, most=10) if re.findall(r"\d+", near) == digits), None)


def did_you_mean(word: str, candidates: Iterable[str], otherwise: str = "") -> str:
    """What to do about an unknown ``word``: the names it resembles, else ``otherwise``."""
    if near := near_misses(word, candidates):
        return _("did you mean {names}?").format(names=one_of(near))
    return otherwise
