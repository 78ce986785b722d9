"""Faults of YAML itself, said to somebody who does not know YAML."""

from __future__ import annotations

import pytest

from segmenter.errors import SpecError
from segmenter.spec.document import read

FAULTS = {
    "a:\tb": "x:1:3: There is a tab here, and YAML wants spaces; put spaces in place of the tab",
    "a:\n\tb: 1": "x:2:1: There is a tab here, and YAML wants spaces; put spaces in place of the tab",
    "a:\n  >=: 5": 'x:2:4: Text cannot begin with > or | here; put operators in quotes: ">=": 5',
    "a: {>=: 5}": 'x:1:5: Text cannot begin with > here; put operators in quotes: ">=": 5',
    "a: @b": "x:1:4: Text cannot begin with this character; put the text in quotes",
    "a: *b": "x:1:4: Text that begins with * repeats an anchor, and there is none of this name; put the text in quotes",
    "a: * b": "x:1:5: Text cannot begin with * or & here; put the text in quotes",
    "a: &b 1\nc: &b 2": "x:2:4: This anchor (&name) is already taken; give it another name",
    "a: 1\n...\nb": "x:3:1: The text before this is complete already, so this cannot follow; "
    "keys of one level begin in the same column; use spaces alone",
    "a: b: c": "x:1:5: A colon is not expected here; check the indentation, or quote it",
    "a: 1\nb\nc: 2": "x:3:1: A key without its colon; write `key: value`, or quote the text",
    "a:\n  b: 1\n c: 2": "x:3:2: This line does not fit the indentation of the lines above it; "
    "keys of one level begin in the same column; use spaces alone",
    "a: - b": "x:1:4: A list cannot begin here; put each - on a line of its own",
    "a: [1, 2": "x:1:9: A list [...] or mapping {...} is not closed, or lacks a comma; check the brackets",
    "a: {b: 1 c: 2}": "x:1:11: A list [...] or mapping {...} is not closed, or lacks a comma; check the brackets",
    "a: 'b": "x:1:6: Text in quotes is not closed; add the missing quote",
    'a: "b\n---\n': "x:2:1: Text in quotes is not closed; add the missing quote",
    'a: "C:\\qos"': "x:1:8: A backslash in double quotes begins an escape, and this is none; "
    "use single quotes, or write \\\\ for a backslash",
    "a: !b!c d": "x:1:4: Specs use no tags (words after !); put the text in quotes",
    "a: ]": "x:1:4: A value is missing here; write it, or quote it if it is a sign",
    "%YAML 2.0\n---\na: 1": "x:1:1: This is not valid YAML; check indentation, colons, quotes and brackets around here",
    'a: "\\UFFFFFFFF"': "x:1:7: This is not valid YAML; check indentation, colons, quotes and brackets around here",
}


@pytest.mark.parametrize("text", FAULTS)
def test_one_sentence_with_its_place(text: str) -> None:
    with pytest.raises(SpecError) as caught:
        read(text, "x")
    assert str(caught.value) == FAULTS[text]


@pytest.mark.parametrize("value", ["*hunter2", "!hunter2!a b", "@hunter2", '"hunter2', "&hunter2 *hunter3"])
def test_a_fault_in_a_secret_does_not_repeat_it(value: str) -> None:
    with pytest.raises(SpecError) as caught:
        read(f"password: {value}", "x")
    assert "hunter" not in str(caught.value)
