"""Domains in parts: what one question asks, and what is joined as sets of records instead.

A domain may hold more ids than one question takes, as that of a condition on what lists give. Such a list is then known
already, or asked in portions, and joined to the rest by the algebra of `portfolio.formula`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from segmenter.conditions.domain import join
from segmenter.conditions.raw import ARITY
from segmenter.odoo.questions import LONG, MOST_IDS, PORTION, chunks, size
from segmenter.odoo.reader import OdooReader
from segmenter.portfolio.formula import Either, Every, Fixed, Formula, Without, records_of
from segmenter.record_set import RecordSet

Leaf = Sequence[Any]


@dataclass(frozen=True)
class Node:
    """A part of a domain: a leaf, or parts that ``connective`` joins. ``apart``: some leaf of it stands apart."""

    domain: tuple[Any, ...]
    apart: bool
    connective: str = ""
    parts: tuple[Node, ...] = ()

    def questions(self) -> Iterator[tuple[Any, ...]]:
        """The largest parts of it in which no leaf stands apart."""
        if not self.apart:
            yield self.domain
        for part in self.parts if self.apart else ():
            yield from part.questions()


def parsed(domain: Sequence[Any], apart: Callable[[Leaf], bool]) -> Node:
    """A domain in parts. ``apart``: whether a leaf is no part of a question, but handled by itself."""
    stack: list[Node] = []
    for item in reversed(domain):
        if isinstance(item, str):
            stack.append(_join(item, [stack.pop() for _part in range(ARITY[item])]))
        else:
            leaf = _frozen(item)
            stack.append(Node((leaf,), apart(leaf)))
    return stack[0] if len(stack) == 1 else _join("&", stack[::-1])


def _frozen(item: Any) -> Any:
    """A leaf and its list of values as tuples."""
    return item if isinstance(item, str) else tuple(tuple(part) if isinstance(part, list) else part for part in item)


def _join(connective: str, parts: Sequence[Node]) -> Node:
    """Parts joined; those in which no leaf stands apart become one, which is one question."""
    if connective == "!":
        return Node(("!", *parts[0].domain), parts[0].apart, "!", tuple(parts))
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if part.connective == connective else [part])
    asking = [part for part in flat if part.apart]
    rest = [part for part in flat if not part.apart]
    if rest:
        asking.append(Node(_terms(connective, rest), False))
    return Node(_terms(connective, flat), any(part.apart for part in flat), connective, tuple(asking))


def _terms(connective: str, parts: Sequence[Node]) -> tuple[Any, ...]:
    return tuple(join(connective, [list(part.domain) for part in parts]))


def sendable(domain: Sequence[Any]) -> list[Any]:
    """A domain whose leaves and lists of values are lists again."""
    return [
        item if isinstance(item, str) else [item[0], item[1], list(item[2]) if isinstance(item[2], tuple) else item[2]]
        for item in domain
    ]


class Asked:
    """One domain, to be asked of the records of a scope: ``questions``, and what comes of their answers."""

    def __init__(self, scope: Sequence[Any], domain: Sequence[Any]) -> None:
        whole = size([*scope, *sendable(domain)]).ids <= MOST_IDS
        self._node = Node(tuple(map(_frozen, domain)), False) if whole else parsed(domain, _is_long)
        self.questions = list(_questions(self._node))

    def formula(self, answers: Mapping[tuple[Any, ...], RecordSet]) -> Formula:
        """``answers``: the records of the scope that each of the questions takes."""
        return _formula(self._node, answers)


def search_all(
    reader: OdooReader, model: str, scope: Sequence[Any], domains: Sequence[Sequence[Any]], records: RecordSet
) -> list[RecordSet]:
    """The ``records``, all of a scope, that each domain takes. Equal questions are asked once, several at a time."""
    asked = [Asked(scope, domain) for domain in domains]
    questions = list(dict.fromkeys(question for one in asked for question in one.questions))
    found = reader.search_each(model, [[*scope, *sendable(question)] for question in questions])
    answers = dict(zip(questions, map(RecordSet, found), strict=True))
    return [records_of(one.formula(answers), records) for one in asked]


def _is_long(leaf: Leaf) -> bool:
    return leaf[1] in ("in", "not in") and isinstance(leaf[2], tuple) and len(leaf[2]) > LONG


def _questions(node: Node) -> Iterator[tuple[Any, ...]]:
    if not node.apart:
        yield node.domain
    elif node.connective:
        for part in node.parts:
            yield from _questions(part)
    else:
        yield from _portions(node.domain[0])


def _portions(leaf: Leaf) -> Iterator[tuple[Any, ...]]:
    """The questions for a long list of ids; none where it lists the records themselves."""
    if leaf[0] != "id":
        yield from (((leaf[0], "in", tuple(ids)),) for ids in chunks(leaf[2], PORTION))


def _formula(node: Node, answers: Mapping[tuple[Any, ...], RecordSet]) -> Formula:
    if not node.apart:
        return Fixed(answers[node.domain])
    if node.connective == "!":
        return Without(_formula(node.parts[0], answers))
    if node.connective:
        parts = tuple(_formula(part, answers) for part in node.parts)
        return Every(parts) if node.connective == "&" else Either(parts)
    name, operator, ids = node.domain[0]
    found: Formula = Fixed(RecordSet(ids))
    if name != "id":
        found = Either(tuple(Fixed(answers[portion]) for portion in _portions(node.domain[0])))
    return found if operator == "in" else Without(found)
