"""Parses a condition from plain YAML data, without a CRM."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any as Any_

from segmenter.conditions.lists import about_list
from segmenter.conditions.meant import commonly_called, meant_join, meant_of_list, meant_operator, unknown_operator
from segmenter.conditions.model import (
    CURRENCY,
    PROPERTIES,
    PROPERTY,
    All,
    Any,
    Condition,
    Leaf,
    Not,
    RawDomain,
    Related,
)
from segmenter.conditions.operators import FUNCTIONS, SHAPES
from segmenter.conditions.raw import check_structure
from segmenter.conditions.shapes import for_list, is_field_name, is_number, leaf_of
from segmenter.errors import Path, Problem
from segmenter.i18n import _, one_of


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
    """All the parts joined; None if one could not be parsed."""
    sound = tuple(part for part in parts if part is not None)
    if len(sound) < len(parts):
        return None
    return sound[0] if len(sound) == 1 else All(sound, path)


def _entry(key: object, value: object, path: Path, problems: list[Problem]) -> Condition | None:
    if key in ("all", "any", "not", "domain"):
        return _joined(str(key), value, path, problems)
    if key == "property":
        return _properties(value, path, problems)
    is_name = isinstance(key, str) and is_field_name(key)
    if key in SHAPES or (not is_name and meant_operator(str(key))):
        what = _("An operator stands where a field is expected")
        problems.append(Problem(path, what, _("write field: {{operator: value}}").format()))
        return None
    if not isinstance(key, str) or not is_name or (key != key.lower() and commonly_called(key)):
        problems.append(no_field_name(str(key), path))
        _field(str(key), value, path, problems)  # what is wrong inside is told along with it
        return None
    if join := meant_join(key, value):
        what = _("Unknown key {key}").format(key=key)
        problems.append(Problem(path, what, _("did you mean {names}?").format(names=join)))
        _joined(join, value, path, problems)
        return None
    return _field(key, value, path, problems)


def _joined(word: str, value: object, path: Path, problems: list[Problem]) -> Condition | None:
    if word in ("all", "any"):
        return _group(word, value, path, problems)
    if word == "not":
        part = parse(value, path, problems)
        return None if part is None else Not(part, path)
    checked = check_structure(value, path, problems)
    return None if checked is None else RawDomain(checked, path)


def no_field_name(key: str, path: Path, meant: str = "") -> Problem:
    """The problem of a key that names no field. ``meant``: what to do about it, where the labels of a CRM are known."""
    todo = meant or commonly_called(key) or _("use its technical name, as in country_id.code")
    return Problem(path, _("{key} is not a field name").format(key=key), todo)


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
        return leaf_of(field, "in" if isinstance(value, list) else "=", value, path, problems)
    if not value:
        what = _("{field} has no operator").format(field=field)
        problems.append(Problem(path, what, _("write a value, a list of values, or an operator with its value")))
        return None
    if not value.keys().isdisjoint(FUNCTIONS) or meant_of_list(value):
        return _related(field, value, path, problems)
    if _is_currencies(value):
        what = _("The amount of {field} can be named in one currency at a time").format(field=field)
        problems.append(Problem((*path, "in"), what, _("write a condition for each currency, under any:")))
        return None
    currency = currency_of(value)
    parts = [
        Leaf(field, CURRENCY, currency.upper(), (*path, operator))
        if currency and operator == "in"
        else _operator(field, operator, operand, (*path, operator), problems)
        for operator, operand in value.items()
    ]
    if currency:
        parts = [_in_currency(part, currency.upper()) for part in parts]
    return _together(parts, path)


def _related(field: str, value: Mapping[Any_, Any_], path: Path, problems: list[Problem]) -> Condition | None:
    """``field: {sum: amount_total, where: {...}, ">=": 400000}``: what the records of a list add up to."""
    before = len(problems)
    meant = meant_of_list(value)
    for key, word in meant.items():
        what = _("Unknown key {key}").format(key=key)
        problems.append(Problem((*path, key), what, _("did you mean {names}?").format(names=word)))
    written = {word: key for key, word in meant.items()}
    value = {meant.get(key, key): about for key, about in value.items()}
    where = parse(value["where"], (*path, written.get("where", "where")), problems) if "where" in value else None
    about = about_list(field, value, path, problems, written)
    if about is None or len(problems) > before:
        return None
    return _together([dataclasses.replace(related, where=where) for related in about], path)


def _properties(value: object, path: Path, problems: list[Problem]) -> Condition | None:
    """``property: {Rubro: [Hotel], Hectáreas: {">=": 5}}``: by what the client calls them."""
    if not isinstance(value, Mapping) or not value or not all(isinstance(key, str) and key for key in value):
        what = _("property is a mapping of labels to values")
        problems.append(Problem(path, what, _("write property: and under it each label with its value")))
        return None
    parts: list[Condition | None] = []
    for label, about in value.items():
        at = (*path, label)
        if isinstance(about, Mapping) and not about.keys().isdisjoint(FUNCTIONS):
            problems.append(Problem(at, _("{field} is no list of records").format(field=label), _("compare its value")))
            parts.append(None)
            continue
        part = _field(label, about, at, problems)
        parts.append(None if part is None else _of_property(part))
    return _together(parts, path)


def _of_property(condition: Condition) -> Condition:
    """The same comparisons, of the property of that label."""
    match condition:
        case All(parts, path):
            return All(tuple(map(_of_property, parts)), path)
        case Not(part, path):
            return Not(_of_property(part), path)
        case Leaf(label, operator, value, path):
            return Related(PROPERTIES, PROPERTY, label, None, "", operator, value, path)
        case _:
            return condition


def currency_of(operators: Mapping[Any_, Any_]) -> str:
    """``{">=": 5000000, in: CLP}``: beside numbers, a word after ``in`` is their currency; "" when it is none."""
    code = operators.get("in")
    others = [value for operator, value in operators.items() if operator != "in"]
    numbers = [item for value in others for item in (value if isinstance(value, list) else [value])]
    return code if isinstance(code, str) and code and numbers and all(map(is_number, numbers)) else ""


def _is_currencies(operators: Mapping[Any_, Any_]) -> bool:
    """``{">=": 5000000, in: [CLP, USD]}``."""
    codes = operators.get("in")
    listed = isinstance(codes, list) and bool(codes) and all(isinstance(code, str) for code in codes)
    return listed and bool(currency_of({**operators, "in": "X"}))


def _in_currency(part: Condition | None, currency: str) -> Condition | None:
    """The leaf on an amount, with the currency in which the spec states it."""
    return dataclasses.replace(part, currency=currency) if isinstance(part, Leaf) else part


def _operator(field: str, operator: object, value: object, path: Path, problems: list[Problem]) -> Condition | None:
    if operator == "not" and isinstance(value, Mapping):
        part = _field(field, value, path, problems)
        return None if part is None else Not(part, path)
    if isinstance(operator, str):
        operator = for_list(operator, value)
    if not isinstance(operator, str) or operator not in SHAPES:
        what = _("Unknown operator {operator}").format(operator=operator)
        todo = unknown_operator(str(operator))
        if operator == "where":
            todo = _("say what is asked of these records: {names}").format(names=one_of(list(FUNCTIONS)))
        problems.append(Problem(path, what, todo))
        if meant := meant_operator(str(operator)):
            leaf_of(field, meant, value, path, problems)
        return None
    return leaf_of(field, operator, value, path, problems)
