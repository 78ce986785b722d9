"""The published schema: fit for editors, in step with the code, and its errors one sentence per fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from segmenter.conditions.operators import FUNCTIONS, SHAPES, WHOSE
from segmenter.i18n import use_language
from segmenter.spec import schema_text, template
from segmenter.spec.document import read
from segmenter.spec.model import COLORS, Client
from segmenter.spec.schema import _EXPECTED, faults

SCHEMA: dict[str, Any] = json.loads(schema_text())
DEMO = Path(__file__).parent.parent / "criteria" / "demo.yaml"


def subschemas(part: Any, *, conditions: bool = True) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for key, inner in part.items():
            if (key != "examples" or isinstance(inner, dict)) and (
                conditions or key not in ("condition", "leaf", "list", "listed", "operators", "span")
            ):
                yield from subschemas(inner, conditions=conditions)
    elif isinstance(part, list):
        for inner in part:
            yield from subschemas(inner, conditions=conditions)


def test_it_is_a_schema_with_an_identity() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["$id"] == "urn:segmenter:spec:1"


def test_every_key_of_the_language_is_described() -> None:
    for part in subschemas(SCHEMA):
        for key, inner in part.get("properties", {}).items():
            target = SCHEMA["$defs"][inner["$ref"].split("/")[-1]] if "$ref" in inner else inner
            assert inner.get("description") or target.get("description") or target.get("enum"), key


def test_every_example_in_it_holds() -> None:
    checked = 0
    for part in subschemas(SCHEMA):
        for example in part.get("examples", []) if isinstance(part.get("examples"), list) else []:
            validator = Draft202012Validator({**part, "$defs": SCHEMA["$defs"]})
            assert not list(validator.iter_errors(example)), example
            checked += 1
    assert checked > 15


def test_every_titled_part_has_its_sentence() -> None:
    titles = {part["title"] for part in subschemas(SCHEMA, conditions=False) if isinstance(part.get("title"), str)}
    assert titles == set(_EXPECTED)


def test_colours_and_operators_are_those_of_the_code() -> None:
    assert set(SCHEMA["$defs"]["color"]["anyOf"][1]["enum"]) == set(COLORS)
    assert set(COLORS.values()) == set(range(12))
    assert set(SCHEMA["$defs"]["operators"]["properties"]) == set(SHAPES)
    listed = SCHEMA["$defs"]["listed"]
    assert {name for one in listed["anyOf"] for name in one["required"]} == set(FUNCTIONS)
    assert set(listed["properties"]["of"]["enum"]) == set(WHOSE)
    assert set(listed["properties"]) - {"where", "of", *FUNCTIONS} <= set(SHAPES)


@pytest.mark.parametrize("language", ["es", "en"])
def test_what_we_publish_holds_against_the_whole_schema(language: str) -> None:
    use_language(language)
    for text in (
        DEMO.read_text("utf-8"),
        template(Client("X"), "schema.json"),
        template(Client("X"), "s", "res.partner"),
    ):
        assert not list(Draft202012Validator(SCHEMA).iter_errors(read(text, "x").data))


@pytest.mark.parametrize(
    "condition",
    [
        "{}",
        "{any: []}",
        "{city: {containz: x}}",
        "{create_date: {within: soon}}",
        "{a: {between: [1]}}",
        "5",
        "{a: {}}",
        "{a: {count: 3}}",
        "{a: {sum: b, off: both}}",
        "{a: {last: b, where: 5}}",
    ],
)
def test_editors_see_wrong_conditions(condition: str) -> None:
    text = f"version: 1\nclient: {{name: X}}\nscope: {{model: crm.lead, where: {condition}}}\nsegmentations: []\n"
    errors = Draft202012Validator(SCHEMA).iter_errors(read(text, "x").data)
    assert ["scope", "where"] in [list(error.absolute_path)[:2] for error in errors]


def sentences(text: str, *, at: tuple[str, ...]) -> list[str]:
    spec: dict[str, Any] = {
        "version": 1,
        "client": {"name": "X"},
        "scope": {"model": "crm.lead"},
        "segmentations": [{"name": "S", "segments": [{"name": "A", "when": {"a": 1}}]}],
    }
    target = spec["segmentations"][0]["segments"][0] if at[0] == "segment" else spec
    target[at[-1]] = read(f"a: {text}", "x").data["a"]  # type: ignore[index,call-overload]
    return [f"{problem.what}; {problem.todo}".removesuffix("; ") for problem in faults(spec)]


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        ("color", "Green", 'not "Green"; did you mean green?'),
        ("color", "true", "not true"),
        ("description", "5", "description must be text, not 5; put it in quotes"),
        ("description", "[a]", "description must be text, not a list"),
        ("name", "", "name must be text, not an empty value"),
        ("set", "{}", "set must be a mapping of at least one field to what is written there, not {}"),
        ("set", "{user_id: {assign: [true]}}", "item 1 of assign must be a name, or the number of an id, not true"),
        ("set", "{stage_id: {to: A, form: B}}", "Unknown key form; did you mean from?"),
        ("set", "{user_id: {cap: 3}}", "user_id has no assign; add assign:"),
        ("set", "{tag_ids: {ad: [x]}}", "Unknown key ad; did you mean add?"),
        ("value", "{a: 1}", "value must be one value: text, a number, true, false or null, not {a}"),
        ("descripcion", "x", "Unknown key descripcion; did you mean description?"),
        ("expect", "5..x", 'not "5..x"'),
    ],
)
def test_one_sentence_per_fault(key: str, value: str, wanted: str) -> None:
    (sentence,) = sentences(value, at=("segment", key))
    assert sentence.endswith(wanted)


def test_an_action_like_nothing_lists_what_there_is() -> None:
    (sentence,) = sentences("{priority: {zzz: 1}}", at=("segment", "set"))
    assert sentence.startswith("priority must be a value, {to: STAGE}, {assign: [PEOPLE]}")


def test_long_values_are_cut_short() -> None:
    (sentence,) = sentences("x" * 500, at=("spec", "filters"))
    assert len(sentence) < 100


@pytest.mark.parametrize("value", ["400", "0", "5%", "400..1500", "5%..25%", "..10", "3..", "2.5%..", "1 .. 2"])
def test_ranges_that_hold(value: str) -> None:
    assert not sentences(f'"{value}"', at=("segment", "expect"))


@pytest.mark.parametrize("value", ["", "..", "x", "-1", "400...500", "1.5..2", "5 %", "400-500"])
def test_ranges_that_do_not(value: str) -> None:
    assert len(sentences(f'"{value}"', at=("segment", "expect"))) == 1
