"""segmenter in a process of its own: a plan, and its apply, with every safety on. Prints one line of JSON."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.wire import Recorder, as_rows
from segmenter.conditions import Clock
from segmenter.drafting import draft
from segmenter.execution import Pace, apply
from segmenter.ledger import Ledger, Who, open_ledger
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server
from segmenter.odoo.session import OdooSession
from segmenter.spec import load
from segmenter.spec.model import Spec


def planned(spec: Spec, server: Server, ledger: Ledger) -> tuple[str, int]:
    """Plan, the report's figures included, and save: the id of the plan, and how many records it would change."""
    reader = OdooReader(server, language=spec.client.language, timezone=spec.client.timezone)
    clock = Clock(datetime.now(UTC), ZoneInfo(spec.client.timezone))
    plan = ledger.save_plan(*draft(spec, reader, Catalog(reader), clock).to_save())
    return plan.id, plan.counts.tally.records


def applied(plan: str, server: Server, ledger: Ledger, pace: Pace) -> int:
    """How many records an apply of the plan wrote. Ends the process if it left any."""
    who = Who("benchmark", "localhost", server.identity.login, server.identity.uid, "benchmark")
    report = apply(plan, ledger, lambda: server, who=who, pace=pace)
    if report.error or report.left:
        raise SystemExit(f"not applied: {report.error or report.left[:3]}")
    return report.counts.get("applied", 0)


def main(spec_path: str, connections: int, batch_size: int, ledger_path: str, mode: str) -> None:
    """``mode``: ``apply`` or ``plan``. Timed from after the login, as every contender is."""
    spec = load(Path(spec_path))
    where = spec.odoo
    assert where is not None
    secret = os.environ["SEGMENTER_API_KEY"]
    server = Recorder(OdooSession(where.url, where.database, where.user, secret, timeout=3600).connect())
    result: dict[str, Any] = {"applied": 0}
    with open_ledger(ledger_path) as ledger:
        started = time.monotonic()
        server.begin("plan")
        plan, result["records"] = planned(spec, server, ledger)
        result["plan"] = time.monotonic() - started
        if mode == "apply":
            server.begin("apply")
            result["applied"] = applied(plan, server, ledger, Pace(connections, batch_size))
    result["total"] = time.monotonic() - started
    result["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    result["calls"] = as_rows(server.calls)
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5])
