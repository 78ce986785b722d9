from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from segmenter.conditions import BoundAll, BoundAny, BoundLeaf, BoundNot, words
from segmenter.conditions.facts import facts
from segmenter.conditions.operators import FUNCTIONS, KINDS, SHAPES, WHOSE
from segmenter.conditions.phrases import number
from segmenter.conditions.recalled import recalled
from segmenter.conditions.vocabulary import Field
from segmenter.i18n import locale_of, money, use_language
from segmenter.spec.document import read
from tests.support.conditions_crm import bound

PAGE = Path(__file__).with_name("conditions_in_words.md").read_text("utf-8")
ROWS: list[tuple[str, str, str]] = re.findall(r"^\| (\S.*?) \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)
CALLED = {called.strip("`"): {"en": english, "es": spanish} for called, english, spanish in ROWS}
LOCALES = {"en": "en_US", "es": "es_CL"}


def cases() -> Iterator[tuple[str, str, bool, str]]:
    """``(condition, language, negated, sentence)`` of every line of the page."""
    condition = ""
    for line in PAGE.partition("\n## ")[2].splitlines():
        said = re.fullmatch(r"    (en|es)( not)?: (.*)", line)
        if said:
            yield condition, said[1], bool(said[2]), said[3]
        elif re.match(r"[\w.]+: ", line):
            condition = line


def as_the_page_calls_it(told: Any, language: str) -> Any:
    """Facts with the labels and names of the page."""
    if isinstance(told, list):
        return [as_the_page_calls_it(part, language) for part in told]
    if not isinstance(told, dict):
        return told
    if "labels" not in told:
        return {key: as_the_page_calls_it(part, language) for key, part in told.items()}
    inside = {key: as_the_page_calls_it(told[key], language) for key in ("compared", "where") if key in told}
    steps = zip(told["field"].split("."), told["labels"], strict=True)
    called = {"labels": [CALLED.get(step, {}).get(language, label) for step, label in steps]}
    names = [CALLED.get(name, {}).get(language, name) for name in told.get("names", [])]
    return {**told, **called, **inside, **({"names": names} if names else {})}


@pytest.mark.parametrize(("condition", "language", "negated", "sentence"), list(cases()))
def test_conditions_are_said_as_on_the_page(condition: str, language: str, negated: bool, sentence: str) -> None:
    use_language(language)
    found = bound(read(f"{{{condition}}}", "page").data)
    told = as_the_page_calls_it(facts(BoundNot(found) if negated else found), language)
    locale = locale_of(LOCALES[language])
    currency = {"en": "USD", "es": "CLP"}[language]
    assert words(told, partial(money, currency=currency, locale=locale)) == sentence


@pytest.mark.parametrize("condition", sorted({condition for condition, *_ in cases()}))
def test_what_a_plan_keeps_is_said_alike_without_a_crm(condition: str) -> None:
    told = facts(bound_of(condition))
    assert facts(recalled(told)) == told


def test_the_page_has_every_operator() -> None:
    asked = {(leaf.operator, KINDS[leaf.field.type]) for text, *_ in cases() for leaf in bound_of(text).leaves()}
    assert {operator for operator, _kind in asked} == set(SHAPES)
    assert {kind for _operator, kind in asked} == set(KINDS.values())


def test_the_page_has_every_function_of_a_list() -> None:
    conditions = {text for text, *_ in cases() if "order_ids" in text}
    assert all(any(f"{function}:" in text for text in conditions) for function in FUNCTIONS)
    assert all(any(f"of: {whose}" in text for text in conditions) for whose in WHOSE)


def bound_of(condition: str) -> Any:
    return bound(read(f"{{{condition}}}", "page").data)


@pytest.mark.parametrize(
    ("label", "kind", "operator", "values", "sentence"),
    [
        ("Última actualización el", "datetime", "empty", (True,), "Última actualización: sin fecha"),
        ("¿Es etapa ganada?", "boolean", "=", (True,), "¿Es etapa ganada? sí"),
        ("Asignado a", "many2one", "=", (7,), "Asignado a: Ana"),
        ("Visitas al", "integer", ">=", (3,), "Visitas al: de 3 o más"),
        ("Ciudad:", "char", "=", ("Lima",), "Ciudad: Lima"),
        ("En", "datetime", "<=", ("2026-03-01",), "En hasta el 1 de marzo de 2026"),
    ],
)
def test_labels_that_lead_on_to_a_value(label: str, kind: str, operator: str, values: Any, sentence: str) -> None:
    use_language("es")
    shown = ("Ana",) if kind == "many2one" else ()
    assert words(BoundLeaf((Field("crm.lead", "x_field", kind, label),), operator, values, shown)) == sentence


def test_an_owner_is_named_once() -> None:
    stage = Field("crm.lead", "stage_id", "many2one", "Etapa", "crm.stage")
    won = Field("crm.stage", "is_won", "boolean", "¿Es etapa ganada?")
    use_language("es")
    assert words(BoundLeaf((stage, won), "=", (True,))) == "¿Es etapa ganada? sí"


def test_raw_domains_are_shown_as_they_are() -> None:
    assert words(bound({"domain": [["city", "=", "A"]]})) == "The Odoo domain [('city', '=', 'A')] holds"


def test_conditions_without_parts() -> None:
    assert (words(BoundAll(())), words(BoundAny(()))) == ("Always", "Never")
    assert (words(BoundNot(BoundAll(()))), words(BoundNot(BoundAny(())))) == ("Never", "Always")


def test_numbers_and_dates_follow_the_language() -> None:
    use_language("es")
    assert number(5_000_000) == "5.000.000"
    assert number(1234567.5) == "1.234.567,5"


@pytest.mark.parametrize(
    ("spoken", "written", "shown"),
    [
        ("en", "2026-03-01 16:30", "March 1, 2026 at 16:30"),
        ("en", "2026-03-01 00:05:09", "March 1, 2026 at 00:05:09"),
        ("es", "2026-03-01 04:05", "1 de marzo de 2026 a las 04:05"),
    ],
)
def test_moments_show_their_time_in_24_hours(spoken: str, written: str, shown: str) -> None:
    use_language(spoken)
    assert words(bound({"date_conversion": {">": written}})).endswith(f" {shown}")
