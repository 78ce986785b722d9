"""The README's picture of the report: ``python -m tests.support.screenshot docs/images/report.png``.

The plan of the demo, as the client would see it, in a real Chromium.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from segmenter.cli.connection import look
from segmenter.cli.criteria import criterion
from segmenter.embedded import demo_server
from segmenter.i18n import speaking
from segmenter.ledger import open_ledger
from segmenter.planning import Draft
from segmenter.reports.review import page
from segmenter.reports.review.build import review
from segmenter.spec import load
from tests.support import browsers

WIDTH, HEIGHT = 1200, 1400


def take(file: Path, language: str = "es") -> None:
    """Write the picture, a PNG."""
    spec = load(criterion("demo"))
    eyes = look(spec, demo_server())
    with tempfile.TemporaryDirectory() as folder:
        shown = Path(folder) / "report.html"
        with open_ledger(Path(folder) / "ledger.db") as ledger, speaking(language):
            plan = ledger.save_plan(Draft(spec, eyes.reader, eyes.catalog, eyes.clock))
            shown.write_text(page.html(review(ledger, plan.id)), "utf-8")
        photograph(shown, file)


def photograph(shown: Path, file: Path) -> None:
    """The top of a page, as a PNG."""
    with browsers.browser() as browser:
        tab = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        tab.goto(shown.absolute().as_uri())
        file.parent.mkdir(parents=True, exist_ok=True)
        tab.screenshot(path=file)


if __name__ == "__main__":
    take(Path(sys.argv[1]), *sys.argv[2:3])
