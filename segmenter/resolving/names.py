"""Names that a plan would create, and what speaks against them: another record has the name, or one very like it.

Measured: Odoo 14 and 15 keep tags unique by the name that they were first given, whatever it reads in the client's
language, so a tag that the client never sees stops a create. From 16 on nothing does, and there are two tags for one
thing.
"""

from __future__ import annotations

from segmenter.conditions.near import slip
from segmenter.conditions.vocabulary import Named
from segmenter.errors import Path, Problem
from segmenter.i18n import _, all_of
from segmenter.model_names import model_name
from segmenter.odoo.catalog import BY_PATH, SEPARATOR, Catalog

CREATED = ("crm.tag", "res.partner.category", "crm.stage")
"""Models whose missing names a plan creates."""


def path_steps(name: str) -> tuple[str, ...]:
    """The names along the path of a contact's category, top first: ``Cliente / Hospitalidad``."""
    return tuple(step.strip() for step in name.split(SEPARATOR))


def ambiguous(model: str, name: str, records: list[Named], path: Path) -> Problem:
    """Several records have the name."""
    candidates = ", ".join(f"{record.name} (id {record.id})" for record in records)
    what = _("“{name}” is ambiguous on {model}: {candidates}").format(name=name, model=model, candidates=candidates)
    if model in BY_PATH and len({record.name for record in records}) > 1:
        return Problem(path, what, _("write its whole path, as in Cliente / Hospitalidad"))
    if model == "crm.stage":
        return Problem(path, what, _("write the id of one of them, as a number"))
    return Problem(path, what, _("rename one of them in Odoo, or use another name"))


def named_elsewhere(model: str, name: str, path: Path, catalog: Catalog) -> Problem | None:
    """What is wrong with creating a record of this name: another language has the name, or it only looks different."""
    if alike := catalog.alike(model, name):
        what = _(
            "“{name}” and “{other}”, a record of {model} that is there, differ in blanks or hidden characters alone"
        )
        wrong = what.format(name=name, other=alike[0], model=model_name(model))
        return Problem(path, wrong, _("write “{name}”, or choose another name").format(name=alike[0]))
    records = catalog.elsewhere(model, name)
    if not records:
        return None
    return Problem(path, already(model, name, records), instead(records, catalog.reader.language))


def already(model: str, name: str, records: list[tuple[Named, str]]) -> str:
    """Says which records have the name in which languages. ``records``: each with the code of a language."""
    return _("“{name}” is what {languages} calls a record of {model} that is there: {own}").format(
        name=name,
        languages=all_of(list(dict.fromkeys(code for _record, code in records))),
        model=model_name(model),
        own=all_of([_("“{name}” (id {id})").format(name=record.name, id=record.id) for record, _code in records]),
    )


def instead(records: list[tuple[Named, str]], language: str) -> str:
    """What to write instead of a name that another language has."""
    if len(records) == 1:
        return _("write “{own}”, its name in {language}, or choose a name that no language has").format(
            own=records[0][0].name, language=language
        )
    return _("write the one of these that is meant, or choose a name that no language has")


def misspelt_stage(name: str, path: Path, catalog: Catalog) -> Problem | None:
    """A new stage whose name looks like a slip of an existing one."""
    near = slip(name, catalog.names("crm.stage"))
    if not near:
        return None
    todo = _("did you mean “{near}”? A new stage needs a name that cannot be mistaken").format(near=near)
    return Problem(path, _("There is no stage “{name}”").format(name=name), todo)


def misspelt_parent(name: str, path: Path, model: str, catalog: Catalog) -> Problem | None:
    """A new category to create another one below, whose name looks like a slip of an existing one."""
    near = slip(name, catalog.names(model))
    if not near:
        return None
    what = _("There is no category “{name}” to create another one below").format(name=name)
    todo = _("did you mean “{near}”? A new category needs a name that cannot be mistaken").format(near=near)
    return Problem(path, what, todo)
