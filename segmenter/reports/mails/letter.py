"""What every mail has: whom to, one subject, a greeting, paragraphs, a signature, what to attach."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from segmenter.engagement import Status
from segmenter.i18n import _
from segmenter.ledger import LogEntry, PlanRow
from segmenter.planning.approval import called
from segmenter.reports.families import Family
from segmenter.reports.guide import Section
from segmenter.reports.text import Style, clean
from segmenter.spec.model import Client, Consultant


@dataclass(frozen=True)
class Attachment:
    """A file to send along. ``command``: what writes it, "" where it is there; ``of``: the plan or run it tells of;
    ``sha256``: of its content, where the mail names it.
    """

    file: str
    command: str = ""
    of: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class Facts:
    """What the mails are made of. ``log``: the entries that stand; ``applied``: every apply so far; ``plan``: the last
    one, ``to_approve``: whether it waits for the client's sign-off; ``access``: how the work user is made; ``head``: of
    the ledger's chain; ``bundled``: whether what `handover` makes is attached; ``has_api``: whether programs can reach
    the client's Odoo, None where that is not known.
    """

    client: Client
    consultant: Consultant
    status: Status
    model: str
    log: Sequence[LogEntry]
    applied: Sequence[Family]
    plan: PlanRow | None
    to_approve: bool
    attachments: tuple[Attachment, ...] = ()
    access: Sequence[Section] = ()
    head: str = ""
    bundled: bool = False
    has_api: bool | None = None


@dataclass(frozen=True)
class Mail:
    """``to``: the approver's address, or ""."""

    to: str
    subject: str
    body: str
    attachments: tuple[Attachment, ...]


def made(subject: str, paragraphs: Iterable[str], facts: Facts) -> Mail:
    """The mail with its greeting and signature. ``subject`` comes behind the client's name."""
    client = facts.client.name or _("Segmentation of prospects")
    line = _("{client}: {subject}").format(client=client, subject=subject)
    body = [_greeting(facts.client), *paragraphs, signature(facts.consultant)]
    return Mail(
        parseaddr(facts.client.approver or "")[1] if "@" in (facts.client.approver or "") else "",
        clean(" ".join(line.split())),  # a line of its own would be another header
        clean("\n\n".join(filter(None, body))),
        facts.attachments,
    )


def style_of(facts: Facts) -> Style:
    """How the client writes days and numbers."""
    return Style(facts.client.language, facts.client.timezone)


def listed(title: str, items: Iterable[str], *, numbered: bool = False) -> str:
    """A paragraph with a line for each item; "" where there is none."""
    lines = [f"{number}. {item}" if numbered else f"- {item}" for number, item in enumerate(items, 1)]
    return "\n".join([title, *lines]) if lines else ""


def _greeting(client: Client) -> str:
    name = called(client.approver or "")
    first = name.split()[0] if name and "@" not in name else ""
    return _("Hello {name},").format(name=first) if first else _("Hello,")


def signature(consultant: Consultant) -> str:
    """The end of a mail: the greeting, who signs, and how to reach them."""
    ways = " · ".join(filter(None, (consultant.email, consultant.phone)))
    lines = [consultant.name, consultant.firm, ways, *consultant.signature]
    return "\n".join([_("Best regards,"), *filter(None, lines)])


def text(mail: Mail) -> str:
    """As it is pasted: whom to, subject, body; what to attach comes last and is not part of it."""
    head = [_("To: {address}").format(address=mail.to)] if mail.to else []
    head.append(_("Subject: {subject}").format(subject=mail.subject))
    return "\n".join([*head, "", mail.body])


def document(mail: Mail) -> dict[str, Any]:
    """``{"kind": "email", "to", "subject", "body", "attachments": [{"file", "command", "of", "sha256"}]}``."""
    return {"to": mail.to, "subject": mail.subject, "body": mail.body, "attachments": list(mail.attachments)}
