"""Reads one number as people and spreadsheets write it, with either decimal mark."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel.numbers import list_currencies

from segmenter.embedded.export.origin import LONGEST, either, short
from segmenter.i18n import _

MARKS = (".", ",")
"""The decimal marks; the other one separates thousands."""

_BLANKS = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u3000]+")
_MINUS = re.compile("[\u2212\u2012\u2013\u2010\u2011\ufe63\uff0d]")
_APOSTROPHES = re.compile("[\u2019\u2018\u00b4\u02bc]")
_BRACKETS = re.compile(r"^([^()\d]*)\(([^()]*)\)([^()\d]*)$")
_AMOUNT = re.compile(
    r"^([^0-9]*?)"  # a sign and the money, with the point of `Bs.` and `S/.`
    r"((?:(?<![^\s+-])[.,])?[0-9](?:[0-9.,' ]*[0-9])?)"
    r"(e[+-]?[0-9]{1,3})?"
    r"([^0-9]*)$",
    re.IGNORECASE,
)
_POINT_OF_NO_WORD = re.compile(r"(^|[^\w/])\.$")
_CLOSING_DASH = re.compile(r"[.,][-\u2014]+$")
"""``$ 5.000.-``: no cents, and no minus."""
_DASH = re.compile(r"^([^0-9-]*)-[?\s]*$")
"""``$ -``: how a spreadsheet shows a zero among amounts."""

_MONEY: Mapping[str, str] = {
    **dict.fromkeys(("", "$", "peso", "pesos"), ""),
    **dict.fromkeys(("us$", "u$s", "u$d", "u$", "dólares", "dolares", "dollars"), "USD"),
    **dict.fromkeys(("s/", "soles"), "PEN"),
    **dict.fromkeys(("€", "euro", "euros"), "EUR"),
    **dict.fromkeys(("r$", "reais"), "BRL"),
    **dict.fromkeys(("₲", "gs", "guaraníes", "guaranies"), "PYG"),
    **dict.fromkeys(("bs.f", "bs.s", "bolívares", "bolivares"), "VES"),
    **{"bs": "BOB VES", "bolivianos": "BOB", "q": "GTQ", "quetzales": "GTQ", "l": "HNL", "lempiras": "HNL"},
    **{"c$": "NIO CAD", "rd$": "DOP", "₡": "CRC SVC", "colones": "CRC SVC", "b/": "PAB", "balboas": "PAB"},
    **{"mx$": "MXN", "ar$": "ARS", "cl$": "CLP", "co$": "COP", "col$": "COP", "$u": "UYU", "£": "GBP", "¥": "JPY CNY"},
    **{"uf": "CLF", "utm": "UTM"},
}
"""A sign beside an amount -> the ISO codes that it can mean; none for ``$``, or without a sign."""
_TIMES: Mapping[str, int] = {
    **dict.fromkeys(("k", "mil", "miles", "thousand"), 1_000),
    **dict.fromkeys(("mm", "millón", "millon", "millones", "million", "millions", "milhão", "milhões"), 1_000_000),
}
_EITHER: Mapping[str, tuple[int, int]] = {
    "m": (1_000, 1_000_000),
    **dict.fromkeys(("b", "bn", "billón", "billon", "billones", "billion", "billions"), (10**9, 10**12)),
}
"""Words that are one number here and another one there: ``M`` is thousands in the accounts of Chile."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as it is written. ``readings``: by decimal mark, where that mark can be meant.

    ``decimals``: the digits behind each mark. ``money``: the ISO codes of the money named beside the number.
    """

    text: str
    readings: Mapping[str, float]
    decimals: Mapping[str, str]
    money: frozenset[str] = frozenset()
    percent: bool = False

    @property
    def ambiguous(self) -> bool:
        """Whether the two decimal marks give different numbers."""
        return len(set(self.readings.values())) > 1


def amount(cell: str, *, lakhs: bool = False) -> Amount:
    """Reads a number with the signs around it. Raises ValueError, with a sentence, for anything else.

    ``lakhs``: ``12,34,567`` is a way of grouping here.
    """
    if len(cell) > LONGEST:
        raise _no_number(cell)
    text = _APOSTROPHES.sub("'", _MINUS.sub("-", _BLANKS.sub(" ", cell))).strip()
    if (dash := _DASH.match(text)) and _codes(dash[1]) is not None:
        return Amount(cell, dict.fromkeys(MARKS, 0.0), {})
    bracketed = _BRACKETS.match(text)
    found = _AMOUNT.match("".join(bracketed.groups()).strip() if bracketed else text)
    if not found or _POINT_OF_NO_WORD.search(found[1]):
        raise _no_number(cell)
    signs, before, after = _signs(found[1].strip(), _CLOSING_DASH.sub("", found[4].strip()).strip())
    if len(signs) + bool(bracketed) > 1:
        raise _no_number(cell)
    percent, after = after.startswith("%"), after.removeprefix("%").strip()
    times, after = _times(cell, found[2] + (found[3] or ""), after)
    money = _together(_codes(before), _codes(after))
    written = {mark: plain for mark in MARKS if (plain := _plain(found[2], mark, bool(found[3]), lakhs))}
    factor = times * (-1 if bracketed or signs == "-" else 1)
    readings = {mark: float(Decimal(plain + (found[3] or "")) * factor) for mark, plain in written.items()}
    if money is None or not readings or not all(map(math.isfinite, readings.values())):
        raise _no_number(cell)
    return Amount(cell, readings, {mark: plain.partition(".")[2] for mark, plain in written.items()}, money, percent)


def _no_number(cell: str) -> ValueError:
    return ValueError(_("{value} is not a number").format(value=short(cell)))


def _signs(before: str, after: str) -> tuple[str, str, str]:
    """The plus and minus signs around a number, and the money on both sides without them."""
    signs = ""
    if before[:1] in ("-", "+"):
        signs, before = before[0], before[1:].strip()
    if before[-1:] in ("-", "+"):
        signs, before = signs + before[-1], before[:-1].strip()
    if after.endswith("-"):
        signs, after = signs + "-", after[:-1].strip()
    return signs, before, after


def _times(cell: str, digits: str, after: str) -> tuple[int, str]:
    """What ``millones`` multiplies by, and what follows it."""
    word, _space, rest = after.partition(" ")
    word = word.rstrip(".").casefold()
    if word in _EITHER:
        raise ValueError(either(cell, *(f"{digits} × {number}" for number in _EITHER[word])))
    return (_TIMES[word], rest.removeprefix("de ").strip()) if word in _TIMES else (1, after)


def _codes(text: str) -> frozenset[str] | None:
    """The ISO codes that a sign or word can mean, with or without a final point; None if it is no money."""
    word = text.replace(" ", "")
    word = word.rstrip(".") or word
    if word.casefold() in _MONEY:
        return frozenset(_MONEY[word.casefold()].split())
    code = word.strip("$")
    return frozenset({code}) if code in _iso_codes() else None


@cache
def _iso_codes() -> frozenset[str]:
    return frozenset(list_currencies())


def _together(before: frozenset[str] | None, after: frozenset[str] | None) -> frozenset[str] | None:
    """The ISO codes that both sides can mean; None if one is no money, or they contradict each other."""
    if before is None or after is None:
        return None
    if before and after:
        return before & after or None
    return before | after


def _plain(digits: str, mark: str, scientific: bool, lakhs: bool) -> str | None:
    """The number with only digits and a decimal point; None if ``mark`` cannot be its decimal mark."""
    whole, _mark, fraction = digits.partition(mark)
    if fraction and not fraction.isdecimal():
        return None
    if not whole.isdecimal() and whole and (scientific or not _grouped(whole, lakhs)):
        return None
    plain = re.sub(r"[^0-9]", "", whole) or "0"
    return f"{plain}.{fraction}" if fraction else plain


def _grouped(whole: str, lakhs: bool) -> bool:
    """Whether ``1.234.567`` is in groups of three behind one mark; ``1'234.567`` has its own for millions."""
    marks, groups = re.sub(r"[0-9]", "", whole), re.split(r"[^0-9]", whole)
    if len(set(marks)) > 1 and not (set(marks[:-1]) == {"'"} and marks[-1] in MARKS):
        return False
    if not groups[0].strip("0") or len(groups[0]) > 3:
        return False
    sizes = [len(group) for group in groups[1:]]
    return set(sizes) == {3} or (lakhs and len(groups[0]) < 3 and sizes[-1] == 3 and set(sizes[:-1]) == {2})
