"""What must not be applied is refused with nothing written; what a person sets aside is kept with the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from segmenter.behaviours.settings import OUTCOME
from segmenter.drafting import draft
from segmenter.errors import ExitCode, LedgerError, LimitsExceeded, SpecError, StalePlan, UsageError
from segmenter.ledger import RunReport
from segmenter.odoo.server import Server, ServerIdentity
from segmenter.resolving.resolve import survey
from tests.support.engagement import ANA, LUIS, Engagement
from tests.support.words import against, raises

pytest_plugins = ["tests.support.engagement_fixtures"]


@dataclass
class Elsewhere:
    """The same server under the name of another database."""

    server: Server

    @property
    def identity(self) -> ServerIdentity:
        return replace(self.server.identity, database="otra")

    def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        return self.server.execute_kw(model, method, args, kwargs)


def refused(e: Engagement, error: type[Exception], match: str, act: Callable[[], RunReport]) -> int:
    """The exit code of what is refused with nothing written: no run, no record changed."""
    state, runs = e.state(), e.ledger.runs()
    with raises(error, match) as caught:
        act()
    assert (e.state(), e.ledger.runs()) == (state, runs)
    return int(caught.value.exit_code)


def test_a_limit_stands_until_it_is_set_aside_with_a_reason(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(20)
    limits = {"changes": 5, "overwrites": "10%", "moved_stages": "off", "removed_tags": "off"}
    plan = e.plan(e.spec(e.levels(), limits=limits))
    broken = [(one.limit, one.found, one.allowed) for one in plan.violations]
    assert broken == [("changes", 20, 5), ("overwrites", 7, 2)]

    def apply(**reasons: str) -> Callable[[], RunReport]:
        return lambda: e.apply(plan, overrides=reasons)

    # Every violation that stands is told at once.
    both = r"20 records would change; the limit is 5; 7 records would lose a value.* 10\s%, that is 2"
    assert refused(e, LimitsExceeded, both, apply()) == ExitCode.LIMITS
    assert refused(e, LimitsExceeded, "^7 records would lose", apply(changes="agreed")) == ExitCode.LIMITS
    assert refused(e, UsageError, "needs a reason", apply(changes="agreed", overwrites=" ")) == ExitCode.USAGE
    assert refused(e, UsageError, "does not break the limit", apply(removed_tags="agreed")) == ExitCode.USAGE
    assert refused(e, UsageError, "cannot be overridden", apply(examples="agreed")) == ExitCode.USAGE

    report = e.apply(plan, overrides={"changes": "Paula agreed", "overwrites": "so did Ana"})
    assert report.counts == {"applied": 20}
    kept = {one.limit: one.reason for one in e.ledger.run(report.run.id).overrides}
    assert kept == {"changes": "Paula agreed", "overwrites": "so did Ana"}


def test_an_example_that_comes_out_otherwise_stops_the_plan(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(4)
    examples = [
        {"given": {"name": "Hotel Sol", "expected_revenue": 9000}, "expect": {"Nivel": e.tag("Alto")}},
        {"record": f"{e.mark} lead 0003", "expect": {"Nivel": e.tag("Alto")}},
    ]
    plan = e.plan(e.spec(e.levels(), examples=examples))
    assert [(one.met, one.got["Nivel"]) for one in plan.examples] == [(True, e.tag("Alto")), (False, e.tag("Medio"))]
    assert refused(e, LimitsExceeded, f"{e.mark} lead 0003", lambda: e.apply(plan)) == ExitCode.LIMITS
    override = {"examples": "never mind"}
    assert refused(e, UsageError, "cannot be overridden", lambda: e.apply(plan, overrides=override)) == ExitCode.USAGE


def test_what_the_client_expected_stops_the_plan(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(10)
    levels = e.levels()
    levels["segments"][0]["expect"] = "..20%"
    scope = {"model": "crm.lead", "where": {"referred": e.mark}, "expect": "400..1500"}
    plan = e.plan(e.spec(levels, scope=scope))
    assert [(one.limit, one.found) for one in plan.violations] == [("expect", 10), ("expect", 3)]
    assert refused(e, LimitsExceeded, "the client expects from 400 to 1,500", lambda: e.apply(plan)) == ExitCode.LIMITS


def test_a_plan_of_an_export_is_refused(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(4)
    spec = e.spec(e.levels())
    made = draft(spec, *e.look(spec, e.crm.connect()), source="export")
    plan = e.ledger.save_plan(*made.to_save())
    assert refused(e, StalePlan, "made from an export", lambda: e.apply(plan)) == ExitCode.STALE


def test_a_plan_of_another_database_is_refused(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(4)
    plan = e.plan(e.spec(e.levels()), wrap=Elsewhere)
    assert refused(e, StalePlan, "is of the database otra", lambda: e.apply(plan)) == ExitCode.STALE
    here = e.plan(e.spec(e.levels()))
    run = e.apply(here).run.id
    assert refused(e, StalePlan, "not of otra", lambda: e.undo(run, wrap=Elsewhere)) == ExitCode.STALE


def test_a_plan_is_applied_once(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(4)
    plan = e.plan(e.spec(e.levels()))
    run = e.apply(plan).run.id
    again = r"already applied, by run R1; make a new plan"
    assert refused(e, StalePlan, again, lambda: e.apply(plan)) == ExitCode.STALE
    assert refused(e, UsageError, "nothing to resume", lambda: e.resume(run)) == ExitCode.USAGE
    e.undo(run)
    assert refused(e, StalePlan, again, lambda: e.apply(plan)) == ExitCode.STALE
    assert refused(e, UsageError, "already undone", lambda: e.undo(run)) == ExitCode.USAGE


def test_ids_that_do_not_exist(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(1)
    plan = replace(e.plan(e.spec(e.levels())), id="P9")
    assert refused(e, LedgerError, "P9", lambda: e.apply(plan)) == ExitCode.ERROR
    assert refused(e, LedgerError, "R9", lambda: e.undo("R9")) == ExitCode.ERROR


def lima(**actions: Any) -> dict[str, Any]:
    return {"name": "Datos", "segments": [{"name": "Lima", "when": {"city": "Lima"}, "set": actions}]}


def test_an_archived_person_is_given_nothing(engagement: Engagement) -> None:
    e = engagement
    login = f"{e.mark.lower()}.fue@viveros.example"
    (company,) = e.crm.find("res.users", [["login", "=", ANA]], ["company_id"])
    (partner,) = e.crm.create("res.partner", {"name": e.tag("Fue")})
    user = {"name": e.tag("Fue"), "login": login, "company_id": company["company_id"], "partner_id": partner}
    e.crm.write("res.users", e.crm.create("res.users", user), active=False)
    e.make_leads(3, city="Lima")
    with pytest.raises(SpecError, match=f"{login} is archived and can be given no records"):
        e.plan(e.spec(lima(user_id={"assign": [ANA, login]})))


@pytest.mark.parametrize("action", [{"assign": [ANA, LUIS]}, LUIS])
def test_who_sees_its_own_leads_alone_gives_none_away(engagement: Engagement, action: Any) -> None:
    """Odoo 14 would do it, and no undo could see them again; Odoo 19 refuses."""
    e = engagement
    e.make_leads(6, city="Lima", user_id=lambda n: e.crm.people[ANA] if n % 2 else False)
    spec = e.spec(lima(user_id=action), tracking="silent")
    plan = e.plan(spec, "own")
    assert [one.limit for one in plan.violations] == ["rights"]
    assert "cannot see, check or give back" in against(plan)[0]
    assert refused(e, LimitsExceeded, "own documents only", lambda: e.apply(plan, "own")) == ExitCode.LIMITS
    mine = e.plan(e.spec(lima(user_id={"assign": [ANA]}), tracking="silent"), "own")
    assert (mine.counts.tally.assigned, mine.violations) == (3, ())


def test_a_won_lead_of_another_probability_is_refused_before_odoo_does_it(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(3, city="Lima", stage_id=lambda n: e.crm.stages["Ganado" if n else "Nueva"])
    plan = e.plan(e.spec(lima(active=False, probability=0), tracking="silent"))
    if OUTCOME not in e.crm.call("crm.lead", "fields_get", [], ["type"]):
        # It counts what is archived as lost, won or not.
        assert (plan.violations, e.apply(plan).exit_code) == ((), ExitCode.DONE)
        return
    won = "2 leads are won or become it"
    assert refused(e, LimitsExceeded, won, lambda: e.apply(plan)) == ExitCode.LIMITS
    first = e.state()
    moved = e.plan(e.spec(lima(active=False, probability=0, stage_id="Nueva"), tracking="silent"))
    report = e.apply(moved)
    assert report.exit_code == ExitCode.DONE
    assert e.undo(report.run.id).exit_code == ExitCode.DONE
    assert e.state() == first


def test_a_condition_that_asks_too_much_at_once_is_refused_at_its_place(engagement: Engagement) -> None:
    e = engagement
    numbers = [{"color": number} for number in range(1, 300)]
    others = [{"expected_revenue": number} for number in range(1, 300)]
    scope = {"model": "crm.lead", "where": {"referred": e.mark, "any": numbers}}
    several = {"segments": [{"name": "one", "when": {"any": others}}, {"name": "two", "when": {"city": "Lima"}}]}
    spec = e.spec({"name": "Colours", **several}, scope=scope)
    with pytest.raises(SpecError) as caught:
        e.draft(spec)
    (problem,) = caught.value.problems
    # 598 comparisons and the mark.
    assert problem.what.startswith("This asks too much of Odoo at once: 599 comparisons and ")
    assert "spec.yaml" in problem.place
    reader, catalog, clock = e.look(spec, e.crm.connect())
    assert [one.what for one in survey(spec, reader, catalog, clock).problems] == [problem.what]
