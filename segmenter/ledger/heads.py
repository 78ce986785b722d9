"""The head of a plan as text and back. It follows the fields of `Plan` and their types, whatever they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from segmenter.plans.digest import canonical
from segmenter.plans.plan import Plan


def written(plan: Plan) -> str:
    """The head as canonical JSON, without its id (the ledger's own)."""
    return canonical({name: value for name, value in _plain(plan).items() if name != "id"})


def read(number: int, text: str) -> Plan:
    """The plan that `written` put down. Tuples inside a domain come back as lists.

    What plans of older versions lack is as its default; what they have and nothing asks for any more is left out.
    """
    return of_facts(number, json.loads(text))


def of_facts(number: int, facts: Mapping[str, Any]) -> Plan:
    """The plan of what `written` put down, as JSON has it."""
    plan: Plan = _of_class(Plan, {**facts, "id": f"P{number}"})
    return plan


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value


def _of_class(kind: Any, data: Mapping[str, Any]) -> Any:
    return kind(**{name: _of_type(inner, data[name]) for name, inner in _types(kind).items() if name in data})


@cache
def _types(kind: Any) -> dict[str, Any]:
    """Field -> type of a dataclass."""
    hints = get_type_hints(kind)
    return {f.name: hints[f.name] for f in fields(kind)}


def _of_type(kind: Any, data: Any) -> Any:
    """JSON as what a field of this type holds: dataclasses, tuples and mappings are made; the rest is as it is."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return _of_class(kind, data)
    if origin is tuple and arguments[-1] is ...:
        return tuple(_of_type(arguments[0], inner) for inner in data)
    if origin is tuple:
        return tuple(_of_type(inner_type, inner) for inner_type, inner in zip(arguments, data, strict=True))
    if origin in (dict, Mapping):
        return {key: _of_type(arguments[1], inner) for key, inner in data.items()}
    if origin in (Union, UnionType) and data is not None:
        others = [inner for inner in arguments if inner is not NoneType]
        lists = [inner for inner in others if get_origin(inner) is tuple]
        if len(others) == 1 or (lists and isinstance(data, list)):
            return _of_type((lists or others)[0], data)
    return data
