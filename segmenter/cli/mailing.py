"""The mail after the last session of an engagement, with the report that goes along."""

from __future__ import annotations

from segmenter.cli.engagement import Engagement
from segmenter.cli.reporting import usual_file
from segmenter.cli.settings import settings
from segmenter.engagement import SESSION_KINDS, standing
from segmenter.errors import UsageError
from segmenter.i18n import _, speaking
from segmenter.ledger import Ledger
from segmenter.reports.email import Attachment, Mail, mail
from segmenter.reports.families import families


def mail_after(found: Engagement, ledger: Ledger, spec: str | None) -> Mail:
    """The mail about the last joint session. Raises `UsageError` when there was none."""
    sessions = [one for one in standing(found.log) if one.kind in SESSION_KINDS]
    if not sessions:
        raise UsageError(
            _("There is no joint session in the log yet"),
            todo=_("keep it first: segmenter log add --kind definition --minutes 30 --activity TEXT --result TEXT"),
        )
    status = found.status(ledger)
    to_approve = None
    if "approval" in status.waits_for:
        to_approve = (found.plans[-1].id, found.plans[-1].digest)
    applied = families(ledger, found.runs)
    return mail(sessions[-1], status, found.client, _attachment(found, spec), applied=applied, to_approve=to_approve)


def _attachment(found: Engagement, spec: str | None) -> Attachment | None:
    """The report of what came last: the run of the last plan, or the plan itself."""
    if not found.plans:
        return None
    last = found.plans[-1].id
    id = next((run.id for run in reversed(found.runs) if run.plan == last), last)
    place = settings().ledger_place(spec)
    with speaking(found.client.language):
        file = str(usual_file(place, id, ".html"))
    return Attachment(file, f"segmenter report {id}{settings().ledger_option(spec or '')}", id)
