"""The digest of a plan: the same for the same plan, another for any other; today's, and that of older ledgers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.ledger import version2
from segmenter.ledger.version2 import Digest
from segmenter.plans.changes import Change, ConfigChange
from segmenter.plans.digest import canonical, head, plan_digest
from tests.support.ledgers import SERVER, make_head
from tests.support.sets import as_sets

CHANGE = Change(4, "Hotel Sol", "priority", "0", "3", "Nivel", "Alto")
TAG = ConfigChange(-1, "crm.tag", "Alto", {"name": "Alto", "color": 10})
Of = Callable[..., str]


def of_today(changes: Sequence[Change], **facts: Any) -> str:
    return plan_digest(make_head(**{"config": (TAG,)} | facts), as_sets(changes)[0])


def of_older(changes: Sequence[Change], **facts: Any) -> str:
    plan = make_head(**{"config": (TAG,)} | facts)
    digest = Digest(head(plan.identity, plan.config))
    for change in changes:
        digest.add(change)
    return digest.hexdigest(plan.rules.tracking)


each = pytest.mark.parametrize("of", [of_today, of_older])


def test_canonical_text_has_sorted_keys_no_spaces_and_letters_as_they_are() -> None:
    assert canonical({"b": [1, None], "a": "ñ"}) == '{"a":"ñ","b":[1,null]}'


@each
def test_names_of_records_logins_and_server_versions_do_not_count(of: Of) -> None:
    renamed = replace(CHANGE, name="Hotel Luna")
    assert of([renamed], server={**SERVER, "version": "18.0", "login": "y"}) == of([CHANGE])


@each
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
def test_every_other_fact_of_a_change_counts(of: Of, other: Change) -> None:
    assert of([other]) != of([CHANGE])


@each
@pytest.mark.parametrize(
    "facts",
    [
        {"server": {**SERVER, "url": "https://b"}},
        {"server": {**SERVER, "database": "e"}},
        {"model": "res.partner"},
        {"spec_digest": "cd"},
        {"now": "2026-01-02"},
        {"config": (replace(TAG, after={"name": "Alto", "color": 1}),)},
        {"config": ()},
        {"tracking": "keep"},
    ],
)
def test_every_fact_of_the_head_counts(of: Of, facts: dict[str, Any]) -> None:
    assert of([CHANGE], **facts) != of([CHANGE])
    assert of([CHANGE], **facts) == of([CHANGE], **facts)


def test_it_does_not_matter_how_changes_are_cut_into_sets() -> None:
    changes = [replace(CHANGE, record=record) for record in (4, 5, 9)]
    whole, parts = as_sets(changes)[0], [as_sets([change])[0][0] for change in reversed(changes)]
    assert len(whole) == 1
    assert plan_digest(make_head(), whole) == plan_digest(make_head(), parts)


def test_order_counts_in_older_ledgers() -> None:
    other = replace(CHANGE, field="tag_ids")
    assert of_older([CHANGE, other]) != of_older([other, CHANGE])


@given(st.lists(st.integers(1, 50), max_size=9), st.integers(1, 4))
def test_it_does_not_matter_how_many_changes_are_taken_in_together(records: list[int], together: int) -> None:
    changes = [replace(CHANGE, record=record) for record in records]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(version2, "_TOGETHER", together)
        small = of_older(changes)
    assert small == of_older(changes)


def test_asking_for_the_digest_midway_changes_nothing() -> None:
    digest = Digest({"url": "https://a"})
    digest.add(CHANGE)
    digest.hexdigest()
    digest.add(replace(CHANGE, record=5))
    whole = Digest({"url": "https://a"})
    for record in (4, 5):
        whole.add(replace(CHANGE, record=record))
    assert digest.hexdigest() == whole.hexdigest()
