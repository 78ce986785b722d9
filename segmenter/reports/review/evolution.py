"""What runs did on the same database, out of the ledger: by month, and segment by segment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from segmenter.ledger import Ledger, Run
from segmenter.plans.plan import Plan
from segmenter.reports import past
from segmenter.reports.review.content import Earlier, Month

MOST_PLANS = 12


def months(ledger: Ledger, plan: Plan, until: Run | None) -> tuple[Month, ...]:
    """One for each month with a run on the plan's database and model, oldest first."""
    zone = ZoneInfo(plan.identity.timezone)
    done: dict[str, list[Run]] = defaultdict(list)
    for run in _runs(ledger, plan, until):
        done[_local(run.started_at, zone).strftime("%Y-%m-01")].append(run)
    found, net = list[Month](), 0
    for first, of_month in sorted(done.items()):
        written = sum(_applied(ledger, run) for run in of_month if run.kind != "undo")
        back = sum(_applied(ledger, run) for run in of_month if run.kind == "undo")
        net += written - back
        found.append(Month(first, len(of_month), written, back, net))
    return tuple(found)


def earlier(ledger: Ledger, plan: Plan, until: Run | None) -> tuple[Earlier, ...]:
    """The last plans applied before this one, that divide by a segmentation of the same name; oldest first."""
    names = {count.segmentation for count in plan.counts.segments}
    applied = {run.plan: run for run in _runs(ledger, plan, until) if run.kind == "apply" and run.plan != plan.id}
    taken_back = undone(ledger, plan, until)
    found: list[Earlier] = []
    for id, run in list(applied.items())[-MOST_PLANS:]:
        if int(id[1:]) > int(plan.id[1:]):
            continue
        taken: dict[str, dict[str, int]] = defaultdict(dict)
        for count in ledger.plan(id).counts.segments:
            if count.segmentation in names:
                taken[count.segmentation][count.segment] = count.taken
        if taken:
            found.append(Earlier(id, run.started_at, taken, id in taken_back))
    return tuple(found)


def undone(ledger: Ledger, plan: Plan, until: Run | None) -> set[str]:
    """Plans on this database that were undone, at least in part."""
    return {run.plan for run in _runs(ledger, plan, until) if run.kind == "undo"}


def _runs(ledger: Ledger, plan: Plan, until: Run | None) -> Iterator[Run]:
    here = (plan.identity.server["url"], plan.identity.server["database"], plan.identity.model)
    same = {other.id for other in ledger.plans() if (other.url, other.database, other.model) == here}
    for run in ledger.runs():
        if run.plan in same and (until is None or int(run.id[1:]) <= int(until.id[1:])):
            yield run


def _applied(ledger: Ledger, run: Run) -> int:
    """Records that it wrote; of a run that was killed, those that it had settled until then."""
    counts = run.summary.get("counts")
    if counts is None:
        counts = past.counts(past.note({}, ledger.outcomes(run.id)))
    return int(counts.get("applied", 0))


def _local(at: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(zone)
