"""The fields of the embedded CRM."""

from __future__ import annotations

import pytest

from segmenter.conditions.operators import MANY, NUMBERS
from segmenter.embedded.schema import ORDERS, load

UNSTAMPED = ("mail.followers", "mail.notification")
"""Models of which Odoo does not note when and by whom."""


@pytest.mark.parametrize("model", load())
def test_every_model_has_what_every_record_has(model: str) -> None:
    stamps: set[str] = set() if model in UNSTAMPED else {"create_date", "create_uid", "write_date", "write_uid"}
    assert {"id", "display_name", *stamps} <= set(load()[model].fields)
    assert load()[model].name_field in load()[model].fields


@pytest.mark.parametrize("model", load())
def test_relations_lead_to_models_that_are_there(model: str) -> None:
    for field in load()[model].fields.values():
        assert (field.relation is not None) == (field.type in {"many2one", *MANY})
        assert field.relation is None or field.relation in load()
        if field.type == "one2many":
            assert field.relation_field in load()[field.relation or ""].fields


@pytest.mark.parametrize("model", load())
def test_every_field_has_a_label_in_both_languages(model: str) -> None:
    for field in load()[model].fields.values():
        assert field.label["en"]
        assert field.label["es"]
        assert (field.type == "selection") == bool(field.selection)


def test_orders_are_of_models_and_fields_that_are_there() -> None:
    for model, order in ORDERS.items():
        assert {term.split()[0] for term in order.split(",")} <= set(load()[model].fields)


def test_empty_cells_by_type() -> None:
    lead = load()["crm.lead"].fields
    empty = {name: lead[name].empty for name in ("tag_ids", "active", "color", "expected_revenue", "city", "stage_id")}
    assert empty == {
        "tag_ids": (),
        "active": False,
        "color": 0,
        "expected_revenue": 0.0,
        "city": None,
        "stage_id": None,
    }
    assert {lead[name].type for name in ("color", "expected_revenue", "probability")} == set(NUMBERS)


def test_a_field_is_described_in_the_language_asked_for() -> None:
    priority = load()["crm.lead"].fields["priority"]
    assert priority.described("en_US")["selection"][3] == ["3", "Very High"]
    assert priority.described("es_PE")["selection"][3] == ["3", "Muy alta"]
    assert priority.described("es_PE")["string"] == "Prioridad"
