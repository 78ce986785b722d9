"""What the pages, the workbook and the mails say of salespeople and their records, in the same words."""

from __future__ import annotations

from datetime import date, datetime

from segmenter.i18n import _, ngettext
from segmenter.reports.people.content import Card, People, Person
from segmenter.reports.runs import kind_name
from segmenter.reports.text import Style


def heading(people: People) -> str:
    """``Plan P1, by salesperson``."""
    if people.run is None:
        return _("Plan {id}, by salesperson").format(id=people.plan.id)
    told = _("Run {id} ({kind}), by salesperson")
    return told.format(id=people.run.id, kind=kind_name(people.run.kind))


def pending(people: People) -> str:
    """What has to be known before anybody acts on a plan; "" once it is in Odoo."""
    return _("Nothing of this is in Odoo yet: the plan has not been applied.") if people.pending else ""


def lead(people: People, style: Style) -> str:
    """One sentence over the index."""
    told = ngettext("{number} prospect", "{number} prospects", people.records).format(
        number=style.number(people.records)
    )
    if people.run is None or people.pending:
        return _("{prospects}, each with the salesperson who will have it once the plan is applied.").format(
            prospects=told
        )
    return _("{prospects}, each with the salesperson who has it since {day}.").format(
        prospects=told, day=style.day(people.run.started_at)
    )


def name_of(name: str) -> str:
    """A salesperson, or what stands for none."""
    return name or _("No salesperson")


def segment_called(name: str) -> str:
    """A segment, or what stands for none."""
    return name or _("In no segment")


def opening(person: Person, style: Style) -> str:
    """What one salesperson is to do first."""
    if not person.groups:
        return ""
    whole = ngettext("{number} prospect", "{number} prospects", person.records).format(
        number=style.number(person.records)
    )
    group = person.groups[0]
    if not person.name:
        return _("{prospects} that nobody has. Somebody should take them, those of {segment} first.").format(
            prospects=whole, segment=segment_called(group.segment)
        )
    if len(person.groups) == 1:
        told = _("{prospects}, all of them in {segment}. Begin with the first ones of this list.")
        return told.format(prospects=whole, segment=segment_called(group.segment))
    number = len(group.cards)
    told = ngettext(
        "{prospects}. Begin with the one in {segment}.",
        "{prospects}. Begin with the {number} in {segment}.",
        number,
    )
    return told.format(prospects=whole, number=style.number(number), segment=segment_called(group.segment))


def note(card: Card) -> str:
    """What is to be known of one record: whose it was, and why a run did not write it."""
    told = []
    if card.left:
        told.append(_("not changed: {reason}").format(reason=card.left))
    if card.came is not None:
        told.append(_("was {person}'s").format(person=card.came) if card.came else _("had no salesperson"))
    return "; ".join(told)


def since(card: Card, style: Style) -> date | None:
    """The client's day on which a record came to its stage; None where nobody knows."""
    if not card.moved:
        return None
    return datetime.fromisoformat(f"{card.moved}+00:00").astimezone(style.zone).date()
