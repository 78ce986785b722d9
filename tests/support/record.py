"""Records ``cassettes`` again from real Odoos, each version in a folder of its own: ``python -m tests.support.record``.

Starts the live servers that do not run, makes a database of its own with a work user in it on each, and runs the tests
that play the recordings, this time against the server.
"""

from __future__ import annotations

import os
import secrets
import sys

import pytest

from segmenter.odoo.session import OdooSession, connect
from tests.live import servers
from tests.support import cassettes
from tests.support.versions import groups_field

GROUPS = ("base.group_user", "sales_team.group_sale_salesman_all_leads")


def make_work_user(admin: OdooSession, key: str) -> None:
    """A salesman who sees all leads, and no more."""
    ids = []
    for xmlid in GROUPS:
        module, name = xmlid.split(".")
        where = [["module", "=", module], ["name", "=", name]]
        ids += admin.execute_kw("ir.model.data", "search_read", [where], {"fields": ["res_id"]})
    values = {
        "name": "Segmentación AsesórateYa",
        "login": cassettes.WORK_USER,
        "password": key,
        groups_field(str(admin.identity.major)): [[6, 0, [row["res_id"] for row in ids]]],
    }
    admin.execute_kw("res.users", "create", [values], {"context": {"no_reset_password": True}})


def main() -> int:
    """Record everything; the worst exit code of the tests."""
    return max(record(version) for version in cassettes.VERSIONS)


def record(version: str) -> int:
    """Record one version; the exit code of its tests."""
    server = servers.start(version)
    about = server.connection()
    server.fresh_database(cassettes.DATABASE)
    key = secrets.token_urlsafe(24)
    try:
        admin = connect(about["url"], cassettes.DATABASE, about["admin_login"], about["admin_password"])
        make_work_user(admin, key)
        os.environ[cassettes.RECORDING_URL], os.environ[cassettes.RECORDING_KEY] = about["url"], key
        return pytest.main(["tests/test_odoo_cassettes.py", "-k", f"odoo{version} and not secret"])
    finally:
        server.drop_database(cassettes.DATABASE)


if __name__ == "__main__":
    sys.exit(main())
