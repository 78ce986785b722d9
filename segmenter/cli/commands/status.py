"""``segmenter status``: what is included and used, what the engagement waits for, and its dates."""

from __future__ import annotations

from segmenter.cli.command import argument, formats, ledger_option, make_command, option
from segmenter.cli.engagement import day_of, engagement
from segmenter.cli.output import show
from segmenter.cli.settings import settings
from segmenter.i18n import N_
from segmenter.ledger import read_ledger
from segmenter.reports import engagement as reports


@make_command(
    "status",
    N_(
        "Say what the service includes and what was used of it, what the engagement waits for, and its dates: the "
        "delivery, a week after the information is complete; on hold after more than 60 days without an answer to the "
        "last formal request; the possible close after 90 days on hold; the credit of what was not used, until six "
        "months after the close. Days are the client's. SPEC says whose engagement it is, where the ledger does not."
    ),
    [
        ("segmenter status", N_("Where it stands today")),
        ("segmenter status viveros.yaml --on 2027-03-01", N_("Where it will stand, if nothing more happens")),
        ("segmenter status --format json", N_("The same for a program")),
    ],
)
@argument("spec", required=False)
@option("--on", "on", metavar="DATE", help=N_("Where it stands on another day, such as 2027-03-01."))
@formats()
@ledger_option
def command(spec: str | None, on: str | None) -> None:
    """Prints where the engagement stands."""
    with read_ledger(settings().ledger_place(spec)) as ledger:
        found = engagement(ledger, spec)
        status = found.status(ledger, day_of(on))
    name, here = found.client.name, settings().same_engagement(spec)
    show("status", lambda: reports.document(status, name), lambda: reports.terminal(status, name, found.style, here))
