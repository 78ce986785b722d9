"""What a plan's writes do to a lead besides themselves: its dates, stage, probability, and what is planned on it."""

from __future__ import annotations

from collections.abc import Iterator

from segmenter.i18n import _, ngettext, some_of
from segmenter.odoo.versions import ACTIVITIES_STAY_SINCE, MOVE_DATE_STAYS_SINCE, SCORING_READS_LANGUAGE_SINCE
from segmenter.planning.side_effects.ahead import Ahead
from segmenter.planning.side_effects.notice import SCORING


def moves(ahead: Ahead) -> Iterator[str]:
    if moved := sum(ahead.noticed.stages.values()):
        yield ngettext(
            "The date of the last move of {number} lead becomes that of the run, and then that of an undo",
            "The date of the last move of {number} leads becomes that of the run, and then that of an undo",
            moved,
        ).format(number=moved)
    if ahead.noticed.stays and ahead.major < MOVE_DATE_STAYS_SINCE:
        yield ngettext(
            "Writing the team of {number} lead renews the date of the last move, although it does not move, and an "
            "undo renews it again",
            "Writing the team of {number} leads renews the date of the last move, although they do not move, and an "
            "undo renews it again",
            ahead.noticed.stays,
        ).format(number=ahead.noticed.stays)


MOST_PROPERTIES = 5
TIME_IN_STAGE = "duration_tracking"
"""From Odoo 17 on. Made of the notes of moves in the chatter: what is not noted did not happen (measured, 17 to 19)."""


def time_in_stage(ahead: Ahead) -> Iterator[str]:
    moved = sum(ahead.noticed.stages.values())
    if moved and ahead.tracking.choice == "silent" and TIME_IN_STAGE in ahead.labels:
        yield ngettext(
            "The time in stage of {number} lead is spoiled: the move leaves no note, so Odoo counts for the new stage "
            "all time since the last move that was noted, or since the lead was made; `tracking: keep` avoids that",
            "The time in stage of {number} leads is spoiled: the moves leave no note, so Odoo counts for the new stage "
            "all time since the last move that was noted, or since the lead was made; `tracking: keep` avoids that",
            moved,
        ).format(number=moved)


def won(ahead: Ahead) -> Iterator[str]:
    if ahead.won:
        yield ngettext(
            "Moving {number} lead to a won stage sets its probability to 100",
            "Moving {number} leads to a won stage sets their probability to 100",
            ahead.won,
        ).format(number=ahead.won)


def closing(ahead: Ahead) -> Iterator[str]:
    """Of leads that are won, archived, reopened, or get a probability."""
    number = ahead.closed
    if number.dated:
        yield ngettext(
            "{number} lead is closed by the run: its closing date becomes that of the run",
            "{number} leads are closed by the run: their closing date becomes that of the run",
            number.dated,
        ).format(number=number.dated)
    if number.emptied:
        yield ngettext(
            "{number} closed lead loses its closing date",
            "{number} closed leads lose their closing date",
            number.emptied,
        ).format(number=number.emptied)
    if number.astray:
        yield ngettext(
            "An undo does not leave the closing date of {number} lead as it is now: it stays changed, is renewed or "
            "is emptied",
            "An undo does not leave the closing date of {number} leads as it is now: it stays changed, is renewed or "
            "is emptied",
            number.astray,
        ).format(number=number.astray)


def archiving(ahead: Ahead) -> Iterator[str]:
    archived = ahead.noticed.archived
    if archived and ahead.model == "crm.lead":
        # What "lost" takes differs: archived alone on 14, without a chance as well on 19.
        yield _("Odoo may count a lead that is archived as lost")
    if archived and ahead.major < ACTIVITIES_STAY_SINCE:
        yield ngettext(
            "Archiving deletes the activities that are planned on {number} record, and an undo does not give them back",
            "Archiving deletes the activities that are planned on {number} records, and an undo does not give them "
            "back",
            archived,
        ).format(number=archived)


