"""A bound condition as a plain sentence in the current language, with the client's labels and names."""

from __future__ import annotations

from collections.abc import Sequence

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from segmenter.conditions.bound import Bound, BoundAll, BoundAny, BoundDomain, BoundLeaf, BoundNot
from segmenter.conditions.dates import moment
from segmenter.conditions.domain import reads_negative
from segmenter.conditions.model import Scalar, Span
from segmenter.conditions.operators import COMPLEMENTS, kind_of
from segmenter.i18n import N_, _, language, ngettext

_SIMPLE = {
    # operator: (as it is, its complement)
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
    ">": (N_("{field} is after {value}"), N_("{field} is not after {value}")),
    ">=": (N_("{field} is {value} or later"), N_("{field} is not {value} or later")),
    "<": (N_("{field} is before {value}"), N_("{field} is not before {value}")),
    "<=": (N_("{field} is {value} or earlier"), N_("{field} is not {value} or earlier")),
}
_RELATIVE = {
    "within": (N_("{field} is within the last {span}"), N_("{field} is not within the last {span}")),
    "older_than": (N_("{field} is more than {span} ago"), N_("{field} is not more than {span} ago")),
    "next": (N_("{field} is within the next {span}"), N_("{field} is not within the next {span}")),
}


def words(bound: Bound) -> str:
    """``Expected revenue is at least 5,000,000 and Country is Chile or Peru, and (Source is Referral or ...)``."""
    return _words(bound, negated=False)


def _words(bound: Bound, *, negated: bool) -> str:
    match bound:
        case BoundNot(part):
            return _words(part, negated=not negated)
        case BoundLeaf():
            return _leaf(bound, negated)
        case BoundDomain(raw):
            return _("the Odoo domain {domain} holds").format(domain=list(raw))
        case BoundAll(parts) | BoundAny(parts):
            if len(parts) == 1:
                return _words(parts[0], negated=negated)
            sentence = _joined(parts, is_all=isinstance(bound, BoundAll))
            return _("not ({condition})").format(condition=sentence) if negated else sentence


def _joined(parts: Sequence[Bound], *, is_all: bool) -> str:
    if not parts:
        return _("always") if is_all else _("never")
    sentence = ""
    for index, part in enumerate(parts):
        text = _words(part, negated=False)
        group = _is_group(part)
        if group:
            text = f"({text})"
        if not index:
            sentence = text
        elif is_all:
            between = _("{sentence}, and {group}") if group else _("{sentence} and {group}")
            sentence = between.format(sentence=sentence, group=text)
        else:
            between = _("{sentence}, or {group}") if group else _("{sentence} or {group}")
            sentence = between.format(sentence=sentence, group=text)
    return sentence


def _is_group(bound: Bound) -> bool:
    """Whether it reads as several conditions that belong together."""
    return isinstance(bound, BoundAll | BoundAny) and (len(bound.parts) > 1 or any(map(_is_group, bound.parts)))


def _leaf(leaf: BoundLeaf, negated: bool) -> str:
    negative = reads_negative(leaf) != negated
    operator = COMPLEMENTS.get(leaf.operator, leaf.operator)
    field, kind = label(leaf), kind_of(leaf.field)
    if operator == "empty":
        return (_("{field} is not empty") if negative else _("{field} is empty")).format(field=field)
    if leaf.span is not None:
        return _(_RELATIVE[operator][negative]).format(field=field, span=_span(leaf.span))
    names = [_value(leaf, index) for index in range(len(leaf.values))]
    if operator == "between":
        sentence = (
            _("{field} is not between {low} and {high}") if negative else _("{field} is between {low} and {high}")
        )
        return sentence.format(field=field, low=names[0], high=names[1])
    if kind == "many" and operator in ("=", "in"):
        operator = "has_any"
    value = _all_of(names) if operator == "has_all" else _one_of(names)
    if operator in ("=", "in"):
        return (_("{field} is not {value}") if negative else _("{field} is {value}")).format(field=field, value=value)
    sentences = _DATED if kind in ("date", "datetime") else _SIMPLE
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


def _one_of(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return _("{names} or {last}").format(names=", ".join(names[:-1]), last=names[-1])


def _all_of(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return _("{names} and {last}").format(names=", ".join(names[:-1]), last=names[-1])


def _value(leaf: BoundLeaf, index: int) -> str:
    if leaf.shown and leaf.shown[index]:
        return leaf.shown[index]
    value: Scalar = leaf.values[index]
    if value is None:
        return _("empty")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return number(value)
    if at := moment(value) if kind_of(leaf.field) in ("date", "datetime") else None:
        if at.is_day:
            return format_date(at.local.date(), "long", locale=language())
        return format_datetime(at.local, "medium", locale=language())
    return _("“{text}”").format(text=value)


def number(value: float) -> str:
    """A number as people here write it: ``5,000,000`` or ``5.000.000``."""
    return format_decimal(value, format="#,##0.######", locale=language())


def _span(span: Span) -> str:
    texts = {
        "days": ngettext("{number} day", "{number} days", span.count),
        "weeks": ngettext("{number} week", "{number} weeks", span.count),
        "months": ngettext("{number} month", "{number} months", span.count),
        "years": ngettext("{number} year", "{number} years", span.count),
    }
    return texts[span.unit].format(number=number(span.count))
