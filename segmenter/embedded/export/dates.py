"""Reads one date or date-time as people and spreadsheets write it, in each possible order of day, month and year."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, timedelta, timezone
from functools import cache

from babel import localedata
from babel.dates import get_day_names, get_month_names

from segmenter.embedded.export.origin import LONGEST, either, short
from segmenter.i18n import _

ORDERS = ("dmy", "mdy", "ymd")

_HALVES = {"a": 0, "p": 12}
_TIME = re.compile(
    r"[ T,]\s*(?P<hour>\d{1,2})"
    r"(?:(?:[:.]|\s?h\s?)(?P<minute>\d{2}))?(?:[:.](?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?:(?P<half>[ap])\.?\s?m\.?)?\s*(?P<hours>hrs?\b\.?|h\b\.?|horas\b)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"^(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})\.?$")
_WORDS = re.compile(r"[^\W_]+")
_FILLING = {"de", "del", "of", "the", "el", "d"}
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and, where ``timed``, its time; ``zone`` where the text names one. ``readings``: the day by its order."""

    text: str
    readings: Mapping[str, date]
    clock: timedelta = timedelta()
    timed: bool = False
    zone: timezone | None = None

    @property
    def ambiguous(self) -> bool:
        """Whether different orders give different days."""
        return len(set(self.readings.values())) > 1


def moment(cell: str, language: str = "") -> Moment:
    """Reads a date, with its time if it has one. Raises ValueError, with a sentence, for anything else.

    ``language``: the months' names in it are understood, beside those in Spanish, English and Portuguese.
    """
    if len(cell) > LONGEST:
        raise _no_date(cell)
    text = re.sub(r"[\s\u00a0\u2007\u202f]+", " ", cell).strip()
    day, clock, zone = text, None, None
    if (found := _TIME.search(text)) and (found["minute"] or found["half"]):
        day, clock, zone = text[: found.start()].rstrip(" ,"), _clock(cell, found), _zone(cell, found["zone"])
    readings = _by_digits(cell, day) or _by_words(cell, day, language)
    if not readings:
        raise _no_date(cell)
    return Moment(cell, readings, clock or timedelta(), clock is not None, zone)


def _no_date(cell: str) -> ValueError:
    return ValueError(_("{value} is not a date").format(value=short(cell)))


def _clock(cell: str, found: re.Match[str]) -> timedelta:
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(_("{value} has a time that does not exist").format(value=cell.strip()))
        hour = hour % 12 + _HALVES[found["half"].lower()]
    if minute > 59 or second > 59 or (hour, minute, second) > (24, 0, 0):
        raise ValueError(_("{value} has a time that does not exist").format(value=cell.strip()))
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _zone(cell: str, text: str | None) -> timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    hours, minutes = int(text[1:3]), int(text[3:].lstrip(":") or 0)
    if hours > 14 or minutes > 59:
        raise _no_date(cell)
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def _by_digits(cell: str, text: str) -> dict[str, date]:
    text = re.sub(r"\s*([/.-])\s*", r"\1", text)
    if re.fullmatch(r"\d{8}", text) and _FIRST_YEAR <= int(text[:4]) <= _LAST_YEAR:
        return _in_every_order(cell, int(text[:4]), int(text[4:6]), int(text[6:]))
    if not (found := _DIGITS.match(text)):
        return {}
    first, middle, last = found[1], found[3], found[4]
    if len(first) == 4 and len(last) <= 2:
        return _in_every_order(cell, int(first), int(middle), int(last))
    if len(first) > 2 or len(last) not in (2, 4):
        return {}
    parts = {"dmy": (last, middle, first), "mdy": (last, first, middle)}
    if len(last) == 2 and len(first) == 2 and not 30 <= int(first) < 70:
        parts["ymd"] = (first, middle, last)
    readings = {}
    for order, (year, month, day) in parts.items():
        if (found_day := _day(_year(cell, year), int(month), int(day))) is not None:
            readings[order] = found_day
    if not readings:
        raise _impossible(cell)
    return readings


def _by_words(cell: str, text: str, language: str) -> dict[str, date]:
    """``5 de marzo de 2026``, ``Mar 5, 2026``, ``jueves 5-mar-26``."""
    words = [word.casefold() for word in _WORDS.findall(text)]
    words = [re.sub(r"^(\d{1,2})(?:st|nd|rd|th|ro|do|er|º|ª|o)$", r"\1", word) for word in words]
    words = [word for word in words if word not in _FILLING]
    weekday = None
    if len(words) == 4 and words[0] in _weekdays(language):
        weekday, words = _weekdays(language)[words[0]], words[1:]
    if len(words) != 3:
        return {}
    months = _months(language)
    for day, month, year in ((0, 1, 2), (1, 0, 2), (2, 1, 0)):
        digits = words[day].isdecimal() and words[year].isdecimal()
        if words[month] in months and digits and len(words[day]) <= 2 and len(words[year]) in (2, 4):
            if year == 0 and len(words[year]) != 4:
                continue
            found = _in_every_order(cell, _year(cell, words[year]), months[words[month]], int(words[day]))
            if weekday is not None and found["dmy"].weekday() != weekday:
                raise ValueError(_("{value} is on another day of the week").format(value=cell.strip()))
            return found
    return {}


def _in_every_order(cell: str, year: int, month: int, day: int) -> dict[str, date]:
    """The readings of an unambiguous date: the same day in every order."""
    if (found := _day(year, month, day)) is None:
        raise _impossible(cell)
    return dict.fromkeys(ORDERS, found)


def _impossible(cell: str) -> ValueError:
    return ValueError(_("There is no day {value}").format(value=cell.strip()))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(cell: str, text: str) -> int:
    """The year; for two digits, of this century or the last, as spreadsheets agree."""
    year = int(text)
    if len(text) == 4:
        return year
    if 30 <= year < 70:
        raise ValueError(either(cell, str(1900 + year), str(2000 + year)))
    return year + (2000 if year < 30 else 1900)


@cache
def _months(language: str) -> Mapping[str, int]:
    """Every name and short form of the months."""
    names: dict[str, int] = {"sep": 9, "set": 9, "setiembre": 9}
    for locale in _spoken(language):
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale).items():
                    names.setdefault(name.casefold().rstrip("."), number)
    return names


@cache
def _weekdays(language: str) -> Mapping[str, int]:
    """Every name and short form of the days of the week, Monday 0. A short ``mar`` may be a month as well."""
    names: dict[str, int] = {}
    for locale in _spoken(language):
        for width in ("wide", "abbreviated"):
            for number, name in get_day_names(width, "format", locale).items():
                names.setdefault(name.casefold().rstrip("."), number)
    return names


def _spoken(language: str) -> list[str]:
    return [code for code in (language, language[:2], "es", "en", "pt") if code and localedata.exists(code)]
