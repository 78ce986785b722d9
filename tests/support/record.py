"""Records ``cassettes`` again from real Odoos, a folder for each: ``python -m tests.support.record [VERSION...]``.

Starts the live servers that do not run, makes a database of its own with people and leads in it on each, and runs the
tests that play the recordings, this time against the server; then once more as everybody runs them. With ``--server``
it records from an Odoo that somebody else started, as pytest runs on one: its work user logs in by a password.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from segmenter.odoo.session import connect
from tests.live import servers
from tests.support import cassettes
from tests.support.recorded_crm import make_people, make_portfolios
from tests.support.versions import OF_OTHERS, server_of_others

TESTS = ("tests/test_odoo_cassettes.py", "tests/test_cassettes_faults.py", "tests/test_cassettes_job.py")


def main() -> int:
    """Record what is named, or all that we have servers of; then play it; the worst exit code of the tests."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.record")
    parser.add_argument("versions", nargs="*", metavar="VERSION", help="which of ours")
    for name, about in OF_OTHERS.items():
        parser.add_argument(name, **about)
    asked = parser.parse_args()
    try:
        server = server_of_others(lambda name: getattr(asked, name.strip("-").replace("-", "_")))
        if server and asked.versions:
            parser.error("--server tells the version itself")
        if server and server.version not in cassettes.VERSIONS:
            parser.error(f"{server.url} is an Odoo {server.version}, of which there are no recordings")
        if server and cassettes.DATABASE in server.databases():
            parser.error(f"the database {cassettes.DATABASE} on {server.url} is somebody's: it is not replaced")
        versions = [server.version] if server else asked.versions or cassettes.OURS
        recorded = max(record(version, sys.argv[1:] if server else []) for version in versions)
    except servers.ServerError as error:
        parser.error(str(error))
    return recorded or _run({})


def record(version: str, where_from: Sequence[str] = ()) -> int:
    """Record one version; the exit code of its tests. ``where_from``: the options that name the server, if not ours."""
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
        code = _run(where, "-k", f"{cassettes.name_of(version)} and not secret", *where_from)
        _forget("the key of the work user", key, version)
        if about["url"] != cassettes.URL:
            _forget("the address of the server", urlsplit(about["url"]).netloc, version)
        return code
    finally:
        server.drop_database(cassettes.DATABASE)


def _forget(what: str, secret: str, version: str) -> None:
    """Remove a recording that holds it, and stop: no test can look for it later, since nobody keeps it."""
    for path in (cassettes.FOLDER / f"odoo{version}").rglob("*.*"):
        if secret in path.read_text():
            path.unlink()
            raise SystemExit(f"{path} held {what} and was removed")


def _run(environment: Mapping[str, str], *options: str) -> int:
    """The tests in a process of their own: what one run has read of the recordings, the next must read anew."""
    command = [sys.executable, "-m", "pytest", *TESTS, *options]
    return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
