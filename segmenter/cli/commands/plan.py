"""``segmenter plan``: what would change, kept in the ledger under an id and a digest."""

from __future__ import annotations

import click

from segmenter.cli.connection import Eyes, refuse_privileged, seen
from segmenter.cli.output import as_json, say
from segmenter.cli.parts import command as made
from segmenter.cli.parts import formats, ledger_option, option, talks_to_odoo
from segmenter.cli.plans import export, print_plan
from segmenter.cli.settings import settings
from segmenter.errors import ExitCode
from segmenter.i18n import N_, _
from segmenter.ledger import open_ledger
from segmenter.odoo.preflight import preflight
from segmenter.planning import Draft, Plan
from segmenter.planning.approval import called
from segmenter.reports.drift import drifted
from segmenter.spec import load
from segmenter.spec.model import Spec


@made(
    "plan",
    N_(
        "Show what SPEC would change, and keep it in the ledger under an id. Nothing is written to Odoo. With --from, "
        "plan from a list that Odoo exported, before there is any access."
    ),
    [
        ("segmenter plan viveros.yaml", N_("What would change on the server")),
        ("segmenter plan viveros.yaml --from export.xlsx", N_("The same from Odoo's own export")),
        ("segmenter plan viveros.yaml --output plan.csv", N_("Every change in a file, for a spreadsheet")),
        ("segmenter plan viveros.yaml --exit-code", N_("Answers 10 when something would change")),
    ],
)
@click.argument("spec")
@option("--from", "source", metavar="FILE", help=N_("Plan from an export (.xlsx or .csv) instead of a server."))
@option("--exit-code", is_flag=True, help=N_("Answer 10 when something would change."))
@option("--all", "every", is_flag=True, help=N_("Show every change, not the first ones alone."))
@option("--output", metavar="FILE", help=N_("Write the whole plan to a .json or .csv file too."))
@formats("json", "csv")
@ledger_option
@talks_to_odoo
def command(spec: str, source: str | None, exit_code: bool, every: bool, output: str | None) -> int:
    """Make the plan, keep it, print it."""
    loaded = load(spec)
    eyes = seen(loaded, source)
    if source is None:
        _warn(loaded, eyes)
    draft = Draft(loaded, eyes.reader, eyes.catalog, eyes.clock, source="export" if source else "server")
    with open_ledger(settings().ledger_place(spec)) as ledger:
        plan = ledger.save_plan(draft)
        if output:
            export(plan, ledger, output)
        print_plan(plan, ledger, every=every)
    _next(plan, spec)
    if plan.violations:
        return ExitCode.LIMITS
    return ExitCode.WOULD_CHANGE if exit_code and drifted(plan) else ExitCode.DONE


def _warn(spec: Spec, eyes: Eyes) -> None:
    """What `check` warns about, said again before the plan; an administrator is refused here too."""
    refuse_privileged(spec, eyes)
    for finding in preflight(spec, eyes.reader, eyes.catalog, forced_reason=settings().forced_reason):
        if finding.level == "warning":
            say(f"! {finding.text}" + (f" → {finding.todo}" if finding.todo else ""), "yellow")


def _next(plan: Plan, spec: str) -> None:
    """The exact next command."""
    if as_json():
        return
    say(_("Plan {id}, digest {digest}").format(id=plan.id, digest=plan.digest), "bold")
    ledger = settings().ledger_option(spec)
    if plan.source == "export":
        say(
            _("A plan of an export cannot be applied. With access to the server: segmenter plan {spec}").format(
                spec=settings().here(spec).strip()
            )
        )
    elif plan.violations:
        say(_("Look at it again with: segmenter show {id}{ledger}").format(id=plan.id, ledger=ledger))
    elif drifted(plan):
        if plan.require_approval:
            sentence = _('It must be approved first: segmenter approve {id} --by "{name}" --evidence TEXT{ledger}')
            say(sentence.format(id=plan.id, name=called(plan.approver) or _("NAME"), ledger=ledger))
        say(_("Apply it with: segmenter apply {id}{ledger}").format(id=plan.id, ledger=ledger))
