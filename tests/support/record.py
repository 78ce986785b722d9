"""Records ``cassettes`` again from real Odoos, a folder for each: ``python -m tests.support.record [VERSION...]``.

Starts the live servers that do not run, makes a database of its own with people and leads in it on each, and runs the
tests that play the recordings, this time against the server; then once more as everybody runs them.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Mapping

from segmenter.odoo.session import connect
from tests.live import servers
from tests.support import cassettes
from tests.support.recorded_crm import make_people, make_portfolios

TESTS = ("tests/test_odoo_cassettes.py", "tests/test_cassettes_faults.py", "tests/test_cassettes_job.py")


def main() -> int:
    """Record everything, or the versions that are named; then play it; the worst exit code of the tests."""
    recorded = max(record(version) for version in sys.argv[1:] or cassettes.VERSIONS)
    return recorded or _run({})


def record(version: str) -> int:
    """Record one version; the exit code of its tests."""
    server = servers.start(cassettes.server(version))
    about = server.connection()
    server.fresh_database(cassettes.DATABASE)
    key = secrets.token_urlsafe(24)
    try:
        admin = connect(about["url"], cassettes.DATABASE, about["admin_login"], about["admin_password"])
        people = make_people(admin, key)
        make_portfolios(admin, people)
        if version.endswith(cassettes.JSON2):
            keys = {id_: cassettes.own_key(login, key) for login, id_ in people.items()}
            server.give_keys(keys, cassettes.DATABASE)
        shutil.rmtree(cassettes.FOLDER / f"odoo{version}", ignore_errors=True)
        where = {cassettes.RECORDING_URL: about["url"], cassettes.RECORDING_KEY: key}
        code = _run(where, "-k", f"{cassettes.name_of(version)} and not secret")
        _forget(key, version)
        return code
    finally:
        server.drop_database(cassettes.DATABASE)


def _forget(key: str, version: str) -> None:
    """Remove a recording that holds the key, and stop: no test can look for it later, since nobody keeps it."""
    for path in (cassettes.FOLDER / f"odoo{version}").rglob("*.*"):
        if key in path.read_text():
            path.unlink()
            raise SystemExit(f"{path} held the key of the work user and was removed")


def _run(environment: Mapping[str, str], *options: str) -> int:
    """The tests in a process of their own: what one run has read of the recordings, the next must read anew."""
    command = [sys.executable, "-m", "pytest", *TESTS, *options]
    return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
