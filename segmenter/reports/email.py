"""The mail to send after a session: Spanish first, then English, ready to paste."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from segmenter.engagement import Status
from segmenter.i18n import LANGUAGES, N_, _, speaking
from segmenter.ledger import LogEntry
from segmenter.planning.approval import called
from segmenter.reports.engagement import dates, outside, waits
from segmenter.reports.families import Family, listed
from segmenter.reports.logbook import minutes
from segmenter.reports.text import Style, clean
from segmenter.spec.model import Client

_SUBJECTS = {
    "definition": N_("{client}: definition session of {day}"),
    "review": N_("{client}: review session of {day}"),
    "work": N_("{client}: joint work session of {day}"),
}
_THANKS = {
    "definition": N_("Thank you for the definition session of {day} ({minutes})."),
    "review": N_("Thank you for the review session of {day} ({minutes})."),
    "work": N_("Thank you for the joint work session of {day} ({minutes})."),
}


@dataclass(frozen=True)
class Attachment:
    """The report to send along: its file, the command that writes it, and of which plan or run it is."""

    file: str
    command: str
    of: str


@dataclass(frozen=True)
class Mail:
    """``to``: the approver's address, or "" ; ``body`` holds both languages."""

    to: str
    subject: str
    body: str
    attachments: tuple[Attachment, ...]


def mail(
    session: LogEntry,
    found: Status,
    client: Client,
    attachment: Attachment | None = None,
    *,
    applied: Sequence[Family] = (),
    to_approve: tuple[str, str] | None = None,
) -> Mail:
    """The mail about one session. ``applied``: every apply so far, which the attachment alone does not tell of;
    ``to_approve``: id and digest of a plan that waits for the client's sign-off.
    """
    subjects, bodies = [], []
    for code in LANGUAGES:
        with speaking(code):
            style = Style(client.language, client.timezone)
            name = client.name or _("Segmentation of prospects")
            subjects.append(_(_SUBJECTS[session.kind]).format(client=name, day=style.day(session.at[:10])))
            bodies.append("\n\n".join(_paragraphs(session, found, client, attachment, applied, to_approve, style)))
    return Mail(
        parseaddr(client.approver or "")[1] if "@" in (client.approver or "") else "",
        clean(" ".join(" / ".join(subjects).split())),  # a line of its own would be another header
        clean("\n\n---\n\n".join(bodies)),
        (attachment,) if attachment else (),
    )


def _paragraphs(
    session: LogEntry,
    found: Status,
    client: Client,
    attachment: Attachment | None,
    applied: Sequence[Family],
    to_approve: tuple[str, str] | None,
    style: Style,
) -> Iterator[str]:
    name = called(client.approver or "")
    yield _("Dear {name},").format(name=name) if name else _("Good day,")
    thanks = _(_THANKS[session.kind])
    yield thanks.format(day=style.day(session.at[:10]), minutes=minutes(session.minutes or 0))
    yield "\n".join(
        [
            _("What we worked on: {activity}").format(activity=session.activity),
            _("Result: {result}").format(result=session.result),
        ]
    )
    yield _time(found, style)
    if applied:
        yield "\n".join([_("What was done in your Odoo so far:"), *(f"- {one}" for one in listed(applied, style))])
    if attachment:
        name = Path(attachment.file).name
        said = _("Attached: {file}. It opens in any browser, without a connection.").format(file=name)
        others = any(one.told.id != attachment.of for one in applied)
        alone = _("It tells of {told} alone.").format(told=attachment.of)
        yield f"{said} {alone}" if others else said
    if to_approve:
        plan, digest = to_approve
        sentence = _("If you agree, please answer this mail with: “I approve plan {plan}, digest {digest}”.")
        yield sentence.format(plan=plan, digest=digest[:12])
    if found.request:
        asked = _("From you we need, since {day}: {activity}")
        yield asked.format(day=style.day(found.request.day.isoformat()), activity=found.request.activity)
    coming = [one for one, code in zip(waits(found), found.waits_for, strict=True) if code != "answer"]
    if coming:
        yield "\n".join([_("What comes next:"), *(f"- {one}" for one in coming)])
    known = [f"- {what}: {day}" for what, day, _remark in dates(found, style)]
    if known:
        yield "\n".join([_("Dates:"), *known])
    if found.out_of_scope:
        asked_for = [f"- {one.activity}" for one in found.out_of_scope]
        yield "\n".join([_("Kept for a separate service, as they are outside this one:"), *asked_for])
    yield _("Best regards,")


def _time(found: Status, style: Style) -> str:
    sentence = _("Of the hour of joint work that the service includes, {used} are used and {left} are left.")
    return " ".join([sentence.format(used=minutes(found.used), left=minutes(found.left)), *outside(found, style)])


def text(mail: Mail) -> str:
    """As it is pasted: whom to, subject, body; what to attach comes last and is not part of it."""
    head = [_("To: {address}").format(address=mail.to)] if mail.to else []
    head.append(_("Subject: {subject}").format(subject=mail.subject))
    return "\n".join([*head, "", mail.body])


def document(mail: Mail) -> dict[str, Any]:
    """``{"kind": "email", "to", "subject", "body", "attachments": [{"file", "command", "of"}]}``."""
    return {"to": mail.to, "subject": mail.subject, "body": mail.body, "attachments": list(mail.attachments)}
