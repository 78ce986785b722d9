"""``segmenter log``: the joint sessions, the formal requests, and the mail to send after a session."""

from __future__ import annotations

from collections.abc import Sequence

import click

from segmenter.cli.command import argument, formats, ledger_option, make_command, option
from segmenter.cli.engagement import Engagement, author, day_of, engagement, time_of
from segmenter.cli.mailing import SESSION, moment_and_spec, print_mail
from segmenter.cli.output import as_json, print_json, say, show
from segmenter.cli.settings import settings
from segmenter.engagement import SESSION_KINDS
from segmenter.errors import UsageError
from segmenter.i18n import N_, _
from segmenter.ledger import Ledger, LogEntry, open_ledger, read_ledger
from segmenter.reports import logbook
from segmenter.reports.engagement import beyond, early_close
from segmenter.spec.secrets import holds_secret

MOST_MINUTES = 600


@make_command(
    "log",
    N_(
        "Show the log of the engagement. With add, keep an entry: a joint session (definition, review, work; their "
        "minutes count), the access that was given, a formal request or its answer, the day on which the information "
        "was complete, the delivery, a request outside the scope, or the administrative close. Entries are chained "
        "like the rest of the ledger: a wrong one is replaced, never altered. SPEC says whose engagement it is, where "
        "the ledger does not."
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
            'segmenter log add --kind access --activity "Usuario de trabajo y clave" --until 2027-02-22',
            N_("The work user is there; its key ends on that day"),
        ),
        (
            'segmenter log add --replaces L2 --kind review --minutes 25 --activity "Revisión" --result "Conforme"',
            N_("L2 had a mistake"),
        ),
        ("segmenter log", N_("The whole log, with the approvals")),
        ("segmenter log --email", N_("The mail to send after the last session")),
        ("segmenter log --email opening viveros.yaml", N_("What is needed to begin, and how all records are exported")),
        (
            "segmenter log --email closing --attach entrega.zip",
            N_("That of the delivery, with the zip and its digest"),
        ),
        ("segmenter log --email reminder", N_("30 or 60 days after a request that has no answer")),
    ],
)
@argument("words", nargs=-1, metavar="[add] [SPEC]")
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
@option("--until", metavar="DATE", help=N_("The day on which the work user's key ends, of an access that was given."))
@option("--replaces", metavar="ID", default="", help=N_("The entry that this one stands for, which had a mistake."))
@option(
    "--email",
    "mailing",
    metavar="[MOMENT]",
    is_flag=False,
    flag_value=SESSION,
    help=N_(
        "Print the mail of a moment, in the client's language: session (the last one, if none is named), opening, "
        "acta, access, review, closing, reminder."
    ),
)
@option("--attach", metavar="FILE", multiple=True, help=N_("A file that the mail names too; it may be given again."))
@formats()
@ledger_option
def command(words: Sequence[str], mailing: str | None, attach: Sequence[str], **about: str | int | None) -> None:
    """Adds an entry, lists the log, or prints a mail."""
    adding, spec = _words(words)
    moment, spec = moment_and_spec(mailing, spec)
    if not adding and any(about.values()):
        raise UsageError(_("These options keep a new entry"), todo=_("say add: segmenter log add --kind …"))
    if attach and not moment:
        raise UsageError(_("--attach belongs to a mail"), todo=_("say which: segmenter log --email closing"))
    if adding and moment:
        raise UsageError(_("--email prints, and add keeps"), todo=_("add first, then: segmenter log --email"))
    place = settings().ledger_place(spec)
    begins = adding or (moment == "opening" and spec is not None)  # the first thing there is of an engagement
    with open_ledger(place) if begins else read_ledger(place) as ledger:
        found = engagement(ledger, spec)
        if adding:
            _add(ledger, found, **about)  # type: ignore[arg-type]
            _say_what_follows(found, engagement(ledger, spec), ledger, settings().same_engagement(spec))
        elif moment:
            print_mail(moment, found, ledger, spec, attach)
        else:
            show(
                "log",
                lambda: logbook.document(found.client.name, found.log, found.approvals),
                lambda: logbook.terminal(found.log, found.approvals, found.style),
            )


def _words(words: Sequence[str]) -> tuple[bool, str | None]:
    """Reads ``[add] [SPEC]``: whether to add an entry, and the spec."""
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
    until: str | None,
) -> None:
    """Keeps the entry. Raises `UsageError` for a part that is missing or does not belong."""
    if kind is None or not activity.strip():
        raise UsageError(_("A log entry needs --kind and --activity"), todo=_("see how: segmenter log --help"))
    if kind in SESSION_KINDS and (minutes is None or not result.strip()):
        raise UsageError(
            _("A joint session needs --minutes and --result"), todo=_("say how long it was and what came of it")
        )
    if kind not in SESSION_KINDS and minutes is not None:
        raise UsageError(_("Minutes belong to joint sessions alone"), todo=_("leave --minutes out"))
    if kind != "access" and until is not None:
        raise UsageError(_("--until belongs to an access that was given"), todo=_("leave it out, or say --kind access"))
    ends = day_of(until)
    if holds_secret(activity) or holds_secret(result):
        raise UsageError(
            _("A secret seems to stand in the text, and the log goes to the client"),
            todo=_("say it without the secret"),
        )
    ledger.add_to_log(
        LogEntry(
            kind=kind,  # type: ignore[arg-type]
            at=time_of(moment, found.zone),
            activity=activity.strip(),
            result=result.strip(),
            minutes=minutes,
            client=found.client.name,
            timezone=found.client.timezone,
            who=author(),
            replaces=replaces.strip().upper(),
            until=ends.isoformat() if ends else "",
        )
    )


def _say_what_follows(before: Engagement, after: Engagement, ledger: Ledger, same_engagement: str) -> None:
    """Says which entry was kept, what follows from it, and what to do next.

    ``same_engagement``: see `Settings.same_engagement`.
    """
    entry = after.log[-1]
    if as_json():
        print_json("log-entry", logbook.entry_document(entry))
    else:
        when = after.style.moment(entry.at)
        kind = _(logbook.KINDS[entry.kind])
        say(_("{id} is kept: {kind}, {when}").format(id=entry.id, kind=kind, when=when), "green")
    status, was_open = after.status(ledger), before.status(ledger).request
    if was_open and status.request is None and entry.kind not in ("answer", "close"):
        sentence = _("The request {id} counts as answered; if it was not, keep it once more")
        say(sentence.format(id=was_open.id))
    for session in status.sessions:
        if session.entry.id == entry.id and (sentence := beyond(session, after.style)):
            say(f"! {sentence}", "yellow")
    if entry.kind == "close" and (sentence := early_close(before.status(ledger, entry.day), after.style)):
        say(f"! {sentence}", "yellow")
        mend = _("If that was a mistake, replace it with what it was: segmenter log add{here} --replaces {id} --kind …")
        say(mend.format(here=same_engagement, id=entry.id))
    if entry.kind in SESSION_KINDS:
        say(_("The mail to send: segmenter log --email{here}").format(here=same_engagement))
