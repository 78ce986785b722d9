"""Who belongs where: first match wins, many take all matches, the default takes the rest, everything is counted."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.odoo.reader import OdooReader
from segmenter.planning.model import Overlap
from segmenter.planning.placement import Membership, Placement, divide, place, segments_of
from segmenter.planning.resolved import Resolved, ResolvedSegment, ResolvedSegmentation
from tests.support.fakes import Scripted

NAMES = ("Alto", "Medio", "Bajo", "Otros")


def segmentation(matching: int, *, default: bool = False, many: bool = False) -> ResolvedSegmentation:
    """Segments with a condition each, and perhaps a default."""

    def segment(name: str, is_default: bool) -> ResolvedSegment:
        where = () if is_default else (("city", "=", name),)
        return ResolvedSegment(name, is_default, None, where, "", None, "", None, None, (), ())

    segments = [segment(name, False) for name in NAMES[:matching]] + [segment("Otros", True)] * default
    return ResolvedSegmentation("Nivel", many, None, frozenset(), tuple(segments))


def taken_by(one: Membership, record: int) -> list[str]:
    return [one.segmentation.segments[position].name for position in segments_of(one.masks.get(record, 0))]


@pytest.mark.parametrize(("mask", "positions"), [(0, []), (1, [0]), (0b101, [0, 2]), (1 << 70, [70])])
def test_a_mask_holds_positions(mask: int, positions: list[int]) -> None:
    assert segments_of(mask) == positions


def test_the_first_match_wins_and_overlaps_are_counted_with_it() -> None:
    one = divide(segmentation(3), [[1, 2], [2, 3], [1, 2, 4]], {1, 2, 3, 4, 5})
    assert [taken_by(one, record) for record in range(1, 6)] == [["Alto"], ["Alto"], ["Medio"], ["Bajo"], []]
    assert (one.matched, one.taken, one.uncovered) == ((2, 2, 3), (2, 1, 1), 1)
    assert one.overlaps == (
        Overlap("Nivel", "Alto", "Medio", 1),
        Overlap("Nivel", "Alto", "Bajo", 2),
    )


def test_a_many_store_takes_every_match() -> None:
    one = divide(segmentation(2, many=True), [[1, 2], [2]], {1, 2, 3})
    assert [taken_by(one, record) for record in (1, 2, 3)] == [["Alto"], ["Alto", "Medio"], []]
    assert (one.matched, one.taken, one.uncovered) == ((2, 1), (2, 1), 1)


def test_the_default_takes_the_rest() -> None:
    one = divide(segmentation(1, default=True), [[2]], {1, 2, 3})
    assert [taken_by(one, record) for record in (1, 2, 3)] == [["Otros"], ["Alto"], ["Otros"]]
    assert (one.matched, one.taken, one.uncovered, one.overlaps) == ((1, 2), (1, 2), 0, ())


def test_matches_outside_the_scope_count_nowhere() -> None:
    one = divide(segmentation(2), [[1, 9], [1, 8]], {1})
    assert (one.matched, one.taken, dict(one.masks)) == ((1, 1), (1, 0), {1: 1})
    assert one.overlaps == (Overlap("Nivel", "Alto", "Medio", 1),)


@given(st.lists(st.sets(st.integers(1, 12)), min_size=1, max_size=3), st.sets(st.integers(1, 10)), st.booleans())
def test_exclusive_segments_divide_the_scope(matches: list[set[int]], scope: set[int], default: bool) -> None:
    one = divide(segmentation(len(matches), default=default), [sorted(ids) for ids in matches], scope)
    assert sum(one.taken) + one.uncovered == len(scope)
    for record in scope:
        first = next((name for name, ids in zip(NAMES, matches, strict=False) if record in ids), None)
        assert taken_by(one, record) == ([first] if first else ["Otros"] if default else [])


@pytest.mark.parametrize("protect", [(), (("name", "=", "x"),)])
def test_one_search_for_the_scope_each_segment_and_what_is_protected(protect: tuple[Any, ...]) -> None:
    server = Scripted([[1, 2, 3], *([[3]] if protect else []), [1, 3], [2]])
    kind = (("type", "=", "opportunity"),)
    resolved = Resolved("crm.lead", True, kind, protect, (segmentation(2, default=True),), (), (), {}, {})
    placement = place(resolved, OdooReader(server))
    domains = [args[0] for _model, _method, args, _kw in server.calls]
    segments = [[*kind, ("city", "=", "Alto")], [*kind, ("city", "=", "Medio")]]
    assert domains == [[*kind], *([[*kind, *protect]] if protect else []), *segments]
    assert {method for _model, method, _args, _kw in server.calls} == {"search"}
    assert not any("active_test" in kw["context"] for *_rest, kw in server.calls), "it reaches other archived ones"
    assert placement.scope == ((1, 2) if protect else (1, 2, 3))
    assert placement.protected == len(protect)


def test_records_are_grouped_by_what_all_segmentations_say() -> None:
    first = divide(segmentation(2), [[1, 2], [3]], {1, 2, 3, 4})
    second = divide(segmentation(1, default=True), [[1]], {1, 2, 3, 4})
    placement = Placement((1, 2, 3, 4), 0, (first, second))
    assert placement.groups() == {(1, 1): [1], (1, 2): [2], (2, 2): [3], (0, 2): [4]}
