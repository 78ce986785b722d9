"""What a plan sets going besides its changes: asked of the server once, and only what a change calls for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from segmenter.odoo.automation import rules
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.versions import COMPANY_FOLLOWS_SALESPERSON_SINCE
from segmenter.planning.model import Tally
from segmenter.planning.side_effects.closing import NOT_CLOSED, Closed, closed
from segmenter.planning.side_effects.notice import Noticed
from segmenter.planning.side_effects.reach import Reached, of_another_company, reached
from segmenter.planning.side_effects.tracking import (
    NO_FOLLOWERS,
    Choice,
    TeamFollowers,
    Tracking,
    decide,
    followers_of_teams,
)
from segmenter.planning.won import WonStages, is_automatic


@dataclass(frozen=True)
class Ahead:
    """What a plan sets going. ``rules``: names of automation rules, None where they may not be listed.

    ``labels``: field -> what the client's Odoo calls it. ``won``: leads that reach a won stage; ``unwon``: that leave
    one; ``by_hand``: that get a probability of the spec's. ``automatic``: of the ``looked_at`` records with something
    new that the lead scoring reads, those whose probability Odoo keeps by itself. ``team_followers``: who will follow
    leads with the team, None where it may not be read. ``unsure``: won leads that are to get another probability than
    100, which Odoo refuses or does not keep. ``abroad``: leads of a company that their new salesperson is not of.
    ``of_another_company``: contacts below those that become companies, or are none any more.
    ``of_teams_company``: leads without a salesperson whose company becomes that of their team, or none.
    """

    model: str
    major: int
    tally: Tally
    noticed: Noticed
    tracking: Tracking
    labels: Mapping[str, str]
    rules: tuple[str, ...] | None = ()
    won: int = 0
    unwon: int = 0
    by_hand: int = 0
    closed: Closed = NOT_CLOSED
    automatic: int = 0
    looked_at: int = 0
    team_followers: TeamFollowers | None = NO_FOLLOWERS
    unsure: int = 0
    abroad: int = 0
    others: tuple[Reached, ...] = ()
    of_another_company: int = 0
    of_teams_company: int = 0


def look(
    model: str, said: Choice | None, tally: Tally, noticed: Noticed, won_stages: WonStages, reader: OdooReader
) -> Ahead:
    """Ask what must be asked. A plan that changes no record asks nothing."""
    major = reader.identity.major
    tracking = decide(said, noticed, reader)
    won = _won_among(noticed, won_stages)
    automatic, looked_at = _automatic(noticed, reader)
    others = (
        reached(model, name, meetings, frozenset(noticed.own[name]), frozenset(noticed.moved), reader)
        for name, meetings in sorted(noticed.meetings.items())
    )
    return Ahead(
        model=model,
        major=major,
        tally=tally,
        noticed=noticed,
        tracking=tracking,
        labels=labels(model, reader),
        rules=rules(reader, model) if tally.records else (),
        won=sum(noticed.stages[stage] for stage in won),
        unwon=sum(number for case, number in noticed.closings.items() if case.undo.stage in won),
        by_hand=sum(number for stage, number in noticed.by_hand.items() if stage not in won),
        closed=closed(noticed.closings, won, major),
        automatic=automatic,
        looked_at=looked_at,
        team_followers=followers_of_teams(noticed.teams, reader)
        if tracking.choice == "keep" and noticed.teams
        else NO_FOLLOWERS,
        unsure=_unsure(noticed, won, reader),
        abroad=_abroad(noticed, reader),
        others=tuple(one for one in others if one is not None),
        of_teams_company=_of_teams_company(noticed, reader),
        of_another_company=of_another_company(noticed.companies_made, reader),
    )


def labels(model: str, reader: OdooReader) -> dict[str, str]:
    """What the client's Odoo calls each field."""
    return {name: field.label for name, field in reader.fields(model).items()}


def _won_among(noticed: Noticed, won_stages: WonStages) -> frozenset[int]:
    """Those among the stages that leads come from or go to."""
    stages = {*noticed.stages, *(stage for stage, _moved in noticed.unsure)}
    stages |= {case.undo.stage for case in noticed.closings}
    there = {stage for stage in stages if stage and stage > 0}
    return won_stages.all & there if there else frozenset()


def _unsure(noticed: Noticed, won: Collection[int], reader: OdooReader) -> int:
    """A move to a won stage sets 100 whatever else is written; what is won already is held to it since `won_status`."""
    held = bool(noticed.unsure) and "won_status" in reader.fields("crm.lead")
    return sum(number for (stage, moved), number in noticed.unsure.items() if stage in won and (moved or held))


def _automatic(noticed: Noticed, reader: OdooReader) -> tuple[int, int]:
    """How many of the first `notice.MOST_SCORED` records have a probability that Odoo keeps, and of how many.

    Of none in an export, which has no column of it.
    """
    fields = {"active", "probability", "automated_probability"}
    if not noticed.scored or not fields <= reader.fields("crm.lead").keys():
        return 0, 0
    rows = list(reader.read("crm.lead", noticed.scored, sorted(fields)))
    return sum(row["active"] and is_automatic(row) for row in rows), len(rows)


def _abroad(noticed: Noticed, reader: OdooReader) -> int:
    """Asked of the new salespeople at once, and only of leads that have a company."""
    if not noticed.companies or "company_ids" not in reader.fields("res.users"):
        return 0
    people = sorted({person for person, _company in noticed.companies})
    rows = reader.search_read("res.users", [("id", "in", people)], ["company_ids"], archived=True)
    of = {row["id"]: row["company_ids"] for row in rows}
    return sum(
        number for (person, company), number in noticed.companies.items() if company not in of.get(person, (company,))
    )


def _of_teams_company(noticed: Noticed, reader: OdooReader) -> int:
    """Measured on 19, and taken to be so since a lead's company follows. Asked of the teams at once."""
    if reader.identity.major < COMPANY_FOLLOWS_SALESPERSON_SINCE or not noticed.by_team_alone:
        return 0
    if "company_id" not in reader.fields("crm.team"):
        return 0
    rows = reader.search_read("crm.team", [], ["company_id"], archived=True)
    of = {row["id"]: row["company_id"] or 0 for row in rows}
    return sum(number for (team, company), number in noticed.by_team_alone.items() if of.get(team, 0) != company)
