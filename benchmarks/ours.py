"""segmenter in a process of its own: plan, apply, and a second plan, with every safety on. Prints one line of JSON."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from segmenter.conditions import Clock
from segmenter.execution import Pace, apply
from segmenter.ledger import Who, open_ledger
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.session import OdooSession
from segmenter.planning import Draft
from segmenter.spec import load


def main(spec_path: str, connections: int, batch_size: int, ledger_path: str, mode: str) -> None:
    """``mode``: ``apply`` or ``plan``. Timed from after the login, as every contender is."""
    secret = os.environ["SEGMENTER_API_KEY"]
    spec = load(Path(spec_path))
    where = spec.odoo
    assert where is not None
    server = OdooSession(where.url, where.database, where.user, secret).connect()
    started = time.monotonic()
    reader = OdooReader(server, language=spec.client.language, timezone=spec.client.timezone)
    clock = Clock(datetime.now(UTC), ZoneInfo(spec.client.timezone))
    with open_ledger(ledger_path) as ledger:
        plan = ledger.save_plan(Draft(spec, reader, Catalog(reader), clock))
        planned = time.monotonic()
        counts: dict[str, int] = {}
        if mode == "apply":
            who = Who("benchmark", "localhost", server.identity.login, server.identity.uid, "benchmark")
            report = apply(plan.id, ledger, lambda: server, who=who, pace=Pace(connections, batch_size))
            counts = dict(report.counts)
            if report.error or report.left:
                raise SystemExit(f"not applied: {report.error or report.left[:3]}")
    done = time.monotonic()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = {
        "plan": planned - started,
        "total": done - started,
        "records": plan.tally.records,
        "applied": counts.get("applied", 0),
        "peak_mb": peak / 1024,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5])
