"""``segmenter verify``: who is out of place now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from segmenter.cli.command import argument, connection_options, formats, ledger_option, make_command, option
from segmenter.cli.connection import crm_of, refuse_privileged
from segmenter.cli.engagement import author
from segmenter.cli.output import say, show
from segmenter.cli.settings import settings
from segmenter.drafting import draft
from segmenter.errors import ExitCode, LedgerError
from segmenter.execution.by_hand.settle import open_import, settle_import
from segmenter.i18n import N_, _
from segmenter.ledger import Look, RunReport, open_ledger
from segmenter.odoo.reader import OdooReader
from segmenter.planning.head import Source
from segmenter.plans import Plan
from segmenter.reports import drift, past, runs
from segmenter.reports.plan import SAMPLE, gather
from segmenter.spec import load
from segmenter.spec.model import Spec


@make_command(
    "verify",
    N_(
        "Look for drift: say which records are out of place now. Nothing is written to Odoo; a ledger that is there "
        "keeps how many they were, for the board; of an export, where its latest plan was made from one too. With "
        "--from, what people imported by hand (by-hand) is proven first: the ledger gets what became of each record of "
        "that run."
    ),
    [
        ("segmenter verify viveros.yaml", N_("Answers 10 when something is out of place, 0 when nothing is")),
        ("segmenter verify viveros.yaml --all --format json", N_("Everything that is out of place, for a program")),
        ("segmenter verify viveros.yaml --from after.xlsx", N_("What came of an import, and what is out of place")),
    ],
)
@argument("spec")
@option("--from", "source", metavar="FILE", help=N_("Look in an export (.xlsx or .csv) instead of a server."))
@option("--all", "every", is_flag=True, help=N_("Show every change, not the first ones alone."))
@formats()
@ledger_option
@connection_options
def command(spec: str, source: str | None, every: bool) -> int:
    """Prints the drift, and what became of an import that was open (in JSON: ``imported``, as `show` gives a run)."""
    loaded = load(spec)
    crm = crm_of(loaded, source)
    if source is None:
        refuse_privileged(crm.reader)
    kind: Source = "export" if source else "server"
    made = draft(loaded, crm.reader, crm.catalog, crm.clock, source=kind, figures=False)
    imported = _imported(loaded, crm.reader, settings().ledger_place(spec)) if source else None
    gathered, plan = gather(made.changes, made.names_of, None if every else SAMPLE), made.plan
    unread = [id for model, id, _why in crm.reader.unreadable if model == plan.identity.model]

    def document() -> dict[str, Any]:
        found = drift.document(plan, gathered, unread)
        return {**found, "imported": runs.document(imported[0])} if imported else found

    def terminal() -> RenderableType:
        found = drift.terminal(plan, gathered, unread)
        return Group(runs.terminal(*imported), Text(""), found) if imported else found

    _keep(loaded, spec, plan)
    show("drift", document, terminal)
    left = imported[0].exit_code if imported else ExitCode.DONE
    return left or (ExitCode.WOULD_CHANGE if drift.drifted(plan) else ExitCode.DONE)


def _imported(spec: Spec, after: OdooReader, place: str) -> tuple[RunReport, Plan] | None:
    """What an export tells of the import that the ledger waits for; None where it waits for none, or nothing of it was
    imported yet."""
    if "://" not in place and not Path(place).exists():
        return None
    with open_ledger(place, create=False) as ledger:
        waiting = open_import(ledger, spec.client.name)
        if waiting is None:
            return None
        ended = settle_import(waiting, ledger, after)
        if ended is None:
            say(_("Nothing of {run} is in this export: it was not imported yet").format(run=waiting.id), "yellow")
            return None
        return past.from_ledger(ledger, ended.id), ledger.plan(ended.plan)


def _keep(spec: Spec, file: str, plan: Plan) -> None:
    """Notes in the ledger, if there is one, what was found. A ledger that cannot be written is said, and no more.

    An export may be of some records alone, or old: it counts where the engagement's latest plan is of one too.
    """
    place = settings().ledger_place(file)
    if "://" not in place and not Path(place).exists():
        return
    counts = plan.counts
    try:
        with open_ledger(place, create=False) as ledger:
            own = [row.source for row in ledger.plans() if row.spec_name == spec.client.name]
            if plan.identity.source == "export" and own[-1:] != ["export"]:
                return
            ledger.note_look(Look(spec.client.name, counts.tally.records, counts.scope_count, author()))
    except LedgerError as error:
        say(_("The ledger does not keep this look: {why}").format(why=error), "yellow")
