"""The panels of records: a list of them, and one of them with the reasons why it is where it is."""

from __future__ import annotations

from typing import Any

from segmenter.errors import SegmenterError
from segmenter.i18n import _
from segmenter.measuring import moves
from segmenter.measuring.near import near
from segmenter.measuring.records import listed
from segmenter.record_set import RecordSet
from segmenter.reports.explanation import held
from segmenter.resolving.explain import Reason, SegmentReason, explain
from segmenter.web.around import KEPT, Around, Query, Shown
from segmenter.web.board import query

AT_ONCE = 100
"""Records on one page of a list."""


def records(asked: Query, around: Around) -> Shown:
    """A list of records, sorted and searched, `AT_ONCE` at a time."""
    assert around.offered is not None
    title, found = _which(asked, around)
    sort, down = asked.get("sort", ""), asked.get("down") == "1"
    start = int(asked.get("from") or 0)
    fields = _columns(asked, around)
    page = listed(
        around.offered.crm, around.figures.model, found, fields, search=asked.get("q", ""), sort=sort, descending=down,
        start=start, most=AT_ONCE,
    )  # fmt: skip
    style = around.words.style
    kept = {name: value for name, value in asked.items() if name in KEPT and name not in ("q", "from")}

    def again(**more: object) -> str:
        return query(**{**kept, "q": asked.get("q") or None, **more})

    return {
        "name": "records",
        "title": f"{title} ({style.number(len(found))})",
        "template": "panel_records.html",
        "keep": kept,
        "q": asked.get("q", ""),
        "shown": _("{first} to {last} of {total}").format(
            first=style.number(min(start + 1, page.total)),
            last=style.number(min(start + AT_ONCE, page.total)),
            total=style.number(page.total),
        ),
        "columns": [
            {
                "title": column.label,
                "kind": "number" if column.is_number else "",
                "sorted": ("descending" if down else "ascending") if column.path == sort else "",
                "arrow": (" ↓" if down else " ↑") if column.path == sort else "",
                "query": again(sort=column.path, down=1 if column.path == sort and not down else None),
            }
            for column in page.columns
        ],
        "rows": [
            {
                "record": row.record,
                "cells": [_cell(cell, around) for cell in row.cells],
                "query": query(show="record", id=row.record),
            }
            for row in page.rows
        ],
        "back": again(**{"from": start - AT_ONCE}) if start else "",
        "next": again(**{"from": start + AT_ONCE}) if start + AT_ONCE < page.total else "",
    }


def _cell(value: Any, around: Around) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return around.words.style.number(value) if isinstance(value, int | float) else str(value or "")


def _columns(asked: Query, around: Around) -> list[str]:
    """The name, what the open segmentation decides by, and what people look for."""
    assert around.offered is not None
    known = {choice.path for choice in around.offered.choices}
    decides: list[str] = []
    if "s" in asked and asked["s"].isdecimal():
        for segment in around.figures.segmentations[int(asked["s"])].segments:
            decides += [leaf.name for leaf in segment.bound.leaves()] if segment.bound else []
    usual = ("expected_revenue", "stage_id", "user_id", "city")
    return list(dict.fromkeys(name for name in ("name", *decides, *usual) if name in known or name == "name"))[:5]


def _which(asked: Query, around: Around) -> tuple[str, RecordSet]:
    """The records that a query means, and what to call them."""
    figures, of = around.figures, asked.get("of", "")
    if of == "scope":
        return _("All records"), figures.scope
    if of == "protected":
        return _("Never touched"), figures.protected
    if of == "differs":
        for found in around.meeting.data.differs if around.meeting.data else ():
            if (found.segmentation, found.segment) == (asked.get("first", ""), asked.get("second", "")):
                return _("Otherwise on the server"), found.missing | found.extra
        return _("Nobody any more"), RecordSet()
    if of == "move":
        before = around.meeting.saved if asked.get("since") == "saved" else around.meeting.start
        assert before is not None
        for move in moves(before, figures):
            if (move.segmentation, move.origin, move.target) == tuple(
                asked.get(name, "") for name in ("segmentation", "origin", "target")
            ):
                title = _("From {origin} to {target}")
                return title.format(origin=move.origin or _("none"), target=move.target or _("none")), move.records
        return _("Nobody any more"), RecordSet()
    segmentation = figures.segmentations[int(asked["s"])]
    if of == "rest":
        return _("In no segment"), segmentation.uncovered
    if of == "overlap":
        for overlap in segmentation.overlaps:
            if (overlap.first, overlap.second) == (asked.get("first"), asked.get("second")):
                return f"{overlap.first} + {overlap.second}", overlap.records
        return _("Nobody any more"), RecordSet()
    place = len(segmentation.segments) - 1 if asked["g"] == "default" else int(asked["g"])
    segment = segmentation.segments[place]
    if of == "near":
        assert around.offered is not None
        for close in near(segmentation, place, around.offered.crm):
            if (close.field, str(close.threshold)) == (asked.get("first"), asked.get("second")):
                return _("Just outside {name}").format(name=segment.name), RecordSet(close.records)
        return _("Nobody any more"), RecordSet()
    return segment.name, segment.records


def record(asked: Query, around: Around) -> Shown:
    """One record, and leaf by leaf why each segment takes it or not."""
    assert around.offered is not None
    assert around.meeting.state.spec is not None
    crm, number = around.offered.crm, int(asked["id"])
    title = {"name": "record", "template": "panel_record.html", "record": number}
    try:
        told = explain(around.meeting.state.spec, number, crm.reader, crm.catalog, crm.clock)
    except SegmenterError as error:
        return title | {"title": _("Record"), "reference": "", "link": "", "standing": str(error), "sections": []}
    standing = "" if told.in_scope else _("Outside the scope: it is never touched")
    standing = _("Protected: it is never touched") if told.protected else standing
    segmentations = {found.name: found for found in around.figures.segmentations}
    return title | {
        "title": told.name or _("(no name)"),
        "reference": told.reference,
        "link": around.meeting.sources.link(number),
        "standing": standing,
        "sections": [
            {
                "at": place,
                "name": name,
                "got": ", ".join(segment.segment for segment in segments if segment.takes),
                "choices": [] if standing else [found.name for found in segmentations[name].segments],
                "segments": [_why(segment, around) for segment in segments],
            }
            for place, (name, segments) in enumerate(told.segmentations)
        ],
    }


def _why(segment: SegmentReason, around: Around) -> Shown:
    late = segment.holds and not segment.would_take and segment.reason is not None
    return {
        "name": segment.segment,
        "takes": segment.takes,
        "note": _("(holds too, but comes later)") if late else "",
        "reason": _reason(segment.reason, around) if segment.reason else None,
    }


def _reason(reason: Reason, around: Around) -> Shown:
    joined = {"all": _("all of these"), "any": _("any of these"), "not": _("none of these")}
    return {
        "holds": reason.holds,
        "words": reason.words or joined.get(reason.kind, ""),
        "found": held(reason.found, around.words.style, reason.type) if reason.kind == "leaf" else "",
        "parts": [_reason(part, around) for part in reason.parts],
    }
