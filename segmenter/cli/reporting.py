"""Plans and runs of the ledger, printed or written to files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from rich.console import Group, RenderableType

from segmenter.cli.consultant import consultant_of_plan
from segmenter.cli.output import data, out, say
from segmenter.cli.settings import settings
from segmenter.errors import SegmenterError, UsageError
from segmenter.files import refuse_shared_link
from segmenter.i18n import _, speaking, why
from segmenter.ledger import Ledger
from segmenter.plans import Plan
from segmenter.reports import approvals, plan_files
from segmenter.reports import plan as plans
from segmenter.reports.people import build as people_build
from segmenter.reports.people import mails as people_mails
from segmenter.reports.people import page as people_page
from segmenter.reports.people import words as people_words
from segmenter.reports.people import workbook as people_workbook
from segmenter.reports.review import page, workbook
from segmenter.reports.review.build import review
from segmenter.reports.text import Style

PLAN_WRITERS = {".json": plan_files.write_json, ".csv": plan_files.write_csv}
BESIDE_LEDGER = ""
"""The value of an option that takes a file, where none is named: the usual name, beside the ledger."""


def plan_or_run(id: str) -> str:
    """The id as the ledger writes it: ``P1``, ``R1``. Raises `UsageError` for anything else."""
    if id[:1].upper() not in ("P", "R"):
        raise UsageError(
            _("{id} is neither a plan nor a run").format(id=id), todo=_("say P1 or R1; the list is in: segmenter runs")
        )
    return id.upper()


def client_language(ledger: Ledger, id: str) -> str:
    """The language of the client whose plan or run this is."""
    plan = _plan(ledger, id)
    return plan.identity.client_language or plan.identity.language


def usual_file(place: str, id: str, ending: str, about: str = "") -> Path:
    """The usual file of a report: ``informe-P1.html`` beside the ledger at ``place``, here if that is no file.

    With ``about``: ``informe-P1-about.html``.
    """
    folder = Path() if "://" in place else Path(place).parent
    return folder / f"{_('report')}-{id}{'-' if about else ''}{about}{ending}"


def write_html(ledger: Ledger, id: str, file: Path, language: str) -> None:
    """Writes the review page of a plan or a run, in ``language``."""
    with speaking(language):
        found = review(ledger, id)
        text = page.html(found, consultant_of_plan(found.plan))
    write_file(file, lambda: file.write_text(text, "utf-8", newline="\n"))


def write_workbook(ledger: Ledger, id: str, file: Path, language: str) -> None:
    """Writes the review workbook of a plan or a run, in ``language``."""

    def write() -> None:
        with speaking(language):
            workbook.write(review(ledger, id), file)

    write_file(file, write)


def write_people(ledger: Ledger, id: str, files: Mapping[str, Path], language: str) -> None:
    """Writes what each salesperson of a plan or a run gets, in ``language``: ``html`` (the pages), ``xlsx`` (the
    workbook) and ``mails`` (text)."""
    with speaking(language):
        found = people_build.people(ledger, id)
        waits = people_words.pending(found)
        pages, mails = people_page.html(found), people_mails.text(found, consultant_of_plan(found.plan))
        write_file(files["html"], lambda: files["html"].write_text(pages, "utf-8", newline="\n"))
        write_file(files["xlsx"], lambda: people_workbook.write(found, files["xlsx"]))
        write_file(files["mails"], lambda: files["mails"].write_text(mails, "utf-8", newline="\n"))
    if waits:
        say(people_words.pending(found), "yellow")


def write_file(file: Path, write: Callable[[], object]) -> None:
    """Calls ``write``. Raises `SegmenterError` with a plain sentence where the system refuses to write."""
    refuse_shared_link(file)
    try:
        write()
    except OSError as error:
        raise SegmenterError(
            _("{file} cannot be written: {reason}").format(file=file, reason=why(error)),
            todo=_("look at the folder's rights, and at the disk"),
        ) from error


def refuse_to_replace(file: Path, *, force: bool) -> None:
    """Raises `UsageError` where the file exists, unless ``force``."""
    if file.exists() and not force:
        raise UsageError(
            _("{file} is there already").format(file=file),
            todo=_("choose another with --output, or overwrite it with --force"),
        )


def write_and_say(file: Path, write: Callable[[], object]) -> None:
    """Calls ``write`` as `write_file` does, and says whether a file was replaced."""
    sentence = _("Replaced: {file}") if file.exists() else _("Written: {file}")
    write_file(file, write)
    say(sentence.format(file=file))


def file_ending_in(ending: str, file: str) -> Path:
    """The file that an option names. Raises `UsageError` for another ending, so that nobody overwrites a spec."""
    if Path(file).suffix.lower() != ending:
        raise UsageError(
            _("{file} does not end in {ending}").format(file=file, ending=ending),
            todo=_("end its name in {ending}").format(ending=ending),
        )
    return Path(file)


def _plan(ledger: Ledger, id: str) -> Plan:
    return ledger.plan(ledger.run(id).plan if id[:1].upper() == "R" else id)


def print_plan(plan: Plan, ledger: Ledger, *, every: bool = False) -> None:
    """Prints a plan as ``--format`` asks. ``every``: all changes, not only the first ones."""
    kind = settings().format
    if kind == "json":
        plan_files.write_json(plan, ledger.changes(plan.id), data(), approvals=ledger.approvals(plan.id))
    elif kind == "csv":
        plan_files.write_csv(plan, ledger.changes(plan.id), data())
    else:
        out().print(plan_report(plan, ledger, every=every))


def plan_report(plan: Plan, ledger: Ledger, *, every: bool = False) -> RenderableType:
    """The plan and its approvals, for the terminal."""
    gathered = plans.gather(
        ledger.change_sets(plan.id), partial(ledger.names, plan.id), None if every else plans.SAMPLE
    )
    style = Style(plan.identity.language, plan.identity.timezone)
    return Group(plans.terminal(plan, gathered), *approvals.listed(ledger.approvals(plan.id), style))


def refuse_ending(file: str) -> None:
    """Raises `UsageError` for a file that a plan cannot be written to."""
    if Path(file).suffix.lower() not in PLAN_WRITERS:
        raise UsageError(
            _("{file} is neither .json nor .csv").format(file=file), todo=_("end its name in one of the two")
        )


def export_plan(plan: Plan, ledger: Ledger, file: str) -> None:
    """Writes the whole plan to a ``.json`` or ``.csv`` file."""
    refuse_ending(file)
    write = PLAN_WRITERS[Path(file).suffix.lower()]
    # Spreadsheets take a CSV for UTF-8 only when it begins with a mark.
    encoding = "utf-8-sig" if write is plan_files.write_csv else "utf-8"

    def write_file_of_plan() -> None:
        with Path(file).open("w", encoding=encoding, newline="") as out_file:
            write(plan, ledger.changes(plan.id), out_file)

    write_and_say(Path(file), write_file_of_plan)
