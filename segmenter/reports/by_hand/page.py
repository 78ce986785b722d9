"""The page of steps of an import by hand: one HTML file, read beside the client's own session.

What the screens say was read on Odoo 14 and 19, in English and in Spanish of Chile, and the clicks were made there
(`tests/test_browser_by_hand.py`). Of 15 to 18 it comes from Odoo's sources. The pictures are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segmenter import __version__
from segmenter.i18n import Label, _, language
from segmenter.ledger import Import
from segmenter.model_names import model_name, plural_name
from segmenter.plans.changes import ConfigChange
from segmenter.reports.by_hand.workbook import changed
from segmenter.reports.pages import page
from segmenter.reports.runs import why
from segmenter.reports.values import Values, called


@dataclass(frozen=True)
class Screens:
    """The words of one family of versions, and how its screen looks. ``menu``: where the import is found."""

    versions: str
    gear: bool
    menu: Label
    entry: Label
    upload: Label
    test: Label
    import_: Label
    sheet: Label

    @property
    def opening(self) -> str:
        """The first click."""
        if self.gear:
            return _("Press the gear beside the title of the list and choose {entry}.").format(entry=self.entry)
        return _("Open {menu}, beside the search bar, and choose {entry}.").format(menu=self.menu, entry=self.entry)


_IMPORT, _FAVOURITES = Label("Import", "Importar"), Label("Favorites", "Favoritos")
SCREENS = (
    Screens(
        "Odoo 17, 18, 19",
        gear=True,
        menu=_FAVOURITES,
        entry=Label("Import records", "Importar registros"),
        upload=Label("Upload Data File", "Subir archivo de datos"),
        test=Label("Test", "Probar"),
        import_=_IMPORT,
        sheet=Label("Sheet:", "Hoja:"),
    ),
    Screens(
        "Odoo 14, 15, 16",
        gear=False,
        menu=_FAVOURITES,
        entry=Label("Import records", "Import records"),
        upload=Label("Load File", "Cargar fichero"),
        test=Label("Test", "Test"),
        import_=_IMPORT,
        sheet=Label("Selected Sheet:", "Selected Sheet:"),
    ),
)
"""Spanish screens of 14 show some of the words in English."""
_LISTS = {
    "crm.tag": Label("CRM > Configuration > Tags", "CRM > Configuración > Etiquetas"),
    "crm.stage": Label("CRM > Configuration > Stages", "CRM > Configuración > Etapas"),
    "res.partner.category": Label("Contacts > Configuration > Contact Tags", "Contactos > Configuración > Etiquetas"),
}
_WHERE = {
    "crm.lead": (Label("CRM > Sales > My Pipeline", "CRM > Ventas > Mi flujo"), Label("Pipeline", "Flujo")),
    "res.partner": (Label("Contacts", "Contactos"), Label("Contacts", "Contactos")),
}
"""Where a list is found, and what stands above it."""
_UPDATE = Label(
    "I want to update data",
    "Quiero actualizar datos",
)


def html(work: Import, files: Mapping[str, str], *, new: Sequence[tuple[str, str]] = ()) -> str:
    """The whole page. ``files``: ``import`` and ``back`` -> their names, of what there is; ``new``: model and file of
    what comes first."""
    say = Values(work.plan, work.run.summary.get("names", {}))
    model = work.plan.identity.model
    undo = work.run.kind == "undo"
    return page(
        "by_hand.html",
        say.style,
        css=("by_hand.css",),
        plan=work.plan,
        run=work.run,
        records=work.records,
        plural=plural_name(model),
        undo=undo,
        files=files,
        new=[(_LISTS[of], file, one.names) for one, (of, file) in zip(work.new, new, strict=True)],
        sheets=changed(work.sheets, work.plan.names.labels),
        fields=sorted({say.field(name) for sheet in work.sheets for name in sheet.fields}),
        left=[(called(one.name), say.field(one.field) if one.field else "", why(one)) for one in work.left],
        teamed=any("team_id" in sheet.fields for sheet in work.sheets),
        screens=SCREENS,
        where=_WHERE[model][0],
        title=_WHERE[model][1],
        update=_UPDATE,
        by_hand=[_called(change) for change in work.plan.config if change.model == "ir.filters" or not change.creates],
        word=lambda label: label.english if language() == "en" else label.spanish,
        version=__version__,
    )


def _called(change: ConfigChange) -> str:
    return f"{model_name(change.model)} {change.name}"
