"""The twelve bands by other means: by hand with odooly, record by record, by CSV load."""

from __future__ import annotations

import contextlib
import io
import time
from urllib.parse import urlsplit

import odoorpc

from benchmarks.bands import Band, bands
from benchmarks.portfolio import LOGIN
from tests.live.servers import Server

SILENT = {"tracking_disable": True, "mail_auto_subscribe_no_notify": True, "mail_notrack": True}


def record_by_record(server: Server, database: str, key: str, records: int) -> float:
    """Seconds a record with odoorpc's own API, one `write` each."""
    address = urlsplit(server.url)
    odoo = odoorpc.ODOO(address.hostname, port=address.port)
    odoo.login(database, LOGIN, key)
    lead, tags, stages = odoo.env["crm.lead"], _tags(odoo), odoo.env["crm.stage"].search([])
    odoo.env.context.update(SILENT)
    todo = [(band, id) for band in bands() for id in lead.search(band.domain)][:: max(1, _count(lead) // records)]
    todo = todo[:records]
    started = time.monotonic()
    for band, id in todo:
        lead.write([id], _values(band, tags, stages))
    return (time.monotonic() - started) / len(todo)


def csv_load(server: Server, database: str, key: str, records: int) -> float:
    """Seconds a record with Odoo's own `load`, the method behind its import screen."""
    address = urlsplit(server.url)
    odoo = odoorpc.ODOO(address.hostname, port=address.port, timeout=600)
    odoo.login(database, LOGIN, key)
    lead, tags, stages = odoo.env["crm.lead"], _tags(odoo), odoo.env["crm.stage"].search([])
    odoo.env.context.update(SILENT)
    rows = []
    for band in bands():
        for row in lead.search_read(band.domain, ["tag_ids", "stage_id"]):
            held = [*row["tag_ids"], tags[band.tag]]
            stage = stages[band.stage] if band.stage is not None else row["stage_id"][0]
            rows.append([str(row["id"]), ",".join(map(str, held)), band.priority, str(stage)])
    rows = rows[:: max(1, len(rows) // records)][:records]
    started = time.monotonic()
    result = lead.load([".id", "tag_ids/.id", "priority", "stage_id/.id"], rows)
    seconds = (time.monotonic() - started) / len(rows)
    if not result["ids"]:
        raise RuntimeError(f"load refused the rows: {result['messages'][:1]}")
    return seconds


def odooly_batches(server: Server, database: str, key: str) -> float:
    """Seconds for one search and batches of 2,000 per segment, written by hand with odooly, nothing read back."""
    import odooly

    with contextlib.redirect_stdout(io.StringIO()):
        # Before 19 odooly logs in as a browser does, which takes no key.
        secret = {"api_key": key} if int(server.version) >= 19 else {"password": LOGIN}
        client = odooly.Client(server.url, database, LOGIN, **secret)
    env = client.env(context={**client.env.context, **SILENT})
    tags = {tag["name"]: tag["id"] for tag in env["crm.tag"].search([]).read("id name")}
    stages = env["crm.stage"].search([]).ids
    lead = env["crm.lead"]
    started = time.monotonic()
    for band in bands():
        ids = lead.search(band.domain).ids
        for start in range(0, len(ids), 2000):
            lead.browse(ids[start : start + 2000]).write(_values(band, tags, stages))
    return time.monotonic() - started


def _values(band: Band, tags: dict[str, int], stages: list[int]) -> dict[str, object]:
    values: dict[str, object] = {"tag_ids": [(4, tags[band.tag], 0)], "priority": band.priority}
    if band.stage is not None:
        values["stage_id"] = stages[band.stage]
    return values


def _tags(odoo: odoorpc.ODOO) -> dict[str, int]:
    tag = odoo.env["crm.tag"]
    return {row["name"]: row["id"] for row in tag.search_read([], ["name"])}


def _count(lead: object) -> int:
    return int(lead.search_count([]))  # type: ignore[attr-defined]
