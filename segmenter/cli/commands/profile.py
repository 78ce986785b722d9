"""``segmenter profile``: what is in a CRM, for the meeting in which the criteria are agreed."""

from __future__ import annotations

from segmenter.cli.command import argument, connection_options, formats, make_command, option
from segmenter.cli.crm_options import CrmOptions, crm_options
from segmenter.cli.output import show
from segmenter.cli.reporting import file_ending_in, write_and_say
from segmenter.errors import UsageError
from segmenter.i18n import N_, _
from segmenter.profiling import Profile
from segmenter.reports import profile as reports
from segmenter.reports import profile_book, profile_page


@make_command(
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
        (
            'segmenter profile --from export.xlsx --client "Viveros del Maipo" --html perfil.html',
            N_("Of Odoo's own export, as a page to show"),
        ),
        ("segmenter profile viveros.yaml --xlsx perfil.xlsx", N_("Of the spec's scope, as a workbook")),
        ("segmenter profile viveros.yaml --field city", N_("With how one field crosses with the others")),
    ],
)
@argument("spec", required=False)
@crm_options
@option("--client", default="", metavar="NAME", help=N_("Whose CRM it is, for the title; a spec says it itself."))
@option("--archived", is_flag=True, help=N_("Archived records too."))
@option(
    "--field", "fields", multiple=True, metavar="NAME", help=N_("Show the crossings of a field in the terminal too.")
)
@option("--html", metavar="FILE", help=N_("Write it as one HTML file too."))
@option("--xlsx", metavar="FILE", help=N_("Write it as a workbook too."))
@formats()
@connection_options
def command(
    spec: str | None,
    where: CrmOptions,
    client: str,
    archived: bool,
    fields: tuple[str, ...],
    html: str | None,
    xlsx: str | None,
) -> None:
    """Counts, prints, and writes the files that are asked for."""
    page, book = html and file_ending_in(".html", html), xlsx and file_ending_in(".xlsx", xlsx)
    profile = where.profile(spec, archived=archived, client=client.strip())
    _require_fields(profile, fields)
    show("profile", lambda: reports.document(profile), lambda: reports.terminal(profile, fields))
    if page:
        write_and_say(page, lambda: page.write_text(profile_page.html(profile), "utf-8", newline="\n"))
    if book:
        write_and_say(book, lambda: profile_book.write(profile, book))


def _require_fields(profile: Profile, fields: tuple[str, ...]) -> None:
    for name in fields:
        if profile.field(name) is None:
            raise UsageError(
                _("The profile has no field {name}").format(name=name),
                todo=_("name one of: {names}").format(names=", ".join(field.name for field in profile.fields)),
            )
