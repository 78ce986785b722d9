"""Facts of plans as the sentences that people read of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from segmenter.errors import SegmenterError
from segmenter.i18n import speaking
from segmenter.notice import Notice
from segmenter.plans.plan import Condition, Plan
from segmenter.reports import notices
from segmenter.reports.values import Values


def sentences(facts: Iterable[Notice]) -> list[str]:
    """Notices as sentences."""
    return notices.sentences(facts)


def against(plan: Plan) -> list[str]:
    """What stands against a plan, as sentences."""
    return [notices.violation(one, plan) for one in plan.violations]


def criteria(plan: Plan, condition: Condition | None = None, *, language: str = "en", money: bool = True) -> str:
    """A condition in words; that of the first segment if none is given."""
    with speaking(language):
        return Values(plan).criteria(condition or plan.counts.segments[0].condition, money=money)


@contextmanager
def raises(error: type[Exception], match: str = "") -> Iterator[pytest.ExceptionInfo[Any]]:
    """As `pytest.raises`, of an error as people read it."""
    with pytest.raises(error) as caught:
        yield caught
    told = notices.refusal(caught.value) if isinstance(caught.value, SegmenterError) else str(caught.value)
    assert re.search(match, told), told
