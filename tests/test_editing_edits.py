"""Edits of a spec's text: what is meant is read, and what did not change stays byte by byte."""

from __future__ import annotations

import difflib
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmenter.editing import Edit, Insert, Move, Put, Remove, edit, open_document
from segmenter.editing.document import same
from segmenter.editing.edits import changed
from segmenter.editing.splicing import spliced
from segmenter.editing.whole import written_as_a_whole
from segmenter.errors import SegmenterError, SpecError
from segmenter.spec.starters import ready_spec
from tests.support.editing import SCALARS, odd, paths, some_edit, specs

SPECS = specs()
SEGMENTS = ("segmentations", 0, "segments")
DEMO = ready_spec("demo").read_text("utf-8")


def changes(text: str, change: Edit) -> list[str]:
    """The lines that an edit takes away and adds."""
    after = edit(open_document(text, "demo.yaml"), change).text
    lines = difflib.unified_diff(text.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


GOLDEN: list[tuple[Edit, list[str]]] = [
    (
        Put((*SEGMENTS, 0, "when", "expected_revenue", ">="), 6_000_000),
        ['-          expected_revenue: {">=": 5000000}', '+          expected_revenue: {">=": 6000000}'],
    ),
    (
        Put((*SEGMENTS, 0, "when", "country_id.code"), ["CL", "NO"]),
        ['+          country_id.code: [CL, "NO"]'],
    ),
    (
        Put((*SEGMENTS, 0, "when", "any", 0, "source_id"), ["Referido", "Feria", "08001"]),
        ["-            - source_id: [Referido, Feria]", '+            - source_id: [Referido, Feria, "08001"]'],
    ),
    (Put((*SEGMENTS, 0, "name"), "Alto: ya"), ["-      - name: Alto", '+      - name: "Alto: ya"']),
    (Remove((*SEGMENTS, 0, "when", "any", 0)), ["-            - source_id: [Referido, Feria]"]),
    (
        Remove(("segmentations", 0, "default", "color")),
        [
            "-    default: {name: Sin evaluar, color: celeste, description: Todavía sin monto estimado}",
            "+    default: {name: Sin evaluar, description: Todavía sin monto estimado}",
        ],
    ),
    (
        Move((*SEGMENTS, 0, "when", "any"), 1, 0),
        ["+            - create_date: {within: 90 days}", "-            - create_date: {within: 90 days}"],
    ),
    (
        Insert(SEGMENTS, 3, {"name": "Nulo", "when": {"expected_revenue": {"<": 1}}}),
        ["+", "+      - name: Nulo", '+        when: {expected_revenue: {"<": 1}}'],
    ),
    (
        Put((*SEGMENTS, 1, "when"), {"expected_revenue": {">=": 1_000_000, "<": 5_000_000}}),
        ['-          expected_revenue: {">=": 1000000}', '+          expected_revenue: {">=": 1000000, "<": 5000000}'],
    ),
    (
        Put(("scope", "where"), {"type": "opportunity", "city": {"empty": False}}),
        [
            "-  where: {type: opportunity}",
            "+  where:",
            "+    type: opportunity",
            "+    city: {empty: false}",
        ],
    ),
]


@pytest.mark.parametrize(("change", "expected"), GOLDEN, ids=[str(change)[:60] for change, _expected in GOLDEN])
def test_an_edit_changes_the_lines_that_a_person_would_change(change: Edit, expected: list[str]) -> None:
    assert changes(DEMO, change) == expected


def test_a_moved_item_takes_its_comments_along_and_blank_lines_stay() -> None:
    text = (
        "list:   # of the list\n  # first\n  - a  # beside\n\n  # about b\n  # as well\n  - k: b\n    # within b\n\n"
        "  - c\n# of the next key\nnext: 1\n"
    )
    assert edit(open_document(text, "x"), Move(("list",), 1, 0)).text == (
        "list:   # of the list\n  # about b\n  # as well\n  - k: b\n    # within b\n\n  # first\n  - a  # beside\n\n"
        "  - c\n# of the next key\nnext: 1\n"
    )
    assert edit(open_document(text, "x"), Remove(("list", 1))).text == (
        "list:   # of the list\n  # first\n  - a  # beside\n\n  - c\n# of the next key\nnext: 1\n"
    )


def test_a_condition_put_as_a_whole_keeps_the_comments_of_what_stayed() -> None:
    text = (
        "when:\n  any:   # one of them\n    - name: {contains: 'a'}   # as in x\n    - city: Lima\n  # money\n  x: 1\n"
    )
    condition = {"any": [{"name": {"contains": "a"}}, {"city": ["Lima", "Cusco"]}], "x": 2}
    assert edit(open_document(text, "x"), Put(("when",), condition)).text == (
        "when:\n  any:   # one of them\n    - name: {contains: 'a'}   # as in x\n    - city: [Lima, Cusco]\n"
        "  # money\n  x: 2\n"
    )


def test_rows_put_in_another_order_move_with_their_comments() -> None:
    text = "when:\n  a: 1   # one\n  # two\n  b: 2\n  c: {x: 1, y: 2}\n"
    assert edit(open_document(text, "x"), Put(("when",), {"b": 2, "a": 1, "c": {"y": 2, "x": 1}})).text == (
        "when:\n  # two\n  b: 2\n  a: 1   # one\n  c: {y: 2, x: 1}\n"
    )


def test_quotes_and_line_breaks_stay_as_the_file_has_them() -> None:
    text = "a: 'x'\r\nb: \"y\"  # z\r\nc:\r\n- 1\r\n"
    document = open_document(text, "x")
    for change in (Put(("a",), "it's"), Put(("b",), "n"), Insert(("c",), 1, {"d": 1})):
        document = edit(document, change)
    assert document.text == "a: 'it''s'\r\nb: \"n\"  # z\r\nc:\r\n- 1\r\n- d: 1\r\n"


def test_lists_of_a_line_for_each_item_stay_so_with_their_comments() -> None:
    text = "city: [\n  Lima,   # capital\n  # in the south\n  Ica,    # warm\n  Cusco   # hills\n]\n"
    document = open_document(text, "x")
    assert edit(document, Move(("city",), 2, 0)).text == (
        "city: [\n  Cusco,   # hills\n  Lima,   # capital\n  # in the south\n  Ica    # warm\n]\n"
    )
    assert edit(document, Remove(("city", 1))).text == "city: [\n  Lima,   # capital\n  Cusco   # hills\n]\n"
    assert edit(document, Insert(("city",), 3, "Puno")).text == text.replace("Cusco ", "Cusco, ").replace(
        "\n]", "\n  Puno\n]"
    )


def test_a_text_of_several_lines_stands_below_its_key() -> None:
    document = open_document("a: x   # c\nb: |\n  one\n  two\nc: [d]\n", "x")
    assert edit(document, Put(("a",), "one\n\ntwo")).text == (
        "a: |-   # c\n  one\n\n  two\nb: |\n  one\n  two\nc: [d]\n"
    )
    assert edit(document, Put(("b",), "three")).text == "a: x   # c\nb: three\nc: [d]\n"
    assert edit(document, Put(("c", 0), "one\ntwo")).text.endswith('c: ["one\\ntwo"]\n')


def test_a_key_that_stands_there_twice_does_so_until_it_is_edited() -> None:
    text = "a: 1\nb: {c: 1, c: 2}\na: 2\n"
    document = open_document(text, "x")
    assert edit(document, Put(("d",), 1)).text == text + "d: 1\n"
    assert edit(document, Put(("b", "c"), 5)).text == text.replace("c: 1", "c: 5")
    assert edit(document, Remove(("a",))).text == "b: {c: 1, c: 2}\n"


def test_a_short_mapping_that_grows_is_taken_apart_as_it_is_written() -> None:
    text = "when: {'name': {contains: \"hotel\"}}   # who\n"
    assert edit(open_document(text, "x"), Put(("when", "city"), "Lima")).text == (
        "when:   # who\n  'name': {contains: \"hotel\"}\n  city: Lima\n"
    )


def test_what_an_alias_repeats_changes_in_its_own_place_alone() -> None:
    text = "a: &x {b: 1}\nc: *x\nd:\n  <<: *x   # merged\n  e: 2\n"
    document = open_document(text, "x")
    assert edit(document, Put(("c", "b"), 3)).text == text.replace("*x\nd", "{b: 3}\nd")
    assert edit(document, Put(("d", "b"), 3)).text == text + "  b: 3\n"
    assert edit(document, Put(("a", "b"), 3)).data == {"a": {"b": 3}, "c": {"b": 1}, "d": {"b": 1, "e": 2}}
    assert edit(document, Remove(("d", "b"))).data == {"a": {"b": 1}, "c": {"b": 1}, "d": {"e": 2}}


def test_what_splicing_does_not_know_is_written_as_a_whole() -> None:
    text = "# head\n? a\n: 1   # one\nb: NO\n"
    after = edit(open_document(text, "x"), Put(("b",), "08001"))
    assert after.data == {"a": 1, "b": "08001"}
    assert "# head" in after.text
    assert "# one" in after.text


@pytest.mark.parametrize(
    "change",
    [
        Put(("version", "x"), 1),
        Put(("protect", 9), 1),
        Remove(("none",)),
        Remove(()),
        Insert(("version",), 0, 1),
        Insert(("protect",), 9, 1),
        Move(("protect",), 0, 9),
    ],
)
def test_an_edit_of_what_is_not_there_is_refused(change: Edit) -> None:
    with pytest.raises(SegmenterError, match="The spec has nothing at") as caught:
        edit(open_document(DEMO, "demo.yaml"), change)
    assert caught.value.todo


def test_a_text_that_is_no_yaml_cannot_be_opened_and_a_wrong_spec_can() -> None:
    with pytest.raises(SpecError):
        open_document("a: [", "x")
    assert open_document("a: 1", "x").data == {"a": 1}


@pytest.mark.parametrize("value", SCALARS, ids=repr)
def test_every_scalar_is_read_as_what_was_put(value: Any) -> None:
    document = open_document("a: 1\nb: [1]\nc: {d: 1}\n'e': \"x\"\nf: 'x'\n", "x")
    for path in (("a",), ("b", 0), ("c", "d"), ("e",), ("f",)):
        after = edit(document, Put(path, value))
        assert same(after.data, changed(document.data, Put(path, value))[0])


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(sorted(SPECS)))
def test_any_edit_of_any_layout_gives_what_is_meant(seed: int, name: str) -> None:
    random = Random(seed)
    document = open_document(odd(SPECS[name], random), name)
    for _ in range(3):
        change = some_edit(document, random)
        after = edit(document, change)
        assert same(after.data, changed(document.data, change)[0])
        document = after


