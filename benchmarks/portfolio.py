"""The portfolio that is segmented, the spec that segments it, and the same twelve segments for doing it by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.live.servers import Server

LOGIN = "segmentacion@asesorateya.example"
BANDS = 12
STEP = 1_000_000
MOVED = (0, 1)
"""The segments that also move a lead to another stage."""

FILL = """
import random
rng = random.Random(20261122)
silent = dict(tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True)
group = env.ref("sales_team.group_sale_salesman_all_leads")
users = env["res.users"].with_context(no_reset_password=True)
groups = "group_ids" if "group_ids" in users._fields else "groups_id"
user = users.create({{"name": "Work user", "login": "{login}", "password": "{login}", "lang": "en_US",
                     groups: [(6, 0, [env.ref("base.group_user").id, group.id])]}})
Lead = env["crm.lead"].with_context(**silent)
Lead.with_context(active_test=False).search([]).unlink()
stage = env["crm.stage"].search([], limit=1)
hand = env["crm.tag"].create([{{"name": f"By hand {{n}}"}} for n in range(5)])
countries = env["res.country"].search([("code", "in", ["CL", "PE", "ES"])])
for start in range(0, {leads}, 5000):
    Lead.create([{{
        "name": f"Prospect {{n}}", "type": "opportunity", "stage_id": stage.id, "user_id": user.id,
        "expected_revenue": rng.randrange({bands}) * {step} + rng.randrange({step}) if n % 13 else 0,
        "country_id": rng.choice(countries).id, "city": f"City {{n % 90}}", "email_from": f"p{{n}}@example.com",
        "tag_ids": [(6, 0, [rng.choice(hand).id])] if n % 3 == 0 else [],
    }} for n in range(start, min(start + 5000, {leads}))])
    env.cr.commit()
env["crm.tag"].create([{{"name": name}} for name in {tags}])
env.cr.commit()
env.cr.execute("ANALYZE")
"""

RESET = """
names = {tags}
tags = env["crm.tag"].search([("name", "in", names)]).ids
env.cr.execute("DELETE FROM crm_tag_rel WHERE tag_id = ANY(%s)", (tags,))
stage = env["crm.stage"].search([], limit=1)
env.cr.execute("UPDATE crm_lead SET priority = '0', stage_id = %s", (stage.id,))
env.cr.commit()
env.cr._cnx.autocommit = True
env.cr.execute("VACUUM ANALYZE crm_lead, crm_tag_rel")
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


@dataclass(frozen=True)
class Band:
    """One segment: what it takes and what it sets. ``stage`` is a position in the pipeline, or None."""

    tag: str
    domain: list[tuple[str, str, object]]
    priority: str
    stage: int | None


def bands() -> list[Band]:
    """Twelve segments and the default, by expected revenue; disjoint, so that order does not matter."""
    found = []
    for n in range(BANDS):
        low, high = n * STEP or 1, (n + 1) * STEP - 1
        domain: list[tuple[str, str, object]] = [("expected_revenue", ">=", low), ("expected_revenue", "<=", high)]
        found.append(Band(f"Band {n + 1:02}", domain, str(n % 3 + 1), 1 if n in MOVED else None))
    rest: list[tuple[str, str, object]] = [("expected_revenue", "=", 0)]
    return [*found, Band("Not evaluated", rest, "0", None)]


def tags() -> list[str]:
    return [band.tag for band in bands()]


def fill(server: Server, database: str, leads: int) -> None:
    """A fresh database with ``leads`` opportunities and the work user."""
    server.fresh_database(database)
    script = FILL.format(login=LOGIN, leads=leads, bands=BANDS, step=STEP, tags=json.dumps(tags()))
    server.shell(script, database)


def api_key(server: Server, database: str) -> str:
    """A key of the work user. As recommended, and not a password: hashing that takes the server 0.4 s a login."""
    answer = server.shell(KEY.format(login=LOGIN), database)
    return next(line.split()[-1] for line in answer.splitlines() if "KEY " in line)


def reset(server: Server, database: str) -> None:
    """Every lead as it was filled in."""
    server.shell(RESET.format(tags=json.dumps(tags())), database)


def spec(server: Server, database: str) -> str:
    """The spec that does the same; limits off, since here everything is meant to change."""
    segments = []
    for n, band in enumerate(bands()[:-1]):
        to = ", stage_id: {to: Qualified}" if n in MOVED else ""
        low, high = n * STEP or 1, (n + 1) * STEP - 1
        segments.append(
            f"      - {{name: {band.tag}, when: {{expected_revenue: {{between: [{low}, {high}]}}}}, "
            f"set: {{priority: {band.priority}{to}}}}}"
        )
    return "\n".join(
        [
            "version: 1",
            "client: {name: Benchmark, language: en_US, timezone: UTC}",
            f"odoo: {{url: '{server.url}', database: {database}, user: {LOGIN}}}",
            "scope: {model: crm.lead, where: {type: opportunity}}",
            "segmentations:",
            "  - name: Revenue",
            "    store: {tags: exclusive}",
            "    segments:",
            *segments,
            "    default: {name: Not evaluated, set: {priority: 0}}",
            "limits: {changes: off, overwrites: off, removed_tags: off, moved_stages: off}",
            "tracking: silent",
            "",
        ]
    )
