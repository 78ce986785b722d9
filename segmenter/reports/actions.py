"""What a segment does to a record, in words: the tag, the value, the stage, the salesperson, the conversion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from segmenter.conditions import Amount, Field
from segmenter.conditions.dates import moment
from segmenter.i18n import _, all_of, one_of, quoted
from segmenter.model_names import plural_name
from segmenter.reports.text import Style
from segmenter.resolving.resolved import Resolved
from segmenter.spec.model import (
    Action,
    Assign,
    Convert,
    RecordRef,
    Segment,
    Segmentation,
    SetStage,
    SetTags,
    SetValue,
)

Names = Mapping[tuple[str, RecordRef], str]
"""Field and a reference of the spec to a record (a login, an id) -> what the record is called."""


_TAGS = {"tag_ids": "crm.tag", "category_id": "res.partner.category"}


class Actions:
    """Words what the segments of one spec write. ``amount``: how money is written."""

    def __init__(self, resolved: Resolved, names: Names, style: Style, amount: Amount) -> None:
        self._names, self._style, self._amount = names, style, amount
        stores = [segmentation.store for segmentation in resolved.segmentations if segmentation.store is not None]
        declared = [known.field for known in resolved.fields]
        self._fields = {field.name: field for field in (*declared, *stores, *(one.field for one in resolved.effects()))}

    def of(self, segmentation: Segmentation, segment: Segment) -> Iterator[str]:
        """A sentence for each thing that is written; a tag of the segment's own name goes without saying."""
        store = segmentation.store
        if store is not None and store.kind == "field":
            yield self._set(SetValue(store.field, segment.stored))
        elif store is not None and segment.stored != segment.name:
            yield _("Gets the tag {name}").format(name=quoted(str(segment.stored)))
        for action in segment.actions:
            yield from self._said(action)

    def value(self, field: Field | None, value: object) -> str:
        """A value as the client reads it: the label of a key, yes or no, a number, a day, a name."""
        if field is not None and field.selection:
            return dict(field.selection).get(str(value), str(value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, int | float) and (field is None or not field.relation):
            return self._amount(value) if field and field.type == "monetary" else self._style.number(value)
        if field is not None and field.type in ("date", "datetime") and (at := moment(str(value))):
            return self._style.day(at.local.date().isoformat()) if at.is_day else str(value)
        return str(value)

    def _said(self, action: Action) -> Iterator[str]:
        match action:
            case SetTags():
                label = self._label(action.field)
                if action.add:
                    yield _("{field}: adds {names}").format(field=label, names=self._all(action.field, action.add))
                if action.remove:
                    yield _("{field}: takes away {names}").format(
                        field=label, names=self._all(action.field, action.remove)
                    )
            case SetStage():
                yield self._move(action)
            case Assign():
                yield self._assign(action)
            case Convert():
                yield {
                    "none": _("Leads become opportunities"),
                    "link": _("Leads become opportunities, of the contact that has their e-mail"),
                    "create": _("Leads become opportunities, of the contact that has their e-mail, or of a new one"),
                }[action.customer]
            case SetValue():
                yield self._set(action)

    def _set(self, action: SetValue) -> str:
        label = self._label(action.field)
        if action.value is None:
            return _("{field} is left blank").format(field=label)
        value = self._called(action.field, action.value)
        if action.reaches_other_records:
            return _("{field} becomes {value}, on the other records that share it too").format(field=label, value=value)
        return _("{field} becomes {value}").format(field=label, value=value)

    def _move(self, action: SetStage) -> str:
        label, to = self._label(action.field), self._called(action.field, action.to)
        if not action.come_from:
            return _("{field} becomes {value}").format(field=label, value=to)
        origins = one_of([self._called(action.field, stage) for stage in action.come_from])
        return _("{field} goes from {names} to {value}").format(field=label, names=origins, value=to)

    def _assign(self, action: Assign) -> str:
        label, people = self._label(action.field), [self._called(action.field, person) for person in action.people]
        if not people[1:]:
            given = _("{field} becomes {value}").format(field=label, value=people[0])
        elif action.by == "least_loaded":
            given = _("{field}: of {names}, whoever has fewest open").format(field=label, names=all_of(people))
        else:
            given = _("{field}: {names}, in turn").format(field=label, names=all_of(people))
        if action.only_if_empty:
            given = _("{sentence}, only where there is nobody").format(sentence=given)
        if action.cap is not None:
            most = _("{sentence}, up to {number} open for each person")
            given = most.format(sentence=given, number=self._style.number(action.cap))
        return given

    def _all(self, field: str, names: Sequence[RecordRef]) -> str:
        return all_of([self._called(field, name) for name in names])

    def _called(self, field: str, value: RecordRef | float | bool) -> str:
        if isinstance(value, str | int) and (field, value) in self._names:
            return self._names[field, value]
        return self.value(self._fields.get(field), value)

    def _label(self, field: str) -> str:
        known = self._fields.get(field)
        if known is None and field in _TAGS:  # no effect tells of a tag that is taken away and is not there
            name = plural_name(_TAGS[field])
            return name[:1].upper() + name[1:]
        return known.label.strip() if known is not None else field
