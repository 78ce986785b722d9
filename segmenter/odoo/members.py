"""Which records hold which value: asked by groups, so that ids travel once and no row is made for a record.

``formatted_read_group`` where the server has it (19), ``read_group`` below; see `odoo.groups` for what differs. Up to
18 each row repeats the whole domain: ask by scope, and not by a list of ids. A list of values cannot hold an empty one:
XML-RPC does not carry it, so those records are left out by the domain (measured on 14 and 19).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from segmenter.conditions.vocabulary import Field
from segmenter.odoo.groups import Ask, group_of
from segmenter.odoo.values import Json, converter
from segmenter.odoo.versions import Probe

_UTC = ZoneInfo("UTC")
_ID = "id"
_LIST = "array_agg"

Aggregates = Mapping[str, tuple[str, str]]
"""A name -> the function (``sum``, ``max``, ``count``, ``array_agg``...) and the field that it takes."""


@dataclass(frozen=True, slots=True)
class Members:
    """The records that hold the same. ``keys``: a normalised value for each field that was asked for; ``labels``: what
    the client's Odoo calls them."""

    keys: tuple[Json, ...]
    labels: tuple[str, ...]
    ids: Sequence[int]


def members(ask: Ask, probe: Probe, model: str, domain: Sequence[Any], by: Sequence[Field]) -> list[Members]:
    """The records of a domain by their values. Equal keys may come twice (an empty text beside none)."""
    names = [field.name for field in by]
    groups = []
    for row in grouped_rows(ask, probe, model, domain, names, {_ID: (_LIST, _ID)}):
        group = group_of({**row, "__count": 0}, [(field.name, field) for field in by], (), _UTC)
        groups.append(Members(group.keys, group.labels, row[_ID]))
    return groups


def values(ask: Ask, probe: Probe, model: str, domain: Sequence[Any], of: Field, by: Field) -> dict[int, Json]:
    """Record -> value of a field with many values, of those records of a domain that hold something in it.

    ``by``: any field with few values; without a group there is no answer that XML-RPC could carry.
    """
    filled, convert = [*domain, (of.name, "!=", False)], converter(of)
    return {
        record: convert(value)
        for row in grouped_rows(ask, probe, model, filled, [by.name], {_ID: (_LIST, _ID), of.name: (_LIST, of.name)})
        for record, value in zip(row[_ID], row[of.name], strict=True)
    }


def grouped_rows(
    ask: Ask, probe: Probe, model: str, domain: Sequence[Any], by: Sequence[str], wanted: Aggregates
) -> list[dict[str, Any]]:
    """One row a group: the fields of ``by`` as the server gives them, and what is ``wanted`` under its name. Lists are
    all in the same order. A name is not in both."""
    return probe.ask(
        "counting",
        partial(_formatted, ask, model, domain, by, wanted),
        partial(_classic, ask, model, domain, by, wanted),
    )


def _formatted(
    ask: Ask, model: str, domain: Sequence[Any], by: Sequence[str], wanted: Aggregates
) -> list[dict[str, Any]]:
    asked = {name: f"{field}:{function}" for name, (function, field) in wanted.items()}
    options = {"groupby": list(by), "aggregates": list(asked.values())}
    rows: list[dict[str, Any]] = ask(model, "formatted_read_group", [list(domain)], options)
    return [{**{name: row[name] for name in by}, **{name: row[spec] for name, spec in asked.items()}} for row in rows]


def _classic(
    ask: Ask, model: str, domain: Sequence[Any], by: Sequence[str], wanted: Aggregates
) -> list[dict[str, Any]]:
    fields = [f"all_{name}:{function}({field})" for name, (function, field) in wanted.items()]
    rows: list[dict[str, Any]] = ask(model, "read_group", [list(domain), fields, list(by)], {"lazy": False})
    return [{**{name: row[name] for name in by}, **{name: row[f"all_{name}"] for name in wanted}} for row in rows]
