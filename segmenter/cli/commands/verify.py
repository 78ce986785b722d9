"""``segmenter verify``: who is out of place now."""

from __future__ import annotations

import click

from segmenter.cli.connection import refuse_privileged, seen
from segmenter.cli.output import show
from segmenter.cli.parts import command as made
from segmenter.cli.parts import formats, option, talks_to_odoo
from segmenter.errors import ExitCode
from segmenter.i18n import N_
from segmenter.planning import Draft
from segmenter.reports import drift
from segmenter.reports.plan import SAMPLE, gather
from segmenter.spec import load


@made(
    "verify",
    N_("Look for drift: say which records are out of place now. Nothing is written, not even to the ledger."),
    [
        ("segmenter verify viveros.yaml", N_("Answers 10 when something is out of place, 0 when nothing is")),
        ("segmenter verify viveros.yaml --all --format json", N_("Everything that is out of place, for a program")),
    ],
)
@click.argument("spec")
@option("--from", "source", metavar="FILE", help=N_("Look in an export (.xlsx or .csv) instead of a server."))
@option("--all", "every", is_flag=True, help=N_("Show every change, not the first ones alone."))
@formats()
@talks_to_odoo
def command(spec: str, source: str | None, every: bool) -> int:
    """Print the drift."""
    loaded = load(spec)
    eyes = seen(loaded, source)
    if source is None:
        refuse_privileged(loaded, eyes)
    draft = Draft(loaded, eyes.reader, eyes.catalog, eyes.clock, source="export" if source else "server", figures=False)
    gathered = gather(draft, None if every else SAMPLE)
    plan = draft.plan()
    unread = [id for model, id, _why in eyes.reader.unreadable if model == plan.model]
    show("drift", lambda: drift.document(plan, gathered, unread), lambda: drift.terminal(plan, gathered, unread))
    return ExitCode.WOULD_CHANGE if drift.drifted(plan) else ExitCode.DONE
