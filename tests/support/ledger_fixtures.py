"""The databases that a ledger may lie in: SQLite always, PostgreSQL in the live suite.

A test module asks for these by ``pytest_plugins = ["tests.support.ledger_fixtures"]``.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from segmenter.ledger import Ledger, open_ledger
from tests.live.servers.machine import make_folder
from tests.live.servers.postgres import USER, Postgres


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.live)])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new ledger can be made."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    return str(request.getfixturevalue("postgresql"))


@pytest.fixture
def ledger(where: str) -> Iterator[Ledger]:
    """A new ledger."""
    with open_ledger(where) as opened:
        yield opened


@pytest.fixture
def postgresql(cluster: Postgres) -> str:
    """The URL of an empty PostgreSQL database."""
    cluster.sql("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    return f"postgresql://{USER}@/postgres?host={cluster.sockets}"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Postgres]:
    """A throwaway PostgreSQL."""
    top = Path(tempfile.mkdtemp(prefix="ledger-"))
    top.chmod(0o755)
    made = Postgres(top / "cluster")
    make_folder(made.folder)
    made.start()
    yield made
    made.stop()
    shutil.rmtree(top)


@pytest.fixture
def ordinary_user() -> Iterator[None]:
    """Root may write anywhere, so what is read-only shows to an ordinary user alone."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    yield
    os.seteuid(0)
