"""Lengths of time as people write them, in English and in Spanish."""

from __future__ import annotations

import re
import unicodedata

from segmenter.conditions.model import UNITS, Span
from segmenter.conditions.near import unaccented

_SPAN = re.compile(r"(\d{1,5})\s*([a-zñáéíóú]+)")
_IN_SPANISH = {"dia": "days", "semana": "weeks", "mes": "months", "meses": "months", "ano": "years"}
_DAYS = {"days": 1, "weeks": 7, "months": 30, "years": 365}
_LONGEST_DAYS = 200 * 365


def span(value: object) -> Span | None:
    """``90 days``, ``1 month``, ``90 días``, ``2 anos``; None when it is not a length of time of up to 200 years."""
    match = _SPAN.fullmatch(unicodedata.normalize("NFC", value).strip().lower()) if isinstance(value, str) else None
    if match is None:
        return None
    count, word = int(match[1]), unaccented(match[2])
    unit = _IN_SPANISH.get(word) or _IN_SPANISH.get(word.removesuffix("s")) or word.removesuffix("s") + "s"
    if unit not in UNITS or count * _DAYS[unit] > _LONGEST_DAYS:
        return None
    return Span(count, unit)
