"""Reads the parts of an .xlsx, a zip archive of XML, as a stream and within bounds.

Two readers of workbooks were tried before this one was written. openpyxl refuses whole files for the styles of another
writer, and makes every cell up to the last one, filled or not. python-calamine makes them too: two cells that lie far
apart end the process.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from xml.parsers import expat

from segmenter.conditions.phrases import number
from segmenter.embedded.export.limits import MEGABYTE, MOST_CELLS, MOST_LETTERS, MOST_UNPACKED, too_much
from segmenter.errors import SegmenterError
from segmenter.i18n import _

_PIECE = 1 << 16
_MOST_DEEP = 100
_MOST_ELEMENTS = 4 * MOST_CELLS
_MOST_PARTS = 10_000
_MOST_UNREAD = MEGABYTE
"""Bytes of one tag. The parser begins anew at its start with each piece, until it ends."""
_ENTRY = b"PK\x01\x02"
"""How an entry of a zip archive's table of contents begins."""

Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str, str], None]


class Damaged(Exception):
    """The file is not a valid workbook."""


@contextmanager
def damage_told(file: str) -> Iterator[None]:
    """Every way in which an archive or its XML can be broken, as one refusal."""
    broken = (Damaged, zipfile.BadZipFile, zlib.error, expat.ExpatError, struct.error, NotImplementedError, EOFError)
    try:
        yield
    except (*broken, RuntimeError, ValueError, LookupError, OSError, OverflowError) as error:
        raise SegmenterError(
            _("{file} is not a workbook that can be opened").format(file=file),
            todo=_("export again from Odoo's list view as .xlsx or .csv"),
        ) from error


class Package:
    """An open archive. ``Damaged``, or what `damage_told` knows, where it is broken."""

    def __init__(self, file: str, data: bytes) -> None:
        self.file, self._left, self._elements = file, MOST_UNPACKED, _MOST_ELEMENTS
        if data.count(_ENTRY) > _MOST_PARTS:  # before the table of contents takes the memory
            raise Damaged
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._parts = {self._plain(info.filename): info for info in self._archive.infolist()}

    @staticmethod
    def _plain(name: str) -> str:
        return name.replace("\\", "/").lstrip("/").casefold()

    def has(self, name: str) -> bool:
        """Whether the archive has a part of that name; capitals do not count."""
        return self._plain(name) in self._parts

    def read(self, name: str, start: Start, end: End) -> None:
        """Parses one part to its end."""
        for _piece in self.stream(name, start, end):
            pass

    def stream(self, name: str, start: Start, end: End) -> Iterator[None]:
        """Parse one part, pausing after each piece of it. ``end`` is given an element's name and its own text."""
        info = self._parts.get(self._plain(name))
        if info is None:
            raise Damaged(name)
        parser, fed = self._parser(start, end), 0
        with self._archive.open(info) as part:
            while piece := part.read(_PIECE):
                self._left -= len(piece)
                if self._left < 0:
                    limit = _("{number} MB, unpacked").format(number=number(MOST_UNPACKED // MEGABYTE))
                    raise too_much(self.file, limit)
                fed += len(piece)
                parser.Parse(piece, False)
                if fed - parser.CurrentByteIndex > _MOST_UNREAD:
                    raise Damaged("tag")
                yield
            parser.Parse(b"", True)
            yield

    def _parser(self, start: Start, end: End) -> expat.XMLParserType:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        texts: list[list[str]] = []
        letters = 0

        def begin(name: str, attributes: Mapping[str, str]) -> None:
            nonlocal letters
            self._elements -= 1
            if self._elements < 0:
                raise too_much(self.file, _("{number} cells").format(number=number(MOST_CELLS)))
            if len(texts) >= _MOST_DEEP:
                raise Damaged("deep")
            letters = 0
            texts.append([])
            start(name.rpartition(" ")[2], attributes)

        def text(piece: str) -> None:
            nonlocal letters
            letters += len(piece)
            if letters > MOST_LETTERS:
                raise too_much(self.file, _("{number} characters in a cell").format(number=number(MOST_LETTERS)))
            texts[-1].append(piece)

        def finish(name: str) -> None:
            end(name.rpartition(" ")[2], "".join(texts.pop()))

        def refuse(*_declared: Any) -> None:
            raise Damaged("document type")

        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, finish, text
        parser.StartDoctypeDeclHandler = refuse
        return parser


def related(package: Package, name: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: id -> (kind, name of the part), from the relations kept beside it."""
    folder, base = posixpath.split(name)
    found: dict[str, tuple[str, str]] = {}

    def start(element: str, attributes: Mapping[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            path = posixpath.normpath(target if target.startswith("/") else posixpath.join("/", folder, target))
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = (kind, path.lstrip("/"))

    package.read(posixpath.join(folder, "_rels", f"{base}.rels"), start, _nothing)
    return found


def _nothing(_element: str, _text: str) -> None:
    """What is done at the end of elements that say all in their attributes."""
