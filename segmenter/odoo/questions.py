"""How much one question may ask of a server. What is more goes in several questions, or is refused before it is sent.

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
"""Comparisons in one domain."""
MOST_JOINED = 60
"""Comparisons in a domain that is joined here of many conditions. Measured on Odoo 19 and 2,000 leads: 30 groups of ids
that hold some tags and not others, 90 comparisons, take less than a second, and 50 groups 17 s, most of it JIT."""
MOST_BYTES = 64 * 1024
"""Of XML, long lists of ids aside: a condition as people write it takes one or two thousand."""
MOST_IDS = 2_000
"""Ids in the long lists of one domain. Measured on PostgreSQL 15: with 20,000 the planner's estimate passes the bound
from which it compiles the query, and that alone takes a second; ten questions of 2,000 take half of one."""
LONG = 100
"""Ids in a list that is counted apart; a shorter one is a part of the condition, and of its bytes."""

_EMPTY = len(dumps(([],)))
One = TypeVar("One")


class QuestionTooLarge(SegmenterError):
    """A question that no server is asked."""


@dataclass(frozen=True, slots=True)
class Size:
    """Of a domain: its comparisons, its bytes as they are sent, and the ids in its long lists."""

    terms: int = 0
    bytes: int = 0
    ids: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(self.terms + other.terms, self.bytes + other.bytes, self.ids + other.ids)

    def fits(self, most: int = MOST_TERMS) -> bool:
        """Whether a server is asked as much at once; ``most``: comparisons."""
        return self.terms <= most and self.bytes <= MOST_BYTES and self.ids <= MOST_IDS


def size(domain: Sequence[Any]) -> Size:
    """How large a domain is."""
    terms = [item for item in domain if not isinstance(item, str)]
    ids = sum(len(term[2]) for term in terms if _is_long(term[2]))
    shown = [item if isinstance(item, str) or not _is_long(item[2]) else [*item[:2], []] for item in domain]
    return Size(len(terms), len(dumps((shown,), allow_none=True).encode()) - _EMPTY, ids)


def _is_long(value: object) -> bool:
    return isinstance(value, list) and len(value) > LONG and all(isinstance(one, int) for one in value)


def check_size(domain: Sequence[Any]) -> None:
    """Raises `QuestionTooLarge` for a domain that is not sent."""
    if problem := too_large((), domain):
        raise QuestionTooLarge(problem.what, todo=problem.todo)


def too_large(path: Path, *domains: Sequence[Any]) -> Problem | None:
    """What is wrong with asking for records of all these domains at once; None where it can be asked."""
    found = sum(map(size, domains), Size())
    if found.fits():
        return None
    what = _(
        "This asks too much of Odoo at once: {terms} comparisons and {kilobytes} KB; at most {most} and {most_kb} KB"
    )
    return Problem(
        path,
        what.format(terms=found.terms, kilobytes=-(-found.bytes // 1024), most=MOST_TERMS, most_kb=MOST_BYTES // 1024),
        _("shorten its lists, or ask for something that these records have in common"),
    )


def joined(asked: Iterable[tuple[Domain, Sequence[int]]]) -> Iterator[Domain]:
    """Domains that together take, of each pair's records (ids), those that meet its condition (one complete term)."""
    terms: list[Domain] = []
    total, named = Size(), 0
    for condition, records in asked:
        start = 0
        while start < len(records):
            some = list(records[start : start + MOST_IDS - named])
            term: Domain = ["&", ("id", "in", some), *condition]
            here = size(["|", *term])
            if terms and not (some and (total + here).fits(MOST_JOINED)):
                yield any_of(*terms)
                terms, total, named = [], Size(), 0
                continue
            terms.append(term)
            total, named, start = total + here, named + len(some), start + len(some)
    if terms:
        yield any_of(*terms)


def chunks(some: Sequence[One], most: int = MOST_IDS) -> Iterator[list[One]]:
    """Lists of at most ``most``, in order."""
    for start in range(0, len(some), most):
        yield list(some[start : start + most])


def chunks_of_texts(texts: Iterable[str]) -> Iterator[list[str]]:
    """Lists in order, each of them short enough for one comparison with any of its texts."""
    room = MOST_BYTES // 2
    some: list[str] = []
    used = 0
    for text in texts:
        length = len(dumps((text,)).encode())
        if some and used + length > room:
            yield some
            some, used = [], 0
        some.append(text)
        used += length
    if some:
        yield some
