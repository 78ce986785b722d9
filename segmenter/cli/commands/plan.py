"""``segmenter plan``: what would change, kept in the ledger under an id and a digest."""

from __future__ import annotations

from segmenter.checking.preflight import preflight
from segmenter.cli.command import argument, connection_options, formats, ledger_option, make_command, option
from segmenter.cli.connection import Crm, crm_of, refuse_privileged
from segmenter.cli.output import as_json, say
from segmenter.cli.reporting import export_plan, print_plan, refuse_ending
from segmenter.cli.settings import settings
from segmenter.drafting import draft
from segmenter.errors import ExitCode
from segmenter.i18n import N_, _
from segmenter.ledger import open_ledger
from segmenter.planning.approval import called
from segmenter.plans import Plan
from segmenter.reports.drift import drifted
from segmenter.resolving.resolve import survey
from segmenter.resolving.resolved import Resolved
from segmenter.spec import load
from segmenter.spec.model import Spec


@make_command(
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
@argument("spec")
@option("--from", "source", metavar="FILE", help=N_("Plan from an export (.xlsx or .csv) instead of a server."))
@option("--exit-code", is_flag=True, help=N_("Answer 10 when something would change."))
@option("--all", "every", is_flag=True, help=N_("Show every change, not the first ones alone."))
@option("--output", metavar="FILE", help=N_("Write the whole plan to a .json or .csv file too."))
@formats("json", "csv")
@ledger_option
@connection_options
def command(spec: str, source: str | None, exit_code: bool, every: bool, output: str | None) -> int:
    """Makes the plan, keeps it in the ledger, prints it."""
    if output:
        refuse_ending(output)  # before the plan is kept
    loaded = load(spec)
    crm = crm_of(loaded, source)
    if source is None:
        refuse_privileged(crm.reader)
    resolved = survey(loaded, crm.reader, crm.catalog, crm.clock)
    if source is None:
        _warn(loaded, crm, resolved)
    drafted = draft(
        loaded,
        crm.reader,
        crm.catalog,
        crm.clock,
        source="export" if source else "server",
        resolved=resolved.complete(),
    )
    with open_ledger(settings().ledger_place(spec)) as ledger:
        plan = ledger.save_plan(*drafted.to_save())
        if output:
            export_plan(plan, ledger, output)
        print_plan(plan, ledger, every=every)
    _say_next(plan, spec)
    if plan.violations:
        return ExitCode.LIMITS
    return ExitCode.WOULD_CHANGE if exit_code and drifted(plan) else ExitCode.DONE


def _warn(spec: Spec, crm: Crm, resolved: Resolved) -> None:
    """Repeats the warnings of `check` before the plan."""
    reason = settings().forced_reason
    for finding in preflight(spec, crm.reader, crm.catalog, forced_reason=reason, resolved=resolved):
        if finding.level == "warning":
            say(f"! {finding.text}" + (f" → {finding.todo}" if finding.todo else ""), "yellow")


def _say_next(plan: Plan, spec: str) -> None:
    """Says which command comes next."""
    if as_json():
        return
    say(_("Plan {id}, digest {digest}").format(id=plan.id, digest=plan.digest), "bold")
    ledger = settings().ledger_option(spec)
    if plan.identity.source == "export" and not plan.identity.importable:
        say(
            _(
                "A plan of this export cannot be applied. With access to the server: segmenter plan {spec}. Without an "
                "API, from an import-compatible export: see by-hand"
            ).format(spec=settings().same_engagement(spec).strip())
        )
    elif plan.violations:
        say(_("Look at it again with: segmenter show {id}{ledger}").format(id=plan.id, ledger=ledger))
    elif drifted(plan):
        if plan.rules.require_approval:
            sentence = _('It must be approved first: segmenter approve {id} --by "{name}" --evidence TEXT{ledger}')
            say(sentence.format(id=plan.id, name=called(plan.rules.approver) or _("NAME"), ledger=ledger))
        if plan.identity.importable:
            say(_("Import it by hand with: segmenter by-hand {id}{ledger}").format(id=plan.id, ledger=ledger))
        else:
            say(_("Apply it with: segmenter apply {id}{ledger}").format(id=plan.id, ledger=ledger))
