"""Reads the bytes of an export, and limits its size: a list of leads is small, but any file may be given."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from segmenter.conditions.phrases import number
from segmenter.errors import SegmenterError
from segmenter.i18n import _, why

MEGABYTE = 1_000_000
MOST_BYTES = 100 * MEGABYTE
MOST_UNPACKED = 300 * MEGABYTE
"""The most bytes of a workbook's unpacked parts; pictures, themes and the like are not unpacked."""
MOST_ROWS = 100_000
MOST_COLUMNS = 1_000
MOST_CELLS = 1_500_000
MOST_LETTERS = 100_000
"""The most letters in one cell; a spreadsheet holds 32,767."""


def content(path: Path) -> bytes:
    """The bytes of a regular file. Raises SegmenterError for anything else, and for one that is too large."""
    try:
        # Without O_NONBLOCK, opening a pipe waits for somebody to write into it.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise SegmenterError(
                    _("{file} is no regular file").format(file=path.name),
                    todo=_("name a file that Odoo exported, .xlsx or .csv"),
                )
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise SegmenterError(
            _("{file} cannot be read: {reason}").format(file=path.name or path, reason=why(error)),
            todo=_("name a file that Odoo exported, .xlsx or .csv"),
        ) from error
    if len(data) > MOST_BYTES:
        raise too_much(path.name, _("{number} MB").format(number=number(MOST_BYTES // MEGABYTE)))
    return data


def too_much(file: str, limit: str) -> SegmenterError:
    """The refusal of a file beyond one of the limits, which ``limit`` names: ``100,000 rows``."""
    return SegmenterError(
        _("{file} holds more than {limit}, the most that is read of an export").format(file=file, limit=limit),
        todo=_("export only the records and the columns that the spec needs"),
    )


class Budget:
    """What of the limits one file has left, whichever of its sheets takes it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._rows, self._cells = MOST_ROWS, MOST_CELLS

    def row(self, cells: int) -> None:
        """Note one more row of so many cells. Raises SegmenterError beyond the limits."""
        self._rows -= 1
        self._cells -= cells
        if self._rows < 0:
            raise too_much(self.file, _("{number} rows").format(number=number(MOST_ROWS)))
        if self._cells < 0:
            raise too_much(self.file, _("{number} cells").format(number=number(MOST_CELLS)))
