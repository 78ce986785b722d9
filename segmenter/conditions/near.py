"""Near misses: what somebody may have meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

from segmenter.i18n import _, one_of

_UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")


def canonical(name: str) -> str:
    """The name as everybody sees it: accents composed, single blanks, none around it, no marks without a shape.

    Capitals tell names apart.
    """
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", name)).split())


@lru_cache(maxsize=20_000)
def unaccented(text: str) -> str:
    """Without case and accents, for comparing only."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def near_misses(word: str, candidates: Iterable[str], most: int = 3) -> list[str]:
    """Up to ``most`` candidates that look like ``word``, the likeliest first; case and accents do not count."""
    # The matcher prepares its second text once, so the candidates are the first one in turn.
    matcher = SequenceMatcher(None, "", unaccented(word[:200]))
    scored: list[tuple[float, str]] = []
    for candidate in dict.fromkeys(candidates):
        matcher.set_seq1(unaccented(candidate))
        if matcher.real_quick_ratio() >= 0.7 and matcher.quick_ratio() >= 0.7 and (score := matcher.ratio()) >= 0.7:
            scored.append((-score, candidate))
    return [candidate for _score, candidate in sorted(scored)[:most]]


def slip(name: str, known: Iterable[str]) -> str | None:
    """What a new ``name`` looks like a slip of; names that differ in a number are different on purpose."""
    digits = re.findall(r"\d+", name)
    return next((one for one in near_misses(name, known, most=10) if re.findall(r"\d+", one) == digits), None)


def did_you_mean(word: str, candidates: Iterable[str], otherwise: str = "") -> str:
    """What to do about an unknown ``word``: a suggestion if something is near, else ``otherwise``."""
    if found := near_misses(word, candidates):
        return _("did you mean {names}?").format(names=one_of(found))
    return otherwise
