"""How the client makes the work user and its API key, least privilege first, and how both are closed afterwards.

``docs/work-user.md`` is made of this, and a test holds it to it. What the screens say was read on live servers, in
English and in Spanish of Chile, and the steps were walked there in a browser: Odoo 14 and 19. Of 17 and 18 the words of
the menu and of the levels were read on live servers too; the rest of 15 to 18 comes from Odoo's sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from segmenter.i18n import Label, _, all_of
from segmenter.reports.text import clean

KEYS_EXPIRE_SINCE = 18
OTHER_KEYS_SINCE = 19
ANY_KEY = "LOGIN@URL/DATABASE"
ONLINE = ".odoo.com"


@dataclass(frozen=True)
class Screens:
    """The words of one family of versions. ``listing``: the address of all API keys, for an administrator."""

    versions: tuple[int, ...]
    users: Label
    new: Label
    sales: Label
    all_documents: Label
    manager: Label
    preferences: Label
    security: Label
    add_key: Label
    actions: Label
    listing: str
    role: Label | None = None

    @property
    def name(self) -> str:
        """``Odoo 17``."""
        return f"Odoo {all_of([str(version) for version in self.versions])}"


_USERS = Label("Settings > Users & Companies > Users", "Ajustes > Usuarios y compañías > Usuarios")
_USERS_SINCE_17 = Label("Settings > Users & Companies > Users", "Ajustes > Usuarios y empresas > Usuarios")
_SALES = Label("Sales", "Ventas")
_ALL = Label("User: All Documents", "Usuario: Mostrar todos los documentos")
_ALL_SINCE_17 = Label("User: All Documents", "Usuario: todos los documentos")
_MANAGER = Label("Administrator", "Administrador")
_PREFERENCES = Label("Preferences", "Preferencias")
_SECURITY = Label("Account Security", "Seguridad de la cuenta")
_NEW_KEY_TO_16 = Label("New API Key", "Nueva clave de API")
_NEW_KEY = Label("New API Key", "Nueva clave API")
_ACTION_OR_GEAR = Label("Action, or the gear beside the name", "Acción, o la rueda dentada junto al nombre")
_GEAR = Label("the gear beside the name", "la rueda dentada junto al nombre")

SCREENS = (
    Screens(
        (14,),
        _USERS,
        Label("Create", "Crear"),
        _SALES,
        _ALL,
        Label("Administrator", "Administradora"),
        _PREFERENCES,
        Label("Account Security", "Account Security"),
        Label("New API Key", "New API Key"),
        Label("Action", "Acción"),
        "/web#action=base.action_apikeys_admin",
    ),
    Screens(
        (15,),
        _USERS,
        Label("Create", "Crear"),
        _SALES,
        _ALL,
        _MANAGER,
        _PREFERENCES,
        _SECURITY,
        _NEW_KEY_TO_16,
        Label("Action", "Acción"),
        "/web#action=base.action_apikeys_admin",
    ),
    Screens(
        (16,),
        _USERS,
        Label("New", "Nuevo"),
        _SALES,
        _ALL,
        _MANAGER,
        _PREFERENCES,
        _SECURITY,
        _NEW_KEY_TO_16,
        _ACTION_OR_GEAR,
        "/web#action=base.action_apikeys_admin",
    ),
    Screens(
        (17,),
        _USERS_SINCE_17,
        Label("New", "Nuevo"),
        _SALES,
        _ALL_SINCE_17,
        _MANAGER,
        _PREFERENCES,
        _SECURITY,
        _NEW_KEY,
        _ACTION_OR_GEAR,
        "/web#action=base.action_apikeys_admin",
    ),
    Screens(
        (18,),
        _USERS_SINCE_17,
        Label("New", "Nuevo"),
        _SALES,
        _ALL_SINCE_17,
        _MANAGER,
        _PREFERENCES,
        _SECURITY,
        _NEW_KEY,
        _GEAR,
        "/odoo/action-base.action_apikeys_admin",
    ),
    Screens(
        (19,),
        _USERS_SINCE_17,
        Label("New", "Nuevo"),
        _SALES,
        _ALL_SINCE_17,
        _MANAGER,
        Label("My Preferences", "Mis preferencias"),
        Label("Security", "Seguridad"),
        Label("Add API Key", "Agregar clave API"),
        _GEAR,
        "/odoo/action-base.action_apikeys_admin",
        role=Label("User", "Usuario"),
    ),
)


@dataclass(frozen=True)
class Case:
    """What the steps are for. ``major``: Odoo's version, None when nobody could ask.

    ``manager_for``: what an administrator of Sales is needed for on this server; None when nobody could log in to see.
    ``fields``: custom fields that the spec declares. ``keyring``: the name under which the keyring keeps the key.
    """

    login: str = ""
    url: str = ""
    spec_file: str = "SPEC"
    keyring: str = ""
    major: int | None = None
    manager_for: tuple[str, ...] | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A title and its numbered steps."""

    title: str
    steps: tuple[str, ...]


