"""The values that operators take: one comparison of a spec, if its value has the shape that its operator wants."""

from __future__ import annotations

import math
import re
from typing import Any as Any_

from segmenter.conditions.dates import moment
from segmenter.conditions.meant import meant_date, meant_truth
from segmenter.conditions.model import Leaf, Scalar
from segmenter.conditions.operators import SHAPES
from segmenter.conditions.spans import span
from segmenter.conditions.text import plain_number, unsendable
from segmenter.errors import Path, Problem
from segmenter.i18n import _

_FIELD = re.compile(r"[a-zA-Z_]\w*(\.[a-zA-Z_]\w*)*", re.ASCII)


def is_field_name(key: str) -> bool:
    """Whether a key can be the technical name of a field, or a dotted path."""
    return _FIELD.fullmatch(key) is not None


def for_list(operator: str, value: object) -> str:
    """The operator for its value: ``=`` and ``not`` before a list are ``in`` and ``not_in``."""
    return {"=": "in", "not": "not_in"}.get(operator, operator) if isinstance(value, list) else operator


def leaf_of(field: str, operator: str, value: object, path: Path, problems: list[Problem]) -> Leaf | None:
    """A leaf, if the value has the shape that its operator takes."""
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
    """What to do about a value of the wrong shape; '' if its shape is right."""
    is_list = isinstance(value, list)
    if shape == "list":
        return _("list at least one value") if is_list and not value else ""
    if shape == "pair":
        fits = isinstance(value, list) and len(value) == 2 and (all(map(is_number, value)) or all(map(moment, value)))
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
        sound = is_number(value) or moment(value)
        return "" if sound else meant_date(value) or _("write a number, or a date as YYYY-MM-DD")
    if shape == "text":
        return "" if isinstance(value, str) and value else _("write a text that is not empty")
    if shape == "flag":
        return "" if isinstance(value, bool) else meant_truth(value) or _("write true or false")
    if shape == "span":
        return (
            ""
            if span(value)
            else _("write a length of time of up to 200 years, as in 90 days, 2 weeks, 3 months or 1 year")
        )
    return ""


def _number_todo(number: str) -> str:
    return _("write the number without quotes, signs and thousands separators: {number}").format(number=number)


def is_number(value: object) -> bool:
    """Whether a value is a number, and no yes or no."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _upside_down(low: object, high: object) -> bool:
    first, last = moment(low), moment(high)
    if first and last:
        return first.local > last.local
    return isinstance(low, int | float) and isinstance(high, int | float) and low > high
