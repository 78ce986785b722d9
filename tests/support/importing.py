"""A client's Odoo without an API, as people use it: the list is exported, and a workbook imported again.

The import does what Odoo's does (`tests/live/test_by_hand.py`): names are compared exactly, an empty cell empties, and
tags are replaced.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from segmenter.embedded import EmbeddedServer

COLUMNS = ("name", "type", "stage_id", "tag_ids", "priority", "user_id", "team_id", "expected_revenue")


class Client:
    """Somebody at the screens of a CRM in memory."""

    def __init__(self, server: EmbeddedServer, model: str = "crm.lead") -> None:
        self.server, self.model = server, model
        self._fields = self._call(model, "fields_get", [], ["type", "relation"])

    def _call(self, model: str, method: str, *args: Any, **context: Any) -> Any:
        return self.server.execute_kw(model, method, args, {"context": {"lang": "es_CL", **context}})

    def read(self, *fields: str) -> dict[int, dict[str, Any]]:
        """Every record, by id; relations by name, tags as a set of names."""
        ids = self._call(self.model, "search", [], active_test=False)
        rows = self._call(self.model, "read", ids, [*fields])
        for row in rows:
            for name in fields:
                if self._fields[name]["type"] == "many2many":
                    row[name] = {self._name(name, one) for one in row[name]}
                elif self._fields[name]["type"] == "many2one":
                    row[name] = row[name][1] if row[name] else None
        return {row.pop("id"): row for row in rows}

    def write(self, record: int, **values: Any) -> None:
        """Somebody's own edit; relations by name, tags as a whole."""
        self._call(self.model, "write", [record], {name: self._value(name, value) for name, value in values.items()})

    def export(self, file: Path, columns: Sequence[str] = COLUMNS, *, without: Sequence[int] = ()) -> Path:
        """The import-compatible export of every record."""
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(["id", *columns])
        for record, row in sorted(self.read(*columns).items()):
            if record not in without:
                cells = [",".join(sorted(row[name])) if isinstance(row[name], set) else row[name] for name in columns]
                sheet.append([external(record), *(cell or None for cell in cells)])
        book.save(file)
        return file

    def import_(self, file: Path, *, only: str = "") -> int:
        """Import every sheet, or one of them; the number of records."""
        rows = 0
        for sheet in load_workbook(file).worksheets:
            if only and sheet.title != only:
                continue
            head, *lines = sheet.iter_rows(values_only=True)
            assert head[0] == "id"
            for line in lines:
                values = dict(zip(map(str, head[1:]), line[1:], strict=True))
                self.write(int(str(line[0]).split("_lead_")[1].split("_")[0]), **values)
                rows += 1
        return rows

    def create(self, file: Path, model: str = "crm.tag") -> None:
        """Import names that come first, as new records."""
        head, *lines = load_workbook(file).worksheets[0].iter_rows(values_only=True)
        for line in lines:
            self._call(model, "create", {k: v for k, v in zip(map(str, head), line, strict=True) if v is not None})

    def _value(self, name: str, value: Any) -> Any:
        kind = self._fields[name]["type"]
        if kind == "many2many":
            names = value.split(",") if isinstance(value, str) else value or ()
            return [[6, 0, [self._id(name, one) for one in names]]]
        if kind == "many2one":
            return self._id(name, value) if value else False
        return value if value is not None else False

    def _id(self, field: str, name: str) -> int:
        found = self._call(self._fields[field]["relation"], "search", [["name", "=", name]])
        assert len(found) == 1, name
        return int(found[0])

    def _name(self, field: str, id: int) -> str:
        return str(self._call(self._fields[field]["relation"], "read", [id], ["display_name"])[0]["display_name"])


def external(record: int) -> str:
    """The External ID that Odoo makes when a record is exported."""
    return f"__export__.crm_lead_{record}_1a2b3c4d"
