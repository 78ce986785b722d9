"""Whatever is given as an export is read, or refused by a sentence, within bounds."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random
from zipfile import ZipFile

import pytest

from segmenter.embedded import from_export
from segmenter.errors import SegmenterError
from tests.support.exports import MAIN, packed, parts, rows, text
from tests.support.fuzzing import Entrance, Fuzz

ENTRANCE = Entrance("export", ".bin")
MODELS = ("crm.lead", "res.partner")
LINES = [
    ("Oportunidad", "Etapa", "Etiquetas", "Ingreso esperado", "Creado el", "Activo", "Prioridad", "ID"),
    ("Hotel Sol", "Nuevo", "VIP", "9.000,5", "2026-03-01 10:00:00", "VERDADERO", "Alta", "7"),
    ("", "", "Riego, goteo", "", "", "", "", ""),
    ('Ñandú «27"»', "Ganado", "", "-3", "01/03/2026", "no", "Muy alta", "9"),
]
STYLES = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
TYPED = f'<row r="9">{text("A9", "x")}<c r="D9" s="0"><v>0.5</v></c><c r="E9" s="1"><v>46204</v></c></row>'
SHEETS = ("Datos", "visible", rows(*LINES) + TYPED), ("Otra", "hidden", "")
BOOK = parts(*SHEETS, texts=("<si><t>a</t></si>",), styles=STYLES)
ODD = [
    *("9" * 400, "-1", "1e999", "nan", "\x00", "#N/A", "=1+1", "\ufeff", "\u202e", "Total", "Nuevo (12)", '"', "'="),
    *("a" * 40_000, ",", ";", "\t", "\r", "\n", "<", "&#x0;", "sep=;\n", "FALSE", "٣", "2026-02-30", "0x10"),
    *("__export__.x_1", "1/13/2026"),
]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp850", "utf-32", "utf-7")


def broken(random: Random) -> bytes:
    """One export with some harm done to it: as a text or a workbook, in its words or in its bytes."""
    return _damaged(random, _book(random) if random.random() < 0.5 else _csv(random))


def _csv(random: Random) -> bytes:
    mark = random.choice(",;\t|")
    lines = [list(line) for line in random.choices(LINES, k=random.randrange(1, 8))]
    for _ in range(random.randrange(4)):
        line = random.choice(lines)
        line[random.randrange(len(line))] = random.choice(ODD)
    if random.random() < 0.3:
        random.choice(lines).insert(0, random.choice(ODD))
    return "\n".join(mark.join(line) for line in [list(LINES[0]), *lines]).encode(random.choice(ENCODINGS), "replace")


def _book(random: Random) -> bytes:
    book: dict[str, str | bytes] = dict(BOOK)
    for _ in range(random.randrange(1, 4)):
        name = random.choice([name for name in book if name.endswith((".xml", ".rels"))])
        part = str(book[name])
        at = random.randrange(len(part) or 1)
        end = at + random.randrange(30)
        match random.randrange(4):
            case 0:
                book[name] = part[:at] + random.choice(ODD) + part[end:]
            case 1:
                book[name] = part[:at] + part[end:]
            case 2:
                old, new = random.choice(['r="', 's="', 't="', 'Id="', "visible", "<v>", "<c"]), random.choice(ODD)
                book[name] = part.replace(old, f"{old}{new}", random.randrange(1, 3))
            case _:
                book[name] = part[at:end] * random.randrange(1, 200) + part
    if random.random() < 0.2:
        del book[random.choice(list(book))]
    return packed(
        {name: part if isinstance(part, bytes) else part.encode("utf-8", "replace") for name, part in book.items()}
    )


def _damaged(random: Random, data: bytes) -> bytes:
    """Some bytes of it changed, cut or doubled; often none."""
    harmed = bytearray(data)
    for _ in range(random.choice([0, 0, 1, 3, 20])):
        at = random.randrange(len(harmed) or 1)
        match random.randrange(3):
            case 0:
                harmed[at : at + 1] = bytes([random.randrange(256)])
            case 1:
                del harmed[at : at + random.randrange(1, 200)]
            case _:
                harmed[at:at] = harmed[at : at + random.randrange(1, 50)]
    return bytes(harmed)


def holds(case: bytes) -> None:
    """The file is read, or refused by one sentence that says what to do, whatever it is called."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("a.csv", "a.xlsx"):
            path = Path(folder, name)
            path.write_bytes(case)
            for model in MODELS:
                told = _refusal(path, model)
                assert told is None or (told.todo and len(str(told)) < 1000 and folder not in str(told)), told


def _refusal(path: Path, model: str) -> SegmenterError | None:
    try:
        from_export(path, model)
    except SegmenterError as error:
        return error
    return None


@pytest.mark.parametrize("case", ENTRANCE.kept())
def test_what_was_kept(case: bytes) -> None:
    holds(case)


def test_whatever_comes(fuzz: Fuzz) -> None:
    fuzz.hunt(ENTRANCE, broken, holds)


def test_the_export_that_is_harmed_is_whole(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(packed(BOOK))
    with ZipFile(tmp_path / "a.xlsx") as book:
        assert book.testzip() is None
    assert len(from_export(tmp_path / "a.xlsx", "crm.lead").tables.rows["crm.lead"]) == 3
