"""``segmenter acta``: the agreement in words, for the client."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from segmenter.cli.command import argument, connection_options, formats, ledger_option, make_command, option
from segmenter.cli.connection import Crm, connection_of, connector, crm_of, open_crm, refuse_privileged
from segmenter.cli.consultant import consultant_of
from segmenter.cli.engagement import author, engagement, time_of
from segmenter.cli.output import as_json, out, print_json, say
from segmenter.cli.reporting import file_ending_in, write_and_say
from segmenter.cli.settings import settings
from segmenter.drafting import draft
from segmenter.errors import ConnectionFailed, SpecError, UsageError
from segmenter.i18n import N_, _, ngettext, speaking
from segmenter.ledger import LogEntry, open_ledger, read_ledger
from segmenter.plans import Plan
from segmenter.reports import acta_page
from segmenter.reports.acta import acta
from segmenter.reports.acta_content import Figures, figures
from segmenter.resolving.remembered import lists_told, references, remembered
from segmenter.resolving.resolve import survey
from segmenter.resolving.resolved import Resolved
from segmenter.spec import load_open
from segmenter.spec.model import Spec

MOST_MINUTES = 600


@make_command(
    "acta",
    N_(
        "Put the agreement that SPEC holds in words, for the client: which records, each segment with its criterion "
        "and what is done, what is never touched, the client's examples, limits, and what is still open. It is printed "
        "as the text of a mail, in the client's language unless --lang says other. Names and numbers come from the "
        "server, from an export, or without either from the last plan in the ledger."
    ),
    [
        ("segmenter acta viveros.yaml", N_("The text of the mail")),
        ("segmenter acta viveros.yaml --html acta.html", N_("A page to send, which prints on A4")),
        ("segmenter acta viveros.yaml --from export.xlsx --html acta.html", N_("With the names of Odoo's own export")),
        ("segmenter acta viveros.yaml --offline --minutes 30", N_("In the meeting, and keep its minutes in the log")),
    ],
)
@argument("spec")
@option("--from", "source", metavar="FILE", help=N_("Names and numbers of an export (.xlsx or .csv)."))
@option("--offline", is_flag=True, help=N_("Ask no server: names of the last plan in the ledger."))
@option("--html", metavar="FILE", help=N_("Write it as one HTML file."))
@option("--text", metavar="FILE", help=N_("Write the text of the mail to a .txt file, and print nothing."))
@option(
    "--by",
    "consultant",
    metavar="NAME",
    default="",
    help=N_("The consultant's name, where neither the spec nor the settings say it."),
)
@option(
    "--minutes",
    type=click.IntRange(1, MOST_MINUTES),
    help=N_("Keep the definition session in the log too, with how long it lasted."),
)
@formats()
@ledger_option
@connection_options
def command(
    spec: str,
    source: str | None,
    offline: bool,
    html: str | None,
    text: str | None,
    consultant: str,
    minutes: int | None,
) -> None:
    """Writes the files that are asked for, and prints the text where none is."""
    page, mail = html and file_ending_in(".html", html), text and file_ending_in(".txt", text)
    if offline and source:
        raise UsageError(_("--offline asks nobody, and --from asks an export"), todo=_("leave one of them out"))
    loaded = load_open(spec)
    resolved, known = _known(loaded, spec, source, offline=offline)
    signer = consultant_of(loaded)
    with speaking(settings().language or loaded.client.language):
        at = datetime.now(UTC).isoformat(timespec="seconds")
        agreed = acta(loaded, resolved, known, at=at, consultant=consultant or signer.name)
        of_page, of_mail = acta_page.html(agreed), acta_page.text(agreed)
    if as_json():
        print_json("acta", acta_page.document(agreed))
    elif not (page or mail):
        out().print(of_mail, soft_wrap=True, end="")
    if page:
        write_and_say(page, lambda: page.write_text(of_page, "utf-8", newline="\n"))
    if mail:
        write_and_say(mail, lambda: mail.write_text(of_mail, "utf-8", newline="\n"))
    if minutes is not None:
        _log(loaded, spec, minutes)


def _known(spec: Spec, file: str, source: str | None, *, offline: bool) -> tuple[Resolved, Figures]:
    """The spec on the server, the export or what the last plan remembers; and the figures of it."""
    crm = None if offline else _crm(spec, source)
    if crm is None:
        plan = _last_plan(spec, file)
        same = plan is not None and plan.identity.spec_digest == spec.digest
        crm = open_crm(spec, remembered(spec, plan), told=lists_told(plan) if same and plan else ())
        resolved = survey(spec, crm.reader, crm.catalog, crm.clock)
        if resolved.problems:
            raise SpecError(resolved.problems)
        if plan is None or plan.identity.spec_digest != spec.digest:
            return resolved, Figures()
        return resolved, figures(plan)
    resolved = survey(spec, crm.reader, crm.catalog, crm.clock).complete()
    made = draft(spec, crm.reader, crm.catalog, crm.clock, source="export" if source else "server", resolved=resolved)
    return resolved, figures(made.plan, references(spec, resolved, crm.catalog))


def _crm(spec: Spec, source: str | None) -> Crm | None:
    """The export or the server; None, after saying why, where no server can be asked."""
    if source is not None:
        return crm_of(spec, source)
    try:
        crm = open_crm(spec, connector(connection_of(spec), ask=False)())
    except (ConnectionFailed, UsageError) as error:
        say(_("No server was asked: {why}").format(why=error), "yellow")
        return None
    refuse_privileged(crm.reader)
    return crm


def _last_plan(spec: Spec, file: str) -> Plan | None:
    """The client's last plan in the ledger; None, after saying so, where there is none."""
    place = settings().ledger_place(file)
    if "://" in place or Path(place).exists():
        with read_ledger(place) as ledger:
            own = [row.id for row in ledger.plans() if row.spec_name == spec.client.name]
            if own:
                plan = ledger.plan(own[-1])
                numbers = plan.identity.spec_digest == spec.digest
                said = (
                    _("Names and numbers are those of the plan {id}")
                    if numbers
                    else _("Names are those of the plan {id}; the spec was edited since, so there are no numbers")
                )
                say(said.format(id=plan.id))
                return plan
    say(
        _("The ledger has no plan of this client: fields have the names that Odoo gives them, and there are no numbers")
    )
    return None


def _log(spec: Spec, file: str, minutes: int) -> None:
    """Keeps the session in the log."""
    with speaking(spec.client.language):
        activity = _("Segmentation criteria")
        result = ", ".join(
            ngettext("{name} ({number} segment)", "{name} ({number} segments)", len(one.all_segments)).format(
                name=one.name, number=len(one.all_segments)
            )
            for one in spec.segmentations
        )
    with open_ledger(settings().ledger_place(file)) as ledger:
        found = engagement(ledger, file)
        entry = ledger.add_to_log(
            LogEntry(
                kind="definition",
                at=time_of(None, found.zone),
                activity=activity,
                result=result,
                minutes=minutes,
                client=found.client.name,
                timezone=found.client.timezone,
                who=author(),
            )
        )
    say(
        _("{id} is kept: {kind}, {when}").format(
            id=entry.id, kind=_("definition session"), when=found.style.moment(entry.at)
        ),
        "green",
    )
