"""An export of Odoo as a server that also knows the names of the spec, which no cell of the export need mention."""

from __future__ import annotations

from collections.abc import Iterator

from segmenter.conditions import CURRENCY
from segmenter.conditions.model import PROPERTY
from segmenter.embedded import EmbeddedServer, from_export
from segmenter.embedded.export.words import exported_fields
from segmenter.embedded.schema import FieldDef, load
from segmenter.errors import Problem
from segmenter.i18n import _, ngettext
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.resolving.custom_fields import TYPES
from segmenter.resolving.mentions import fields_used, leaves_of, mentions, related_of, tags_of
from segmenter.resolving.slips import slips
from segmenter.spec import locate, locate_all
from segmenter.spec.model import Spec


def exported(spec: Spec, file: str) -> EmbeddedServer:
    """The records of ``file``, and whatever the spec names: an export cannot say what does not exist."""
    server = from_export(
        file,
        spec.scope.model,
        language=spec.client.language,
        timezone=spec.client.timezone,
        known=names_of(spec),
        spelled=tags_of(spec),
        custom=custom_columns(spec),
    )
    server.notes += tuple(slips(spec, server))
    return server


def custom_columns(spec: Spec) -> list[FieldDef]:
    """The fields that the spec declares, which an export may have a column for."""
    return [
        FieldDef(
            field.name,
            TYPES[field.kind][0],
            {"en": field.label, "es": field.label},
            selection=tuple((value, value, value) for value in field.values),
        )
        for field in spec.fields
    ]


def names_of(spec: Spec) -> dict[str, list[str]]:
    """Model -> the names of its records that the spec mentions."""
    names: dict[str, dict[str, None]] = {}
    for mention in mentions(spec):
        model = _reached(spec.scope.model, mention.field)
        if model is not None:
            texts = [value for value in mention.values if isinstance(value, str)]
            names.setdefault(model, {}).update(dict.fromkeys(texts))
    return {model: list(texts) for model, texts in names.items()}


def new_names(spec: Spec, catalog: Catalog) -> dict[str, list[str]]:
    """Model -> the names that the spec mentions and the CRM of an export does not know yet."""
    new = {model: [name for name in names if not catalog.named(model, name)] for model, names in names_of(spec).items()}
    return {model: names for model, names in new.items() if names}


def require_columns(spec: Spec, reader: OdooReader) -> None:
    """Raises `SpecError` for every field that the export lacks, and every id of a record that it cannot know."""
    if missing := [*_missing(spec, reader), *_others(spec, reader)]:
        raise locate_all(spec, missing)


def untold(spec: Spec, reader: OdooReader) -> list[Problem]:
    """What `require_columns` raises, at every place where the spec asks it."""
    return [locate(spec, problem) for problem in (*_missing(spec, reader, every=True), *_others(spec, reader))]


def _others(spec: Spec, reader: OdooReader) -> Iterator[Problem]:
    yield from (*_ids(spec), *_currencies(spec), *_lists(spec), *_stores(spec), *_own_ids(spec, reader))


def _missing(spec: Spec, reader: OdooReader, *, every: bool = False) -> Iterator[Problem]:
    """Fields that the spec uses and Odoo has, without a column: each where it is used first, or wherever it is."""
    there = set(reader.fields(spec.scope.model))
    spoken = "es" if spec.client.language.startswith("es") else "en"
    listed = {related.path for related in related_of(spec)}
    for path, place in fields_used(spec):
        if place in listed:
            continue
        field = exported_fields(spec.scope.model).get(path.partition(".")[0])
        if field is not None and field.name not in there:
            if not every:
                there.add(field.name)
            what = _("The export has no column {label} ({field})").format(label=field.label[spoken], field=field.name)
            yield Problem(place, what, _("export it again with that column, or leave the field out of the spec"))


def _ids(spec: Spec) -> Iterator[Problem]:
    """Ids of related records: an export tells their names alone."""
    for mention in mentions(spec):
        if _reached(spec.scope.model, mention.field) is None and not mention.field.endswith(".id"):
            continue
        for value in mention.values:
            if isinstance(value, int) and not isinstance(value, bool):
                what = _("{number} is the id of a record of {field}, and an export tells its name alone")
                todo = _("write the name, in quotes where it is a number")
                yield Problem(mention.path, what.format(number=value, field=mention.field), todo)


def _currencies(spec: Spec) -> Iterator[Problem]:
    for leaf in leaves_of(spec):
        if leaf.operator == CURRENCY:
            what = _("An export does not tell the currency of the amounts in {field}").format(field=leaf.field)
            yield Problem(leaf.path, what, _("leave out in: {code}").format(code=leaf.value))


def _lists(spec: Spec) -> Iterator[Problem]:
    for related in related_of(spec):
        what = _("An export does not tell the records behind {field}").format(field=related.field)
        if related.function == PROPERTY:
            what = _("An export does not tell what {field} is in the properties of leads").format(field=related.of)
        yield Problem(related.path, what, _("plan on the server itself, or leave this condition out"))


def _stores(spec: Spec) -> Iterator[Problem]:
    for segmentation in spec.segmentations:
        if segmentation.store is not None and segmentation.store.property:
            what = _("An export does not tell what {field} is in the properties of leads")
            todo = _("store a field or tags, or plan on the server itself")
            yield Problem((*segmentation.path, "store"), what.format(field=segmentation.store.property), todo)


def _own_ids(spec: Spec, reader: OdooReader) -> Iterator[Problem]:
    """Conditions on the ids of the records, where some have none in the file: theirs are made up from the row."""
    rows = reader.rows
    if rows is None or rows.own.issuperset(rows.by_record):
        return
    number = len(rows.by_record.keys() - rows.own)
    places = {place: path for path, place in fields_used(spec)}
    places |= {mention.path: mention.field for mention in mentions(spec)}
    for place, path in places.items():
        if path == "id":
            what = ngettext(
                "{number} record of the export has no id",
                "{number} records of the export have no id",
                number,
            ).format(number=number)
            yield Problem(place, what, _("export it again with the column ID, or name the records otherwise"))


def _reached(model: str, path: str) -> str | None:
    """The model of the records at the end of a path of fields; None when it ends in a plain value."""
    reached: str | None = model
    for step in path.split("."):
        known = load().get(reached or "")
        field = known.fields.get(step) if known else None
        reached = field.relation if field else None
    return reached
