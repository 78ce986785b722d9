"""The published JSON Schema, and its errors as problems that a person can act on: one sentence per fault."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import islice
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from segmenter.conditions.near import did_you_mean, near_misses
from segmenter.errors import Path, Problem
from segmenter.i18n import N_, _
from segmenter.spec.document import Data

# The title of a part of the schema -> what belongs there. Kept here and not in the schema, to be translated.
_EXPECTED = {
    "Spec": N_("a mapping with the keys version, client, scope and segmentations"),
    "Version": N_("1, the one version there is"),
    "Protected records": N_("a list of conditions"),
    "Segmentations": N_("a list of at least one segmentation"),
    "Custom fields": N_("a mapping of at least one field to what it is"),
    "Custom name": N_("a name that begins with x_, of small letters, digits and _"),
    "Custom field": N_("a mapping with at least type and label"),
    "Type": N_("text, selection, integer, float, boolean or date"),
    "Values": N_("a list of values"),
    "Conversion": N_("a mapping with customer"),
    "Customer": N_("none, link or create"),
    "Filters": N_("none or shared"),
    "Tracking": N_("keep or silent"),
    "Examples": N_("a list of examples"),
    "Name": N_("text"),
    "Text": N_("text"),
    "Flag": N_("true or false"),
    "Client": N_("a mapping with at least name"),
    "Odoo": N_("a mapping with url, database and user"),
    "Scope": N_("a mapping with at least model"),
    "Model": N_("crm.lead or res.partner"),
    "Segmentation": N_("a mapping with at least name and segments"),
    "Store": N_("one of {tags: exclusive}, {tags: many}, {categories: exclusive}, {categories: many}, {field: NAME}"),
    "Tags": N_("exclusive or many"),
    "Field": N_("the technical name of a field, such as source_id"),
    "Segments": N_("a list of at least one segment"),
    "Segment": N_("a mapping with at least name and when"),
    "Default": N_("a mapping with at least name"),
    "Set": N_("a mapping of at least one field to what is written there"),
    "Action": N_("a value, {to: STAGE}, {assign: [PEOPLE]} or {add: [TAGS], remove: [TAGS]}"),
    "Stage move": N_("a mapping with to, and perhaps from"),
    "Assignment": N_("a mapping with at least assign"),
    "Turn": N_("round_robin or least_loaded"),
    "Cap": N_("a whole number from 1"),
    "Tag changes": N_("a mapping with add, remove or both"),
    "Value of several records": N_("a mapping with value, and perhaps reaches_other_records"),
    "Reference": N_("a name, or the number of an id"),
    "References": N_("a name or a list of at least one name"),
    "Value": N_("one value: text, a number, true, false or null"),
    "Amount": N_("a whole number of records, a percentage such as 10%, or off"),
    "Range": N_("a number of records or a range such as 400..1500, 5%..25%, ..10 or 3.."),
    "Color": N_("a number from 0 to 11 or a colour such as green, red or light_blue"),
    "Limits": N_(
        "a mapping of changes, overwrites, removed_tags, moved_stages, portfolio, new_contacts or require_approval"
    ),
    "Example": N_("a mapping with expect, and either given or record"),
    "Given values": N_("a mapping of at least one field to its value"),
    "Given value": N_("one value, or a list of values"),
    "Record": N_("a name, an e-mail or an id"),
    "Expected segments": N_("a mapping of at least one segmentation to a segment"),
    "Segment name": N_("the name of a segment, a list of them, or null for none"),
}

_TEXTS = ("Name", "Text", "Field", "Segment name")

# Keys that somebody may well expect, and why there are none such.
_REFUSED = {
    "merge": (
        N_("This tool does not merge leads: merging deletes them and cannot be undone"),
        N_("merge duplicates by hand in Odoo, and then plan"),
    ),
}

# What a Spanish speaker may write for a key.
_SPANISH = {
    "alcance": "scope", "asignar": "assign", "campo": "field", "campos": "fields",
    "cliente": "client", "cuando": "when", "color": "color",
    "descripcion": "description", "descripción": "description", "ejemplos": "examples", "espera": "expect",
    "etiquetas": "tags", "filtros": "filters", "idioma": "language", "limites": "limits", "límites": "limits",
    "modelo": "model", "nombre": "name", "proteger": "protect", "segmentaciones": "segmentations",
    "segmentos": "segments", "usuario": "user", "valor": "value", "valores": "values",
    "convertir": "convert", "zona_horaria": "timezone", "colour": "color",
}  # fmt: skip


def schema_text() -> str:
    """The schema as published, for editors (JSON)."""
    return resources.files("segmenter.spec").joinpath("schema.json").read_text("utf-8")


@cache
def _validator() -> Draft202012Validator:
    """The schema less its conditions, which `segmenter.conditions.parse` judges with better sentences."""
    schema = json.loads(schema_text())
    schema["$defs"]["condition"] = True
    return Draft202012Validator(schema)


def _schema(error: ValidationError) -> dict[str, Any]:
    """The part of the schema that does not hold."""
    return cast(dict[str, Any], error.schema)


def _mapping(error: ValidationError) -> dict[str, Data]:
    """The mapping that does not hold; empty when it is none."""
    return cast(dict[str, Data], error.instance) if isinstance(error.instance, dict) else {}


MOST_FAULTS = 100
"""Faults of form that are told at once: nobody mends more in one go, and each costs a search for what was meant."""


def faults(data: Data) -> list[Problem]:
    """The faults of the spec's form, conditions apart: all of them, up to `MOST_FAULTS`."""
    found = (problem for error in _validator().iter_errors(data) for problem in _explained(error))
    return list(dict.fromkeys(islice(found, MOST_FAULTS)))


