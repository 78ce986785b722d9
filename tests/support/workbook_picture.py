"""The guide's picture of the workbook: ``python -m tests.support.workbook_picture docs/images/libro.png``.

The first sheet of the demo's workbook as LibreOffice prints it on A4. It needs ``soffice`` and ``pdftoppm`` (Debian:
libreoffice-calc, poppler-utils).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from segmenter.reports.review import workbook
from tests.support.screenshot import demo

RESOLUTION = 100
TOP, HEIGHT = 35, 330
"""Pixels of the page: some twenty rows."""


def take(file: Path, language: str = "es") -> None:
    """Write the picture, a PNG."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with demo(folder, language) as told:
            workbook.write(told, folder / "book.xlsx")
        home = f"-env:UserInstallation={(folder / 'office').as_uri()}"
        convert = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", name, str(folder / "book.xlsx")]
        country = {**os.environ, "LC_ALL": {"es": "es_CL.UTF-8"}.get(language, "en_US.UTF-8")}
        subprocess.run(convert, check=True, capture_output=True, env=country)
        part = ["-singlefile", "-r", str(RESOLUTION), "-x", "0", "-y", str(TOP), "-W", "1170", "-H", str(HEIGHT)]
        subprocess.run(["pdftoppm", "-png", *part, str(folder / "book.pdf"), str(file.with_suffix(""))], check=True)


if __name__ == "__main__":
    take(Path(sys.argv[1]), *sys.argv[2:3])
