"""A condition from plain YAML data. Knows no CRM: it reports what is wrong whatever the server is."""

from __future__ import annotations

import dataclasses
import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Any as Any_

from segmenter.conditions.dates import moment
from segmenter.conditions.model import CURRENCY, UNITS, All, Any, Condition, Leaf, Not, RawDomain, Scalar, Span
from segmenter.conditions.near import did_you_mean, unaccented
from segmenter.conditions.operators import MISTAKEN, SHAPES
from segmenter.conditions.raw import check_structure
from segmenter.conditions.text import plain_number, unsendable
from segmenter.errors import Path, Problem
from segmenter.i18n import _

_FIELD = re.compile(r"[a-zA-Z_]\w*(\.[a-zA-Z_]\w*)*", re.ASCII)
_SPAN = re.compile(r"(\d{1,5})\s*([a-zñáéíóú]+)")
_IN_SPANISH = {"dia": "days", "semana": "weeks", "mes": "months", "meses": "months", "ano": "years"}
_DAYS = {"days": 1, "weeks": 7, "months": 30, "years": 365}
_LONGEST_DAYS = 200 * 365


def parse(data: object, path: Path, problems: list[Problem]) -> Condition | None:
    """The condition in ``data`` (what a YAML loader gives), found at ``path`` of the spec.

    Every problem goes to ``problems``; None when there was any.
    """
    if not isinstance(data, Mapping):
        what = _("A condition is a mapping of fields to values")
        problems.append(Problem(path, what, _("write field: value, or all:, any: or not: with conditions in them")))
        return None
    if not data:
        problems.append(Problem(path, _("The condition is empty"), _("write at least one field: value")))
        return None
    parts = [_entry(key, value, (*path, key), problems) for key, value in data.items()]
    return _together(parts, path)


def _together(parts: list[Condition | None], path: Path) -> Condition | None:
    """All the parts, or None when one of them could not be read."""
    sound = tuple(part for part in parts if part is not None)
    if len(sound) < len(parts):
        return None
    return sound[0] if len(sound) == 1 else All(sound, path)


def _entry(key: object, value: object, path: Path, problems: list[Problem]) -> Condition | None:
    if key in ("all", "any"):
        return _group(str(key), value, path, problems)
    if key == "not":
        part = parse(value, path, problems)
        return None if part is None else Not(part, path)
    if key == "domain":
        checked = check_structure(value, path, problems)
        return None if checked is None else RawDomain(checked, path)
    if not isinstance(key, str) or not _FIELD.fullmatch(key):
        is_operator = key in SHAPES or key in MISTAKEN
        what = _("An operator stands where a field is expected") if is_operator else _("{key} is not a field name")
        todo = (
            _("write field: {{operator: value}}").format()
            if is_operator
            else _("use its technical name, as in country_id.code")
        )
        problems.append(Problem(path, what.format(key=key), todo))
        return None
    return _field(key, value, path, problems)


def _group(word: str, value: object, path: Path, problems: list[Problem]) -> Condition | None:
    if not isinstance(value, list) or not value:
        what = _("{word} needs a list of at least one condition").format(word=word)
        problems.append(Problem(path, what, _("write each condition after a dash")))
        return None
    parts = [parse(item, (*path, index), problems) for index, item in enumerate(value)]
    if word == "all":
        return _together(parts, path)
    sound = tuple(part for part in parts if part is not None)
    if len(sound) < len(parts):
        return None
    return Any(sound, path)


def _field(field: str, value: object, path: Path, problems: list[Problem]) -> Condition | None:
    """``field: value``, ``field: [values]`` or ``field: {operator: value, ...}``."""
    if not isinstance(value, Mapping):
        return _leaf(field, "in" if isinstance(value, list) else "=", value, path, problems)
    if not value:
        what = _("{field} has no operator").format(field=field)
        problems.append(Problem(path, what, _("write a value, a list of values, or an operator with its value")))
        return None
    if _is_currencies(value):
        what = _("The amount of {field} can be named in one currency at a time").format(field=field)
        problems.append(Problem((*path, "in"), what, _("write a condition for each currency, under any:")))
        return None
    currency = _currency(value)
    parts = [
        Leaf(field, CURRENCY, currency.upper(), (*path, operator))
        if currency and operator == "in"
        else _operator(field, operator, operand, (*path, operator), problems)
        for operator, operand in value.items()
    ]
    if currency:
        parts = [_in_currency(part, currency.upper()) for part in parts]
    return _together(parts, path)


def _currency(operators: Mapping[object, object]) -> str:
    """``{">=": 5000000, in: CLP}``: beside numbers, a word after ``in`` is their currency; "" when it is none."""
    code = operators.get("in")
    others = [value for operator, value in operators.items() if operator != "in"]
    numbers = [item for value in others for item in (value if isinstance(value, list) else [value])]
    return code if isinstance(code, str) and code and numbers and all(map(_number, numbers)) else ""


def _is_currencies(operators: Mapping[Any_, Any_]) -> bool:
    """``{">=": 5000000, in: [CLP, USD]}``."""
    codes = operators.get("in")
    listed = isinstance(codes, list) and bool(codes) and all(isinstance(code, str) for code in codes)
    return listed and bool(_currency({**operators, "in": "X"}))


