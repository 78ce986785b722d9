"""Records that are asked for by the records that they lead to, a portion at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from segmenter.behaviours.behaviour import Reader
from segmenter.conditions import any_of
from segmenter.odoo.questions import MOST_IDS, chunks
from segmenter.plans import Json


def rows_through(
    reader: Reader, model: str, through: Sequence[str], ids: Sequence[int], fields: Sequence[str]
) -> Iterator[dict[str, Json]]:
    """The records, archived ones too, of which one of the fields ``through`` leads to one of these ids."""
    for portion in chunks(ids, MOST_IDS // len(through)):
        domain = any_of(*([(name, "in", portion)] for name in through))
        yield from reader.search_read(model, domain, fields, archived=True)
