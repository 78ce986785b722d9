"""A CRM as the last plan of a client remembers it: what it calls its fields, and the names that the spec mentions.

It has no records. With it a spec can be put in words where no server can be asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from segmenter.conditions.operators import KINDS
from segmenter.embedded import EmbeddedServer, without_records
from segmenter.embedded.export.words import exported_fields
from segmenter.embedded.schema import FieldDef
from segmenter.odoo.catalog import Catalog
from segmenter.plans.plan import Plan
from segmenter.resolving.exported import custom_columns, names_of
from segmenter.resolving.resolved import Resolved
from segmenter.spec.model import Assign, RecordRef, SetStage, SetTags, SetValue, Spec

_TYPES = {kind: type_ for type_, kind in reversed(KINDS.items())}
"""Kind -> a type of that kind."""


def remembered(spec: Spec, plan: Plan | None) -> EmbeddedServer:
    """The CRM of a spec, as ``plan`` knows it; without a plan, with Odoo's own labels."""
    model = spec.scope.model
    fields = {**exported_fields(model), **{field.name: field for field in custom_columns(spec)}}
    own = [field for field in fields.values() if field.name.startswith("x_")]
    relabelled = list(_relabelled(plan, fields)) if plan is not None and plan.identity.model == model else []
    return without_records(model, language=spec.client.language, known=names_of(spec), custom=[*own, *relabelled])


def _relabelled(plan: Plan, fields: Mapping[str, FieldDef]) -> Iterator[FieldDef]:
    """The fields that a plan speaks of, with the client's labels; those that only the client has, as far as known."""
    labels, types = dict(plan.names.labels), dict(plan.names.field_types)
    keys: dict[str, dict[str, str]] = {}
    for name, shown in plan.names.value_names.items():
        field, _colon, key = name.partition(":")
        keys.setdefault(field, {})[key] = shown
    for leaf in (leaf for condition in _conditions(plan) for leaf in _leaves(condition)):
        name, label = str(leaf["field"]), str(leaf["labels"][0])
        labels.setdefault(name.partition(".")[0], label)
        if "." not in name:
            types.setdefault(name, _TYPES[leaf["kind"]])
            called = zip(leaf["values"], leaf.get("names") or (), strict=False)
            keys.setdefault(name, {}).update({str(key): text for key, text in called if text})
    for name, label in labels.items():
        known = fields.get(name)
        if known is None:
            kind = types.get(name, "char")
            known = FieldDef(name, "char" if kind.endswith(("2one", "2many")) else kind, {})
            if known.type == "selection":
                known = replace(known, selection=tuple((key, key, key) for key in keys.get(name, ())))
        told = keys.get(name, {})
        selection = tuple(
            (key, told.get(key, english), told.get(key, spanish)) for key, english, spanish in known.selection
        )
        yield replace(known, label={"en": label, "es": label}, selection=selection)


def lists_told(plan: Plan) -> list[Mapping[str, Any]]:
    """What a plan kept of the lists that its conditions ask, in the order of its spec."""
    return [related for condition in _conditions(plan) for related in _lists(condition)]


def _conditions(plan: Plan) -> list[Any]:
    segments = [count.condition for count in plan.counts.segments]
    return [plan.rules.scope_condition, plan.rules.protect_condition, *segments]


def _lists(told: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(told, list):
        for part in told:
            yield from _lists(part)
    elif isinstance(told, Mapping) and "related" in told:
        yield told["related"]
    elif isinstance(told, Mapping):
        for key in ("all", "any", "not"):
            yield from _lists(told.get(key))


def _leaves(told: Any) -> Iterator[Mapping[str, Any]]:
    """The leaves of facts that `conditions.facts` describes."""
    if isinstance(told, list):
        for part in told:
            yield from _leaves(part)
    elif isinstance(told, Mapping) and "labels" in told and "kind" in told:
        yield told
    elif isinstance(told, Mapping):
        for key in ("all", "any", "not"):
            yield from _leaves(told.get(key))


def references(spec: Spec, resolved: Resolved, catalog: Catalog) -> dict[tuple[str, RecordRef], str]:
    """What the records are called to which a spec refers otherwise, by a login or an id: (field, reference) -> name."""
    relations = {effect.field.name: effect.field.relation for effect in resolved.effects()}
    found: dict[tuple[str, RecordRef], str] = {}
    for segmentation in spec.segmentations:
        for segment in segmentation.all_segments:
            for action in segment.actions:
                relation = relations.get(action.field)
                wanted: tuple[RecordRef | float | None, ...] = ()
                match action:
                    case Assign():
                        wanted = action.people
                    case SetStage():
                        wanted = (action.to, *action.come_from)
                    case SetTags():
                        wanted = (*action.add, *action.remove)
                    case SetValue():
                        wanted = (action.value,)
                for one in wanted if relation else ():
                    if isinstance(one, str | int) and not isinstance(one, bool):
                        meant = catalog.meant(str(relation), one)
                        if len(meant) == 1:
                            found[action.field, one] = meant[0].name
    return found
