"""How fast the meeting page answers: ``python -m benchmarks.meeting [--records 20000] [--edits 200]``.

An invented CRM in memory, five segmentations, a fresh Chromium. An edit is measured in the page: from the event (a
number typed, a button pressed) to the frame that was painted with the new board. Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page

from benchmarks import portfolio, realistic
from benchmarks.meeting_serving import STEPS
from tests.live.servers import start
from tests.support import browsers

DONE = """([selector, value]) => new Promise((done, failed) => {
    const control = document.querySelector(selector);
    if (!control) { failed(new Error(`there is no ${selector}`)); return; }
    const before = document.getElementById("board"), from = performance.now();
    document.addEventListener("htmx:afterSwap", () => requestAnimationFrame(() => {
        const painted = new MessageChannel();
        painted.port1.onmessage = () => done([performance.now() - from, before !== document.getElementById("board")]);
        painted.port2.postMessage(0);
    }), {once: true});
    if (value === null) { control.click(); return; }
    control.value = value;
    control.dispatchEvent(new Event("change", {bubbles: true}));
})"""
"""Presses a button, or puts a value into a field; milliseconds until the answer is painted, and whether it is new."""
SHOWN = """() => new Promise(done => {
    const look = () => document.querySelector("#board .card")
        ? requestAnimationFrame(() => done(performance.now())) : requestAnimationFrame(look);
    look();
})"""
LOOK = "panel opened"
SETTLED = "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')"


@dataclass
class Edits:
    """Makes edits of one page, each different from those before; ``times``: kind -> milliseconds."""

    page: Page
    chance: random.Random
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    processor: list[float] = field(default_factory=list)
    number: int = 0

    def __post_init__(self) -> None:
        self.devtools = self.page.context.new_cdp_session(self.page)
        self.devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy(self) -> float:
        """Milliseconds that the page has kept the processor busy so far."""
        metrics = self.devtools.send("Performance.getMetrics")["metrics"]
        return float(next(1000 * one["value"] for one in metrics if one["name"] == "TaskDuration"))

    def kinds(self) -> dict[str, Callable[[], None]]:
        """What people do, by its name in the table."""
        return {
            "threshold typed": self.threshold,
            "value added": self.added,
            "value removed": self.removed,
            "comparison changed": self.operator,
            "segment moved": self.moved,
            "segment renamed": self.renamed,
            "example added": self.example,
            "undo": lambda: self.do("undo", "#undo"),
        }

    def make(self, edits: int) -> None:
        """So many edits, the kinds in turn."""
        kinds = list(self.kinds().values())
        for self.number in range(edits):
            kinds[self.number % len(kinds)]()

    def do(self, kind: str, selector: str, value: str | None = None) -> None:
        """One edit or look, once the page is quiet."""
        self.page.wait_for_function(SETTLED)
        before = self.busy()
        milliseconds, new = self.page.evaluate(DONE, [selector, value])
        if not new:
            raise RuntimeError(f"{kind}: the board was not painted anew")
        self.times[kind].append(milliseconds)
        if kind != LOOK:
            self.processor.append(self.busy() - before)

    def look(self, selector: str) -> None:
        self.do(LOOK, selector)

    def threshold(self) -> None:
        self.open_with("#panel input.number", 0, 4)
        self.do("threshold typed", "#panel input.number", f"{self.chance.randrange(1, 200) * 100_000}")

    def added(self) -> None:
        self.open_with("#panel .choices button", 1, 3)
        self.do("value added", "#panel .choices button")

    def removed(self) -> None:
        second = "#panel .chips:not(.choices) button:nth-of-type(2)"
        self.open_with(second, 1, 3)
        self.do("value removed", second)

    def operator(self) -> None:
        self.open_with("#panel select[id$='-operator']", 0, 4)
        other = self.page.locator("#panel select[id$='-operator']").first.locator("option:not(:checked)").all()[:4]
        value = self.chance.choice(other).get_attribute("value")
        self.do("comparison changed", "#panel select[id$='-operator']", value)

    def open_with(self, wanted: str, *sections: int) -> None:
        """Open a segment of some segmentations that has what is wanted in its panel."""
        segments = [(section, segment) for section in sections for segment in range(4)]
        for section, segment in self.chance.sample(segments, len(segments)):
            self.look(f"#s{section}-{segment}-open")
            if self.page.locator(wanted).count():
                return
        raise RuntimeError(f"no segment has {wanted}")

    def moved(self) -> None:
        section, down = self.chance.randrange(5), self.chance.random() < 0.5
        self.do("segment moved", f"#s{section}-{self.chance.randrange(3)}-down" if down else f"#s{section}-1-up")

    def renamed(self) -> None:
        self.look(f"#s{self.chance.randrange(5)}-{self.chance.randrange(4)}-open")
        self.do("segment renamed", "#name", f"Otro nombre {self.number}")

    def example(self) -> None:
        section = self.chance.randrange(2)
        self.look(f"#s{section}-1-records")
        rows = self.page.locator("#panel tbody th button")
        if not rows.count():
            self.look("#scope-records")
        self.look(f"#panel tbody tr:nth-child({1 + self.number % rows.count()}) th button")
        names = self.page.locator(f"#belongs-{section} option:not([value])").all_inner_texts()
        self.do("example added", f"#belongs-{section}", self.chance.choice(names))


def table(times: Mapping[str, Sequence[float]]) -> list[str]:
    """Median, p95 and maximum by kind, and of all edits; looks that edit nothing after them."""
    edits = {kind: found for kind, found in times.items() if kind != LOOK}
    rows = {**edits, "all edits": [one for found in edits.values() for one in found]}
    rows |= {kind: found for kind, found in times.items() if kind not in edits}
    lines = ["| milliseconds | times | median | p95 | maximum |", "|---|---|---|---|---|"]
    for kind, found in rows.items():
        if found:
            lines.append(
                f"| {kind} | {len(found)} | {statistics.median(found):.0f} | {p95(found):.0f} | {max(found):.0f} |"
            )
    return lines


def spent(answers: Sequence[Mapping[str, Sequence[float]]]) -> list[str]:
    """What the server spent on an edit, in milliseconds, and how much of it the processor was at it."""
    lines = ["| in the server, milliseconds | median | p95 | median of the processor |", "|---|---|---|---|"]
    sums = [{"all": [sum(answer[step][at] for step in STEPS) for at in (0, 1)], **answer} for answer in answers]
    for step in (*STEPS, "all"):
        wall, processor = ([1000 * answer[step][at] for answer in sums] for at in (0, 1))
        lines.append(
            f"| {step} | {statistics.median(wall):.0f} | {p95(wall):.0f} | {statistics.median(processor):.0f} |"
        )
    return lines


def p95(found: Sequence[float]) -> float:
    """The value that 95 of 100 do not pass."""
    return sorted(found)[max(0, -(-95 * len(found) // 100) - 1)]


def measure(records: int, edits: int, *, server: bool = False) -> list[str]:
    """The report. ``server``: of a real Odoo, which is copied into memory first; nothing is edited there."""
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ)
        if server:
            environment["SEGMENTER_API_KEY"] = written(Path(folder) / "server.yaml", records)
        command = [sys.executable, "-m", "benchmarks.meeting_serving", folder, "--records", str(records)]
        piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen(command, **piped, text=True, env=environment) as served:  # type: ignore[call-overload]
            try:
                address = json.loads(served.stdout.readline())["address"]
                with browsers.browser() as browser:
                    page = browser.new_page(viewport={"width": 1280, "height": 720})
                    began = time.perf_counter()
                    page.goto(address)
                    page.evaluate(SHOWN)
                    opened = time.perf_counter() - began
                    made = Edits(page, random.Random(20261130))
                    made.make(0 if server else edits)
                    page.close(run_before_unload=False)
                told, _errors = served.communicate("")
            finally:
                served.kill()
        *answers, last = [json.loads(line) for line in told.splitlines()]
    head = (
        f"{records:,} records, {datetime.now(UTC):%Y-%m-%d}, load {os.getloadavg()[0]:.1f}: the first board after"
        f" {opened:.2f} s, peak memory of the process {last['peak_mb']:.0f} MB"
    )
    if server:
        return [f"{head}; of that the copy of the server took {last['copy']:.2f} s"]
    return [
        head,
        "",
        *table(made.times),
        "",
        *spent(answers),
        f"| in the page, of the processor | | | {statistics.median(made.processor):.0f} |",
    ]


def written(file: Path, records: int) -> str:
    """Write a spec for an Odoo 19 with so many leads, which is filled where it was not yet; the work user's key."""
    server = start("19")
    filled = portfolio.fill(server, realistic.PORTFOLIO, records, reuse=True)
    text = realistic.PORTFOLIO.spec_of(server).replace(f"database: {portfolio.DATABASE},", f"database: {filled},")
    file.write_text(text, "utf-8")
    return portfolio.api_key(server, filled)


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.meeting", description=__doc__)
    options.add_argument("--records", type=int, default=20_000)
    options.add_argument("--edits", type=int, default=200)
    options.add_argument("--server", action="store_true", help="how long a real Odoo 19 takes to be there")
    chosen = options.parse_args()
    print("\n".join(measure(chosen.records, chosen.edits, server=chosen.server)))


if __name__ == "__main__":
    main()
