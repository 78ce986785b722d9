"""A run as a consultant shows it: what was written, what was left and why; and the list of runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from segmenter.i18n import _, ngettext, reworded
from segmenter.ledger import Left, Run, RunReport, Who
from segmenter.ledger.records import IMPORT
from segmenter.model_names import model_name
from segmenter.notice import Notice
from segmenter.plans.changes import ConfigChange
from segmenter.plans.plan import Plan
from segmenter.reports import csvs, jsons, leftovers
from segmenter.reports.limit_names import limit_name
from segmenter.reports.notices import sentences
from segmenter.reports.tables import table, titled
from segmenter.reports.text import Writable, clean, listing
from segmenter.reports.values import Values, called

CONFIG_SHOWN = 8


def outcome_name(outcome: str) -> str:
    """An outcome as people say it."""
    names = {
        "applied": _("written"),
        "already": _("already so"),
        "conflict": _("changed by somebody since"),
        "overwritten": _("written over by a later run"),
        "missing": _("gone, or hidden from the work user"),
        "refused": _("refused by Odoo"),
        "failed": _("failed"),
        "unknown": _("not known: no answer came"),
    }
    return names.get(outcome, outcome)


def reason(left: Left) -> str:
    """Why something was left, in short. What was made around the records nobody need have changed."""
    return _("left as it is") if left.record < 0 and left.outcome == "conflict" else outcome_name(left.outcome)


def why(left: Left) -> str:
    """Why something was left, with the details."""
    return reason(left) + (f": {reworded(left.detail)}" if left.detail else "")


def worker(who: Who) -> str:
    """Who wrote: the work user, or people who imported a file."""
    return _("an import by hand") if who.work_user == IMPORT else who.work_user


def by(run: Run) -> str:
    """Who wrote, and who ran it where."""
    sentence = _("{work_user}, by {os_user} at {host}")
    return sentence.format(work_user=worker(run.who), os_user=run.who.os_user, host=run.who.host)


def kind_name(kind: str) -> str:
    """What a run was for."""
    return {"apply": _("apply"), "resume": _("resume"), "undo": _("undo")}.get(kind, kind)


def run_kind(run: Run) -> str:
    """The same of one run."""
    return _("undo, the rest by an administrator") if run.by_admin else kind_name(run.kind)


def status_name(status: str | None) -> str:
    """How a run ended."""
    names = {
        "done": _("done"),
        "conflicts": _("done, conflicts left"),
        "partly": _("partly applied"),
        "interrupted": _("interrupted"),
        None: _("never came to its end"),
    }
    return names.get(status, str(status))


def end_name(run: Run) -> str:
    """How one run ended; an import waits until an export tells."""
    return _("waits for an export after the import") if run.waits else status_name(run.status)


def status(run: Run) -> Text:
    """The same, green, yellow or red."""
    style = "yellow" if run.waits else {"done": "green", "conflicts": "yellow"}.get(str(run.status), "bold red")
    return Text(end_name(run), style)


def terminal(report: RunReport, plan: Plan) -> RenderableType:
    """A run at its end: head, outcomes, configuration, and by name what was left."""
    say, run = Values(plan, report.names), report.run
    grid = Table.grid(padding=(0, 2))
    grid.add_row(_("Run"), Text(f"{run.id} ({run_kind(run)}, {run.plan})", "bold"))
    grid.add_row(_("Client"), clean(plan.identity.spec_name))
    grid.add_row(_("Began"), say.style.moment(run.started_at))
    grid.add_row(_("Who"), clean(by(run)))
    grid.add_row(_("End"), status(run))
    for override in run.overrides:
        grid.add_row(_("Set aside"), clean(f"{limit_name(override.limit)}: {override.reason}"))
    for outcome, number in sorted(report.counts.items()):
        shown = ngettext("{number} record", "{number} records", number).format(number=say.style.number(number))
        grid.add_row(outcome_name(outcome).capitalize(), shown)
    if report.config:
        what = _("Taken back") if run.kind == "undo" else _("Created or altered")
        grid.add_row(what, clean(_listed(report.config)))
    if report.kept:
        grid.add_row(_("Stays in Odoo"), clean(_listed(report.kept)))
    if report.silenced:
        grid.add_row(_("Chatter"), clean(report.silenced))
    if report.seconds and run.who.work_user != IMPORT:
        done = sum(report.counts.values())
        speed = _("{seconds} s ({rate} records a second)")
        grid.add_row(
            _("Time"),
            speed.format(
                seconds=say.style.number(round(report.seconds, 1)),
                rate=say.style.number(round(done / report.seconds)),
            ),
        )
    if report.error:
        grid.add_row(_("Stopped by"), Text(clean(reworded(report.error)), "red"))
    lines = [*leftovers.terminal(report.kept, plan), *left(report.left, say)]
    if whole := left_whole(run, report.left):
        lines.append(Text(whole))
    return Group(grid, *lines)


def _listed(changes: Sequence[ConfigChange]) -> str:
    """``tag Alto, tag Medio, shared favourite Alto and 7 more``."""
    return listing([f"{model_name(change.model)} {change.name}" for change in changes], CONFIG_SHOWN)


def left(rows: Sequence[Left], say: Values) -> list[RenderableType]:
    """A table of what was not written; nothing when there is none."""
    if not rows:
        return []
    made = table(say.id_head, _("Record"), _("Field"), _("Why"), _("Expected"), _("Found"), right=(0,))
    for row in rows:
        values = ("", "")
        if row.field:
            values = (say.value(row.field, row.expected), say.value(row.field, row.found))
        shown = str(row.record) if row.record >= 0 else ""
        made.add_row(shown, called(row.name), say.field(row.field) if row.field else "", clean(why(row)), *values)
    return [Text(""), titled(_("Left as found"), made)]


def left_whole(run: Run, rows: Sequence[Left]) -> str:
    """What became of the other fields of a record that a person changed; "" where that needs no word.

    An undo gives back each field that it can; an apply writes a record whole or not at all. Where somebody came in
    while it was being written, the row itself says what became of the record.
    """
    if run.kind == "undo" or not any(row.outcome == "conflict" and not row.detail for row in rows):
        return ""
    return _("A record that somebody changed since was left whole: its other changes were not written either.")


def document(report: RunReport) -> dict[str, Any]:
    """``{"kind": "run", "run", "counts", "config", "seconds", "kept", "error", "left"}``.

    ``run`` as `ledger.Run`; ``counts``: outcome -> records; ``config`` and ``kept``: lists as `planning.ConfigChange`;
    ``left``: a list as `left_document` has it. Sentences are in the language of whoever asks.
    """
    summary = {key: reworded(value) if isinstance(value, str) else value for key, value in report.run.summary.items()}
    return {
        "run": replace(report.run, summary=summary),
        "counts": report.counts,
        "config": report.config,
        "seconds": round(report.seconds, 3),
        "kept": report.kept,
        "error": reworded(report.error),
        "left": [left_document(left) for left in report.left],
    }


def left_document(left: Left) -> dict[str, Any]:
    """As `Left`; ``outcome_text`` and ``detail`` are for people."""
    return {**jsons.plain(left), "outcome_text": reason(left), "detail": reworded(left.detail)}


def write_json(report: RunReport, out: Writable, **more: Any) -> None:
    """What `document` gives, as JSON, and ``more``."""
    jsons.write(out, "run", {**document(report), **more})


def write_csv(report: RunReport, plan: Plan, out: Writable) -> None:
    """One line per thing that was left; formulas neutralised."""
    say = Values(plan, report.names)
    head = [_("Id"), _("Record"), _("Field"), _("Why"), _("Details"), _("Expected"), _("Found")]
    rows = (
        [
            row.record,
            row.name,
            row.field,
            reason(row),
            reworded(row.detail),
            say.value(row.field, row.expected),
            say.value(row.field, row.found),
        ]
        for row in report.left
    )
    csvs.write(out, head, rows)


def not_undoable(notices: Sequence[Notice]) -> list[RenderableType]:
    """What an undo cannot take back, and what Odoo does along with it."""
    heading = Text(_("This stays, or Odoo does it by itself:"), "bold")
    return [heading, *(Text(f"  • {clean(line)}") for line in sentences(notices))] if notices else []
