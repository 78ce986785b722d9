"""How fast the report of a plan is made, opens, and answers: ``python -m benchmarks.report [CHANGES]``.

Made-up changes, a fresh Chromium, a page opened five times; times in milliseconds, the median of them. A filter is
measured from the letter typed to the first frame that shows its rows.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page

from segmenter.i18n import speaking
from segmenter.ledger import open_ledger
from segmenter.reports.review import page, workbook
from segmenter.reports.review.build import review
from tests.support import browsers, review_samples

TIMES = 5
OPENED = "() => { const [n] = performance.getEntriesByType('navigation'); return n.loadEventEnd; }"
FILTERED = """([control, text]) => new Promise(done => {
    control = document.querySelector(control);
    const from = performance.now();
    control.value = text;
    control.dispatchEvent(new Event('input'));
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - from)));
})"""
SORTED = """() => new Promise(done => {
    const from = performance.now();
    document.querySelector('table.rows thead button').click();
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - from)));
})"""


def measure(changes: int, folder: Path) -> dict[str, float]:
    """What is printed: name -> milliseconds (sizes: megabytes)."""
    found: dict[str, float] = {}
    file, book = folder / "report.html", folder / "report.xlsx"
    with open_ledger(folder / "ledger.db") as ledger, speaking("es"):
        plan = review_samples.save(ledger, changes // 2)
        began = time.perf_counter()
        file.write_text(page.html(review(ledger, plan.id)), "utf-8")
        found["page made"] = (time.perf_counter() - began) * 1000
        began = time.perf_counter()
        workbook.write(review(ledger, plan.id), book)
        found["workbook made"] = (time.perf_counter() - began) * 1000
    found["page, MB"], found["workbook, MB"] = (one.stat().st_size / 1e6 for one in (file, book))
    with browsers.browser() as browser:
        opened, searched, narrowed, sorted_ = [], [], [], []
        for _time in range(TIMES):
            tab: Page = browser.new_page()
            tab.goto(file.as_uri())
            opened.append(tab.evaluate(OPENED))
            searched.append(tab.evaluate(FILTERED, ["input[type=search]", "nandu 12"]))
            narrowed.append(tab.evaluate(FILTERED, ["input[type=text]", "nandu"]))
            sorted_.append(tab.evaluate(SORTED))
            tab.close()
    found |= {
        "page opened": statistics.median(opened),
        "search answered": statistics.median(searched),
        "filter answered": statistics.median(narrowed),
        "sorted": statistics.median(sorted_),
    }
    return found


def main() -> None:
    """Measure and print."""
    changes = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    with tempfile.TemporaryDirectory() as folder:
        for name, value in measure(changes, Path(folder)).items():
            print(f"{name:20} {value:10,.1f}")


if __name__ == "__main__":
    main()