@pytest.mark.parametrize("name", sorted(SPECS))
def test_an_edit_and_its_inverse_leave_the_text_as_it_was(name: str) -> None:
    random = Random(name)
    document = open_document(odd(SPECS[name], random), name)
    places = paths(document.data)
    for path, value in random.sample(places, min(len(places), 8)):
        if isinstance(value, list) and value:
            origin, target = random.randrange(len(value)), random.randrange(len(value))
            pair: tuple[Edit, Edit] = random.choice(
                [
                    (Move(path, origin, target), Move(path, target, origin)),
                    (Insert(path, origin, "x"), Remove((*path, origin))),
                    (Insert(path, len(value), "x"), Remove((*path, len(value)))),
                ]
            )
        elif isinstance(value, str) and path and "\ufffd" not in value:
            pair = (Put(path, "x 1"), Put(path, value))
        else:
            continue
        there = edit(document, pair[0])
        back = edit(there, pair[1])
        assert same(back.data, document.data)
        brackets = [sum(map(text.count, "[{")) for text in (document.text, there.text)]
        taken_apart = brackets[1] < brackets[0]  # it was too wide for one line
        assert back.text == document.text or taken_apart or "!" in document.text


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(sorted(SPECS)))
def test_a_value_that_is_put_changes_its_own_lines_alone(seed: int, name: str) -> None:
    random = Random(seed)
    document = open_document(odd(SPECS[name], random), name)
    plain = [path for path, value in paths(document.data) if isinstance(value, str) and "\n" not in value and path]
    if not plain:
        return
    path = random.choice(plain)
    line, column = document.positions.places[path]
    before, after = document.text.split("\n"), edit(document, Put(path, "x 1")).text.split("\n")
    assert before[: line - 1] == after[: line - 1]
    assert before[line - 1][: column - 1] == after[line - 1][: column - 1]
    assert before[line:] == after[line:]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(sorted(SPECS)))
def test_comments_of_what_stays_stay(seed: int, name: str) -> None:
    random = Random(seed)
    document = open_document(odd(SPECS[name], random), name)
    lists = [(path, value) for path, value in paths(document.data) if isinstance(value, list) and len(value) > 1]
    if lists:
        path, value = random.choice(lists)
        origin, target = random.randrange(len(value)), random.randrange(len(value))
        for change in (Move(path, origin, target), Insert(path, target, "nuevo")):
            assert edit(document, change).text.count("#") == document.text.count("#")


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(["demo.yaml", "software.yaml", "template"]))
def test_the_whole_written_again_says_the_same(seed: int, name: str) -> None:
    random = Random(seed)
    document = open_document(SPECS[name], name)
    after = changed(document.data, some_edit(document, random))[0]
    assert same(open_document(written_as_a_whole(document, after), name).data, after)


def test_splicing_alone_serves_every_spec_of_ours() -> None:
    for name in ("demo.yaml", "software.yaml", "vivero-minorista.yaml", "template"):
        document = open_document(SPECS[name], name)
        for path, _value in Random(name).sample(paths(document.data)[1:], 20):
            after, at, plan = changed(document.data, Remove(path))
            assert same(open_document(spliced(document, after, at, plan), name).data, after)
