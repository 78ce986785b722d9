"""What apply, resume and undo share: the question, the progress bar, the report at the end, the next command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any, TypeVar

import click

from segmenter.cli.command import option
from segmenter.cli.connection import connector, refuse_privileged, who
from segmenter.cli.foretelling import foretell
from segmenter.cli.output import say, show, somebody_there
from segmenter.cli.settings import settings
from segmenter.cli.watch import watching
from segmenter.errors import BrokeOff, SegmenterError, UsageError
from segmenter.execution import CONNECTIONS, Connect, Pace, calls_of
from segmenter.i18n import N_, _
from segmenter.ledger import ENDED, Ledger, RunReport
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server
from segmenter.plans import Plan
from segmenter.reports import runs
from segmenter.spec.build import api_of, pace_of
from segmenter.spec.model import Connection

F = TypeVar("F", bound=Callable[..., Any])

connections = option(
    "--connections",
    type=click.IntRange(1, 8),
    default=CONNECTIONS,
    show_default=True,
    help=N_("How many connections write at once."),
)
_override = option(
    "--override", "limits", multiple=True, metavar="LIMIT", help=N_("Set a limit aside; each needs its --reason.")
)
_reason = option("--reason", "reasons", multiple=True, metavar="TEXT", help=N_("Why the limit is set aside."))
yes = option("--yes", "-y", is_flag=True, help=N_("Do not ask."))


def overrides(function: F) -> F:
    """Adds the options that set limits aside, ``limits`` and ``reasons``."""
    return _override(_reason(function))


def pairs(limits: Sequence[str], reasons: Sequence[str]) -> dict[str, str]:
    """Limit -> reason. Raises `UsageError` where one of the two is missing."""
    if len(limits) != len(reasons):
        raise UsageError(
            _("Every --override needs a --reason of its own"),
            todo=_("say them in pairs: --override LIMIT --reason TEXT"),
        )
    return dict(zip(limits, reasons, strict=True))


def connect_for(plan: Plan, by_hand: str = "") -> Connect:
    """A function that logs in to the plan's server at its first call, and refuses a privileged work user.

    ``by_hand``: what to say to ``by-hand`` instead where there is no server; the plan if not said.

    Raises `UsageError` for the plan of an export.
    """
    if plan.identity.source == "export":
        raise UsageError(
            _("{plan} was made from an export: there is no server to write to").format(plan=plan.id),
            todo=_("import it by hand: segmenter by-hand {plan}").format(plan=by_hand or plan.id)
            if plan.identity.importable
            else _("plan again without --from"),
        )
    log_in = connector(connection_to(plan))

    @cache
    def connect() -> Server:
        server = log_in()
        refuse_privileged(OdooReader(server, language=plan.identity.language, timezone=plan.identity.timezone))
        return server

    return connect


def connection_to(plan: Plan) -> Connection:
    """Where a plan was made, and as whom."""
    made_on = plan.identity.server
    url = plan.identity.spec_url or made_on["url"]
    return Connection(
        url, made_on["database"], made_on["login"], pace_of(made_on.get("pace")), api_of(made_on.get("api"))
    )


def foretell_run(plan: Plan, ledger: Ledger) -> None:
    """Says beforehand how long the plan, or its undo, takes on a host that may be asked only so often."""
    foretell(connection_to(plan), lambda: calls_of(plan, ledger.change_sets(plan.id)))


def require_terminal() -> None:
    """Raises `UsageError` where nobody is at a terminal to answer a question."""
    if not somebody_there():
        raise UsageError(_("There is nobody to ask"), todo=_("say --yes to go ahead without a question"))


def confirm(question: str) -> None:
    """Asks the question. Raises `SegmenterError` for a no."""
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
    """Runs an apply, resume or undo with a progress bar, and prints its report and the next command.

    Returns the exit code.
    """
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
    _say_next(report)
    return report.exit_code


def _say_next(report: RunReport) -> None:
    run, ledger = report.run, settings().ledger_option("")
    if run.status not in ENDED and any(left.record < 0 and left.outcome == "refused" for left in report.left):
        say(_("Odoo refused what the plan creates, so no record was written. Mend what is named above, and then"))
        say(_("go on with: segmenter resume {run}{ledger}").format(run=run.id, ledger=ledger), "bold")
        say(_("or make a new plan"))
    elif run.status not in ENDED:
        say(_("It can go on with: segmenter resume {run}{ledger}").format(run=run.id, ledger=ledger), "bold")
    elif report.kept:
        say(
            _("or here, with an administrator's login: segmenter undo {run} --by-admin{ledger}").format(
                run=run.root, ledger=ledger
            )
        )
    elif run.kind != "undo":
        say(_("It can be undone with: segmenter undo {run}{ledger}").format(run=run.id, ledger=ledger))
