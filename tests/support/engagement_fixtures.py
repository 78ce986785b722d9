"""The two CRMs of an engagement. Tests that use these fixtures run on both, on the real one under the marker ``live``.

A test module asks for them by ``pytest_plugins = ["tests.support.engagement_fixtures"]``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from segmenter.ledger import open_ledger
from tests.support.engagement import Crm, Embedded, Engagement, Live


@pytest.fixture(scope="session")
def live_crm() -> Crm:
    """One database for the whole session: each test marks its own records."""
    return Live()


@pytest.fixture(params=["embedded", pytest.param("live", marks=pytest.mark.live)])
def crm(request: pytest.FixtureRequest) -> Crm:
    """A CRM, in memory or real."""
    return Embedded() if request.param == "embedded" else request.getfixturevalue("live_crm")


@pytest.fixture
def engagement(crm: Crm, tmp_path: Path) -> Iterator[Engagement]:
    """An engagement of its own on either CRM, with a new ledger."""
    with open_ledger(tmp_path / "ledger.db") as ledger:
        yield Engagement(crm, ledger)
