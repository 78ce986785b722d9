"""Properties as a server tells them, as we keep them, and as it takes them: each type that a team can make up."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.conditions.properties import from_wire, in_words, same, to_wire


def told(kind: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"name": "abcd1234", "string": "Dato", "type": kind, "value": value, **more}


@pytest.mark.parametrize(
    ("one", "taken", "words"),
    [
        (told("char", "olivo"), "olivo", "olivo"),
        (told("integer", 0), 0, "0"),
        (told("float", 1.5), 1.5, "1.5"),
        (told("boolean", True), True, "yes"),
        (told("date", "2026-01-05"), "2026-01-05", "2026-01-05"),
        (told("selection", "a", selection=[["a", "Goteo"], ["b", "Surco"]]), "a", "Goteo"),
        (told("selection", "gone", selection=[["a", "Goteo"]]), "gone", "gone"),
        (told("tags", ["x", "y"], tags=[["x", "Equis", 1], ["y", "Ye", 2]]), ["x", "y"], "Equis, Ye"),
        (told("many2one", [7, "Rosa"], comodel="res.partner"), 7, "Rosa"),
        (told("many2many", [[7, "Rosa"], [9, "Ana"]], comodel="res.partner"), [7, 9], "Rosa, Ana"),
        (told("many2one", 7, comodel="res.partner"), 7, "#7"),
        (told("many2many", [7, 9], comodel="res.partner"), [7, 9], "#7, #9"),
        (told("many2one", [7, None], comodel="res.partner"), 7, "#7"),
    ],
)
def test_what_is_filled_in_is_kept_and_taken_again(one: dict[str, Any], taken: Any, words: str) -> None:
    kept = from_wire([one])
    assert to_wire(kept) == {"abcd1234": taken}
    assert in_words(kept or "") == f"Dato: {words}"


@pytest.mark.parametrize("value", [None, False, "", []])
def test_what_nobody_filled_in_is_nothing(value: Any) -> None:
    without = {"name": "abcd1234", "string": "Dato", "type": "char"}
    assert from_wire([told("char", value)]) is from_wire([without]) is from_wire([]) is from_wire(False) is None
    assert to_wire(None) == {}


def test_what_it_is_called_and_in_what_order_makes_no_difference() -> None:
    one, other = told("char", "olivo"), {**told("char", "a"), "name": "bbbb1234"}
    assert same(from_wire([one, other]), from_wire([other, {**one, "string": "Cultivo"}]))
    assert not same(from_wire([one]), from_wire([one, other]))
    assert not same(from_wire([one]), None)
