"""What apply, resume and undo have in common: confirm, watch, print the end, say what to do next."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import click

from segmenter.cli.connection import connection_of, look, opener, refuse_privileged, who
from segmenter.cli.output import say, show, somebody_there
from segmenter.cli.parts import option
from segmenter.cli.settings import settings
from segmenter.cli.watch import watching
from segmenter.errors import BrokeOff, SegmenterError, UsageError
from segmenter.execution import CONNECTIONS, Connect, Pace
from segmenter.i18n import N_, _
from segmenter.ledger import ENDED, Ledger, RunReport
from segmenter.odoo.server import Server
from segmenter.planning import Plan
from segmenter.reports import runs
from segmenter.spec import loads
from segmenter.spec.model import Spec

connections = option(
    "--connections",
    type=click.IntRange(1, 8),
    default=CONNECTIONS,
    show_default=True,
    help=N_("How many connections write at once."),
)
yes = option("--yes", "-y", is_flag=True, help=N_("Do not ask."))


def spec_of(plan: Plan) -> Spec:
    """The spec as it was when the plan was made, whatever became of the file."""
    return loads(plan.spec_text, plan.spec_file)


def connect_for(plan: Plan) -> Connect:
    """Logs in to the plan's server when it is first asked, and refuses a privileged work user."""
    if plan.source == "export":
        raise UsageError(
            _("{plan} was made from an export: there is no server to write to").format(plan=plan.id),
            todo=_("plan again without --from"),
        )
    spec = spec_of(plan)
    connection_of(spec)
    open_one = opener(spec)

    @cache
    def connect() -> Server:
        server = open_one()
        refuse_privileged(spec, look(spec, server))
        return server

    return connect


def expect_an_answer() -> None:
    """Raises where nobody can answer, before anything is shown that a question would follow."""
    if not somebody_there():
        raise UsageError(_("There is nobody to ask"), todo=_("say --yes to go ahead without a question"))


def confirm(question: str) -> None:
    """Ask; raises at a no."""
    try:
        answer = click.prompt(f"{question} [{_('y/N')}]", default="", show_default=False, err=True)
    except click.Abort:
        click.echo(err=True)  # the question's line is still open
        raise
    if answer.strip().lower() not in _("y yes").split():
        raise SegmenterError(_("Nothing was written"))


def carry_out(
    run: Callable[..., RunReport], id: str, ledger: Ledger, connect: Connect, connections: int, **options: Any
) -> int:
    """Run it under a bar, print its end, say what to do next; gives the exit code."""
    with watching() as watch:
        try:
            report = run(
                id,
                ledger,
                connect,
                who=who(connect()),
                note=settings().forced_reason or "",
                pace=Pace(connections, progress=watch.progress, stop=watch.stop),
                **options,
            )
        except BrokeOff as error:
            raise BrokeOff(error.what, todo=f"{error.todo}{settings().ledger_option('')}") from error
    plan = ledger.plan(report.run.plan)
    show("run", partial(runs.document, report), partial(runs.terminal, report, plan))
    _next(report)
    return report.exit_code


def _next(report: RunReport) -> None:
    run, ledger = report.run, settings().ledger_option("")
    if run.status not in ENDED and any(left.record < 0 and left.outcome == "refused" for left in report.left):
        say(_("Odoo refused what the plan creates, so no record was written. Mend what is named above, and then"))
        say(_("go on with: segmenter resume {run}{ledger}").format(run=run.id, ledger=ledger), "bold")
        say(_("or make a new plan"))
    elif run.status not in ENDED:
        say(_("It can go on with: segmenter resume {run}{ledger}").format(run=run.id, ledger=ledger), "bold")
    elif run.kind != "undo":
        say(_("It can be undone with: segmenter undo {run}{ledger}").format(run=run.id, ledger=ledger))
