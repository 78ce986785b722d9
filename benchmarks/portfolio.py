"""A portfolio to measure with: the leads, the spec that segments them, and what does the same inside the server.

The first leads are created by Odoo; the others are copies of them, made by SQL, so that a million takes minutes. What
comes of it is a database of its own, and every run starts from a new copy of that: from the same state, tables packed
and analysed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.live.servers import Server

LOGIN = "segmentacion@asesorateya.example"
DATABASE = "benchmark"
CREATED = 5_000
"""Leads that Odoo creates; the others are copies."""
PATIENCE = 7200.0
"""Seconds that a script inside the server may take."""

START = """
import json, random, time
from datetime import date, datetime, timedelta
silent = dict(tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True, no_reset_password=True,
              mail_auto_subscribe_no_notify=True, mail_notrack=True)
"""
WORK_USER = """
groups = "group_ids" if "group_ids" in env["res.users"]._fields else "groups_id"
salesman = env.ref("sales_team.group_sale_salesman_all_leads")

def user(name, login):
    return env["res.users"].with_context(**silent).create({
        "name": name, "login": login, "password": login, "lang": "en_US",
        groups: [(6, 0, [env.ref("base.group_user").id, salesman.id])]})

work_user = user("Work user", settings["login"])
Lead = env["crm.lead"].with_context(**silent)
Lead.with_context(active_test=False).search([]).unlink()
env.cr.commit()
"""
COPY = """
cr = env.cr
cr.execute("SELECT column_name FROM information_schema.columns"
           " WHERE table_name = 'crm_lead' AND column_name NOT IN ('id', 'name')")
columns = ", ".join(f'"{name}"' for (name,) in cr.fetchall())
cr.execute("SELECT min(id), max(id), count(*) FROM crm_lead")
first, last, made = cr.fetchone()
span = last - first + 1
number = 0
while made < settings["leads"]:
    number += 1
    most = settings["leads"] - made
    cr.execute(f"INSERT INTO crm_lead (id, name, {columns})"
               f" SELECT id + %s, name || ' / ' || %s, {columns} FROM crm_lead"
               " WHERE id BETWEEN %s AND %s ORDER BY id LIMIT %s", (number * span, number, first, last, most))
    made += cr.rowcount
    cr.execute("INSERT INTO crm_tag_rel (lead_id, tag_id) SELECT lead_id + %s, tag_id FROM crm_tag_rel"
               " JOIN crm_lead copy ON copy.id = lead_id + %s WHERE lead_id BETWEEN %s AND %s",
               (number * span, number * span, first, last))
    cr.commit()
cr.execute("SELECT setval('crm_lead_id_seq', (SELECT max(id) FROM crm_lead))")
cr.commit()
cr._cnx.autocommit = True
cr.execute("VACUUM ANALYZE")
"""
KEY = """
import inspect
from datetime import datetime, timedelta
user = env["res.users"].search([("login", "=", "{login}")])
keys = env["res.users.apikeys"].with_user(user)
# Odoo 14 knows no end of a key.
expires = "expiration_date" in inspect.signature(type(keys)._generate).parameters
end = [datetime.now() + timedelta(days=30)] if expires else []
print("KEY", keys._generate("rpc", "benchmark", *end))
env.cr.commit()
"""
STATE = """
SELECT id, {columns}, (SELECT string_agg(tag_id::text, ',' ORDER BY tag_id) FROM crm_tag_rel WHERE lead_id = id)
FROM crm_lead ORDER BY id
"""


@dataclass(frozen=True)
class Portfolio:
    """What is segmented, and how, by us and inside the server.

    ``create``: Python of `odoo shell` that creates ``settings["created"]`` leads. ``inside``: that which segments them,
    and sets ``changed`` to the records written; ``settings["converged"]``: whether they are segmented already.
    ``spec``: the text from ``scope`` on. ``written``: columns of a lead that may be written, its tags beside them.
    """

    name: str
    create: str
    inside: str
    spec: str
    written: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)

    def spec_of(self, server: Server) -> str:
        """The whole spec, for the copy of the database on this server."""
        return "\n".join(
            [
                "version: 1",
                "client: {name: Benchmark, language: en_US, timezone: UTC}",
                f"odoo: {{url: '{server.url}', database: {DATABASE}, user: {LOGIN}}}",
                self.spec.strip(),
                # Everything is meant to change here.
                "limits: {changes: off, overwrites: off, removed_tags: off, moved_stages: off}",
                "tracking: silent",
                "",
            ]
        )


def script(text: str, settings: Mapping[str, Any]) -> str:
    """A script for `odoo shell` that finds these ``settings``."""
    return f"{START}settings = json.loads({json.dumps(settings)!r})\n{text}"


def fill(server: Server, portfolio: Portfolio, leads: int, *, reuse: bool) -> str:
    """Make the database that every run starts from a copy of, unless it is there and may be taken again; its name."""
    database = f"{DATABASE}_{portfolio.name}_{leads}"
    if reuse and database in server.databases():
        return database
    server.fresh_database(database)
    settings = {"login": LOGIN, "leads": leads, "created": min(leads, CREATED), **portfolio.settings}
    server.shell(script(WORK_USER + portfolio.create + "\nenv.cr.commit()\n" + COPY, settings), database, PATIENCE)
    return database


def api_key(server: Server, database: str) -> str:
    """A key of the work user. As recommended, and not a password: hashing that takes the server 0.4 s a login."""
    answer = server.shell(KEY.format(login=LOGIN), database)
    return next(line.split()[-1] for line in answer.splitlines() if "KEY " in line)


def inside(server: Server, portfolio: Portfolio, *, converged: bool) -> float:
    """Seconds that the same takes inside the server, as the work user; ``converged``: of what is segmented already."""
    text = f"""
Lead = env["crm.lead"].with_context(**silent)
Lead = Lead.with_user(env["res.users"].search([("login", "=", settings["login"])]))
started = time.monotonic()
{portfolio.inside}
print("RESULT", json.dumps([time.monotonic() - started, changed]))
"""
    settings = {"login": LOGIN, "converged": converged, **portfolio.settings}
    answer = server.shell(script(text, settings), DATABASE, PATIENCE)
    line = next((line for line in answer.splitlines() if line.startswith("RESULT")), None)
    if line is None:
        raise RuntimeError(f"the script inside the server failed:\n{answer[-3000:]}")
    seconds, changed = json.loads(line.split("RESULT", 1)[1])
    if bool(changed) == converged:
        raise RuntimeError(f"{changed} records changed inside the server")
    return float(seconds)


def state(server: Server, portfolio: Portfolio) -> list[str]:
    """A line for each lead: its id, what may be written, and its tags."""
    return server.sql(STATE.format(columns=", ".join(portfolio.written)), DATABASE)


def unlike(ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """Leads that ended otherwise, each with both lines."""
    if len(ours) != len(theirs):
        return [f"{len(ours)} leads against {len(theirs)}"]
    return [f"{one}   against   {other}" for one, other in zip(ours, theirs, strict=True) if one != other]


def copy(server: Server, database: str) -> None:
    """A new copy of the filled database, under the name that every contender works on; waits until it answers well."""
    for trial in range(3):
        try:
            server.fresh_database(DATABASE, database)
        except Exception:
            if trial == 2:
                raise
            time.sleep(5)
        else:
            return
