"""Specs that somebody damaged, cut, or copied together: every problem has a sentence and a place."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from segmenter.conditions import Clock
from segmenter.errors import SegmenterError, SpecError
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.resolving.resolve import resolve
from segmenter.spec.document import decode
from segmenter.spec.load import loads
from tests.support.engagement import Embedded
from tests.support.fuzzing import Entrance, Fuzz

ENTRANCE = Entrance("spec", ".yaml")
CRITERIA = Path(__file__).parents[1] / "criteria"
ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 2**70, 1.5, float("inf"), "", "x", "S\u00ed", "\u202e", [], {}, [[]], [None], {"a": {}}),
    *(
        "10%",
        "..5",
        "5..",
        "90 days",
        "2026-13-40",
        "2026-03-08 00:30",
        "crm.lead",
        "stage_id",
        "name.name.name",
        "12:30",
    ),
    *({"to": None}, {"assign": []}, {"add": "x"}, {">=": "a"}, {"between": [1]}, {"not": {"not": 1}}, {"any": [{}]}),
    *({"domain": [["a"]]}, {"under": 1}, {"within": "90 dias"}, {"empty": None}, "*", "&a", "!!int 5", "<<"),
)
TEXTS = (
    *("\t", "\x00", "\x85", "\ufeff", "\u2028", "\U0001f600", "%", "|\n"),
    *("{", "[", "- ", ": ", "'", '"', "&a ", "*a ", "!!x "),
)
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


@cache
def sound() -> tuple[str, ...]:
    """The specs that come with segmenter."""
    return tuple(path.read_text("utf-8") for path in sorted(CRITERIA.glob("*.yaml")))


def broken(random: Random) -> bytes:
    """A sound spec with another value somewhere, or another text."""
    text = random.choice(sound())
    if random.random() < 0.5:
        data = yaml.safe_load(text)
        for _again in range(random.randint(1, 3)):
            _change(data, random)
        return yaml.safe_dump(data, allow_unicode=True, sort_keys=False).encode("utf-8", "surrogatepass")
    for _again in range(random.randint(1, 4)):
        at, length = random.randrange(len(text) + 1), random.choice((0, 0, 1, 5, 80))
        text = text[:at] + random.choice((*TEXTS, text[at : at + 60] * random.choice((1, 2, 50)))) + text[at + length :]
    raw = text.encode()
    return raw if random.random() < 0.9 else raw[: random.randrange(len(raw))] + bytes([random.randrange(256)])


def _change(node: Any, random: Random) -> None:
    """Replace, remove or repeat something in the data."""
    while True:
        if not node:
            return
        place = random.choice(list(node) if isinstance(node, dict) else range(len(node)))
        if not (isinstance(node[place], dict | list) and random.random() < 0.75):
            break
        node = node[place]
    chance = random.random()
    if chance < 0.2:
        del node[place]
    elif chance < 0.3 and isinstance(node, dict):
        node[random.choice(("x", 5, None, "any", "domain", "set", place if isinstance(place, str) else "y"))] = node[
            place
        ]
    else:
        node[place] = random.choice(ODD)


@cache
def crm() -> Embedded:
    return Embedded()


def holds(case: bytes) -> None:
    """A spec is read, or refused with sentences of ours; each stands at a line that the text has."""
    try:
        spec = loads(decode(case, "spec.yaml"), "spec.yaml")
        reader = OdooReader(crm().connect("all"), language=spec.client.language, timezone=spec.client.timezone)
        resolve(spec, reader, Catalog(reader), Clock(NOW, ZoneInfo(spec.client.timezone)))
    except SpecError as error:
        lines = len(re.findall("[\n\r\x85\u2028\u2029]", case.decode("utf-8", "replace"))) + 2  # as YAML counts
        for problem in error.problems:
            place = re.fullmatch(r"spec\.yaml:(\d+):(\d+)", problem.place)
            assert place, problem
            assert 1 <= int(place[1]) <= lines, problem
            assert problem.what, problem
    except SegmenterError:
        pass


@pytest.mark.parametrize("case", ENTRANCE.kept())
def test_what_was_kept(case: bytes) -> None:
    holds(case)


def test_whatever_comes(fuzz: Fuzz) -> None:
    fuzz.hunt(ENTRANCE, broken, holds)


def test_what_comes_with_segmenter_is_read() -> None:
    """Else the law would hold of a loader that refuses everything."""
    for text in sound():
        assert loads(text, "spec.yaml").segmentations
