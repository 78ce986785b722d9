"""What Odoo will do by itself because of a plan's writes, said before anything is written. All of it was measured.

What needed a question was asked before (`ahead`). Here each effect is one small function that gives its
sentences, in whatever language is spoken.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from segmenter.i18n import _, ngettext, some_of
from segmenter.odoo.versions import (
    ACTIVITIES_STAY_SINCE,
    COMPANY_FOLLOWS_SALESPERSON_SINCE,
    MOVE_DATE_STAYS_SINCE,
    SCORING_READS_LANGUAGE_SINCE,
)
from segmenter.planning.model import Violation
from segmenter.planning.side_effects.ahead import Ahead
from segmenter.planning.side_effects.notice import SCORING
from segmenter.planning.side_effects.reach import Reached
from segmenter.planning.side_effects.tracking import in_words


def sentences(ahead: Ahead) -> Iterator[str]:
    """Every side effect of a plan that is known of, in the order in which it is best told."""
    return chain.from_iterable(effect(ahead) for effect in EFFECTS)


def refusals(ahead: Ahead) -> Iterator[Violation]:
    """What stands against the plan because Odoo would not do it."""
    if ahead.unsure:
        sentence = ngettext(
            "{number} lead is won or becomes it, and Odoo {version} lets a won lead have no other probability than "
            "100: leave out the won stages, or do not set the probability there",
            "{number} leads are won or become it, and Odoo {version} lets a won lead have no other probability than "
            "100: leave out the won stages, or do not set the probability there",
            ahead.unsure,
        ).format(number=ahead.unsure, version=ahead.major)
        yield Violation("odoo", ahead.unsure, 0, sentence)


def _automation(ahead: Ahead) -> Iterator[str]:
    if ahead.rules is None:
        yield _(
            "Automation rules run on every change, and the work user may not list them: ask the client's administrator "
            "which rules act on {model}, and to pause those that send mail"
        ).format(model=ahead.model)
    elif ahead.rules:
        yield ngettext(
            "{number} automation rule of this Odoo acts on {model}, and may run on these changes: {names}",
            "{number} automation rules of this Odoo act on {model}, and may run on these changes: {names}",
            len(ahead.rules),
        ).format(number=len(ahead.rules), model=ahead.model, names=", ".join(ahead.rules))


def _chatter(ahead: Ahead) -> Iterator[str]:
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


def _mails(ahead: Ahead) -> Iterator[str]:
    mailed = ahead.tracking.mailed
    if ahead.tracking.choice != "keep" or mailed.nobody:
        return
    if not mailed.known:
        yield _("Followers who subscribed to stages are mailed; the work user may not see who they are")
        return
    yield ngettext(
        "Odoo mails the followers of {number} record about its change: {names}",
        "Odoo mails the followers of {number} records about their changes: {names}",
        mailed.records,
    ).format(number=mailed.records, names=in_words(mailed))
    yield _("An undo mails them again")


def _followers(ahead: Ahead) -> Iterator[str]:
    """Nobody becomes a follower in silence. An undo does not end what it did not begin by a field."""
    if ahead.tracking.choice != "keep":
        return
    if given := sum(ahead.noticed.people.values()):
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


def _won(ahead: Ahead) -> Iterator[str]:
    if ahead.won:
        yield ngettext(
            "Moving {number} lead to a won stage sets its probability to 100 and its closing date",
            "Moving {number} leads to a won stage sets their probability to 100 and their closing date",
            ahead.won,
        ).format(number=ahead.won)
    if ahead.reopened:
        yield ngettext(
            "{number} closed lead loses its closing date by the move, and an undo does not give the old one back",
            "{number} closed leads lose their closing date by the move, and an undo does not give the old one back",
            ahead.reopened,
        ).format(number=ahead.reopened)


def _moves(ahead: Ahead) -> Iterator[str]:
    if moved := sum(ahead.noticed.stages.values()):
        yield ngettext(
            "The date of the last move of {number} lead becomes that of the run, and then that of an undo",
            "The date of the last move of {number} leads becomes that of the run, and then that of an undo",
            moved,
        ).format(number=moved)
    if ahead.noticed.stays and ahead.major < MOVE_DATE_STAYS_SINCE:
        yield ngettext(
            "Writing the team of {number} lead renews the date of the last move, although it does not move",
            "Writing the team of {number} leads renews the date of the last move, although they do not move",
            ahead.noticed.stays,
        ).format(number=ahead.noticed.stays)


def _lost(ahead: Ahead) -> Iterator[str]:
    archived, lead = ahead.noticed.archived, ahead.model == "crm.lead"
    if archived and lead:
        # What "lost" takes differs: archived alone on 14, without a chance as well on 19.
        yield _("Archiving a lead sets its closing date, and Odoo may count it as lost")
    if archived and ahead.major < ACTIVITIES_STAY_SINCE:
        yield ngettext(
            "Archiving deletes the activities that are planned on {number} record, and an undo does not give them back",
            "Archiving deletes the activities that are planned on {number} records, and an undo does not give them "
            "back",
            archived,
        ).format(number=archived)
    if ahead.noticed.restored and lead:
        yield ngettext(
            "An undo archives {number} lead again, and that renews its closing date",
            "An undo archives {number} leads again, and that renews their closing date",
            ahead.noticed.restored,
        ).format(number=ahead.noticed.restored)


def _assignment(ahead: Ahead) -> Iterator[str]:
    if not ahead.tally.assigned:
        return
    if ahead.model == "crm.lead":
        yield _("A new salesperson sets the assignment date of the lead; no mail is sent")
        if ahead.major >= COMPANY_FOLLOWS_SALESPERSON_SINCE:
            yield _("A lead of no company gets that of its new salesperson; an undo leaves it without one again")
    if ahead.noticed.pins:
        yield ngettext(
            "Odoo would give {number} lead its new salesperson's team: the plan writes its own again, so that it stays",
            "Odoo would give {number} leads their new salesperson's team: the plan writes their own again, so that it "
            "stays",
            ahead.noticed.pins,
        ).format(number=ahead.noticed.pins)


def _stage(ahead: Ahead) -> Iterator[str]:
    if ahead.noticed.held:
        yield ngettext(
            "Odoo would move {number} lead to a stage of its team: the plan writes its own again, so that it stays",
            "Odoo would move {number} leads to a stage of their team: the plan writes their own again, so that they "
            "stay",
            ahead.noticed.held,
        ).format(number=ahead.noticed.held)


def _probability(ahead: Ahead) -> Iterator[str]:
    number = ahead.noticed.scoring
    if not number:
        return
    yield ngettext(
        "Odoo may compute the automatic probability of {number} lead anew; assumed is the scoring that Odoo {version} "
        "comes with, which looks at {fields}",
        "Odoo may compute the automatic probability of {number} leads anew; assumed is the scoring that Odoo {version} "
        "comes with, which looks at {fields}",
        number,
    ).format(number=number, version=ahead.major, fields=", ".join(_scored(ahead.major)))
    if not ahead.looked_at:
        return
    if ahead.looked_at < number:
        yield _(
            "Of the first {total} of these leads, {number} show that probability, and no other that a person set"
        ).format(total=ahead.looked_at, number=ahead.automatic)
    else:
        yield ngettext(
            "{number} of these leads shows that probability, and no other that a person set",
            "{number} of these leads show that probability, and no other that a person set",
            ahead.automatic,
        ).format(number=ahead.automatic)


def _scored(major: int) -> list[str]:
    return sorted(SCORING - ({"lang_id"} if major < SCORING_READS_LANGUAGE_SINCE else set()))


def _order(ahead: Ahead) -> Iterator[str]:
    if ahead.noticed.priority:
        yield _("Odoo lists leads by priority first, so their order on people's screens changes")


def _reach(ahead: Ahead) -> Iterator[str]:
    """The other records by name, and what an undo makes of them."""
    if ahead.noticed.contacts:
        yield ngettext(
            "The new contact of {number} lead overwrites its e-mail, phone, names and address, and an undo leaves that",
            "The new contact of {number} leads overwrites their e-mail, phone, names and address, and an undo leaves "
            "that",
            ahead.noticed.contacts,
        ).format(number=ahead.noticed.contacts)
    if ahead.tracking.choice == "silent" and (ahead.noticed.contacts or any(one.leads for one in ahead.others)):
        yield _("What changes on a lead along with its contact is noted in its chatter all the same")
    for one in ahead.others:
        yield from _reached(one)


def _reached(one: Reached) -> Iterator[str]:
    """What becomes of other records by the write of one field."""
    if number := one.contacts + one.leads:
        yield _("Writing {field} also changes {contacts} and {leads}: {names}").format(
            field=one.field,
            contacts=ngettext("{number} other contact", "{number} other contacts", one.contacts).format(
                number=one.contacts
            ),
            leads=ngettext("{number} other lead", "{number} other leads", one.leads).format(number=one.leads),
            names=some_of(one.names, number),
        )
        if one.lost:
            yield ngettext(
                "An undo does not give {number} of them its own {field} back",
                "An undo does not give {number} of them their own {field} back",
                one.lost,
            ).format(number=one.lost, field=one.field)
        else:
            yield _("An undo gives all of them their {field} back").format(field=one.field)
    if one.torn:
        yield ngettext(
            "The plan gives records of {number} contact several values for {field}, and Odoo keeps one: a run leaves "
            "the others as conflicts",
            "The plan gives records of {number} contacts several values for {field}, and Odoo keeps one each: a run "
            "leaves the others as conflicts",
            one.torn,
        ).format(number=one.torn, field=one.field)
    if one.mixed:
        yield ngettext(
            "Records of {number} contact hold several values for {field} now: an undo can give back only one of them",
            "Records of {number} contacts hold several values for {field} now: an undo can give back only one of each",
            one.mixed,
        ).format(number=one.mixed, field=one.field)


EFFECTS = (
    *(_automation, _mails, _chatter, _followers, _moves, _won, _lost, _assignment, _stage),
    *(_probability, _order, _reach),
)
