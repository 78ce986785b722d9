"""The review of a plan or a run, written to files; and files of reports in general."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from segmenter.cli.output import say
from segmenter.errors import SegmenterError, UsageError
from segmenter.files import refuse_shared_link
from segmenter.i18n import _, speaking, why
from segmenter.ledger import Ledger
from segmenter.planning import Plan
from segmenter.reports.review import page, workbook
from segmenter.reports.review.build import review

BESIDE = ""
"""What an option of a file holds when it names none: the usual name, beside the ledger."""


def plan_or_run(id: str) -> str:
    """``P1`` or ``R1``, as the ledger writes it; raises `UsageError` for anything else."""
    if id[:1].upper() not in ("P", "R"):
        raise UsageError(
            _("{id} is neither a plan nor a run").format(id=id), todo=_("say P1 or R1; the list is in: segmenter runs")
        )
    return id.upper()


def client_language(ledger: Ledger, id: str) -> str:
    """The language that the client of a plan or a run reads."""
    plan = _plan(ledger, id)
    return plan.client_language or plan.language


def usual_file(place: str, id: str, ending: str) -> Path:
    """``informe-P1.html`` beside the ledger at ``place``; in this folder where the ledger is no file."""
    folder = Path() if "://" in place else Path(place).parent
    return folder / f"{_('report')}-{id}{ending}"


def write_html(ledger: Ledger, id: str, file: Path, language: str) -> None:
    """The page, in ``language``."""
    with speaking(language):
        text = page.html(review(ledger, id))
    write_file(file, lambda: file.write_text(text, "utf-8", newline="\n"))


def write_workbook(ledger: Ledger, id: str, file: Path, language: str) -> None:
    """The workbook, in ``language``."""

    def write() -> None:
        with speaking(language):
            workbook.write(review(ledger, id), file)

    write_file(file, write)


def write_file(file: Path, write: Callable[[], object]) -> None:
    """Call ``write``; when the system refuses, say so in one sentence."""
    refuse_shared_link(file)
    try:
        write()
    except OSError as error:
        raise SegmenterError(
            _("{file} cannot be written: {reason}").format(file=file, reason=why(error)),
            todo=_("look at the folder's rights, and at the disk"),
        ) from error


def refuse_to_replace(file: Path, *, force: bool) -> None:
    """Raises `UsageError` where a file is there already, unless ``force``."""
    if file.exists() and not force:
        raise UsageError(
            _("{file} is there already").format(file=file),
            todo=_("choose another with --output, or overwrite it with --force"),
        )


def told(file: Path, write: Callable[[], object]) -> None:
    """Call ``write`` as `write_file` does, and say whether a file was there before."""
    said = _("Replaced: {file}") if file.exists() else _("Written: {file}")
    write_file(file, write)
    say(said.format(file=file))


def named(file: str, ending: str) -> Path:
    """The file that an option names; raises `UsageError` unless it ends in ``ending``, so that no spec is lost."""
    if Path(file).suffix.lower() != ending:
        raise UsageError(
            _("{file} does not end in {ending}").format(file=file, ending=ending),
            todo=_("end its name in {ending}").format(ending=ending),
        )
    return Path(file)


def _plan(ledger: Ledger, id: str) -> Plan:
    return ledger.plan(ledger.run(id).plan if id[:1].upper() == "R" else id)
