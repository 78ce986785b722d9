"""What can be known of a server and of what a spec needs there, for the guide to its work user."""

from __future__ import annotations

from segmenter.cli.connection import look, opener
from segmenter.cli.output import say
from segmenter.cli.settings import settings
from segmenter.errors import SegmenterError
from segmenter.i18n import _
from segmenter.odoo.credentials import keyring_user
from segmenter.odoo.needs import needs_of
from segmenter.odoo.server import ServerIdentity
from segmenter.odoo.session import version_of
from segmenter.reports.guide import Case
from segmenter.spec.model import Spec

MANAGERS = frozenset({"crm.stage", "crm.lost.reason", "crm.team"})
"""Models that only an administrator of Sales may create records of (measured, 14 and 19)."""


def case_of(spec: Spec | None) -> Case:
    """As much as can be known: with a login the rights that the spec needs, without one the version, else nothing."""
    if spec is None or spec.odoo is None:
        return Case(fields=_fields(spec), spec_file=spec.file if spec else "SPEC")
    where = spec.odoo
    major, manager_for = None, None
    try:
        eyes = look(spec, opener(spec, ask=False)())
        major = eyes.reader.identity.major
        rights = needs_of(spec, eyes.catalog, eyes.clock).rights
        manager_for = tuple(
            name
            for (model, operation), names in sorted(rights.items())
            if model in MANAGERS
            for name in names
            if operation == "create"
        )
    except SegmenterError as error:
        say(_("Nobody can log in yet: {why}").format(why=error), "yellow")
        major = _version(where.url)
    return Case(
        login=where.user,
        url=where.url,
        spec_file=spec.file,
        keyring=keyring_user(where),
        major=major,
        manager_for=manager_for,
        fields=_fields(spec),
    )


def _fields(spec: Spec | None) -> tuple[str, ...]:
    return tuple(one.name for one in spec.fields) if spec else ()


def _version(url: str) -> int | None:
    """Odoo's version, which it tells without a login; None when it cannot be reached."""
    chosen = settings()
    try:
        version = version_of(url, timeout=chosen.timeout, allow_http=chosen.allow_http, verify=chosen.ca_file or True)
    except SegmenterError as error:
        say(_("The version of that Odoo is not known: {why}").format(why=error), "yellow")
        return None
    return ServerIdentity(url, "", version, "", 0).major
