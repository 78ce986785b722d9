"""Whether a run may note its changes in the chatter: asked again when it begins, where the spec did not say.

A plan keeps the trace where nobody would be mailed (`side_effects.tracking`). Somebody may have begun to follow since,
or an undo may bring back who follows a former team. An apply that has not begun is refused then: a new plan asks. What
has begun goes on and goes back in silence, which mails nobody, stands in nobody's way, and is told in the run's report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby

from segmenter.errors import StalePlan
from segmenter.i18n import _
from segmenter.odoo.questions import chunks
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.versions import NOTES_MAIL_SINCE
from segmenter.planning.model import Change, Plan
from segmenter.planning.side_effects.mailing import CAN_MAIL, Mailing
from segmenter.planning.side_effects.tracking import Mailed, subscribers, whom
from segmenter.spec import loads

Changes = Callable[[], Iterable[Change]]
"""What a run is about to write, in order of record; may be asked for twice."""


def check_nobody_mailed(plan: Plan, changes: Changes, reader: OdooReader) -> None:
    """Raises `StalePlan` where an apply would mail somebody whom neither the spec nor the plan speaks of."""
    mailed = mailed_unsaid(plan, changes, reader)
    if not mailed.nobody:
        what = _("{plan} notes its changes in the chatter, because nobody would be mailed; that is so no more.")
        raise StalePlan(
            f"{what.format(plan=plan.id)} {whom(mailed)}",
            todo=_("say in the spec, `tracking: keep` or `tracking: silent`, and plan again"),
        )


def why_silent(plan: Plan, changes: Changes, reader: OdooReader) -> str:
    """Why what has begun notes nothing; "" where it does as the plan says."""
    mailed = mailed_unsaid(plan, changes, reader)
    if mailed.nobody:
        return ""
    return f"{_('Nothing was noted in it, since the spec does not say to mail anybody.')} {whom(mailed)}"


def mailed_unsaid(plan: Plan, changes: Changes, reader: OdooReader) -> Mailed:
    """Whom these changes would mail now. Nobody, and nothing is asked, where the spec says what to do, the plan is
    silent, or none of its fields can be mailed."""
    by_default = plan.tracking == "keep" and plan.model == "crm.lead" and not CAN_MAIL.isdisjoint(plan.field_types)
    if not by_default or reader.identity.major < NOTES_MAIL_SINCE:
        return Mailed()
    if loads(plan.spec_text, plan.spec_file).tracking is not None:
        return Mailed()
    archived = _archived(changes, reader) if "probability" in plan.field_types else frozenset()
    mailing = Mailing()
    for record, some in groupby(changes(), key=lambda change: change.record):
        mailing.see(record, {change.field: change for change in some}, archived=record in archived)
    return subscribers(mailing, reader)


def _archived(changes: Changes, reader: OdooReader) -> frozenset[int]:
    """The archived ones among the leads whose probability comes from 0 or goes there."""
    turned = [one.record for one in changes() if one.field == "probability" and bool(one.before) != bool(one.after)]
    return frozenset(
        record
        for some in chunks(turned)
        for record in reader.search("crm.lead", [("id", "in", some), ("active", "=", False)])
    )
