"""What a spec both asks for and writes is told at the condition that asks for it first; it is nothing wrong."""

from __future__ import annotations

import pytest
import yaml

from segmenter.i18n import speaking
from segmenter.spec import loads, locate
from segmenter.spec.model import Spec
from segmenter.spec.settling import asked_and_written


def spec(when: object, does: dict[str, object], **top: object) -> Spec:
    does = does if "convert" in does else {"set": does}
    segments = [{"name": "A", "when": when, **does}, {"name": "B", "when": {"city": "Cusco"}}]
    store = {"tags": "exclusive"}
    content = {
        "version": 1,
        "client": {"name": "X"},
        "scope": {"model": "crm.lead"},
        "segmentations": [{"name": "S", "store": store, "segments": segments}],
    }
    return loads(yaml.safe_dump(content | top, sort_keys=False), "x.yaml")


@pytest.mark.parametrize(
    ("when", "does"),
    [
        ({"stage_id": "Nuevo"}, {"stage_id": "Calificado"}),
        ({"stage_id.is_won": True}, {"stage_id": {"to": "Calificado", "from": ["Nuevo"]}}),
        ({"not": {"any": [{"stage_id": {"empty": True}}, {"city": "Lima"}]}}, {"stage_id": "Calificado"}),
        ({"domain": [["stage_id", "!=", False], ["city", "=", "Lima"]]}, {"stage_id": "Calificado"}),
        ({"user_id": {"empty": True}}, {"user_id": {"assign": ["ana"]}}),
        ({"tag_ids": ["vip"]}, {"tag_ids": {"add": ["VIP"]}}),
        ({"tag_ids": {"has_none": ["B"]}}, {"priority": 3}),
        ({"tag_ids": {"empty": True}}, {"priority": 3}),
        ({"tag_ids.name": {"contains": "x"}}, {"priority": 3}),
        ({"lost_reason": "Precio"}, {"lost_reason_id": "Plazo"}),
        ({"type": "lead"}, {"convert": {"customer": "none"}}),
        ({"partner_id": {"empty": True}}, {"convert": {"customer": "create"}}),
    ],
)
def test_a_field_that_is_asked_for_and_written_is_named(when: object, does: dict[str, object]) -> None:
    (fact,) = asked_and_written(spec(when, does))

    assert fact.path[:5] == ("segmentations", 0, "segments", 0, "when")


@pytest.mark.parametrize(
    ("when", "does"),
    [
        ({"city": "Lima"}, {"stage_id": "Calificado"}),
        ({"country_id.code": "PE"}, {"stage_id": "Calificado"}),
        ({"partner_id.user_id": "ana"}, {"user_id": {"assign": ["ana"]}}),
        ({"tag_ids": ["Feria"]}, {"tag_ids": {"add": ["VIP"]}}),
        ({"partner_id": {"empty": True}}, {"convert": {"customer": "none"}}),
    ],
)
def test_what_is_only_asked_for_is_not(when: object, does: dict[str, object]) -> None:
    assert asked_and_written(spec(when, does)) == []


def test_one_fact_a_field_with_everybody_who_asks_and_writes_and_its_place() -> None:
    of = spec(
        {"stage_id": "Nuevo"},
        {"stage_id": "Calificado", "priority": 3},
        scope={"model": "crm.lead", "where": {"priority": {">=": 1}}},
        protect=[{"city": "Quito"}, {"stage_id": "Ganado"}],
    )

    priority, stage = (locate(of, fact) for fact in asked_and_written(of))
    assert priority.what.startswith("priority is asked for by scope and written by S: A:")
    assert stage.what.startswith("stage_id is asked for by protect and S: A and written by S: A:")
    assert priority.place.startswith("x.yaml:")
    assert stage.path[:2] == ("protect", 1)


def test_of_many_segments_the_first_are_named_and_it_is_told_in_spanish() -> None:
    segments = [{"name": name, "when": {"priority": at}, "set": {"priority": 3}} for at, name in enumerate("ABCD")]
    of = spec({"city": "Lima"}, {"priority": 1}, segmentations=[{"name": "S", "segments": segments}])

    (fact,) = asked_and_written(of)
    assert fact.what.startswith("priority is asked for by S: A, S: B, S: C and 1 more and written by")
    with speaking("es"):
        (fact,) = asked_and_written(of)
        assert fact.what.startswith("priority se consulta en S: A, S: B, S: C y 1 más y se escribe en S: A")
