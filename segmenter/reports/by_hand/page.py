"""The page of steps of an import by hand: one HTML file, read beside the client's own session.

What the screens say was read on Odoo 14 to 19, in English and in Spanish of Chile, and the clicks were made there
(`tests/live/test_by_hand.py`). The pictures are drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
class Screen:
    """The words of some versions' import. ``entry``: in the menu of the list; ``upload``: the button, before a file."""

    versions: tuple[int, ...]
    entry: Label
    upload: Label
    test: Label
    sheet: Label


@dataclass(frozen=True)
class Look:
    """Versions whose screens look alike, the newest first. ``gear``: the menu is opened by it, else by favourites."""

    gear: bool
    screens: tuple[Screen, ...]

    @property
    def versions(self) -> str:
        """The heading."""
        return f"Odoo {_numbers(version for screen in self.screens for version in screen.versions)}"

    @property
    def newest(self) -> Screen:
        """The one that the pictures show."""
        return self.screens[0]

    def words(self, name: str) -> str:
        """What a button or a field is called: once, or by version where they differ."""
        said = dict[Label, list[int]]()
        for screen in self.screens:
            said.setdefault(getattr(screen, name), []).extend(screen.versions)
        if len(said) == 1:
            return str(next(iter(said)))
        return ", ".join(
            _("{label} in Odoo {versions}").format(label=label, versions=_numbers(versions))
            for label, versions in said.items()
        )

    @property
    def opening(self) -> str:
        """The first click."""
        if self.gear:
            return _("Press the gear beside the title of the list and choose {entry}.").format(
                entry=self.words("entry")
            )
        return _("Open {menu}, beside the search bar, and choose {entry}.").format(
            menu=FAVOURITES, entry=self.words("entry")
        )


def _numbers(versions: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(versions)))


IMPORT, FAVOURITES = Label("Import", "Importar"), Label("Favorites", "Favoritos")
_ENTRY, _SHEET = Label("Import records", "Importar registros"), Label("Sheet:", "Hoja:")
_UPLOAD = Label("Upload File", "Subir archivo")
LOOKS = (
    Look(
        True,
        (
            Screen(
                (18, 19), _ENTRY, Label("Upload Data File", "Subir archivo de datos"), Label("Test", "Probar"), _SHEET
            ),
            Screen((17,), _ENTRY, _UPLOAD, Label("Test", "Prueba"), _SHEET),
        ),
    ),
    Look(
        False,
        (
            Screen((16,), _ENTRY, _UPLOAD, Label("Test", "Test"), _SHEET),
            Screen(
                (15,), _ENTRY, Label("Upload File", "Upload File"), Label("Test", "Prueba"), Label("Sheet:", "Sheet:")
            ),
            Screen(
                (14,),
                Label("Import records", "Import records"),
                Label("Load File", "Cargar fichero"),
                Label("Test", "Test"),
                Label("Selected Sheet:", "Selected Sheet:"),
            ),
        ),
    ),
)
"""Spanish screens of 14 to 16 show some of the words in English."""
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
        screens=LOOKS,
        menu=FAVOURITES,
        import_=IMPORT,
        where=_WHERE[model][0],
        title=_WHERE[model][1],
        update=_UPDATE,
        by_hand=[_called(change) for change in work.plan.config if change.model == "ir.filters" or not change.creates],
        word=lambda label: label.english if language() == "en" else label.spanish,
        version=__version__,
    )


def _called(change: ConfigChange) -> str:
    return f"{model_name(change.model)} {change.name}"
