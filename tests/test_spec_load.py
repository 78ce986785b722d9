"""The whole way from a file to a Spec, and every bad spec of tests/bad_specs with the problems it must give."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.errors import Problem, SegmenterError, SpecError
from segmenter.spec import load, loads, loads_draft, locate, locate_all
from segmenter.spec.load import NOBODY

BAD_SPECS = sorted((Path(__file__).parent / "bad_specs").glob("*.yaml"))
DEMO = Path(__file__).parent.parent / "criteria" / "demo.yaml"
SPEC = """\
version: 1
client: {name: Viveros del Maipo}
scope: {model: crm.lead}
segmentations:
  - name: Nivel
    store: {tags: exclusive}
    segments:
      - {name: Alto, when: {expected_revenue: {">=": 5}}}
"""


@pytest.mark.parametrize("path", BAD_SPECS, ids=lambda path: path.stem)
def test_every_bad_spec_gives_the_problems_in_its_head(path: Path) -> None:
    head = [line[2:] for line in path.read_text("utf-8").splitlines() if line.startswith("# ") and line[2].isdigit()]
    assert head
    with pytest.raises(SpecError) as caught:
        load(path)
    assert [str(problem) for problem in caught.value.problems] == [f"{path}:{line}" for line in head]


@pytest.mark.parametrize("path", BAD_SPECS, ids=lambda path: path.stem)
def test_no_message_repeats_a_secret(path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        load(path)
    assert "hunter2" not in str(caught.value)


def test_the_demo_holds() -> None:
    spec = load(DEMO)
    assert [segmentation.name for segmentation in spec.segmentations] == ["Nivel de potencialidad", "Zona", "Interés"]
    assert spec.file == str(DEMO)
    assert spec.source == DEMO.read_text("utf-8")


def test_the_digest_sees_content_alone() -> None:
    same = "# a comment\nscope:\n  model: crm.lead\nclient: {name: 'Viveros del Maipo'}\n" + SPEC.replace(
        "client: {name: Viveros del Maipo}\nscope: {model: crm.lead}\n", ""
    )
    assert loads(SPEC, "a").digest == loads(same, "b").digest == loads(SPEC.replace("5", "5.0"), "c").digest
    assert loads(SPEC, "a").digest != loads(SPEC.replace("5", "6"), "a").digest
    assert len(loads(SPEC, "a").digest) == 64


def test_equal_specs_are_equal_wherever_they_stand() -> None:
    assert loads(SPEC, "a") == loads("\n\n" + SPEC, "b")


def test_a_problem_found_later_gets_its_place() -> None:
    spec = loads(SPEC, "nivel.yaml")
    leaf = ("segmentations", 0, "segments", 0, "when", "expected_revenue", ">=")
    assert locate(spec, Problem(leaf, "Unknown field")).place == "nivel.yaml:8:48"
    assert str(locate(spec, Problem((*leaf, "deeper"), "Oh", "do"))) == "nivel.yaml:8:48: Oh; do"


def test_problems_found_later_are_raised_in_the_order_of_the_file() -> None:
    spec = loads(SPEC, "f")
    error = locate_all(spec, [Problem(("segmentations",), "second"), Problem(("client", "name"), "first")])
    assert str(error) == "f:2:10: first\nf:4:1: second"


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SegmenterError, match=r"There is no file .*nothing\.yaml; `segmenter init"):
        load(tmp_path / "nothing.yaml")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(SegmenterError, match="is a folder, not a spec"):
        load(tmp_path)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    with pytest.raises(SegmenterError, match="cannot be read"):
        load(tmp_path / "loop.yaml")


def test_a_spec_of_three_million_characters_gives_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "long.yaml"
    path.write_text(SPEC + "# " + "x" * 3_000_000)
    with pytest.raises(SpecError) as caught:
        load(path)
    assert len(caught.value.problems) == 1
    assert "too long" in str(caught.value)


def test_a_file_in_latin_1_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(SPEC.replace("Viveros", "Viñedos").encode("latin-1"))
    with pytest.raises(SpecError, match=r"latin\.yaml:2:18: Line 2 is not written in UTF-8"):
        load(path)


KEYS = st.sampled_from(
    [
        "version",
        "client",
        "name",
        "odoo",
        "url",
        "scope",
        "model",
        "where",
        "protect",
        "segmentations",
        "segments",
        "store",
        "tags",
        "field",
        "when",
        "set",
        "expect",
        "default",
        "color",
        "limits",
        "changes",
        "examples",
        "given",
        "record",
        "priority",
        "stage_id",
        "to",
        "from",
        "assign",
        "add",
        "any",
        "not",
        "domain",
        "filters",
        "between",
        "city",
    ]
)
SCALARS = st.sampled_from(
    ["1", "0", "-1", "null", "true", "x", "crm.lead", "5..1", "10%", "off", "exclusive", "''", ".nan"]
)
DATA = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.lists(st.tuples(KEYS, inner), max_size=4, unique_by=lambda pair: pair[0]).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        )
    ),
    max_leaves=25,
)


@given(DATA)
def test_whatever_the_form_only_problems_come_out(text: str) -> None:
    with pytest.raises(SpecError) as caught:
        loads(text, "any")
    assert all(problem.place.startswith("any:") and problem.what for problem in caught.value.problems)


@given(DATA)
def test_whatever_a_segment_holds_it_loads_or_every_problem_is_placed(text: str) -> None:
    spec = SPEC + f"      - {{name: B, when: {text}, set: {text}, expect: {text}, color: {text}}}\nlimits: {text}\n"
    problems: tuple[Problem, ...] = ()
    try:
        loads(spec, "any")
    except SpecError as error:
        problems = error.problems
    assert all(problem.place.startswith("any:") for problem in problems)


def test_a_draft_with_a_wrong_condition_is_a_spec_whose_segment_takes_nobody() -> None:
    text = DEMO.read_text(encoding="utf-8")
    broken = text.replace("when: {country_id.code: CL}", "when: {country_id.code: {bigger: 3}}")
    assert broken != text
    spec, problems = loads_draft(broken, "demo.yaml")
    zone = spec.segmentations[1]
    assert [problem.path for problem in problems] == [
        ("segmentations", 1, "segments", 1, "when", "country_id.code", "bigger")
    ]
    assert zone.segments[1].condition == NOBODY
    assert zone.default is None
    assert [segment.name for segment in zone.segments] == [
        segment.name for segment in load(DEMO).segmentations[1].segments
    ]
