"""The list of all records as ``table.js`` shows it, and what a browser without scripts shows of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from segmenter.i18n import _
from segmenter.reports import links
from segmenter.reports.review.content import Record, Review, Segment
from segmenter.reports.text import Style, clean, shortened
from segmenter.reports.values import Values

ROWS_AT_ONCE = 25
LETTERS = 160
"""Letters of a text in a cell; the workbook has all of them."""
REASON = 600
"""Letters of what a row unfolds."""

Cell = tuple[str, Any]
"""The kind of a column, and what it holds: a text, or a number."""


def table(review: Review, say: Values) -> dict[str, Any]:
    """``{columns, texts, rows, tones, link, labels, page}``; see ``table.js``."""
    columns = list(_columns(review, say))
    places: dict[str, int] = {}

    def placed(kind: str, value: Any) -> int | float:
        if kind in ("number", "money"):
            return value  # type: ignore[no-any-return]
        text = shortened(clean(value), REASON if kind == "why" else LETTERS)
        return places.setdefault(text, len(places))

    rows = [
        [record.record, *(placed(kind, value) for kind, value in _cells(record, review)), *([1] if record.left else [])]
        for record in islice(review.records(), review.most)
    ]
    tones = {
        shortened(clean(_named([segment])), LETTERS): segment.tone
        for one in review.segmentations
        for segment in one.segments
        if segment.colour
    }
    return {
        "columns": columns,
        "texts": list(places),
        "rows": rows,
        "tones": {places[name]: tone for name, tone in tones.items() if name in places},
        "link": links.around(review.plan),
        "currency": review.plan.counts.currency,
        "labels": labels(),
        "page": ROWS_AT_ONCE,
    }


def labels() -> dict[str, str]:
    """What the controls around a table say."""
    return {
        "search": _("Search in all columns"),
        "all": _("(all)"),
        "clear": _("Clear filters"),
        "back": _("Previous"),
        "next": _("Next"),
        "shown": _("Rows {from} to {to} of {total}"),
        "none": _("No row matches these filters."),
        "least": _("{column}, from"),
        "show": _("See why"),
    }


def _columns(review: Review, say: Values) -> Iterator[dict[str, Any]]:
    known = review.known
    yield {"title": _("Name"), "kind": "name"}
    if review.plan.identity.source == "export":
        yield {"title": say.id_head, "kind": "number"}
    if "person" in known:
        yield {"title": _("Salesperson"), "kind": "text"}
    if "stage" in known:
        yield {"title": _("Stage"), "kind": "text"}
    if "amount" in known:
        yield {"title": _("Amount"), "kind": "money"}
    if "city" in known:
        yield {"title": _("City"), "kind": "text"}
    for one in review.segmentations:
        yield {"title": one.name, "kind": "segment"}
    if review.total:
        yield {"title": _("What changes") if review.run is None else _("What changed"), "kind": "changes"}
    yield {"title": _("Why"), "kind": "why"}
    if review.run is not None:
        yield {"title": _("Result"), "kind": "text"}


def _cells(record: Record, review: Review) -> Iterator[Cell]:
    """What the columns hold, in their order."""
    known = review.known
    yield "name", record.name
    if review.plan.identity.source == "export":
        yield "number", record.record
    if "person" in known:
        yield "text", record.person or _("No salesperson")
    if "stage" in known:
        yield "text", record.stage or _("No stage")
    if "amount" in known:
        yield "money", record.amount
    if "city" in known:
        yield "text", record.city
    for segments in record.segments:
        yield "segment", _named(segments)
    if review.total:
        yield "changes", "; ".join(record.changes)
    yield "why", "\n".join(record.because)
    if review.run is not None:
        yield "text", record.result


def _named(segments: Iterable[Segment]) -> str:
    return ", ".join(segment.short for segment in segments)


def shown(data: dict[str, Any], style: Style) -> Iterator[list[tuple[str, str, str]]]:
    """The first rows for a browser without scripts: (heading, kind, text) of each cell."""
    for row in data["rows"][: data["page"]]:
        yield [
            (column["title"], column["kind"], _text(column["kind"], value, data, style))
            for column, value in zip(data["columns"], row[1:], strict=False)
        ]


def _text(kind: str, value: Any, data: dict[str, Any], style: Style) -> str:
    if kind == "money":
        return style.money(value, data["currency"]) if value else ""
    return str(value) if kind == "number" else str(data["texts"][value])