def _explained(error: ValidationError) -> Iterable[Problem]:
    path: Path = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        known = list(_schema(error)["properties"])
        return (Problem((*path, key), *_unknown_key(key, known)) for key in _extra(error))
    if error.validator == "required":
        missing = [key for key in _schema(error)["required"] if key not in _mapping(error)]
        extra = _extra(error)[:MOST_FAULTS]
        misspelt = {_meant_key(key, _schema(error)["properties"]) for key in extra}
        return [Problem(path, *_missing_key(key, path)) for key in missing if key not in misspelt]
    if error.validator == "oneOf" and any(_meant_key(key, _schema(error)["properties"]) for key in _extra(error)):
        return []
    if error.validator == "anyOf":
        return [problem for inner in _meant_branch(error) for problem in _explained(inner)] or [_wrong(error, path)]
    if "propertyNames" in error.relative_schema_path:
        path = (*path, str(error.instance))
    return [_wrong(error, path)]


def _extra(error: ValidationError) -> list[str]:
    return [key for key in _mapping(error) if key not in _schema(error)["properties"]]


def _meant_key(key: str, known: Iterable[str]) -> str | None:
    """The key somebody may have meant, misspelt or in Spanish."""
    known = list(known)
    spanish = _SPANISH.get(key.lower())
    return spanish if spanish in known else next(iter(near_misses(key, known)), None)


def _unknown_key(key: str, known: Sequence[str]) -> tuple[str, str]:
    if key in _REFUSED:
        return _(_REFUSED[key][0]), _(_REFUSED[key][1])
    meant = _meant_key(key, known)
    todo = _("did you mean {names}?") if meant else _("the keys here are {names}")
    return _("Unknown key {key}").format(key=key), todo.format(names=meant or ", ".join(known))


def _missing_key(key: str, path: Path) -> tuple[str, str]:
    what = _("{owner} has no {key}").format(owner=_label(path), key=key)
    return what, _("add {key}:").format(key=key)


def _meant_branch(error: ValidationError) -> list[ValidationError]:
    """The errors of that alternative of an ``anyOf`` which the value was meant to be; none if it is not like any."""
    branches: dict[int, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(int(inner.relative_schema_path[0]), []).append(inner)
    best: tuple[int, list[ValidationError]] = (0, [])
    for errors in branches.values():
        at_top = [inner for inner in errors if not inner.relative_path]
        if any(inner.validator not in ("required", "additionalProperties") for inner in at_top):
            continue
        known = _schema(at_top[0])["properties"] if at_top else {}
        near = [key for key in _mapping(error) if key in known or near_misses(key, known)]
        score = len(near) if at_top else 1 + len(_mapping(error))  # without faults at its top it is just this
        best = max(best, (score, errors), key=lambda pair: pair[0])
    return best[1]


def _wrong(error: ValidationError, path: Path) -> Problem:
    title = _schema(error)["title"]
    what = _("{key} must be {expected}, not {found}").format(
        key=_label(path), expected=_(_EXPECTED[title]), found=_shown(cast(Data, error.instance))
    )
    todo = ""
    if title in _TEXTS and isinstance(error.instance, int | float):
        todo = _("put it in quotes")
    elif isinstance(error.instance, str):
        todo = did_you_mean(error.instance, _choices(_schema(error)))
    return Problem(path, what, todo)


def _choices(schema: Mapping[str, Any]) -> list[str]:
    """The words that a part of the schema allows."""
    parts = [schema, *schema.get("anyOf", ())]
    return [word for part in parts for word in part.get("enum", ()) if isinstance(word, str)]


def _label(path: Path) -> str:
    """What to call a part of the spec: its key, or ``item 2 of segments``."""
    if not path:
        return _("The spec")
    if isinstance(path[-1], str):
        return path[-1]
    return _("item {number} of {name}").format(number=path[-1] + 1, name=path[-2] if len(path) > 1 else "")


def _shown(value: Data) -> str:
    """A value in a sentence, cut short."""
    if value is None or value == "":
        return _("an empty value")
    if isinstance(value, str):
        return f'"{value[:40]}..."' if len(value) > 40 else f'"{value}"'
    if isinstance(value, list):
        return _("a list") if value else _("an empty list")
    if isinstance(value, dict):
        return "{" + ", ".join(value)[:60] + "}"
    return json.dumps(value)
