"""Bounds the size of one question to a server. A larger one is split, or refused before it is sent.

Each term may become a join or a subquery, and PostgreSQL compiles a query that it thinks expensive. Measured on Odoo 19
as PostgreSQL comes: one search of some 2,000 records in as many combinations of segments, each with its own terms, kept
the server busy for over ten minutes and took 4 GB of its memory, and no time limit ended it. So whatever joins
conditions does it here, and `OdooReader` sends nothing that is larger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from xmlrpc.client import dumps

from segmenter.conditions import Domain, any_of
from segmenter.errors import Path, Problem, SegmenterError
from segmenter.i18n import _

MOST_TERMS = 400
"""The most comparisons in one domain."""
MOST_JOINED = 60
"""The most comparisons in a domain that `joined` makes. Measured on Odoo 19 and 2,000 leads: 30 groups of ids
that hold some tags and not others, 90 comparisons, take less than a second, and 50 groups 17 s, most of it JIT."""
MOST_BYTES = 64 * 1024
"""The most bytes of a domain as XML, without long lists of ids; a condition that people write takes 1 or 2 KB."""
MOST_IDS = 2_000
"""The most ids in the long lists of one domain. Measured on PostgreSQL 15: with 20,000 the planner's estimate
is high enough to compile the query, and that alone takes a second; ten questions of 2,000 take half of one."""
PORTION = MOST_IDS // 2
"""Ids of a list that is asked in portions; as many are left for the scope."""
LONG = 100
"""A longer list of ids is counted apart; a shorter one counts by its bytes, as part of the condition."""

_EMPTY = len(dumps(([],)))
Item = TypeVar("Item")


class QuestionTooLarge(SegmenterError):
    """A question that is too large to be sent."""


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a domain: comparisons, bytes as sent, ids in long lists."""

    terms: int = 0
    bytes: int = 0
    ids: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(self.terms + other.terms, self.bytes + other.bytes, self.ids + other.ids)

    def fits(self, most: int = MOST_TERMS) -> bool:
        """Whether a domain of this size may be sent. ``most``: comparisons."""
        return self.terms <= most and self.bytes <= MOST_BYTES and self.ids <= MOST_IDS


def size(domain: Sequence[Any]) -> Size:
    """The size of a domain."""
    terms = [item for item in domain if not isinstance(item, str)]
    ids = sum(len(term[2]) for term in terms if _is_long(term[2]))
    return Size(len(terms), len(dumps((without_lists(domain),), allow_none=True).encode()) - _EMPTY, ids)


def without_lists(domain: Sequence[Any]) -> list[Any]:
    """A domain without the ids of its long lists, which can be asked in portions."""
    return [item if isinstance(item, str) or not _is_long(item[2]) else [*item[:2], []] for item in domain]


def _is_long(value: object) -> bool:
    return isinstance(value, list) and len(value) > LONG and all(isinstance(item, int) for item in value)


def check_size(domain: Sequence[Any]) -> None:
    """Raises `QuestionTooLarge` for a domain that is too large."""
    if problem := too_large((), domain):
        raise QuestionTooLarge(problem.what, todo=problem.todo)


def too_large(path: Path, *domains: Sequence[Any]) -> Problem | None:
    """The problem of asking for all these domains in one question; None if they fit."""
    total = sum(map(size, domains), Size())
    if total.fits():
        return None
    what = _(
        "This asks too much of Odoo at once: {terms} comparisons and {kilobytes} KB; at most {most} and {most_kb} KB"
    )
    return Problem(
        path,
        what.format(terms=total.terms, kilobytes=-(-total.bytes // 1024), most=MOST_TERMS, most_kb=MOST_BYTES // 1024),
        _("shorten its lists, or ask for something that these records have in common"),
    )


def joined(asked: Iterable[tuple[Domain, Sequence[int]]]) -> Iterator[Domain]:
    """Domains that together take the records that meet their own condition.

    ``asked``: pairs of a condition (one complete term) and the ids of records to ask it of.
    """
    terms: list[Domain] = []
    total, named = Size(), 0
    for condition, records in asked:
        start = 0
        while start < len(records):
            ids = list(records[start : start + MOST_IDS - named])
            term: Domain = ["&", ("id", "in", ids), *condition]
            here = size(["|", *term])
            if terms and not (ids and (total + here).fits(MOST_JOINED)):
                yield any_of(*terms)
                terms, total, named = [], Size(), 0
                continue
            terms.append(term)
            total, named, start = total + here, named + len(ids), start + len(ids)
    if terms:
        yield any_of(*terms)


def chunks(items: Sequence[Item], most: int = MOST_IDS) -> Iterator[list[Item]]:
    """The items in lists of at most ``most``, in order."""
    for start in range(0, len(items), most):
        yield list(items[start : start + most])


def chunks_of_texts(texts: Iterable[str]) -> Iterator[list[str]]:
    """The texts in lists, in order, each short enough for one comparison."""
    room = MOST_BYTES // 2
    chunk: list[str] = []
    used = 0
    for text in texts:
        length = len(dumps((text,)).encode())
        if chunk and used + length > room:
            yield chunk
            chunk, used = [], 0
        chunk.append(text)
        used += length
    if chunk:
        yield chunk
