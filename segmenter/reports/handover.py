"""What the client gets at the end: the lists of the bundle, which `cli` puts together."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from segmenter.engagement import Status
from segmenter.i18n import N_, _
from segmenter.ledger import Approval, ChainReport, Ledger, LogEntry, Run
from segmenter.plans.changes import ConfigChange, with_ids
from segmenter.plans.plan import Plan
from segmenter.reports import csvs, jsons
from segmenter.reports.engagement import document as status_document
from segmenter.reports.families import Family
from segmenter.reports.logbook import document as log_document
from segmenter.reports.logbook import write_csv
from segmenter.reports.state.build import State
from segmenter.reports.values import Values
from segmenter.spec.model import Consultant

FILES = {
    "readme": N_("README.txt"),
    "verification": N_("VERIFICATION.txt"),
    "state_page": N_("state-today.html"),
    "state_book": N_("state-today.xlsx"),
    "agreement": N_("agreement.html"),
    "segments": N_("segments.csv"),
    "favourites": N_("favourites.csv"),
    "log": N_("log.csv"),
    "log_json": N_("log.json"),
    "status": N_("service.json"),
    "manifest": N_("manifest.json"),
}
"""What is in the bundle -> its name; in the client's language through `file_name`."""


def file_name(what: str) -> str:
    """The name of a file of the bundle, in the language spoken now."""
    return _(FILES[what])


@dataclass(frozen=True)
class Favourite:
    """One favourite that the runs saved in Odoo's search bar. ``domain``: as Odoo keeps it, a Python literal.

    ``live``: it shows whatever meets the criteria on the day, not what was tagged.
    """

    name: str
    model: str
    domain: str
    live: bool = False


@dataclass(frozen=True)
class Report:
    """One report of the bundle: the id of the run or plan that it tells of, its page and its workbook."""

    told: str
    html: str
    xlsx: str


@dataclass(frozen=True)
class Handover:
    """All that the bundle tells. ``families``: every apply, ``plans``: theirs by id, ``last_plan``: the last one made.

    ``plan``: the last that stands, else the last one; ``run``: that of `standing_run`, None when nothing stands;
    ``undo``: the run that took ``plan`` back, where there is one. ``spec_file``: the spec of ``plan`` in the bundle;
    ``specs``: name -> text of all that stand. ``state``: where every record is now, None when nothing stands.
    ``reports``: of what did not come to its end, and of what came last where nothing stands. ``agreements``: the pages
    of what was agreed. ``left_behind``: what undos left in Odoo because the work user may not delete it.
    """

    plan: Plan
    run: Run | None
    undo: Run | None
    families: Sequence[Family]
    plans: Mapping[str, Plan]
    last_plan: Plan
    spec_file: str
    specs: Mapping[str, str]
    state: State | None
    agreements: Mapping[str, str]
    reports: Sequence[Report]
    favourites: Sequence[Favourite]
    log: Sequence[LogEntry]
    approvals: Sequence[Approval]
    status: Status
    chain: ChainReport
    left_behind: Sequence[ConfigChange] = ()
    consultant: Consultant = field(default_factory=Consultant)


def standing_run(runs: Sequence[Run]) -> Run | None:
    """The last run of the last apply that was not undone: itself, or the resume that ended it."""
    undone = {run.root for run in runs if run.kind == "undo" and not run.waits}
    return next((run for run in reversed(runs) if run.kind != "undo" and run.root not in undone), None)


def undo_of(plan: str, runs: Sequence[Run]) -> Run | None:
    """The last run that took the changes of a plan back."""
    return next((run for run in reversed(runs) if run.kind == "undo" and run.plan == plan and not run.by_admin), None)


def left_behind(ledger: Ledger, root: str, plan: Plan) -> list[ConfigChange]:
    """What a family created that no undo, and no administrator, has deleted."""
    there = ledger.created(root)
    return [change for change in plan.config if change.creates and change.ref in there]


