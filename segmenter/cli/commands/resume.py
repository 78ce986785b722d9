"""``segmenter resume``: go on with a run that broke off."""

from __future__ import annotations

import click

from segmenter.cli.executing import carry_out, connect_for, connections
from segmenter.cli.parts import command as made
from segmenter.cli.parts import formats, ledger_option, talks_to_odoo
from segmenter.cli.settings import settings
from segmenter.execution import resume
from segmenter.i18n import N_
from segmenter.ledger import open_ledger


@made(
    "resume",
    N_(
        "Go on with RUN, an apply or an undo that broke off. What was under way is read back first; nothing is written "
        "twice."
    ),
    [("segmenter resume R1", N_("After Ctrl-C, a lost connection or a crash"))],
)
@click.argument("run")
@connections
@formats()
@ledger_option
@talks_to_odoo
def command(run: str, connections: int) -> int:
    """Resume, print."""
    with open_ledger(settings().ledger_place(), create=False) as ledger:
        found = ledger.run(run)
        connect = connect_for(ledger.plan(found.plan))
        return carry_out(resume, found.id, ledger, connect, connections)
