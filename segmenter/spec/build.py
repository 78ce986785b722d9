"""Plain data -> `Spec`. Takes what is of the right form and leaves out the rest, which `schema` has reported: so all
the problems of a file are found in one go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from segmenter.conditions import Condition, parse
from segmenter.errors import Path, Problem
from segmenter.spec.document import Data
from segmenter.spec.examples import example
from segmenter.spec.model import (
    Action,
    Amount,
    Assign,
    Client,
    Connection,
    Convert,
    CustomField,
    Limits,
    Range,
    RecordRef,
    Scope,
    Segment,
    Segmentation,
    SetStage,
    SetTags,
    SetValue,
    Spec,
    Store,
    Value,
)

COLORS = {
    "none": 0, "grey": 0, "gray": 0, "gris": 0,
    "red": 1, "rojo": 1,
    "orange": 2, "naranja": 2,
    "yellow": 3, "amarillo": 3,
    "light_blue": 4, "celeste": 4,
    "purple": 5, "dark_purple": 5, "morado": 5,
    "salmon": 6, "salmón": 6,
    "blue": 7, "medium_blue": 7, "azul": 7,
    "dark_blue": 8, "azul_oscuro": 8,
    "fuchsia": 9, "pink": 9, "fucsia": 9,
    "green": 10, "verde": 10,
    "violet": 11, "violeta": 11,
}  # fmt: skip
"""Names of Odoo's twelve colours, English and Spanish."""

CUSTOMERS: tuple[Literal["none", "link", "create"], ...] = ("none", "link", "create")
TAG_FIELDS = {"crm.lead": "tag_ids", "res.partner": "category_id"}

Json = Mapping[str, Data]

_AMOUNT = re.compile(r"(\d+(?:[.,]\d+(?=%))?)(%?)")


def build(data: Data, problems: list[Problem]) -> Spec:
    """The spec in ``data``. Problems of conditions and of examples go to ``problems``."""
    root = _mapping(data)
    builder = _Builder(problems)
    scope = _mapping(root.get("scope"))
    odoo = _mapping(root.get("odoo"))
    segmentations = tuple(
        builder.segmentation(item, ("segmentations", index), _text(scope.get("model")))
        for index, item in _mappings(root.get("segmentations"))
    )
    return Spec(
        client=_client(_mapping(root.get("client"))),
        odoo=Connection(*(_text(odoo.get(key)) for key in ("url", "database", "user"))) if odoo else None,
        scope=Scope(
            model=_text(scope.get("model")),
            where=builder.condition(scope, "where", ("scope",)),
            archived=scope.get("archived") is True,
            expect=_range(scope.get("expect")),
        ),
        fields=tuple(
            _custom_field(name, _mapping(item), ("fields", name)) for name, item in _mapping(root.get("fields")).items()
        ),
        protect=tuple(
            condition
            for index, item in enumerate(_list(root.get("protect")))
            if (condition := parse(item, ("protect", index), problems))
        ),
        segmentations=segmentations,
        filters="shared" if root.get("filters") == "shared" else "none",
        tracking=_tracking(root.get("tracking")),
        limits=_limits(_mapping(root.get("limits"))),
        examples=tuple(
            example(item, ("examples", index), segmentations, problems)
            for index, item in _mappings(root.get("examples"))
        ),
    )


