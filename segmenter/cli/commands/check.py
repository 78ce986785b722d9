"""``segmenter check``: what stands between a spec and its Odoo; and the guide to making the work user."""

from __future__ import annotations

from datetime import date

from segmenter.checking.preflight import preflight
from segmenter.cli.command import argument, connection_options, formats, ledger_option, make_command, option
from segmenter.cli.connection import connection_of, connector, crm_of, keyring_user, open_crm
from segmenter.cli.engagement import engagement
from segmenter.cli.output import say, show
from segmenter.cli.settings import settings
from segmenter.engagement import key_ends
from segmenter.errors import ExitCode, LedgerError, SegmenterError, UsageError
from segmenter.i18n import N_, _
from segmenter.ledger import read_ledger
from segmenter.odoo.server import ServerIdentity
from segmenter.odoo.session import version_of
from segmenter.reports import findings, guide
from segmenter.reports.guide import Case
from segmenter.resolving.resolve import survey
from segmenter.spec import load
from segmenter.spec.model import Spec


@make_command(
    "check",
    N_(
        "Connect as the work user of SPEC and say, line by line, what stands between the spec and that Odoo. With "
        "--guide, say instead how the client makes that user and its API key and closes them afterwards: for the "
        "version of that server and the rights that the spec needs there, as far as they can be known."
    ),
    [
        ("segmenter check viveros.yaml", N_("Version, login, rights, names, hidden records, automation rules")),
        ("segmenter check viveros.yaml --format json", N_("The same for a program")),
        ("segmenter check viveros.yaml --guide", N_("What to ask the client for, even before anybody can log in")),
        ("segmenter check --guide", N_("The steps for every version of Odoo")),
    ],
)
@argument("spec", required=False)
@option("--guide", "guiding", is_flag=True, help=N_("Print how to make the work user and its API key."))
@formats()
@ledger_option
@connection_options
def command(spec: str | None, guiding: bool) -> int:
    """Prints the findings and returns 1 if one is an error; or prints the guide."""
    if guiding:
        case = guide_case(load(spec) if spec else None)
        show("guide", lambda: guide.document(case), lambda: guide.terminal(case))
        return ExitCode.DONE
    if spec is None:
        raise UsageError(_("Say which spec to check"), todo=_("segmenter check SPEC, or segmenter check --guide"))
    loaded = load(spec)
    crm = crm_of(loaded)
    results = preflight(
        loaded, crm.reader, crm.catalog, forced_reason=settings().forced_reason, key_ends=_key_ends(spec)
    )
    show("check", lambda: findings.document(results), lambda: findings.terminal(results))
    return ExitCode.ERROR if any(finding.level == "error" for finding in results) else ExitCode.DONE


def _key_ends(spec: str) -> date | None:
    """The day on which the work user's key ends, as the engagement's log has it; None without a log."""
    try:
        with read_ledger(settings().ledger_place(spec)) as ledger:
            return key_ends(engagement(ledger, spec).log)
    except LedgerError:
        return None


MANAGED_MODELS = frozenset({"crm.stage", "crm.lost.reason", "crm.team"})
"""Models of which only an administrator of Sales may create records (measured, 14 and 19)."""


def guide_case(spec: Spec | None) -> Case:
    """What the guide is about: the rights that the spec needs if the login works, else Odoo's version, else neither."""
    if spec is None or spec.odoo is None:
        return Case(fields=_fields(spec), spec_file=spec.file if spec else "SPEC")
    connection = spec.odoo
    major, manager_for = None, None
    try:
        crm = open_crm(spec, connector(connection_of(spec), ask=False)())
        major = crm.reader.identity.major
        rights = survey(spec, crm.reader, crm.catalog, crm.clock).rights
        manager_for = tuple(
            name
            for (model, operation), names in sorted(rights.items())
            if model in MANAGED_MODELS
            for name in names
            if operation == "create"
        )
    except SegmenterError as error:
        say(_("Nobody can log in yet: {why}").format(why=error), "yellow")
        major = _version(connection.url)
    return Case(
        login=connection.user,
        url=connection.url,
        spec_file=spec.file,
        keyring=keyring_user(connection),
        major=major,
        manager_for=manager_for,
        fields=_fields(spec),
    )


def _fields(spec: Spec | None) -> tuple[str, ...]:
    return tuple(field.name for field in spec.fields) if spec else ()


def _version(url: str) -> int | None:
    """Odoo's major version, which it tells without a login; None if it cannot be reached."""
    chosen = settings()
    try:
        version = version_of(url, timeout=chosen.timeout, allow_http=chosen.allow_http, verify=chosen.ca_file or True)
    except SegmenterError as error:
        say(_("The version of that Odoo is not known: {why}").format(why=error), "yellow")
        return None
    return ServerIdentity(url, "", version, "", 0).major
