"""Binds the values of a leaf to its field: names to ids, labels to keys; checks numbers and dates."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from segmenter.conditions.dates import moment
from segmenter.conditions.meant import meant_date, meant_truth, operator_in
from segmenter.conditions.model import Scalar
from segmenter.conditions.near import did_you_mean
from segmenter.conditions.operators import COMPARISONS, DATES, INTEGER_LIMIT, NUMBER_LIMIT, RELATIVE, is_scale
from segmenter.conditions.spans import span
from segmenter.conditions.text import plain_number
from segmenter.conditions.vocabulary import Field, Named, Vocabulary
from segmenter.i18n import _

_SHOWN_CANDIDATES = 10

Complain = Callable[[str, str], None]
"""Reports a problem: what is wrong, and what to do."""


@dataclass(frozen=True, slots=True)
class BoundValue:
    """A value as the server has it and, for ids and keys, the name that the client uses."""

    value: Scalar
    shown: str = ""


def bind_value(value: Scalar, field: Field, kind: str, vocabulary: Vocabulary, complain: Complain) -> BoundValue | None:
    """Binds a value to a field of ``kind`` (see `operators.kind_of`). Returns None after reporting a problem."""
    if kind == "number":
        return _number(value, field, vocabulary, complain)
    if kind == "boolean":
        if isinstance(value, bool):
            return BoundValue(value)
        complain(_("{field} is yes or no").format(field=field.name), meant_truth(value) or _("write true or false"))
        return None
    if value is None or value == "":
        return BoundValue(None)
    if isinstance(value, bool):
        what = _("true or false is no value of {field} ({type})").format(field=field.name, type=field.type)
        complain(what, _("put quotes around it if it is a text"))
        return None
    if kind == "text":
        return _text(value, field, complain)
    if kind in DATES:
        return _date(value, field, kind, complain)
    if kind == "selection":
        return _key(value, field, complain)
    return _relation(value, field, vocabulary, complain)


def too_fine(value: float, field: Field, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """Says what is wrong with a number that has more decimals than its field keeps, and what to do; None if nothing is.

    Odoo rounds it before it compares, and the versions do not keep the same number of decimals in each field.
    """
    if field.type != "float" or value == int(value):
        return None
    kept = vocabulary.decimals(field)
    if kept is None or round(value, kept) == value:
        return None
    what = _("{field} keeps {count} decimals, and Odoo would round {value} before it compares")
    todo = _("write a number of at most {count} decimals instead").format(count=kept)
    return what.format(field=field.name, count=kept, value=f"{value:.15g}"), todo


def _number(value: Scalar, field: Field, vocabulary: Vocabulary, complain: Complain) -> BoundValue | None:
    if value is None:
        return BoundValue(0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        complain(
            _("{value} is not a number, and {field} is one").format(value=value, field=field.name), _as_number(value)
        )
        return None
    if abs(value) > NUMBER_LIMIT:
        complain(_("The number for {field} is too large").format(field=field.name), _("check its digits"))
        return None
    if wrong := too_fine(value, field, vocabulary):
        complain(*wrong)
        return None
    if field.type != "integer":
        return BoundValue(float(value))
    if value != int(value) or abs(value) >= INTEGER_LIMIT:
        what = _("{field} takes whole numbers below {limit}").format(field=field.name, limit=INTEGER_LIMIT)
        complain(what, _("write one instead of {value}").format(value=value))
        return None
    return BoundValue(int(value))


def _as_number(value: str | bool) -> str:
    """What to write for a value that is no number."""
    if isinstance(value, str) and (todo := _with_operator(value)):
        return todo
    plain = plain_number(value) if isinstance(value, str) else None
    if plain:
        return _("write the number without quotes, signs and thousands separators: {number}").format(number=plain)
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z]{3}", value):
        example = f'{{">=": 5000000, in: {value.upper()}}}'
        return _("write a number; a currency stands beside one: {example}").format(example=example)
    return _("write a number")


def _with_operator(text: str) -> str:
    """What to write for a comparison that stands in a text: ``{">=": 3000000}`` for ``>= 3.000.000``; "" for none."""
    operator, rest = operator_in(text)
    if not operator:
        return ""
    length, number = span(rest), plain_number(rest)
    operand = str(length or number or (rest if moment(rest) else ""))
    fits = bool(length) == (operator in RELATIVE) and (operator in COMPARISONS or operator in RELATIVE)
    written = f"{operator}: {operand}" if operator in RELATIVE else f'"{operator}": {operand}'
    return _("did you mean {names}?").format(names=f"{{{written}}}") if fits and operand else ""


def _text(value: str | int | float, field: Field, complain: Complain) -> BoundValue | None:
    if isinstance(value, float):
        complain(
            _("{value} is a number, and {field} is a text").format(value=value, field=field.name),
            _("put quotes around it"),
        )
        return None
    if field.size and len(str(value)) > field.size:
        what = _("{field} holds at most {count} characters").format(field=field.name, count=field.size)
        complain(what, _("write one that is as short, instead of {value}").format(value=value))
        return None
    return BoundValue(str(value))


def _date(value: str | int | float, field: Field, kind: str, complain: Complain) -> BoundValue | None:
    at = moment(value)
    if at is None:
        what = _("{value} is not a date for {field}").format(value=value, field=field.name)
        usual = _("write YYYY-MM-DD, or YYYY-MM-DD HH:MM in the client's time")
        complain(what, (_with_operator(value) if isinstance(value, str) else "") or meant_date(value) or usual)
        return None
    if kind == "date" and not at.is_day:
        complain(_("{field} is a day without a time").format(field=field.name), _("write YYYY-MM-DD"))
        return None
    return BoundValue(str(value))


def _key(value: str | int | float, field: Field, complain: Complain) -> BoundValue | None:
    """Finds a selection's value by its key, else by its label."""
    text = str(value)
    labels = dict(field.selection)
    if text in labels:
        return BoundValue(text, labels[text])
    found = [(key, label) for key, label in field.selection if label.casefold() == text.casefold()]
    if len(found) == 1:
        return BoundValue(*found[0])
    known = ", ".join(f"{key} ({label})" for key, label in field.selection)
    what = _("{value} is no value of {field} ({label})").format(value=text, field=field.name, label=field.label)
    complain(what, did_you_mean(text, [*labels, *labels.values()], _("it has {names}").format(names=known)))
    return None


