"""The published JSON Schema, and its errors as problems that a person can act on: one sentence per fault."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import islice
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from segmenter.conditions.meant import commonly_called, meant_truth
from segmenter.conditions.near import did_you_mean, near_misses
from segmenter.errors import Path, Problem
from segmenter.i18n import N_, _
from segmenter.spec.document import Data
from segmenter.spec.meant import meant_amount, meant_key, meant_word

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
    "Filters": N_("none, shared or {share, show}"),
    "Favourites": N_("a mapping with share, and perhaps show"),
    "Share": N_("shared, or a list of at least one person"),
    "Show": N_("holds or live"),
    "Filter": N_("holds, live or none"),
    "Tracking": N_("keep or silent"),
    "Examples": N_("a list of examples"),
    "Name": N_("text"),
    "Text": N_("text"),
    "Flag": N_("true or false"),
    "Client": N_("a mapping with at least name"),
    "Consultant": N_("a mapping of firm, name, email, phone, logo or signature"),
    "Signature": N_("a list of one to ten lines"),
    "Settings": N_("a mapping with consultant"),
    "Odoo": N_("a mapping with url, database and user"),
    "Api": N_("auto, xmlrpc or json2"),
    "Calls a second": N_("a number from 0.1 to 1000"),
    "Connections": N_("a whole number from 1 to 8"),
    "Pace": N_("a mapping with calls_per_second, connections or both"),
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

# Keys that people may expect, and why they do not exist.
_REFUSED = {
    "merge": (
        N_("This tool does not merge leads: merging deletes them and cannot be undone"),
        N_("merge duplicates by hand in Odoo, and then plan"),
    ),
}


def schema_text() -> str:
    """The schema as published, for editors (JSON)."""
    return resources.files("segmenter.spec").joinpath("schema.json").read_text("utf-8")


@cache
def _validator(*, of_settings: bool = False) -> Draft202012Validator:
    """The schema less its conditions, which `segmenter.conditions.parse` judges with better sentences.

    ``of_settings``: that of the settings file.
    """
    schema = json.loads(schema_text())
    schema["$defs"]["condition"] = True
    if of_settings:
        schema = {"$ref": "#/$defs/settings", "$defs": schema["$defs"]}
    return Draft202012Validator(schema)


def _schema(error: ValidationError) -> dict[str, Any]:
    """The part of the schema that the data breaks."""
    return cast(dict[str, Any], error.schema)


def _mapping(error: ValidationError) -> dict[str, Data]:
    """The mapping that breaks the schema; empty if it is no mapping."""
    return cast(dict[str, Data], error.instance) if isinstance(error.instance, dict) else {}


MOST_FAULTS = 100
"""The most faults of form that are reported at once: nobody corrects more in one go, and suggestions cost time."""


def faults(data: Data, *, of_settings: bool = False) -> list[Problem]:
    """The faults of the form of a spec, or of a settings file, except in conditions: up to `MOST_FAULTS`."""
    errors = _validator(of_settings=of_settings).iter_errors(data)
    problems = (problem for error in errors for problem in _explained(error))
    return list(dict.fromkeys(islice(problems, MOST_FAULTS)))


def _explained(error: ValidationError) -> Iterable[Problem]:
    path: Path = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        known = list(_schema(error)["properties"])
        return (Problem((*path, key), *_unknown_key(key, known)) for key in _extra(error))
    if error.validator == "required":
        missing = [key for key in _schema(error)["required"] if key not in _mapping(error)]
        extra = _extra(error)[:MOST_FAULTS]
        misspelt = {meant_key(key, _schema(error)["properties"]) for key in extra}
        return [Problem(path, *_missing_key(key, path)) for key in missing if key not in misspelt]
    if error.validator == "oneOf" and any(meant_key(key, _schema(error)["properties"]) for key in _extra(error)):
        return []
    if error.validator == "anyOf":
        return [problem for inner in _meant_branch(error) for problem in _explained(inner)] or [_wrong(error, path)]
    if "propertyNames" in error.relative_schema_path:
        path = (*path, str(error.instance))
    return [_wrong(error, path)]


def with_meant_keys(data: Data) -> tuple[Data, list[Problem], dict[Path, str]]:
    """The data with the keys that were meant, in place of those that are misspelt or in Spanish.

    With it a problem for each of these, and where a key is now -> what the file calls it. Of `MOST_FAULTS` and more of
    them none is replaced.
    """
    problems: list[Problem] = []
    written: dict[Path, str] = {}
    changed = copy.deepcopy(data)
    while slips := [slip for error in _validator().iter_errors(changed) for slip in _slips(error)]:
        for owner, path, key, meant in slips:
            owner[meant] = owner.pop(key)
            written[(*path, meant)] = key
            known = _("did you mean {names}?").format(names=meant)
            problems.append(Problem(as_written((*path, meant), written), _unknown(key), known))
        if len(problems) >= MOST_FAULTS:
            return data, [], {}
    return changed, problems, written


def as_written(path: Path, written: Mapping[Path, str]) -> Path:
    """A path in the data of `with_meant_keys` as the file has it."""
    return tuple(written.get(path[: index + 1], step) for index, step in enumerate(path))


def _slips(error: ValidationError) -> Iterable[tuple[dict[str, Data], Path, str, str]]:
    """The mappings of the data with a key that means another one, which is not there: its owner, path, key, meaning."""
    if error.validator != "additionalProperties":
        return
    taken = set(_mapping(error))
    for key in _extra(error)[:MOST_FAULTS]:
        meant = None if key in _REFUSED else meant_key(key, _schema(error)["properties"])
        if meant and meant not in taken:
            taken.add(meant)
            yield _mapping(error), tuple(error.absolute_path), key, meant


def _extra(error: ValidationError) -> list[str]:
    return [key for key in _mapping(error) if key not in _schema(error)["properties"]]


def _unknown_key(key: str, known: Sequence[str]) -> tuple[str, str]:
    if key in _REFUSED:
        return _(_REFUSED[key][0]), _(_REFUSED[key][1])
    meant = meant_key(key, known)
    todo = _("did you mean {names}?") if meant else _("the keys here are {names}")
    return _unknown(key), todo.format(names=meant or ", ".join(known))


def _unknown(key: str) -> str:
    return _("Unknown key {key}").format(key=key)


def _missing_key(key: str, path: Path) -> tuple[str, str]:
    what = _("{owner} has no {key}").format(owner=_label(path), key=key)
    return what, _("add {key}:").format(key=key)


def _meant_branch(error: ValidationError) -> list[ValidationError]:
    """The errors of the ``anyOf`` alternative that the value resembles most; none if it resembles none."""
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
        todo = _meant_word(error.instance, title, error)
    return Problem(path, what, todo)


def _meant_word(text: str, title: str, error: ValidationError) -> str:
    """What to do about a word that does not belong there: the form of it that does."""
    choices = _choices(_schema(error))
    if title == "Flag":
        return meant_truth(text)
    if title == "Field":
        return commonly_called(text)
    if title in ("Amount", "Range"):
        meant = meant_amount(text)
        validator = _validator()
        defs = cast(Mapping[str, Any], validator.schema)["$defs"]
        is_sound = validator.evolve(schema={"$defs": defs, **_schema(error)}).is_valid(meant)
        return _("did you mean {names}?").format(names=meant) if is_sound else ""
    meant = meant_word(text)
    return _("did you mean {names}?").format(names=meant) if meant in choices else did_you_mean(text, choices)


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
