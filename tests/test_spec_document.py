"""YAML text -> data: YAML 1.2 scalars, unique keys, bounded aliases, and a place for everything."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.errors import Problem, SpecError
from segmenter.spec.document import MAX_CHARACTERS, Positions, decode, place_in_file, read
from segmenter.spec.yaml_nodes import MAX_DEPTH


def scalar(text: str) -> object:
    data = read(f"a: {text}", "x").data
    assert isinstance(data, dict)
    return data["a"]


def failure(text: str) -> str:
    with pytest.raises(SpecError) as caught:
        read(text, "x")
    (problem,) = caught.value.problems
    return str(problem)


@pytest.mark.parametrize(
    "text",
    [
        "NO",
        "yes",
        "on",
        "off",
        "Off",
        "y",
        "08001",
        "12:30",
        "1_000",
        "+56",
        "2026-03-01",
        "10%",
        "400..1500",
        "..10",
        "3..",
        "=",
        "0o8",
        "1.2.3",
        "08.5",
        "--",
        "Null x",
    ],
)
def test_what_is_text(text: str) -> None:
    assert scalar(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("-3", -3),
        ("0o17", 15),
        ("0x1F", 31),
        ("1.5", 1.5),
        (".5", 0.5),
        ("-2.50", -2.5),
        ("1e3", 1000),
        ("5.0", 5),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("'5'", "5"),
        ('"~"', "~"),
    ],
)
def test_what_is_not_text(text: str, value: object) -> None:
    found = scalar(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "text", [".nan", ".inf", "-.Inf", "1e999", "9" * 30, "9" * 5000, "-9223372036854775809", "!!int abc"]
)
def test_numbers_that_no_crm_holds(text: str) -> None:
    assert [problem.place for problem in read(f"a: {text}", "x").problems] == ["x:1:4"]


def test_keys_are_text_as_written() -> None:
    assert read("1: a\ntrue: b\n~: c\n<<<: d", "x").data == {"1": "a", "true": "b", "~": "c", "<<<": "d"}


def test_places() -> None:
    document = read("a:\n  - b: 1\n    c: [x, y]\n", "x.yaml")
    places = {path: document.positions.place(path) for path in document.positions.places}
    assert places == {
        (): "x.yaml:1:1",
        ("a",): "x.yaml:1:1",
        ("a", 0): "x.yaml:2:5",
        ("a", 0, "b"): "x.yaml:2:5",
        ("a", 0, "c"): "x.yaml:3:5",
        ("a", 0, "c", 0): "x.yaml:3:9",
        ("a", 0, "c", 1): "x.yaml:3:12",
    }


def test_a_key_twice_keeps_the_first_and_names_both_lines() -> None:
    document = read("a: 1\nb: 2\na: 3", "x")
    assert document.data == {"a": 1, "b": 2}
    assert [str(problem) for problem in document.problems] == [
        "x:3:1: The key a stands here a second time; it is already on line 1; keep one of them"
    ]


def test_merge_keys_give_way_to_the_mapping_and_to_earlier_merges() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {z: 3, <<: [*a, *b]}\nd: {<<: *b}\ne: '<<'"
    data = read(text, "x").data
    assert isinstance(data, dict)
    assert data["c"] == {"z": 3, "x": 1, "y": 1}
    assert data["d"] == {"y": 2, "z": 2}


def test_a_quoted_merge_sign_is_a_key() -> None:
    assert read("a: {'<<': {b: 1}}", "x").data == {"a": {"<<": {"b": 1}}}


@pytest.mark.parametrize("text", ["a: &a [*a]", "a: &a {b: *a}", "a: &a {<<: *a}", "a: &a {b: {<<: *a}}"])
def test_an_alias_to_itself(text: str) -> None:
    assert failure(text) == "x:1:4: The anchor here holds an alias to itself; write the values out instead"


@pytest.mark.parametrize(("opens", "closes", "sign"), [("[", "]", ""), ("{<<: [", "]}", "")])
def test_alias_bombs(opens: str, closes: str, sign: str) -> None:
    first = "[x, x]" if opens == "[" else "{x: 1}"
    lines = [f"a0: &a0 {first}"]
    lines += [f"a{n}: &a{n} {opens}{', '.join([f'*a{n - 1}'] * 10)}{closes}" for n in range(1, 10)]
    assert "The aliases (*name) repeat more than 10000 values in all" in failure("\n".join(lines))


def test_long_lists_without_aliases_are_no_bomb() -> None:
    data = read("a: [" + "x," * 10_500 + "]", "x").data
    assert isinstance(data, dict)
    assert len(data["a"]) == 10_500  # type: ignore[arg-type]


def test_depth_is_bounded() -> None:
    assert failure("[" * 200) == (
        f"x:1:{MAX_DEPTH + 1}: The spec is nested too deeply here; use fewer levels of lists and mappings"
    )


def test_length_is_bounded() -> None:
    assert failure("x" * 3_000_000).startswith("x:1:1: The spec is too long: at most 300000 characters")
    assert read("x" * MAX_CHARACTERS, "x").data == "x" * MAX_CHARACTERS


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "\ufeff", "null"])
def test_empty(text: str) -> None:
    assert failure(text) == "x:1:1: The spec is empty; `segmenter init CLIENT` writes one to start from"


def test_several_documents() -> None:
    assert failure("a: 1\n---\nb: 2") == "x:2:1: The file holds several documents (---); keep one spec per file"


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!secret", "!!binary", "!!set"])
def test_tags_are_refused_and_not_repeated(tag: str) -> None:
    document = read(f"a: {tag} x", "x")
    assert [str(problem) for problem in document.problems] == [
        "x:1:4: Specs use no tags (words after !); delete it, or quote the text"
    ]


def test_plain_tags_hold() -> None:
    assert read("a: !!str 5\nb: !!int 7\nc: !!map {d: !!seq [1]}", "x").data == {"a": "5", "b": 7, "c": {"d": [1]}}


@pytest.mark.parametrize(("text", "place"), [("a: b\nc: d\x07", "x:2:5"), ("\x00", "x:1:1"), ("a: \ud800", "x:1:4")])
def test_control_characters_in_the_file(text: str, place: str) -> None:
    assert failure(text).startswith(f"{place}: There is a control character here (U+")


@pytest.mark.parametrize("escape", ["\\a", "\\r", "\\x9f", "\\ud800"])
def test_control_characters_by_escape(escape: str) -> None:
    document = read(f'a: "x{escape}"\n"k{escape}": 1', "x")
    assert [problem.place for problem in document.problems] == ["x:1:4", "x:2:1"]
    assert document.data == {"a": "x�", "k�": 1}


def test_line_breaks_and_tabs_within_text_stay() -> None:
    assert scalar('"one\\n\\ttwo"') == "one\n\ttwo"


@pytest.mark.parametrize("text", ["a: {{ x }}", "? [a]\n: b", "{a: 1}: 2"])
def test_keys_that_are_no_words(text: str) -> None:
    assert [problem.what for problem in read(text, "x").problems] == ["A key must be a word, not a list or a mapping"]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16(codec: str) -> None:
    with pytest.raises(SpecError, match=r"^x:1:1: The file is written in UTF-16, not in UTF-8; save it as UTF-8"):
        decode("version: 1".encode(codec), "x")


def test_latin_1_names_line_and_column() -> None:
    with pytest.raises(
        SpecError, match=r"^x:3:3: Line 3 is not written in UTF-8 \(perhaps in Latin-1 or Windows-1252\)"
    ):
        decode("uno\naño\n".encode() + "añó".encode()[:3] + b"\xf3", "x")


def test_the_byte_order_mark_of_utf_8_is_no_text() -> None:
    assert decode(b"\xef\xbb\xbfa: 1", "x") == "a: 1"
    assert read("\ufeffa: 1", "x").data == {"a": 1}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(categories=["L", "N", "P", "Zs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=4),
)


@given(JSON)
def test_json_reads_as_what_it_is(data: object) -> None:
    assert read(json.dumps({"a": data}, ensure_ascii=False), "x").data == {"a": data}


@given(st.text(st.sampled_from(list("ab: -[]{}#&*!|>'\"%@`,?\n\t<=.1~\\"))))
def test_any_text_gives_data_or_one_placed_problem(text: str) -> None:
    try:
        places = [read(text, "x").positions.place(())]
    except SpecError as error:
        places = [problem.place for problem in error.problems]
    (place,) = places
    assert place.startswith("x:")


POSITIONS = Positions("f.yaml", {(): (1, 1), ("a",): (2, 3), ("a", 0): (10, 5)})


def test_the_nearest_place_around_a_path() -> None:
    assert POSITIONS.place(("a", 0, "b", "c")) == "f.yaml:10:5"
    assert POSITIONS.place(("a", 1)) == "f.yaml:2:3"
    assert POSITIONS.place(("z",)) == "f.yaml:1:1"
    assert Positions("f.yaml").place(("z",)) == "f.yaml"


def test_a_place_already_known_stays() -> None:
    assert POSITIONS.located(Problem(("a",), "x", place="f.yaml:9:9")).place == "f.yaml:9:9"


def test_order_is_by_number_and_survives_colons_in_the_name() -> None:
    places = ["C:\\f:10:1", "C:\\f:9:12", "C:\\f:9:2"]
    assert [p.place for p in sorted((Problem((), "x", place=p) for p in places), key=place_in_file)] == places[::-1]
    assert place_in_file(Problem((), "x")) == (0, 0)
