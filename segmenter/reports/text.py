"""Numbers, dates and names as a person reads them, in the locale of whoever reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent

from segmenter.i18n import clock, locale_of, money, ngettext, some_of

WHOLE_MILLIONS = 100
"""From so many millions on, their tenths say nothing more."""
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, with which a record's name could steer the terminal, and marks that turn text around."""


def clean(text: object) -> str:
    """Text from a CRM made safe to print: control characters become a visible mark.

    A byte-order mark says nothing and goes: Odoo 14 begins a Spanish label with one ("Ingreso estimado").
    """
    return _UNPRINTABLE.sub("�", str(text).replace("\r\n", "\n").replace("\ufeff", ""))


def spelled_out(text: str) -> str:
    """The same with each such character as its escape (``\\u202e``), which JSON reads back; ends of lines stay."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text.replace("\r\n", "\n"))


def shortened(text: str, most: int) -> str:
    """The first ``most`` letters, the last of them an ellipsis where there are more."""
    return text if len(text) <= most else text[: most - 1] + "…"


_decimal = lru_cache(maxsize=10_000, typed=True)(format_decimal)
_percent = lru_cache(maxsize=10_000, typed=True)(format_percent)
"""The meeting page shows hundreds of numbers with each edit, nearly all of them again."""


class Writable(Protocol):
    """Where text goes: a file, a pipe, a terminal."""

    def write(self, text: str, /) -> int:
        """Take some text; the number of its letters."""


class Style:
    """How numbers and dates are written: as the client's country does, if the messages are in its language at all."""

    def __init__(self, client_language: str = "", zone: str = "") -> None:
        """``client_language`` as Odoo writes it (``es_CL``); without a ``zone``, times are this machine's."""
        self.locale = locale_of(client_language)
        self.zone = ZoneInfo(zone) if zone else None

    def number(self, value: float) -> str:
        """``12.345`` or ``12,345``; at most two decimals."""
        return _decimal(value, "#,##0.##", self.locale)

    def share(self, part: float, whole: float) -> str:
        """Of the whole, with one decimal; an em dash of nothing."""
        return _percent(part / whole, "#,##0.0 %", self.locale) if whole else "—"

    def money(self, value: float, currency: str = "") -> str:
        """``$ 12.345.678``, in whole units: sums of estimates need no cents. Without a currency, the number."""
        if not currency:
            return _decimal(value, "#,##0", self.locale)
        return money(round(value), currency, self.locale)

    def round_money(self, value: float, currency: str = "") -> str:
        """``$282 millones``, as one says it aloud; below a million as `money`."""
        millions = value / 1_000_000
        if abs(millions) < 1:
            return self.money(value, currency)
        number = _decimal(millions, "#,##0" if abs(millions) >= WHOLE_MILLIONS else "#,##0.#", self.locale)
        words = ngettext("{number} million", "{number} million", 1 if number == "1" else 2).format(number=number)
        return self.money(1, currency).replace("1", words) if currency else words

    def day(self, at: str) -> str:
        """The day of an ISO 8601 time in the zone, or an ISO date, with the month in letters."""
        if "T" not in at:
            return format_date(date.fromisoformat(at), format="long", locale=self.locale)
        when = datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(self.zone)
        return format_date(when, format="long", locale=self.locale)

    def month(self, first: str) -> str:
        """``2026-03-01``, or any day of that month, as ``mar 2026``."""
        return format_skeleton("yMMM", date.fromisoformat(first[:7] + "-01"), locale=self.locale)

    def quarter(self, first: str) -> str:
        """The quarter that begins on a day: ``ene–mar 2026``."""
        begin = date.fromisoformat(first)
        return f"{format_skeleton('MMM', begin, locale=self.locale)}–{self.month(f'{begin.year}-{begin.month + 2:02}')}"

    def moment(self, at: str) -> str:
        """An ISO 8601 time as date and minute in the zone, the date as its country writes it; a date alone too."""
        if "T" not in at:
            return format_date(date.fromisoformat(at), format="medium", locale=self.locale)
        when = datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(self.zone)
        day = format_date(when, format="medium", locale=self.locale)
        return f"{day} {clock(when.replace(second=0))}"


def listing(names: Sequence[str], most: int = 5) -> str:
    """``a, b, c and 7 more``."""
    return some_of(names[:most], len(names))