def screens_of(major: int | None) -> tuple[Screens, ...]:
    """Those of a version, or all of them when it is not known (or not one that we know)."""
    return tuple(screens for screens in SCREENS if major in screens.versions) or SCREENS


def sections(case: Case) -> list[Section]:
    """The whole guide for one case; the steps of each family of versions where the version is not known."""
    families = screens_of(case.major)
    found = []
    for family in families:
        of = f" ({family.name})" if len(families) > 1 else ""
        found.append(Section(_("1. Make the work user") + of, tuple(_user(case, family))))
        found.append(Section(_("2. Make its API key") + of, tuple(_key(family))))
        found.append(Section(_("3. Keep the key and check") + of, tuple(_check(case))))
        found.append(Section(_("4. Close it when the work is done") + of, tuple(_close(case, family))))
    return found


def making(case: Case) -> list[Section]:
    """How the client makes the work user, without what the consultant does."""
    families = screens_of(case.major)
    only = len(families) == 1
    return [Section(_("The steps:") if only else family.name, tuple(_user(case, family))) for family in families]


def closing(case: Case) -> list[Section]:
    """How the client closes the work user, without what the consultant does."""
    families = screens_of(case.major)
    return [Section(family.name, tuple(_close_in_odoo(case, family))) for family in families]


def _user(case: Case, screens: Screens) -> Iterator[str]:
    login = case.login or _("the login that the spec names under odoo.user")
    yield _("As an administrator of Odoo, open {menu} and press {new}.").format(menu=screens.users, new=screens.new)
    yield _(
        "Name it after the work, such as “Segmentation (name of the consultancy)”. Its e-mail address is {login}: a "
        "mailbox that the consultant reads, and nobody's own login, so that the audit tells people and tool apart."
    ).format(login=login)
    if screens.role:
        yield _("Leave the role at {role}.").format(role=screens.role)
    yield _(
        "Under {sales} choose {level}. Odoo proposes {manager}: change it. Leave everything else empty or at its "
        "lowest."
    ).format(sales=screens.sales, level=screens.all_documents, manager=screens.manager)
    yield _(
        "With {level} it may also read the orders, invoices, messages and activities of contacts, which criteria on "
        "what people bought and did count."
    ).format(level=screens.all_documents)
    yield from _more_rights(case, screens)
    yield _("In the tab {tab} of the same form choose the {language} in which you work: Odoo proposes English.").format(
        tab=_PREFERENCES, language=Label("Language", "Idioma")
    )
    yield _("Save. Odoo sends an invitation to that address.")


def _more_rights(case: Case, screens: Screens) -> Iterator[str]:
    if case.manager_for is None:
        yield _(
            "Only if the plan has to create stages, lost reasons or teams: {manager} of {sales} instead, until it is "
            "applied. It is simpler to create those by hand, and to keep {level}."
        ).format(manager=screens.manager, sales=screens.sales, level=screens.all_documents)
    elif case.manager_for:
        yield _(
            "This spec needs more on this server, for: {what}. Create that by hand, or choose {manager} of {sales} "
            "until the plan is applied, and {level} again afterwards."
        ).format(
            what=", ".join(case.manager_for),
            manager=screens.manager,
            sales=screens.sales,
            level=screens.all_documents,
        )
    if case.fields:
        yield _(
            "The spec declares custom fields ({names}). Only an administrator of Odoo may create those: do it by hand, "
            "segmenter check says how, and give the work user no such right."
        ).format(names=", ".join(case.fields))


