"""Meetings on the demo's CRM, for tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from segmenter.conditions import Clock
from segmenter.embedded import EmbeddedServer, demo_server
from segmenter.ledger import Author
from segmenter.measuring import Crm
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.web.meeting import Meeting
from segmenter.web.sources import Progress, Sources

DEMO = Path(__file__).parent.parent.parent / "criteria" / "demo.yaml"
ZONE = "America/Santiago"
AUTHOR = Author("consultora", "escritorio", "0")


def crm_of(server: EmbeddedServer) -> Crm:
    """The demo's CRM opened for reading, in Spanish."""
    reader = OdooReader(server, language="es_CL", timezone=ZONE)
    return Crm(server, reader, Catalog(reader), Clock(datetime.now(UTC), ZoneInfo(ZONE)))


def demo_meeting(
    folder: Path,
    *,
    spec: Path = DEMO,
    server: EmbeddedServer | None = None,
    live: EmbeddedServer | None = None,
    read: Callable[[Progress], Crm] | None = None,
    plan: str | None = None,
) -> Meeting:
    """A meeting on a copy of a spec, whose CRM is still to be read. ``live``: the server itself, if it is another."""
    file = folder / spec.name
    shutil.copyfile(spec, file)
    there = server or demo_server()
    sources = Sources(
        spec_file=file,
        ledger_place=str(folder / "segmenter.ledger"),
        read=read or (lambda _told: crm_of(there)),
        live=lambda: crm_of(live or there),
        plan=plan,
        author=AUTHOR,
    )
    return Meeting(sources)


def read_now(meeting: Meeting) -> Meeting:
    """The same meeting, its CRM read."""
    meeting.read(wait=True)
    return meeting
