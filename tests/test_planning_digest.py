"""The digest of a plan: the same for the same plan, another for any other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.planning import digest
from segmenter.planning.digest import Digest, canonical, head
from segmenter.planning.model import Change, ConfigChange

CHANGE = Change(4, "Hotel Sol", "priority", "0", "3", "Nivel", "Alto")
TAG = ConfigChange(-1, "crm.tag", "Alto", {"name": "Alto", "color": 10})
FACTS = ({"url": "https://a", "database": "d", "version": "19.0", "login": "x"}, "crm.lead", "ab", "2026-01-01", (TAG,))


def of(changes: list[Change], facts: tuple[Any, ...] = FACTS) -> str:
    one = Digest(head(*facts))
    for change in changes:
        one.add(change)
    return one.hexdigest()


def test_canonical_text_has_sorted_keys_no_spaces_and_letters_as_they_are() -> None:
    assert canonical({"b": [1, None], "a": "ñ"}) == '{"a":"ñ","b":[1,null]}'


def test_names_of_records_logins_and_server_versions_do_not_count() -> None:
    renamed = replace(CHANGE, name="Hotel Luna")
    other = ({**FACTS[0], "version": "18.0", "login": "y"}, *FACTS[1:])
    assert of([renamed], other) == of([CHANGE])


@pytest.mark.parametrize(
    "other",
    [
        replace(CHANGE, record=5),
        replace(CHANGE, field="name"),
        replace(CHANGE, before="1"),
        replace(CHANGE, after=3),
        replace(CHANGE, segmentation="Canal"),
        replace(CHANGE, segment="Medio"),
    ],
)
def test_every_other_fact_of_a_change_counts(other: Change) -> None:
    assert of([other]) != of([CHANGE])


@pytest.mark.parametrize(
    "facts",
    [
        ({**FACTS[0], "url": "https://b"}, *FACTS[1:]),
        ({**FACTS[0], "database": "e"}, *FACTS[1:]),
        (FACTS[0], "res.partner", *FACTS[2:]),
        (*FACTS[:2], "cd", *FACTS[3:]),
        (*FACTS[:3], "2026-01-02", FACTS[4]),
        (*FACTS[:4], (replace(TAG, after={"name": "Alto", "color": 1}),)),
        (*FACTS[:4], ()),
    ],
)
def test_every_fact_of_the_head_counts(facts: tuple[Any, ...]) -> None:
    assert of([CHANGE], facts) != of([CHANGE])


def test_order_counts() -> None:
    other = replace(CHANGE, field="tag_ids")
    assert of([CHANGE, other]) != of([other, CHANGE])


@given(st.lists(st.integers(1, 50), max_size=9), st.integers(1, 4))
def test_it_does_not_matter_how_many_changes_are_taken_in_together(records: list[int], together: int) -> None:
    changes = [replace(CHANGE, record=record) for record in records]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digest, "_TOGETHER", together)
        small = of(changes)
    assert small == of(changes)


def test_asking_for_the_digest_midway_changes_nothing() -> None:
    one = Digest(head(*FACTS))
    one.add(CHANGE)
    one.hexdigest()
    one.add(replace(CHANGE, record=5))
    assert one.hexdigest() == of([CHANGE, replace(CHANGE, record=5)])


def test_how_it_is_written_counts_and_silence_is_what_it_always_was() -> None:
    one = Digest(head(*FACTS))
    one.add(CHANGE)
    assert one.hexdigest("silent") == one.hexdigest() == of([CHANGE])
    assert one.hexdigest("keep") != one.hexdigest()
    assert one.hexdigest("keep") == one.hexdigest("keep")
