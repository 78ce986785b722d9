"""The mail to each salesperson, as text for the consultant to paste and send: nothing is sent from here."""

from __future__ import annotations

from collections.abc import Iterator

from segmenter.i18n import _
from segmenter.reports import links
from segmenter.reports.mails.letter import signature
from segmenter.reports.people.content import Card, Group, People, Person
from segmenter.reports.people.words import note, opening, pending, segment_called, since
from segmenter.reports.text import Style, clean
from segmenter.reports.values import Values
from segmenter.spec.model import Consultant

FIRST = 10
"""Records that a mail names: enough for a Monday."""
_LINE = "=" * 72


def text(people: People, consultant: Consultant) -> str:
    """All mails, signed by the consultant, one after the other, with a line of signs between them."""
    style = Values(people.plan).style
    mails = [_mail(person, people, style, consultant) for person in people.people if person.name]
    return clean(f"\n\n{_LINE}\n\n".join(mails)) + "\n" if mails else ""


def _mail(person: Person, people: People, style: Style, consultant: Consultant) -> str:
    client = people.plan.identity.spec_name
    subject = _("{client}: your prospects, and which to begin with").format(client=client)
    head = [_("To: {address}").format(address=person.name), _("Subject: {subject}").format(subject=subject)]
    top = "\n".join(" ".join(line.split()) for line in head)
    return "\n\n".join([top, *_body(person, people, style), signature(consultant)])


def _body(person: Person, people: People, style: Style) -> Iterator[str]:
    yield _("Hello {name},").format(name=person.name.split()[0])
    if people.pending:
        yield pending(people)
    yield opening(person, style)
    yield "\n".join(_count(group, people, style) for group in person.groups)
    firsts = [(group, card) for group in person.groups for card in group.cards][:FIRST]
    lines = [_("The first ones:")]
    for number, (group, card) in enumerate(firsts, 1):
        lines += ["", f"{number}. {card.name}", *(f"   {line}" for line in _about(group, card, people, style))]
    yield "\n".join(lines)
    reasons = {group.segment: group.reason for group, _card in firsts}
    yield "\n".join(
        [_("Why they are where they are:"), *(f"- {segment_called(name)}: {why}" for name, why in reasons.items())]
    )
    if person.left:
        yield _("Those marked “not changed” are as they were in Odoo; look at them before you call.")
    if people.pending:
        yield _("Once it is applied you find all of them in your own list in Odoo.")
    else:
        yield _("In Odoo you find all of them in your own list.")


def _count(group: Group, people: People, style: Style) -> str:
    told = f"- {segment_called(group.segment)}: {style.number(len(group.cards))}"
    if group.revenue:
        told += f" ({style.money(group.revenue, people.plan.counts.currency)})"
    return told


def _about(group: Group, card: Card, people: People, style: Style) -> Iterator[str]:
    """What a mail tells of a record: where it stands, what it is worth, and where it is in Odoo."""
    facts = [segment_called(group.segment)]
    if card.stage:
        day = since(card, style)
        staged = _("{stage}, since {day}").format(stage=card.stage, day=style.moment(day.isoformat())) if day else ""
        facts.append(staged or card.stage)
    if card.revenue:
        facts.append(style.money(card.revenue, people.plan.counts.currency))
    yield " · ".join([*facts, *([note(card)] if note(card) else [])])
    if link := links.address(people.plan, card.record):
        yield link
