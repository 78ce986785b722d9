"""The agreement of the meeting in the client's words, with the figures of the page."""

from __future__ import annotations

from segmenter.errors import UsageError
from segmenter.i18n import _, speaking
from segmenter.reports.acta import acta, records_name
from segmenter.reports.acta_content import Acta
from segmenter.reports.acta_content import Figures as Known
from segmenter.reports.acta_page import html, text
from segmenter.reports.actions import Actions
from segmenter.resolving.remembered import references
from segmenter.web.around import Around, Query, Shown
from segmenter.web.closing import kinds
from segmenter.web.meeting import Meeting


def agreed(meeting: Meeting) -> Acta:
    """The agreement as the spec has it now. Raises `UsageError` while there is no data to read names from."""
    spec, figures, data = meeting.state.spec, meeting.state.figures, meeting.data
    if spec is None or figures is None or data is None:
        raise UsageError(_("The spec cannot be read yet"), todo=_("mend its problems first, or wait for the data"))
    resolved = data.measurer.survey(spec)
    known = Known(
        counts={
            (segmentation.name, segment.name): (len(segment.records), segment.revenue)
            for segmentation in figures.segmentations
            for segment in segmentation.segments
        },
        scope=len(figures.scope),
        protected=len(figures.protected),
        uncovered={of.name: len(of.uncovered) for of in figures.segmentations},
        currency=figures.currency,
        examples=figures.examples,
        names=references(spec, resolved, data.crm.catalog),
    )
    at = meeting.now().astimezone(meeting.zone).isoformat(timespec="minutes")
    return acta(spec, resolved, known, at=at, consultant=spec.consultant.name)


def page(meeting: Meeting) -> str:
    """The agreement as one HTML file to send, in the client's language."""
    with speaking(_language(meeting)):
        return html(agreed(meeting))


def panel(_asked: Query, around: Around) -> Shown:
    """The agreement to read aloud, and what the log keeps of the meeting."""
    meeting = around.meeting
    with speaking(_language(meeting)):
        read = text(agreed(meeting))
    minutes = max(1, int((meeting.now() - meeting.began).total_seconds() // 60))
    names = ", ".join(segmentation.name for segmentation in around.figures.segmentations)
    return {
        "name": "acta",
        "title": _("The agreement"),
        "template": "panel_acta.html",
        "text": read,
        "closed": meeting.closed,
        "kinds": kinds("review" if meeting.sources.plan else "definition"),
        "minutes": minutes,
        "activity": _("Segmentation criteria"),
        "result": names,
    }


def does(around: Around, s: int, g: int) -> list[str]:
    """What is done with the records of a segment, a sentence for each thing that is written."""
    spec, data = around.meeting.state.spec, around.meeting.data
    if spec is None or data is None:
        return []
    segmentation, resolved = spec.segmentations[s], data.measurer.survey(spec)
    said = Actions(resolved, references(spec, resolved, data.crm.catalog), around.words.style, around.words.money)
    return list(said.of(segmentation, segmentation.all_segments[g]))


def records_of(around: Around) -> str:
    """What the client calls the records of the scope: opportunities, contacts..."""
    spec, data = around.meeting.state.spec, around.meeting.data
    if spec is None or data is None:
        return ""
    return records_name(data.measurer.survey(spec), spec.client.language)


def _language(meeting: Meeting) -> str:
    return meeting.state.spec.client.language if meeting.state.spec else "es"
