"""A plan made from an export names the same segments for the same records as one made from the server it came from."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from segmenter.conditions import Clock
from segmenter.drafting import draft
from segmenter.embedded import from_export
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server
from segmenter.spec import loads
from tests.live.servers import start
from tests.support.versions import LIVE
from tests.support.web import Web
from tests.support.wires import as_admin

ZONE = "America/Santiago"
COLUMNS = (
    *(".id", "name", "type", "stage_id", "tag_ids", "expected_revenue", "create_date", "priority", "country_id"),
    *("user_id", "source_id", "city", "email_from", "active"),
)
SPEC = """
version: 1
client: {{name: Export, language: {language}, timezone: America/Santiago}}
scope: {{model: crm.lead, where: {{type: opportunity}}}}
protect:
  - name: {{contains: Quote}}
segmentations:
  - name: Tamaño
    store: {{tags: exclusive}}
    segments:
      - name: Grande
        when: {{expected_revenue: {{">=": 20000}}, priority: [1, 2, 3]}}
        set: {{priority: 3}}
      - name: Chica
        when: {{any: [{{expected_revenue: {{"<": 5000}}}}, {{country_id: {{empty: true}}}}]}}
    default: {{name: Sin evaluar}}
  - name: Origen
    store: {{tags: many}}
    segments:
      - name: Reciente
        when: {{create_date: {{within: 20 days}}}}
      - name: Con ciudad
        when: {{not: {{city: {{empty: true}}}}}}
      - name: Con etiqueta
        when: {{tag_ids: {{empty: false}}}}
  - name: Dueño
    store: {{tags: exclusive}}
    segments:
      - name: Sin dueño
        when: {{user_id: {{empty: true}}}}
limits: {{changes: off, overwrites: off, removed_tags: off, moved_stages: off}}
tracking: silent
"""


def placed(server: Server, language: str, now: datetime) -> dict[int, list[tuple[str, str, str]]]:
    """What a plan says of each record: field, segmentation, segment."""
    reader = OdooReader(server, language=language, timezone=ZONE)
    made = draft(
        loads(SPEC.format(language=language), "export.yaml"), reader, Catalog(reader), Clock(now, ZoneInfo(ZONE))
    )
    found: dict[int, list[tuple[str, str, str]]] = {}
    for change in made:
        found.setdefault(change.record, []).append((change.field, change.segmentation, change.segment))
    assert made.plan.counts.scope_count > 10
    return found


@pytest.mark.parametrize("version", LIVE)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en_US", "es_CL"])
def test_the_same_segments_for_the_same_records(tmp_path: Path, version: str, kind: str, language: str) -> None:
    odoo = start(version)
    web = Web(odoo.url, odoo.database, odoo.admin_login, odoo.admin_password, version)
    file = tmp_path / f"export.{kind}"
    file.write_bytes(web.export("crm.lead", COLUMNS, kind=kind, again=False, language=language, zone=ZONE))
    now = datetime.now(UTC)
    export = placed(from_export(file, "crm.lead", language=language, timezone=ZONE), language, now)
    server = as_admin(odoo, odoo.database)
    real = placed(server, language, now)
    assert len(real) > 10
    assert export == real
