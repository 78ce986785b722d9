"""Plain data -> `Spec`. Parts of the wrong form are left out: `schema` has reported them, so all problems are found
at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from segmenter.conditions import Condition, parse
from segmenter.conditions.model import PROPERTIES
from segmenter.conditions.near import did_you_mean
from segmenter.errors import Path, Problem
from segmenter.i18n import _
from segmenter.plans.expected import Amount, Range
from segmenter.spec.consultant import consultant
from segmenter.spec.document import Data
from segmenter.spec.model import (
    COLORS,
    Action,
    Api,
    Assign,
    Client,
    Connection,
    Convert,
    CustomField,
    Example,
    Favourites,
    Limits,
    Pace,
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

CUSTOMERS: tuple[Literal["none", "link", "create"], ...] = ("none", "link", "create")
SHOWN: tuple[Literal["holds", "live", "none"], ...] = ("holds", "live", "none")
TAG_FIELDS = {"crm.lead": "tag_ids", "res.partner": "category_id"}

Json = Mapping[str, Data]

_AMOUNT = re.compile(r"(\d+(?:[.,]\d+(?=%))?)(%?)")


def build(data: Data, problems: list[Problem]) -> Spec:
    """Builds the spec. Problems of conditions and examples are added to ``problems``."""
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
        consultant=consultant(root.get("consultant")),
        odoo=_connection(odoo) if odoo else None,
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
        filters=_favourites(root.get("filters")),
        tracking=_tracking(root.get("tracking")),
        limits=_limits(_mapping(root.get("limits"))),
        examples=tuple(
            build_example(item, ("examples", index), segmentations, problems)
            for index, item in _mappings(root.get("examples"))
        ),
    )


class _Builder:
    """Builds the parts that hold conditions, and collects their problems."""

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
            filter=_shown(data.get("filter")),
            path=path,
        )


def build_example(
    data: Mapping[str, Data], path: Path, segmentations: Sequence[Segmentation], problems: list[Problem]
) -> Example:
    """One example. Several segments of a ``many`` store are joined by commas, in the order of the spec."""
    given, record, expect = data.get("given"), data.get("record"), data.get("expect")
    known = {segmentation.name: segmentation for segmentation in segmentations if segmentation.name}
    wanted: dict[str, str] = {}
    for name, value in expect.items() if isinstance(expect, dict) else ():
        at = (*path, "expect", name)
        if name not in known:
            what = _("There is no segmentation {name} in this spec").format(name=name)
            problems.append(Problem(at, what, did_you_mean(name, known, _there_are(known))))
        else:
            named = [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]
            wanted[name] = _expected(named, at, known[name], problems)
    return Example(
        given=given if isinstance(given, dict) else None,
        record=record if isinstance(record, str | int) else None,
        expect=wanted,
        path=path,
    )


def _expected(named: Sequence[str], path: Path, segmentation: Segmentation, problems: list[Problem]) -> str:
    segments = [segment.name for segment in segmentation.all_segments if segment.name]
    for name in named:
        if name not in segments:
            what = _("{segmentation} has no segment {name}").format(segmentation=segmentation.name, name=name)
            problems.append(Problem(path, what, did_you_mean(name, segments, _there_are(segments))))
    if len(named) > 1 and not segmentation.many:
        what = _("A record belongs to one segment of {segmentation} at most").format(segmentation=segmentation.name)
        problems.append(Problem(path, what, _("name one, or null for none")))
    return ", ".join(name for name in segments if name in named)


def _there_are(names: Iterable[str]) -> str:
    return _("there are {names}").format(names=", ".join(names))


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
    if "property" in data:
        return Store("field", PROPERTIES, property=_text(data["property"]))
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


def _favourites(data: Data) -> Favourites | None:
    if not isinstance(data, dict):
        return Favourites() if data == "shared" else None
    people = tuple(item for item in _list(data.get("share")) if isinstance(item, str | int))
    return Favourites(people, "live" if data.get("show") == "live" else "holds")


def _shown(data: Data) -> Literal["holds", "live", "none"] | None:
    return next((show for show in SHOWN if show == data), None)


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
    """An amount such as ``5000`` or ``"10%"``; None for ``off`` and for an open end."""
    match = _AMOUNT.fullmatch(str(data).strip())
    if match is None:
        return None
    number = float(match[1].replace(",", "."))
    return Amount(int(number) if number.is_integer() else number, percent=match[2] == "%")


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
    """Names, or numbers for ids; ``6.0`` is a number in YAML too."""
    numbers = int | float
    return tuple(
        int(item) if isinstance(item, numbers) else item
        for item in (data if isinstance(data, list) else [data])
        if isinstance(item, str) or (isinstance(item, numbers) and not isinstance(item, bool))
    )


def _connection(data: Json) -> Connection:
    url, database, user = (_text(data.get(key)) for key in ("url", "database", "user"))
    return Connection(url, database, user, pace_of(data.get("pace")), api_of(data.get("api")))


def api_of(data: Data) -> Api:
    """The wire in a spec, or in what a plan keeps of it."""
    return "json2" if data == "json2" else "xmlrpc" if data == "xmlrpc" else "auto"


def pace_of(data: Data) -> Pace | None:
    """The pace in a spec, or in what a plan keeps of it; None where it says nothing."""
    known = _mapping(data)
    calls, connections = known.get("calls_per_second"), known.get("connections")
    pace = Pace(
        float(calls) if isinstance(calls, int | float) else None, connections if isinstance(connections, int) else None
    )
    return pace if known else None


def _text(data: Data) -> str:
    """A text, also from a number that lacks its quotes, so that references to it work."""
    return str(data) if isinstance(data, str | int | float) else ""


def _scalar(data: Data) -> Value:
    return data if isinstance(data, str | int | float | bool) else None


def _list(data: Data) -> list[Data]:
    return data if isinstance(data, list) else []


def _mapping(data: Data) -> Json:
    return data if isinstance(data, dict) else {}


def _mappings(data: Data) -> list[tuple[int, Json]]:
    return [(index, item) for index, item in enumerate(_list(data)) if isinstance(item, dict)]
