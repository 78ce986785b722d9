"""What the records of a plan are called: by its model, the type that it asks for, and the client's own word."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.i18n import speaking
from segmenter.notice import Notice
from segmenter.reports.notices import sentence
from segmenter.reports.nouns import noun
from segmenter.reports.text import Style
from tests.support.heads import altered
from tests.support.report_samples import PLAN


def scope(*types: str, names: tuple[str, ...] = ()) -> dict[str, Any]:
    """The condition of a scope of these types."""
    operator = "=" if len(types) == 1 else "in"
    leaf = {"field": "type", "labels": ["Tipo"], "kind": "selection", "operator": operator, "values": list(types)}
    return leaf | ({"names": list(names)} if names else {})


@pytest.mark.parametrize(
    ("model", "condition", "spanish", "english"),
    [
        ("crm.lead", scope("opportunity", names=("Oportunidad",)), "2 oportunidades", "2 opportunities"),
        ("crm.lead", scope("lead", names=("Iniciativa",)), "2 iniciativas", "2 leads"),
        ("crm.lead", scope("lead", names=("Lead",)), "2 leads", "2 leads"),
        ("crm.lead", scope("lead"), "2 leads", "2 leads"),
        ("crm.lead", {"all": [scope("opportunity"), {"field": "active"}]}, "2 oportunidades", "2 opportunities"),
        ("crm.lead", {"any": [scope("opportunity"), {"field": "active"}]}, "2 prospectos", "2 prospects"),
        ("crm.lead", scope("lead", "opportunity"), "2 prospectos", "2 prospects"),
        ("crm.lead", None, "2 prospectos", "2 prospects"),
        ("res.partner", None, "2 contactos", "2 contacts"),
    ],
)
def test_records_are_called_as_the_client_calls_them(model: str, condition: Any, spanish: str, english: str) -> None:
    plan = altered(PLAN, model=model, scope_condition=condition)
    for language, expected in (("es", spanish), ("en", english)):
        with speaking(language):
            assert noun(plan)(2, Style("es_CL")) == expected


def test_one_is_one() -> None:
    plan = altered(PLAN, scope_condition=scope("opportunity", names=("Oportunidad",)))
    with speaking("es"):
        assert noun(plan)(1, Style("es_CL")) == "1 oportunidad"
    plan = altered(plan, language="en_US", scope_condition=scope("opportunity", names=("Opportunity",)))
    with speaking("en"):
        assert [noun(plan)(number, Style("en_US")) for number in (1, 1200)] == ["1 opportunity", "1,200 opportunities"]


@pytest.mark.parametrize(
    ("language", "value", "currency", "expected"),
    [
        ("es_CL", 282_400_000, "CLP", "$282 millones"),
        ("es_CL", 1_712_520_000, "CLP", "$1.713 millones"),
        ("es_CL", 1_000_000, "CLP", "$1 millón"),
        ("es_CL", 39_760_000, "CLP", "$39,8 millones"),
        ("es_CL", 980_000, "CLP", "$980.000"),
        ("es_PE", 1_500_000, "PEN", "S/ 1.5 millones"),
        ("es_ES", 2_000_000, "EUR", "2 millones €"),
        ("es_CL", 2_000_000, "", "2 millones"),
        ("en_US", 282_400_000, "CLP", "CLP 282 million"),
    ],
)
def test_a_large_amount_is_written_as_it_is_said(language: str, value: float, currency: str, expected: str) -> None:
    with speaking(language[:2]):
        assert Style(language).round_money(value, currency).replace("\N{NO-BREAK SPACE}", " ") == expected


def test_a_sentence_of_ours_speaks_of_the_clients_own_and_names_stay_as_they_are() -> None:
    plan = altered(PLAN, language="en_US", scope_condition=scope("opportunity", names=("Opportunity",)))
    notice = Notice("placement.uncovered", {"number": 3}, {"segmentation": "All records"})
    with speaking("en"):
        told = noun(plan).said(sentence(notice))
        assert told == "All records: no segment takes 3 opportunities, and there is no default"
        assert noun(plan).said("3 records of somebody's") == "3 records of somebody's"
