"""``segmenter check``: connection, work user, rights, versions, names."""

from __future__ import annotations

import click

from segmenter.cli.connection import seen
from segmenter.cli.output import show
from segmenter.cli.parts import command as made
from segmenter.cli.parts import formats, talks_to_odoo
from segmenter.cli.settings import settings
from segmenter.errors import ExitCode
from segmenter.i18n import N_
from segmenter.odoo.preflight import preflight
from segmenter.reports import findings
from segmenter.spec import load


@made(
    "check",
    N_("Connect as the work user of SPEC and say, line by line, what stands between the spec and that Odoo."),
    [
        ("segmenter check viveros.yaml", N_("Version, login, rights, names, hidden records, automation rules")),
        ("segmenter check viveros.yaml --format json", N_("The same for a program")),
    ],
)
@click.argument("spec")
@formats()
@talks_to_odoo
def command(spec: str) -> int:
    """Print the findings; 1 when one of them is an error."""
    loaded = load(spec)
    eyes = seen(loaded)
    found = preflight(loaded, eyes.reader, eyes.catalog, forced_reason=settings().forced_reason)
    show("check", lambda: findings.document(found), lambda: findings.terminal(found))
    return ExitCode.ERROR if any(one.level == "error" for one in found) else ExitCode.DONE
