"""Which entries of a list or mapping are those of another: what stays, what moves, what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from segmenter.editing.document import same
from segmenter.spec.document import Data

Plan = Sequence[int | str | None]
"""For each new entry the one that it was: a position of a list, a key of a mapping; None for a new one."""


def aligned_keys(before: Mapping[str, Data], after: Mapping[str, Data]) -> Plan:
    """Keys stay themselves."""
    return [key if key in before else None for key in after]


def aligned_items(before: Sequence[Data], after: Sequence[Data]) -> Plan:
    """Equal items are the same, wherever they stand; the others are paired in their order between those."""
    plan: list[int | None] = [None] * len(after)
    taken: set[int] = set()
    blocks = SequenceMatcher(None, [_mark(item) for item in before], [_mark(item) for item in after], autojunk=False)
    for start, first, length in blocks.get_matching_blocks():
        for step in range(length):
            plan[first + step] = start + step
            taken.add(start + step)
    for position, item in enumerate(after):
        if plan[position] is None:
            moved = next((i for i, old in enumerate(before) if i not in taken and same(old, item)), None)
            if moved is not None:
                plan[position] = moved
                taken.add(moved)
    for position in range(len(after)):
        if plan[position] is None:
            beside = plan[position - 1] if position else -1
            candidate = None if beside is None else beside + 1
            if candidate is not None and candidate < len(before) and candidate not in taken:
                plan[position] = candidate
                taken.add(candidate)
    return plan


def _mark(item: Data) -> str:
    return repr(item)
