"""A plan of the ledger, printed or written to a file."""

from __future__ import annotations

from pathlib import Path

from rich.console import Group, RenderableType

from segmenter.cli.output import data, out
from segmenter.cli.reporting import told
from segmenter.cli.settings import settings
from segmenter.errors import UsageError
from segmenter.i18n import _
from segmenter.ledger import Ledger
from segmenter.planning import Plan
from segmenter.reports import approvals, plan_files
from segmenter.reports import plan as plans
from segmenter.reports.text import Style


def print_plan(plan: Plan, ledger: Ledger, *, every: bool = False) -> None:
    """To stdout, the way that ``--format`` asks for. ``every``: all changes, not the first ones alone."""
    kind = settings().format
    if kind == "json":
        plan_files.write_json(plan, ledger.changes(plan.id), data(), approvals=ledger.approvals(plan.id))
    elif kind == "csv":
        plan_files.write_csv(plan, ledger.changes(plan.id), data())
    else:
        out().print(report(plan, ledger, every=every))


def report(plan: Plan, ledger: Ledger, *, every: bool = False) -> RenderableType:
    """For the terminal."""
    gathered = plans.gather(ledger.changes(plan.id), None if every else plans.SAMPLE)
    style = Style(plan.language, plan.timezone)
    return Group(plans.terminal(plan, gathered), *approvals.listed(ledger.approvals(plan.id), style))


def export(plan: Plan, ledger: Ledger, file: str) -> None:
    """The whole plan to a ``.json`` or ``.csv`` file."""
    writers = {".json": plan_files.write_json, ".csv": plan_files.write_csv}
    write = writers.get(Path(file).suffix.lower())
    if write is None:
        raise UsageError(
            _("{file} is neither .json nor .csv").format(file=file), todo=_("end its name in one of the two")
        )
    # Spreadsheets take a CSV for UTF-8 only when it begins with a mark.
    encoding = "utf-8-sig" if write is plan_files.write_csv else "utf-8"

    def written() -> None:
        with Path(file).open("w", encoding=encoding, newline="") as out_file:
            write(plan, ledger.changes(plan.id), out_file)

    told(Path(file), written)
