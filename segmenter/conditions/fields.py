"""Field paths: each step looked up on the model that the step before leads to."""

from __future__ import annotations

from collections.abc import Mapping

from segmenter.conditions.near import did_you_mean, unaccented
from segmenter.conditions.operators import kind_of
from segmenter.conditions.vocabulary import Field, Vocabulary
from segmenter.errors import Path, Problem
from segmenter.i18n import _, one_of

_FIRST = 3

KEYWORDS = ("all", "any", "not", "domain")


def walk(
    name: str, model: str, vocabulary: Vocabulary, path: Path, problems: list[Problem]
) -> tuple[Field, ...] | None:
    """The fields along ``name`` (``country_id.code``) from ``model``; a Problem and None if one does not serve."""
    steps = name.split(".")
    fields: list[Field] = []
    index = 0
    while index < len(steps):
        step = steps[index]
        field = vocabulary.field(model, step)
        if field is None and vocabulary.hidden(model, step):
            what = _("{field} of {model} is there, but Odoo hides it from this user").format(field=step, model=model)
            todo = _("use another field, or ask an administrator to put the user in the group that sees it")
            problems.append(Problem(path, what, todo))
            return None
        if field is None:
            candidates = [*vocabulary.field_names(model), *(KEYWORDS if index == 0 else ())]
            what = _("No field {field} on {model}").format(field=step, model=model)
            todo = _by_label(step, vocabulary.labels(model))
            todo = todo or did_you_mean(step, candidates, _("use a technical name of a field"))
            problems.append(Problem(path, what, todo))
            return None
        if not field.searchable:
            what = _("The server cannot search by {field} ({label}) of {model}").format(
                field=field.name, label=field.label, model=model
            )
            problems.append(Problem(path, what, _("use a field that is stored")))
            return None
        if not field.stored and field.related:
            # By itself it is empty behind an empty relation on some versions alone.
            steps[index : index + 1] = field.related
            continue
        if not field.stored or field.filtered:
            what = _("A search by {field} ({label}) of {model} differs between versions of Odoo").format(
                field=field.name, label=field.label, model=model
            )
            problems.append(Problem(path, what, _("use a field that is stored, and shows all that it leads to")))
            return None
        fields.append(field)
        index += 1
        if index < len(steps):
            if kind_of(field) not in ("many2one", "many") or field.relation is None:
                what = _("{field} of {model} leads to no other record").format(field=step, model=model)
                problems.append(Problem(path, what, _("end the path there")))
                return None
            model = field.relation
    return tuple(fields)


def _by_label(name: str, labels: Mapping[str, str]) -> str:
    """The fields that people call so: ``source_id (Origen)``; "" where none is."""
    wanted = unaccented(name).replace("_", " ")
    same = [f"{field} ({label})" for field, label in labels.items() if unaccented(label) == wanted]
    return _("did you mean {names}?").format(names=one_of(same[:_FIRST])) if same else ""
