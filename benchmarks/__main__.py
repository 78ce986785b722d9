"""Run every contender on the same leads in one go, in turns, and print medians and their ratios as Markdown tables."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import bands, peers, portfolio, realistic, wire
from benchmarks.portfolio import DATABASE, Portfolio
from benchmarks.wire import Call
from segmenter.execution import BATCH_SIZE
from segmenter.odoo.session import connect
from tests.live.servers import RECIPES, Server, start

PORTFOLIOS = {one.name: one for one in (bands.PORTFOLIO, realistic.PORTFOLIO)}
INSIDE = "inside the server (the limit)"


@dataclass
class Result:
    """One run of ours, as `benchmarks.ours` prints it."""

    total: float
    plan: float
    records: int
    applied: int
    peak_mb: float
    calls: list[Call]

    @classmethod
    def of(cls, printed: dict[str, Any]) -> Result:
        """From the line of JSON."""
        return cls(**{**printed, "calls": [Call(**call) for call in printed["calls"]]})


@dataclass
class Contest:
    """One portfolio on one server; ``filled`` is the database that each run starts from a copy of."""

    server: Server
    portfolio: Portfolio
    filled: str
    key: str
    workers: int
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    results: dict[str, list[Result]] = field(default_factory=lambda: defaultdict(list))

    def ours(self, name: str, mode: str, *, connections: int = 2, batch_size: int = BATCH_SIZE) -> Result:
        """Run segmenter in a fresh process with a fresh ledger."""
        with tempfile.TemporaryDirectory() as folder, self._answering() as server:
            spec = Path(folder) / "spec.yaml"
            spec.write_text(self.portfolio.spec_of(server), encoding="utf-8")
            environment = {**os.environ, "SEGMENTER_API_KEY": self.key}
            command = [sys.executable, "-m", "benchmarks.ours", str(spec), str(connections), str(batch_size)]
            done = subprocess.run(
                [*command, str(Path(folder) / "ledger"), mode], stdout=subprocess.PIPE, text=True, env=environment
            )
        if done.returncode:
            raise SystemExit(f"segmenter failed:\n{done.stdout}")
        result = Result.of(json.loads(done.stdout.splitlines()[-1]))
        self.results[name].append(result)
        self._note(name, result.total)
        return result

    def inside(self, name: str, *, converged: bool = False) -> None:
        """Run the same inside the server."""
        self._note(name, portfolio.inside(self.server, self.portfolio, converged=converged))

    def peer(self, name: str, seconds: Callable[[], float]) -> None:
        """Run another tool on a new copy."""
        self.fresh()
        self._note(name, seconds())

    def fresh(self) -> None:
        """Put every lead back as it was filled in."""
        portfolio.copy(self.server, self.filled)

    def median(self, name: str) -> float:
        """Seconds."""
        return statistics.median(self.seconds[name])

    def middle(self, name: str) -> Result:
        """The run of ours whose time is the median."""
        return sorted(self.results[name], key=lambda result: result.total)[len(self.results[name]) // 2]

    @contextlib.contextmanager
    def _answering(self) -> Iterator[Server]:
        """The server that ours calls, with the database in its memory."""
        with contextlib.ExitStack() as stack:
            server = stack.enter_context(self.server.in_workers(self.workers)) if self.workers else self.server

            def call(_number: int) -> None:
                work_user = connect(server.url, DATABASE, portfolio.LOGIN, self.key)
                work_user.execute_kw("crm.lead", "search_read", [[]], {"limit": 1})

            with ThreadPoolExecutor(max(1, 2 * self.workers)) as pool:
                list(pool.map(call, range(max(1, 4 * self.workers))))
            yield server

    def _note(self, name: str, seconds: float) -> None:
        self.seconds[name].append(seconds)
        print(f"  {name}: {seconds:.3f} s, load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--version", "--odoo", choices=sorted(RECIPES), default="19", help="of the server")
    options.add_argument("--portfolio", choices=sorted(PORTFOLIOS), default="bands")
    options.add_argument("--leads", type=int, default=20_000, help="20000, 200000, 1000000 or any other number")
    options.add_argument("--workers", type=int, default=0, help="serve segmenter from so many processes, not threads")
    options.add_argument("--rounds", type=int, default=3, help="runs that a median is of")
    options.add_argument("--quick", action="store_true", help="leave out other tools, and segmenter on one connection")
    options.add_argument("--where", action="store_true", help="one run of segmenter, call by call")
    options.add_argument("--sweep", action="store_true", help="segmenter alone, over several batch sizes")
    options.add_argument("--reuse", action="store_true", help="the leads of a run before, where there are such")
    return options.parse_args()


def main() -> None:
    """Print Markdown tables."""
    chosen = _options()
    server = start(chosen.version)
    chosen_portfolio = PORTFOLIOS[chosen.portfolio]
    began = time.monotonic()
    filled = portfolio.fill(server, chosen_portfolio, chosen.leads, reuse=chosen.reuse)
    print(f"  filled in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    contest = Contest(server, chosen_portfolio, filled, portfolio.api_key(server, filled), chosen.workers)
    served = f"{chosen.workers} worker processes" if chosen.workers else "threads"
    print(
        f"Odoo {chosen.version} in {served}, {chosen.leads:,} leads, {chosen.portfolio}, medians of {chosen.rounds},"
        f" {datetime.now(UTC):%Y-%m-%d}, load at the start {os.getloadavg()[0]:.1f}\n"
    )
    if chosen.where:
        where(contest)
    elif chosen.sweep:
        sweep(contest, chosen.rounds)
    else:
        compare(contest, chosen.rounds, quick=chosen.quick)


def compare(contest: Contest, rounds: int, *, quick: bool) -> None:
    """Every contender in each round, so that all meet the same load."""
    applies = {f"segmenter plan + apply, {number} connection(s)": number for number in ((2,) if quick else (2, 1))}
    for _round in range(rounds):
        contest.fresh()
        contest.inside(INSIDE)
        expected = portfolio.state(contest.server, contest.portfolio)
        contest.inside("inside the server, again", converged=True)
        for name, connections in applies.items():
            contest.fresh()
            contest.ours(name, "apply", connections=connections)
            if other := portfolio.unlike(portfolio.state(contest.server, contest.portfolio), expected):
                raise SystemExit(
                    f"{len(other):,} leads ended otherwise than inside the server:\n" + "\n".join(other[:5])
                )
            if connections == 2 and contest.ours("segmenter plan", "plan").records:
                raise SystemExit("a second plan would still change records")
        if not quick and contest.portfolio is bands.PORTFOLIO:
            _other_tools(contest)
    _tables(contest, list(applies))


def _other_tools(contest: Contest) -> None:
    server, key = contest.server, contest.key
    leads = len(portfolio.state(server, contest.portfolio))
    contest.peer("odooly, batches per segment by hand", lambda: peers.odooly_batches(server, DATABASE, key))
    contest.peer("Odoo's CSV load (1,000 records, scaled)", lambda: leads * peers.csv_load(server, DATABASE, key, 1000))
    contest.peer(
        "odoorpc, a write per record (1,000 records, scaled)",
        lambda: leads * peers.record_by_record(server, DATABASE, key, 1000),
    )


def _tables(contest: Contest, applies: list[str]) -> None:
    limit, again = contest.median(INSIDE), contest.median("inside the server, again")
    print("| first application | seconds | times the limit | calls |\n|---|---|---|---|")
    print(f"| {INSIDE} | {limit:.2f} | 1.00 | |")
    for name in applies:
        middle = contest.middle(name)
        plan = statistics.median(result.plan for result in contest.results[name])
        apply = statistics.median(result.total - result.plan for result in contest.results[name])
        calls = [call.phase for call in middle.calls]
        print(f"| {name} | {contest.median(name):.2f} | {contest.median(name) / limit:.2f} | {len(calls)} |")
        print(f"| ... its plan alone | {plan:.2f} | {plan / limit:.2f} | {calls.count('plan')} |")
        print(f"| ... its apply alone | {apply:.2f} | {apply / limit:.2f} | {calls.count('apply')} |")
    for name in contest.seconds:
        if name not in (INSIDE, "inside the server, again", "segmenter plan", *applies):
            print(f"| {name} | {contest.median(name):.2f} | {contest.median(name) / limit:.2f} | |")
    middle = contest.middle("segmenter plan")
    seconds = contest.median("segmenter plan")
    print("\n| nothing to change | seconds | times the limit | calls |\n|---|---|---|---|")
    print(f"| inside the server | {again:.2f} | 1.00 | |")
    name, calls = "segmenter plan, the report's figures included", len(middle.calls)
    print(f"| {name} | {seconds:.2f} | {seconds / again:.2f} | {calls} |")
    print(f"\nRecords written: {contest.middle(applies[0]).applied:,}, and all ended as inside the server.")
    peaks = [max(run.peak_mb for run in contest.results[name]) for name in (applies[0], "segmenter plan")]
    print(f"Peak memory of segmenter's process: {peaks[0]:.0f} MB; with nothing to change {peaks[1]:.0f} MB.")


def where(contest: Contest) -> None:
    """Which call costs what: a first application and a second plan, once."""
    contest.fresh()
    first = contest.ours("first", "apply")
    second = contest.ours("second", "plan")
    calls = first.calls + [Call(**{**vars(call), "phase": "again"}) for call in second.calls]
    print("\n".join(wire.listing(calls)), end="\n\n")
    seconds = {"plan": first.plan, "apply": first.total - first.plan, "again": second.total}
    print("\n".join(wire.sums(calls, seconds)))


def sweep(contest: Contest, rounds: int) -> None:
    """Several batch sizes."""
    print("| records in one call | seconds |\n|---|---|")
    for size in (100, 500, 1000, 2000, 5000):
        for _round in range(rounds):
            contest.fresh()
            contest.ours(str(size), "apply", batch_size=size)
        print(f"| {size} | {contest.median(str(size)):.2f} |")


if __name__ == "__main__":
    main()
