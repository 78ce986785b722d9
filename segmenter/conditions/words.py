"""A bound condition as a plain sentence in the current language, with the client's labels and names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from babel.dates import format_date
from babel.numbers import format_decimal

from segmenter.conditions.bound import Bound, BoundAll, BoundAny, BoundDomain, BoundLeaf, BoundNot
from segmenter.conditions.dates import moment
from segmenter.conditions.model import Scalar, Span
from segmenter.conditions.operators import COMPLEMENTS, DATES, kind_of
from segmenter.i18n import N_, NN_, _, all_of, clock, joined, language, ngettext, one_of

_SIMPLE = {
    # operator: (as it is, its complement)
    "=": (N_("{field} is {value}"), N_("{field} is not {value}")),
    ">": (N_("{field} is more than {value}"), N_("{field} is at most {value}")),
    ">=": (N_("{field} is at least {value}"), N_("{field} is less than {value}")),
    "<": (N_("{field} is less than {value}"), N_("{field} is at least {value}")),
    "<=": (N_("{field} is at most {value}"), N_("{field} is more than {value}")),
    "contains": (N_("{field} contains {value}"), N_("{field} does not contain {value}")),
    "starts_with": (N_("{field} starts with {value}"), N_("{field} does not start with {value}")),
    "ends_with": (N_("{field} ends with {value}"), N_("{field} does not end with {value}")),
    "under": (N_("{field} is {value} or below"), N_("{field} is neither {value} nor below")),
    "has_any": (N_("{field} include {value}"), N_("{field} do not include {value}")),
    "has_all": (N_("{field} include all of {value}"), N_("{field} do not include all of {value}")),
}
_DATED = {
    "=": (N_("{field} is on {value}"), N_("{field} is not on {value}")),
    ">": (N_("{field} is after {value}"), N_("{field} is not after {value}")),
    ">=": (N_("{field} is {value} or later"), N_("{field} is not {value} or later")),
    "<": (N_("{field} is before {value}"), N_("{field} is not before {value}")),
    "<=": (N_("{field} is {value} or earlier"), N_("{field} is not {value} or earlier")),
}
_NEITHER = {
    # the complement, of several values
    "=": N_("{field} is neither {names} nor {last}"),
    "has_any": N_("{field} include neither {names} nor {last}"),
}
_BETWEEN = (
    (N_("{field} is between {low} and {high}"), N_("{field} is not between {low} and {high}")),
    (N_("{field} is from {low} to {high}"), N_("{field} is not from {low} to {high}")),  # of dates
)
_RELATIVE = {
    "within": (N_("{field} is within {span}"), N_("{field} is not within {span}")),
    "older_than": (N_("{field} is more than {span} ago"), N_("{field} is not more than {span} ago")),
    "next": (N_("{field} is within {span}"), N_("{field} is not within {span}")),
}


Amount = Callable[[float], str]
"""How money is written."""


def words(bound: Bound, amount: Amount | None = None) -> str:
    """``Expected revenue is at least 5,000,000 and Country is Chile or Peru, and (Source is Referral or ...)``.

    ``amount``: of the company's currency; without it, money is a number like any other.
    """
    return _words(bound, amount or number, negated=False)


def _words(bound: Bound, amount: Amount, *, negated: bool) -> str:
    match bound:
        case BoundNot(part):
            return _words(part, amount, negated=not negated)
        case BoundLeaf():
            return _leaf(bound, amount, negated)
        case BoundDomain(raw):
            return _("the Odoo domain {domain} holds").format(domain=list(raw))
        case BoundAll(parts) | BoundAny(parts):
            if len(parts) == 1:
                return _words(parts[0], amount, negated=negated)
            sentence = _joined(parts, amount, is_all=isinstance(bound, BoundAll))
            return _("not ({condition})").format(condition=sentence) if negated else sentence


def _joined(parts: Sequence[Bound], amount: Amount, *, is_all: bool) -> str:
    if not parts:
        return _("always") if is_all else _("never")
    if is_all:
        parts = [part for part in parts if not _is_said(part, parts)]
    sentence = ""
    for index, part in enumerate(parts):
        text = _words(part, amount, negated=False)
        group = _is_group(part)
        if group:
            text = f"({text})"
        if not index:
            sentence = text
        elif is_all:
            between = _("{sentence}, and {group}") if group else _("{sentence} and {group}")
            sentence = joined(between, sentence=sentence, group=text)
        else:
            between = _("{sentence}, or {group}") if group else _("{sentence} or {group}")
            sentence = joined(between, sentence=sentence, group=text)
    return sentence


def _is_said(part: Bound, parts: Sequence[Bound]) -> bool:
    """Whether an amount beside it names the currency that a leaf is about: ``at least 5,000,000 CLP``."""
    if not isinstance(part, BoundLeaf) or not part.amount:
        return False
    beside = [one for one in parts if isinstance(one, BoundLeaf) and not one.amount]
    return any((one.fields, one.currency) == (part.amount, part.currency) for one in beside)


def _is_group(bound: Bound) -> bool:
    """Whether it reads as several conditions that belong together."""
    return isinstance(bound, BoundAll | BoundAny) and (len(bound.parts) > 1 or any(map(_is_group, bound.parts)))


def _leaf(leaf: BoundLeaf, amount: Amount, negated: bool) -> str:
    negative = leaf.negative != negated
    if leaf.amount:
        sentence = _("{field} is not in {currency}") if negative else _("{field} is in {currency}")
        return sentence.format(field=label(replace(leaf, fields=leaf.amount)), currency=leaf.currency)
    operator = COMPLEMENTS.get(leaf.operator, leaf.operator)
    field, kind = label(leaf), kind_of(leaf.field)
    if operator == "empty":
        return (_("{field} is not empty") if negative else _("{field} is empty")).format(field=field)
    if leaf.span is not None:
        return _(_RELATIVE[operator][negative]).format(field=field, span=length(leaf.span, operator))
    names = [_value(leaf, index, amount) for index in range(len(leaf.values))]
    dated = kind in DATES
    if operator == "between":
        sentence = _(_BETWEEN[dated][negative])
        return sentence.format(field=field, low=names[0], high=names[1])
    if operator == "in":
        operator = "="
    if kind == "many" and operator == "=":
        operator = "has_any"
    if negative and operator in _NEITHER and names[1:]:
        return joined(_(_NEITHER[operator]), field=field, names=", ".join(names[:-1]), last=names[-1])
    sentences = _DATED if dated and None not in leaf.values else _SIMPLE
    value = all_of(names) if operator == "has_all" else one_of(names)
    return _(sentences[operator][negative]).format(field=field, value=value)


def label(leaf: BoundLeaf) -> str:
    """The field as the client calls it: ``Country``, ``Code of Country``; a final ``name`` goes without saying."""
    steps = [step.label for step in leaf.fields]
    if len(steps) > 1 and leaf.field.name == "name":
        steps.pop()
    text = steps[-1]
    for owner in reversed(steps[:-1]):
        text = _("{field} of {owner}").format(field=text, owner=owner)
    return text


def _value(leaf: BoundLeaf, index: int, amount: Amount) -> str:
    if leaf.shown and leaf.shown[index]:
        return leaf.shown[index]
    value: Scalar = leaf.values[index]
    if value is None:
        return _("empty")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float) and leaf.currency:
        return f"{number(value)} {leaf.currency}"
    if isinstance(value, int | float):
        # A field of the client's own may be in any currency.
        ours = leaf.field.type == "monetary" and not leaf.field.name.startswith("x_")
        return amount(value) if ours else number(value)
    if at := moment(value) if kind_of(leaf.field) in DATES else None:
        if at.is_day:
            return format_date(at.local.date(), "long", locale=language())
        return f"{format_date(at.local, 'medium', locale=language())} {clock(at.local)}"
    return _("“{text}”").format(text=value)


def number(value: float) -> str:
    """A number as people here write it: ``5,000,000`` or ``5.000.000``."""
    return format_decimal(value, format="#,##0.######", locale=language())


_SPANS = {
    # (operator, unit): whole phrases, for what comes before a unit follows its gender in Spanish
    ("older_than", "days"): NN_("{number} day", "{number} days"),
    ("older_than", "weeks"): NN_("{number} week", "{number} weeks"),
    ("older_than", "months"): NN_("{number} month", "{number} months"),
    ("older_than", "years"): NN_("{number} year", "{number} years"),
    ("within", "days"): NN_("the last {number} day", "the last {number} days"),
    ("within", "weeks"): NN_("the last {number} week", "the last {number} weeks"),
    ("within", "months"): NN_("the last {number} month", "the last {number} months"),
    ("within", "years"): NN_("the last {number} year", "the last {number} years"),
    ("next", "days"): NN_("the next {number} day", "the next {number} days"),
    ("next", "weeks"): NN_("the next {number} week", "the next {number} weeks"),
    ("next", "months"): NN_("the next {number} month", "the next {number} months"),
    ("next", "years"): NN_("the next {number} year", "the next {number} years"),
}


def length(span: Span, operator: str) -> str:
    """``the last 90 days`` (``within``), ``the next 2 weeks`` (``next``), ``3 months`` (``older_than``)."""
    return ngettext(*_SPANS[operator, span.unit], span.count).format(number=number(span.count))
