"""Who belongs where: first match wins, many take all matches, the default takes the rest, everything is counted."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from segmenter.planning.places import Places, place
from segmenter.record_set import RecordSet
from segmenter.resolving.resolved import ResolvedSegment, ResolvedSegmentation

NAMES = ("Alto", "Medio", "Bajo", "Otros")


def segmentation(matching: int, *, default: bool = False, many: bool = False) -> ResolvedSegmentation:
    """Segments with a condition each, and perhaps a default."""

    def segment(name: str, is_default: bool) -> ResolvedSegment:
        where = () if is_default else (("city", "=", name),)
        return ResolvedSegment(name, is_default, None, where, None, "", None, None, (), ())

    segments = [segment(name, False) for name in NAMES[:matching]] + [segment("Otros", True)] * default
    return ResolvedSegmentation("Nivel", many, None, frozenset(), tuple(segments))


def placed(
    matches: Sequence[Sequence[int]], scope: Sequence[int], *, default: bool = False, many: bool = False
) -> Places:
    of = segmentation(len(matches), default=default, many=many)
    return place(of, [RecordSet(ids) for ids in matches], RecordSet(scope))


def takers(places: Places, record: int) -> list[str]:
    names = [segment.name for segment in places.segmentation.segments]
    return [name for name, taken in zip(names, places.taken, strict=True) if record in taken]


def sizes(sets: Sequence[RecordSet]) -> list[int]:
    return [len(records) for records in sets]


def test_the_first_match_wins_and_overlaps_are_counted_with_it() -> None:
    places = placed([[1, 2], [2, 3], [1, 2, 4]], [1, 2, 3, 4, 5])

    assert [takers(places, record) for record in range(1, 6)] == [["Alto"], ["Alto"], ["Medio"], ["Bajo"], []]
    assert (sizes(places.matched), sizes(places.taken), list(places.uncovered)) == ([2, 2, 3], [2, 1, 1], [5])
    assert [(one.first, one.second, list(one.records)) for one in places.overlaps] == [(0, 1, [2]), (0, 2, [1, 2])]


def test_a_many_store_takes_every_match() -> None:
    places = placed([[1, 2], [2]], [1, 2, 3], many=True)

    assert [takers(places, record) for record in (1, 2, 3)] == [["Alto"], ["Alto", "Medio"], []]
    assert (sizes(places.matched), sizes(places.taken), list(places.uncovered)) == ([2, 1], [2, 1], [3])


def test_the_default_takes_the_rest() -> None:
    places = placed([[2]], [1, 2, 3], default=True)

    assert [takers(places, record) for record in (1, 2, 3)] == [["Otros"], ["Alto"], ["Otros"]]
    assert (sizes(places.matched), sizes(places.taken)) == ([1, 2], [1, 2])
    assert not places.uncovered
    assert not places.overlaps


def test_matches_outside_the_scope_count_nowhere() -> None:
    places = placed([[1, 9], [1, 8]], [1])

    assert (sizes(places.matched), sizes(places.taken)) == ([1, 1], [1, 0])
    assert [list(one.records) for one in places.overlaps] == [[1]]


@given(st.lists(st.sets(st.integers(1, 12)), min_size=1, max_size=3), st.sets(st.integers(1, 10)), st.booleans())
def test_exclusive_segments_divide_the_scope(matches: list[set[int]], scope: set[int], default: bool) -> None:
    places = placed([sorted(ids) for ids in matches], sorted(scope), default=default)

    assert sum(sizes(places.taken)) + len(places.uncovered) == len(scope)
    for record in scope:
        first = next((name for name, ids in zip(NAMES, matches, strict=False) if record in ids), None)
        assert takers(places, record) == ([first] if first else ["Otros"] if default else [])
