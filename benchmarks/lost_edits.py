"""How many edits of a person get lost under a running apply: single edits, aimed at the records of the batch in flight.

    python -m benchmarks.lost_edits --odoo 19
    python -m benchmarks.lost_edits --odoo 14 --edits 200 --leads 500
    python -m benchmarks.lost_edits --edits 0 --rounds 3      # how long an apply takes when nobody edits

A person (the administrator) writes a priority of their own into one record after the other while segmenter checks and
writes them. Afterwards each edited record is looked at: does their value stand, and does the run's report name it?
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.portfolio import KEY, LOGIN
from segmenter.conditions import Clock
from segmenter.drafting import draft
from segmenter.execution import Pace, apply
from segmenter.ledger import RunReport, Who, open_ledger
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server, ServerIdentity
from segmenter.odoo.session import connect
from segmenter.spec import loads
from tests.live import servers

THEIRS = "1"
"""The priority that the person gives: neither what the leads hold nor what the plan sets."""
FILL = """
silent = dict(tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True, no_reset_password=True)
group = env.ref("sales_team.group_sale_salesman_all_leads")
groups = "group_ids" if "group_ids" in env["res.users"]._fields else "groups_id"
user = env["res.users"].with_context(**silent).create({{
    "name": "Work user", "login": "{login}", "password": "{login}", "lang": "en_US",
    groups: [(6, 0, [env.ref("base.group_user").id, group.id])]}})
Lead = env["crm.lead"].with_context(**silent)
Lead.with_context(active_test=False).search([]).unlink()
Lead.create([{{"name": f"Prospect {{n}}", "type": "opportunity", "user_id": user.id, "expected_revenue": 1000 + n}}
             for n in range({leads})])
env["crm.tag"].create([{{"name": name}} for name in ("High", "Rest")])
env.cr.commit()
"""
RESET = """
env.cr.execute("DELETE FROM crm_tag_rel WHERE lead_id IN (SELECT id FROM crm_lead)")
env.cr.execute("UPDATE crm_lead SET priority = '0', write_uid = 1, write_date = write_date - '1h'::interval")
env.cr.commit()
env.cr._cnx.autocommit = True
env.cr.execute("VACUUM ANALYZE crm_lead, crm_tag_rel")
"""
SPEC = """
version: 1
client: {{name: Lost edits, language: en_US, timezone: UTC}}
scope: {{model: crm.lead, where: {{type: opportunity}}}}
segmentations:
  - name: Level
    store: {{tags: exclusive}}
    segments:
      - {{name: High, when: {{expected_revenue: {{">=": {middle}}}}}, set: {{priority: 3}}}}
    default: {{name: Rest, set: {{priority: 2}}}}
