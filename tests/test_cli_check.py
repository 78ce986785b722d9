"""``segmenter check``: whatever would stop a plan is one line of it, and one alone."""

from __future__ import annotations

import pytest

from tests.support.command_line import SPEC, Desk, desk

__all__ = ["desk"]


def with_actions(*actions: str) -> str:
    return SPEC.replace("set: {priority: 3}", f"set: {{{', '.join(actions)}}}")


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (with_actions("source_id: Tómbola"), "Nothing is called Tómbola"),
        (
            with_actions("user_id: {assign: [baja@viveros.example]}"),
            "baja@viveros.example is archived and can",
        ),
        (
            with_actions("x_visits: 3") + "fields: {x_visits: {type: integer, label: Visits}}\n",
            "x_visits is of type char in Odoo",
        ),
    ],
)
def test_a_problem_is_one_line(desk: Desk, spec: str, said: str) -> None:
    admin = desk.server.as_user("admin@viveros.example")
    (model,) = admin.execute_kw("ir.model", "search", [[["model", "=", "crm.lead"]]], {})
    field = {"model_id": model, "name": "x_visits", "field_description": "Visits", "ttype": "char", "state": "manual"}
    admin.execute_kw("ir.model.fields", "create", [field], {})
    luis = admin.execute_kw("res.users", "search", [[["login", "=", "luis@viveros.example"]]], {})
    admin.execute_kw("res.users", "write", [luis, {"login": "baja@viveros.example", "active": False}], {})
    desk.spec.write_text(spec, "utf-8")
    errors = [one for one in desk.data("check", "viveros.yaml", code=1)["findings"] if one["level"] == "error"]
    assert [said in one["text"] for one in errors] == [True], errors
    assert errors[0]["todo"]
    assert said in desk.done("plan", "viveros.yaml", code=1).stderr
