"""Names that a spec asks an export for and no cell holds: on a server they would be errors, here they may be slips."""

from __future__ import annotations

from collections.abc import Iterator

from segmenter.conditions.near import canonical, did_you_mean, slip
from segmenter.embedded import EmbeddedServer, Tables
from segmenter.embedded.names import display_name
from segmenter.errors import Problem
from segmenter.i18n import _
from segmenter.odoo.catalog import BY
from segmenter.resolving.mentions import mentions, tags_of
from segmenter.spec import locate_all
from segmenter.spec.model import Spec

MOST_TEXTS = 5_000
"""So many texts of a column are compared with each one that the spec asks for."""


def slips(spec: Spec, server: EmbeddedServer) -> list[str]:
    """A sentence with its place for each name that no cell of its column holds.

    What is only written (to whom, into which stage) need not be in the export, and is told where it looks like a slip;
    so are texts that a record's own field is compared to, as its city. Tags that the spec itself gives are created.
    """
    problems = dict.fromkeys(_problems(spec, server.tables))
    return [str(problem) for problem in locate_all(spec, problems).problems]


def _problems(spec: Spec, tables: Tables) -> Iterator[Problem]:
    model, created = spec.scope.model, set(tags_of(spec))
    for mention in mentions(spec):
        held = None if mention.use == "other" else _held(tables, model, mention.field)
        if held is None:
            continue
        compared, of_records = mention.use == "compared", _of_records(mention.field, tables, model)
        for name in mention.values:
            if not isinstance(name, str) or not name or canonical(name) in held or (compared and name in created):
                continue
            if (compared and of_records) or ((compared or of_records) and slip(name, held)):
                what = _("No record of the export has “{name}” in {field}").format(name=name, field=mention.field)
                otherwise = _("correct the name, unless such records are yet to come")
                yield Problem(mention.path, what, did_you_mean(name, sorted(held), otherwise))


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
        ids = {record for cell in cells if cell for record in (cell if isinstance(cell, tuple) else (cell,))}
        model = field.relation
    return {canonical(name) for record in _above(tables, model, ids) for name in _called(tables, model, record)}


def _above(tables: Tables, model: str, ids: set[int]) -> set[int]:
    """The records, and those that they lie under."""
    reached: set[int] = set()
    while ids := ids - reached:
        reached |= ids
        ids = {above for record in ids if (above := tables.rows[model].get(record, {}).get("parent_id"))}
    return reached


def _called(tables: Tables, model: str, record: int) -> Iterator[str]:
    row = tables.rows[model].get(record, {})
    names = (row.get("name"), display_name(tables, model, record), *(row.get(name) for name in BY.get(model, ())))
    yield from (name for name in names if name)
