"""``segmenter log``: the joint sessions, the formal requests, and the mail to send after a session."""

from __future__ import annotations

from collections.abc import Sequence

import click

from segmenter.cli.engagement import Engagement, at, engagement, scribe
from segmenter.cli.mailing import mail_after
from segmenter.cli.output import as_json, out, print_json, say, show
from segmenter.cli.parts import command as made
from segmenter.cli.parts import formats, ledger_option, option
from segmenter.cli.settings import settings
from segmenter.engagement import SESSION_KINDS
from segmenter.errors import UsageError
from segmenter.i18n import N_, _
from segmenter.ledger import Ledger, LogEntry, open_ledger, read_ledger
from segmenter.reports import email, logbook
from segmenter.reports.engagement import beyond, early_close
from segmenter.spec.secrets import holds_secret

MOST_MINUTES = 600


@made(
    "log",
    N_(
        "Show the log of the engagement. With add, keep an entry: a joint session (definition, review, work; their "
        "minutes count), a formal request or its answer, the day on which the information was complete, the delivery, "
        "a request outside the scope, or the administrative close. Entries are chained like the rest of the ledger: a "
        "wrong one is replaced, never altered. SPEC says whose engagement it is, where the ledger does not."
    ),
    [
        (
            "segmenter log add --kind definition --minutes 30 "
            '--activity "Criterios de segmentación" --result "Tres niveles acordados"',
            N_("The definition meeting, just now"),
        ),
        (
            'segmenter log add viveros.yaml --kind request --activity "Enviar lista de precios" --at 2026-11-24',
            N_("A formal request of that day: the wait for the client begins"),
        ),
        ('segmenter log add --kind answer --activity "Lista recibida"', N_("It was answered")),
        (
            'segmenter log add --replaces L2 --kind review --minutes 25 --activity "Revisión" --result "Conforme"',
            N_("L2 had a mistake"),
        ),
        ("segmenter log", N_("The whole log, with the approvals")),
        ("segmenter log --email", N_("The mail to send after the last session, Spanish first")),
    ],
)
@click.argument("words", nargs=-1, metavar="[add] [SPEC]")
@option("--kind", type=click.Choice(list(logbook.KINDS)), help=N_("What it was."))
@option("--minutes", type=click.IntRange(1, MOST_MINUTES), help=N_("How long a joint session lasted."))
@option("--activity", metavar="TEXT", default="", help=N_("What was done, or asked for."))
@option("--result", metavar="TEXT", default="", help=N_("What came of it; a joint session needs it."))
@option(
    "--at",
    "moment",
    metavar="DATE/TIME",
    help=N_("When, on the client's clock: 2026-11-24, or with the time: 2026-11-24 15:30. Now, if not said."),
)
@option("--replaces", metavar="ID", default="", help=N_("The entry that this one stands for, which had a mistake."))
@option("--email", "mailing", is_flag=True, help=N_("Print the mail to send after the last session."))
@formats()
@ledger_option
def command(words: Sequence[str], mailing: bool, **about: str | int | None) -> None:
    """Add, list, or write the mail."""
    adding, spec = _words(words)
    if not adding and any(about.values()):
        raise UsageError(_("These options keep a new entry"), todo=_("say add: segmenter log add --kind …"))
    if adding and mailing:
        raise UsageError(_("--email prints, and add keeps"), todo=_("add first, then: segmenter log --email"))
    place = settings().ledger_place(spec)
    with open_ledger(place) if adding else read_ledger(place) as ledger:
        found = engagement(ledger, spec)
        if adding:
            _add(ledger, found, **about)  # type: ignore[arg-type]
            _told(found, engagement(ledger, spec), ledger, settings().here(spec))
        elif mailing:
            mail = mail_after(found, ledger, spec)
            if as_json():
                print_json("email", email.document(mail))
            else:
                out().print(email.text(mail), soft_wrap=True)
                for one in mail.attachments:
                    say(_("Attach {file}; this writes it: {command}").format(file=one.file, command=one.command))
        else:
            show(
                "log",
                lambda: logbook.document(found.client.name, found.log, found.approvals),
                lambda: logbook.terminal(found.log, found.approvals, found.style),
            )


def _words(words: Sequence[str]) -> tuple[bool, str | None]:
    """Whether to add, and the spec, of ``[add] [SPEC]``."""
    adding = tuple(words[:1]) == ("add",)
    rest = words[1:] if adding else words
    if len(rest) > 1:
        raise UsageError(
            _("{words} is more than one spec").format(words=" ".join(rest)), todo=_("see how: segmenter log --help")
        )
    return adding, rest[0] if rest else None


def _add(
    ledger: Ledger,
    found: Engagement,
    *,
    kind: str | None,
    minutes: int | None,
    activity: str,
    result: str,
    moment: str | None,
    replaces: str,
) -> None:
    """Keep it, or raise `UsageError` for what is missing or does not belong."""
    if kind is None or not activity.strip():
        raise UsageError(_("A log entry needs --kind and --activity"), todo=_("see how: segmenter log --help"))
    if kind in SESSION_KINDS and (minutes is None or not result.strip()):
        raise UsageError(
            _("A joint session needs --minutes and --result"), todo=_("say how long it was and what came of it")
        )
    if kind not in SESSION_KINDS and minutes is not None:
        raise UsageError(_("Minutes belong to joint sessions alone"), todo=_("leave --minutes out"))
    if holds_secret(activity) or holds_secret(result):
        raise UsageError(
            _("A secret seems to stand in the text, and the log goes to the client"),
            todo=_("say it without the secret"),
        )
    ledger.add_to_log(
        LogEntry(
            kind=kind,  # type: ignore[arg-type]
            at=at(moment, found.zone),
            activity=activity.strip(),
            result=result.strip(),
            minutes=minutes,
            client=found.client.name,
            timezone=found.client.timezone,
            who=scribe(),
            replaces=replaces.strip().upper(),
        )
    )


def _told(before: Engagement, found: Engagement, ledger: Ledger, here: str) -> None:
    """What was kept, what follows from it, and what to do next. ``here``: as `Settings.here`."""
    entry = found.log[-1]
    if as_json():
        print_json("log-entry", logbook.entry_document(entry))
    else:
        when = found.style.moment(entry.at)
        kind = _(logbook.KINDS[entry.kind])
        say(_("{id} is kept: {kind}, {when}").format(id=entry.id, kind=kind, when=when), "green")
    status, was_open = found.status(ledger), before.status(ledger).request
    if was_open and status.request is None and entry.kind not in ("answer", "close"):
        sentence = _("The request {id} counts as answered; if it was not, keep it once more")
        say(sentence.format(id=was_open.id))
    for session in status.sessions:
        if session.entry.id == entry.id and (sentence := beyond(session, found.style)):
            say(f"! {sentence}", "yellow")
    if entry.kind == "close" and (sentence := early_close(before.status(ledger, entry.day), found.style)):
        say(f"! {sentence}", "yellow")
        mend = _("If that was a mistake, replace it with what it was: segmenter log add{here} --replaces {id} --kind …")
        say(mend.format(here=here, id=entry.id))
    if entry.kind in SESSION_KINDS:
        say(_("The mail to send: segmenter log --email{here}").format(here=here))
