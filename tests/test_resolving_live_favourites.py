"""The domains of live favourites, and what cannot be said as one."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from segmenter.errors import SpecError
from tests.support.engagement import ANA, Engagement

pytest_plugins = ["tests.support.engagement_fixtures"]


def division(*whens: dict[str, Any], store: str = "exclusive", **more: Any) -> dict[str, Any]:
    segments = [{"name": f"S{number}", "when": when} for number, when in enumerate(whens)]
    return {"name": "Nivel", "store": {"tags": store}, "segments": segments, "default": {"name": "Resto"}, **more}


def live(e: Engagement, *segmentations: dict[str, Any], **top: Any) -> dict[str, str]:
    """Name of the favourite -> the text of its domain."""
    drafted = e.draft(e.spec(*segmentations, filters={"share": "shared", "show": "live"}, **top))
    return {one.name: one.after["domain"] for one in drafted.resolved.config if one.model == "ir.filters"}


def shown(e: Engagement, text: str, model: str = "crm.lead") -> set[int]:
    domain = [list(item) if isinstance(item, tuple) else item for item in ast.literal_eval(text)]
    return set(e.crm.ids(model, domain))


@pytest.mark.parametrize("store", ["exclusive", "many"])
@pytest.mark.parametrize("archived", [False, True])
def test_they_show_the_records_of_the_plan(engagement: Engagement, store: str, archived: bool) -> None:
    e = engagement
    e.make_leads(30, active=lambda n: n % 7 != 0)
    segmentation = division(
        {"expected_revenue": {">=": 7000}},
        {"any": [{"city": "Lima"}, {"user_id": ANA}]},
        {"not": {"expected_revenue": {"between": [2000, 5000]}}, "city": {"empty": False}},
        store=store,
    )
    top = {"scope": {"model": "crm.lead", "where": {"referred": e.mark}, "archived": archived}}
    spec = e.spec(segmentation, protect=[{"expected_revenue": 9000}], **top)
    texts = live(e, segmentation, protect=[{"expected_revenue": 9000}], **top)
    wanted = [set(records) for records in e.draft(spec).members.taken]
    assert all(wanted)
    # Odoo's screens leave archived records out, unless the domain speaks of them.
    active = set(e.crm.ids("crm.lead", [["active", "=", True]]))
    assert [shown(e, text) & (shown(e, text) if archived else active) for text in texts.values()] == wanted


def test_contacts_follow_their_company(engagement: Engagement) -> None:
    e = engagement
    about = {"ref": e.mark, "is_company": True}
    companies = ({"name": e.tag(city), "city": city, **about} for city in ("Lima", "Cusco"))
    lima, cusco = e.crm.create("res.partner", *companies)
    e.crm.create("res.partner", *({"name": e.tag("P"), "ref": e.mark, "parent_id": of} for of in (lima, cusco)))
    segmentation = division({"city": "Lima"}, {"city": "Cusco"}, store="", include_contacts=True)
    segmentation["store"] = {"categories": "exclusive"}
    top = {"scope": {"model": "res.partner", "where": {"ref": e.mark}}}
    wanted = [set(records) for records in e.draft(e.spec(segmentation, **top)).members.taken]
    assert [len(records) for records in wanted] == [2, 2, 0]
    assert [shown(e, text, "res.partner") for text in live(e, segmentation, **top).values()] == wanted


def test_a_favourite_for_whom_all_are_in_one_segment_asks_once(engagement: Engagement) -> None:
    """The domain grows with the segments before it, never with their combinations."""
    texts = live(engagement, division(*({"city": f"C{n}"} for n in range(20))))
    sizes = [text.count("('city'") for text in texts.values()]
    assert sizes == [*range(1, 21), 20]


def test_one_that_asks_too_much_is_refused(engagement: Engagement) -> None:
    with pytest.raises(SpecError) as raised:
        live(engagement, division(*({"city": f"C{n}"} for n in range(101))))
    first = raised.value.problems[0]
    assert first.path[-1] == "name"
    assert first.what.startswith("The live favourite of S99 would ask too much of Odoo at each click: 101 comparisons")
    assert first.what.endswith("at most 100")


@pytest.mark.parametrize(
    ("whens", "where", "what"),
    [
        (
            [{"domain": [["city", "=", "Lima"]]}, {"city": "Cusco"}],
            ["when", "domain"],
            "The favourite of S1 cannot be live because of this comparison: A raw domain cannot be negated",
        ),
        (
            [{"country_id.name": {"starts_with": "C"}}, {"city": "Cusco"}],
            ["when", "country_id.name", "starts_with"],
            "The favourite of S1 cannot be live because of this comparison: not starts_with cannot be said alike",
        ),
        (
            [{"city": "x"}, {"city": "a\u2028b"}],
            ["when", "city"],
            "The favourite of S1 cannot be live because of this comparison: Odoo's search bar cannot read a control",
        ),
        (
            [{"city": "x"}, {"tag_ids": {"count": True, "where": {"name": {"contains": "zzz"}}, ">": 1}}],
            ["when", "tag_ids", ">"],
            "The favourite of S1 cannot be live because of this comparison: What the records of a list add up to",
        ),
    ],
    ids=["raw", "complement", "character", "list"],
)
def test_what_cannot_be_said_is_named(engagement: Engagement, whens: Any, where: list[str], what: str) -> None:
    with pytest.raises(SpecError) as raised:
        live(engagement, division(*whens))
    problem = raised.value.problems[0]
    assert (problem.path[-len(where) :], problem.what[: len(what)]) == (tuple(where), what)
    assert problem.todo == "write filter: holds in that segment"