class _Builder:
    """The parts that hold conditions; their problems are collected."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def condition(self, owner: Json, key: str, path: Path) -> Condition | None:
        return parse(owner[key], (*path, key), self.problems) if key in owner else None

    def segmentation(self, data: Json, path: Path, model: str) -> Segmentation:
        default = data.get("default")
        return Segmentation(
            name=_text(data.get("name")),
            description=_text(data.get("description")),
            include_contacts=data.get("include_contacts") is True,
            store=_store(_mapping(data.get("store")), model),
            segments=tuple(
                self.segment(item, (*path, "segments", index)) for index, item in _mappings(data.get("segments"))
            ),
            default=self.segment(default, (*path, "default")) if isinstance(default, dict) else None,
            path=path,
        )

    def segment(self, data: Json, path: Path) -> Segment:
        return Segment(
            name=_text(data.get("name")),
            condition=self.condition(data, "when", path),
            value=_scalar(data.get("value")),
            color=_color(data.get("color")),
            description=_text(data.get("description")),
            actions=(
                *(_action(key, item, (*path, "set", key)) for key, item in _mapping(data.get("set")).items()),
                *_conversion(data.get("convert"), (*path, "convert")),
            ),
            expect=_range(data.get("expect")),
            path=path,
        )


def _client(data: Json) -> Client:
    given = {key: value for key, value in data.items() if isinstance(value, str)}
    usual = Client("")
    return Client(
        name=given.get("name", ""),
        approver=given.get("approver"),
        language=given.get("language", usual.language),
        timezone=given.get("timezone", usual.timezone),
    )


def _store(data: Json, model: str) -> Store | None:
    if "field" in data:
        return Store("field", _text(data["field"]))
    if "categories" in data:
        return Store("categories", TAG_FIELDS["res.partner"], data["categories"] != "many")
    if "tags" in data:
        return Store("tags", TAG_FIELDS.get(model, "tag_ids"), data["tags"] != "many")
    return None


def _action(name: str, data: Data, path: Path) -> Action:
    if not isinstance(data, dict):
        value = _scalar(data)
        is_stage = name == "stage_id" and isinstance(value, str)
        return SetStage(name, _text(value), (), path) if is_stage else SetValue(name, value, path=path)
    if "assign" in data:
        cap = data.get("cap")
        return Assign(
            field=name,
            people=_references(data["assign"]),
            by="least_loaded" if data.get("by") == "least_loaded" else "round_robin",
            only_if_empty=data.get("only_if_empty") is not False,
            cap=cap if isinstance(cap, int) else None,
            path=path,
        )
    if "to" in data:
        (to,) = _references(data["to"])[:1] or ("",)
        return SetStage(name, to, _references(data.get("from")), path)
    if "value" in data:
        return SetValue(name, _scalar(data["value"]), data.get("reaches_other_records") is True, path)
    return SetTags(name, _references(data.get("add")), _references(data.get("remove")), path)


def _conversion(data: Data, path: Path) -> tuple[Convert, ...]:
    customer = _mapping(data).get("customer")
    return tuple(Convert(known, path) for known in CUSTOMERS if known == customer)


def _custom_field(name: str, data: Json, path: Path) -> CustomField:
    return CustomField(
        name=name,
        kind=_text(data.get("type")),
        label=_text(data.get("label")),
        help=_text(data.get("help")),
        values=_names(data.get("values")),
        multiple=data.get("multiple") is True,
        path=path,
    )


def _tracking(data: Data) -> Literal["keep", "silent"] | None:
    if data == "keep":
        return "keep"
    return "silent" if data == "silent" else None


def _limits(data: Json) -> Limits:
    usual = Limits()

    def limit(key: str, default: Amount | None) -> Amount | None:
        return _amount(data[key]) if key in data else default

    return Limits(
        changes=limit("changes", usual.changes),
        overwrites=limit("overwrites", usual.overwrites),
        removed_tags=limit("removed_tags", usual.removed_tags),
        moved_stages=limit("moved_stages", usual.moved_stages),
        portfolio=limit("portfolio", usual.portfolio),
        new_contacts=limit("new_contacts", usual.new_contacts),
        require_approval=data.get("require_approval") is True,
    )


def _amount(data: Data) -> Amount | None:
    """``5000``, ``"10%"``; None for ``off`` and for an end that is left open."""
    found = _AMOUNT.fullmatch(str(data).strip())
    if found is None:
        return None
    number = float(found[1].replace(",", "."))
    return Amount(int(number) if number.is_integer() else number, percent=found[2] == "%")


def _range(data: Data) -> Range | None:
    if data is None:
        return None
    low, dots, high = str(data).partition("..")
    return Range(_amount(low), _amount(high) if dots else _amount(low))


def _color(data: Data) -> int | None:
    return COLORS.get(data) if isinstance(data, str) else data if isinstance(data, int) else None


def _names(data: Data) -> tuple[str, ...]:
    return tuple(item for item in (data if isinstance(data, list) else [data]) if isinstance(item, str))


def _references(data: Data) -> tuple[RecordRef, ...]:
    """Names, and numbers for ids: YAML has ``6.0`` for a number too."""
    numbers = int | float
    return tuple(
        int(item) if isinstance(item, numbers) else item
        for item in (data if isinstance(data, list) else [data])
        if isinstance(item, str) or (isinstance(item, numbers) and not isinstance(item, bool))
    )


def _text(data: Data) -> str:
    """Also of a number that should stand in quotes, so that what refers to it finds it."""
    return str(data) if isinstance(data, str | int | float) else ""


def _scalar(data: Data) -> Value:
    return data if isinstance(data, str | int | float | bool) else None


def _list(data: Data) -> list[Data]:
    return data if isinstance(data, list) else []


def _mapping(data: Data) -> Json:
    return data if isinstance(data, dict) else {}


def _mappings(data: Data) -> list[tuple[int, Json]]:
    return [(index, item) for index, item in enumerate(_list(data)) if isinstance(item, dict)]
