"""What a plan sets going besides its changes: asked of the server once, and only what a change calls for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from segmenter.odoo.automation import rules
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.versions import CLOSING_DATE_LEAVES_SINCE
from segmenter.planning.model import Tally
from segmenter.planning.side_effects.notice import Noticed
from segmenter.planning.side_effects.reach import Reached, reached
from segmenter.planning.side_effects.tracking import (
    NO_FOLLOWERS,
    Choice,
    TeamFollowers,
    Tracking,
    decide,
    followers_of_teams,
)
from segmenter.planning.won import is_automatic


@dataclass(frozen=True)
class Ahead:
    """What a plan sets going. ``rules``: names of automation rules, None where they may not be listed.

    ``won``: records that reach a won stage; ``reopened``: closed ones that reach another. ``automatic``: of
    the ``looked_at`` records with something new that the lead scoring reads, those whose probability Odoo keeps by
    itself. ``team_followers``: who will follow leads with the team, None where it may not be read. ``unsure``: won
    leads that are to get another probability than 100, which Odoo refuses or does not keep.
    """

    model: str
    major: int
    tally: Tally
    noticed: Noticed
    tracking: Tracking
    rules: tuple[str, ...] | None = ()
    won: int = 0
    reopened: int = 0
    automatic: int = 0
    looked_at: int = 0
    team_followers: TeamFollowers | None = NO_FOLLOWERS
    unsure: int = 0
    others: tuple[Reached, ...] = ()


def look(model: str, said: Choice | None, tally: Tally, noticed: Noticed, reader: OdooReader) -> Ahead:
    """Ask what must be asked. A plan that changes no record asks nothing."""
    major = reader.identity.major
    tracking = decide(said, noticed, reader)
    won = _won_stages({*noticed.stages, *(stage for stage, _moved in noticed.unsure if stage)}, reader)
    automatic, looked_at = _automatic(noticed, reader)
    others = (
        reached(model, name, meetings, frozenset(noticed.own[name]), reader)
        for name, meetings in sorted(noticed.meetings.items())
    )
    return Ahead(
        model=model,
        major=major,
        tally=tally,
        noticed=noticed,
        tracking=tracking,
        rules=rules(reader, model) if tally.records else (),
        won=sum(noticed.stages[stage] for stage in won),
        reopened=sum(number for stage, number in noticed.closed.items() if stage not in won)
        if major >= CLOSING_DATE_LEAVES_SINCE
        else 0,
        automatic=automatic,
        looked_at=looked_at,
        team_followers=followers_of_teams(noticed.teams, reader)
        if tracking.choice == "keep" and noticed.teams
        else NO_FOLLOWERS,
        unsure=_unsure(noticed, won, reader),
        others=tuple(one for one in others if one is not None),
    )


def _won_stages(stages: Collection[int], reader: OdooReader) -> list[int]:
    there = [stage for stage in stages if stage > 0]
    return reader.search("crm.stage", [("id", "in", there), ("is_won", "=", True)]) if there else []


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
