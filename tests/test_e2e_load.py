"""What a plan costs the server: no question grows with the combinations of segments that records are in."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from segmenter.errors import ExitCode
from segmenter.ledger import open_ledger
from segmenter.odoo.questions import MOST_JOINED
from segmenter.odoo.reader import GROUPS_MANY_SINCE
from tests.support.bounded import ASKING, measured
from tests.support.engagement import Embedded, Engagement, Live
from tests.support.fakes import Recording

pytest_plugins = ["tests.support.engagement_fixtures"]

DIVIDED_BY = ("city", "street", "street2", "zip", "function", "contact_name", "partner_name", "name")
"""Fields that eight segmentations go by."""
SEGMENTS = 8


def divided(e: Engagement, store: str) -> list[dict[str, Any]]:
    """Eight segmentations of eight segments: 16 million combinations."""
    return [
        {
            "name": f"By {field}",
            "store": {"tags": store},
            "segments": [
                {"name": e.tag(f"{field} {digit}"), "when": {field: {"contains": f"is {digit}"}}}
                for digit in range(SEGMENTS)
            ],
        }
        for field in DIVIDED_BY
    ]


def make_divided(e: Engagement, number: int) -> None:
    """Leads that are each in a combination of its own, and hold the tags of it, as an apply leaves them."""
    names = [e.tag(f"{field} {digit}") for field in DIVIDED_BY for digit in range(SEGMENTS)]
    tags = e.crm.create("crm.tag", *({"name": name, "color": 3} for name in names))
    draw = random.Random(8)
    digits = [[draw.randrange(SEGMENTS) for _field in DIVIDED_BY] for _lead in range(number)]
    e.make_leads(
        number,
        tag_ids=lambda n: [[6, 0, [tags[at * SEGMENTS + digit] for at, digit in enumerate(digits[n])]]],
        **{name: lambda n, at=at: f"is {digits[n][at]}" for at, name in enumerate(DIVIDED_BY)},
    )


@pytest.mark.parametrize("store", ["exclusive", "many"])
def test_a_plan_right_after_an_apply_asks_little_whatever_the_combinations(engagement: Engagement, store: str) -> None:
    """A thousand leads on a real server, in memory a fifth of them."""
    e = engagement
    number = 1000 if isinstance(e.crm, Live) else 200
    make_divided(e, number)
    spec = e.spec(*divided(e, store))
    calls: list[Recording] = []

    def recorded(server: Any) -> Recording:
        calls.append(Recording(server))
        return calls[-1]

    assert e.plan(spec, wrap=recorded).counts.tally.records == 0
    (seen,) = calls
    sizes = [measured(args[0]) for model, method, args, _kw in seen.calls if (model, method) == ("crm.lead", "search")]
    # One for the scope, one a segment, and one a tag where the server cannot group by tags, however many combinations
    # there are; none names a record.
    segments = tags = len(DIVIDED_BY) * SEGMENTS
    by_tag = e.crm.admin.identity.major < GROUPS_MANY_SINCE
    assert len(sizes) <= 1 + segments + (tags if by_tag else 0)
    assert sum(ids for _terms, _bytes, ids in sizes) == 0
    assert max(terms for terms, _bytes, _ids in sizes) <= MOST_JOINED


def test_the_first_plan_its_apply_and_undo_ask_little_each_time(tmp_path: Path) -> None:
    """Every lead is in a combination of its own, and none holds a tag yet: the writes grow with them, the questions
    do not."""
    with open_ledger(tmp_path / "ledger.db") as ledger:
        e = Engagement(Embedded(), ledger)
        make_divided(e, 40)
        e.crm.write("crm.lead", e.leads, tag_ids=[[6, 0, []]])
        calls: list[Recording] = []

        def recorded(server: Any) -> Recording:
            calls.append(Recording(server))
            return calls[-1]

        plan = e.plan(e.spec(*divided(e, "exclusive")), wrap=recorded)
        asked = [method for recording in calls for _model, method, *_rest in recording.calls]
        assert len(asked) <= 40 + len(DIVIDED_BY) * SEGMENTS
        report = e.apply(plan, wrap=recorded)
        assert report.counts == {"applied": 40}
        assert e.undo(report.run.id, wrap=recorded).counts == {"applied": 40}
        domains = [args[0] for one in calls for _model, method, args, _kw in one.calls if method in ASKING]
        assert max(terms for terms, _bytes, _ids in map(measured, domains)) <= MOST_JOINED


def test_who_is_out_of_place_is_found_to_the_record(engagement: Engagement) -> None:
    """Asked segment by segment, with effects of several segmentations in one record, and some that act on others."""
    e = engagement
    draw = random.Random(19)
    e.make_leads(
        80,
        type=lambda n: "lead" if n % 3 else "opportunity",
        active=lambda n: n % 4 != 1,
        function=lambda _n: draw.choice(["a", "b", "ab", False]),
        expected_revenue=lambda _n: draw.choice([0, 1000, 5000]),
    )
    several = {
        "name": "Several",
        "store": {"tags": "many"},
        "segments": [
            {"name": e.tag("a"), "when": {"function": {"contains": "a"}}, "set": {"priority": 3, "color": 4}},
            {"name": e.tag("b"), "when": {"function": {"contains": "b"}}, "set": {"priority": 1}},
        ],
    }
    level = {
        "name": "Level",
        "store": {"tags": "exclusive"},
        "segments": [
            {"name": e.tag("high"), "when": {"expected_revenue": {">=": 5000}}, "convert": {"customer": "none"}},
            {"name": e.tag("low"), "when": {"expected_revenue": {">=": 1000}}},
        ],
    }
    back = {
        "name": "Back",
        "segments": [{"name": "back", "when": {"city": "Lima"}, "set": {"active": True}}],
    }
    scope = {"model": "crm.lead", "where": {"referred": e.mark}, "archived": True}
    spec = e.spec(several, level, back, scope=scope)

    def check() -> Counter[str]:
        draft = e.draft(spec)
        changes = list(draft)
        assert set(draft.records) == {change.record for change in changes if not change.pin}
        return Counter(change.field for change in changes if not change.pin)

    assert set(check()) >= {"tag_ids", "priority", "color", "type", "active"}
    assert e.apply(e.plan(spec)).exit_code == ExitCode.DONE
    assert check() == {}
    # People take a tag away, give another, and lose what was converted.
    by_name = {row["name"]: row["id"] for row in e.crm.find("crm.tag", [["name", "=like", f"{e.mark} %"]], ["name"])}
    for record in draw.sample(e.leads, 30):
        command = draw.choice([[3, by_name[e.tag("a")]], [4, by_name[e.tag("b")]], [3, by_name[e.tag("high")]]])
        e.crm.write("crm.lead", [record], tag_ids=[command])
    for record in draw.sample(e.leads, 20):
        e.crm.write("crm.lead", [record], **draw.choice([{"priority": "0"}, {"color": 7}, {"active": False}]))
    assert set(check()) >= {"tag_ids", "priority"}
    assert e.apply(e.plan(spec)).exit_code == ExitCode.DONE
    assert check() == {}
