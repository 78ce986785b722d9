"""``segmenter apply``: do what a plan shows."""

from __future__ import annotations

from collections.abc import Sequence

import click

from segmenter.cli.executing import carry_out, confirm, connect_for, connections, expect_an_answer, yes
from segmenter.cli.output import err
from segmenter.cli.parts import command as made
from segmenter.cli.parts import formats, ledger_option, option, talks_to_odoo
from segmenter.cli.plans import report
from segmenter.cli.settings import settings
from segmenter.errors import UsageError
from segmenter.execution import apply, check_approved
from segmenter.i18n import N_, _, ngettext
from segmenter.ledger import open_ledger
from segmenter.planning import Plan


@made(
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
@click.argument("plan")
@yes
@option("--override", "limits", multiple=True, metavar="LIMIT", help=N_("Set a limit aside; each needs its --reason."))
@option("--reason", "reasons", multiple=True, metavar="TEXT", help=N_("Why the limit is set aside."))
@connections
@formats()
@ledger_option
@talks_to_odoo
def command(plan: str, yes: bool, limits: Sequence[str], reasons: Sequence[str], connections: int) -> int:
    """Ask, apply, print."""
    overrides = _overrides(limits, reasons)
    with open_ledger(settings().ledger_place(), create=False) as ledger:
        shown = ledger.plan(plan)
        connect = connect_for(shown)
        # A limit that still stands, or a missing approval, raises before anything is asked or sent.
        if not yes and all(one.limit in overrides for one in shown.violations):
            check_approved(shown, ledger)
            expect_an_answer()
            err().print(report(shown, ledger))
            confirm(_question(shown))
        return carry_out(apply, shown.id, ledger, connect, connections, overrides=overrides)


def _overrides(limits: Sequence[str], reasons: Sequence[str]) -> dict[str, str]:
    if len(limits) != len(reasons):
        raise UsageError(
            _("Every --override needs a --reason of its own"),
            todo=_("say them in pairs: --override LIMIT --reason TEXT"),
        )
    return dict(zip(limits, reasons, strict=True))


def _question(plan: Plan) -> str:
    sentence = ngettext(
        "Change {number} record in {database} at {url}?",
        "Change {number} records in {database} at {url}?",
        plan.tally.records,
    )
    return sentence.format(number=plan.tally.records, database=plan.server["database"], url=plan.server["url"])
