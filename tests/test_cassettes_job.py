"""The whole job with what real Odoos answered to it, played back from ``cassettes`` (see `tests.support.cassettes`).

Each test has a portfolio of its own on the recorded server: a dozen leads, see `tests.support.recorded_crm`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from segmenter import execution
from segmenter.checking.preflight import preflight
from segmenter.conditions import Clock
from segmenter.drafting import Draft, draft
from segmenter.errors import ExitCode, SpecError
from segmenter.execution import Pace
from segmenter.ledger import Ledger, RunReport, Who, open_ledger
from segmenter.odoo.calls import READING
from segmenter.odoo.catalog import Catalog, choose_language
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server
from segmenter.odoo.writer import OdooWriter
from segmenter.plans import Plan
from segmenter.resolving.resolve import resolve
from segmenter.spec import loads
from segmenter.spec.model import Spec
from tests.support.cassettes import VERSIONS, WORK_USER, cassette, log_in, model_calls, name_of, server
from tests.support.recorded_crm import ANA, LUIS, NAMES

pytestmark = pytest.mark.parametrize("version", VERSIONS, ids=map(name_of, VERSIONS))

SPEC = """
version: 1
client: {name: Viveros del Maipo, language: es_CL, timezone: America/Santiago}
scope:
  model: crm.lead
  where: {referred: PORTFOLIO}
  expect: 10..15
protect:
  - name: {contains: "[NO TOCAR]"}
segmentations:
  - name: Nivel
    store: {tags: exclusive}
    segments:
      - name: Alto
        color: verde
        when:
          expected_revenue: {">=": 6000}
          any:
            - city: [Santiago, Lima]
            - date_deadline: {next: 5 days}
        set:
          priority: 3
          stage_id: {to: Calificado, from: [Nueva]}
          user_id: {assign: [ana@viveros.example, luis@viveros.example], by: least_loaded}
      - name: Medio
        when: {expected_revenue: {between: [3000, 5999]}}
        set: {priority: 2}
    default: {name: Bajo, color: gris}
filters: shared
limits: {overwrites: 80%, moved_stages: 20%}
examples:
  - given: {name: Hotel Luna, expected_revenue: 9000, city: Lima}
    expect: {Nivel: Alto}
  - record: Colegio Belén (PORTFOLIO)
    expect: {Nivel: Medio}
