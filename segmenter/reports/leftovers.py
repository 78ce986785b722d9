"""What an undo left in Odoo because the work user may not delete it: the steps for whoever administers that Odoo.

The menus were read on live servers in English and in Spanish of Chile: Odoo 14 and 19. The versions between have those
of 19; Spanish words may vary there, so the English stands behind them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from segmenter.i18n import Label, _
from segmenter.ledger import LeftBehind
from segmenter.model_names import model_name, plural_name
from segmenter.plans.changes import ConfigChange
from segmenter.plans.plan import Plan
from segmenter.reports.links import major_of
from segmenter.reports.tables import table, titled
from segmenter.reports.text import clean, listing

MENUS = {
    "crm.tag": Label("CRM > Configuration > Pipeline > Tags", "CRM > Configuración > Flujo > Etiquetas"),
    "res.partner.category": Label(
        "Contacts > Configuration > Contact Tags", "Contactos > Configuración > Etiquetas de contacto"
    ),
}
_OLD_TAGS = Label("CRM > Configuration > Pipeline > Tags", "CRM > Configuración > Flujo > Categorías")
_ACTION = {True: Label("Action", "Acción"), False: Label("the gear", "la rueda dentada")}
_DELETE = {True: Label("Delete", "Suprimir"), False: Label("Delete", "Eliminar")}
GEAR_SINCE = 17
NAMED = 30


def steps(kept: Sequence[ConfigChange], plan: Plan) -> Iterator[str]:
    """A sentence for each step, model by model. ``kept``: what an undo left behind."""
    major = major_of(str(plan.identity.server["version"]))
    models = list(dict.fromkeys(change.model for change in kept))
    for model in models:
        names = listing([change.name for change in kept if change.model == model], NAMED)
        menu = _OLD_TAGS if (model, major) == ("crm.tag", 14) else MENUS.get(model)
        if menu is None:
            yield _("Whoever administers this Odoo can delete these {models}: {names}.").format(
                models=plural_name(model), names=names
            )
            continue
        yield _("As an administrator of this Odoo, open {menu}.").format(menu=menu)
        yield _("Tick {names}.").format(names=names)
        yield _("Open {action}, choose {delete} and confirm. One that somebody took into use is better left.").format(
            action=_ACTION[major < GEAR_SINCE], delete=_DELETE[major == 14]
        )


def foreseen(found: Sequence[LeftBehind]) -> RenderableType:
    """What an administrator's login would delete, and what it would leave."""
    made = table(_("What"), _("Name"), _("Id"), _("Used by"), "", right=(2, 3))
    for one in found:
        becomes = _("stays") if one.uses else _("is deleted")
        made.add_row(model_name(one.change.model), clean(one.change.name), str(one.id), str(one.uses), becomes)
    return titled(_("Left in Odoo by the undo"), made)


def document(found: Sequence[LeftBehind]) -> dict[str, Any]:
    """``{"kind": "deletion-preview", "left_behind": [{"model", "name", "id", "uses"}]}``."""
    return {
        "left_behind": [
            {"model": one.change.model, "name": one.change.name, "id": one.id, "uses": one.uses} for one in found
        ]
    }


def terminal(kept: Sequence[ConfigChange], plan: Plan) -> list[RenderableType]:
    """The steps under a heading; nothing when nothing was left behind."""
    if not kept:
        return []
    lines = [Text(f"  {number}. {clean(step)}") for number, step in enumerate(steps(kept, plan), 1)]
    return [Text(""), Text(_("What stays can be deleted by whoever administers this Odoo:"), "bold"), *lines]
