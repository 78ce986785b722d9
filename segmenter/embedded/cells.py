"""Turns the values of a ``write`` or ``create`` into cells, and cells into the values of a ``read``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from segmenter.conditions.operators import TEXTS
from segmenter.embedded import properties
from segmenter.embedded.faults import dangling
from segmenter.embedded.names import display_name, ordered
from segmenter.embedded.schema import FieldDef
from segmenter.embedded.tables import Tables


def to_cell(tables: Tables, model: str, field: FieldDef, value: Any) -> Any:
    """The cell for a single-valued field. Raises ValueError or TypeError (Fault 1) as Odoo does for a wrong value."""
    if field.type in TEXTS:
        return None if value is None or value is False else str(value)
    if field.type == "boolean":
        return bool(value)
    if field.type in ("integer", "many2one_reference"):
        return int(value or 0)
    if field.type in ("float", "monetary"):
        return float(value or 0.0)
    if field.type == "many2one":
        return _reference(tables, model, field, value)
    if field.type.startswith("properties"):
        return properties.to_cell(field.type, value)
    if value is None or value is False or value == "":
        return None
    if field.type == "selection":
        if field.name != "model_id" and value not in [key for key, _, _ in field.selection]:
            raise ValueError(f"Wrong value for {model}.{field.name}: {value!r}")
        return value
    return _moment(field.type, value)


def _moment(kind: str, value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if kind == "date" else "%Y-%m-%d %H:%M:%S")
    text = str(value)
    if kind == "date":
        return datetime.strptime(text[:10], "%Y-%m-%d").strftime("%Y-%m-%d")
    return datetime.strptime(text + " 00:00:00" if len(text) == 10 else text, "%Y-%m-%d %H:%M:%S").strftime(
        "%Y-%m-%d %H:%M:%S"
    )


def _reference(tables: Tables, model: str, field: FieldDef, value: Any) -> int | None:
    """The id in a many2one; anything else counts as empty, even ``[id, name]``, as on a real server."""
    if not isinstance(value, int) or isinstance(value, bool) or not value:
        return None
    if value not in tables.rows[field.relation or ""]:
        raise dangling(model, field.name)
    return value


def commands(model: str, field: FieldDef, value: Any) -> list[Sequence[Any]]:
    """The commands of a many-valued field (``[6, 0, ids]``...). A plain list of ids replaces, an empty value clears."""
    if not value:
        return [(5,)]
    if not isinstance(value, list | tuple):
        raise ValueError(f"Wrong value for {model}.{field.name}: {value}")
    return [(6, 0, value)] if all(isinstance(item, int) for item in value) else list(value)


def linked(tables: Tables, model: str, field: FieldDef, ids: Iterable[int]) -> tuple[int, ...]:
    """The ids as a cell. Raises a fault if one does not exist."""
    found = sorted(set(ids))
    if any(record not in tables.rows[field.relation or ""] for record in found):
        raise dangling(model, field.name)
    return tuple(found)


def to_wire(tables: Tables, model: str, record: int, field: FieldDef, *, pairs: bool, archived: bool) -> Any:
    """The cell as ``read`` returns it: False when empty. ``pairs``: a many2one as [id, name].

    Archived records are left out of a many-valued field, unless ``archived``.
    """
    if field.name == "id":
        return record
    if field.name == "display_name":
        return display_name(tables, model, record) or False
    relation = field.relation or ""
    if field.type == "one2many":
        ids: Iterable[int] = tables.holders(relation, field.relation_field or "", record)
        return ordered(tables, relation, ids if archived else tables.active(relation, ids))
    cell = tables.cell(model, record, field.name)
    if field.type == "properties":
        return properties.to_wire(tables, tables.cell(model, record, "team_id"), cell)
    if field.type == "properties_definition":
        return cell or []
    if field.type == "many2many":
        return ordered(tables, relation, cell if archived else tables.active(relation, cell))
    if cell is None:
        return False
    if field.type == "many2one" and pairs:
        return [cell, display_name(tables, relation, cell) or ""]
    return cell
