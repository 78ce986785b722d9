"""How a workbook looks: what a number, a day, a link and a colour are like in a cell, and a chart of bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.format import Format

from segmenter.reports.colours import INKS
from segmenter.reports.text import clean

Kind = Literal["text", "long", "id", "number", "figure", "money", "share", "date"]

PALE = 0.72
"""How much white is in the ground of a cell that has a colour, so that its text is read."""
_NUMBERS = {"id": "0", "number": "#,##0", "figure": "#,##0.00", "money": "#,##0", "share": "0.0%", "date": 14}
"""Formats of Excel; its number 14 is a day as the reader's country writes it."""
WIDTHS = {"text": 24, "long": 60, "id": 10, "number": 12, "figure": 16, "money": 16, "share": 10, "date": 12}


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of one column of a sheet by another: the rows ``first`` to ``last`` as `Sheet.add` counted them, from 1.

    ``tones``: of the bars, one a row. ``form``: a format of Excel for their numbers.
    """

    title: str
    names: int
    values: int
    first: int
    last: int
    tones: Sequence[str]
    form: str = "#,##0"


class Looks:
    """The formats of a workbook. ``body``: kind -> marked as text or not -> format, and so is ``link``."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self.head = book.add_format(
            {"bold": True, "font_color": "#FFFFFF", "bg_color": "#12343B", "valign": "vcenter", "border": 1}
            | {"text_wrap": True}
        )
        self.note = book.add_format({"valign": "top", "text_wrap": True})
        self.title = book.add_format({"valign": "top", "text_wrap": True, "bold": True, "font_size": 14})
        self.body: dict[str, dict[bool, Format]] = {
            kind: {
                quoted: self._format(
                    num_format=_NUMBERS.get(kind, "@" if quoted else "General"),
                    text_wrap=kind == "long",
                    quote_prefix=quoted,
                    **({"align": "right", "indent": 1} if kind == "money" else {}),
                )
                for quoted in (False, True)
            }
            for kind in WIDTHS
        }
        self.body["beside texts"] = {False: self._format(num_format="#,##0", align="left")}
        self.link = {
            quoted: self._format(font_color="#0B5563", underline=1, quote_prefix=quoted) for quoted in (False, True)
        }
        self._toned: dict[tuple[str, bool], Format] = {}

    def toned(self, tone: str, *, quoted: bool) -> Format:
        """The format of a text on a colour."""
        if (tone, quoted) not in self._toned:
            self._toned[tone, quoted] = self._format(bg_color=pale(tone), font_color=INKS[0], quote_prefix=quoted)
        return self._toned[tone, quoted]

    def chart(self, bars: Bars, names: list[str | int], values: list[str | int]) -> Chart:
        """A native chart of bars, the first on top. ``names``, ``values``: stretches of a sheet."""
        made = self._book.add_chart({"type": "bar"})
        made.add_series(
            {
                "categories": names,
                "values": values,
                "points": [{"fill": {"color": tone}, "border": {"color": "#3B4754"}} for tone in bars.tones],
                "data_labels": {"value": True, "num_format": bars.form},
                "gap": 60,
            }
        )
        made.set_title({"name": clean(bars.title), "name_font": {"size": 11}})
        made.set_legend({"none": True})
        made.set_y_axis({"reverse": True, "line": {"none": True}, "major_tick_mark": "none"})
        made.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
        return made

    def _format(self, **about: object) -> Format:
        return self._book.add_format({"valign": "top", "bottom": 1, "bottom_color": "#D5DBE1", **about})


def pale(tone: str) -> str:
    """A colour with much white."""
    parts = (int(tone[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * PALE):02x}" for part in parts)
