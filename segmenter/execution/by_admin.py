"""Delete what an undo left in Odoo because the work user may not: by an administrator's login, for that one act.

Tags and contact tags alone, of those that the runs created, and none that anything uses. It is a run like any other:
the ledger keeps whose login did it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from segmenter.errors import SegmenterError, UsageError
from segmenter.execution.checks import check_server
from segmenter.execution.configuration import USED_BY, Configurator
from segmenter.execution.family import InFlight, family
from segmenter.execution.later import LaterRuns
from segmenter.execution.run import Connect, Execution, Pace
from segmenter.execution.undo import left_to, undo_of
from segmenter.i18n import _, all_of, ngettext
from segmenter.ledger import BY_ADMIN, ENDED, Ledger, LeftBehind, Outcome, RunReport, Who
from segmenter.model_names import plural_name
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server
from segmenter.odoo.writer import OdooWriter
from segmenter.plans.changes import ConfigChange
from segmenter.plans.plan import Plan

DELETABLE = ("crm.tag", "res.partner.category")
FIELDS = "ir.model.fields"

Places = Mapping[str, Sequence[tuple[str, str]]]
"""Model -> the fields of other models that can hold a record of it."""


def left_behind(ledger: Ledger, run_id: str) -> dict[int, ConfigChange]:
    """What the family of a run created and no undo took back, id -> change; of the models that may be deleted here.

    Raises `UsageError` before the undo, and where nothing is left.
    """
    root = ledger.run(run_id).root
    undo = undo_of(ledger, root)
    if undo is None or undo.status not in ENDED:
        raise UsageError(
            _("{root} was not undone yet").format(root=root),
            todo=_("undo it first: segmenter undo {root}").format(root=root),
        )
    created = ledger.created(root)
    plan = ledger.plan(ledger.run(root).plan)
    found = {
        created[change.ref]: change
        for change in plan.config
        if change.ref in created and change.creates and change.model in DELETABLE
    }
    if not found:
        raise UsageError(_("The undo of {root} left no tag behind").format(root=root))
    return found


def preview_deletion(run_id: str, ledger: Ledger, connect: Connect) -> list[LeftBehind]:
    """What `delete_left_behind` would look at. Raises `UsageError` where this login cannot do it, or not see enough."""
    found = left_behind(ledger, run_id)
    plan = ledger.plan(ledger.run(run_id).plan)
    server = connect()
    check_server(plan, server)
    configurator = _configurator(plan, server, found)
    return [
        LeftBehind(change, id, configurator.uses(change, id))
        for id, change in found.items()
        if configurator.reader.search(change.model, [("id", "=", id)], archived=True)
    ]


def delete_left_behind(run_id: str, ledger: Ledger, connect: Connect, *, who: Who) -> RunReport:
    """Delete them. One that anything uses, or that a later run altered, is left and named."""
    root = ledger.run(run_id).root
    plan, server = ledger.plan(ledger.run(root).plan), connect()
    with ledger.lock(server.identity.key):
        check_server(plan, server)
        found = left_behind(ledger, root)
        configurator = _configurator(plan, server, found)
        later = LaterRuns(ledger, plan, root)
        forwards = InFlight.of(ledger, [run for run in family(ledger, root) if run.by_admin])
        run = ledger.start_run("undo", plan.id, who, root=root, note=BY_ADMIN)
        execution = Execution(ledger, plan, run, server, Pace(), backwards=True)
        configurator = replace(execution.configurator, places=configurator.places)
        with execution.reporting() as report:
            for id, change in reversed(found.items()):
                if by := later.altered(change, id):
                    execution.configure(change, partial(left_to, by, id=id))
                elif _renamed(change, id, configurator.reader):
                    execution.configure(change, partial(_left_renamed, id=id))
                else:
                    intended = change.ref in forwards.refs
                    execution.configure(change, partial(configurator.undo, id=id, intended=intended))
        return report()


def _renamed(change: ConfigChange, id: int, reader: OdooReader) -> bool:
    """Whether somebody gave it another name since: then it is theirs."""
    rows = reader.search_read(change.model, [("id", "=", id)], ["name"], archived=True)
    return any(row["name"] != change.after["name"] for row in rows)


def _left_renamed(change: ConfigChange, *, id: int, **_how: object) -> Outcome:
    return Outcome(change.ref, "", "conflict", _("it was changed since"), id)


def _configurator(plan: Plan, server: Server, found: Mapping[int, ConfigChange]) -> Configurator:
    """What looks and deletes, with all places where these could be in use. Raises `UsageError` where that login lacks
    the right, or cannot see whether they are used."""
    reader = OdooReader(server, language=plan.identity.language, timezone=plan.identity.timezone)
    login = reader.identity.login
    models = sorted({change.model for change in found.values()})
    if lacking := [model for model in models if not reader.may(model, "unlink")]:
        raise UsageError(
            _("{login} may not delete {models}").format(login=login, models=_called(lacking)),
            todo=_("log in as whoever administers Sales and Contacts in this Odoo"),
        )
    places = {model: _places(model, reader) for model in models}
    holders = {holder for some in places.values() for holder, _field in some}
    if unseen := sorted(model for model in holders if not reader.may(model, "read")):
        raise UsageError(
            _("{login} may not look into {models}, so nobody knows whether they are used there").format(
                login=login, models=_called(unseen)
            ),
            todo=_("log in as whoever administers all of this Odoo"),
        )
    _check_companies(reader)
    return Configurator(reader, OdooWriter(server, language=reader.language), {}, places)


def _places(model: str, reader: OdooReader) -> list[tuple[str, str]]:
    """The stored fields of this Odoo that can hold one; those that are known, where it may not be asked."""
    known = list(USED_BY[model])
    if not (reader.may(FIELDS, "read") and "relation" in reader.fields(FIELDS)):  # a CRM in memory tells none
        return known
    wanted = [("relation", "=", model), ("store", "=", True), ("ttype", "in", ["many2one", "many2many"])]
    rows = reader.search_read(FIELDS, wanted, ["model", "name"])
    return list(dict.fromkeys([*known, *((row["model"], row["name"]) for row in rows)]))


def _check_companies(reader: OdooReader) -> None:
    """Records of a company in which the login does not work are hidden from it, and may use a tag."""
    try:
        companies = reader.count("res.company", [])
        (own,) = reader.search_read("res.users", [("id", "=", reader.identity.uid)], ["company_ids"])
    except SegmenterError:
        return  # what cannot be asked is not known to be a problem: one company is the usual case
    if companies > len(own["company_ids"]):
        raise UsageError(
            ngettext(
                "{login} works in {own} company of {all}, so nobody knows whether they are used in the others",
                "{login} works in {own} companies of {all}, so nobody knows whether they are used in the others",
                len(own["company_ids"]),
            ).format(login=reader.identity.login, own=len(own["company_ids"]), all=companies),
            todo=_("log in as somebody who works in all companies"),
        )


def _called(models: Sequence[str]) -> str:
    return all_of([plural_name(model) for model in models])
