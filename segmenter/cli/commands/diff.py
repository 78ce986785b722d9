"""``segmenter diff``: plan against plan."""

from __future__ import annotations

from segmenter.cli.command import argument, formats, ledger_option, make_command, option
from segmenter.cli.output import show
from segmenter.cli.settings import settings
from segmenter.errors import UsageError
from segmenter.i18n import N_, _
from segmenter.ledger import read_ledger
from segmenter.reports import diff, diff_output


@make_command(
    "diff",
    N_(
        "Compare two plans of the ledger: which criteria were edited, which records go elsewhere because of that, "
        "which go elsewhere because the data changed, and what else differs. Asks no server."
    ),
    [
        ("segmenter diff P1 P2", N_("What is otherwise in P2")),
        ("segmenter diff P1 P2 --all", N_("With the name of every record that moves")),
        ("segmenter diff P1 P2 --format json > diff.json", N_("For a program")),
    ],
)
@argument("old", metavar="PLAN")
@argument("new", metavar="PLAN")
@option("--all", "every", is_flag=True, help=N_("Name every record that moves, not the first ones alone."))
@formats()
@ledger_option
def command(old: str, new: str, every: bool) -> None:
    """Prints the comparison."""
    ids = [_plan(id) for id in (old, new)]
    with read_ledger(settings().ledger_place()) as ledger:
        found = diff.from_ledger(ledger, *ids)
        names_of = diff.names_in(ledger, found)
        most = None if every else diff.FEW
        show(
            "diff",
            lambda: diff_output.document(found, names_of, most=most),
            lambda: diff_output.terminal(found, names_of, most=most),
        )


def _plan(id: str) -> str:
    """The id as the ledger writes it. Raises `UsageError` for anything but a plan's."""
    if id[:1].upper() != "P":
        raise UsageError(_("{id} is no plan").format(id=id), todo=_("say two plans: segmenter diff P1 P2"))
    return id.upper()
