"""The history of a meeting: all undone gives the first text, and redo gives it all back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmenter.editing import Insert, Move, Put, Remove, open_document
from segmenter.editing.history import Change, Entry, History
from tests.support.editing import odd, some_edit, specs

SPECS = specs()
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(sorted(SPECS)))
def test_all_undone_gives_the_first_text_and_redo_gives_it_back(seed: int, name: str) -> None:
    random = Random(seed)
    text = odd(SPECS[name], random)
    history = History(open_document(text, name))
    texts = [history.document.text]
    for _ in range(random.randrange(1, 6)):
        history = history.edited(some_edit(history.document, random), NOW)
        if history.document.text != texts[-1]:
            texts.append(history.document.text)
    for expected in reversed(texts[:-1]):
        history = history.undo(NOW)
        assert history.document.text == expected
    assert history.document.text == text
    assert not history.done
    for expected in texts[1:]:
        history = history.redo(NOW)
        assert history.document.text == expected
    assert not history.undone
    assert len(history.entries) == 3 * (len(texts) - 1)


def test_entries_say_what_changed_when_and_which_way() -> None:
    history = History(open_document("a: {b: 1}\nl: [x, y]\n", "x"))
    santiago = timezone(timedelta(hours=-3))
    for change in (
        Put(("a", "b"), 2),
        Put(("a", "c"), None),
        Insert(("l",), 2, "z"),
        Move(("l",), 0, 2),
        Remove(("a",)),
    ):
        history = history.edited(change, datetime(2026, 3, 1, 9, tzinfo=santiago))
    changes = [
        Change("set", ("a", "b"), 1, 2),
        Change("added", ("a", "c"), None, None),
        Change("added", ("l", 2), None, "z"),
        Change("moved", ("l", 0), "x", "x", ("l", 2)),
        Change("removed", ("a",), {"b": 2, "c": None}, None),
    ]
    assert history.entries == tuple(Entry(NOW, "edit", (change,)) for change in changes)
    for _ in changes:
        history = history.undo(NOW)
    assert [entry.changes for entry in history.entries[5:]] == [
        (Change("added", ("a",), None, {"b": 2, "c": None}),),
        (Change("moved", ("l", 2), "x", "x", ("l", 0)),),
        (Change("removed", ("l", 2), "z", None),),
        (Change("removed", ("a", "c"), None, None),),
        (Change("set", ("a", "b"), 2, 1),),
    ]


def test_a_new_edit_gives_up_what_was_undone_and_keeps_the_entries() -> None:
    history = History(open_document("a: 1\n", "x")).edited(Put(("a",), 2), NOW).undo(NOW).edited(Put(("a",), 3), NOW)
    assert not history.undone
    assert history.redo(NOW) is history
    assert [entry.action for entry in history.entries] == ["edit", "undo", "edit"]
    assert history.document.text == "a: 3\n"


def test_what_changes_nothing_leaves_no_trace() -> None:
    history = History(open_document("a: 1\n", "x"))
    assert history.edited(Put(("a",), 1), NOW) is history
    assert history.undo(NOW) is history


def test_a_time_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        History(open_document("a: 1\n", "x")).edited(Put(("a",), 2), datetime(2026, 3, 1))