def scale(value: Scalar, field: Field, complain: Complain) -> BoundValue | None:
    """Binds a number that the keys of a selection are compared with; shown as the label of that key."""
    if is_scale(field):
        if isinstance(value, int | float) and not isinstance(value, bool):
            return BoundValue(value, dict(field.selection).get(f"{value:g}", ""))
        complain(_("{field} is compared with numbers").format(field=field.name), _("write one without quotes"))
    return None


def _numbered(
    value: int | float, field: Field, model: str, vocabulary: Vocabulary, complain: Complain
) -> BoundValue | None:
    record = vocabulary.record(model, value) if isinstance(value, int) and 0 < value < INTEGER_LIMIT else None
    if record is not None:
        return BoundValue(record.id, f"{record.name} (id {record.id})")
    what = _("A number is the id of a record, and no record of {model} ({label}) has the id {number}").format(
        model=model, label=field.label, number=value
    )
    named = vocabulary.named(model, str(value))
    if named:
        todo = _('put it in quotes to mean the name of a record: "{name}"').format(name=value)
    else:
        todo = _("write the name of a record, in quotes where it is a number")
    complain(what, todo)
    return None


def _relation(value: str | int | float, field: Field, vocabulary: Vocabulary, complain: Complain) -> BoundValue | None:
    """Finds the one record of that name; a number is always an id."""
    model = field.relation or ""
    if not isinstance(value, str):
        return _numbered(value, field, model, vocabulary, complain)
    found: list[Named] = list({named.id: named for named in vocabulary.named(model, value)}.values())
    if len(found) == 1:
        return BoundValue(found[0].id, found[0].name)
    if found:
        what = _("{name} is ambiguous: {count} records of {model} are called so").format(
            name=value, count=len(found), model=model
        )
        ids = ", ".join(f"{named.name} ({named.id})" for named in found[:_SHOWN_CANDIDATES])
        complain(what, _("write the id of one of {names}").format(names=ids))
        return None
    if elsewhere := vocabulary.elsewhere(model, value):
        own = ", ".join(f"{record.name} ({language}: {value})" for record, language in elsewhere[:_SHOWN_CANDIDATES])
        what = _("Nothing is called {name} in {model} ({label})").format(name=value, model=model, label=field.label)
        complain(what, _("another language has that name: write {names}").format(names=own))
        return None
    names = vocabulary.names(model)
    some = _("there are {names}").format(names=", ".join(names[:_SHOWN_CANDIDATES])) if names else ""
    what = _("Nothing is called {name} in {model} ({label})").format(name=value, model=model, label=field.label)
    complain(what, did_you_mean(value, names, some or _("create it in the CRM first")))
    return None
