"""What a meeting leaves behind: a plan on the server, the agreement in words, an entry in the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from segmenter.drafting import draft
from segmenter.errors import SegmenterError, UsageError
from segmenter.i18n import _
from segmenter.ledger import LogEntry, open_ledger
from segmenter.reports.logbook import KINDS
from segmenter.spec import loads
from segmenter.spec.secrets import holds_secret
from segmenter.web.meeting import Meeting

SESSIONS = ("definition", "review", "work")


def make_plan(meeting: Meeting) -> str:
    """Makes a plan of the saved spec on the server itself, and keeps it in the ledger; gives its id.

    Raises `SegmenterError` where there is no server, or where the spec does not hold there.
    """
    sources = meeting.sources
    if sources.live is None:
        raise UsageError(_("The page makes no plan of an export"), todo=in_terminal(meeting))
    if meeting.unsaved:
        raise UsageError(_("The spec has changes that are not saved"), todo=_("save it first"))
    spec = replace(loads(meeting.state.text, str(meeting.file)), file=str(meeting.file))
    crm = sources.live()
    drafted = draft(spec, crm.reader, crm.catalog, crm.clock)
    with open_ledger(sources.ledger_place) as ledger:
        return ledger.save_plan(*drafted.to_save()).id


def in_terminal(meeting: Meeting) -> str:
    """How a plan of an export is made."""
    return _(
        "make it in the terminal: segmenter plan {spec} --from EXPORT. Without access to the server, one of an "
        "import-compatible export is applied by hand"
    ).format(spec=meeting.file.name)


def keep_in_log(meeting: Meeting, form: Mapping[str, str]) -> str:
    """Closes the meeting: one entry in the log with its minutes and every edit. Gives the entry's id."""
    if meeting.closed:
        raise UsageError(meeting.closed, todo=_("nothing is left to do here; edits from now on are not in the log"))
    kind, activity, result = (form.get(name, "").strip() for name in ("kind", "activity", "result"))
    minutes = form.get("minutes", "")
    if kind not in SESSIONS or not activity or not result or not minutes.isdecimal() or not 0 < int(minutes) <= 600:
        raise UsageError(
            _("A joint session needs its minutes, what was done and what came of it"), todo=_("fill them in")
        )
    if holds_secret(activity) or holds_secret(result):
        raise UsageError(
            _("A secret seems to stand in the text, and the log goes to the client"),
            todo=_("say it without the secret"),
        )
    if meeting.unsaved:
        raise UsageError(_("The spec has changes that are not saved"), todo=_("save it first"))
    spec = meeting.state.spec
    if spec is None or meeting.sources.author is None:
        raise SegmenterError(_("The text is no spec yet"), todo=_("mend it first"))
    with open_ledger(meeting.sources.ledger_place) as ledger:
        entry = ledger.add_to_log(
            LogEntry(
                kind=kind,  # type: ignore[arg-type]
                at=meeting.now().astimezone(meeting.zone).isoformat(timespec="minutes"),
                activity=activity,
                result=result,
                minutes=int(minutes),
                client=spec.client.name,
                timezone=spec.client.timezone,
                who=meeting.sources.author,
                edits=tuple(_edits(meeting)),
            )
        )
    return entry.id


def _edits(meeting: Meeting) -> Iterator[dict[str, Any]]:
    """Every edit as facts, so that whoever audits it reads it in any language."""
    for entry in meeting.history.entries if meeting.history else ():
        for change in entry.changes:
            yield {
                "at": entry.at.isoformat(timespec="seconds"),
                "action": entry.action,
                "kind": change.kind,
                "path": list(change.path),
                "names": list(change.names),
                "before": change.before,
                "after": change.after,
            }


def kinds(now: str) -> list[dict[str, Any]]:
    """The kinds of meeting that a log knows."""
    return [{"value": kind, "label": _(KINDS[kind]), "chosen": kind == now} for kind in SESSIONS]
