"""``segmenter runs``: the plans and runs of a ledger, and the proof that nobody altered them."""

from __future__ import annotations

from segmenter.cli.command import formats, ledger_option, make_command, option
from segmenter.cli.engagement import style_of
from segmenter.cli.output import show
from segmenter.cli.settings import settings
from segmenter.errors import ExitCode
from segmenter.i18n import N_
from segmenter.ledger import Ledger, read_ledger
from segmenter.reports import audit


@make_command(
    "runs",
    N_("List the plans and runs of the ledger, or prove with --verify that nothing in it was altered."),
    [
        ("segmenter runs", N_("Every plan, and below it its runs")),
        ("segmenter runs --verify", N_("Recompute every hash; note the head that it prints somewhere else")),
        ("segmenter runs --verify --head 5f2c", N_("And look for a head that was noted before")),
    ],
)
@option("--verify", is_flag=True, help=N_("Prove the chain of hashes; answers 1 when it is broken."))
@option("--head", metavar="HASH", help=N_("A head noted down before, which must be in the chain."))
@formats()
@ledger_option
def command(verify: bool, head: str | None) -> int | None:
    """Lists the plans and runs, or verifies the ledger."""
    with read_ledger(settings().ledger_place()) as ledger:
        if verify or head:
            return _verify(ledger, head)
        plans, all_runs, approvals = ledger.plans(), ledger.runs(), ledger.approvals()
        style = style_of(ledger, plans[-1].id if plans else None)
        show(
            "runs",
            lambda: {"plans": plans, "runs": all_runs, "approvals": approvals},
            lambda: audit.listed(plans, all_runs, approvals, style),
        )
        return None


def _verify(ledger: Ledger, head: str | None) -> int:
    chain = ledger.verify_chain(head)
    show("chain", lambda: audit.chain_document(chain), lambda: audit.chain(chain))
    return ExitCode.DONE if chain.ok else ExitCode.ERROR
