"""Field paths: each step looked up on the model that the step before leads to."""

from __future__ import annotations

from segmenter.conditions.meant import COMMON_LABELS, called
from segmenter.conditions.near import did_you_mean
from segmenter.conditions.operators import kind_of
from segmenter.conditions.vocabulary import Field, Vocabulary
from segmenter.errors import Path, Problem
from segmenter.i18n import _

KEYWORDS = ("all", "any", "not", "domain")
OF_MODULES = {
    ("res.partner", "sale_order_ids"): "sale",
    ("res.partner", "invoice_ids"): "account",
    ("crm.lead", "order_ids"): "sale_crm",
}
"""Lists that people ask for -> the module of Odoo that they come with."""


def walk(
    name: str, model: str, vocabulary: Vocabulary, path: Path, problems: list[Problem], *, to_list: bool = False
) -> tuple[Field, ...] | None:
    """The fields along the path ``name`` (``country_id.code``) from ``model``; None after reporting a problem.

    ``to_list``: the last one is a list, whose own filter is known.
    """
    steps = name.split(".")
    fields: list[Field] = []
    index = 0
    while index < len(steps):
        step = steps[index]
        field = vocabulary.field(model, step)
        if field is None and (label := vocabulary.left_out(model, step)):
            what = _("{field} ({label}) of {model} was not copied from Odoo").format(
                field=step, label=label, model=model
            )
            todo = _("save the spec with it and open the page again, or use another field")
            problems.append(Problem(path, what, todo))
            return None
        if field is None and vocabulary.hidden(model, step):
            what = _("{field} of {model} is there, but Odoo hides it from this user").format(field=step, model=model)
            todo = _("use another field, or ask an administrator to put the user in the group that sees it")
            problems.append(Problem(path, what, todo))
            return None
        if field is None and (module := OF_MODULES.get((model, step))):
            what = _("{field} of {model} comes with the Odoo module {module}, which is not installed here").format(
                field=step, model=model, module=module
            )
            problems.append(Problem(path, what, _("leave it out, or ask the client whether it is to be installed")))
            return None
        if field is None:
            candidates = [*vocabulary.field_names(model), *(KEYWORDS if index == 0 else ())]
            what = _("No field {field} on {model}").format(field=step, model=model)
            todo = meant_field(step, model, vocabulary)
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
        if not field.stored or (field.filtered and not (to_list and index == len(steps) - 1)):
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


def meant_field(name: str, model: str, vocabulary: Vocabulary) -> str:
    """What to do about a name that is a label of this CRM, or a common one of a field of it; "" if it is none."""
    own = vocabulary.labels(model)
    common = ((field, label) for field in own if field in COMMON_LABELS for label in COMMON_LABELS[field])
    return called(name, list(own.items())) or called(name, list(common))
