"""The terms of the service: what it includes, and the rule behind each of its dates.

All dates are days of the client's calendar. Weeks and days are counted in days, months in calendar months: six months
after 31 August is the last day of February.
"""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

SESSIONS = 2
SESSION_MINUTES = 30
INCLUDED_MINUTES = SESSIONS * SESSION_MINUTES
"""One hour of joint work. The hour decides what is outside the service, whatever the number and the length of the
sessions: nobody who has minutes left is told that a session is outside."""

DELIVERY = timedelta(weeks=1)
"""From the day on which the information is complete to the delivery."""
ANSWER = timedelta(days=60)
"""How long a formal request may stay without an answer before the engagement is on hold (*En espera por cliente*)."""
HOLD = timedelta(days=90)
"""How long it is on hold before it may be closed."""
CREDIT = relativedelta(months=6)
"""How long the client has what was not used, from the close on."""


def delivery_due(complete: date) -> date:
    """The day of the delivery, the information being complete on ``complete``."""
    return complete + DELIVERY


def on_hold_from(request: date) -> date:
    """The first day on hold: the first with *more* than 60 days since the request."""
    return request + ANSWER + timedelta(days=1)


def close_possible_from(on_hold: date) -> date:
    """The first day on which an engagement on hold since ``on_hold`` may be closed: 90 days of it have passed."""
    return on_hold + HOLD


def credit_until(close: date) -> date:
    """The last day of the credit. A month that has no such day ends it on its own last one."""
    return close + CREDIT
