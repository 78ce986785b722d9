"""Checks declared custom fields, the values written to them, and conversions, before any server is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from segmenter.conditions.near import did_you_mean
from segmenter.errors import Path, Problem
from segmenter.i18n import _
from segmenter.spec.build import TAG_FIELDS
from segmenter.spec.model import Convert, CustomField, SetValue, Spec, Value


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


KINDS: Mapping[str, Callable[[Value], bool]] = {
    "text": lambda value: isinstance(value, str),
    "selection": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "float": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "date": lambda value: isinstance(value, str),
}
"""The types of a declared field, and what can be written to each."""


def custom_fields(spec: Spec) -> Iterator[Problem]:
    """Problems of declarations, and values that do not fit their field."""
    for field in spec.fields:
        yield from _declaration(field, spec)
    declared = {field.name: field for field in spec.fields}
    for name, value, path in _written(spec):
        if name in declared:
            yield from _value(declared[name], value, path)


def conversions(spec: Spec) -> Iterator[Problem]:
    """Problems of conversions: only leads are converted, and their type is changed in no other way."""
    of_leads = spec.scope.model == "crm.lead"
    for segmentation in spec.segmentations:
        store = segmentation.store
        if of_leads and store is not None and store.field == "type":
            yield _by_hand((*segmentation.path, "store", "field"))
        for segment in segmentation.all_segments:
            for action in segment.actions:
                if isinstance(action, Convert):
                    if spec.scope.model and not of_leads:
                        what = _("{model} cannot be converted: leads are").format(model=spec.scope.model)
                        yield Problem(action.path, what, _("delete it, or use scope: {model: crm.lead}"))
                elif of_leads and action.field == "type":
                    yield _by_hand(action.path)


def _by_hand(path: Path) -> Problem:
    what = _("Writing the type of a lead leaves it without the date of its conversion")
    return Problem(path, what, _("use convert: {customer: none} in the segment"))


def _declaration(field: CustomField, spec: Spec) -> Iterator[Problem]:
    word = "categories" if TAG_FIELDS.get(spec.scope.model) == "category_id" else "tags"
    if field.multiple:
        # A many2many of our own would be on no form, filter or card of Odoo; its tags are on all of them.
        what = _("{field} cannot hold several values: in Odoo tags do").format(field=field.name)
        yield Problem(
            (*field.path, "multiple"), what, _("use store: {{{word}: many}} in the segmentation").format(word=word)
        )
    if field.kind == "selection" and not field.values:
        what = _("The selection {field} has no values").format(field=field.name)
        yield Problem(field.path, what, _("add values: [...]"))
    if field.kind and field.kind != "selection" and field.values:
        what = _("{field} is no selection, so it has no list of values").format(field=field.name)
        yield Problem((*field.path, "values"), what, _("delete values:, or write type: selection"))
    seen: set[str] = set()
    for value in field.values:
        if value.casefold() in seen:
            what = _("{field} has the value {value} twice").format(field=field.name, value=value)
            yield Problem((*field.path, "values"), what, _("keep one of the two"))
        seen.add(value.casefold())


def _written(spec: Spec) -> Iterator[tuple[str, Value, Path]]:
    """Field, value and path of every single value that the spec writes."""
    for segmentation in spec.segmentations:
        store = segmentation.store
        for segment in segmentation.all_segments:
            if store is not None and store.kind == "field":
                key = "name" if segment.value is None else "value"
                yield store.field, segment.stored, (*segment.path, key)
            for action in segment.actions:
                if isinstance(action, SetValue) and action.value is not None:
                    yield action.field, action.value, action.path


def _value(field: CustomField, value: Value, path: Path) -> Iterator[Problem]:
    if field.kind not in KINDS or not value:
        return  # False, 0 and "" empty any field; a type that is none is a problem of form
    if not KINDS[field.kind](value):
        what = _("{value} does not fit {field}, which is of type {type}")
        yield Problem(
            path,
            what.format(value=value, field=field.name, type=field.kind),
            _("write another value, or change the type of the field"),
        )
    elif field.kind == "selection" and field.values and value not in field.values:
        what = _("{field} has no value {value}").format(field=field.name, value=value)
        yield Problem(path, what, did_you_mean(str(value), field.values, _("add it to the values of the field")))
