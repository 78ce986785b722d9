"""Somebody else holds a lock in a live database, so that a call of the tool's takes as long as a test wants."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from tests.live.servers import ServerError
from tests.support.engagement import Live

ACTIVITY = (
    "FROM pg_stat_activity WHERE datname = '{}' AND query LIKE '%{}%' AND state = 'active' AND pid <> pg_backend_pid()"
)


@contextmanager
def held(crm: Live, lock: str) -> Iterator[None]:
    """Somebody else holds a lock in the block."""
    sleep = "SELECT pg_sleep(600)"

    def hold() -> None:
        with suppress(ServerError):  # it is ended from here
            crm.odoo.sql(f"BEGIN; {lock}; {sleep}", crm.database)

    somebody = threading.Thread(target=hold)
    somebody.start()
    until(lambda: at_work(crm, "pg_sleep"))
    try:
        yield
    finally:
        crm.odoo.sql(f"SELECT pg_terminate_backend(pid) {ACTIVITY.format(crm.database, 'pg_sleep')}", crm.database)
        somebody.join()


def at_work(crm: Live, what: str) -> bool:
    """Whether a statement with these words is at work in the database."""
    return crm.odoo.sql(f"SELECT count(*) {ACTIVITY.format(crm.database, what)}", crm.database) != ["0"]


def until(true: Callable[[], bool]) -> None:
    """Wait for it, a minute at most."""
    for _time in range(600):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("it never came to be")
