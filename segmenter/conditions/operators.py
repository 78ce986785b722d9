"""The operators of the language: which value each takes, which kind of field has it, which is another's complement."""

from __future__ import annotations

import operator as order
from collections.abc import Callable, Mapping
from typing import Any

from segmenter.conditions.vocabulary import Field

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {">": order.gt, ">=": order.ge, "<": order.lt, "<=": order.le}
"""What each asks of a value and an operand; Odoo's own domains write them alike."""
RELATIVE = ("within", "older_than", "next")
TEXTUAL = ("contains", "not_contains", "starts_with", "ends_with")

SHAPES: dict[str, str] = {
    "=": "scalar",
    "in": "list",
    "not": "scalar",
    "not_in": "list",
    **dict.fromkeys(COMPARISONS, "bound"),
    "between": "pair",
    **dict.fromkeys(TEXTUAL, "text"),
    "empty": "flag",
    **dict.fromkeys(RELATIVE, "span"),
    "has_any": "list",
    "has_all": "list",
    "has_none": "list",
    "under": "list",
}
"""Operator -> the shape of its value. ``list`` also takes one scalar; ``bound`` is a number or a date."""

COMPLEMENTS = {"not": "=", "not_in": "in", "not_contains": "contains", "has_none": "has_any"}
"""Operators that are nothing but the complement of another."""

FUNCTIONS: dict[str, tuple[str, ...]] = {
    "count": (),
    "any": (),
    "none": (),
    **dict.fromkeys(("sum", "avg", "min", "max"), ("integer", "float", "monetary")),
    **dict.fromkeys(("last", "first"), ("date", "datetime")),
}
"""What the records of a list give -> the types of the field of theirs that it takes; none of those that count."""
WHOSE = ("contact", "company", "both")
"""Whose list is asked of a contact: its own, its company's, or that of the company with all its contacts."""

TEXTS = ("char", "text", "html")
NUMBERS = ("integer", "float", "monetary")
DATES = ("date", "datetime")
MANY = ("one2many", "many2many")
KINDS = {
    **dict.fromkeys(TEXTS, "text"),
    **dict.fromkeys(NUMBERS, "number"),
    **dict.fromkeys(MANY, "many"),
    **{kind: kind for kind in (*DATES, "boolean", "selection", "many2one")},
}
"""Odoo type -> kind; types without one (binary, json, properties...) are not for conditions."""

INTEGER_LIMIT, NUMBER_LIMIT = 2**31, 10**15
"""What a whole number or an id stays below, as PostgreSQL keeps them, and the greatest number that makes sense."""

_EQUALITY = ("=", "not", "in", "not_in")
_OPERATORS: dict[str, tuple[str, ...]] = {
    "text": (*_EQUALITY, *TEXTUAL, "empty"),
    "number": (*_EQUALITY, *COMPARISONS, "between", "empty"),
    "date": (*_EQUALITY, *COMPARISONS, "between", *RELATIVE, "empty"),
    "datetime": (*_EQUALITY, *COMPARISONS, "between", *RELATIVE, "empty"),
    "boolean": ("=", "not"),
    "selection": (*_EQUALITY, "empty"),
    "many2one": (*_EQUALITY, *TEXTUAL, "under", "empty"),
    "many": (*_EQUALITY, "has_any", "has_all", "has_none", *TEXTUAL, "under", "empty"),
}

_OF_MARKUP = ("contains", "not_contains", "empty")
"""Of html fields alone: Odoo 14 makes markup of a text that it compares them with, so that nothing is equal."""


def kind_of(field: Field) -> str | None:
    """text, number, date, datetime, boolean, selection, many2one or many; None: not comparable (binary, json...)."""
    return KINDS.get(field.type)


def is_scale(field: Field) -> bool:
    """A selection whose keys are all whole numbers (``priority``), so that it can be compared."""
    return bool(field.selection) and all(key.lstrip("-").isdecimal() for key, _label in field.selection)


def operators_of(field: Field) -> tuple[str, ...]:
    """The operators that ``field`` has."""
    kind = kind_of(field)
    if field.type == "html":
        return _OF_MARKUP
    if kind == "selection" and is_scale(field):
        return (*_EQUALITY, *COMPARISONS, "between", "empty")
    return _OPERATORS[kind] if kind else ()
