"""From a spec to a CRM that can be read: the login with its key, the client's language and clock."""

from __future__ import annotations

import getpass
import os
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

import click
import keyring

from segmenter import __version__
from segmenter.checking.work_user import privileges
from segmenter.cli.foretelling import foretell, pace_wanted, reading_calls
from segmenter.cli.output import say, somebody_there
from segmenter.cli.settings import settings
from segmenter.conditions import Clock, Facts
from segmenter.errors import SegmenterError, UsageError
from segmenter.i18n import _
from segmenter.ledger import Who
from segmenter.odoo.catalog import Catalog, choose_language
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server
from segmenter.odoo.session import connect
from segmenter.resolving.exported import exported, require_columns
from segmenter.spec.model import Connection, Spec

KEY_VARIABLES = ("SEGMENTER_API_KEY", "SEGMENTER_PASSWORD")
KEYRING_SERVICE = "segmenter"


@dataclass(frozen=True)
class Crm:
    """A CRM opened for reading, in the client's language and time zone."""

    server: Server
    reader: OdooReader
    catalog: Catalog
    clock: Clock


def open_crm(spec: Spec, server: Server, *, copied: Catalog | None = None, told: Sequence[Facts] = ()) -> Crm:
    """Opens a server for reading; warns where it does not have the client's language.

    ``copied``: where the server is a copy, the catalog of what was copied. ``told``: where there is none, what a plan
    kept of the lists that its conditions ask.
    """
    language = choose_language(OdooReader(server), spec.client.language)
    if language.warning:
        say(language.warning, "yellow")
    reader = OdooReader(server, language=language.code, timezone=spec.client.timezone)
    clock = Clock(datetime.now(UTC), ZoneInfo(spec.client.timezone))
    return Crm(server, reader, Catalog(reader, copied=copied, told=told), clock)


def connection_of(spec: Spec) -> Connection:
    """The connection that the spec names. Raises `UsageError` where it names none."""
    if spec.odoo is None:
        raise UsageError(
            _("{file} does not say where the CRM is").format(file=spec.file),
            todo=_("add an odoo section with url, database and user, or plan from an export with --from"),
        )
    return spec.odoo


def connector(connection: Connection, *, ask: bool = True) -> Callable[[], Server]:
    """A function that logs in to a CRM as its work user. It looks for the key once, at the first login.

    ``ask``: a person at the terminal may be asked for the key.
    """
    keys = list[str]()

    def log_in() -> Server:
        if not keys:
            keys.append(find_key(connection, prompt=ask_unseen if ask and somebody_there() else None))
        return logged_in(connection, keys[0])

    return log_in


def logged_in(connection: Connection, key: str) -> Server:
    """Logs in with a key, which no message shows from then on."""
    chosen = settings()
    chosen.secrets.add(key)
    return connect(
        connection.url,
        connection.database,
        connection.user,
        key,
        timeout=chosen.timeout,
        allow_http=chosen.allow_http,
        verify=chosen.ca_file or True,
        pace=pace_wanted(connection),
        api=connection.api,
    )


def ask_unseen(question: str) -> str:
    """Asks at the terminal for what nobody is to see."""
    try:
        return getpass.getpass(f"{question}: ", stream=sys.stderr)
    except EOFError:
        raise click.Abort from None


def crm_of(spec: Spec, export: str | None = None, *, whole: bool = True) -> Crm:
    """Opens the spec's CRM for reading, or the CRM that an export holds.

    ``whole``: an export must tell all that the spec asks; raises `SpecError` for what it does not.
    """
    if export is None:
        connection = connection_of(spec)
        log_in = connector(connection)
        foretell(connection, partial(reading_calls, spec))
        return open_crm(spec, log_in())
    server = exported(spec, export)
    for note in server.notes:
        say(note, "yellow")
    crm = open_crm(spec, server)
    if whole:
        require_columns(spec, crm.reader)
    return crm


def refuse_privileged(reader: OdooReader) -> None:
    """Raises `SegmenterError` for an administrator or a portal user, unless ``--force-user`` gives a reason."""
    reason = settings().forced_reason
    for finding in privileges(reader, reason):
        if finding.level == "error":
            raise SegmenterError(finding.text, todo=finding.todo)


def who(server: Server) -> Who:
    """Who runs the command and as which user of Odoo, for the ledger."""
    identity = server.identity
    return Who(account(), socket.gethostname(), identity.login, identity.uid, __version__)


def account() -> str:
    """The name of this machine's user, "?" where it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "?"  # a container without a name for its user


def keyring_user(connection: Connection) -> str:
    """The name under which the keyring keeps the key: ``login@url/database``."""
    return f"{connection.user}@{connection.url.rstrip('/')}/{connection.database}"


def find_key(connection: Connection, *, prompt: Callable[[str], str] | None = None) -> str:
    """The API key (or password) of the work user: from the environment, the keyring or a person.

    ``prompt``: asks a question and returns what is typed, unseen. Raises `UsageError` where there is no key.
    """
    for name in KEY_VARIABLES:
        if value := os.environ.get(name, "").strip():
            return value
    if stored := _from_keyring(connection):
        return stored
    if prompt is not None:
        question = _("API key of {user} at {url}").format(user=connection.user, url=connection.url)
        if typed := prompt(question).strip():
            return typed
    raise UsageError(
        _("There is no API key for {user} at {url}").format(user=connection.user, url=connection.url),
        todo=_("set SEGMENTER_API_KEY, or keep it with: keyring set segmenter {name}").format(
            name=keyring_user(connection)
        ),
    )


def _from_keyring(connection: Connection) -> str | None:
    try:
        return keyring.get_password(KEYRING_SERVICE, keyring_user(connection))
    except Exception:
        return None  # machines without a keyring raise all sorts of errors, and the key may come from elsewhere
