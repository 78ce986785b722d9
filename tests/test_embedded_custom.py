"""Custom fields of an administrator's, the same on the embedded CRM and on a real Odoo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.backends import Backend

FIELDS, VALUES = "ir.model.fields", "ir.model.fields.selection"


@pytest.fixture
def crm(backend: Backend) -> Iterator[Backend]:
    """Without the fields that a test leaves behind."""
    yield backend
    left = backend.call(FIELDS, "search", [["name", "=like", "x_custom%"], ["model", "=", "crm.lead"]], by="admin")
    backend.call(FIELDS, "unlink", left, by="admin")


def make(crm: Backend, name: str, kind: str, **more: Any) -> int:
    (model,) = crm.call("ir.model", "search", [["model", "=", "crm.lead"]], by="admin")
    values = {"name": name, "model_id": model, "ttype": kind, "field_description": f"Label of {name}", **more}
    made: int = crm.call(FIELDS, "create", values, by="admin")
    return made


def described(crm: Backend, name: str) -> dict[str, Any]:
    found = crm.call("crm.lead", "fields_get", [name], ["type", "string", "selection", "store", "searchable"])
    return dict(found.get(name, {}))


def options(*values: str) -> list[Any]:
    return [[0, 0, {"value": value, "name": value.title(), "sequence": n}] for n, value in enumerate(values, 1)]


def test_a_field_is_there_for_everybody_at_once(crm: Backend) -> None:
    make(crm, "x_custom_text", "char")
    assert described(crm, "x_custom_text") == {
        "type": "char", "string": "Label of x_custom_text", "store": True, "searchable": True,
    }  # fmt: skip
    lead, other = crm.new(x_custom_text="here"), crm.new()
    assert crm.read("crm.lead", lead, "x_custom_text") == "here"
    domain = [["id", "in", [lead, other]], ["x_custom_text", "=", False]]
    assert crm.call("crm.lead", "search", domain) == [other]


@pytest.mark.parametrize(
    ("kind", "empty", "value"),
    [("integer", 0, 4), ("float", 0.0, 2.5), ("boolean", False, True), ("date", False, "2026-03-01")],
)
def test_types_and_what_is_empty(crm: Backend, kind: str, empty: Any, value: Any) -> None:
    before = crm.new()
    name = f"x_custom_{kind}"
    make(crm, name, kind)
    assert crm.read("crm.lead", before, name) == empty
    crm.call("crm.lead", "write", [before], {name: value})
    assert crm.read("crm.lead", before, name) == value


def test_a_selection_and_one_value_more_and_less(crm: Backend) -> None:
    field = make(crm, "x_custom_level", "selection", selection_ids=options("low", "high"))
    assert described(crm, "x_custom_level")["selection"] == [["low", "Low"], ["high", "High"]]
    lead = crm.new(x_custom_level="low")
    value = {"field_id": field, "value": "top", "name": "Top", "sequence": 3}
    more = crm.call(VALUES, "create", value, by="admin")
    assert described(crm, "x_custom_level")["selection"][-1] == ["top", "Top"]
    crm.call("crm.lead", "write", [lead], {"x_custom_level": "top"})
    crm.call(VALUES, "unlink", [more], by="admin")
    assert crm.read("crm.lead", lead, "x_custom_level") is False
    code, _line = crm.fault("crm.lead", "write", [lead], {"x_custom_level": "top"})
    assert code == 1


def test_a_deleted_field_takes_what_records_held_with_it(crm: Backend) -> None:
    field = make(crm, "x_custom_level", "selection", selection_ids=options("low"))
    lead = crm.new(x_custom_level="low")
    crm.call(FIELDS, "unlink", [field], by="admin")
    assert described(crm, "x_custom_level") == {}
    assert crm.call(VALUES, "search", [["field_id", "=", field]], by="admin") == []
    assert crm.fault("crm.lead", "search", [["x_custom_level", "=", "low"]])[0] == 1
    make(crm, "x_custom_level", "selection", selection_ids=options("low"))
    assert crm.read("crm.lead", lead, "x_custom_level") is False


@pytest.mark.parametrize("name", ["custom_text", "name"])
def test_a_name_that_does_not_do(crm: Backend, name: str) -> None:
    (model,) = crm.call("ir.model", "search", [["model", "=", "crm.lead"]], by="admin")
    values = {"name": name, "model_id": model, "ttype": "char", "field_description": "X"}
    assert crm.fault(FIELDS, "create", values, by="admin")[0] == 2


def test_a_name_that_is_taken(crm: Backend) -> None:
    make(crm, "x_custom_text", "char")
    (model,) = crm.call("ir.model", "search", [["model", "=", "crm.lead"]], by="admin")
    values = {"name": "x_custom_text", "model_id": model, "ttype": "integer", "field_description": "X"}
    assert crm.fault(FIELDS, "create", values, by="admin")[0] == 2
    assert described(crm, "x_custom_text")["type"] == "char"


@pytest.mark.parametrize("kind", ["own", "all", "manager"])
def test_nobody_in_sales_makes_fields(crm: Backend, kind: str) -> None:
    for model in (FIELDS, VALUES):
        for operation in ("create", "write", "unlink"):
            assert crm.call(model, "check_access_rights", operation, False, by=kind) is False
    (model,) = crm.call("ir.model", "search", [["model", "=", "crm.lead"]], by="admin")
    values = {"name": "x_custom_text", "model_id": model, "ttype": "char", "field_description": "X"}
    assert crm.fault(FIELDS, "create", values, by=kind)[0] == 4
    assert crm.call(FIELDS, "check_access_rights", "create", False, by="admin") is True
