"""The CRMs of the rights matrix, and whoever sits at the command line.

A test module asks for these fixtures by ``pytest_plugins = ["tests.support.office_fixtures"]``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from segmenter.cli import connection
from tests.support.engagement import Embedded
from tests.support.office import KEY, KINDS, LiveOfRights, Office, Person, make_office
from tests.support.versions import LIVE


@pytest.fixture(scope="session")
def offices() -> Callable[[str], Office]:
    return cache(lambda version: make_office(LiveOfRights(version) if version != "embedded" else Embedded()))


@pytest.fixture(params=["embedded", *LIVE])
def office(request: pytest.FixtureRequest, offices: Callable[[str], Office]) -> Office:
    """On the embedded CRM, and under ``-m live`` on real ones: one for the whole session."""
    return offices(request.param)


@pytest.fixture(params=KINDS)
def person(request: pytest.FixtureRequest, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    """One of every kind; a test takes others by parameters of its own (``indirect``)."""
    somebody = Person(request.param, office, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEGMENTER_API_KEY", KEY)
    monkeypatch.setattr(connection, "connect", lambda *_where, **_how: somebody.connect())
    return somebody