limits: {{changes: off, overwrites: off, removed_tags: off, moved_stages: off}}
tracking: {tracking}
"""


@dataclass
class Aim:
    """A connection that knows which leads are being checked or written through it."""

    server: Server
    flight: dict[int, list[int]] = field(default_factory=dict)

    @property
    def identity(self) -> ServerIdentity:
        return self.server.identity

    def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        me = threading.get_ident()
        if model == "crm.lead" and (ids := self._ids(method, args)):
            self.flight[me] = ids
        try:
            return self.server.execute_kw(model, method, args, kwargs)
        finally:
            if (model, method) == ("crm.lead", "write"):
                self.flight.pop(me, None)

    @staticmethod
    def _ids(method: str, args: Sequence[Any]) -> list[int]:
        if method == "write":
            return list(args[0])
        if method not in ("search", "search_read"):
            return []
        named = [one[2] for one in args[0] if isinstance(one, list | tuple) and list(one[:2]) == ["id", "in"]]
        return [id for ids in named for id in ids]


@dataclass
class Person:
    """Edits records in flight, each at most once, until told to stop. ``pause``: seconds between edits."""

    server: Server
    aim: Aim
    most: int
    pause: float
    edited: dict[int, float] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        chance = random.Random(7)
        while not self.stop.is_set() and len(self.edited) < self.most:
            open_ones = [one for ids in list(self.aim.flight.values()) for one in ids if one not in self.edited]
            if not open_ones:
                time.sleep(0.001)
                continue
            record = chance.choice(open_ones)
            self.server.execute_kw("crm.lead", "write", [[record], {"priority": THEIRS}], {})
            self.edited[record] = time.monotonic()
            time.sleep(self.pause)


def round_of(
    server: Server, person: Server, folder: Path, text: str, edits: int, pace: Pace, pause: float
) -> tuple[Counter[str], float]:
    """One plan, its apply under edits, and what became of each."""
    spec = loads(text, "lost_edits.yaml")
    reader = OdooReader(server)
    with open_ledger(folder / "ledger.db") as ledger:
        plan = ledger.save_plan(*draft(spec, reader, Catalog(reader), Clock(datetime.now(UTC), UTC)).to_save())  # type: ignore[arg-type]
        aim = Aim(server)
        editor = Person(person, aim, edits, pause)
        thread = threading.Thread(target=editor.work)
        thread.start()
        who = Who("benchmark", "localhost", server.identity.login, server.identity.uid, "benchmark")
        began = time.monotonic()
        report = apply(plan.id, ledger, lambda: aim, who=who, pace=pace)
        seconds = time.monotonic() - began
        editor.stop.set()
        thread.join()
    return judged(person, report, editor.edited), seconds


def judged(person: Server, report: RunReport, edited: Mapping[int, float]) -> Counter[str]:
    rows = person.execute_kw("crm.lead", "read", [list(edited), ["priority"]], {}) if edited else []
    named = {one.record for one in report.left}
    found: Counter[str] = Counter({"edits": len(edited)})
    for row in rows:
        stands = row["priority"] == THEIRS
        found[f"{'stands' if stands else 'lost'}, {'named' if row['id'] in named else 'not named'}"] += 1
    if report.error:
        found[f"stopped: {report.error[:60]}"] += 1
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--odoo", default="19")
    parser.add_argument("--edits", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=1, help="at least so many applies")
    parser.add_argument("--leads", type=int, default=4000)
    parser.add_argument("--connections", type=int, default=2)
    parser.add_argument("--batch", type=int, default=2000)
    parser.add_argument("--pause", type=float, default=0.0)
    parser.add_argument("--tracking", default="silent")
    parser.add_argument("--database", default="lost_edits")
    chosen = parser.parse_args()
    odoo = servers.start(chosen.odoo)
    odoo.fresh_database(chosen.database)
    try:
        odoo.shell(FILL.format(login=LOGIN, leads=chosen.leads), chosen.database)
        keys = odoo.shell(KEY.format(login=LOGIN), chosen.database)
        key = next(line.split()[-1] for line in keys.splitlines() if "KEY " in line)
        work = connect(odoo.url, chosen.database, LOGIN, key)
        person = connect(odoo.url, chosen.database, odoo.admin_login, odoo.admin_password)
        text = SPEC.format(middle=1000 + chosen.leads // 2, tracking=chosen.tracking)
        total: Counter[str] = Counter()
        spent = 0.0
        while total["edits"] < chosen.edits or total["rounds"] < chosen.rounds:
            with tempfile.TemporaryDirectory() as folder:
                pace = Pace(chosen.connections, chosen.batch)
                left = chosen.edits - total["edits"]
                counts, seconds = round_of(work, person, Path(folder), text, left, pace, chosen.pause)
            total += counts
            total["rounds"] += 1
            spent += seconds
            print(f"{seconds:.1f} s, {dict(total)}", file=sys.stderr)
            odoo.shell(RESET, chosen.database)
        print(
            f"Odoo {chosen.odoo}, {chosen.leads} leads, batches of {chosen.batch}, {chosen.connections} connections,"
            f" {chosen.tracking}; {spent / total['rounds']:.1f} s an apply; load {os.getloadavg()[0]:.1f}"
        )
        for name, number in sorted(total.items()):
            print(f"| {name} | {number} |")
    finally:
        odoo.drop_database(chosen.database)


if __name__ == "__main__":
    main()
