"""What the client's administrator does by hand for a custom field that the work user may not make.

What the screens say was read on live servers, in English and in Spanish of Chile, and the steps were walked there in a
browser: Odoo 14 to 19 (``tests/test_checking_by_hand.py`` does it again).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from segmenter.i18n import Label, _, quoted
from segmenter.notice import Notice
from segmenter.resolving.custom_fields import CANNOT_MAKE

MENU = Label(
    "Settings > Technical > Database Structure > Fields", "Ajustes > Técnico > Estructura de la base de datos > Campos"
)
LABEL = Label("Field Label", "Etiqueta de campo")
MODEL = Label("Model", "Modelo")
TYPE = Label("Field Type", "Tipo de campo")
OPTIONS = Label("Selection Options", "Opciones de selección")
OPTION_VALUE, OPTION_NAME = Label("Value", "Valor"), Label("Name", "Nombre")
_KINDS = {
    "integer": Label("integer", "entero"),
    "float": Label("float", "número flotante"),
    "boolean": Label("boolean", "booleano"),
    "date": Label("date", "fecha"),
}


@dataclass(frozen=True)
class Form:
    """What the versions call otherwise on that screen. ``kinds``: Odoo's type of field -> what the list calls it."""

    new: Label
    name: Label
    help: Label
    kinds: Mapping[str, Label]


OLD = Form(
    new=Label("Create", "Crear"),
    name=Label("Field Name", "Nombre de campo"),
    help=Label("Field Help", "Campo ayuda"),
    kinds=_KINDS | {"char": Label("char", "Carácter"), "selection": Label("selection", "Selección")},
)
NEW = Form(
    new=Label("New", "Nuevo"),
    name=Label("Field Name", "Nombre del campo"),
    help=Label("Field Help", "Campo de ayuda"),
    kinds=_KINDS | {"char": Label("char", "caracter"), "selection": Label("selection", "selección")},
)
NEW_BUTTON_SINCE = 16
NEW_WORDS_SINCE = 17


def form_of(major: int) -> Form:
    """The words of a version of Odoo."""
    if major >= NEW_WORDS_SINCE:
        return NEW
    return replace(OLD, new=NEW.new) if major >= NEW_BUTTON_SINCE else OLD


def steps(notice: Notice) -> str:
    """How to make a declared field, or to give it the values that it lacks: of a notice of `custom_fields`."""
    form = form_of(notice.number("version"))
    if notice.code == CANNOT_MAKE:
        made = "; ".join(_made(notice, form))
        last = _("press {new} and write {what}").format(new=form.new, what=made)
    else:
        added = _("open {field} of {model} and add to {options}: {values}")
        last = added.format(
            field=notice.name("field"),
            model=notice.name("model"),
            options=OPTIONS,
            values=_options(notice.all_names("values")),
        )
    way = _("turn on the developer mode in Settings, and open {menu}").format(menu=MENU)
    return _("the client's administrator makes it: {way}; {last}; save. Then plan again").format(way=way, last=last)


def _made(notice: Notice, form: Form) -> Iterator[str]:
    """What is written where: ``“Field Name”: x_level``."""
    yield f"{form.name}: {notice.name('field')}"
    yield f"{LABEL}: {quoted(notice.name('label'))}"
    yield _("{label}: {model}, the first that is offered").format(label=MODEL, model=notice.name("model"))
    yield f"{TYPE}: {form.kinds[notice.name('type')]}"
    if notice.name("help"):
        yield f"{form.help}: {quoted(notice.name('help'))}"
    if values := notice.all_names("values"):
        yield f"{OPTIONS}: {_options(values)}"


def _options(values: tuple[str, ...]) -> str:
    shown = ", ".join(quoted(value) for value in values)
    return _("{values} (each as {value} and as {name})").format(values=shown, value=OPTION_VALUE, name=OPTION_NAME)
