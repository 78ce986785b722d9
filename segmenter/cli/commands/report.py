"""``segmenter report``: what the review meeting looks at, as one HTML file and as a workbook."""

from __future__ import annotations

from segmenter.cli.command import argument, formats, ledger_option, make_command, option
from segmenter.cli.output import as_json, print_json, say
from segmenter.cli.reporting import (
    BESIDE_LEDGER,
    client_language,
    file_ending_in,
    plan_or_run,
    usual_file,
    write_html,
    write_people,
    write_workbook,
)
from segmenter.cli.settings import settings
from segmenter.i18n import N_, _, speaking
from segmenter.ledger import read_ledger


@make_command(
    "report",
    N_(
        "Write the report of a plan (P1) or a run (R1) for the review meeting: one HTML file that opens anywhere, and "
        "with --xlsx a workbook. It is made from the ledger alone, in the client's language unless --lang says other."
    ),
    [
        ("segmenter report P1", N_("What would change, beside the ledger")),
        ("segmenter report R1 --xlsx", N_("What a run did, as a page and as a workbook")),
        ("segmenter report R1 --people", N_("A page for each salesperson, a workbook, and the mails to them")),
        ("segmenter report P1 --html viveros.html --xlsx viveros.xlsx --lang en", N_("In English, under other names")),
    ],
)
@argument("id", metavar="PLAN|RUN")
@option("--html", metavar="FILE", help=N_("Where to write the page; otherwise beside the ledger."))
@option(
    "--xlsx",
    metavar="FILE",
    is_flag=False,
    flag_value=BESIDE_LEDGER,
    help=N_("Write the workbook too, beside the ledger unless FILE says where."),
)
@option(
    "--people",
    is_flag=True,
    help=N_(
        "Write what each salesperson does next instead: a page each, a workbook with a sheet each, and the text of the "
        "mail to each. Nothing is sent."
    ),
)
@formats()
@ledger_option
def command(id: str, html: str | None, xlsx: str | None, people: bool) -> None:
    """Writes the files and says where they are."""
    id = plan_or_run(id)
    place = settings().ledger_place()
    with read_ledger(place) as ledger:
        language = settings().language or client_language(ledger, id)
        with speaking(language):
            about = _("people") if people else ""
            usual = {ending: usual_file(place, id, ending, about) for ending in (".html", ".xlsx", ".txt")}
        page = file_ending_in(".html", html) if html else usual[".html"]
        book = file_ending_in(".xlsx", xlsx) if xlsx else usual[".xlsx"]
        files = {"html": page, **({"xlsx": book} if people or xlsx is not None else {})}
        if people:
            files["mails"] = usual[".txt"] if not html else page.with_suffix(".txt")
        replaced = {file for file in files.values() if file.exists()}
        if people:
            write_people(ledger, id, files, language)
        else:
            write_html(ledger, id, page, language)
            if xlsx is not None:
                write_workbook(ledger, id, book, language)
    if as_json():
        print_json("report", {"id": id, "xlsx": None, **{kind: str(file) for kind, file in files.items()}})
        return
    for file in files.values():
        sentence = _("Replaced: {file}") if file in replaced else _("Written: {file}")
        say(sentence.format(file=file))
