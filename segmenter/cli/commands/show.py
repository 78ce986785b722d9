"""``segmenter show``: a plan or a run again, in any format."""

from __future__ import annotations

from segmenter.cli.command import argument, formats, ledger_option, make_command, option
from segmenter.cli.output import data, out
from segmenter.cli.reporting import export_plan, plan_or_run, print_plan
from segmenter.cli.settings import settings
from segmenter.errors import UsageError
from segmenter.i18n import N_, _
from segmenter.ledger import Ledger, read_ledger
from segmenter.reports import approvals, past, runs
from segmenter.reports.text import Style


@make_command(
    "show",
    N_("Show a plan (P1) or a run (R1) of the ledger again."),
    [
        ("segmenter show P1", N_("The plan as it was shown first")),
        ("segmenter show P1 --format csv > plan.csv", N_("Every change of it, for a spreadsheet")),
        ("segmenter show R1", N_("What a run wrote, and by name what it left")),
    ],
)
@argument("id", metavar="PLAN|RUN")
@option("--all", "every", is_flag=True, help=N_("Show every change, not the first ones alone."))
@option("--output", metavar="FILE", help=N_("Write the whole plan to a .json or .csv file too."))
@formats("json", "csv")
@ledger_option
def command(id: str, every: bool, output: str | None) -> None:
    """Prints the plan or the run."""
    plan_or_run(id)
    with read_ledger(settings().ledger_place()) as ledger:
        if id[0].upper() == "R":
            if output:
                raise UsageError(
                    _("--output writes plans, and {id} is a run").format(id=id),
                    todo=_("print it into a file: segmenter show {id} --format csv > FILE").format(id=id),
                )
            _run(ledger, id)
            return
        plan = ledger.plan(id)
        if output:
            export_plan(plan, ledger, output)
        print_plan(plan, ledger, every=every)


def _run(ledger: Ledger, id: str) -> None:
    report = past.from_ledger(ledger, id)
    plan = ledger.plan(report.run.plan)
    signed = ledger.approvals(plan.id)
    kind = settings().format
    if kind == "json":
        runs.write_json(report, data(), approvals=signed)
    elif kind == "csv":
        runs.write_csv(report, plan, data())
    else:
        out().print(
            runs.terminal(report, plan),
            *approvals.listed(signed, Style(plan.identity.language, plan.identity.timezone)),
        )
