"""What the client gets at the end: the texts and lists of the bundle, which `cli` puts together."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from segmenter.engagement import Status
from segmenter.i18n import N_, _, ngettext, speaking
from segmenter.ledger import Approval, ChainReport, Ledger, LogEntry, Run
from segmenter.planning.model import Json, Plan
from segmenter.reports import csvs, jsons
from segmenter.reports.engagement import document as status_document
from segmenter.reports.engagement import lines as status_lines
from segmenter.reports.logbook import document as log_document
from segmenter.reports.logbook import write_csv
from segmenter.reports.review.build import in_language
from segmenter.reports.runs import status_name
from segmenter.reports.text import Style, clean

LEDGER_COPY = "segmenter.ledger"
README = {"es": "LEEME.txt", "en": "README.txt"}


@dataclass(frozen=True)
class Favourite:
    """One favourite that the runs saved in Odoo's search bar. ``domain``: as Odoo keeps it, a Python literal."""

    name: str
    model: str
    domain: str


@dataclass(frozen=True)
class Handover:
    """All that the bundle tells. ``run``: that of `standing_run`, None when nothing of the plan stands; ``undo``: the
    run that took it back, where there is one.

    ``spec_file``: its name in the bundle. ``told``: the id of what the report and the workbook are about; ``reports``:
    their names.
    """

    plan: Plan
    run: Run | None
    undo: Run | None
    spec_file: str
    told: str
    reports: Sequence[str]
    favourites: Sequence[Favourite]
    log: Sequence[LogEntry]
    approvals: Sequence[Approval]
    status: Status
    chain: ChainReport


def standing_run(runs: Sequence[Run]) -> Run | None:
    """The last run of the last apply that was not undone: itself, or the resume that ended it."""
    undone = {run.root for run in runs if run.kind == "undo"}
    return next((run for run in reversed(runs) if run.root not in undone), None)


def undo_of(plan: str, runs: Sequence[Run]) -> Run | None:
    """The last run that took the changes of a plan back."""
    return next((run for run in reversed(runs) if run.kind == "undo" and run.plan == plan), None)


def favourites(ledger: Ledger, runs: Sequence[Run]) -> list[Favourite]:
    """Those that stand after these runs, by name; a later run has the last word on a name."""
    found: dict[tuple[str, str], Favourite] = {}
    undone = {run.root for run in runs if run.kind == "undo"}
    for run in runs:
        if run.kind != "apply" or run.id in undone:
            continue
        plan, ids = ledger.plan(run.plan), ledger.config_ids(run.id)
        for change in plan.config:
            if change.model == "ir.filters" and "domain" in change.after and (change.ref in ids or not change.creates):
                domain = _resolved(change.after["domain"], ids)
                text = str([tuple(leaf) if isinstance(leaf, list) else leaf for leaf in domain])
                found[plan.model, change.name] = Favourite(change.name, plan.model, text)
    return [found[key] for key in sorted(found)]


def _resolved(domain: Json, ids: Mapping[int, int]) -> Json:
    """A domain with the ids that the server gave to what the plan created."""
    if isinstance(domain, list | tuple):
        return [_resolved(one, ids) for one in domain]
    return ids.get(domain, domain) if isinstance(domain, int) and not isinstance(domain, bool) else domain


def texts(what: Handover, client: str) -> Iterator[tuple[str, str]]:
    """Name and text of each file that is text, in the order of the bundle. CSV files begin with a byte-order mark."""
    for code in ("es", "en"):
        with speaking(code):
            style = Style(what.plan.language, what.plan.timezone)
            yield README[code], "\r\n".join(_readme(what, client, style)) + "\r\n"
    yield what.spec_file, what.plan.spec_text
    yield "segments.csv", _csv([_("Segmentation"), _("Segment"), _("Criteria"), _("Domain")], _segments(what.plan))
    yield (
        "favourites.csv",
        _csv([_("Favourite"), _("Model"), _("Domain")], ([f.name, f.model, f.domain] for f in what.favourites)),
    )
    log = io.StringIO(newline="")
    write_csv(what.log, log)
    yield "log.csv", "\ufeff" + log.getvalue()
    yield "log.json", _json("log", log_document(client, what.log, what.approvals))
    yield "status.json", _json("status", status_document(what.status, client))


