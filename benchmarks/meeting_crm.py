"""An invented CRM of any size for the meeting page, and a spec of five segmentations on it.

The demo's prospects first; the others are copies of them with amounts, days and names of their own, so that there are
as many different values as in a real CRM.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from segmenter.conditions import Clock
from segmenter.embedded import EmbeddedServer, demo_server
from segmenter.embedded.copied import Table
from segmenter.measuring import Crm
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader

ZONE = "America/Santiago"

SPEC = """
version: 1
client: {name: Viveros del Maipo, approver: Paula Rojas, language: es_CL, timezone: America/Santiago}
scope:
  model: crm.lead
  where: {type: opportunity}
  expect: 100..500000
protect:
  - name: {contains: "[NO TOCAR]"}
  - stage_id: [Ganado]
segmentations:
  - name: Potencial
    store: {tags: exclusive}
    segments:
      - name: Alto
        color: verde
        when:
          expected_revenue: {">=": 9000000}
          any:
            - source_id: [Referido, Feria]
            - create_date: {within: 180 days}
        set: {priority: 3}
        expect: 5%..30%
      - name: Medio
        color: amarillo
        when: {expected_revenue: {between: [3000000, 12000000]}}
      - name: Bajo
        when: {expected_revenue: {">=": 500000}}
      - name: Mínimo
        when: {expected_revenue: {">": 0}}
    default: {name: Sin evaluar, color: celeste}
  - name: Zona
    store: {tags: exclusive}
    segments:
      - name: Santiago
        when: {country_id.code: CL, city: [Santiago, Ñuñoa, Maipú]}
      - name: Chile regiones
        when: {country_id.code: CL}
      - name: Lima
        when: {country_id.code: PE, city: [Lima, Miraflores]}
      - name: Perú provincias
        when: {country_id.code: PE}
      - name: España
        when: {country_id.code: ES}
  - name: Interés
    store: {tags: many}
    segments:
      - name: Para riego
        when: {name: {contains: riego}}
      - name: Para paisajismo
        when:
          any:
            - name: {contains: jard}
            - name: {contains: paisaj}
      - name: Para plantas
        when: {any: [{name: {contains: plantas}}, {name: {contains: especies}}]}
      - name: Para cercos
        when: {name: {contains: cerco}}
  - name: Canal
    store: {tags: exclusive}
    segments:
      - name: Recomendado
        when: {source_id: [Referido, Feria]}
      - name: Digital
        when: {source_id: [Sitio web, Campaña correo], medium_id: {not_in: [Teléfono]}}
      - name: Por teléfono
        when: {medium_id: [Teléfono, Correo electrónico]}
      - name: Mayoristas
        when: {tag_ids: {has_any: [Mayorista, VIP]}}
    default: {name: Otro canal}
  - name: Antigüedad
    store: {tags: exclusive}
    segments:
      - name: Cierre próximo
        when: {date_deadline: {next: 45 days}, expected_revenue: {">=": 1000000}}
      - name: Reciente
        when: {create_date: {within: 60 days}}
      - name: Del año
        when: {create_date: {within: 365 days}, tag_ids: {has_none: [No llamar]}}
      - name: Antigua
        when: {create_date: {older_than: 365 days}}
examples:
  - record: Hotel Sol
    expect: {Potencial: Alto}
  - given: {name: Riego Hotel Luna, expected_revenue: 20000000, source_id: Referido, country_id.code: CL}
    expect: {Potencial: Alto, Interés: Para riego}
"""


def server_of(records: int) -> EmbeddedServer:
    """A CRM of so many leads, kept by columns as a copy of a server is; the same each time but for the dates."""
    server = demo_server()
    rows = server.tables.rows["crm.lead"]
    first, table = list(rows.values()), Table(range(1, records + 1))
    for name in dict.fromkeys(name for row in first for name in row):
        table.fill(name, _column(name, [row.get(name) for row in first], records))
    rows.clear()
    rows.update(table.rows())
    return server


def _column(name: str, held: Sequence[Any], records: int) -> Iterator[tuple[int, Any]]:
    chance = random.Random(f"{name} 20261130")
    for at in range(records):
        value = held[at % len(held)]
        if at >= len(held) and name == "id":
            value = at + 1
        elif at >= len(held) and value and name == "name":
            value = f"{value} / {at}"
        elif at >= len(held) and value and name == "expected_revenue":
            value = round(value * chance.uniform(0.5, 1.5), -3)
        elif at >= len(held) and value and name == "create_date":
            value = _later(value, -chance.randrange(200))
        elif at >= len(held) and value and name == "date_deadline":
            value = _later(value, chance.randrange(120))
        yield at + 1, value


def crm_of(server: EmbeddedServer) -> Crm:
    """The CRM opened for a meeting."""
    reader = OdooReader(server, language="es_CL", timezone=ZONE)
    return Crm(server, reader, Catalog(reader), Clock(datetime.now(UTC), ZoneInfo(ZONE)))


def _later(moment: str, days: int) -> str:
    """Another day at the same hour."""
    return (date.fromisoformat(moment[:10]) + timedelta(days)).isoformat() + moment[10:]
