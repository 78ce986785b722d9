"""The raw rows of ``formatted_read_group`` and ``read_group``: the embedded CRM's are those of a real Odoo 19."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.backends import Backend

IN_SANTIAGO = {"lang": "en_US", "tz": "America/Santiago"}
OLD = "formatted_read_group'"


@pytest.fixture
def mine(backend: Backend) -> list[Any]:
    name = backend.unique()
    for stage, revenue, city, closing in (
        ("New", 10.5, "Lima", "2026-03-31"),
        ("New", 20, "Arica", "2026-04-01"),
        ("Won", 5, False, False),
    ):
        values = {"stage_id": backend.stages[stage], "expected_revenue": revenue, "city": city}
        backend.call("crm.lead", "create", {"name": name, "date_deadline": closing, "user_id": False, **values})
    return ["name", "=", name]


def formatted(backend: Backend, domain: Any, *args: Any, **options: Any) -> Any:
    """The rows; before 19, which have no such method, none."""
    if backend.version < 19:
        assert OLD in backend.fault("crm.lead", "formatted_read_group", [domain], *args, **options)[1]
        return None
    return backend.call("crm.lead", "formatted_read_group", [domain], *args, context=IN_SANTIAGO, **options)


def test_groups_of_a_stage(backend: Backend, mine: list[Any]) -> None:
    new, won = backend.stages["New"], backend.stages["Won"]
    rows = formatted(backend, mine, ["stage_id"], ["__count", "expected_revenue:sum"])
    assert rows in (
        None,
        [
            {
                "stage_id": [new, "New"],
                "__extra_domain": [["stage_id", "=", new]],
                "__count": 2,
                "expected_revenue:sum": 30.5,
            },
            {
                "stage_id": [won, "Won"],
                "__extra_domain": [["stage_id", "=", won]],
                "__count": 1,
                "expected_revenue:sum": 5.0,
            },
        ],
    )


def test_groups_of_months(backend: Backend, mine: list[Any]) -> None:
    rows = formatted(backend, mine, ["date_deadline:month", "city"], ["__count"])
    march = [["date_deadline", ">=", "2026-03-01"], ["date_deadline", "<", "2026-04-01"]]
    april = [["date_deadline", ">=", "2026-04-01"], ["date_deadline", "<", "2026-05-01"]]
    assert rows in (
        None,
        [
            {
                "date_deadline:month": ["2026-03-01", "March 2026"],
                "city": "Lima",
                "__extra_domain": ["&", "&", *march, ["city", "=", "Lima"]],
                "__count": 1,
            },
            {
                "date_deadline:month": ["2026-04-01", "April 2026"],
                "city": "Arica",
                "__extra_domain": ["&", "&", *april, ["city", "=", "Arica"]],
                "__count": 1,
            },
            {
                "date_deadline:month": False,
                "city": False,
                "__extra_domain": ["&", ["date_deadline", "=", False], ["city", "=", False]],
                "__count": 1,
            },
        ],
    )


def test_everything_as_one_group_and_nothing(backend: Backend, mine: list[Any]) -> None:
    aggregates = ["__count", "expected_revenue:sum", "city:count_distinct"]
    one = {"__count": 3, "expected_revenue:sum": 35.5, "city:count_distinct": 2, "__extra_domain": [[1, "=", 1]]}
    none = {"__count": 0, "expected_revenue:sum": False, "city:count_distinct": 0, "__extra_domain": [[1, "=", 1]]}
    assert formatted(backend, mine, [], aggregates) in (None, [one])
    assert formatted(backend, ["id", "=", 0], [], aggregates) in (None, [none])
    assert formatted(backend, ["id", "=", 0], ["city"], aggregates) in (None, [])


def test_the_older_question(backend: Backend, mine: list[Any]) -> None:
    fields = ["n:count(id)", "total:sum(expected_revenue)"]
    rows = backend.call(
        "crm.lead",
        "read_group",
        [mine],
        fields,
        ["date_deadline:month"],
        lazy=False,
        orderby="n desc, date_deadline:month",
        limit=1,
        context=IN_SANTIAGO,
    )
    (row,) = rows
    assert (row["__count"], row["n"], row["total"], row["date_deadline:month"]) == (1, 1, 10.5, "March 2026")
    leaves = [["date_deadline", ">=", "2026-03-01"], ["date_deadline", "<", "2026-04-01"], mine]
    assert sorted(map(str, row["__domain"])) == sorted(map(str, ["&", "&", *leaves]))
    by = "date_deadline" if backend.version < 16 else "date_deadline:month"
    within = {by: {"from": "2026-03-01", "to": "2026-04-01"}}
    assert row.get("__range", within) == within


@pytest.mark.parametrize(
    ("by", "why"),
    [
        ("nope", "Invalid field 'nope' on model 'crm.lead'"),
        ("display_name", "Cannot convert crm.lead.display_name to SQL because it is not stored"),
        ("create_date", "Granularity not set on a date(time) field: 'create_date'"),
        ("create_date:eon", "Granularity specification isn't correct: 'eon'"),
        ("city:month", "Granularity set on a no-datetime field or property: 'city:month'"),
    ],
)
def test_what_cannot_be_grouped_by(backend: Backend, by: str, why: str) -> None:
    code, said = backend.fault("crm.lead", "formatted_read_group", [], [by], ["__count"])
    assert code == 1
    assert why in said or OLD in said


def test_hidden_records_do_not_count(backend: Backend, mine: list[Any]) -> None:
    (lead, *_rest) = backend.call("crm.lead", "search", [mine])
    backend.call("crm.lead", "write", [lead], {"user_id": backend.uids["all"]})
    asked = ([mine], ["n:count(id)"], ["name"])
    (row,) = backend.call("crm.lead", "read_group", *asked, by="own", lazy=False)
    assert row["__count"] == 2
