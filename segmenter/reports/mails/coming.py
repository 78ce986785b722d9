"""What follows in an engagement, as sentences that say who does it and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from segmenter.engagement import INCLUDED_MINUTES, SESSION_MINUTES, Status
from segmenter.i18n import N_, _, ngettext
from segmenter.reports.engagement import outside
from segmenter.reports.logbook import minutes
from segmenter.reports.text import Style

_STEPS = {
    "definition": N_("Together we hold the definition session ({minutes}). Please tell us when it suits you."),
    "plan": N_("We make a new plan, because the last one cannot be applied."),
    "approval": N_("You look at the plan and approve it by answering. Before that we write nothing in your Odoo."),
    "review": N_("Together we look at the report in the review session ({minutes})."),
}


def steps(found: Status, style: Style, *, delivered: bool = False) -> list[str]:
    """A sentence for each thing to come but the answer to a request, which `asked` tells. ``delivered``: the mail
    delivers, so that only what comes after a delivery is left.
    """
    waits = [wait for wait in found.waits_for if wait == "review" or (wait != "answer" and not delivered)]
    return [_step(wait, found, style) for wait in waits]


def _step(wait: str, found: Status, style: Style) -> str:
    if wait == "information":
        return _("You send us what is still missing. With it the week until the delivery begins.")
    if wait == "delivery":
        due = found.dates.delivery_due
        if due is None:
            return _("We deliver within a week of the day on which we have everything.")
        return _("We deliver by {day} at the latest.").format(day=day(due, style))
    left = max(found.left, 0)
    return _(_STEPS[wait]).format(minutes=minutes(min(left, SESSION_MINUTES) or SESSION_MINUTES))


def asked(found: Status, style: Style) -> str:
    """What the client was asked for and did not answer, and what follows from that; "" where nothing is open."""
    if found.request is None or found.dates.on_hold_from is None or found.dates.close_possible_from is None:
        return ""
    since = _("Since {day} we have been waiting for this from you: {activity}.")
    wanted = since.format(day=day(found.request.day, style), activity=found.request.activity.rstrip("."))
    hold = found.dates.on_hold_from
    if found.on >= hold:
        told = _("The work is on hold since {day}, as more than 60 days passed without an answer.")
    else:
        told = _("Without an answer the work is put on hold on {day}.")
    close = _("From {day} on it may be closed.").format(day=day(found.dates.close_possible_from, style))
    return " ".join([wanted, told.format(day=day(hold, style)), close])


def time_used(found: Status, style: Style) -> str:
    """What of the included hour was used, and what lies beyond it."""
    if found.left:
        sentence = ngettext(
            "Of the hour of joint work that the service includes, {used} were used; {left} minute is left.",
            "Of the hour of joint work that the service includes, {used} were used; {left} minutes are left.",
            found.left,
        ).format(used=minutes(found.used), left=found.left)
    else:
        sentence = _("The hour of joint work that the service includes ({minutes}) was used in whole.").format(
            minutes=minutes(INCLUDED_MINUTES)
        )
    return " ".join([sentence, *outside(found, style)])


def credit(found: Status, style: Style) -> Iterator[str]:
    """Until when the client has what was not used; nothing where nothing is left or nothing was closed."""
    if found.left and found.dates.closed and found.dates.credit_until:
        yield _("The {minutes} that were not used are yours until {day}.").format(
            minutes=minutes(found.left), day=day(found.dates.credit_until, style)
        )


def day(when: date, style: Style) -> str:
    """A day with its month in letters."""
    return style.day(when.isoformat())
