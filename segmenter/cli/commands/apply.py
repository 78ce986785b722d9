"""``segmenter apply``: do what a plan shows."""

from __future__ import annotations

from collections.abc import Sequence

from segmenter.cli.command import argument, connection_options, formats, ledger_option, make_command
from segmenter.cli.executing import (
    carry_out,
    confirm,
    connect_for,
    connections,
    foretell_run,
    overrides,
    pairs,
    require_terminal,
    yes,
)
from segmenter.cli.output import err
from segmenter.cli.reporting import plan_report
from segmenter.cli.settings import settings
from segmenter.execution import apply, check_approved
from segmenter.i18n import N_, ngettext
from segmenter.ledger import open_ledger
from segmenter.plans import Plan


@make_command(
    "apply",
    N_(
        "Do what PLAN shows, after a question. Records that a person changed since the plan was made are left as they "
        "are and named. Ctrl-C stops between batches; the run can be resumed."
    ),
    [
        ("segmenter apply P1", N_("Shows the plan once more, and asks")),
        (
            'segmenter apply P1 --yes --override changes --reason "agreed with Paula Rojas"',
            N_("Without a question, over a limit, with a reason that the ledger keeps"),
        ),
    ],
)
@argument("plan")
@yes
@overrides
@connections
@formats()
@ledger_option
@connection_options
def command(plan: str, yes: bool, limits: Sequence[str], reasons: Sequence[str], connections: int) -> int:
    """Asks, applies the plan, prints the run."""
    aside = pairs(limits, reasons)
    with open_ledger(settings().ledger_place(), create=False) as ledger:
        shown = ledger.plan(plan)
        connect = connect_for(shown)
        foretell_run(shown, ledger)
        # A limit that still stands, or a missing approval, raises before anything is asked or sent.
        if not yes and all(violation.limit in aside for violation in shown.violations):
            check_approved(shown, ledger)
            require_terminal()
            err().print(plan_report(shown, ledger))
            confirm(_question(shown))
        return carry_out(apply, shown.id, ledger, connect, connections, overrides=aside)


def _question(plan: Plan) -> str:
    sentence = ngettext(
        "Change {number} record in {database} at {url}?",
        "Change {number} records in {database} at {url}?",
        plan.counts.tally.records,
    )
    return sentence.format(
        number=plan.counts.tally.records, database=plan.identity.server["database"], url=plan.identity.server["url"]
    )
