"""``segmenter resume``: go on with a run that broke off."""

from __future__ import annotations

from segmenter.cli.command import argument, connection_options, formats, ledger_option, make_command
from segmenter.cli.executing import carry_out, connect_for, connections, foretell_run
from segmenter.cli.settings import settings
from segmenter.execution import resume
from segmenter.i18n import N_
from segmenter.ledger import open_ledger


@make_command(
    "resume",
    N_(
        "Go on with RUN, an apply or an undo that broke off. What was under way is read back first; nothing is written "
        "twice."
    ),
    [("segmenter resume R1", N_("After Ctrl-C, a lost connection or a crash"))],
)
@argument("run")
@connections
@formats()
@ledger_option
@connection_options
def command(run: str, connections: int) -> int:
    """Resumes the run, prints it."""
    with open_ledger(settings().ledger_place(), create=False) as ledger:
        stopped = ledger.run(run)
        plan = ledger.plan(stopped.plan)
        connect = connect_for(plan)
        foretell_run(plan, ledger)
        return carry_out(resume, stopped.id, ledger, connect, connections)
