"""Files as Odoo, spreadsheets and people write them, with one column of interest."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from segmenter.embedded import EmbeddedServer, from_export
from segmenter.errors import SegmenterError

ODOO, SHEET, XLSX = "Odoo's CSV", "a spreadsheet's CSV", "a workbook"


def written(folder: Path, origin: str, heading: str, cells: Sequence[Any]) -> Path:
    """A file with that column beside names. ``origin``: who writes it, one of the above."""
    rows = [("Oportunidad", heading), *((f"N{number}", cell) for number, cell in enumerate(cells, 1))]
    if origin == XLSX:
        book = Workbook()
        for row in rows:
            book.worksheets[0].append(list(row))
        book.save(folder / "export.xlsx")
        return folder / "export.xlsx"
    quoting, mark = (csv.QUOTE_ALL, ",") if origin == ODOO else (csv.QUOTE_MINIMAL, ";")
    with (folder / "export.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=mark, quoting=quoting).writerows(rows)
    return folder / "export.csv"


def values(server: EmbeddedServer, field: str) -> list[Any]:
    """What the records hold, in the order of the file."""
    call = [[], [field]], {"order": "id", "context": {"active_test": False}}
    return [row[field] for row in server.execute_kw("crm.lead", "search_read", *call)]


def read(path: Path, field: str, language: str = "es_CL", timezone: str = "UTC", **more: Any) -> Any:
    """The values of a field, or the sentence that refuses the file, without its place."""
    try:
        return values(from_export(path, "crm.lead", language=language, timezone=timezone, **more), field)
    except SegmenterError as error:
        return str(error)
