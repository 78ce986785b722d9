"""``segmenter undo``: give the former values back."""

from __future__ import annotations

from functools import partial

from segmenter.cli.administrator import administrator_for
from segmenter.cli.command import argument, connection_options, formats, ledger_option, make_command, option
from segmenter.cli.connection import who
from segmenter.cli.executing import carry_out, confirm, connect_for, connections, foretell_run, require_terminal, yes
from segmenter.cli.output import err, say, show
from segmenter.cli.settings import settings
from segmenter.execution import delete_left_behind, left_behind, preview_deletion, preview_undo, undo, undone_by
from segmenter.i18n import N_, _
from segmenter.ledger import Ledger, Run, open_ledger
from segmenter.reports import leftovers, past, runs
from segmenter.reports import undo as undos


@make_command(
    "undo",
    N_(
        "Give every field that RUN wrote its former value back, where the value is still ours; what a person or a "
        "later run changed since is left and named. An undo is a run like any other. What then stays in Odoo because "
        "the work user may not delete it comes with the steps for whoever administers that Odoo; with --by-admin it "
        "is deleted here: an administrator's login is asked for, for that one act, and the ledger keeps whose it was. "
        "Tags and contact tags alone are deleted, of those that the run created, and none that anything uses."
    ),
    [
        ("segmenter undo R1 --preview", N_("What would come back, what would stay, what cannot be undone")),
        ("segmenter undo R1", N_("The same, and then asks")),
        ("segmenter undo R1 --by-admin", N_("Afterwards: delete the tags that the work user may not delete")),
    ],
)
@argument("run")
@option("--preview", is_flag=True, help=N_("Only show what would be done."))
@option("--by-admin", is_flag=True, help=N_("Delete what an undo left behind, with an administrator's login."))
@yes
@connections
@formats()
@ledger_option
@connection_options
def command(run: str, preview: bool, by_admin: bool, yes: bool, connections: int) -> int | None:
    """Shows what would come back, asks, undoes the run, prints the undo."""
    with open_ledger(settings().ledger_place(), create=False) as ledger:
        applied = ledger.run(run)
        if by_admin:
            return _by_admin(applied.root, ledger, preview=preview, yes=yes)
        if not preview and (earlier := undone_by(ledger, applied.id)):
            # It may have been killed at its very end, before it could say so.
            return _undone(ledger, applied.root, earlier)
        plan = ledger.plan(applied.plan)
        connect = connect_for(plan, f"{applied.root} --now EXPORT")
        foretell_run(plan, ledger)
        if preview or not yes:
            if not preview:
                require_terminal()
            foreseen = preview_undo(applied.id, ledger, connect)
            if preview:
                show("undo-preview", partial(undos.document, foreseen), partial(undos.terminal, foreseen))
                return None
            err().print(undos.terminal(foreseen))
            confirm(_("Undo {run}?").format(run=undos.taken_back(foreseen)))
        return carry_out(undo, applied.id, ledger, connect, connections)


def _by_admin(root: str, ledger: Ledger, *, preview: bool, yes: bool) -> int | None:
    """Shows what an administrator's login would delete, asks, deletes it, prints the run."""
    plan = ledger.plan(ledger.run(root).plan)
    left_behind(ledger, root)  # before anybody is asked for a login
    if not preview and not yes:
        require_terminal()
    connect = administrator_for(plan)
    found = preview_deletion(root, ledger, connect)
    if preview:
        show("deletion-preview", partial(leftovers.document, found), partial(leftovers.foreseen, found))
        return None
    if not yes:
        err().print(leftovers.foreseen(found))
        confirm(_("Delete what nothing uses, as {login}?").format(login=connect().identity.login))
    report = delete_left_behind(root, ledger, connect, who=who(connect()))
    show("run", partial(runs.document, report), partial(runs.terminal, report, plan))
    return report.exit_code


def _undone(ledger: Ledger, root: str, earlier: Run) -> int:
    """Says that the run was undone before, and shows the undo."""
    report = past.from_ledger(ledger, earlier.id)
    plan = ledger.plan(earlier.plan)
    show("run", partial(runs.document, report), partial(runs.terminal, report, plan))
    say(_("{root} was already undone, by run {run}").format(root=root, run=earlier.id))
    return report.exit_code
