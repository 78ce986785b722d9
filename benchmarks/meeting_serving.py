"""Serves a meeting page in a process of its own, for `benchmarks.meeting`: what each edit costs there, and its memory.

Prints a line of JSON: first the address; then of each edit the seconds, and those of the processor, that went by with
editing the text, measuring and rendering. Ends with its input, and prints its peak memory.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.meeting_crm import SPEC, crm_of, server_of
from segmenter.conditions import Clock
from segmenter.embedded import copy_of
from segmenter.i18n import speaking
from segmenter.measuring import Crm, Measurer
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server
from segmenter.odoo.session import OdooSession
from segmenter.resolving.mentions import fields_used
from segmenter.spec import load
from segmenter.spec.model import Spec
from segmenter.web import routes
from segmenter.web.guard import Guard
from segmenter.web.meeting import Meeting
from segmenter.web.serving import Service
from segmenter.web.sources import Live, Progress, Sources

STEPS = ("edit", "measure", "render")


@dataclass
class Watch:
    """Adds up what is spent in some calls. One request is answered at a time."""

    spent: dict[str, list[float]] = field(default_factory=dict)

    def around(self, step: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same call, timed as a step."""

        def timed(*given: Any, **named: Any) -> Any:
            wall, processor = time.perf_counter(), time.thread_time()
            try:
                return call(*given, **named)
            finally:
                self.add(step, time.perf_counter() - wall, time.thread_time() - processor)

        return timed

    def add(self, step: str, wall: float, processor: float) -> None:
        here = self.spent.setdefault(step, [0.0, 0.0])
        here[0] += wall
        here[1] += processor

    def told(self) -> dict[str, list[float]]:
        """Step -> [seconds, of the processor]. What is no other step of an answer is editing."""
        spent, self.spent = {step: self.spent.get(step, [0.0, 0.0]) for step in ("whole", *STEPS[1:])}, {}
        edit = [whole - measure - render for whole, measure, render in zip(*spent.values(), strict=True)]
        return {"edit": edit, "measure": spent["measure"], "render": spent["render"]}


def watched(watch: Watch) -> None:
    """Time the steps of each edit in this process, and print them."""
    done = watch.around("whole", routes._Site._done)
    Measurer.measure = watch.around("measure", Measurer.measure)  # type: ignore[method-assign]
    routes.stage = watch.around("render", routes.stage)  # type: ignore[assignment]

    def answered(*given: Any) -> Any:
        watch.spent = {}
        answer = done(*given)
        print(json.dumps(watch.told()), flush=True)
        return answer

    routes._Site._done = answered  # type: ignore[method-assign]


def of_memory(folder: Path, records: int) -> Sources:
    """A meeting on an invented CRM."""
    file = folder / "meeting.yaml"
    file.write_text(SPEC.lstrip(), "utf-8")
    server = server_of(records)
    return Sources(file, str(folder / "ledger"), lambda _told: crm_of(server))


def of_server(file: Path, watch: Watch) -> Sources:
    """A meeting on the Odoo of a spec, as `segmenter meeting` begins one."""
    spec = load(file)
    where, secret = spec.odoo, os.environ["SEGMENTER_API_KEY"]
    assert where is not None

    def live() -> Live:
        session = OdooSession(where.url, where.database, where.user, secret, timeout=600).connect()
        return Live(*_opened(session, spec))

    def copied(told: Progress) -> Crm:
        paths = dict.fromkeys(path for path, _place in fields_used(spec))
        reader = live().reader
        copy = copy_of(reader, spec.scope.model, archived=spec.scope.archived, fields=paths, progress=told)
        return Crm(copy, *_opened(copy, spec))

    return Sources(file, str(file.parent / "ledger"), watch.around("copy", copied), live)


def _opened(server: Server, spec: Spec) -> tuple[OdooReader, Catalog, Clock]:
    zone = spec.client.timezone
    reader = OdooReader(server, language=spec.client.language, timezone=zone)
    return reader, Catalog(reader), Clock(datetime.now(UTC), ZoneInfo(zone))


def main() -> None:
    """Serve until the input ends."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.meeting_serving", description=__doc__)
    options.add_argument("folder", type=Path, help="where server.yaml is, for a meeting on its Odoo")
    options.add_argument("--records", type=int, default=20_000)
    chosen = options.parse_args()
    watch = Watch()
    watched(watch)
    own = chosen.folder / "server.yaml"
    with speaking("es"):
        sources = of_server(own, watch) if own.exists() else of_memory(chosen.folder, chosen.records)
        guard = Guard()
        meeting = Meeting(sources)
        with Service(routes.create_app(meeting, guard), guard) as service:
            print(json.dumps({"address": service.address}), flush=True)
            sys.stdin.read()
    copy = watch.spent.get("copy", [0.0])[0]
    print(json.dumps({"copy": copy, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}), flush=True)


if __name__ == "__main__":
    main()
