"""Names that a spec asks an export for and no cell holds: on a server they would be errors, here they may be slips."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from segmenter.conditions.near import canonical, did_you_mean, slip
from segmenter.embedded import EmbeddedServer, Tables
from segmenter.embedded.names import display_name
from segmenter.errors import Path, Problem
from segmenter.i18n import _
from segmenter.odoo.catalog import BY
from segmenter.spec import locate_all
from segmenter.spec.model import Spec

MOST_TEXTS = 5_000
"""So many texts of a column are compared with each one that the spec asks for."""

Mention = tuple[str, Iterable[object], Path, bool]
"""A field (a dotted path), the names of it, where the spec says so, and whether it looks for records by them."""


def slips(spec: Spec, server: EmbeddedServer, mentions: Iterable[Mention]) -> list[str]:
    """A sentence with its place for each name that no cell of its column holds.

    What is only written (to whom, into which stage) need not be in the export, and is told where it looks like a slip;
    so are texts that a record's own field is compared to, as its city.
    """
    found = dict.fromkeys(_found(server.tables, spec.scope.model, mentions))
    return [str(problem) for problem in locate_all(spec, found).problems]


def _found(tables: Tables, model: str, mentions: Iterable[Mention]) -> Iterator[Problem]:
    for path, values, place, asked in mentions:
        held, of_records = _held(tables, model, path), _of_records(path, tables, model)
        for name in values if held is not None else ():
            if held is None or not isinstance(name, str) or not name or canonical(name) in held:
                continue
            if (asked and of_records) or ((asked or of_records) and slip(name, held)):
                what = _("No record of the export has “{name}” in {field}").format(name=name, field=path)
                otherwise = _("correct the name, unless such records are yet to come")
                yield Problem(place, what, did_you_mean(name, sorted(held), otherwise))


def _of_records(path: str, tables: Tables, model: str) -> bool:
    """Whether the names are those of related records (``stage_id``, ``stage_id.name``), and no text of the own."""
    field = tables.models[model].fields.get(path.partition(".")[0])
    return field is not None and field.relation is not None


def _held(tables: Tables, model: str, path: str) -> set[str] | None:
    """All that the records at the end of a path are called, or the texts there; None for other values, or no column."""
    ids: set[int] = set(tables.rows[model])
    for step in path.split("."):
        field = tables.models[model].fields.get(step)
        if field is None or (field.relation is None and field.type != "char"):
            return None
        if field.relation is None:
            texts = {canonical(text) for record in ids if (text := tables.rows[model].get(record, {}).get(step))}
            return texts if len(texts) <= MOST_TEXTS else None
        cells = [tables.rows[model][record].get(step) for record in ids if record in tables.rows[model]]
        ids = {one for cell in cells if cell for one in (cell if isinstance(cell, tuple) else (cell,))}
        model = field.relation
    return {canonical(name) for record in _above(tables, model, ids) for name in _called(tables, model, record)}


def _above(tables: Tables, model: str, ids: set[int]) -> set[int]:
    """The records, and those that they lie under."""
    found: set[int] = set()
    while ids := ids - found:
        found |= ids
        ids = {above for record in ids if (above := tables.rows[model].get(record, {}).get("parent_id"))}
    return found


def _called(tables: Tables, model: str, record: int) -> Iterator[str]:
    row = tables.rows[model].get(record, {})
    names = (row.get("name"), display_name(tables, model, record), *(row.get(name) for name in BY.get(model, ())))
    yield from (name for name in names if name)