def manifest(what: Handover, client: str, files: Mapping[str, str]) -> str:
    """``{"kind": "handover", "client", "on", "plan", "run", "undo", "chain", "files": {name: SHA-256}}`` as JSON."""
    return _json(
        "handover",
        {
            "client": client,
            "on": what.status.on.isoformat(),
            "plan": {"id": what.plan.id, "digest": what.plan.digest, "made_at": what.plan.made_at},
            "run": _run(what.run),
            "undo": _run(what.undo),
            "approvals": what.approvals,
            "chain": {"head": what.chain.head, "entries": what.chain.entries},
            "favourites": what.favourites,
            "files": files,
        },
    )


def _run(run: Run | None) -> dict[str, str | None] | None:
    return {"id": run.id, "status": run.status, "at": run.started_at} if run else None


def _segments(plan: Plan) -> Iterator[list[object]]:
    for one in in_language(plan).segments:
        yield [one.segmentation, one.segment, one.words or _("(all the rest)"), str(list(one.domain))]


def _csv(head: Sequence[str], rows: Any) -> str:
    out = io.StringIO(newline="")
    csvs.write(out, head, rows)
    return "\ufeff" + out.getvalue()


def _json(kind: str, body: Mapping[str, Any]) -> str:
    out = io.StringIO()
    jsons.write(out, kind, body)
    return out.getvalue()


_FILES = (
    ("segments.csv", N_("every segment: its criteria in words, and as an Odoo domain")),
    ("favourites.csv", N_("the favourites saved in Odoo's search bar, with their domains")),
    ("log.csv, log.json", N_("the joint sessions, requests and approvals")),
    ("status.json", N_("what the service included, what was used of it, and its dates")),
    ("manifest.json", N_("the SHA-256 of every file, and the head of the ledger's hash chain")),
)


def _readme(what: Handover, client: str, style: Style) -> Iterator[str]:
    plan, run, day = what.plan, what.run, style.day(what.status.on.isoformat())
    yield clean(_("{client}: segmentation of the CRM, handed over on {day}").format(client=client, day=day))
    yield ""
    made = _("Plan {plan} of {moment}, digest {digest}.")
    yield made.format(plan=plan.id, moment=style.moment(plan.made_at), digest=plan.digest)
    if run:
        done = _("Applied on {moment} by run {run}: {status}.")
        yield done.format(run=run.id, moment=style.moment(run.started_at), status=status_name(run.status))
    elif undo := what.undo:
        done = _("It was applied, and taken back on {moment} by run {run}: {status}.")
        yield done.format(run=undo.id, moment=style.moment(undo.started_at), status=status_name(undo.status))
    else:
        yield _("It has not been applied.")
    for one in what.approvals:
        if one.plan == plan.id:
            yield clean(_("Approved by {by} ({evidence}).").format(by=one.by, evidence=one.evidence))
    yield from _section(_("What is in here"))
    yield f"- {what.spec_file}: {_('the criteria that were agreed, which the tool reads')}"
    for name in what.reports:
        about = _("the same as a workbook") if name.endswith(".xlsx") else _("the report; it opens in any browser")
        yield f"- {name}: {about}"
    yield from (f"- {name}: {_(about)}" for name, about in _FILES)
    yield from _section(_("How to look for drift"))
    yield _(
        "Records that came in or were edited since may be out of place. These commands say which; they write nothing:"
    )
    yield ""
    yield f"    export SEGMENTER_API_KEY=…          # {_('the API key of a work user, see below')}"
    yield f"    segmenter check {what.spec_file}"
    yield f"    segmenter verify {what.spec_file}"
    yield ""
    yield _("verify answers 0 when everything is in its place, and 10 when something is not.")
    yield from _section(_("How to prove the record"))
    yield _(
        "Everything that was planned, approved, written and logged is in the consultant's ledger, as a chain of hashes."
    )
    yield ngettext(
        "Its head at the handover, after {entries} entry:",
        "Its head at the handover, after {entries} entries:",
        what.chain.entries,
    ).format(entries=what.chain.entries)
    yield ""
    yield f"    {what.chain.head}"
    yield ""
    yield _("A copy of the ledger is whole, and holds all of that, if this answers 0:")
    yield ""
    yield f"    segmenter runs --ledger {LEDGER_COPY} --head {what.chain.head}"
    yield from _section(_("What to close"))
    yield _("The work user is needed no more: delete its API keys, then archive it. The exact steps for this Odoo:")
    yield ""
    yield f"    segmenter check {what.spec_file} --guide"
    yield from _section(_("The service"))
    yield from status_lines(what.status, style)


def _section(title: str) -> Iterator[str]:
    yield ""
    yield title.upper()
    yield ""
