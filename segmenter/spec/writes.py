"""Checks what segmentations write: each field and tag belongs to one of them, and some fields to none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from segmenter.conditions.near import canonical
from segmenter.errors import Path, Problem
from segmenter.i18n import _
from segmenter.spec.build import TAG_FIELDS
from segmenter.spec.model import Action, Convert, Segmentation, SetStage, SetTags, Spec

REFUSED: Mapping[str, frozenset[str]] = {"res.partner": frozenset({"parent_id", "type"})}
"""Fields by which Odoo decides whose address and tax number a contact has.

Measured on 14 to 19: a contact that gets a company, or becomes of the type that shares its address, takes over the
company's address, tax number, industry and (15 and newer) salesperson; on 19 a company without them gets the contact's.
It happens after the write, so nothing that is written along stays, and nothing that an undo writes gives it back.
"""


def clashes(spec: Spec) -> Iterator[Problem]:
    """Fields and tags that two segmentations write, or that one writes in two ways, and actions that do not fit."""
    fields: dict[tuple[str, str], Segmentation] = {}
    tags: dict[tuple[str, str], Segmentation] = {}
    tag_field = TAG_FIELDS.get(spec.scope.model, "")
    for segmentation in spec.segmentations:
        yield from _own(segmentation, tag_field)
        yield from _refused(segmentation, REFUSED.get(spec.scope.model, frozenset()))
        for field, label, path in _fields(segmentation):
            first = fields.setdefault((field, canonical(label)), segmentation)
            if first is not segmentation:
                what = _("{second} sets {field}, which {first} already sets")
                what = what.format(second=segmentation.name, first=first.name, field=label or field)
                yield Problem(path, what, _("let one segmentation set each field"))
        for field, tag, path in _tags(segmentation):
            first = tags.setdefault((field, tag.casefold()), segmentation)
            if first is not segmentation:
                what = _("{second} names the tag {tag}, which {first} already manages")
                what = what.format(second=segmentation.name, first=first.name, tag=tag)
                yield Problem(path, what, _("give it another name in one of them"))


def _own(segmentation: Segmentation, tag_field: str) -> Iterator[Problem]:
    """Problems within one segmentation."""
    store = segmentation.store
    stored = {tag.casefold() for _field, tag, _path in _stored_tags(segmentation)}
    for action in _actions(segmentation):
        if store and store.kind == "field" and action.field == store.field:
            what = _("{field} is set here, and the store of {name} writes it already")
            what = what.format(field=action.field, name=segmentation.name)
            yield Problem(action.path, what, _("delete it here, or use value: in the segment"))
        elif isinstance(action, SetTags):
            yield from _tag_action(action, stored, tag_field)
        elif action.field == tag_field:
            what = _("{field} holds many values, so it cannot be set to one").format(field=action.field)
            yield Problem(action.path, what, _("write {field}: {{add: [TAGS]}}").format(field=action.field))
        elif isinstance(action, SetStage) and action.field != "stage_id":
            what = _("{field} is not a stage, so to and from do not fit it").format(field=action.field)
            yield Problem(action.path, what, _("write the value alone"))


def _refused(segmentation: Segmentation, fields: frozenset[str]) -> Iterator[Problem]:
    store = segmentation.store
    places = {action.field: action.path for action in _actions(segmentation) if not isinstance(action, Convert)}
    if store:
        places[store.field] = (*segmentation.path, "store", "field")
    for field in sorted(fields & places.keys()):
        what = _(
            "{field} of a contact is not written here: with it Odoo replaces addresses, tax numbers and salespeople, "
            "the contact's own or its company's, and an undo could not give them back"
        ).format(field=field)
        yield Problem(places[field], what, _("change it in Odoo, contact by contact, and set another field here"))


def _tag_action(action: SetTags, stored: set[str], tag_field: str) -> Iterator[Problem]:
    removed = {str(tag).casefold() for tag in action.remove}
    for key, tags in (("add", action.add), ("remove", action.remove)):
        for number in [tag for tag in tags if isinstance(tag, int) and action.field == tag_field]:
            # Elsewhere a number is an id. A tag need not be there yet, so it is always named.
            what = _("A tag is given by its name, and {number} is a number").format(number=number)
            yield Problem((*action.path, key), what, _('put it in quotes: "{name}"').format(name=number))
    for tag in (*action.add, *action.remove):
        if str(tag).casefold() in stored:
            what = _("The tag {tag} belongs to the segments here, which give and take it by themselves").format(tag=tag)
            yield Problem(action.path, what, _("delete it from set:"))
    for tag in action.add:
        if str(tag).casefold() in removed:
            what = _("The tag {tag} is both added and removed").format(tag=tag)
            yield Problem(action.path, what, _("keep one of the two"))


def _actions(segmentation: Segmentation) -> list[Action]:
    return [action for segment in segmentation.all_segments for action in segment.actions]


def _fields(segmentation: Segmentation) -> Iterator[tuple[str, str, Path]]:
    """The single-valued fields that a segmentation writes; of the one that holds all properties, the label of the
    property; the path where it first writes it."""
    store, places = segmentation.store, dict[str, Path]()
    if store and store.property:
        yield store.field, store.property, (*segmentation.path, "store", "property")
    elif store and store.kind == "field" and store.field:
        places[store.field] = (*segmentation.path, "store", "field")
    for action in _actions(segmentation):
        if not isinstance(action, SetTags):
            places.setdefault(action.field, action.path)
    for field, path in places.items():
        yield field, "", path


def _stored_tags(segmentation: Segmentation) -> Iterator[tuple[str, str, Path]]:
    store = segmentation.store
    if store and store.kind != "field":
        for segment in segmentation.all_segments:
            if isinstance(segment.stored, str) and segment.stored:
                key = "name" if segment.value is None else "value"
                yield store.field, segment.stored, (*segment.path, key)


def _tags(segmentation: Segmentation) -> Iterator[tuple[str, str, Path]]:
    """Field, name and path of each tag that the segmentation adds or removes, once each."""
    seen: set[tuple[str, str]] = set()
    named = [
        (action.field, str(tag), action.path)
        for action in _actions(segmentation)
        if isinstance(action, SetTags)
        for tag in (*action.add, *action.remove)
    ]
    for field, tag, path in (*_stored_tags(segmentation), *named):
        if (field, tag.casefold()) not in seen:
            seen.add((field, tag.casefold()))
            yield field, tag, path
