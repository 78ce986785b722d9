"""Workbooks as other programs write them, part by part, and what is read of an export."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from segmenter.embedded import EmbeddedServer

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REFERS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEADINGS = '<row r="1"><c r="A1" t="inlineStr"><is><t>Oportunidad</t></is></c></row>'


def text(reference: str, value: str) -> str:
    """A cell with a text of its own."""
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'


def rows(*lines: Sequence[str]) -> str:
    """Rows of texts from A1 on."""
    return "".join(
        f'<row r="{number}">'
        + "".join(text(f"{chr(65 + at)}{number}", cell) for at, cell in enumerate(line) if cell)
        + "</row>"
        for number, line in enumerate(lines, 1)
    )


def sheet(data: str, *, before: str = "", after: str = "") -> str:
    """The part of a sheet around its rows."""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'


def parts(
    *sheets: tuple[str, str, str], texts: Sequence[str] = (), styles: str = "", properties: str = ""
) -> dict[str, str]:
    """A workbook by its parts. ``sheets``: (name, state, rows or a whole part of its own)."""
    listed, refers, found = "", "", dict[str, str]()
    for number, (name, state, data) in enumerate(sheets, 1):
        listed += f'<sheet name="{name}" sheetId="{number}" state="{state}" r:id="rId{number}"/>'
        kind = "chartsheet" if data.startswith("<chartsheet") else "worksheet"
        refers += f'<Relationship Id="rId{number}" Type="{REFERS}/{kind}" Target="{kind}s/sheet{number}.xml"/>'
        found[f"xl/{kind}s/sheet{number}.xml"] = data if data.startswith("<") and "sheet xmlns" in data else sheet(data)
    if texts:
        refers += f'<Relationship Id="rIdT" Type="{REFERS}/sharedStrings" Target="sharedStrings.xml"/>'
        found["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{"".join(texts)}</sst>'
    if styles:
        refers += f'<Relationship Id="rIdS" Type="{REFERS}/styles" Target="/xl/styles.xml"/>'
        found["xl/styles.xml"] = styles
    listed = f'<workbook xmlns="{MAIN}" xmlns:r="{REFERS}">{properties}<sheets>{listed}</sheets></workbook>'
    main = (
        f'<Relationships><Relationship Id="a" Type="{REFERS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": main,
        "xl/workbook.xml": listed,
        "xl/_rels/workbook.xml.rels": f"<Relationships>{refers}</Relationships>",
        **found,
    }


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """The parts as a file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def workbook(folder: Path, parts: Mapping[str, str | bytes], name: str = "prospectos.xlsx") -> Path:
    """The parts as a workbook in a folder."""
    (folder / name).write_bytes(packed(parts))
    return folder / name


def read(server: EmbeddedServer, *fields: str, model: str = "crm.lead") -> list[list[Any]]:
    """The fields of all records, relations by name, in the order of the file."""
    asked = {"fields": list(fields), "order": "id", "context": {"active_test": False}}
    found = server.execute_kw(model, "search_read", ([],), asked)
    return [[row[name][1] if _is_name(row[name]) else row[name] for name in fields] for row in found]


def _is_name(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and isinstance(value[1], str)