def _in_currency(part: Condition | None, currency: str) -> Condition | None:
    """An amount, said in a currency."""
    return dataclasses.replace(part, currency=currency) if isinstance(part, Leaf) else part


def _operator(field: str, operator: object, value: object, path: Path, problems: list[Problem]) -> Condition | None:
    if operator == "not" and isinstance(value, Mapping):
        part = _field(field, value, path, problems)
        return None if part is None else Not(part, path)
    if isinstance(value, list) and operator in ("=", "not"):
        operator = "in" if operator == "=" else "not_in"
    if not isinstance(operator, str) or operator not in SHAPES:
        what = _("Unknown operator {operator}").format(operator=operator)
        known = _("the operators are {names}").format(names=" ".join(SHAPES))
        meant = MISTAKEN.get(str(operator).lower())
        todo = _("did you mean {names}?").format(names=meant) if meant else did_you_mean(str(operator), SHAPES, known)
        problems.append(Problem(path, what, todo))
        return None
    return _leaf(field, operator, value, path, problems)


def _leaf(field: str, operator: str, value: object, path: Path, problems: list[Problem]) -> Leaf | None:
    """One comparison, its value of the shape that the operator takes."""
    before = len(problems)
    shape = SHAPES[operator]
    items: list[Any_] = value if isinstance(value, list) else [value]
    for index, item in enumerate(items):
        at = (*path, index) if isinstance(value, list) else path
        if isinstance(item, float) and not math.isfinite(item):
            what = _("{value} is not a number that can be compared").format(value=item)
            problems.append(Problem(at, what, _("write a finite number")))
        elif item is not None and not isinstance(item, str | int | float | bool):
            what = _("{operator} of {field} takes plain values").format(operator=operator, field=field)
            problems.append(Problem(at, what, _("write a text, a number, true or false, or a date as text")))
        elif isinstance(item, str) and unsendable(item):
            what = _("The value of {field} holds a control character").format(field=field)
            problems.append(Problem(at, what, _("write it again by hand, without invisible characters")))
    if len(problems) > before:
        return None
    wrong = _wrong_shape(shape, value)
    if wrong:
        what = _("The value of {operator} on {field} is not right").format(operator=operator, field=field)
        problems.append(Problem(path, what, wrong))
        return None
    if shape == "pair":
        low, high = items
        if _upside_down(low, high):
            what = _("The range {low} to {high} is upside down").format(low=low, high=high)
            problems.append(Problem(path, what, _("write the lower value first")))
            return None
    if shape == "span":
        return Leaf(field, operator, span(value), path)
    return Leaf(field, operator, tuple(items) if isinstance(value, list) else _scalar(value), path)


def _scalar(value: object) -> Scalar:
    return value if isinstance(value, str | int | float | bool) else None


def _wrong_shape(shape: str, value: object) -> str:
    """What to do about ``value``, or '' when it has the shape."""
    is_list = isinstance(value, list)
    if shape == "list":
        return _("list at least one value") if is_list and not value else ""
    if shape == "pair":
        fits = isinstance(value, list) and len(value) == 2 and (all(map(_number, value)) or all(map(moment, value)))
        numbers = (
            [plain_number(item) if isinstance(item, str) else str(item) for item in value]
            if isinstance(value, list)
            else []
        )
        if not fits and len(numbers) == 2 and all(numbers):
            return _number_todo(", ".join(map(str, numbers)))
        return "" if fits else _("write two numbers or two dates: [lower, upper]")
    if is_list:
        return _("write one value, not a list")
    if shape == "bound" and isinstance(value, str) and not moment(value) and (number := plain_number(value)):
        return _number_todo(number)
    if shape == "bound":
        return "" if _number(value) or moment(value) else _("write a number, or a date as YYYY-MM-DD")
    if shape == "text":
        return "" if isinstance(value, str) and value else _("write a text that is not empty")
    if shape == "flag":
        return "" if isinstance(value, bool) else _("write true or false")
    if shape == "span":
        return (
            ""
            if span(value)
            else _("write a length of time of up to 200 years, as in 90 days, 2 weeks, 3 months or 1 year")
        )
    return ""


def _number_todo(number: str) -> str:
    return _("write the number without quotes, signs and thousands separators: {number}").format(number=number)


def span(value: object) -> Span | None:
    """``90 days``, ``1 month``, ``90 días``, ``2 anos``; None when it is not a length of time of up to 200 years."""
    match = _SPAN.fullmatch(unicodedata.normalize("NFC", value).strip().lower()) if isinstance(value, str) else None
    if match is None:
        return None
    count, word = int(match[1]), unaccented(match[2])
    unit = _IN_SPANISH.get(word) or _IN_SPANISH.get(word.removesuffix("s")) or word.removesuffix("s") + "s"
    if unit not in UNITS or count * _DAYS[unit] > _LONGEST_DAYS:
        return None
    return Span(count, unit)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _upside_down(low: object, high: object) -> bool:
    first, last = moment(low), moment(high)
    if first and last:
        return first.local > last.local
    return isinstance(low, int | float) and isinstance(high, int | float) and low > high
