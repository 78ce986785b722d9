"""A condition as the text of a saved favourite: a domain that Odoo's web client evaluates each time it is opened.

The client reads the text as Python. What it takes was tried on 14 and 19: literals, ``context_today()``,
``relativedelta`` and ``datetime``, as Odoo's own filters write them. A relative date becomes such an expression, so
that "the last 90 days" are those of the day on which somebody looks, as their browser has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from segmenter.conditions.bound import (
    Bound,
    BoundAll,
    BoundAny,
    BoundDomain,
    BoundLeaf,
    BoundNot,
    BoundRelated,
    DateRange,
)
from segmenter.conditions.model import Span
from segmenter.conditions.operators import kind_of
from segmenter.conditions.portable import Refusal
from segmenter.i18n import _

SMALLEST = 1e-6
"""A number nearer to zero is written by JavaScript with an exponent, which the client of Odoo 14 does not read."""
_ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_UNREADABLE = frozenset(chr(code) for code in (*range(32), 127, 0x2028, 0x2029)) - set("\n\r\t")


class Code(str):
    """Python that the web client evaluates, where a domain otherwise has a value."""


def moving(bound: Bound) -> Bound:
    """The same condition with relative dates that the web client works out."""
    match bound:
        case BoundAll(parts) | BoundAny(parts):
            return replace(bound, parts=tuple(moving(part) for part in parts))
        case BoundNot(part):
            return replace(bound, part=moving(part))
        case BoundLeaf(span=Span() as span):
            return replace(bound, ranges=(_range(bound.operator, span, kind_of(bound.field) or ""),))
        case _:
            return bound


def _range(operator: str, span: Span, kind: str) -> DateRange:
    """What `dates.relative_range` gives, as expressions."""
    unit, count = ("days", 7 * span.count) if span.unit == "weeks" else (span.unit, span.count)
    if operator == "next":
        far = f"days={count + 1}" if unit == "days" else f"{unit}={count}, days=1"
        return _day("days=0", kind), _day(far, kind)
    if operator == "older_than":
        return None, _day(f"{unit}=-{count}", kind)
    return _day(f"{unit}=-{count}", kind), _day("days=1", kind)


def _day(shift: str, kind: str) -> Code:
    """The beginning of a day so far from today, as a field of ``kind`` date or datetime has it."""
    day = f"context_today() + relativedelta({shift})"
    if kind == "date":
        return Code(f"({day}).strftime('%Y-%m-%d')")
    midnight = f"datetime.datetime.combine({day}, datetime.time(0, 0, 0))"
    return Code(f"{midnight}.to_utc().strftime('%Y-%m-%d %H:%M:%S')")


def text_of(domain: Sequence[Any]) -> str:
    """A domain, its `Code` among the values, as the text of a favourite."""
    return f"[{', '.join(map(_item, domain))}]"


def _item(item: Any) -> str:
    if isinstance(item, str):
        return _literal(item)
    name, operator, value = item
    return f"({_literal(name)}, {_literal(operator)}, {_literal(value)})"


def _literal(value: Any) -> str:
    if isinstance(value, Code):
        return str(value)
    if isinstance(value, str):
        return f"'{value.translate(_ESCAPES)}'"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    return repr(False if value is None else value)


def unreadable(bound: Bound) -> Iterator[tuple[BoundLeaf | BoundDomain | BoundRelated, Refusal]]:
    """The parts of a condition that the web client cannot ask anew, or whose values it does not read back, and why."""
    match bound:
        case BoundAll(parts) | BoundAny(parts):
            for part in parts:
                yield from unreadable(part)
        case BoundNot(part):
            yield from unreadable(part)
        case BoundRelated():
            what = _("What the records of a list add up to is worked out when a plan is made, not by Odoo's search bar")
            yield bound, Refusal(what, _("ask for a field of the record itself"))
        case BoundLeaf(values=values) | BoundDomain(domain=values):
            if (why := _unreadable_value(values)) is not None:
                yield bound, why


def _unreadable_value(value: object) -> Refusal | None:
    if isinstance(value, list | tuple):
        return next((why for item in value if (why := _unreadable_value(item))), None)
    if isinstance(value, str) and not _UNREADABLE.isdisjoint(value):
        return Refusal(_("Odoo's search bar cannot read a control character in a text"), _("take it out of the text"))
    if isinstance(value, float) and 0 < abs(value) < SMALLEST:
        return Refusal(_("Odoo's search bar cannot read the number {number}").format(number=value), _("round it"))
    return None
