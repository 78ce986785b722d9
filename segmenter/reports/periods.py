"""What "the last 90 days" meant when a plan was made, in days of the client's calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from segmenter.conditions import Span, length
from segmenter.i18n import _
from segmenter.plans.expected import Period
from segmenter.plans.plan import Plan
from segmenter.reports.text import Style


def periods(plan: Plan, style: Style) -> Iterator[str]:
    """``the last 90 days: from August 25, 2026 to November 23, 2026``, each once."""
    yield from dict.fromkeys(period(meant, style) for meant in plan.periods)


def period(period: Period, style: Style) -> str:
    """``the last 90 days: from August 25, 2026 to November 23, 2026``."""
    if not period.operator:
        return period.field
    name = length(Span(period.count, period.unit), period.operator)
    if period.operator == "older_than":
        name = _("more than {span} ago").format(span=name)
    return f"{name}: {_days(period.start, period.end, style)}"


def _days(low: str | None, high: str | None, style: Style) -> str:
    first, last = low and style.day(_day(low, style).isoformat()), high and _last(high, style)
    if first and last:
        return _("from {first} to {last}").format(first=first, last=last)
    return _("from {first} on").format(first=first) if first else _("until {last}").format(last=last)


def _last(high: str, style: Style) -> str:
    """The last day before ``high``."""
    if len(high) == 10:
        return style.day((date.fromisoformat(high) - timedelta(days=1)).isoformat())
    before = datetime.fromisoformat(high) - timedelta(seconds=1)
    return style.day(_day(before.isoformat(" "), style).isoformat())


def _day(text: str, style: Style) -> date:
    """The client's day of a moment in UTC; of a date, itself."""
    if len(text) == 10:
        return date.fromisoformat(text)
    return datetime.fromisoformat(f"{text}+00:00").astimezone(style.zone).date()
