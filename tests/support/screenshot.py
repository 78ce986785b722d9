"""The README's picture of the report: ``python -m tests.support.screenshot docs/images/report.png``.

The plan of the demo, as the client would see it, in a real Chromium: the first screen, which has to say it all.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from segmenter.cli.connection import open_crm
from segmenter.drafting import draft
from segmenter.embedded import demo_server
from segmenter.i18n import speaking
from segmenter.ledger import open_ledger
from segmenter.reports.review import page
from segmenter.reports.review.build import review
from segmenter.reports.review.content import Review
from segmenter.spec import load
from segmenter.spec.model import Consultant
from segmenter.spec.starters import ready_spec
from tests.support import browsers

WIDTH, HEIGHT = 1280, 720
CONSULTANT = Consultant("AsesórateYa", "Andrés Muñoz", "andres@asesorateya.example", "+56 9 1234 5678")


def take(file: Path, language: str = "es") -> None:
    """Write the picture, a PNG."""
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder), language) as told:
        shown = Path(folder) / "report.html"
        shown.write_text(page.html(told, CONSULTANT), "utf-8")
        photograph(shown, file)


@contextmanager
def demo(folder: Path, language: str) -> Iterator[Review]:
    """The review of the demo's plan, whose ledger is kept in ``folder``."""
    spec = load(ready_spec("demo"))
    crm = open_crm(spec, demo_server())
    with open_ledger(folder / "ledger.db") as ledger, speaking(language):
        plan = ledger.save_plan(*draft(spec, crm.reader, crm.catalog, crm.clock).to_save())
        yield review(ledger, plan.id)


def photograph(shown: Path, file: Path) -> None:
    """The top of a page, as a PNG."""
    with browsers.browser() as browser:
        tab = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        tab.goto(shown.absolute().as_uri())
        file.parent.mkdir(parents=True, exist_ok=True)
        tab.screenshot(path=file)


if __name__ == "__main__":
    take(Path(sys.argv[1]), *sys.argv[2:3])
