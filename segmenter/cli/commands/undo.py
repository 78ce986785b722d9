"""``segmenter undo``: give the former values back."""

from __future__ import annotations

from functools import partial

import click

from segmenter.cli.executing import carry_out, confirm, connect_for, connections, expect_an_answer, yes
from segmenter.cli.output import err, say, show
from segmenter.cli.parts import command as made
from segmenter.cli.parts import formats, ledger_option, option, talks_to_odoo
from segmenter.cli.settings import settings
from segmenter.execution import preview_undo, undo, undone_by
from segmenter.i18n import N_, _
from segmenter.ledger import Ledger, Run, open_ledger
from segmenter.reports import past, runs
from segmenter.reports import undo as undos


@made(
    "undo",
    N_(
        "Give every field that RUN wrote its former value back, where the value is still ours; what a person or a "
        "later run changed since is left and named. An undo is a run like any other."
    ),
    [
        ("segmenter undo R1 --preview", N_("What would come back, what would stay, what cannot be undone")),
        ("segmenter undo R1", N_("The same, and then asks")),
    ],
)
@click.argument("run")
@option("--preview", is_flag=True, help=N_("Only show what would be done."))
@yes
@connections
@formats()
@ledger_option
@talks_to_odoo
def command(run: str, preview: bool, yes: bool, connections: int) -> int | None:
    """Preview, ask, undo, print."""
    with open_ledger(settings().ledger_place(), create=False) as ledger:
        found = ledger.run(run)
        if not preview and (earlier := undone_by(ledger, found.id)):
            # It may have been killed at its very end, before it could say so.
            return _undone(ledger, found.root, earlier)
        connect = connect_for(ledger.plan(found.plan))
        if preview or not yes:
            if not preview:
                expect_an_answer()
            foreseen = preview_undo(found.id, ledger, connect)
            if preview:
                show("undo-preview", partial(undos.document, foreseen), partial(undos.terminal, foreseen))
                return None
            err().print(undos.terminal(foreseen))
            confirm(_("Undo {run}?").format(run=undos.taken_back(foreseen)))
        return carry_out(undo, found.id, ledger, connect, connections)


def _undone(ledger: Ledger, root: str, earlier: Run) -> int:
    """Say that there is nothing to do, and tell the run that did it."""
    report = past.from_ledger(ledger, earlier.id)
    plan = ledger.plan(earlier.plan)
    show("run", partial(runs.document, report), partial(runs.terminal, report, plan))
    say(_("{root} was already undone, by run {run}").format(root=root, run=earlier.id))
    return report.exit_code