def stage(ahead: Ahead) -> Iterator[str]:
    if ahead.noticed.held:
        yield ngettext(
            "Odoo would move {number} lead to a stage of its team: the plan writes its own again, so that it stays",
            "Odoo would move {number} leads to a stage of their team: the plan writes their own again, so that they "
            "stay",
            ahead.noticed.held,
        ).format(number=ahead.noticed.held)


def properties(ahead: Ahead) -> Iterator[str]:
    if number := ahead.noticed.stripped:
        lost = ahead.noticed.lost_properties
        names = [name for name, _times in lost.most_common(MOST_PROPERTIES)]
        yield ngettext(
            "{number} lead loses properties of its team, which its new team does not have ({names}); an undo gives "
            "them back",
            "{number} leads lose properties of their team, which their new team does not have ({names}); an undo gives "
            "them back",
            number,
        ).format(number=number, names=some_of(names, len(lost)))


def by_hand(ahead: Ahead) -> Iterator[str]:
    if ahead.by_hand:
        yield ngettext(
            "The probability of {number} lead counts as set by a person from then on, and can after an undo: Odoo's "
            "scoring does not move it",
            "The probability of {number} leads counts as set by a person from then on, and can after an undo: Odoo's "
            "scoring does not move it",
            ahead.by_hand,
        ).format(number=ahead.by_hand)


def scoring(ahead: Ahead) -> Iterator[str]:
    number = ahead.noticed.scoring
    if number:
        looked_at = [ahead.labels[name] for name in _scored(ahead.major) if name in ahead.labels]
        yield ngettext(
            "Odoo may compute the automatic probability of {number} lead anew; assumed is the scoring that Odoo "
            "{version} comes with, which looks at {fields}",
            "Odoo may compute the automatic probability of {number} leads anew; assumed is the scoring that Odoo "
            "{version} comes with, which looks at {fields}",
            number,
        ).format(number=number, version=ahead.major, fields=", ".join(looked_at))
    if ahead.looked_at and ahead.looked_at < number:
        yield _(
            "Of the first {total} of these leads, {number} show that probability, and no other that a person set"
        ).format(total=ahead.looked_at, number=ahead.automatic)
    elif ahead.looked_at:
        yield ngettext(
            "{number} of these leads shows that probability, and no other that a person set",
            "{number} of these leads show that probability, and no other that a person set",
            ahead.automatic,
        ).format(number=ahead.automatic)


def put_back(ahead: Ahead) -> Iterator[str]:
    """Of an archived lead Odoo computes what the probability would be, and keeps the one that it has."""
    if restored := ahead.noticed.scored_restored:
        yield ngettext(
            "An undo leaves {number} lead that it archives again the probability that Odoo computes meanwhile",
            "An undo leaves {number} leads that it archives again the probability that Odoo computes meanwhile",
            restored,
        ).format(number=restored)
    if archived := ahead.noticed.scored_archived:
        yield ngettext(
            "The probability of {number} lead that the run archives counts as set by a person after an undo, if Odoo "
            "computes another one meanwhile",
            "The probability of {number} leads that the run archives counts as set by a person after an undo, if Odoo "
            "computes another one meanwhile",
            archived,
        ).format(number=archived)


def counts(ahead: Ahead) -> Iterator[str]:
    """Measured on 14 and 19: the counts move at once and back with an undo; other leads follow later."""
    if ahead.model == "crm.lead" and (ahead.won or ahead.unwon or ahead.noticed.archived or ahead.noticed.restored):
        yield _(
            "Leads that are won, lost or reopened change what Odoo's scoring counts, and so the automatic probability "
            "of other leads: when one of them changes, or in Odoo's nightly computation"
        )


def _scored(major: int) -> list[str]:
    return sorted(SCORING - ({"lang_id"} if major < SCORING_READS_LANGUAGE_SINCE else set()))


def order(ahead: Ahead) -> Iterator[str]:
    if ahead.noticed.priority:
        yield _("Odoo lists leads by priority first, so their order on people's screens changes")
