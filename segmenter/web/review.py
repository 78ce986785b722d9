"""The review beside the board: the plan under discussion, what a new plan changes of it, its report, the sign-off."""

from __future__ import annotations

from collections.abc import Mapping

from segmenter.errors import UsageError
from segmenter.i18n import _
from segmenter.ledger import open_ledger, read_ledger
from segmenter.planning.approval import called
from segmenter.reports import approvals, diff
from segmenter.reports.review import page as review_page
from segmenter.reports.review.build import review
from segmenter.reports.text import Style
from segmenter.spec.secrets import holds_secret
from segmenter.web.around import Around, Query, Shown
from segmenter.web.meeting import Meeting


def plan(_asked: Query, around: Around) -> Shown:
    """The last plan of the meeting: against the one before, where there is one, and who signed it off."""
    meeting = around.meeting
    with read_ledger(meeting.sources.ledger_place) as ledger:
        last = ledger.plan(meeting.plans[-1])
        told = None
        if len(meeting.plans) > 1:
            compared = diff.from_ledger(ledger, meeting.plans[-2], meeting.plans[-1])
            told = diff.told(compared, diff.names_in(ledger, compared))
        style = Style(last.identity.language, last.identity.timezone)
        signed = [approvals.line(approval, style).plain for approval in ledger.approvals(last.id)]
    return {
        "name": "plan",
        "title": _("Plan {id}").format(id=last.id),
        "template": "panel_plan.html",
        "id": last.id,
        "digest": last.digest[:12],
        "made": style.moment(last.identity.made_at),
        "told": told,
        "signed": signed,
        "approver": called(last.rules.approver),
        "differs": list(_differences(around, {(c.segmentation, c.segment): c.taken for c in last.counts.segments})),
    }


def _differences(around: Around, planned: Mapping[tuple[str, str], int]) -> list[str]:
    """How the board differs from the plan: the spec was edited since, or the data is not what it was."""
    shown = {
        (segmentation.name, segment.name): len(segment.records)
        for segmentation in around.figures.segmentations
        for segment in segmentation.segments
    }
    number = around.words.style.number
    return [
        _("{name}: {before} in the plan, {after} on the board").format(
            name=": ".join(key), before=number(planned[key]), after=number(shown[key])
        )
        for key in planned
        if key in shown and planned[key] != shown[key]
    ]


def report(meeting: Meeting) -> str:
    """The report of the last plan, as `segmenter report` writes it."""
    if not meeting.plans:
        raise UsageError(_("There is no plan yet"), todo=_("make one first"))
    with read_ledger(meeting.sources.ledger_place) as ledger:
        found = review(ledger, meeting.plans[-1])
        return review_page.html(found, meeting.sources.consultant(found.plan))


def approve(meeting: Meeting, form: Mapping[str, str]) -> str:
    """Keeps the sign-off of the last plan's digest, as `segmenter approve` does. Gives the plan's id."""
    by, evidence = form.get("by", "").strip(), form.get("evidence", "").strip()
    if holds_secret(evidence):
        raise UsageError(_("A secret seems to stand in the evidence"), todo=_("say where to find it, nothing more"))
    if not meeting.plans or meeting.sources.author is None:
        raise UsageError(_("There is no plan yet"), todo=_("make one first"))
    with open_ledger(meeting.sources.ledger_place, create=False) as ledger:
        return ledger.approve(meeting.plans[-1], by, evidence, meeting.sources.author).plan