"""
NOW = datetime(2026, 6, 5, 16, tzinfo=UTC)
LEVELS = ["Bajo"] * 3 + ["Medio"] * 3 + ["Alto"] * 5
"""Of each lead but the last, which is protected."""
OUT_OF_SIGHT = (
    "The work user sees its own documents only: what it gives to somebody else it cannot see, check or give back"
)
FIELDS = ("name", "tag_ids", "priority", "stage_id", "user_id", "team_id", "city", "expected_revenue", "date_deadline")


def spec_of(portfolio: str, *changes: tuple[str, str]) -> Spec:
    text = SPEC.replace("PORTFOLIO", portfolio)
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return loads(text, "viveros.yaml")


def one_by_one() -> Pace:
    """The same calls in the same order each time."""
    return Pace(connections=1, look_every=None)


@dataclass
class Job:
    """What the command line does with a spec, at a fixed hour and on one connection."""

    url: str
    version: str
    portfolio: str
    spec: Spec
    ledger: Ledger
    sessions: dict[str, Server] = field(default_factory=dict)

    def connect(self, login: str = WORK_USER) -> Server:
        if login not in self.sessions:
            self.sessions[login] = log_in(self.url, self.version, login)
        return self.sessions[login]

    def look(self, login: str = WORK_USER) -> tuple[OdooReader, Catalog, Clock]:
        client, server = self.spec.client, self.connect(login)
        language = choose_language(OdooReader(server), client.language).code
        reader = OdooReader(server, language=language, timezone=client.timezone)
        return reader, Catalog(reader), Clock(NOW, ZoneInfo(client.timezone))

    def findings(self, login: str = WORK_USER) -> list[tuple[str, str, str]]:
        reader, catalog, _clock = self.look(login)
        return [(one.level, one.topic, one.text) for one in preflight(self.spec, reader, catalog)]

    def draft(self) -> Draft:
        return draft(self.spec, *self.look())

    def plan(self) -> Plan:
        return self.ledger.save_plan(*self.draft().to_save())

    def apply(self, plan: Plan) -> RunReport:
        return execution.apply(plan.id, self.ledger, self.connect, who=self.who, pace=one_by_one())

    def undo(self, report: RunReport) -> RunReport:
        return execution.undo(report.run.id, self.ledger, self.connect, who=self.who, pace=one_by_one())

    @property
    def who(self) -> Who:
        return Who("tester", "here", WORK_USER, self.connect().identity.uid, "0")

    def leads(self) -> list[dict[str, Any]]:
        """The portfolio as it is now, in the order of `NAMES`; tags, stages and people by name."""
        reader, _catalog, _clock = self.look()
        ids = reader.search("crm.lead", [["referred", "=", self.portfolio]])
        rows = list(reader.read("crm.lead", ids, FIELDS))
        tags = reader.names("crm.tag", sorted({tag for row in rows for tag in row["tag_ids"]}))
        stages = reader.names("crm.stage", sorted({row["stage_id"] for row in rows}))
        people = {row["id"]: row["login"] for row in reader.search_read("res.users", [], ["login"])}
        return [
            row
            | {"tag_ids": sorted(tags[one] for one in row["tag_ids"])}
            | {"stage_id": stages[row["stage_id"]], "user_id": people.get(row["user_id"])}
            for row in rows
        ]

    def person_sets(self, lead: int, priority: str) -> None:
        """Ana changes one of her own leads by hand."""
        OdooWriter(self.connect(ANA), language="es_CL").write("crm.lead", [lead], {"priority": priority})


@contextmanager
def job(name: str, version: str, folder: Path, portfolio: str = "plan") -> Iterator[Job]:
    """A job on one portfolio with a new ledger, while the recording ``name`` is played, or made."""
    with cassette(name, version) as url, open_ledger(folder / "ledger.db") as ledger:
        yield Job(url, version, portfolio, spec_of(portfolio), ledger)


def writes(name: str, version: str) -> Counter[tuple[str, str]]:
    """What the calls of a recording wrote: model and method, and how often."""
    return Counter(call for call in model_calls(name, version) if call[1] not in READING)


def test_check(version: str, tmp_path: Path) -> None:
    with job("check", version, tmp_path) as here:
        found = here.findings()
        assert [level for level, _topic, _text in found if level in ("error", "warning")] == []
        texts = {topic: text for _level, topic, text in found}
        assert texts["server"].startswith(f"Odoo {server(version)}.0 at ")
        assert texts["names"] == "Every field and name of the spec is known to this Odoo"
        assert texts["scope"] == "The work user sees 12 records in the scope"
        assert texts["automation"].startswith("Automation rules cannot be seen by the work user")
        rights = {text for _level, topic, text in found if topic == "rights"}
        assert {
            "The work user may change leads and opportunities",
            "The work user may create shared favourites",
        } <= rights
    assert not writes("check", version)


def test_check_as_somebody_who_sees_their_own_leads_alone(version: str, tmp_path: Path) -> None:
    with job("check_own", version, tmp_path) as here:
        here.spec = spec_of("plan", ("to: Calificado", "to: Por visitar"))
        found = here.findings(ANA)
        assert [topic for level, topic, _text in found if level == "warning"] == ["dedicated", "hidden"]
        assert ("ok", "scope", "The work user sees 8 records in the scope") in found
        assert [(topic, text.split(" (")[0]) for level, topic, text in found if level == "error"] == [
            ("rights", "The work user may not create stages"),
            ("rights", OUT_OF_SIGHT),
        ]
    assert not writes("check_own", version)


def test_validate(version: str, tmp_path: Path) -> None:
    with job("validate", version, tmp_path) as here:
        resolve(here.spec, *here.look())
        wrong = spec_of("plan", ("from: [Nueva]", "from: [Nuva]"), ("city: [Santiago", "cty: [Santiago"))
        with pytest.raises(SpecError) as caught:
            resolve(wrong, *here.look())
        told = [(one.place, one.what, one.todo) for one in caught.value.problems]
        assert [what for _place, what, _todo in told] == [
            "No field cty on crm.lead",
            "Nothing is called Nuva in crm.stage (Etapa)",
        ]
        assert "city" in told[0][2]
        assert "Nueva" in told[1][2]
    assert not writes("validate", version)


def test_plan(version: str, tmp_path: Path) -> None:
    with job("plan", version, tmp_path) as here:
        before = here.leads()
        plan = here.plan()
        assert (plan.counts.scope_count, plan.counts.protected, plan.violations) == (11, 1, ())
        assert [(one.segment, one.taken) for one in plan.counts.segments] == [("Alto", 5), ("Medio", 3), ("Bajo", 3)]
        assert [one.met for one in plan.examples] == [True, True]
        config = Counter(one.model for one in plan.config)
        assert config == {"crm.tag": 3, "ir.filters": 3}
        assert (plan.counts.tally.moved_stages, plan.counts.tally.assigned) == (2, 2)
        changes = list(here.ledger.changes(plan.id))
        assert {one.name for one in changes} == {f"{name} (plan)" for name in NAMES[:-1]}
        assert {one.field for one in changes if not one.pin} == {"tag_ids", "priority", "stage_id", "user_id"}
        assert here.leads() == before
    assert not writes("plan", version)


def test_apply_and_undo(version: str, tmp_path: Path) -> None:
    with job("apply_and_undo", version, tmp_path, "apply") as here:
        before = here.leads()
        report = here.apply(here.plan())
        assert (report.exit_code, report.counts, report.left) == (ExitCode.DONE, {"applied": 11}, ())
        after = here.leads()
        by_hand = [["A mano"] if n % 4 == 0 else [] for n in range(12)]
        levels = [[level] for level in LEVELS] + [[]]
        assert [row["tag_ids"] for row in after] == [sorted(x + y) for x, y in zip(by_hand, levels, strict=True)]
        assert [row["priority"] for row in after] == [*"012", *"222", *"33333", "2"]
        assert [row["stage_id"] for row in after[6:8]] == ["Calificado"] * 2
        assert [row["stage_id"] for row in after[:6] + after[8:]] == [
            row["stage_id"] for row in before[:6] + before[8:]
        ]
        assert {row["user_id"] for row in (after[6], after[9])} <= {ANA, LUIS}
        untouched = ("name", "team_id", "city", "expected_revenue", "date_deadline")
        assert [[row[one] for one in untouched] for row in after] == [[row[one] for one in untouched] for row in before]
        again = here.draft()
        assert [*again, *again.resolved.config] == []
        seen = execution.preview_undo(report.run.id, here.ledger, here.connect)
        assert (seen.restorable, seen.left) == (11, ())
        back = here.undo(report)
        assert (back.exit_code, back.counts, back.left) == (ExitCode.DONE, {"applied": 11}, ())
        # Salespeople may not delete tags; their favourites they may.
        assert [one.name for one in back.kept] == ["Bajo", "Medio", "Alto"]
        assert here.leads() == before
        assert here.ledger.verify_chain().ok
    made = writes("apply_and_undo", version)
    assert (made["crm.tag", "create"], made["crm.tag", "unlink"]) == (3, 0)
    assert (made["ir.filters", "create"], made["ir.filters", "unlink"]) == (3, 3)
    assert {method for model, method in made if model == "crm.lead"} == {"write"}


def test_a_conflict(version: str, tmp_path: Path) -> None:
    """Ana changes a lead between plan and apply, and another between apply and undo: both stay hers, by name."""
    with job("conflict", version, tmp_path, "conflict") as here:
        before = here.leads()
        plan = here.plan()
        mine, other = before[4], before[10]
        assert (mine["user_id"], other["user_id"]) == (ANA, ANA)
        here.person_sets(mine["id"], "0")
        report = here.apply(plan)
        assert (report.exit_code, report.counts) == (ExitCode.STALE, {"applied": 10, "conflict": 1})
        ((left),) = report.left
        assert (left.name, left.field, left.outcome) == (mine["name"], "priority", "conflict")
        assert (left.expected, left.found) == (mine["priority"], "0")
        assert here.leads()[4] == mine | {"priority": "0"}

        here.person_sets(other["id"], "2")
        back = here.undo(report)
        assert back.exit_code == ExitCode.STALE
        ((left),) = back.left
        assert (left.name, left.field, left.expected, left.found) == (other["name"], "priority", "3", "2")
        changed = {mine["id"]: {"priority": "0"}, other["id"]: {"priority": "2"}}
        assert here.leads() == [row | changed.get(row["id"], {}) for row in before]
