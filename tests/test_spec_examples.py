"""Examples against the segments of the spec."""

from __future__ import annotations

import pytest

from segmenter.errors import Problem
from segmenter.spec.document import read
from segmenter.spec.examples import example
from segmenter.spec.model import Example, Segment, Segmentation, Store


def named(name: str, kind: Store | None, *segments: str, default: str | None = None) -> Segmentation:
    return Segmentation(
        name, kind, tuple(Segment(s, None) for s in segments), Segment(default, None) if default else None
    )


SEGMENTATIONS = (
    named("Nivel", Store("tags", "tag_ids"), "Alto", "Medio", default="Sin evaluar"),
    named("Interés", Store("tags", "tag_ids", exclusive=False), "Riego", "Plantas"),
)


def read_example(text: str) -> tuple[Example, list[Problem]]:
    data = read(text, "x").data
    assert isinstance(data, dict)
    problems: list[Problem] = []
    return example(data, ("examples", 0), SEGMENTATIONS, problems), problems


@pytest.mark.parametrize(
    ("expect", "wanted"),
    [
        ("{Nivel: Alto}", {"Nivel": "Alto"}),
        ("{Nivel: Sin evaluar, Interés: null}", {"Nivel": "Sin evaluar", "Interés": ""}),
        ("{Interés: [Plantas, Riego]}", {"Interés": "Riego, Plantas"}),
        ("{Interés: Plantas}", {"Interés": "Plantas"}),
    ],
)
def test_what_is_expected(expect: str, wanted: dict[str, str]) -> None:
    found, problems = read_example(f"{{given: {{name: x}}, expect: {expect}}}")
    assert (found.expect, problems) == (wanted, [])


def test_given_and_record() -> None:
    assert read_example("{given: {a: [1, 2], b.c: x}, expect: {}}")[0].given == {"a": [1, 2], "b.c": "x"}
    assert read_example("{record: 5, expect: {}}")[0].record == 5
    assert read_example("{record: ana@x.example, expect: {}}")[0].record == "ana@x.example"


@pytest.mark.parametrize(
    ("expect", "sentence"),
    [
        ("{Zona: x}", "There is no segmentation Zona in this spec; there are Nivel, Interés"),
        ("{nivel: Alto}", "There is no segmentation nivel in this spec; did you mean Nivel?"),
        ("{Nivel: Enorme}", "Nivel has no segment Enorme; there are Alto, Medio, Sin evaluar"),
        ("{Nivel: [Alto, Medio]}", "A record belongs to one segment of Nivel at most; name one, or null for none"),
    ],
)
def test_what_cannot_be_expected(expect: str, sentence: str) -> None:
    _found, problems = read_example(f"{{record: x, expect: {expect}}}")
    assert [str(problem) for problem in problems] == [sentence]
    assert problems[0].path[:3] == ("examples", 0, "expect")
