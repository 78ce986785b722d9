"""The charts of a profile: a bar for each value or stretch of values, and what it is called."""

from __future__ import annotations

from dataclasses import dataclass

from segmenter.conditions.operators import DATES, NUMBERS
from segmenter.i18n import _
from segmenter.profiling.model import Bin, FieldProfile, Profile, Value
from segmenter.reports.profile import amount, named
from segmenter.reports.text import Style

BARS = 20
"""Values of a field in its chart."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart. ``kind``: ``empty`` for the records that hold nothing, ``rest`` for what has no bar of its
    own. ``name``: what Odoo calls the field, where the bar is one."""

    label: str
    count: int
    kind: str = "value"
    name: str = ""


def bars(field: FieldProfile, profile: Profile, style: Style, most: int | None = BARS) -> list[Bar]:
    """The chart of a field: its histogram, or its most frequent values and the others together; and the records that
    hold nothing."""
    shown = field.bins or field.values[:most]
    made = [Bar(named(one.label) if isinstance(one, Value) else reach(field, one, style), one.count) for one in shown]
    # A record counts once for each of its tags, so what is left cannot be told from the sums. It may be less than
    # nothing of others where people changed records between two questions.
    rest = 0 if field.type == "many2many" else field.filled - sum(value.count for value in shown)
    if made and rest > 0:
        made.append(Bar(_("others"), rest, "rest"))
    empty = profile.records - field.filled
    return (
        [*made, Bar(_("(empty or 0)") if field.type in NUMBERS else named(""), empty, "empty")] if empty > 0 else made
    )


def reach(field: FieldProfile, held: Bin, style: Style) -> str:
    """What a bar of a histogram stands for: ``1.000.000 to 2.000.000``, ``mar 2026``."""
    if field.type in DATES:
        return period(held, style)
    start, end = (None if bound is None else amount(field, bound, style) for bound in (held.start, held.end))
    if start is None:
        return _("less than {amount}").format(amount=end)
    if end is None:
        return _("{amount} or more").format(amount=start)
    if field.type == "integer":
        # Whole numbers, so that the last one is known.
        last = style.number(float(str(held.end)) - 1)
        return start if start == last else _("{least} to {greatest}").format(least=start, greatest=last)
    return _("{least} to less than {greatest}").format(least=start, greatest=end)


def period(held: Bin, style: Style) -> str:
    """A month, quarter, year or some years."""
    if held.start is None:
        return _("before {period}").format(period=style.month(str(held.end)))
    if held.end is None:
        return _("{period} or later").format(period=style.month(str(held.start)))
    (year, month), (next_year, next_month) = ((int(str(day)[:4]), int(str(day)[5:7])) for day in (held.start, held.end))
    months = 12 * (next_year - year) + next_month - month
    if months == 1:
        return style.month(str(held.start))
    if months == 3:
        return style.quarter(str(held.start))
    last = next_year - 1
    return str(year) if year == last else _("{least} to {greatest}").format(least=year, greatest=last)
