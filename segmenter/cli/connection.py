"""From a spec to a server, a reader and a catalog."""

from __future__ import annotations

import getpass
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click

from segmenter import __version__
from segmenter.cli.exported import exported, require_columns
from segmenter.cli.output import say, somebody_there
from segmenter.cli.settings import settings
from segmenter.conditions import Clock
from segmenter.errors import SegmenterError, UsageError
from segmenter.i18n import _
from segmenter.ledger import Who
from segmenter.odoo import credentials
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.language import choose_language
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server
from segmenter.odoo.session import connect
from segmenter.odoo.work_user import work_user_findings
from segmenter.spec.model import Connection, Spec


@dataclass(frozen=True)
class Eyes:
    """What reading needs: a server seen through the client's language and zone."""

    server: Server
    reader: OdooReader
    catalog: Catalog
    clock: Clock


def look(spec: Spec, server: Server) -> Eyes:
    """A reader and a catalog over a server, and the client's clock."""
    language = choose_language(OdooReader(server), spec.client.language)
    if language.warning:
        say(language.warning, "yellow")
    reader = OdooReader(server, language=language.code, timezone=spec.client.timezone)
    return Eyes(server, reader, Catalog(reader), Clock(datetime.now(UTC), ZoneInfo(spec.client.timezone)))


def connection_of(spec: Spec) -> Connection:
    """Where the spec's CRM is. Raises `UsageError` for a spec that names none."""
    if spec.odoo is None:
        raise UsageError(
            _("{file} does not say where the CRM is").format(file=spec.file),
            todo=_("add an odoo section with url, database and user, or plan from an export with --from"),
        )
    return spec.odoo


def opener(spec: Spec, *, ask: bool = True) -> Callable[[], Server]:
    """Opens connections to the spec's CRM as its work user. The key is looked for once, at the first."""
    where, chosen, found = connection_of(spec), settings(), list[str]()

    def open_one() -> Server:
        if not found:
            prompt = _prompt if ask and somebody_there() else None
            found.append(credentials.secret(where, prompt=prompt))
            chosen.secrets.add(found[0])
        return connect(
            where.url,
            where.database,
            where.user,
            found[0],
            timeout=chosen.timeout,
            allow_http=chosen.allow_http,
            verify=chosen.ca_file or True,
        )

    return open_one


def _prompt(question: str) -> str:
    try:
        return getpass.getpass(f"{question}: ", stream=sys.stderr)
    except EOFError:
        raise click.Abort from None


def seen(spec: Spec, export: str | None = None) -> Eyes:
    """The spec's CRM, or the one that an export holds, ready to be read."""
    if export is None:
        return look(spec, opener(spec)())
    server = exported(spec, export)
    for note in server.notes:
        say(note, "yellow")
    eyes = look(spec, server)
    require_columns(spec, eyes.reader)
    return eyes


def refuse_privileged(spec: Spec, eyes: Eyes) -> None:
    """Raises for an administrator or a portal user, unless ``--force-user`` says why."""
    reason = settings().forced_reason
    for finding in work_user_findings(spec, eyes.reader, reason):
        if finding.topic == "privileges":
            if finding.level == "error":
                raise SegmenterError(finding.text, todo=finding.todo)
            return


def who(server: Server) -> Who:
    """Who runs this, for the ledger."""
    identity = server.identity
    return Who(account(), socket.gethostname(), identity.login, identity.uid, __version__)


def account() -> str:
    """The name of this machine's user, "?" where it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "?"  # a container without a name for its user
