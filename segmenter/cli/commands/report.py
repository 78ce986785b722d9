"""``segmenter report``: what the review meeting looks at, as one HTML file and as a workbook."""

from __future__ import annotations

import click

from segmenter.cli.output import as_json, print_json, say
from segmenter.cli.parts import command as made
from segmenter.cli.parts import formats, ledger_option, option
from segmenter.cli.reporting import (
    BESIDE,
    client_language,
    named,
    plan_or_run,
    usual_file,
    write_html,
    write_workbook,
)
from segmenter.cli.settings import settings
from segmenter.i18n import N_, _, speaking
from segmenter.ledger import read_ledger


@made(
    "report",
    N_(
        "Write the report of a plan (P1) or a run (R1) for the review meeting: one HTML file that opens anywhere, and "
        "with --xlsx a workbook. It is made from the ledger alone, in the client's language unless --lang says other."
    ),
    [
        ("segmenter report P1", N_("What would change, beside the ledger")),
        ("segmenter report R1 --xlsx", N_("What a run did, as a page and as a workbook")),
        ("segmenter report P1 --html viveros.html --xlsx viveros.xlsx --lang en", N_("In English, under other names")),
    ],
)
@click.argument("id", metavar="PLAN|RUN")
@option("--html", metavar="FILE", help=N_("Where to write the page; otherwise beside the ledger."))
@option(
    "--xlsx",
    metavar="FILE",
    is_flag=False,
    flag_value=BESIDE,
    help=N_("Write the workbook too, beside the ledger unless FILE says where."),
)
@formats()
@ledger_option
def command(id: str, html: str | None, xlsx: str | None) -> None:
    """Write the files, and say where they are."""
    id = plan_or_run(id)
    place = settings().ledger_place()
    with read_ledger(place) as ledger:
        language = settings().language or client_language(ledger, id)
        with speaking(language):
            usual_page, usual_book = usual_file(place, id, ".html"), usual_file(place, id, ".xlsx")
        page = named(html, ".html") if html else usual_page
        book = named(xlsx, ".xlsx") if xlsx else usual_book
        replaced = {str(file) for file in (page, book) if file.exists()}
        write_html(ledger, id, page, language)
        if xlsx is not None:
            write_workbook(ledger, id, book, language)
    files = {"html": str(page), "xlsx": str(book) if xlsx is not None else None}
    if as_json():
        print_json("report", {"id": id, **files})
        return
    for file in files.values():
        if file:
            said = _("Replaced: {file}") if file in replaced else _("Written: {file}")
            say(said.format(file=file))
