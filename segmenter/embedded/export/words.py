"""The labels of an export's fields in Odoo 14 to 19, in every Spanish, in Portuguese and in English.

The words are in ``headings.json``, which `tests.support.embedded_headings` makes. No label stands for two fields of a
model in any version and language, so that a heading need not tell which Odoo wrote it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from dataclasses import replace
from functools import cache
from importlib import resources

from segmenter.conditions.near import unaccented
from segmenter.embedded.schema import FieldDef, ModelDef, load
from segmenter.odoo.versions import other_names

Wording = Mapping[str, str]
"""Key of a selection -> its label in one version and language."""
_NONE: tuple[tuple[str, ...], tuple[Wording, ...]] = ((), ())
_OPEN = frozenset({"lang", "tz"})
"""Selections whose values differ between servers: every cell is taken for a value."""


_MOBILE = FieldDef("mobile", "char", {"en": "Mobile", "es": "Móvil", "pt": "Celular"})
_RECURRING = {"en": "Recurring Revenues", "es": "Ingresos recurrentes", "pt": "Receitas recorrentes"}
_MONTHLY = {"en": "Expected MRR", "es": "MMR esperado", "pt": "RRM esperada"}
_TEAM = {"en": "Sales Team", "es": "Equipo de ventas", "pt": "Equipe de Vendas"}
_OF_SOME: Mapping[str, tuple[FieldDef, ...]] = {
    "crm.lead": (
        _MOBILE,
        FieldDef("recurring_revenue", "monetary", _RECURRING),
        FieldDef("recurring_revenue_monthly", "monetary", _MONTHLY),
    ),
    "res.partner": (_MOBILE, FieldDef("team_id", "many2one", _TEAM, relation="crm.team")),
}
"""Fields of some versions only: mobile and a contact's team in the older ones, recurring revenues by a switch."""


def exported_fields(model: str) -> Mapping[str, FieldDef]:
    """The fields for which an export of a model may have a column."""
    return {**load()[model].fields, **{field.name: field for field in _OF_SOME.get(model, ())}}


def plain(text: str) -> str:
    """A heading without capitals, accents, doubled blanks, and the marks that Odoo and people put around it.

    A Spanish label of Odoo 14 begins with a byte order mark; a star stands at what must be filled in.
    """
    return unaccented(" ".join(text.strip("\ufeff*: \t\n\r").split()))


def named(model: ModelDef, text: str) -> FieldDef | None:
    """The field with this technical name, or this label in any version and language; None if there is none."""
    for name in (text, *other_names(model.name, text)):
        if name in model.fields:
            return model.fields[name]
    field = _labels(model.name).get(plain(text), "")
    if field in model.fields:
        return model.fields[field]
    own = (model.fields[name] for name in model.fields.keys() - load()[model.name].fields.keys())
    return next((field for field in own if plain(text) in map(plain, field.label.values())), None)


def worded(model: str, field: FieldDef, told: Set[str], *, spanish: bool) -> FieldDef:
    """The field with the labels of its selection that all cells use, today's if they fit.

    ``told``: the cells. ``spanish``: whether the spec's words are the Spanish ones of the field, else the others.
    """
    if told <= {word for entry in field.selection for word in entry}:
        return field
    for wording in _words().get(model, {}).get(field.name, _NONE)[1]:
        if told <= {*wording, *wording.values()}:
            known = {key: (english, today) for key, english, today in field.selection}
            selection = []
            for key in dict.fromkeys((*known, *wording)):
                english, today = known.get(key, (wording.get(key, key),) * 2)
                word = wording.get(key, today if spanish else english)
                selection.append((key, english, word) if spanish else (key, word, today))
            return replace(field, selection=tuple(selection))
    if field.name in _OPEN:
        new = sorted(told - {word for entry in field.selection for word in entry})
        return replace(field, selection=(*field.selection, *((word, word, word) for word in new)))
    return field


@cache
def _words() -> Mapping[str, Mapping[str, tuple[tuple[str, ...], tuple[Wording, ...]]]]:
    """By model and field: other labels than today's Spanish and English, and the wordings of a selection."""
    text = resources.files("segmenter.embedded.export").joinpath("headings.json").read_text(encoding="utf-8")
    return {
        model: {
            name: (tuple(entry.get("labels", ())), tuple(entry.get("selections", ()))) for name, entry in fields.items()
        }
        for model, fields in json.loads(text).items()
    }


@cache
def _labels(model: str) -> Mapping[str, str]:
    """Label, plainly -> field. The field that comes first keeps a label: ``name`` before what is made of it."""
    fields = sorted(load()[model].fields.values(), key=lambda one: one.name in ("display_name", "complete_name"))
    found: dict[str, str] = {}
    for field in fields:
        for label in (*field.label.values(), *_words().get(model, {}).get(field.name, _NONE)[0]):
            found.setdefault(plain(label), field.name)
    return found
