"""Run every contender on the same leads in one go, medians of several rounds, and print the table with its ratios."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import peers, portfolio
from segmenter.execution import BATCH_SIZE
from tests.live.servers import RECIPES, Server, start

DATABASE = "benchmark"


def ours(
    server: Server, database: str, key: str, mode: str, *, connections: int = 2, batch_size: int = BATCH_SIZE
) -> dict[str, float]:
    """One fresh process, one fresh ledger."""
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder) / "spec.yaml"
        spec.write_text(portfolio.spec(server, database), encoding="utf-8")
        environment = {**os.environ, "SEGMENTER_API_KEY": key}
        command = [sys.executable, "-m", "benchmarks.ours", str(spec), str(connections), str(batch_size)]
        done = subprocess.run(
            [*command, str(Path(folder) / "ledger"), mode], check=True, capture_output=True, text=True, env=environment
        )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def rounds(server: Server, number: int, contender: Callable[[], float], *, reset: bool) -> float:
    """The median of ``number`` runs, each from the first state where ``reset``."""
    found = []
    for _round in range(number):
        if reset:
            portfolio.reset(server, DATABASE)
        found.append(contender())
        print(f"  {found[-1]:.3f}", file=sys.stderr, flush=True)
    return statistics.median(found)


def main() -> None:
    """Print a Markdown table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--odoo", choices=sorted(RECIPES), default="19", help="the version of the server")
    options.add_argument("--leads", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--quick", action="store_true", help="only segmenter against the server's own limit")
    options.add_argument("--sweep", action="store_true", help="segmenter alone, over several batch sizes")
    options.add_argument("--reuse", action="store_true", help="the leads of the run before, instead of new ones")
    chosen = options.parse_args()
    server = start(chosen.odoo)
    if not chosen.reuse:
        portfolio.fill(server, DATABASE, chosen.leads)
    key = portfolio.api_key(server, DATABASE)

    def first(connections: int = 2, batch_size: int = BATCH_SIZE) -> float:
        result = ours(server, DATABASE, key, "apply", connections=connections, batch_size=batch_size)
        if result["applied"] != chosen.leads:
            raise SystemExit(f"expected {chosen.leads} records applied, not {result['applied']}")
        peaks.append(result["peak_mb"])
        return result["total"]

    def again() -> float:
        result = ours(server, DATABASE, key, "plan")
        if result["records"]:
            raise SystemExit(f"{result['records']} records were still out of place")
        return result["total"]

    peaks: list[float] = []
    if chosen.sweep:
        print("| records in one call | seconds |\n|---|---|")
        for size in (100, 500, 1000, 2000, 5000):
            print(f"| {size} | {rounds(server, chosen.rounds, lambda n=size: first(batch_size=n), reset=True):.2f} |")
        return
    rows: list[tuple[str, float, float]] = []
    limit = rounds(server, chosen.rounds, lambda: peers.inside(server, DATABASE), reset=True)
    rows.append(("inside the server, a batch per segment (the limit)", limit, limit))
    converged_limit = rounds(server, chosen.rounds, lambda: peers.inside(server, DATABASE, converged=True), reset=False)
    for connections in (2, 1):
        seconds = rounds(server, chosen.rounds, lambda n=connections: first(n), reset=True)
        rows.append((f"segmenter plan + apply, {connections} connection(s)", seconds, limit))
    converged = rounds(server, chosen.rounds, again, reset=False)
    if not chosen.quick:
        seconds = rounds(server, chosen.rounds, lambda: peers.odooly_batches(server, DATABASE, key), reset=True)
        rows.append(("odooly, batches per segment by hand", seconds, limit))
        a_record = rounds(server, 1, lambda: peers.csv_load(server, DATABASE, key, 1000), reset=True)
        rows.append(("Odoo's CSV load (1,000 records, scaled)", chosen.leads * a_record, limit))
        a_record = rounds(server, 1, lambda: peers.record_by_record(server, DATABASE, key, 1000), reset=True)
        rows.append(("odoorpc, a write per record (1,000 records, scaled)", chosen.leads * a_record, limit))
    print(f"Odoo {chosen.odoo}, {chosen.leads} leads, 12 segments and a default, silent, medians of {chosen.rounds}\n")
    print("| first application | seconds | times the limit |\n|---|---|---|")
    for name, seconds, base in rows:
        print(f"| {name} | {seconds:.2f} | {seconds / base:.2f} |")
    print("\n| nothing to change | seconds | times the limit |\n|---|---|---|")
    print(f"| inside the server | {converged_limit:.2f} | 1.00 |")
    print(f"| segmenter plan | {converged:.2f} | {converged / converged_limit:.2f} |")
    print(f"\nPeak memory of segmenter's process: {max(peaks):.0f} MB")


if __name__ == "__main__":
    main()
