"""A ledger as a whole: its plans and runs, and whether nobody altered it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from segmenter.i18n import _, all_of
from segmenter.ledger import Approval, ChainReport, PlanRow, Run
from segmenter.reports.runs import run_kind, status, worker
from segmenter.reports.tables import table, titled
from segmenter.reports.text import Style, clean


def listed(
    plans: Iterable[PlanRow], runs: Iterable[Run], approvals: Iterable[Approval], style: Style
) -> RenderableType:
    """The plans of a ledger with who approved them, each followed by its runs."""
    made = table("", _("When"), _("What"), _("Client"), _("Database"), _("Records"), _("Who"), _("End"), right=(5,))
    by_plan: dict[str, list[Run]] = {}
    undone: dict[str, Run] = {}
    for run in runs:
        by_plan.setdefault(run.plan, []).append(run)
        if run.kind == "undo" and not run.by_admin and not run.waits:
            undone[run.root] = run
    signed: dict[str, dict[str, None]] = {}
    for approval in approvals:
        signed.setdefault(approval.plan, {})[approval.by] = None  # who signed twice is named once
    for plan in plans:
        made.add_row(
            Text(plan.id, "bold"),
            style.moment(plan.saved_at),
            _("plan of an export") if plan.source == "export" else _("plan"),
            clean(plan.spec_name),
            clean(plan.database),
            style.number(plan.records),
            "",
            clean(_("approved by {names}").format(names=all_of(list(signed[plan.id])))) if plan.id in signed else "",
        )
        for run in by_plan.get(plan.id, []):
            made.add_row(
                f"  {run.id}",
                style.moment(run.started_at),
                run_kind(run),
                "",
                "",
                style.number(written) if isinstance(written := _written(run), int) else "",
                clean(worker(run.who)),
                _end(run, undone.get(run.root)),
            )
    return titled(_("Plans and runs"), made)


def _end(run: Run, undo: Run | None) -> Text:
    """How a run ended, and by which other it was taken back since. ``undo``: the last one of its family."""
    if undo is None or run.kind == "undo":
        return status(run)
    since = _("(undone by {run})") if undo.status == "done" else _("(undone in part by {run})")
    return Text.assemble(status(run), " ", since.format(run=undo.id))


def _written(run: Run) -> int | None:
    counts = run.summary.get("counts")
    return int(counts.get("applied", 0)) if isinstance(counts, Mapping) else None


def chain(report: ChainReport) -> Text:
    """Whether the ledger is whole."""
    mark, style = ("✓ ", "green") if report.ok else ("✗ ", "bold red")
    return Text.assemble((mark, style), report.sentence)


def chain_document(report: ChainReport) -> dict[str, Any]:
    """``{"kind": "chain", "ok", "entries", "head", "broken_at", "sentence"}``."""
    return {
        "ok": report.ok,
        "entries": report.entries,
        "head": report.head,
        "broken_at": report.broken_at,
        "sentence": report.sentence,
    }
