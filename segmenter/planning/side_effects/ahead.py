"""What a plan sets going besides its changes: asked of the server once, and only what a change calls for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from segmenter.odoo.automation import rules
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.versions import CLOSING_DATE_LEAVES_SINCE, STAGE_FOLLOWS_TEAM_SINCE
from segmenter.planning.model import Tally
from segmenter.planning.side_effects.notice import Noticed
from segmenter.planning.side_effects.reach import Reached, reached
from segmenter.planning.side_effects.tracking import Choice, Tracking, decide, followers_of_teams
from segmenter.planning.won import is_automatic


@dataclass(frozen=True)
class Ahead:
    """What a plan sets going. ``rules``: names of automation rules, None where they may not be listed.

    ``won``: records that reach a won stage; ``reopened``: closed ones that reach another. ``displaced``: records whose
    new team does not have their stage. ``automatic``: of the ``looked_at`` records with something new that the lead
    scoring reads, those whose probability Odoo keeps by itself. ``team_followers``: who will follow leads with the
    team, None where it may not be read.
    """

    model: str
    major: int
    tally: Tally
    noticed: Noticed
    tracking: Tracking
    rules: tuple[str, ...] | None = ()
    won: int = 0
    reopened: int = 0
    displaced: int = 0
    automatic: int = 0
    looked_at: int = 0
    team_followers: tuple[str, ...] | None = ()
    others: tuple[Reached, ...] = ()


def look(
    model: str, said: Choice | None, tally: Tally, noticed: Noticed, reader: OdooReader, catalog: Catalog
) -> Ahead:
    """Ask what must be asked. A plan that changes no record asks nothing."""
    major = reader.identity.major
    tracking = decide(said, noticed, reader)
    won = _won_stages(noticed.stages, reader)
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
        displaced=_displaced(noticed, catalog),
        automatic=automatic,
        looked_at=looked_at,
        team_followers=followers_of_teams(list(noticed.teams), reader)
        if tracking.choice == "keep" and noticed.teams
        else (),
        others=tuple(one for one in others if one is not None),
    )


def _won_stages(stages: Collection[int], reader: OdooReader) -> list[int]:
    there = [stage for stage in stages if stage > 0]
    return reader.search("crm.stage", [("id", "in", there), ("is_won", "=", True)]) if there else []


def _displaced(noticed: Noticed, catalog: Catalog) -> int:
    """Records whose stage is not one of their new team's. Odoo 14 leaves the stage as it is."""
    if catalog.reader.identity.major < STAGE_FOLLOWS_TEAM_SINCE or not noticed.team_of_stage:
        return 0
    teams = catalog.field("crm.stage", "team_ids")
    if teams is None:
        return 0
    stages = sorted({stage for _team, stage in noticed.team_of_stage})
    rows = catalog.reader.search_read("crm.stage", [("id", "in", stages)], [teams.name])
    own = {row["id"]: row[teams.name] if isinstance(row[teams.name], list) else [row[teams.name]] for row in rows}
    return sum(
        number
        for (team, stage), number in noticed.team_of_stage.items()
        if any(own.get(stage, ())) and team not in own[stage]
    )


def _automatic(noticed: Noticed, reader: OdooReader) -> tuple[int, int]:
    """How many of the first `notice.MOST_SCORED` records have a probability that Odoo keeps, and of how many.

    Of none in an export, which has no column of it.
    """
    fields = {"active", "probability", "automated_probability"}
    if not noticed.scored or not fields <= reader.fields("crm.lead").keys():
        return 0, 0
    rows = list(reader.read("crm.lead", noticed.scored, sorted(fields)))
    return sum(row["active"] and is_automatic(row) for row in rows), len(rows)
