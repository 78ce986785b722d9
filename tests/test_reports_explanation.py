from __future__ import annotations

import io
import json
from dataclasses import replace

from segmenter.reports import explanation, jsons
from segmenter.reports.text import Style
from segmenter.resolving.explain import Explanation, Reason, SegmentReason
from tests.support.report_samples import printed

LEAVES = (Reason("leaf", True, "Revenue is at least 5", 9000000.0), Reason("leaf", False, "City is Lima", None))
FOUND = Explanation(
    7,
    "Hotel Sol",
    "id 7",
    None,
    True,
    False,
    (
        (
            "Nivel",
            (
                SegmentReason("Alto", False, False, False, Reason("all", False, parts=LEAVES)),
                SegmentReason("Medio", True, True, True, Reason("any", True, parts=LEAVES)),
                SegmentReason("Bueno", True, False, False, Reason("not", True, parts=(LEAVES[1],))),
                SegmentReason("Resto", True, False, False, None),
            ),
        ),
    ),
)


def test_the_tree_shows_where_the_record_is_and_why() -> None:
    lines = printed(explanation.terminal(FOUND, Style())).splitlines()
    assert lines[0] == "Hotel Sol (id 7)"
    assert any("● Medio ← it is here" in line for line in lines)
    assert any("○ Bueno (holds too, but comes later)" in line for line in lines)
    assert any("✓ Revenue is at least 5  [9,000,000]" in line for line in lines)
    assert any("✗ City is Lima  [(empty)]" in line for line in lines)
    assert any("all that no other segment took" in line for line in lines)


def test_times_are_the_clients() -> None:
    held = Reason("leaf", True, "Created is old", ["2026-03-02 02:30:00", "2026-11-24 12:00:00"], type="datetime")
    due = Reason("leaf", True, "Due is near", "2026-03-02", type="date")
    segment = SegmentReason("Alto", True, True, True, Reason("all", True, parts=(held, due)))
    found = Explanation(7, "Hotel Sol", "id 7", None, True, False, (("Nivel", (segment,)),))
    said = " ".join(printed(explanation.terminal(found, Style("en_US", "America/Santiago"))).split())
    assert "[Mar 1, 2026 23:30, Nov 24, 2026 09:00]" in said
    assert "[March 2, 2026]" in said


def test_what_may_not_be_touched_says_so() -> None:
    outside = Explanation(7, "Hotel Sol", "id 7", None, False, True, ())
    said = printed(explanation.terminal(outside, Style()))
    assert "Outside the scope" in said
    assert "Protected" in said


def test_the_document() -> None:
    out = io.StringIO()
    jsons.write(out, "explanation", explanation.document(FOUND))
    segments = json.loads(out.getvalue())["segmentations"][0]["segments"]
    assert segments[0]["reason"]["parts"][0]["found"] == 9000000.0
    assert segments[3]["reason"] is None


def test_a_record_without_a_name_is_something_to_see() -> None:
    assert printed(explanation.terminal(replace(FOUND, name="   "), Style())).splitlines()[0] == "(no name) (id 7)"
