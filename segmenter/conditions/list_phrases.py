"""A comparison with what a list of records gives, in words: ``3 or more Opportunities (only where ...)``."""

from __future__ import annotations

from collections.abc import Callable

from segmenter.conditions.facts import Facts
from segmenter.conditions.model import PROPERTY
from segmenter.conditions.phrases import Amount, label, number, phrase, plain_operator, says_not
from segmenter.i18n import N_, _, one_of

_COUNTS = {
    # operator -> how many there are, and how many there are not
    ">": (N_("more than {value} {list}"), N_("{value} or fewer {list}")),
    ">=": (N_("{value} or more {list}"), N_("fewer than {value} {list}")),
    "<": (N_("fewer than {value} {list}"), N_("{value} or more {list}")),
    "<=": (N_("{value} or fewer {list}"), N_("more than {value} {list}")),
    "=": (N_("exactly {value} {list}"), N_("a number of {list} other than {value}")),
    "between": (N_("from {low} to {high} {list}"), N_("fewer than {low} or more than {high} {list}")),
}
_VALUES = {
    "sum": N_("sum of {field} in {list}"),
    "avg": N_("average of {field} in {list}"),
    "min": N_("lowest {field} in {list}"),
    "max": N_("highest {field} in {list}"),
    "last": N_("latest {field} in {list}"),
    "first": N_("earliest {field} in {list}"),
}
_WHOSE = {
    # whose list -> of a contact, and of one that a field leads to
    "": ("{list}", N_("{list} of {owner}")),
    "contact": (N_("{list} of the contact itself"), N_("{list} of {owner}")),
    "company": (N_("{list} of the company"), N_("{list} of the company of {owner}")),
    "both": (
        N_("{list} of the company and all its contacts"),
        N_("{list} of the company of {owner} and all its contacts"),
    ),
}


def list_phrase(related: Facts, amount: Amount, words: Callable[[Facts], str], *, negated: bool = False) -> str:
    """``words``: how the condition of the listed records is said."""
    if related["function"] == PROPERTY:
        return phrase(related["compared"], amount, negated=negated)
    *owners, own = related["labels"]
    frame = _WHOSE[related.get("whose", "")][bool(owners)]
    steps = related["field"].rpartition(".")[0]
    called = str(own).strip().rstrip(":")
    if frame != "{list}":
        called = _(frame).format(list=called, owner=label({"labels": owners, "field": steps}) if owners else "")
    if "where" in related:
        called = f"{called} ({words(related['where'])})"
    if related["function"] == "count":
        return _counted(related["compared"], called, negated)
    leaf = related["compared"]
    field = _(_VALUES[related["function"]]).format(field=label(leaf), list=called)
    text = phrase({**leaf, "field": "", "labels": [field]}, amount, negated=negated)
    if related["function"] not in ("avg", "min", "max") or leaf["operator"] == "empty":
        return text
    # A list without records has no such number, which is no 0: what is not so takes it.
    return (
        _("{sentence}, or without {list}").format(sentence=text, list=called)
        if says_not(leaf, negated=negated)
        else text
    )


def _counted(leaf: Facts, called: str, negated: bool) -> str:
    operator, negative = plain_operator(leaf), says_not(leaf, negated=negated)
    values = [0] if operator == "empty" else leaf["values"]
    if operator == "empty":
        operator, negative = "=", negated != (leaf["values"] == [False])
    # No record at all, or some: that is what "0" and "1 or more" mean.
    none = (operator, values) in (("=", [0]), ("<", [1]), ("<=", [0]))
    if none or (operator, values) in ((">=", [1]), (">", [0])):
        return (_("without {list}") if none != negative else _("with {list}")).format(list=called)
    told = [number(value) for value in values]
    frame = _COUNTS[operator][negative]
    return _(frame).format(list=called, value=one_of(told), low=told[0], high=told[-1])
