"""An export of Odoo as a server that also knows the names of the spec, which no cell of the export need mention."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from segmenter.cli.slips import Mention, slips
from segmenter.conditions import CURRENCY, All, Any, Condition, Not, RawDomain
from segmenter.embedded import EmbeddedServer, from_export
from segmenter.embedded.export.words import exported_fields
from segmenter.embedded.schema import FieldDef, load
from segmenter.errors import Path, Problem
from segmenter.i18n import _, ngettext
from segmenter.odoo.custom_fields import TYPES
from segmenter.odoo.needs import leaves
from segmenter.odoo.reader import OdooReader
from segmenter.spec import locate_all
from segmenter.spec.model import Action, Assign, Convert, Segmentation, SetStage, SetTags, SetValue, Spec

BY_NAME = frozenset({"=", "in", "not", "not_in", "has_any", "has_all", "has_none", "under"})
"""Operators whose values are names of records; the others compare text."""


def exported(spec: Spec, file: str) -> EmbeddedServer:
    """The records of ``file``, and whatever the spec names: an export cannot say what does not exist."""
    server = from_export(
        file,
        spec.scope.model,
        language=spec.client.language,
        timezone=spec.client.timezone,
        known=names_of(spec),
        spelled=spelled_tags(spec),
        custom=custom_columns(spec),
    )
    server.notes += tuple(slips(spec, server, _sought(spec)))
    return server


def spelled_tags(spec: Spec) -> list[str]:
    """The tags and categories that the spec gives and takes, which a plan makes where they are missing."""
    names: list[object] = []
    for segmentation in spec.segmentations:
        segments = segmentation.all_segments
        if segmentation.store is not None and segmentation.store.kind != "field":
            names += [one.stored for one in segments]
        actions = [action for one in segments for action in one.actions if isinstance(action, SetTags)]
        names += [name for action in actions for name in (*action.add, *action.remove)]
    return [name for name in names if isinstance(name, str)]


def custom_columns(spec: Spec) -> list[FieldDef]:
    """The fields that the spec declares, which an export may have a column for."""
    return [
        FieldDef(
            one.name,
            TYPES[one.kind][0],
            {"en": one.label, "es": one.label},
            selection=tuple((value, value, value) for value in one.values),
        )
        for one in spec.fields
    ]


def require_columns(spec: Spec, reader: OdooReader) -> None:
    """Raises `SpecError` for every field that the export lacks, and every id of a record that it cannot know."""
    if missing := [*_missing(spec, reader), *_ids(spec), *_currencies(spec), *_own_ids(spec, reader)]:
        raise locate_all(spec, missing)


def _currencies(spec: Spec) -> Iterator[Problem]:
    for condition in _conditions(spec):
        for leaf, _negated in leaves(condition):
            if leaf.operator == CURRENCY:
                what = _("An export does not tell the currency of the amounts in {field}").format(field=leaf.field)
                yield Problem(leaf.path, what, _("leave out in: {code}").format(code=leaf.value))


def _own_ids(spec: Spec, reader: OdooReader) -> Iterator[Problem]:
    """Conditions on the ids of the records, where some have none in the file: theirs are made up from the row."""
    rows = reader.rows
    if rows is None or rows.own.issuperset(rows.by_record):
        return
    number = len(rows.by_record.keys() - rows.own)
    places = {place: path for path, place in _used(spec)} | {place: path for path, _values, place in _mentions(spec)}
    for place, path in places.items():
        if path == "id":
            what = ngettext(
                "{number} record of the export has no id",
                "{number} records of the export have no id",
                number,
            ).format(number=number)
            yield Problem(place, what, _("export it again with the column ID, or name the records otherwise"))


def _ids(spec: Spec) -> Iterator[Problem]:
    for path, values, place in _mentions(spec):
        by_id = _reached(spec.scope.model, path) is not None or path.endswith(".id")
        for number in [value for value in values if by_id and isinstance(value, int) and not isinstance(value, bool)]:
            what = _("{number} is the id of a record of {field}, and an export tells its name alone")
            yield Problem(
                place, what.format(number=number, field=path), _("write the name, in quotes where it is a number")
            )


def _missing(spec: Spec, reader: OdooReader) -> Iterator[Problem]:
    """Fields that the spec uses and Odoo has, without a column: each where it is used first."""
    there = set(reader.fields(spec.scope.model))
    spoken = "es" if spec.client.language.startswith("es") else "en"
    for path, place in _used(spec):
        field = exported_fields(spec.scope.model).get(path.partition(".")[0])
        if field is not None and field.name not in there:
            there.add(field.name)
            what = _("The export has no column {label} ({field})").format(label=field.label[spoken], field=field.name)
            yield Problem(place, what, _("export it again with that column, or leave the field out of the spec"))


def _used(spec: Spec) -> Iterator[tuple[str, Path]]:
    """Every field (a dotted path) that the spec compares or writes, and where."""
    segments = [one for segmentation in spec.segmentations for one in segmentation.all_segments]
    for condition in (spec.scope.where, *spec.protect, *(one.condition for one in segments)):
        yield from ((leaf.field, leaf.path) for leaf, _negated in leaves(condition))
    for segmentation in spec.segmentations:
        if segmentation.store is not None:
            yield segmentation.store.field, (*segmentation.path, "store")
    yield from ((action.field, action.path) for one in segments for action in one.actions)


def names_of(spec: Spec) -> dict[str, list[str]]:
    """Model -> the names of its records that the spec mentions."""
    found: dict[str, dict[str, None]] = {}
    for path, values, _place in _mentions(spec):
        model = _reached(spec.scope.model, path)
        if model is not None:
            found.setdefault(model, {}).update(dict.fromkeys(one for one in values if isinstance(one, str)))
    return {model: list(names) for model, names in found.items()}


def _mentions(spec: Spec) -> Iterator[tuple[str, Iterable[object], Path]]:
    """Every field (a dotted path) with the values that the spec compares it to or writes into it, and where."""
    segments = [one for segmentation in spec.segmentations for one in segmentation.all_segments]
    for condition in (spec.scope.where, *spec.protect, *(one.condition for one in segments)):
        for leaf, _negated in leaves(condition):
            if leaf.operator in BY_NAME:
                yield leaf.field, leaf.value if isinstance(leaf.value, tuple) else (leaf.value,), leaf.path
    for one in segments:
        for action in one.actions:
            yield action.field, _written(action), action.path
    for segmentation in spec.segmentations:
        yield from _stored(segmentation)
    for raw in _raw_domains(spec):
        for path, _operator, values in _terms(raw):
            yield path, values, raw.path
    for example in spec.examples:
        for path, value in (example.given or {}).items():
            yield path, value if isinstance(value, list | tuple) else (value,), (*example.path, "given", path)


def _sought(spec: Spec) -> Iterator[Mention]:
    """What `slips` looks at: names that records are looked for by, and names that are written."""
    made = set(spelled_tags(spec))
    segments = [one for segmentation in spec.segmentations for one in segmentation.all_segments]
    for condition in _conditions(spec):
        for leaf, _negated in leaves(condition):
            if leaf.operator in BY_NAME:
                values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
                yield leaf.field, [value for value in values if value not in made], leaf.path, True
    for raw in _raw_domains(spec):
        for path, operator, names in _terms(raw):
            if operator in ("=", "!=", "in", "not in"):
                yield path, [name for name in names if isinstance(name, str) and name not in made], raw.path, True
    for action in (action for one in segments for action in one.actions):
        if isinstance(action, SetStage):
            yield action.field, action.come_from, action.path, True
            yield action.field, (action.to,), action.path, False
        else:
            yield action.field, _written(action), action.path, False
    for segmentation in spec.segmentations:
        for path, stored, place in _stored(segmentation):
            yield path, stored, place, False


def _conditions(spec: Spec) -> list[Condition | None]:
    segments = [one for segmentation in spec.segmentations for one in segmentation.all_segments]
    return [spec.scope.where, *spec.protect, *(one.condition for one in segments)]


def _raw_domains(spec: Spec) -> Iterator[RawDomain]:
    waiting = _conditions(spec)
    while waiting:
        match waiting.pop():
            case RawDomain() as raw:
                yield raw
            case All(parts) | Any(parts):
                waiting.extend(parts)
            case Not(part):
                waiting.append(part)


def _terms(raw: RawDomain) -> Iterator[tuple[str, object, Iterable[object]]]:
    """Each comparison of a raw domain: a field (a dotted path), the operator, the values."""
    for term in raw.domain:
        if isinstance(term, tuple) and len(term) == 3 and isinstance(term[0], str):
            yield term[0], term[1], term[2] if isinstance(term[2], tuple) else (term[2],)


def _stored(segmentation: Segmentation) -> Iterator[tuple[str, Iterable[object], Path]]:
    if segmentation.store is not None and segmentation.store.kind == "field":
        for one in segmentation.all_segments:
            yield segmentation.store.field, (one.stored,), one.path


def _written(action: Action) -> Iterable[object]:
    match action:
        case Assign():
            return action.people
        case SetStage():
            return (action.to, *action.come_from)
        case Convert() | SetTags():
            return ()  # a plan creates the tags that are missing
        case SetValue():
            return (action.value,)


def _reached(model: str, path: str) -> str | None:
    """The model of the records at the end of a path of fields; None when it ends in a plain value."""
    reached: str | None = model
    for step in path.split("."):
        known = load().get(reached or "")
        field = known.fields.get(step) if known else None
        reached = field.relation if field else None
    return reached
