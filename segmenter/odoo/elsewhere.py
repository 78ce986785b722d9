"""Names that another language of the server has for a record: a spec may have one, and a plan would make a second.

Measured: 14 and 15 keep tags unique by the name that they were first given, whatever it reads in the client's language,
so a tag that the client never sees stops a create. From 16 on nothing does, and there are two tags for one thing.
"""

from __future__ import annotations

from segmenter.conditions.vocabulary import Named
from segmenter.errors import Path, Problem
from segmenter.i18n import _, all_of
from segmenter.odoo.catalog import Catalog
from segmenter.spec.model_names import model_name


def named_elsewhere(model: str, name: str, path: Path, catalog: Catalog) -> Problem | None:
    """What is wrong with making a record of this name: one that is there is called so elsewhere, or looks the same."""
    if alike := catalog.alike(model, name):
        what = _(
            "“{name}” and “{other}”, a record of {model} that is there, differ in blanks or hidden characters alone"
        )
        wrong = what.format(name=name, other=alike[0], model=model_name(model))
        return Problem(path, wrong, _("write “{name}”, or choose another name").format(name=alike[0]))
    found = catalog.elsewhere(model, name)
    return None if not found else Problem(path, already(model, name, found), instead(found, catalog.reader.language))


def already(model: str, name: str, found: list[tuple[Named, str]]) -> str:
    """The sentence: which record it is."""
    return _("“{name}” is what {languages} calls a record of {model} that is there: {own}").format(
        name=name,
        languages=all_of(list(dict.fromkeys(code for _record, code in found))),
        model=model_name(model),
        own=all_of([_("“{name}” (id {id})").format(name=record.name, id=record.id) for record, _code in found]),
    )


def instead(found: list[tuple[Named, str]], language: str) -> str:
    """What to write for it."""
    if len(found) == 1:
        return _("write “{own}”, its name in {language}, or choose a name that no language has").format(
            own=found[0][0].name, language=language
        )
    return _("write the one of these that is meant, or choose a name that no language has")
