"""Fields that a spec calls by their labels."""

from __future__ import annotations

import pytest

from segmenter.i18n import use_language
from tests.support.command_line import SPEC, Desk, desk

__all__ = ["desk"]


def test_the_server_says_which_field_has_a_label(desk: Desk) -> None:
    admin = desk.server.as_user("admin@viveros.example")
    (model,) = admin.execute_kw("ir.model", "search", [[["model", "=", "crm.lead"]]], {})
    field = {"model_id": model, "name": "x_hectares", "ttype": "integer", "state": "manual"}
    admin.execute_kw("ir.model.fields", "create", [{**field, "field_description": "Hectáreas plantadas"}], {})
    desk.spec.write_text(SPEC.replace("expected_revenue: {", "Hectáreas plantadas: {", 1), "utf-8")
    place = "viveros.yaml:13:16: Hectáreas plantadas is not a field name"
    first, *_others = desk.done("validate", "viveros.yaml", code=1).stderr.splitlines()
    assert first == f"{place}; did you mean x_hectares (Hectáreas plantadas)?"
    assert desk.done("validate", "viveros.yaml", "--offline", code=1).stderr.strip() == (
        f"{place}; use its technical name, as in country_id.code"
    )


@pytest.mark.parametrize(
    ("label", "field"), [("Ingreso esperado", "expected_revenue (Ingreso esperado)"), ("Origen", "source_id (Origen)")]
)
def test_common_labels_are_known_without_a_server(desk: Desk, label: str, field: str) -> None:
    desk.spec.write_text(SPEC.replace("expected_revenue: {", f"{label}: {{", 1), "utf-8")
    assert desk.done("validate", "viveros.yaml", "--offline", code=1).stderr.strip() == (
        f"viveros.yaml:13:16: {label} is not a field name; did you mean {field}?"
    )


def test_a_small_letter_may_be_the_clients_own_field_and_is_only_pointed_out(desk: Desk) -> None:
    desk.spec.write_text(SPEC.replace("expected_revenue: {", "origen: {", 1), "utf-8")
    assert (
        "viveros.yaml:13:25: origen is what people call a field, and perhaps not its name in Odoo; "
        "did you mean source_id (Origen)?"
    ) in desk.done("validate", "viveros.yaml", "--offline").stderr.splitlines()
    assert "did you mean source_id (" in desk.done("validate", "viveros.yaml", code=1).stderr


def test_what_is_refused_is_said_in_spanish(desk: Desk) -> None:
    desk.spec.write_text(SPEC.replace("expected_revenue: {", "Origen: {", 1), "utf-8")
    use_language("es")
    assert "¿quiso decir source_id (Origen)?" in desk.done("--lang", "es", "validate", "viveros.yaml", code=1).stderr
