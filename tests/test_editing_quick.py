"""What is read quickly is what the loader that judges every spec reads, to the place."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmenter.editing import Put, edit, open_document
from segmenter.editing.quick import facts, read_alike, read_quickly
from segmenter.errors import SpecError
from segmenter.spec.document import read
from tests.test_editing_edits import SPECS, odd, some_edit


@pytest.mark.parametrize("name", sorted(SPECS))
def test_our_specs_are_read_quickly(name: str) -> None:
    slowly, quickly = read(SPECS[name], name), read_quickly(SPECS[name], name)
    assert open_document(SPECS[name], name).quick == (not slowly.aliases)
    assert (quickly.data, quickly.positions, quickly.problems) == (slowly.data, slowly.positions, slowly.problems)


@pytest.mark.parametrize(
    "text", ["a: {b: c,\td: e}\n", "a: {b: \n  }\n", "a: &x 1\nb: *x\n", "a: [!b, c]\n", "a: [", "a: \x01"]
)
def test_what_could_be_read_otherwise_is_not(text: str) -> None:
    assert not read_alike(text)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(sorted(SPECS)))
def test_an_edited_text_is_read_to_the_place(seed: int, name: str) -> None:
    random = Random(seed)
    document = open_document(odd(SPECS[name], random), name)
    for _ in range(2):
        document = edit(document, some_edit(document, random))
        slowly = read(document.text, name)
        assert facts(document.root) == facts(slowly.root)
        assert document.as_read.positions == slowly.positions
        assert document.problems == slowly.problems


def test_what_is_wrong_is_told_in_the_same_words() -> None:
    broken = "client: {name: Ana\nscope: x\n"
    with pytest.raises(SpecError) as slowly:
        read(broken, "x")
    with pytest.raises(SpecError) as quickly:
        read_quickly(broken, "x")
    assert quickly.value.problems == slowly.value.problems


def test_a_text_with_an_alias_stays_with_the_other_loader() -> None:
    document = open_document("a: &x 1\nb: *x\nc: 2\n", "x")
    assert not document.quick
    assert not edit(document, Put(("c",), 3)).quick
