"""How each language of Odoo writes numbers and dates, and the money of its country."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol, get_territory_currencies


@dataclass(frozen=True, slots=True)
class Format:
    """How a language writes; empty where that is unknown, or where versions of Odoo differ.

    ``decimal``: ``.`` or ``,``. ``order`` of a date: ``dmy``, ``mdy`` or ``ymd``. ``lakhs``: ``12,34,567``.
    ``money``: the ISO codes of what its country pays with.
    """

    decimal: str = ""
    order: str = ""
    lakhs: bool = False
    money: frozenset[str] = frozenset()


@cache
def languages() -> Mapping[str, Mapping[str, list[str]]]:
    """Code of a language -> its formats in Odoo 14 and Odoo 19 (``res.lang``)."""
    text = resources.files("segmenter.embedded.export").joinpath("languages.json").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, list[str]]] = json.loads(text)
    return found


@cache
def format_of(language: str) -> Format:
    """The format of ``es_CL``, ``en_US``...; of one that Odoo does not come with, as its country has it."""
    country = language.partition("_")[2].partition("@")[0]
    if facts := languages().get(language):
        return Format(
            _only(facts["decimal_point"]),
            _only(_order(text) for text in facts["date_format"]),
            any("3,2" in text for text in facts["grouping"]),
            _money(country),
        )
    try:
        locale = Locale.parse(language)
    except (ValueError, UnknownLocaleError):
        return Format()
    if not country:
        return Format()  # of no country: Spanish has both decimal points
    return Format(get_decimal_symbol(locale), _order(locale.date_formats["short"].pattern), money=_money(country))


def _only(values: Iterable[str]) -> str:
    """The value if all are equal, else ""."""
    different = set(values)
    return different.pop() if len(different) == 1 else ""


def _order(pattern: str) -> str:
    """``dmy`` of ``%d/%m/%Y`` or ``dd/MM/yy``."""
    text = pattern if "%" in pattern else re.sub(r"(\w)\1*", r"%\1", pattern.replace("M", "m"))
    letters = "".join("m" if part in "bB" else part.lower() for part in re.findall(r"%([dmbByY])", text))
    return letters if sorted(letters) == ["d", "m", "y"] else ""


def _money(country: str) -> frozenset[str]:
    return frozenset(get_territory_currencies(country)) if country.isalpha() else frozenset()
