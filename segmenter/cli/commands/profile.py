"""``segmenter profile``: what is in a CRM, for the meeting in which the criteria are agreed."""

from __future__ import annotations

import click

from segmenter.cli.output import show
from segmenter.cli.parts import command as made
from segmenter.cli.parts import formats, option, talks_to_odoo
from segmenter.cli.reporting import named, told
from segmenter.cli.somewhere import Somewhere, somewhere
from segmenter.errors import UsageError
from segmenter.i18n import N_, _
from segmenter.profiling import Profile
from segmenter.reports import profile as reports
from segmenter.reports import profile_book, profile_page


@made(
    "profile",
    N_(
        "Say what is in a CRM: how each field is filled and crosses with the others, duplicates, stale records, tags. "
        "Of the CRM and scope of SPEC, of a server without a spec (--url), or of an export (--from)."
    ),
    [
        (
            "segmenter profile --url https://viveros.example --database viveros --user trabajo@asesorateya.example",
            N_("Before there is a spec"),
        ),
        ("segmenter profile --from export.xlsx --html perfil.html", N_("Of Odoo's own export, as a page to show")),
        ("segmenter profile viveros.yaml --xlsx perfil.xlsx", N_("Of the spec's scope, as a workbook")),
        ("segmenter profile viveros.yaml --field city", N_("With how one field crosses with the others")),
    ],
)
@click.argument("spec", required=False)
@somewhere
@option("--archived", is_flag=True, help=N_("Archived records too."))
@option(
    "--field", "fields", multiple=True, metavar="NAME", help=N_("Show the crossings of a field in the terminal too.")
)
@option("--html", metavar="FILE", help=N_("Write it as one HTML file too."))
@option("--xlsx", metavar="FILE", help=N_("Write it as a workbook too."))
@formats()
@talks_to_odoo
def command(
    spec: str | None, where: Somewhere, archived: bool, fields: tuple[str, ...], html: str | None, xlsx: str | None
) -> None:
    """Count, print, and write the files that are asked for."""
    page, book = html and named(html, ".html"), xlsx and named(xlsx, ".xlsx")
    found = where.profile(spec, archived=archived)
    _known(found, fields)
    show("profile", lambda: reports.document(found), lambda: reports.terminal(found, fields))
    if page:
        told(page, lambda: page.write_text(profile_page.html(found), "utf-8", newline="\n"))
    if book:
        told(book, lambda: profile_book.write(found, book))


def _known(profile: Profile, fields: tuple[str, ...]) -> None:
    for name in fields:
        if profile.field(name) is None:
            raise UsageError(
                _("The profile has no field {name}").format(name=name),
                todo=_("name one of: {names}").format(names=", ".join(one.name for one in profile.fields)),
            )
