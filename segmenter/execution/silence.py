"""Whether a run may note its changes in the chatter: asked again when it begins, where the spec did not say.

A plan keeps the trace where nobody would be mailed (`behaviours.chatter`). Somebody may have begun to follow since,
or an undo may bring back who follows a former team. An apply that has not begun is refused then: a new plan asks. What
has begun goes on and goes back in silence, which mails nobody, stands in nobody's way, and is told in the run's report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby

from segmenter.behaviours.settings import OUTCOME
from segmenter.behaviours.subscribers import CAN_MAIL, NOBODY, NOTES_MAIL_SINCE, Mailed, Mailing, subscribers
from segmenter.errors import StalePlan
from segmenter.i18n import _, ngettext, some_of, together
from segmenter.odoo.questions import chunks
from segmenter.odoo.reader import OdooReader
from segmenter.plans.changes import Change
from segmenter.plans.plan import Plan

Changes = Callable[[], Iterable[Change]]
"""What a run is about to write, in order of record; may be asked for twice."""


def check_nobody_mailed(plan: Plan, changes: Changes, reader: OdooReader) -> None:
    """Raises `StalePlan` where an apply would mail somebody whom neither the spec nor the plan speaks of."""
    mailed = mailed_unsaid(plan, changes, reader)
    if not mailed.nobody:
        what = _("{plan} notes its changes in the chatter, because nobody would be mailed; that is so no more.")
        raise StalePlan(
            f"{what.format(plan=plan.id)} {_whom(mailed)}",
            todo=_("say in the spec, `tracking: keep` or `tracking: silent`, and plan again"),
        )


def why_silent(plan: Plan, changes: Changes, reader: OdooReader) -> str:
    """Why what has begun notes nothing; "" where it does as the plan says."""
    mailed = mailed_unsaid(plan, changes, reader)
    if mailed.nobody:
        return ""
    nothing = _("Nothing was noted in it, since the spec does not say to mail anybody.")
    return together("{nothing} {whom}", nothing=nothing, whom=_whom(mailed))


def mailed_unsaid(plan: Plan, changes: Changes, reader: OdooReader) -> Mailed:
    """Whom these changes would mail now. Nobody, and nothing is asked, where the spec says what to do, the plan is
    silent, or none of its fields can be mailed."""
    by_default = (
        plan.rules.tracking == "keep"
        and not plan.rules.tracking_chosen
        and plan.identity.model == "crm.lead"
        and not CAN_MAIL.isdisjoint(plan.names.field_types)
    )
    if not by_default or reader.identity.major < NOTES_MAIL_SINCE:
        return NOBODY
    turns = "probability" in plan.names.field_types and OUTCOME in reader.fields("crm.lead")
    archived = _archived(changes, reader) if turns else frozenset()
    mailing = Mailing()
    for record, of_record in groupby(changes(), key=lambda change: change.record):
        mailing.add([record], {change.field: change for change in of_record}, archived=record in archived)
    return subscribers(mailing, reader)


def _whom(mailed: Mailed) -> str:
    if not mailed.known:
        return _("The work user may not see who follows these records and would be mailed.")
    return ngettext(
        "{number} record has followers whom Odoo would mail about its change: {names}.",
        "{number} records have followers whom Odoo would mail about their changes: {names}.",
        mailed.records,
    ).format(number=mailed.records, names=some_of(mailed.names, mailed.people))


def _archived(changes: Changes, reader: OdooReader) -> frozenset[int]:
    """The archived ones among the leads whose probability comes from 0 or goes there."""
    turned = [one.record for one in changes() if one.field == "probability" and bool(one.before) != bool(one.after)]
    return frozenset(
        record
        for portion in chunks(turned)
        for record in reader.search("crm.lead", [("id", "in", portion), ("active", "=", False)])
    )
