"""One comparison in words: the client's own label in a frame for the type of the field and the operator.

Each frame is a whole phrase, so that no language needs an article, a gender or an ending of the label.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from babel.dates import format_date
from babel.numbers import format_decimal

from segmenter.conditions.bound import is_negative
from segmenter.conditions.dates import moment
from segmenter.conditions.facts import Facts
from segmenter.conditions.model import Scalar, Span
from segmenter.conditions.operators import COMPLEMENTS, DATES
from segmenter.i18n import N_, NN_, _, all_of, clock, joined, language, ngettext, one_of

Amount = Callable[[float], str]
"""How money is written."""
Frame = tuple[str, str, str]
"""A comparison, its complement, and its complement where there are several values."""

_IS: Frame = (N_("{field}: {value}"), N_("{field}: not {value}"), N_("{field}: neither {names} nor {last}"))
_ONE: dict[str, Frame] = {
    "=": _IS,
    "contains": (
        N_("{field} contains {value}"),
        N_("{field} does not contain {value}"),
        N_("{field} contains neither {names} nor {last}"),
    ),
    "starts_with": (
        N_("{field} starts with {value}"),
        N_("{field} does not start with {value}"),
        N_("{field} starts neither with {names} nor {last}"),
    ),
    "ends_with": (
        N_("{field} ends with {value}"),
        N_("{field} does not end with {value}"),
        N_("{field} ends neither with {names} nor {last}"),
    ),
    "under": (
        N_("{field}: {value}, or anything below"),
        N_("{field}: not {value}, nor anything below"),
        N_("{field}: neither {names} nor {last}, nor anything below"),
    ),
}
_MANY: dict[str, Frame] = {
    # of fields that hold many: their names are most often plurals
    "=": (N_("{field}: {value}"), N_("{field}: without {value}"), N_("{field}: without {names} or {last}")),
    "has_all": (
        N_("{field}: {value}"),
        N_("{field}: without {value}"),
        N_("{field}: not {names} and {last} together"),
    ),
    "contains": (
        N_("{field}: with {value} in the name"),
        N_("{field}: without {value} in the name"),
        N_("{field}: without {names} or {last} in the name"),
    ),
    "starts_with": (
        N_("{field}: with a name that starts with {value}"),
        N_("{field}: without a name that starts with {value}"),
        N_("{field}: without a name that starts with {names} or {last}"),
    ),
    "ends_with": (
        N_("{field}: with a name that ends with {value}"),
        N_("{field}: without a name that ends with {value}"),
        N_("{field}: without a name that ends with {names} or {last}"),
    ),
    "under": (
        N_("{field}: {value}, or anything below"),
        N_("{field}: without {value}, nor anything below"),
        N_("{field}: without {names} or {last}, nor anything below"),
    ),
}
_NUMBERS = {
    ">": (N_("{field} above {value}"), N_("{field} of {value} or less")),
    ">=": (N_("{field} of {value} or more"), N_("{field} below {value}")),
    "<": (N_("{field} below {value}"), N_("{field} of {value} or more")),
    "<=": (N_("{field} of {value} or less"), N_("{field} above {value}")),
    "between": (N_("{field} between {low} and {high}"), N_("{field} not between {low} and {high}")),
}
_SCALES = {
    # of selections such as the priority; what compares them never takes an empty one, its complement does
    ">": (N_("{field}: above {value}"), N_("{field}: {value} or lower, or blank")),
    ">=": (N_("{field}: {value} or higher"), N_("{field}: below {value}, or blank")),
    "<": (N_("{field}: below {value}"), N_("{field}: {value} or higher, or blank")),
    "<=": (N_("{field}: {value} or lower"), N_("{field}: above {value}, or blank")),
    "between": (N_("{field}: from {low} to {high}"), N_("{field}: not from {low} to {high}")),
}
_DATES = {
    # what compares dates never takes an empty one, its complement does
    ">": (N_("{field} after {value}"), N_("{field} on {value} or earlier, or without a date")),
    ">=": (N_("{field} on {value} or later"), N_("{field} before {value}, or without a date")),
    "<": (N_("{field} before {value}"), N_("{field} on {value} or later, or without a date")),
    "<=": (N_("{field} on {value} or earlier"), N_("{field} after {value}, or without a date")),
    "between": (
        N_("{field} from {low} until {high}"),
        N_("{field} before {low}, or after {high}, or without a date"),
    ),
}
_RELATIVE = {
    "within": (N_("{field} in {span}"), N_("{field}: not in {span}")),
    "older_than": (N_("{field} more than {span} ago"), N_("{field}: not more than {span} ago")),
    "next": (N_("{field} in {span}"), N_("{field}: not in {span}")),
}
_UPDATED = {
    # Of the last update, which every record has and none ahead of it: each is the complement of the other.
    "within": N_("updated in {span}"),
    "older_than": N_("not updated for more than {span}"),
}
_TODAY = {
    # a span of no days
    "within": (N_("{field} today"), N_("{field}: not today")),
    "older_than": (N_("{field} before today"), N_("{field}: not before today")),
    "next": (N_("{field} today"), N_("{field}: not today")),
}
_LEADS_ON = re.compile(
    r"\s+(?:en|el|la|a|al|de|del|por|con|para|desde|hasta|on|in|at|by|of|to|for|from|with|since)$", re.IGNORECASE
)
"""A label that leads on to its value: "Creado en", "Referido por", "Created on"."""
_PLAIN = re.compile(r"\w+(?:[ .'-]\w+)*")
_JOINS = frozenset({"o", "u", "y", "e", "ni", "or", "and", "nor"})


def phrase(leaf: Facts, amount: Amount, *, negated: bool = False) -> str:
    """``Expected revenue of 5,000,000 or more``; ``negated``: the exact complement."""
    return _filled(leaf, _label(leaf), amount, negated)


def continued(leaf: Facts, amount: Amount, *, negated: bool = False) -> str:
    """The same behind another comparison of its field, which need not be named again: ``below 9,000,000``."""
    return _filled(leaf, "", amount, negated).lstrip(" :")


def compares(leaf: Facts) -> bool:
    """Whether the leaf is one bound of a range."""
    return leaf.get("operator") in _NUMBERS and "amount" not in leaf


def says_not(leaf: Facts, *, negated: bool = False) -> bool:
    """Whether the leaf says what is *not* so."""
    return is_negative(leaf["operator"], leaf["values"]) != negated


def plain_operator(leaf: Facts) -> str:
    """The operator, without its complement and its other names: ``=`` of ``not``, ``in`` and ``has_any``."""
    written = str(leaf["operator"])
    operator = COMPLEMENTS.get(written, written)
    return "=" if operator in ("in", "has_any") else operator


def label(named: Facts) -> str:
    """The field as the client calls it: ``Country``, ``Code of Country``; a final ``name`` goes without saying.

    So does an owner that the field's own label names: ``Country Code``.
    """
    steps = [str(step).strip().rstrip(":") for step in named["labels"]]
    if len(steps) > 1 and named["field"].endswith(".name"):
        steps.pop()
    text = steps[-1]
    for owner in reversed(steps[:-1]):
        if owner.casefold() not in text.casefold():
            # The company of a contact has no label of the client's, but words of ours: "the company".
            of = _("{field} of {company}") if owner[:1].islower() else _("{field} of {owner}")
            text = of.format(field=text, owner=owner, company=owner)
    return text


def _label(leaf: Facts) -> str:
    """The label as the frames take it: of a date without the preposition in which it ends."""
    if leaf.get("kind") in DATES:
        steps = list(leaf["labels"])
        return label({**leaf, "labels": [*steps[:-1], _LEADS_ON.sub("", str(steps[-1]).strip())]})
    return label(leaf)


def _filled(leaf: Facts, field: str, amount: Amount, negated: bool) -> str:
    text = _worded(leaf, field, amount, says_not(leaf, negated=negated))
    if field.endswith("?"):
        return text.replace(f"{field}:", field, 1)
    if field and _LEADS_ON.search(field) and not text.startswith(f"{field}:"):
        return text.replace(field, f"{field}:", 1)
    return text


def _worded(leaf: Facts, field: str, amount: Amount, negative: bool) -> str:
    kind = leaf.get("kind")
    operator = plain_operator(leaf)
    if "amount" in leaf:
        sentence = _("{field} not in {currency}") if negative else _("{field} in {currency}")
        return sentence.format(field=label(leaf["amount"]), currency=leaf["currency"])
    if operator == "empty":
        return _empty(leaf, field, negative)
    if "span" in leaf:
        span = Span(leaf["span"]["count"], leaf["span"]["unit"])
        if leaf["field"] == "write_date" and span.count and operator in _UPDATED:
            said = operator if not negative else "older_than" if operator == "within" else "within"
            return _(_UPDATED[said]).format(span=length(span, said))
        frames = _RELATIVE if span.count else _TODAY
        return _(frames[operator][negative]).format(field=field, span=length(span, operator))
    if kind == "boolean":
        return (_("{field}: yes") if bool(leaf["values"][0]) != negative else _("{field}: no")).format(field=field)
    names = [_value(leaf, index, amount) for index, value in enumerate(leaf["values"]) if value is not None]
    if operator == "=" and len(names) < len(leaf["values"]):
        if not names:
            return _empty(leaf, field, negative)
        sentence = _("{sentence}, and filled in") if negative else _("{sentence}, or blank")
        return sentence.format(sentence=_equal(_IS, str(kind), field, names, negative))
    if operator == "=":
        return _equal(_MANY["="] if kind == "many" else _IS, str(kind), field, names, negative)
    if operator in _NUMBERS:
        frames = _DATES if kind in DATES else _SCALES if kind == "selection" else _NUMBERS
        low, high = names[0], names[-1]
        return _(frames[operator][negative]).format(field=field, value=low, low=low, high=high)
    of_names = leaf.get("one_of_many") and leaf["field"].endswith(".name")
    frame = (_MANY if kind == "many" or of_names else _ONE)[operator]
    if operator == "has_all" and not negative:
        return _(frame[0]).format(field=field, value=all_of(names))
    return _of_several(frame, field, names, negative)


def _equal(frame: Frame, kind: str, field: str, names: Sequence[str], negative: bool) -> str:
    if kind in DATES:
        names = [_("on {value}").format(value=name) for name in names]
        if not negative:
            return f"{field} {one_of(names)}"
    return _of_several(frame, field, names, negative)


def _of_several(frame: Frame, field: str, names: Sequence[str], negative: bool) -> str:
    if negative and names[1:]:
        return joined(_(frame[2]), field=field, names=", ".join(names[:-1]), last=names[-1])
    return _(frame[negative]).format(field=field, value=one_of(names))


def _empty(leaf: Facts, field: str, negative: bool) -> str:
    """``without Country``; of a label that leads on to a value, ``Referred by: blank``."""
    last = str(leaf["labels"][-1]).strip()
    if leaf["kind"] in DATES and _LEADS_ON.search(last):
        sentence = _("{field}: with a date") if negative else _("{field}: without a date")
    elif _LEADS_ON.search(field):
        sentence = _("{field}: filled in") if negative else _("{field}: blank")
    else:
        sentence = _("with {field}") if negative else _("without {field}")
    return sentence.format(field=field)


def _value(leaf: Facts, index: int, amount: Amount) -> str:
    shown = leaf.get("names")
    if shown and shown[index]:
        return str(shown[index])
    value: Scalar = leaf["values"][index]
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float) and leaf.get("currency"):
        return f"{number(value)} {leaf['currency']}"
    if isinstance(value, int | float):
        return amount(value) if leaf.get("money") else number(value)
    if at := moment(value) if leaf["kind"] in DATES else None:
        day = format_date(at.local.date(), "long", locale=language())
        return day if at.is_day else _("{day} at {time}").format(day=day, time=clock(at.local))
    text = str(value)
    named = leaf["operator"] in ("=", "in", "not", "not_in") and _PLAIN.fullmatch(text)
    return text if named and not _JOINS & set(text.casefold().split()) else _("“{text}”").format(text=text)


def number(value: float) -> str:
    """A number as people here write it: ``5,000,000`` or ``5.000.000``."""
    return format_decimal(value, format="#,##0.######", locale=language())


_SPANS = {
    # (operator, unit): whole phrases, for what comes before a unit follows its gender in Spanish
    ("older_than", "days"): NN_("{number} day", "{number} days"),
    ("older_than", "weeks"): NN_("{number} week", "{number} weeks"),
    ("older_than", "months"): NN_("{number} month", "{number} months"),
    ("older_than", "years"): NN_("{number} year", "{number} years"),
    ("within", "days"): NN_("the last day", "the last {number} days"),
    ("within", "weeks"): NN_("the last week", "the last {number} weeks"),
    ("within", "months"): NN_("the last month", "the last {number} months"),
    ("within", "years"): NN_("the last year", "the last {number} years"),
    ("next", "days"): NN_("the next day", "the next {number} days"),
    ("next", "weeks"): NN_("the next week", "the next {number} weeks"),
    ("next", "months"): NN_("the next month", "the next {number} months"),
    ("next", "years"): NN_("the next year", "the next {number} years"),
}


def length(span: Span, operator: str) -> str:
    """``the last 90 days`` (``within``), ``the next 2 weeks`` (``next``), ``3 months`` (``older_than``)."""
    return ngettext(*_SPANS[operator, span.unit], span.count).format(number=number(span.count))
