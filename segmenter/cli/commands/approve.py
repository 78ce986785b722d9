"""``segmenter approve``: the client signed a plan off."""

from __future__ import annotations

from segmenter.cli.command import argument, formats, ledger_option, make_command, option
from segmenter.cli.engagement import author
from segmenter.cli.output import show
from segmenter.cli.settings import settings
from segmenter.errors import UsageError
from segmenter.i18n import N_, _
from segmenter.ledger import open_ledger
from segmenter.reports import approvals
from segmenter.reports.text import Style
from segmenter.spec.secrets import holds_secret


@make_command(
    "approve",
    N_(
        "Record that the client signed PLAN off: just this digest, by whom, and where that can be read. Where the spec "
        "names client.approver, only that person can; with limits.require_approval, apply wants it first."
    ),
    [
        (
            'segmenter approve P1 --by "Paula Rojas" --evidence "correo del 24-11-2026"',
            N_("The plan that was shown in the review meeting"),
        ),
    ],
)
@argument("plan")
@option("--by", required=True, metavar="NAME", help=N_("Who approves: the name or e-mail of the client's approver."))
@option("--evidence", required=True, metavar="TEXT", help=N_("Where that can be read: a mail, a signed report."))
@formats()
@ledger_option
def command(plan: str, by: str, evidence: str) -> None:
    """Records the approval and prints it."""
    if holds_secret(evidence):
        raise UsageError(_("A secret seems to stand in the evidence"), todo=_("say where to find it, nothing more"))
    with open_ledger(settings().ledger_place(), create=False) as ledger:
        approval = ledger.approve(plan, by, evidence, author())
        shown = ledger.plan(approval.plan)
        style = Style(shown.identity.language, shown.identity.timezone)
        show("approval", lambda: approvals.document(approval), lambda: approvals.line(approval, style))
