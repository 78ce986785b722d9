"""CSV that a spreadsheet opens without running anything that a CRM's text says.

It is for people: its separator is the one that their spreadsheet expects, a semicolon where numbers have a decimal
comma. Programs take the JSON.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence

from segmenter.i18n import language
from segmenter.reports.text import Writable

_SEPARATORS = {"es": ";", "en": ","}
_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # spreadsheets fold the wide forms
_BREAKS = ("\t", "\r", "\n")
_BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "\ufeff\0"


def neutral(cell: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers."""
    if isinstance(cell, str) and (cell.startswith(_BREAKS) or cell.lstrip(_BLANKS).startswith(_STARTS)):
        return f"'{cell}"
    return cell


def write(out: Writable, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows as they come. ``out`` must be open with ``newline=""``, or lines end doubly on Windows."""
    writer = csv.writer(out, delimiter=_SEPARATORS[language()])
    writer.writerow(heading)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
