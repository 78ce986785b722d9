"""What the client will see once a plan is applied, with numbers, and new tags that may be there already."""

from __future__ import annotations

from tests.support.engagement import Engagement
from tests.support.words import sentences

pytest_plugins = ["tests.support.engagement_fixtures"]


def told(e: Engagement, **top: object) -> list[str]:
    warnings = e.draft(e.spec(e.levels(), **top)).plan.warnings
    return sentences([notice for notice in warnings if notice.code.startswith("looks.")])


def test_records_that_keep_their_stars_are_counted(engagement: Engagement) -> None:
    e = engagement
    # The first three of ten have little revenue, and the default sets no priority.
    e.make_leads(10, priority=lambda n: "3" if n < 2 else "1")
    (sentence,) = told(e)
    assert sentence == (
        f"Nivel: {e.tag('Bajo')} set no priority, and 2 records of theirs keep as many stars as others are given: Odoo "
        "lists them among those, on top"
    )


def test_none_that_keep_any(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(10, priority="1")
    assert told(e) == []


def test_a_new_tag_that_is_nearly_there(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(2, priority="0")
    for name in ("álto", "Medios", "Otro"):
        e.make_tag(name)
    assert sorted(told(e)) == [
        f"The new tag {e.tag('Alto')} is nearly called like {e.tag('álto')}: is it one of them?",
        f"The new tag {e.tag('Medio')} is nearly called like {e.tag('Medios')}: is it one of them?",
    ]
    e.make_tag("Alto")
    assert len(told(e)) == 1
