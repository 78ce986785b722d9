"""A copy of a CRM against the CRM: the same records for conditions of every kind, and the same plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from segmenter.conditions import Clock, Field, bind, domain, parse
from segmenter.conditions.operators import operators_of
from segmenter.drafting import Draft, draft
from segmenter.embedded import EmbeddedServer
from segmenter.errors import Problem
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.record_set import RecordSet
from segmenter.spec import loads

ZONE = "America/Santiago"
PATHS = (
    *("stage_id.is_won", "stage_id.name", "country_id.code", "team_id.name", "user_id.login", "tag_ids.name"),
    *("partner_id.city", "partner_id.country_id.code", "partner_id.is_company", "partner_id.category_id"),
    *("partner_id.parent_id.name", "partner_id.commercial_partner_id", "state_id.country_id", "company_id.name"),
)
"""What is asked behind relations, beside the fields of the records."""


def conditions(copy: EmbeddedServer, reader: OdooReader, model: str) -> Iterator[dict[str, Any]]:
    """For every field of the copy and `PATHS`, a condition with each operator, on values that records hold."""
    known = reader.fields(model)
    for path in [*known, *PATHS]:
        at, one = model, None
        for name in path.split("."):
            one = reader.fields(at).get(name)
            at = one.relation or at if one else at
        if one is not None and one.searchable and one.stored:
            yield from ({path: condition} for condition in _asked(copy, one))


def _asked(copy: EmbeddedServer, field: Field) -> Iterator[Any]:
    rows = copy.tables.rows[field.model]
    held = sorted({str(cell): cell for row in list(rows.values())[:400] if (cell := row.get(field.name))}.items())
    values: list[Any] = [cell for _text, cell in (held[0], held[len(held) // 2], held[-1])] if held else []
    if field.type == "many2many":
        values = [list(cell)[:2] for cell in values]
    for operator in operators_of(field):
        match operator:
            case "empty":
                yield {"empty": True}
                yield {"empty": False}
            case "between":
                yield from [{"between": sorted(values[:2])}] if len(values) > 1 else []
            case "within" | "older_than" | "next":
                yield {operator: "30 days"}
            case "contains" | "not_contains" | "starts_with" | "ends_with":
                yield {operator: "a"}
            case ">" | ">=" | "<" | "<=":
                yield from ({operator: value} for value in values)
            case "=" | "not":
                yield from ({operator: value} for value in values if not isinstance(value, list))
            case _:
                yield from [{operator: values[0] if isinstance(values[0], list) else values[:2]}] if values else []


def differences(copy: EmbeddedServer, reader: OdooReader, model: str) -> tuple[int, list[Any]]:
    """How many conditions were asked of both, and those that the copy answers otherwise."""
    clock, catalog, asked, unlike = Clock(datetime.now(UTC), ZoneInfo(ZONE)), Catalog(reader), 0, []
    for data in conditions(copy, OdooReader(copy, language=reader.language), model):
        problems: list[Problem] = []
        condition = parse(data, (), problems)
        bound = condition and bind(condition, model, catalog, clock, problems)
        if bound is None:
            continue  # differs between versions, and is refused
        asked += 1
        wanted = [*domain(bound), "|", ("active", "=", True), ("active", "=", False)]
        found, real = copy.take(model, wanted, zone=ZoneInfo(ZONE)), RecordSet(reader.search(model, wanted))
        if found != real:
            unlike.append((data, len(found), len(real)))
    return asked, unlike


def plan_of(reader: OdooReader, spec: str) -> Draft:
    """The plan of a spec on a CRM."""
    return draft(loads(spec, "copy.yaml"), reader, Catalog(reader), Clock(datetime.now(UTC), ZoneInfo(ZONE)))


def told(made: Draft) -> tuple[object, object]:
    """The changes and the counts of a plan."""
    changes = [(one.record, one.field, one.before, one.after, one.segmentation, one.segment) for one in made]
    return changes, made.plan.counts
