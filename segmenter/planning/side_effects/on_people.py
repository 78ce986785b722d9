"""What a plan's writes mean to people: whom Odoo mails, who follows a record from then on, who sees it."""

from __future__ import annotations

from collections.abc import Iterator

from segmenter.i18n import _, ngettext
from segmenter.odoo.versions import COMPANY_FOLLOWS_SALESPERSON_SINCE, NOTES_MAIL_SINCE
from segmenter.planning.side_effects.ahead import Ahead
from segmenter.planning.side_effects.tracking import in_words


def mails(ahead: Ahead) -> Iterator[str]:
    """Nobody is, where nobody chose it: an undo that would mail somebody is silent (`execution.silence`)."""
    mailed = ahead.tracking.mailed
    if ahead.tracking.choice != "keep":
        return
    if not mailed.known:
        yield _("Followers who subscribed to stages are mailed; the work user may not see who they are")
    elif mailed.people:
        yield ngettext(
            "Odoo mails the followers of {number} record about its change: {names}",
            "Odoo mails the followers of {number} records about their changes: {names}",
            mailed.records,
        ).format(number=mailed.records, names=in_words(mailed))
        yield _("An undo mails them again")
    former = ahead.noticed.mailing.former_teams
    if former and ahead.tracking.said and ahead.major >= NOTES_MAIL_SINCE:
        yield ngettext(
            "An undo also mails whoever follows the former team of {number} lead and subscribed to stages there",
            "An undo also mails whoever follows the former team of {number} leads and subscribed to stages there",
            former,
        ).format(number=former)


def chatter(ahead: Ahead) -> Iterator[str]:
    number = ahead.tracking.tracked
    if not number:
        return
    if ahead.tracking.choice == "keep":
        yield ngettext(
            "The change of {number} record is noted in its chatter, which an undo does not take back",
            "The changes of {number} records are noted in their chatter, which an undo does not take back",
            number,
        ).format(number=number)
    elif not ahead.tracking.asked:
        yield ngettext(
            "The change of {number} record leaves no trace in its chatter: the ledger keeps the only one",
            "The changes of {number} records leave no trace in their chatter: the ledger keeps the only one",
            number,
        ).format(number=number)


def followers(ahead: Ahead) -> Iterator[str]:
    """Nobody becomes a follower in silence. An undo does not end what it did not begin by a field."""
    if ahead.tracking.choice != "keep":
        return
    if given := ahead.noticed.given:
        yield ngettext(
            "The new salesperson of {number} record becomes its follower, and an undo leaves that",
            "The new salespeople of {number} records become their followers, and an undo leaves that",
            given,
        ).format(number=given)
    if ahead.team_followers is None:
        yield _("Whoever follows a team becomes a follower of the leads it is written on")
    elif ahead.team_followers.names:
        number = ahead.team_followers.records
        yield ngettext(
            "Whoever follows its team becomes a follower of {number} record, and an undo leaves that: {names}",
            "Whoever follows their team becomes a follower of {number} records, and an undo leaves that: {names}",
            number,
        ).format(number=number, names=", ".join(ahead.team_followers.names))
    if former := ahead.noticed.former_people:
        yield ngettext(
            "An undo makes the former salesperson of {number} record its follower",
            "An undo makes the former salespeople of {number} records their followers",
            former,
        ).format(number=former)
    if former := ahead.noticed.former_teams:
        yield ngettext(
            "An undo makes whoever follows the former team of {number} lead its follower",
            "An undo makes whoever follows the former team of {number} leads their follower",
            former,
        ).format(number=former)


def assignment(ahead: Ahead) -> Iterator[str]:
    if ahead.noticed.reassigned:
        yield ngettext(
            "An undo does not leave the assignment date of {number} lead as it is now",
            "An undo does not leave the assignment date of {number} leads as it is now",
            ahead.noticed.reassigned,
        ).format(number=ahead.noticed.reassigned)
    if ahead.of_teams_company:
        yield ngettext(
            "{number} lead without a salesperson gets the company of its team, or none where that has none; an undo "
            "gives its own back",
            "{number} leads without a salesperson get the company of their team, or none where that has none; an undo "
            "gives their own back",
            ahead.of_teams_company,
        ).format(number=ahead.of_teams_company)
    if not ahead.tally.assigned:
        return
    if ahead.model == "crm.lead":
        yield _("A new salesperson sets the assignment date of the lead; no mail is sent")
        if ahead.major >= COMPANY_FOLLOWS_SALESPERSON_SINCE:
            yield _("A lead of no company gets that of its new salesperson; an undo leaves it without one again")
    if ahead.abroad and ahead.major < COMPANY_FOLLOWS_SALESPERSON_SINCE:
        yield ngettext(
            "{number} lead is of a company that its new salesperson does not work in, who therefore does not see it",
            "{number} leads are of a company that their new salesperson does not work in, who therefore does not see "
            "them",
            ahead.abroad,
        ).format(number=ahead.abroad)
    if ahead.noticed.pins:
        yield ngettext(
            "Odoo would give {number} lead its new salesperson's team: the plan writes its own again, so that it stays",
            "Odoo would give {number} leads their new salesperson's team: the plan writes their own again, so that it "
            "stays",
            ahead.noticed.pins,
        ).format(number=ahead.noticed.pins)
