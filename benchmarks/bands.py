"""Twelve segments and a default by expected revenue: a tag, a priority, and another stage for two of them.

They are disjoint, and no lead is right before: all are written.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from benchmarks.portfolio import Portfolio

BANDS = 12
STEP = 1_000_000
MOVED = (0, 1)
"""The segments that also move a lead to another stage."""

CREATE = """
rng = random.Random(20261122)
stage = env["crm.stage"].search([], limit=1)
hand = env["crm.tag"].create([{"name": f"By hand {n}"} for n in range(5)])
countries = env["res.country"].search([("code", "in", ["CL", "PE", "ES"])])
for start in range(0, settings["created"], 1000):
    Lead.create([{
        "name": f"Prospect {n}", "type": "opportunity", "stage_id": stage.id, "user_id": work_user.id,
        "expected_revenue": rng.randrange(len(settings["bands"]) - 1) * settings["step"]
                            + rng.randrange(settings["step"]) if n % 13 else 0,
        "country_id": rng.choice(countries).id, "city": f"City {n % 90}", "email_from": f"p{n}@example.com",
        "tag_ids": [(6, 0, [rng.choice(hand).id])] if n % 3 == 0 else [],
    } for n in range(start, min(start + 1000, settings["created"]))])
    env.cr.commit()
env["crm.tag"].create([{"name": band["tag"]} for band in settings["bands"]])
"""
INSIDE = """
bands = settings["bands"]
ids = dict(env["crm.tag"].search([]).mapped(lambda tag: (tag.name, tag.id)))
stages = env["crm.stage"].search([]).ids
changed = 0
for band in bands:
    tag = ids[band["tag"]]
    others = [ids[other["tag"]] for other in bands if other["tag"] != band["tag"]]
    wrong = ["|", "|", ("tag_ids", "not in", [tag]), ("tag_ids", "in", others), ("priority", "!=", band["priority"])]
    values = {"tag_ids": [(4, tag)], "priority": band["priority"]}
    if band["stage"] is not None:
        wrong = ["|", ("stage_id", "!=", stages[band["stage"]])] + wrong
        values["stage_id"] = stages[band["stage"]]
    members = [("type", "=", "opportunity")] + [tuple(leaf) for leaf in band["domain"]]
    records = Lead.search(members + wrong if settings["converged"] else members)
    if records:
        records.write(values)
        env.flush_all() if hasattr(env, "flush_all") else Lead.flush()
        env.cr.commit()
    changed += len(records)
"""


@dataclass(frozen=True)
class Band:
    """One segment: what it takes and what it sets. ``stage`` is a position in the pipeline, or None."""

    tag: str
    domain: list[tuple[str, str, object]]
    priority: str
    stage: int | None


def bands() -> list[Band]:
    """The segments and the default."""
    segments = []
    for n in range(BANDS):
        low, high = n * STEP or 1, (n + 1) * STEP - 1
        domain: list[tuple[str, str, object]] = [("expected_revenue", ">=", low), ("expected_revenue", "<=", high)]
        segments.append(Band(f"Band {n + 1:02}", domain, str(n % 3 + 1), 1 if n in MOVED else None))
    rest: list[tuple[str, str, object]] = [("expected_revenue", "=", 0)]
    return [*segments, Band("Not evaluated", rest, "0", None)]


def _spec() -> str:
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
            "scope: {model: crm.lead, where: {type: opportunity}}",
            "segmentations:",
            "  - name: Revenue",
            "    store: {tags: exclusive}",
            "    segments:",
            *segments,
            "    default: {name: Not evaluated, set: {priority: 0}}",
        ]
    )


PORTFOLIO = Portfolio(
    name="bands",
    create=CREATE,
    inside=INSIDE,
    spec=_spec(),
    written=("priority", "stage_id", "user_id", "team_id", "active", "type"),
    settings={"bands": [asdict(band) for band in bands()], "step": STEP},
)
