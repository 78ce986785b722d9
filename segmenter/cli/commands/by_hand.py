"""``segmenter by-hand``: what people import themselves where Odoo has no API."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from segmenter import __version__
from segmenter.cli.command import argument, formats, ledger_option, make_command, option
from segmenter.cli.connection import account, crm_of
from segmenter.cli.executing import overrides, pairs
from segmenter.cli.output import as_json, out, print_json, say
from segmenter.cli.reporting import client_language, plan_or_run, write_and_say
from segmenter.cli.settings import settings
from segmenter.errors import ExitCode, UsageError
from segmenter.execution.by_hand.prepare import prepare_plan, prepare_undo
from segmenter.i18n import N_, _, speaking
from segmenter.ledger import ENDED, Import, Who, open_ledger
from segmenter.ledger.records import IMPORT
from segmenter.odoo.reader import OdooReader
from segmenter.plans import Plan
from segmenter.reports import runs
from segmenter.reports.by_hand import page, workbook
from segmenter.reports.values import Values
from segmenter.spec import loads


@make_command(
    "by-hand",
    N_(
        "Write what people import themselves where Odoo has no API: workbooks for a plan (P1) of an import-compatible "
        "export, and a page that says what to click. With a run (R1), what gives its former values back. The run waits "
        "in the ledger until verify SPEC --from EXPORT says what came of it."
    ),
    [
        ("segmenter by-hand P1", N_("Workbooks and steps, in a folder beside the ledger")),
        ("segmenter by-hand P1 --now today.xlsx", N_("Without the records that somebody changed since")),
        ("segmenter by-hand R1 --now today.xlsx", N_("What takes a run back")),
    ],
)
@argument("id", metavar="PLAN|RUN")
@option("--to", "folder", metavar="FOLDER", help=N_("Where to write; otherwise a folder of its own beside the ledger."))
@option("--now", metavar="EXPORT", help=N_("An export of today: records that somebody changed since are left out."))
@overrides
@formats()
@ledger_option
def command(id: str, folder: str | None, now: str | None, limits: Sequence[str], reasons: Sequence[str]) -> int:
    """Begins the run and writes the files."""
    id, aside, place = plan_or_run(id), pairs(limits, reasons), settings().ledger_place()
    if folder and Path(folder).exists() and not Path(folder).is_dir():
        raise UsageError(
            _("{file} is a file, and by-hand writes several").format(file=folder), todo=_("name a folder with --to")
        )
    with open_ledger(place, create=False) as ledger:
        plan = ledger.plan(ledger.run(id).plan if id[0] == "R" else id)
        today = _reader(plan, now) if now else None
        who = Who(account(), socket.gethostname(), IMPORT, 0, __version__)
        if id[0] == "P":
            work = prepare_plan(plan.id, ledger, who, today, overrides=aside)
        elif today is None:
            raise UsageError(
                _("What gives values back must know what the records hold now"),
                todo=_("export them again: segmenter by-hand {run} --now EXPORT").format(run=id),
            )
        else:
            work = prepare_undo(id, ledger, who, today)
        language = settings().language or client_language(ledger, id)
    with speaking(language):
        target = Path(folder) if folder else _beside(place) / _("by-hand-{id}").format(id=id)
    files = _written(work, target, language) if work.sheets else []
    if as_json():
        print_json("by-hand", _document(work, files))
    else:
        out().print(*runs.left(work.left, Values(work.plan, work.run.summary.get("names", {}))))
        _say_next(work)
    return ExitCode.STALE if work.left else ExitCode.DONE


def _reader(plan: Plan, export: str) -> OdooReader:
    """The export of today, read as the plan's own was."""
    return crm_of(loads(plan.identity.spec_text, plan.identity.spec_file), export, whole=False).reader


def _beside(place: str) -> Path:
    return Path() if "://" in place else Path(place).parent


def _written(work: Import, folder: Path, language: str) -> list[Path]:
    """Writes the files in the client's language, says so in the user's, and gives them in the order of their use."""
    folder.mkdir(parents=True, exist_ok=True)
    with speaking(language):
        files = list(_files(work, folder))
    for file, write in files:
        write_and_say(file, partial(_in_language, language, write))
    return [file for file, _write in files]


def _in_language(language: str, write: Callable[[], object]) -> None:
    with speaking(language):
        write()


def _files(work: Import, folder: Path) -> Iterator[tuple[Path, Callable[[], object]]]:
    """Each file and what writes it."""
    back = folder / _("undo.xlsx")
    names = {"import": back} if work.run.kind == "undo" else {"import": folder / _("import.xlsx"), "back": back}
    new = [(one.model, folder / _new_file(one.model)) for one in work.new]
    steps = folder / _("steps.html")
    called = {kind: file.name for kind, file in names.items()}
    text = page.html(work, called, new=[(model, file.name) for model, file in new])
    yield steps, partial(steps.write_text, text, "utf-8", newline="\n")
    for one, (_model, file) in zip(work.new, new, strict=True):
        yield file, partial(workbook.write_new, one, work.plan, file)
    for sheets, kind in ((work.sheets, "import"), (work.back, "back")):
        if kind in names:
            yield names[kind], partial(workbook.write, sheets, work.plan, names[kind])


def _new_file(model: str) -> str:
    return {"crm.tag": _("tags.xlsx"), "crm.stage": _("stages.xlsx")}.get(model) or _("categories.xlsx")


def _document(work: Import, files: Sequence[Path]) -> dict[str, object]:
    """``{"kind": "by-hand", "plan", "run", "records", "sheets": [{"fields", "rows"}], "left", "files"}``; ``rows``: how
    many; ``left``: as of a run."""
    return {
        "plan": work.plan.id,
        "run": work.run,
        "records": work.records,
        "sheets": [{"fields": sheet.fields, "rows": len(sheet.rows)} for sheet in work.sheets],
        "left": [runs.left_document(left) for left in work.left],
        "files": [str(file) for file in files],
    }


def _say_next(work: Import) -> None:
    if work.run.status in ENDED:
        say(_("There is nothing to import: {run} is at its end").format(run=work.run.id))
        return
    sentence = _("{run} waits. After the import, export again: segmenter verify {spec} --from EXPORT")
    say(sentence.format(run=work.run.id, spec=settings().same_engagement(work.plan.identity.spec_file).strip()), "bold")
