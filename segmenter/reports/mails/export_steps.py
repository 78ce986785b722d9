"""How a person exports every record of a list of Odoo: the steps of the opening mail.

What the screens say was read in the sources and catalogues of Odoo 14 and 19. Without the first two steps an export
holds the records of whoever exports alone, or the first page of 80.
"""

from __future__ import annotations

from collections.abc import Iterator

from segmenter.i18n import Label, _

# Of two Spanish words, the first is the one of newer versions.
_FILTER = Label("My Pipeline", "Mi flujo» o «Flujo de ventas")
_SELECT_ALL = Label("Select all", "Seleccionar todo» o «Seleccionar todos")
_ACTION = Label("Action", "Acción")
_EXPORT = Label("Export", "Exportar")
_UPDATE = Label("I want to update data", "Quiero actualizar datos")


def export_steps(model: str, has_api: bool | None) -> Iterator[str]:
    """In order. ``model``: ``crm.lead`` or ``res.partner``. ``has_api``: None where that is not known; without one, the
    plan is imported by hand, which needs an export that can be imported again."""
    if model == "res.partner":
        yield _("Open Contacts and go to the list view (the icon with lines, top right).")
        yield _("Take off every filter in the search bar, so that it is empty, and every grouping.")
    else:
        yield _("Open CRM and go to the list view (the icon with lines, top right).")
        yield _(
            "In the search bar take off the filter that Odoo sets by itself, {filter}: with it you would export your "
            "own opportunities alone. Take off every grouping too."
        ).format(filter=_FILTER)
    yield _(
        "Tick the box at the left of the list's head. Then press {all}, which appears above the list: without it, only "
        "the first page would be exported."
    ).format(all=_SELECT_ALL)
    yield _("Open {action} (in newer versions, the gear) and choose {export}.").format(action=_ACTION, export=_EXPORT)
    if has_api is None:
        yield _(
            "Leave {update} unticked, unless yours is Odoo Online in the plan Free or Standard, which have no API: "
            "then tick it, and take in place of the country code the country."
        ).format(update=_UPDATE)
    if has_api is False:
        sentence = _("Tick {update} and choose the format XLSX. Add these fields: {fields}.")
    elif has_api:
        sentence = _("Leave {update} unticked and choose the format XLSX. Add these fields: {fields}.")
    else:
        sentence = _("Choose the format XLSX. Add these fields: {fields}.")
    yield sentence.format(update=_UPDATE, fields=_to_import(model) if has_api is False else _fields(model))
    sentence = _("Press {export}, and look that the file has as many rows as Odoo counts at the top right of the list.")
    yield sentence.format(export=_EXPORT)


def _fields(model: str) -> str:
    if model == "res.partner":
        return _("name, company, tags, salesperson, country code, city, e-mail, phone and date of creation")
    return _(
        "name, type, stage, salesperson, source, tags, expected revenue, priority, country code, city, e-mail, phone "
        "and date of creation"
    )


def _to_import(model: str) -> str:
    """What Odoo offers in an export that can be imported again: no code behind a country, no date of creation."""
    if model == "res.partner":
        return _("name, company, tags, salesperson, country, city, e-mail and phone")
    return _(
        "name, type, stage, salesperson, sales team, source, tags, expected revenue, priority, country, city, e-mail "
        "and phone"
    )
