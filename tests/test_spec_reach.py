"""Segments that can be reached must pass; those that cannot are in tests/bad_specs."""

from __future__ import annotations

from dataclasses import replace

from segmenter.conditions import All, Condition, Leaf
from segmenter.spec.model import Client, Scope, Segment, Segmentation, Spec, Store
from segmenter.spec.reach import unreachable


def spec(*conditions: Condition | None, store: Store | None = None, where: Condition | None = None) -> Spec:
    segments = tuple(Segment(f"s{n}", one, path=("s", n)) for n, one in enumerate(conditions))
    return Spec(Client("X"), None, Scope("crm.lead", where), (Segmentation("S", store, segments),))


def paths(one: Spec) -> list[object]:
    return [problem.path for problem in unreachable(one)]


LIMA, CUSCO = Leaf("city", "=", "Lima"), Leaf("city", "=", "Cusco")
BOTH = Leaf("city", "in", ("Lima", "Cusco"))


def test_what_is_asked_of_a_company_is_not_compared_with_the_scope_of_its_contacts() -> None:
    people = spec(Leaf("color", "<", 3), LIMA, where=Leaf("color", ">", 5))
    assert paths(people) == [("s", 0, "when")]
    (own,) = people.segmentations
    assert paths(replace(people, segmentations=(replace(own, include_contacts=True),))) == []


def test_from_narrow_to_wide_all_are_reached() -> None:
    assert paths(spec(LIMA, CUSCO, BOTH)) == []


def test_from_wide_to_narrow_each_of_the_rest_is_named() -> None:
    assert paths(spec(BOTH, LIMA, CUSCO)) == [("s", 1, "when"), ("s", 2, "when")]


def test_where_a_record_may_be_in_many_order_does_not_matter() -> None:
    assert paths(spec(BOTH, LIMA, LIMA, store=Store("tags", "tag_ids", exclusive=False))) == []


def test_conditions_that_could_not_be_read_are_passed_over() -> None:
    assert paths(spec(None, LIMA, None, LIMA)) == [("s", 3, "when")]


def test_a_scope_that_takes_nothing_is_said_once() -> None:
    nothing = Leaf("probability", ">", 5), Leaf("probability", "<", 5)
    assert paths(spec(LIMA, CUSCO, where=All(nothing))) == [("scope", "where")]


def test_an_unreachable_segment_hides_none_below_it() -> None:
    never = Leaf("city", "in", ("Lima",))
    assert paths(spec(LIMA, never, never, CUSCO)) == [("s", 1, "when"), ("s", 2, "when")]