def _key(screens: Screens) -> Iterator[str]:
    yield _("Open the invitation, choose a long password, and log in as the work user in a private window.")
    yield _("Top right, open the menu of the user, then {preferences}, and there {security}.").format(
        preferences=screens.preferences, security=screens.security
    )
    yield _("Press {add} and confirm the password.").format(add=screens.add_key)
    if screens.versions[-1] >= OTHER_KEYS_SINCE:
        yield _(
            "Where Odoo offers keys of several kinds, take the API key: one for AI assistants (MCP) does not log in."
        )
    if screens.versions[0] >= KEYS_EXPIRE_SINCE:
        yield _(
            "Name the key after the work. Choose a duration of 3 months: Odoo proposes one day, and lets nobody but an "
            "administrator go beyond 90 days. Runs stop when the key expires; then make another."
        )
    else:
        yield _("Name the key after the work. It does not expire by itself: delete it when the work is done.")
    yield _("Copy the key at once: Odoo shows it only this time.")


def _check(case: Case) -> Iterator[str]:
    yield _(
        "The consultant, who reads the mailbox of the work user, makes the key, so that nobody has to send it. Where "
        "somebody else makes it, it goes from hand to hand or through a password manager, never by mail. It never "
        "stands in the spec."
    )
    if ONLINE in case.url:
        yield _("On Odoo Online, programs reach Odoo with a Custom plan alone: see which one this is.")
    kept = case.keyring or ANY_KEY
    yield _("The consultant keeps it with: {command} (or in the variable {variable}).").format(
        command=f"keyring set segmenter {kept}", variable="SEGMENTER_API_KEY"
    )
    yield _("Then: {command}. It says line by line what this user may and may not do.").format(
        command=f"segmenter check {case.spec_file}"
    )


def _close_in_odoo(case: Case, screens: Screens) -> Iterator[str]:
    yield _(
        "As the work user, delete the key where it was made. Or, as an administrator, at the address {address}, which "
        "lists the keys of everybody. A key that is left would work again if the user were ever restored."
    ).format(address=f"{case.url.rstrip('/')}{screens.listing}")
    yield _(
        "As an administrator, open the work user in {menu}, and under {actions} choose {archive}. From then on Odoo "
        "refuses the user and its keys at once."
    ).format(menu=screens.users, actions=screens.actions, archive=Label("Archive", "Archivar"))


def _close(case: Case, screens: Screens) -> Iterator[str]:
    yield from _close_in_odoo(case, screens)
    kept = case.keyring or ANY_KEY
    yield _("The consultant forgets the key with: {command}.").format(command=f"keyring del segmenter {kept}")
    yield _("{command} must answer now that the server does not accept this login.").format(
        command=f"segmenter check {case.spec_file}"
    )


def terminal(case: Case) -> RenderableType:
    """The guide, for the terminal."""
    lines: list[RenderableType] = []
    for section in sections(case):
        lines.append(Text(clean(section.title), "bold"))
        lines += [Text(clean(f"  {number}. {step}")) for number, step in enumerate(section.steps, 1)]
        lines.append(Text(""))
    return Group(*lines[:-1])


def document(case: Case) -> dict[str, Any]:
    """``{"kind": "guide", "version": 19 or null, "sections": [{"title", "steps"}]}``."""
    return {"version": case.major, "sections": sections(case)}


def markdown(found: Sequence[Section], level: str = "###") -> str:
    """The same for a document."""
    parts = []
    for section in found:
        steps = "\n".join(f"{number}. {step}" for number, step in enumerate(section.steps, 1))
        parts.append(f"{level} {section.title}\n\n{steps}\n")
    return "\n".join(parts)
