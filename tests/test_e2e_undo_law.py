"""Of any spec: what an apply changes was planned or announced, and an undo gives every stored field back or said not.

Every stored field of every lead, contact, tag, category and stage is read by the administrator before, between and
after, and who follows. On a real Odoo each run tries other specs and prints its seed; ``--hypothesis-seed=N`` tries
those of another run again. In memory they are the same each time.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, seed, settings

from segmenter.errors import ExitCode, SpecError
from segmenter.ledger import open_ledger
from tests.support.engagement import Crm, Embedded, Engagement
from tests.support.undo_law.cases import CASES, Case
from tests.support.undo_law.holding import Drawn, hold
from tests.support.undo_law.population import populated
from tests.support.undo_law.portfolio import LOST_REASON, LiveOfTheLaw, Portfolio, reason_field
from tests.support.undo_law.specs import ACTIONS, drawn
from tests.support.versions import LIVE

if TYPE_CHECKING:
    from tests.support.undo_law.tally import Tally  # a plugin, which pytest wants to import itself

pytest_plugins = ["tests.support.engagement_fixtures", "tests.support.undo_law.tally"]

SPECS = {"embedded": 12, "live": 6}
"""How many random specs are tried on one CRM."""

MARK = "ley"


@pytest.fixture(scope="module")
def portfolios(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Portfolio]]:
    """By version, or the one in memory. Kept for all tests, as long as nothing was left half done on it."""
    kept: dict[str, Portfolio] = {}
    with open_ledger(tmp_path_factory.mktemp("law") / "ledger.db") as ledger:

        def portfolio(crm: str) -> Portfolio:
            if crm not in kept or kept[crm].broken:
                there: Crm = Embedded() if crm == "embedded" else LiveOfTheLaw(crm)
                kept[crm] = populated(there, ledger, MARK)
            return kept[crm]

        yield portfolio


@pytest.fixture(params=["embedded", *LIVE])
def portfolio(request: pytest.FixtureRequest, portfolios: Callable[[str], Portfolio]) -> Portfolio:
    return portfolios(request.param)


def test_what_an_apply_changes_is_announced_and_an_undo_gives_it_back(
    portfolio: Portfolio, tally: Tally, pytestconfig: pytest.Config
) -> None:
    said = pytestconfig.getoption("--hypothesis-seed")
    another = random.SystemRandom().randrange(2**32) if portfolio.live else 0
    tally.crm, tally.fresh = portfolio.e.crm.name, portfolio.live
    tally.seed = another if said is None else int(said)

    # Not shrunk: the CRM is not what it was before the spec that fails.
    @seed(tally.seed)
    @settings(
        max_examples=SPECS["live" if portfolio.live else "embedded"],
        phases=[Phase.generate],
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn(MARK))
    def law(one: Drawn) -> None:
        _assume_valid(portfolio, one)
        tally.changes += len(hold(portfolio, one))
        tally.specs += 1

    law()


def _assume_valid(portfolio: Portfolio, one: Drawn) -> None:
    """A spec with a segment that provably takes nothing is refused as it should be, and another is drawn."""
    try:
        one.spec(portfolio.e)
    except SpecError as error:
        assume(not all("never reached" in problem.what for problem in error.problems))
        raise


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_kept_spec_is_announced_and_undone(portfolio: Portfolio, case: Case) -> None:
    made = {change.field for change in hold(portfolio, case.drawn(MARK))}
    called = {"convert": "type", LOST_REASON: reason_field(portfolio.e.crm)}
    assert {called.get(name, name) for name in case.actions()} <= made, "each of its actions has something to do"


@pytest.mark.parametrize("model", ACTIONS)
def test_every_action_is_in_a_kept_spec(model: str) -> None:
    assert set(ACTIONS[model]) <= {name for case in CASES if case.model == model for name in case.actions()}


def test_a_lead_that_is_won_comes_out_of_the_archive_and_goes_back(engagement: Engagement) -> None:
    """The same on every version, whether its Odoo takes won leads out of the archive by itself or not."""
    e = engagement
    lost, archived, by_hand, automatic = e.make_leads(4, stage_id=e.crm.stages["Nueva"])
    e.crm.write("crm.lead", [lost], active=False, probability=0)
    e.crm.write("crm.lead", [archived], active=False)
    e.crm.write("crm.lead", [by_hand], probability=37.0)

    def held(*ids: int) -> list[tuple[Any, ...]]:
        rows = e.crm.find("crm.lead", [["id", "in", ids]], ["active", "probability", "stage_id"])
        return [(row["active"], round(row["probability"], 2), row["stage_id"]) for row in rows]

    first, ours = held(lost, archived, by_hand), [lost, archived, by_hand, automatic]
    win = {"name": "Cierre", "segments": [{"name": "Todos", "when": {"id": ours}, "set": {"stage_id": "Ganado"}}]}
    spec = e.spec(win, scope={"model": "crm.lead", "where": {"referred": e.mark}, "archived": True})
    plan = e.plan(spec)
    along = {(change.record, change.field) for change in e.ledger.changes(plan.id) if not change.pin}
    assert {(lost, "active"), (lost, "probability"), (archived, "active"), (by_hand, "probability")} <= along
    assert (automatic, "probability") not in along, "Odoo's own probability is left to Odoo"
    report = e.apply(plan)
    assert report.exit_code == ExitCode.DONE
    assert held(*ours) == [(True, 100.0, e.crm.stages["Ganado"])] * 4
    assert e.changes(spec) == []
    assert e.undo(report.run.id).exit_code == ExitCode.DONE
    assert held(lost, archived, by_hand) == first
