"""Writing calls, the same embedded and on real Odoos, but for what a test says of older ones."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.backends import Backend

TEXT_AS_LINK = pytest.mark.fact_of("16 on", "older versions refuse as a link what is no id; the tool sends ids alone")


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("expected_revenue", "12.5", 12.5),
        ("expected_revenue", 7, 7.0),
        ("expected_revenue", False, 0.0),
        ("color", 3.7, 3),
        ("city", 5, "5"),
        ("city", True, "True"),
        ("city", "", ""),
        ("city", False, False),
        ("priority", "3", "3"),
        ("priority", False, False),
        ("date_deadline", "2025-12-31 10:00:00", "2025-12-31"),
        ("date_deadline", False, False),
        ("date_conversion", "2025-12-31", "2025-12-31 00:00:00"),
        ("active", "x", True),
        ("active", 0, False),
        pytest.param("source_id", "Ref", False, marks=TEXT_AS_LINK),
        ("source_id", True, False),
        pytest.param("source_id", 0, False, marks=TEXT_AS_LINK),
    ],
)
def test_values_as_they_are_stored(backend: Backend, field: str, value: Any, stored: Any) -> None:
    lead = backend.new()
    assert backend.call("crm.lead", "write", [lead], {field: value}) is True
    found = backend.read("crm.lead", lead, field)
    assert (found, type(found)) == (stored, type(stored))


@pytest.mark.parametrize(
    ("values", "code", "line"),
    [
        ({"foo": "1"}, 1, "ValueError: Invalid field 'foo' in 'crm.lead'"),
        ({"priority": "9"}, 1, "ValueError: Wrong value for crm.lead.priority: '9'"),
        ({"priority": 2}, 1, "ValueError: Wrong value for crm.lead.priority: 2"),
        ({"expected_revenue": "abc"}, 1, "ValueError: could not convert string to float: 'abc'"),
        ({"color": "abc"}, 1, "ValueError: invalid literal for int() with base 10: 'abc'"),
        ({"date_deadline": "31/12/2025"}, 1, "ValueError: time data '31/12/2025' does not match format '%Y-%m-%d'"),
        ({"date_deadline": "2025-02-30"}, 1, "ValueError: day is out of range for month"),
        ({"tag_ids": 1}, 1, "ValueError: Wrong value for crm.lead.tag_ids: 1"),
        ({"tag_ids": "x"}, 1, "ValueError: Wrong value for crm.lead.tag_ids: x"),
        ({"tag_ids": [[4]]}, 1, "IndexError: list index out of range"),
        ({"tag_ids": [[6, 0, False]]}, 1, "TypeError: 'bool' object is not iterable"),
    ],
)
def test_values_that_cannot_be(backend: Backend, values: dict[str, Any], code: int, line: str) -> None:
    lead = backend.new(city="here")
    for call in (
        ("write", [lead], {"city": "there", **values}),
        ("create", {"name": backend.unique(), **values}),
    ):
        found = backend.fault("crm.lead", *call)
        assert found[0] == code
        assert backend.version < 19 or found[1] == line  # older versions say the same in other words
        assert backend.read("crm.lead", lead, "city") == "here"


@pytest.mark.parametrize("values", [{"source_id": 9999999}, {"tag_ids": [[4, 9999999]]}])
def test_links_to_nothing(backend: Backend, values: dict[str, Any]) -> None:
    code, line = backend.fault("crm.lead", "write", [backend.new()], values)
    assert code == 2
    using = "Another model is using" if backend.version >= 19 else "another model requires"
    assert line.startswith(f"The operation cannot be completed: {using} the record")


@pytest.mark.parametrize("model", ["crm.lead", "crm.tag"])
def test_a_name_is_needed_and_may_be_empty(backend: Backend, model: str) -> None:
    code, line = backend.fault(model, "create", {"color": 1})
    assert code == 2
    assert line.startswith("The operation cannot be completed:")
    assert backend.version < 19 or "Missing required value for the field" in line
    assert backend.fault(model, "write", [backend.new(model)], {"name": False})[0] == 2
    lead = backend.new()
    backend.call("crm.lead", "write", [lead], {"name": ""})
    assert backend.read("crm.lead", lead, "name") == ""


def test_commands_of_a_many2many(backend: Backend) -> None:
    one, two, three = (backend.new("crm.tag") for _ in range(3))
    lead = backend.new(tag_ids=[[6, 0, [two, one]]])

    def after(*commands: Any) -> list[int]:
        backend.call("crm.lead", "write", [lead], {"tag_ids": list(commands)})
        found: list[int] = backend.read("crm.lead", lead, "tag_ids")
        return found

    assert backend.read("crm.lead", lead, "tag_ids") == [one, two]
    assert after([4, three]) == [one, two, three]
    assert after([4, three, 0], [3, one]) == [two, three]
    assert after([3, one]) == [two, three]
    assert after([5]) == []
    assert after(one, three) == [one, three]
    (made,) = set(after([0, 0, {"name": backend.unique("tag")}])) - {one, three}
    assert after([1, made, {"color": 7}]) == [one, three, made]
    assert backend.read("crm.tag", made, "color") == 7
    assert after([6, 0, [two]], [4, one]) == [one, two]
    backend.call("crm.lead", "write", [lead], {"tag_ids": False})
    assert backend.read("crm.lead", lead, "tag_ids") == []


def test_archived_links_are_out_of_reach(backend: Backend) -> None:
    shown, hidden = backend.new("res.partner.category"), backend.new("res.partner.category", active=False)
    partner = backend.new("res.partner", category_id=[[6, 0, [shown, hidden]]])
    backend.call("res.partner", "write", [partner], {"category_id": [[5]]})
    assert backend.read("res.partner", partner, "category_id", context={"active_test": False}) == [hidden]
    backend.call("res.partner", "write", [partner], {"category_id": [[6, 0, [shown]]]})
    assert backend.read("res.partner", partner, "category_id", context={"active_test": False}) == [shown, hidden]
    backend.call("res.partner", "write", [partner], {"category_id": [[3, hidden]]})
    assert backend.read("res.partner", partner, "category_id", context={"active_test": False}) == [shown, hidden]
    backend.call("res.partner", "write", [partner], {"category_id": [[3, hidden]]}, context={"active_test": False})
    assert backend.read("res.partner", partner, "category_id", context={"active_test": False}) == [shown]


def test_one_missing_record_stops_the_whole_write(backend: Backend) -> None:
    lead = backend.new()
    code, line = backend.fault("crm.lead", "write", [lead, 9999999], {"priority": "1"})
    assert (code, line) == (2, "Record does not exist or has been deleted.")
    assert backend.read("crm.lead", lead, "priority") == "0"


def test_a_fault_half_way_leaves_no_trace(backend: Backend) -> None:
    tag = backend.unique("tag")
    code, line = backend.fault("crm.tag", "create", [{"name": tag}, {"name": tag}])
    assert code == 2
    taken = "The operation cannot be completed: Tag name already exists!"
    # 16 says it with a blank more.
    assert line.replace(" !", "!") == (taken if backend.version >= 16 else "crm_tag_name_uniq")
    assert backend.call("crm.tag", "search", [["name", "=", tag]]) == []


def test_tag_names_are_unique_letter_for_letter(backend: Backend) -> None:
    name = backend.unique("tag")
    backend.call("crm.tag", "create", {"name": name})
    assert backend.fault("crm.tag", "create", {"name": name})[0] == 2
    assert backend.call("crm.tag", "create", {"name": name.upper()})
    assert backend.call("crm.tag", "create", {"name": f"{name} "})


def test_names_of_sources_are_numbered(backend: Backend) -> None:
    name = backend.unique("source")
    first, second = (backend.call("utm.source", "create", {"name": name}) for _ in range(2))
    assert backend.read("utm.source", first, "name") == name
    assert backend.read("utm.source", second, "name") == (f"{name} [2]" if backend.version >= 16 else name)


@pytest.mark.fact_of("16 on", "older campaigns have a name alone")
def test_a_campaign_is_called_by_its_title(backend: Backend) -> None:
    title = backend.unique("campaign")
    campaign = backend.call("utm.campaign", "create", {"title": title})
    assert backend.read("utm.campaign", campaign, "name", "title", "display_name") == dict.fromkeys(
        ["name", "title", "display_name"], title
    )


def test_what_the_server_keeps_to_itself(backend: Backend) -> None:
    lead = backend.call("crm.lead", "create", {"name": "x", "id": 5, "create_date": "2020-01-01 00:00:00"})
    before = backend.read("crm.lead", lead, "create_date", "create_uid")
    assert before["create_date"] > "2025"
    assert before["create_uid"] == backend.uids["all"]
    backend.call("crm.lead", "write", [lead], {"create_date": "2020-01-01 00:00:00", "id": 4, "city": "x"}, by="admin")
    assert backend.read("crm.lead", lead, "create_date", "create_uid") == before
    assert backend.read("crm.lead", lead, "write_uid") == backend.uids["admin"]


def test_nothing_to_do(backend: Backend) -> None:
    lead = backend.new()
    assert backend.call("crm.lead", "write", [], {"city": "x"}) is True
    assert backend.call("crm.lead", "write", [lead], {}) is True
    assert backend.call("crm.lead", "create", []) == []


def test_a_dictionary_makes_one_and_a_list_makes_a_list(backend: Backend) -> None:
    assert isinstance(backend.call("crm.tag", "create", {"name": backend.unique("tag")}), int)
    (made,) = backend.call("crm.tag", "create", [{"name": backend.unique("tag")}])
    assert 1 <= backend.read("crm.tag", made, "color") <= 11


def test_defaults_of_a_favourite(backend: Backend) -> None:
    made = backend.call("ir.filters", "create", {"name": "Big ones", "model_id": "crm.lead"})
    owner = backend.its("ir.filters", "user_ids")
    found = backend.read("ir.filters", made, owner, "domain", "context", "sort", "is_default", "active")
    assert found == {
        owner: [] if backend.version >= 19 else False,
        "domain": "[]",
        "context": "{}",
        "sort": "[]",
        "is_default": False,
        "active": True,
    }
    assert backend.fault("ir.filters", "create", {"name": "of nothing"})[0] == 2


def test_deleting_a_tag_takes_it_off_its_leads(backend: Backend) -> None:
    tag = backend.new("crm.tag")
    lead = backend.new(tag_ids=[[4, tag]])
    assert backend.call("crm.tag", "unlink", [tag], by="manager") is True
    assert backend.read("crm.lead", lead, "tag_ids") == []
    assert backend.call("crm.tag", "unlink", [tag], by="manager") is True


def test_deleting_a_team_empties_the_field(backend: Backend) -> None:
    team = backend.new("crm.team", by="manager")
    lead = backend.new(user_id=False, team_id=team)
    backend.call("crm.team", "unlink", [team], by="manager")
    assert backend.read("crm.lead", lead, "team_id") is False


def test_what_is_in_use_is_not_deleted(backend: Backend) -> None:
    stage = backend.new("crm.stage", by="manager", sequence=50)
    reason = backend.new("crm.lost.reason", by="manager")
    lead = backend.new(**{"stage_id": stage, backend.its("crm.lead", "lost_reason_id"): reason})
    for model, record in (("crm.stage", stage), ("crm.lost.reason", reason)):
        assert backend.fault(model, "unlink", [record], by="manager")[0] == 2
    backend.call("crm.lead", "unlink", [lead], by="manager")
    for model, record in (("crm.stage", stage), ("crm.lost.reason", reason)):
        assert backend.call(model, "unlink", [record], by="manager") is True


def test_a_category_takes_those_below_it_along_when_it_is_deleted(backend: Backend) -> None:
    top = backend.new("res.partner.category")
    below = backend.new("res.partner.category", parent_id=top)
    further = backend.new("res.partner.category", parent_id=below, active=False)
    partner = backend.new("res.partner", category_id=[[6, 0, [below]]])
    backend.call("res.partner.category", "unlink", [top], by="admin")
    everything = {"context": {"active_test": False}}
    assert backend.call("res.partner.category", "search", [["id", "in", [top, below, further]]], **everything) == []
    assert backend.read("res.partner", partner, "category_id") == []
