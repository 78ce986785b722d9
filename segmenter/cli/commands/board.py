"""``segmenter board``: all engagements below a folder, in one table and in a calendar."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from segmenter.cli.command import argument, formats, make_command, option
from segmenter.cli.engagement import Engagement, day_of, engagements
from segmenter.cli.output import as_json, out, print_json
from segmenter.cli.reporting import file_ending_in, write_and_say
from segmenter.engagement import standing
from segmenter.errors import SegmenterError, UsageError
from segmenter.i18n import N_, _, why
from segmenter.ledger import Ledger, read_ledger
from segmenter.reports import board as reports
from segmenter.reports import board_page, calendar
from segmenter.reports.text import Style

ENDING = ".ledger"


@make_command(
    "board",
    N_(
        "Show all engagements below FOLDER in one table, the most urgent first: where each stands, what it waits for "
        "and since when, the hour used, the delivery, the 60 and 90 days, keys about to end, and the drift at the last "
        "look (segmenter verify). It reads the ledgers that it finds there (files that end in .ledger) and asks no "
        "server. What is no ledger, or a damaged one, is named."
    ),
    [
        ("segmenter board clientes", N_("One table in the terminal")),
        ("segmenter board clientes --html tablero.html --ics encargos.ics", N_("A page, and the dates for a calendar")),
        ("segmenter board clientes --on 2027-03-01", N_("Where they will stand, if nothing more happens")),
    ],
)
@argument("folder")
@option("--html", metavar="FILE", help=N_("Write it as one HTML file too."))
@option("--ics", metavar="FILE", help=N_("Write the dates to a file that calendars read."))
@option("--on", "on", metavar="DATE", help=N_("Where they stand on another day, such as 2027-03-01."))
@formats()
def command(folder: str, html: str | None, ics: str | None, on: str | None) -> None:
    """Prints the board, and writes the files that are asked for."""
    page, dates = html and file_ending_in(".html", html), ics and file_ending_in(".ics", ics)
    shown, style = _board(Path(folder), day_of(on)), Style()
    if as_json():
        print_json("board", reports.document(shown))
    else:
        out().print(reports.terminal(shown, style))
    if page:
        write_and_say(page, lambda: page.write_text(board_page.html(shown, style), "utf-8", newline="\n"))
    if dates:
        write_and_say(dates, lambda: dates.write_text(calendar.ics(shown, datetime.now(UTC)), "utf-8", newline=""))


def _board(folder: Path, on: date | None) -> reports.Board:
    """Every engagement of every ledger below the folder. Raises `UsageError` where there is no such folder."""
    if not folder.is_dir():
        raise UsageError(_("There is no folder {name}").format(name=folder), todo=_("name one that holds ledgers"))
    rows, unread = list[reports.Row](), list[reports.Unread]()
    for file, problem in _ledgers(folder):
        place = file.relative_to(folder).as_posix()
        if problem:
            unread.append(reports.Unread(place, problem))
            continue
        try:
            with read_ledger(str(file)) as ledger:
                rows += [_row(found, ledger, place, on) for found in engagements(ledger)]
        except SegmenterError as error:
            unread.append(reports.Unread(place, error.what))
    return reports.board(rows, unread, on or datetime.now().astimezone().date())


def _ledgers(folder: Path) -> Iterator[tuple[Path, str]]:
    """The files that are to be ledgers, in order, and folders that cannot be looked into, with the reason."""
    unseen: list[OSError] = []
    for where, folders, files in os.walk(folder, onerror=unseen.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from ((Path(where) / name, "") for name in sorted(files) if name.endswith(ENDING))
    yield from ((Path(str(error.filename)), why(error)) for error in unseen)


def _row(found: Engagement, ledger: Ledger, place: str, on: date | None) -> reports.Row:
    status = found.status(ledger, on)
    looks = [look for look in ledger.looks() if look.client == found.client.name]
    since = status.request.day if status.request else _last_day(found, status.on)
    return reports.Row(found.client.name, place, status, since, looks[-1] if looks else None)


def _last_day(found: Engagement, on: date) -> date | None:
    """The client's day on which something happened last, until a day."""
    moments = [
        *(plan.saved_at for plan in found.plans),
        *(run.started_at for run in found.runs),
        *(approval.at for approval in found.approvals),
    ]
    days = [datetime.fromisoformat(moment).astimezone(found.zone).date() for moment in moments]
    days += [entry.day for entry in standing(found.log)]
    return max((day for day in days if day <= on), default=None)
