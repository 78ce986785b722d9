"""Reading calls, the same embedded and on real Odoos, but for what a test says of older ones."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.backends import Backend


def test_a_many2one_comes_as_a_pair_or_as_an_id(backend: Backend) -> None:
    lead = backend.new(user_id=False)
    new = backend.stages["New"]
    (paired,) = backend.call("crm.lead", "read", [lead], ["stage_id", "user_id"])
    assert paired == {"id": lead, "stage_id": [new, "New"], "user_id": False}
    assert backend.read("crm.lead", lead, "stage_id", "user_id") == {"stage_id": new, "user_id": False}


def test_empty_values(backend: Backend) -> None:
    lead = backend.new(user_id=False)
    fields = [
        "city",
        "date_deadline",
        "date_closed",
        "tag_ids",
        "expected_revenue",
        "color",
        "description",
        "source_id",
    ]
    assert backend.read("crm.lead", lead, *fields) == {
        "city": False,
        "date_deadline": False,
        "date_closed": False,
        "tag_ids": [],
        "expected_revenue": 0.0,
        "color": 0,
        "description": False,
        "source_id": False,
    }


def test_ids_that_do_not_exist_are_left_out_of_a_read(backend: Backend) -> None:
    lead = backend.new()
    assert [row["id"] for row in backend.call("crm.lead", "read", [lead, 9999999], ["city"])] == [lead]
    assert backend.call("crm.lead", "read", [9999999], ["city"]) == []


def test_an_id_may_come_bare_and_twice(backend: Backend) -> None:
    tag = backend.new("crm.tag")
    assert [row["id"] for row in backend.call("crm.tag", "read", tag, ["name"])] == [tag]
    assert [row["id"] for row in backend.call("crm.tag", "read", [tag, tag], ["name"])] == [tag, tag]


def test_a_read_without_fields_has_them_all(backend: Backend) -> None:
    (row,) = backend.call("crm.tag", "read", [backend.new("crm.tag")])
    audit = {"create_date", "create_uid", "write_date", "write_uid"}
    audit |= set() if backend.version >= 17 else {"__last_update"}
    assert set(row) == {"id", "name", "display_name", "color"} | audit


def test_archived_records_are_found_when_asked_for(backend: Backend) -> None:
    name = backend.unique()
    kept = backend.call("crm.lead", "create", {"name": name})
    gone = backend.call("crm.lead", "create", {"name": name, "active": False})
    mine = ["name", "=", name]
    assert backend.call("crm.lead", "search", [mine]) == [kept]
    assert backend.call("crm.lead", "search", [mine], order="id", context={"active_test": False}) == [kept, gone]
    assert backend.call("crm.lead", "search", [mine, ["active", "=", False]]) == [gone]
    assert backend.call(
        "crm.lead", "search", ["|", ["active", "=", True], ["active", "=", False], mine], order="id"
    ) == [
        kept,
        gone,
    ]


def test_order_limit_offset_and_count(backend: Backend) -> None:
    name = backend.unique()
    values = [{"name": name, "priority": priority, "city": city} for priority, city in zip("0132", "bÁa ", strict=True)]
    first, second, third, fourth = backend.call("crm.lead", "create", values)
    mine = [["name", "=", name]]
    assert backend.call("crm.lead", "search", mine) == [third, fourth, second, first]
    assert backend.call("crm.lead", "search", mine, 1, 2) == [fourth, second]
    assert backend.call("crm.lead", "search", mine, order="city desc") == [second, first, third, fourth]
    assert backend.call("crm.lead", "search", mine, limit=0, order="id") == [first, second, third, fourth]
    assert backend.call("crm.lead", "search_count", mine) == 4


@pytest.mark.fact_of("16 on", "a limit of search_count came with it")
def test_a_count_may_be_limited(backend: Backend) -> None:
    name = backend.unique()
    backend.call("crm.lead", "create", [{"name": name}] * 3)
    assert backend.call("crm.lead", "search_count", [["name", "=", name]], limit=2) == 2


def test_empty_cells_come_last_and_first_when_descending(backend: Backend) -> None:
    name = backend.unique()
    days = ["2026-05-02", False, "2026-05-01"]
    late, never, early = backend.call("crm.lead", "create", [{"name": name, "date_deadline": day} for day in days])
    mine = [["name", "=", name]]
    assert backend.call("crm.lead", "search", mine, order="date_deadline, id") == [early, late, never]
    assert backend.call("crm.lead", "search", mine, order="date_deadline desc") == [never, late, early]


def test_a_many2one_sorts_as_its_model_does(backend: Backend) -> None:
    name = backend.unique()
    stages = [backend.stages[stage] for stage in ("Won", "New", "Proposition")]
    won, new, proposed = backend.call("crm.lead", "create", [{"name": name, "stage_id": stage} for stage in stages])
    assert backend.call("crm.lead", "search", [["name", "=", name]], order="stage_id") == [new, proposed, won]


def test_names_sort_by_code_point(backend: Backend) -> None:
    found = backend.call("res.country", "search_read", [["code", "in", ["ES", "CL", "PE", "AX", "CI"]]], ["code"])
    assert [row["code"] for row in found] == ["CL", "CI", "PE", "ES", "AX"]


def test_display_names_that_are_more_than_the_name(backend: Backend) -> None:
    company, person = backend.unique("company"), backend.unique("person")
    parent = backend.call("res.partner", "create", {"name": company, "is_company": True})
    child = backend.call("res.partner", "create", {"name": person, "parent_id": parent})
    assert backend.read("res.partner", child, "display_name") == f"{company}, {person}"
    assert backend.read("res.partner", child, "commercial_partner_id") == parent
    top = backend.new("res.partner.category")
    sub = backend.call("res.partner.category", "create", {"name": "sub", "parent_id": top})
    name = backend.read("res.partner.category", top, "name")
    assert backend.read("res.partner.category", sub, "display_name") == f"{name} / sub"
    state = [["name", "=like", "%Antofagasta"], ["country_id.code", "=", "CL"]]
    states = backend.call("res.country.state", "search_read", state, ["display_name"])
    assert [row["display_name"] for row in states] == ["Antofagasta (CL)"]


def test_archived_records_in_a_many_valued_field(backend: Backend) -> None:
    shown, hidden = backend.new("res.partner.category"), backend.new("res.partner.category", active=False)
    partner = backend.new("res.partner", category_id=[[6, 0, [shown, hidden]]])
    assert backend.read("res.partner", partner, "category_id") == [shown]
    everything = {"active_test": False}
    assert backend.read("res.partner", partner, "category_id", context=everything) == [shown, hidden]
    assert backend.call("res.partner", "search", [["category_id", "in", [hidden]]]) == [partner]
    name = backend.read("res.partner.category", hidden, "name")
    assert backend.call("res.partner", "search", [["category_id.name", "=", name]]) == []


def test_one2many_fields(backend: Backend) -> None:
    parent = backend.new("res.partner")
    child = backend.new("res.partner", parent_id=parent)
    lead = backend.new(partner_id=parent)
    found = backend.read("res.partner", parent, "child_ids", "opportunity_ids")
    assert found == {"child_ids": [child], "opportunity_ids": [lead]}
    assert backend.call("res.partner", "search", [["opportunity_ids.id", "=", lead]]) == [parent]


def test_relations_are_found_by_name(backend: Backend) -> None:
    source = backend.new("utm.source")
    name = backend.read("utm.source", source, "name")
    lead = backend.new(source_id=source)
    assert backend.call("crm.lead", "search", [["source_id", "=", name]]) == [lead]
    assert backend.call("crm.lead", "search", [["source_id", "ilike", name.upper()]]) == [lead]
    assert backend.call("crm.lead", "search", [["source_id.name", "in", [name]]]) == [lead]
    assert lead not in backend.call("crm.lead", "search", [["source_id", "!=", name]])
    assert backend.new() in backend.call("crm.lead", "search", [["source_id", "not ilike", name]])


def test_a_bare_day_begins_in_the_callers_zone(backend: Backend) -> None:
    lead = backend.new(date_conversion="2026-03-01 02:30:00")
    mine = [["id", "=", lead], ["date_conversion", ">=", "2026-03-01"]]
    assert backend.call("crm.lead", "search_count", mine) == 1
    assert backend.call("crm.lead", "search_count", mine, context={"tz": "America/Santiago"}) == (
        0 if backend.version >= 19 else 1  # before, it is read in UTC whoever asks
    )


def test_fields_get_says_what_is_asked_in_the_language_asked(backend: Backend) -> None:
    found = backend.call("crm.lead", "fields_get", ["stage_id", "nothing"], ["string", "type", "nothing"])
    assert found == {"stage_id": {"string": "Stage", "type": "many2one"}}
    spanish = backend.call("crm.lead", "fields_get", ["stage_id"], ["string"], context={"lang": "es_CL"})
    assert spanish == {"stage_id": {"string": "Etapa"}}


ATTRIBUTES = [
    "type",
    "string",
    "relation",
    "selection",
    "store",
    "searchable",
    "sortable",
    "readonly",
    "required",
    "translate",
]


@pytest.mark.fact_of("19", "the embedded CRM has the fields of 19, with its words; older versions have others")
@pytest.mark.parametrize(
    "model", ["crm.lead", "crm.stage", "crm.tag", "crm.team", "res.partner.category", "utm.source"]
)
def test_fields_are_those_of_a_real_server(backend: Backend, model: str) -> None:
    described: dict[str, dict[str, Any]] = backend.call(model, "fields_get", [], ATTRIBUTES, by="manager")
    for lang in ("en_US", "es_CL"):
        found = backend.call(model, "fields_get", [], ATTRIBUTES, by="manager", context={"lang": lang})
        for name, field in _written(model, lang).items():
            assert found[name] == field, name
    assert described["display_name"]["store"] is False


def _written(model: str, lang: str) -> dict[str, dict[str, Any]]:
    from segmenter.embedded.schema import load

    kept = {name: field.described(lang) for name, field in load()[model].fields.items()}
    return {name: {key: field[key] for key in ATTRIBUTES if key in field} for name, field in kept.items()}


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (([["foo", "=", 1]],), 1, "ValueError: Invalid field crm.lead.foo in condition ('foo', '=', 1)"),
        (([["stage_id.foo", "=", 1]],), 1, "ValueError: Invalid field crm.stage.foo in condition ('foo', '=', 1)"),
        (([["name.foo", "=", 1]],), 1, "ValueError: Invalid field property 'foo' on crm.lead.name"),
        (([["name", "~", 1]],), 1, "ValueError: Invalid operator in condition ('name', '~', 1)"),
        (([["name", "="]],), 1, "ValueError: Domain() invalid item in domain: ['name', '=']"),
        ((["|", ["name", "=", "x"]],), 1, "ValueError: Domain() malformed domain ['|', ['name', '=', 'x']]"),
        (("x",), 1, "TypeError: Domain() invalid argument type for domain: 'x'"),
        (([], 0, None, "foo"), 1, "ValueError: Invalid field 'foo' on model 'crm.lead'"),
        pytest.param(
            ([], 0, None, "tag_ids"),
            1,
            "ValueError: Cannot convert crm.lead.tag_ids to SQL because it is not stored",
            marks=pytest.mark.fact_of("18 on", "older versions leave an order that they cannot follow aside"),
        ),
    ],
)
def test_searches_that_cannot_be(backend: Backend, arguments: tuple[Any, ...], code: int, line: str) -> None:
    found = backend.fault("crm.lead", "search", *arguments)
    assert found[0] == code
    assert backend.version < 19 or found[1] == line  # older versions say the same in other words


def test_an_order_that_cannot_be(backend: Backend) -> None:
    code, line = backend.fault("crm.lead", "search", [], order="name sideways")
    assert code == 2
    assert line.startswith('Invalid "order" specified (name sideways).')


@pytest.mark.parametrize(
    ("model", "method", "arguments", "code", "line"),
    [
        ("crm.lead", "read", ([1], ["foo"]), 1, "ValueError: Invalid field 'foo' on 'crm.lead'"),
        pytest.param(
            *("crm.foo", "search", ([],), 2, "Object crm.foo doesn't exist"),
            marks=pytest.mark.xml_rpc("the words of a fault, which JSON-2 has of its own"),
        ),
        ("crm.lead", "foo", (), 1, "AttributeError: The method 'crm.lead.foo' does not exist"),
        pytest.param(
            *("crm.lead", "has_access", ([], "foo"), 1, "AssertionError: Invalid access mode"),
            marks=pytest.mark.fact_of("18 on", "older versions have no has_access"),
        ),
    ],
)
def test_calls_that_cannot_be(
    backend: Backend, model: str, method: str, arguments: tuple[Any, ...], code: int, line: str
) -> None:
    found = backend.fault(model, method, *arguments)
    assert found[0] == code
    assert backend.version < 19 or found[1] == line  # older versions say the same in other words


def test_wrong_arguments_are_a_type_error(backend: Backend) -> None:
    code, line = backend.fault("crm.lead", "search", [], foo=1)
    assert code == 1
    assert line.endswith("got an unexpected keyword argument 'foo'")


def test_private_methods_are_not_to_be_called(backend: Backend) -> None:
    code, line = backend.fault("crm.lead", "_search", [])
    name = "'crm.lead._search'" if backend.version >= 18 else "_search"
    assert (code, line) == (4, f"Private methods (such as {name}) cannot be called remotely.")


@pytest.mark.parametrize("lang", ["xx_XX", "es_PE"])
def test_a_language_that_is_not_active(backend: Backend, lang: str) -> None:
    if backend.version < 18:  # which answer in English
        found = backend.call("crm.tag", "fields_get", ["name"], ["string"], context={"lang": lang})
        assert found == {"name": {"string": "Tag Name"}}
        return
    expected = (2, f"Invalid language code: {lang}")
    assert backend.fault("crm.tag", "search_read", [], ["name"], limit=1, context={"lang": lang}) == expected
    assert backend.fault("crm.tag", "fields_get", ["name"], ["string"], context={"lang": lang}) == expected


def test_the_caller_knows_its_language_and_zone(backend: Backend) -> None:
    assert backend.read("res.users", backend.uids["all"], "lang", "tz") == {"lang": "en_US", "tz": False}
