"""The names of records (``display_name``), and the order in which they are listed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from segmenter.conditions.operators import MANY
from segmenter.embedded.faults import UserError
from segmenter.embedded.tables import Tables

_TERM = re.compile(r"^\s*([a-z_][a-z0-9_]*)(?:\s+(asc|desc))?(?:\s+nulls\s+(?:first|last))?\s*$", re.IGNORECASE)
Key = Callable[[int], Any]
NAMED_BY = {"res.country.state": ("res.country",)}
"""Model -> the other models that its names are made of."""


def display_name(tables: Tables, model: str, record: int) -> str | None:
    """The display name of a record; None if it has none or does not exist."""
    row = tables.rows[model].get(record)
    if row is None:
        return None
    if told := row.get("display_name"):  # of a copy
        return str(told)
    if model == "res.partner":
        return partner_name(tables, row.get("parent_id"), row.get("name"), row.get("is_company"))
    name = row.get(tables.models[model].name_field) and tables.cell(model, record, tables.models[model].name_field)
    name = name or row.get("name")
    if model == "res.country.state" and row.get("country_id"):
        return f"{name} ({tables.cell('res.country', row['country_id'], 'code')})"
    if model == "res.partner.category" and row.get("parent_id"):
        return f"{display_name(tables, model, row['parent_id'])} / {name}"
    return name


def partner_name(tables: Tables, parent: int | None, name: str | None, is_company: bool | None) -> str | None:
    """The display name of a contact: ``Company, Contact`` below a company."""
    company = tables.cell("res.partner", parent, "name") if parent and not is_company else None
    return f"{company}, {name}" if company and name else name or company


def ordered(tables: Tables, model: str, ids: Iterable[int], order: str | None = None) -> list[int]:
    """Sorts ids by ``order`` (``name desc, id``), or by the model's own order. Empty cells come last, with desc first.

    Texts sort by code point: Odoo makes its databases with the collation ``C``.
    """
    result = list(ids)
    for term in reversed((order or tables.models[model].order).split(",")):
        found = _TERM.match(term)
        if not found:
            raise UserError(
                f'Invalid "order" specified ({order}). A valid "order" specification is a comma-separated list of '
                "valid field names (optionally followed by asc/desc for the direction)"
            )
        name, direction = found[1], (found[2] or "asc").lower()
        result.sort(key=_key(tables, model, name), reverse=direction == "desc")
    return result


def places(tables: Tables, model: str) -> dict[int, int]:
    """Each record's place, from 0, in the model's own order."""
    return tables.kept(
        (model,), "places", lambda: {record: at for at, record in enumerate(ordered(tables, model, tables.rows[model]))}
    )


def _key(tables: Tables, model: str, name: str) -> Key:
    definition = tables.models[model].fields.get(name)
    if definition is None:
        raise ValueError(f"Invalid field {name!r} on model {model!r}")
    if definition.type in MANY or not definition.sortable:
        raise ValueError(f"Cannot convert {model}.{name} to SQL because it is not stored")
    if name == "id":
        return lambda record: record
    if definition.type == "many2one" and definition.relation:
        relation = definition.relation
        place = places(tables, relation)
        return lambda record: place.get(tables.cell(model, record, name), len(place))
    if definition.empty is None:
        return lambda record: (tables.cell(model, record, name) is None, tables.cell(model, record, name) or "")
    return lambda record: tables.cell(model, record, name)
