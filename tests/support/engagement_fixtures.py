"""The CRMs of an engagement. Tests that use these fixtures run on each, on the real ones under the marker ``live``.

A test module asks for them by ``pytest_plugins = ["tests.support.engagement_fixtures"]``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from segmenter.ledger import open_ledger
from tests.support.engagement import Crm, Embedded, Engagement, Live
from tests.support.versions import LIVE


@pytest.fixture(scope="session")
def live_crms() -> Callable[[str], Crm]:
    """By version, one database for the whole session: each test marks its own records."""
    return cache(Live)


@pytest.fixture(params=LIVE)
def live_crm(request: pytest.FixtureRequest, live_crms: Callable[[str], Crm]) -> Crm:
    """A real CRM."""
    return live_crms(request.param)


@pytest.fixture(params=["embedded", *LIVE])
def crm(request: pytest.FixtureRequest, live_crms: Callable[[str], Crm]) -> Crm:
    """A CRM, in memory or real."""
    return Embedded() if request.param == "embedded" else live_crms(request.param)


@pytest.fixture
def engagement(crm: Crm, tmp_path: Path) -> Iterator[Engagement]:
    """An engagement of its own on either CRM, with a new ledger."""
    with open_ledger(tmp_path / "ledger.db") as ledger:
        yield Engagement(crm, ledger)