def favourites(ledger: Ledger, runs: Sequence[Run]) -> list[Favourite]:
    """Those that stand after these runs, by name; a later run has the last word on a name."""
    found: dict[tuple[str, str], Favourite] = {}
    for run in runs:
        if run.kind != "apply":
            continue
        plan, ids = ledger.plan(run.plan), ledger.config_ids(run.id)
        for change in plan.config:
            if change.model == "ir.filters" and "domain" in change.after and change.ref in ids:
                domain = with_ids(change.after["domain"], ids)
                live = isinstance(domain, str)  # the web client makes today's dates of it
                text = domain if live else str([tuple(leaf) if isinstance(leaf, list) else leaf for leaf in domain])
                found[plan.identity.model, change.name] = Favourite(change.name, plan.identity.model, text, live)
    return [found[key] for key in sorted(found)]


def texts(what: Handover, client: str) -> Iterator[tuple[str, str]]:
    """Name and text of each file that is text, in the order of the bundle. CSV files begin with a byte-order mark."""
    yield from what.specs.items()
    yield file_name("segments"), _segments(what.plan)
    if what.favourites:
        rows = ([f.name, f.model, f.domain] for f in what.favourites)
        yield file_name("favourites"), _csv([_("Favourite"), _("Model"), _("Domain")], rows)
    log = io.StringIO(newline="")
    write_csv(what.log, log)
    yield file_name("log"), "\ufeff" + log.getvalue()
    yield file_name("log_json"), _json("log", log_document(client, what.log, what.approvals))
    yield file_name("status"), _json("status", status_document(what.status, client))


def manifest(what: Handover, client: str, files: Mapping[str, str]) -> str:
    """``{"kind": "handover", "client", "on", "plan", "run", "undo", "applied", "approvals", "chain", "favourites",
    "files": {name: SHA-256}}`` as JSON.

    ``run``: the last that stands; ``applied``: every apply: ``{"plan", "runs": [run], "undo": run, "written",
    "kept"}``, as `reports.families.Family` has them.
    """
    return _json(
        "handover",
        {
            "client": client,
            "on": what.status.on.isoformat(),
            "plan": {"id": what.plan.id, "digest": what.plan.digest, "made_at": what.plan.identity.made_at},
            "run": _run(what.run),
            "undo": _run(what.undo),
            "applied": [
                {
                    "plan": family.plan,
                    "runs": [_run(run) for run in family.runs],
                    "undo": _run(family.undo),
                    "written": family.written,
                    "kept": family.kept,
                }
                for family in what.families
            ],
            "approvals": what.approvals,
            "chain": {"head": what.chain.head, "entries": what.chain.entries},
            "favourites": what.favourites,
            "files": files,
        },
    )


def _run(run: Run | None) -> dict[str, str | None] | None:
    return {"id": run.id, "status": run.status, "at": run.started_at} if run else None


def _segments(plan: Plan) -> str:
    """Criteria in words, and as a domain: not of a default, as [] would be every record, nor of an export, whose ids
    are nobody's."""
    say = Values(plan)
    head = [_("Segmentation"), _("Segment"), _("Criteria")]
    rows = [
        [count.segmentation, count.segment, say.criteria(count.condition) or _("(all the rest)")]
        for count in plan.counts.segments
    ]
    if plan.identity.source == "export":
        return _csv(head, rows)
    domains = [str(list(count.domain)) if count.domain else "" for count in plan.counts.segments]
    return _csv(
        [*head, _("Domain of these criteria alone")],
        ([*row, domain] for row, domain in zip(rows, domains, strict=True)),
    )


def _csv(head: Sequence[str], rows: Any) -> str:
    out = io.StringIO(newline="")
    csvs.write(out, head, rows)
    return "\ufeff" + out.getvalue()


def _json(kind: str, body: Mapping[str, Any]) -> str:
    out = io.StringIO()
    jsons.write(out, kind, body)
    return out.getvalue()
