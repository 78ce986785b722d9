"""``segmenter demo``: the whole job on the CRM in memory."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import click
from rich.console import RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from segmenter.checking.preflight import preflight
from segmenter.cli.command import make_command, option
from segmenter.cli.connection import Crm, open_crm, who
from segmenter.cli.output import out, say
from segmenter.cli.reporting import client_language, plan_report, usual_file, write_file, write_html, write_workbook
from segmenter.cli.settings import LEDGER, settings
from segmenter.cli.watch import watching
from segmenter.drafting import Draft, draft
from segmenter.embedded import EmbeddedServer, demo_server
from segmenter.embedded.serve import serve
from segmenter.errors import ExitCode, UsageError
from segmenter.execution import Pace, apply, undo
from segmenter.i18n import N_, _, ngettext, speaking, why
from segmenter.ledger import Ledger, RunReport, open_ledger
from segmenter.plans import Plan
from segmenter.plans.changes import Json
from segmenter.reports import audit, drift, findings, runs
from segmenter.reports.plan import gather
from segmenter.spec import load
from segmenter.spec.model import Spec
from segmenter.spec.starters import ready_spec

State = dict[str, dict[int, dict[str, Json]]]


@make_command(
    "demo",
    N_(
        "The whole job on a CRM in memory, with invented prospects of invented companies: validate, check, plan, "
        "apply, verify, undo, and the report for the client. No server is needed, and it writes to a folder of its own "
        "alone."
    ),
    [
        ("segmenter demo", N_("Watch it")),
        ("segmenter demo --folder trial", N_("Put its spec, ledger and report there, to look at them again")),
        ("segmenter demo --serve", N_("Serve that CRM over XML-RPC on this machine, for any client to talk to")),
    ],
)
@option(
    "--folder",
    metavar="FOLDER",
    help=N_("Where to put the spec, the ledger and the report; otherwise a new temporary folder."),
)
@option("--serve", is_flag=True, help=N_("Serve the CRM on this machine until Ctrl-C, instead."))
@option("--port", type=click.IntRange(0, 65535), default=8169, show_default=True, help=N_("Where to serve it; 0: any."))
def command(folder: str | None, serve: bool, port: int) -> int | None:
    """Runs the demo, or serves its CRM."""
    server = demo_server()
    if serve:
        _serve(server, port)
        return None
    spec_file = demo_spec(folder)
    place = spec_file.parent
    with open_ledger(place / LEDGER) as ledger:
        code = _Demo(load(spec_file), ledger, open_crm(load(spec_file), server)).run()
    _print(Text(_("Look at it again: segmenter runs --ledger {place}").format(place=place / LEDGER)))
    _print(Text(_("Open the meeting page on this CRM: segmenter meeting --demo")))
    return code


def demo_spec(folder: str | None, *, keep: bool = False) -> Path:
    """Puts the demo's spec into a folder, which is made; a temporary one without ``folder``.

    ``keep``: a spec that is there already stays as it is.
    """
    spec_file = _place(folder) / "demo.yaml"
    if not (keep and spec_file.exists()):
        write_file(spec_file, lambda: shutil.copyfile(ready_spec("demo"), spec_file))
    return spec_file


def _place(folder: str | None) -> Path:
    if folder is None:
        return Path(tempfile.mkdtemp(prefix="segmenter-demo-"))
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            _("{folder} cannot be made: {reason}").format(folder=folder, reason=why(error)),
            todo=_("name another folder"),
        ) from error
    return place


def _print(*what: RenderableType) -> None:
    out().print(*what)


class _Demo:
    """The steps of a whole job on one CRM."""

    def __init__(self, spec: Spec, ledger: Ledger, crm: Crm) -> None:
        self.spec, self.ledger, self.crm = spec, ledger, crm
        self._steps = 0

    def run(self) -> int:
        """Runs all steps; returns the exit code."""
        self._validate()
        self._check()
        plan = self._plan()
        if plan.violations:
            self._report(plan)
            return ExitCode.LIMITS
        before = self._state(plan)
        applied = self._apply(plan)
        converged = self._verify()
        back = self._undo(applied, plan, before)
        self._report(plan)
        return ExitCode.DONE if converged and back and not applied.exit_code else ExitCode.ERROR

    def _step(self, title: str, line: str) -> None:
        self._steps += 1
        _print(Rule(Text(f"{self._steps}. {title}", "bold cyan"), align="left"), Text(f"$ {line}\n", "dim"))

    def _validate(self) -> None:
        self._step(_("Validate the spec: the minutes of the definition meeting"), "segmenter validate demo.yaml")
        for segmentation in self.spec.segmentations:
            names = ", ".join(segment.name for segment in segmentation.all_segments)
            _print(Text.assemble(("✓ ", "green"), (segmentation.name, "bold"), f": {names}"))
        _print("")

    def _check(self) -> None:
        self._step(_("Check the connection and the work user"), "segmenter check demo.yaml")
        _print(findings.terminal(preflight(self.spec, self.crm.reader, self.crm.catalog)), "")

    def _draft(self, *, figures: bool = True) -> Draft:
        crm = open_crm(self.spec, self.crm.server)
        return draft(self.spec, crm.reader, crm.catalog, crm.clock, figures=figures)

    def _plan(self) -> Plan:
        self._step(_("Plan: what would change, before anything does"), "segmenter plan demo.yaml")
        made = self._draft()
        plan = self.ledger.save_plan(*made.to_save())
        name = _("Plan {id}, digest {digest}").format(id=plan.id, digest=plan.digest)
        _print(plan_report(plan, self.ledger), Text(f"{name}\n", "bold"))
        return plan

    def _apply(self, plan: Plan) -> RunReport:
        self._step(_("Apply the plan that was shown"), f"segmenter apply {plan.id}")
        with watching() as watch:
            done = apply(
                plan.id,
                self.ledger,
                lambda: self.crm.server,
                who=who(self.crm.server),
                pace=Pace(progress=watch.progress, stop=watch.stop),
            )
        _print(runs.terminal(done, plan), "")
        return done

    def _verify(self) -> bool:
        self._step(_("Verify: is anybody out of place now?"), "segmenter verify demo.yaml")
        made = self._draft(figures=False)
        gathered, plan = gather(made.changes, made.names_of), made.plan
        _print(drift.terminal(plan, gathered), "")
        return not drift.drifted(plan)

    def _undo(self, applied: RunReport, plan: Plan, before: State) -> bool:
        self._step(_("Undo: give every former value back"), f"segmenter undo {applied.run.id}")
        done = undo(applied.run.id, self.ledger, lambda: self.crm.server, who=who(self.crm.server))
        _print(runs.terminal(done, plan))
        back = self._state(plan) == before
        records = len(before[plan.identity.model])
        if back:
            sentence = ngettext(
                "The first state is back: {number} record compared, field by field",
                "The first state is back: {number} records compared, field by field",
                records,
            ).format(number=records)
            _print(Text.assemble(("✓ ", "green"), sentence))
        else:
            _print(Text(_("✗ The first state is not back"), "bold red"))
        _print(audit.chain(self.ledger.verify_chain()).append("\n"))
        return back

    def _report(self, plan: Plan) -> None:
        self._step(_("Report: what the client looks at in the review meeting"), f"segmenter report {plan.id} --xlsx")
        language = settings().language or client_language(self.ledger, plan.id)
        with speaking(language):
            page, book = (usual_file(self.ledger.where, plan.id, ending) for ending in (".html", ".xlsx"))
        write_html(self.ledger, plan.id, page, language)
        write_workbook(self.ledger, plan.id, book, language)
        for file in (page, book):
            _print(Text(_("Written: {file}").format(file=file)))

    def _state(self, plan: Plan) -> State:
        """Every value that the plan may touch, and the favourites. Not the tags: no salesperson may delete those."""
        reader = open_crm(self.spec, self.crm.server).reader
        read = {plan.identity.model: list(plan.names.labels), "ir.filters": ["name", "domain"]}
        return {
            model: {row["id"]: row for row in reader.search_read(model, [], fields, archived=True)}
            for model, fields in read.items()
        }


def _serve(server: EmbeddedServer, port: int) -> None:
    """Serves the CRM on this machine until Ctrl-C, and says with which url, login and password to use it."""
    service = serve(server, port=port)
    grid = Table.grid(padding=(0, 2))
    grid.add_row(_("URL"), Text(service.url))
    grid.add_row(_("Database"), Text(server.identity.database))
    grid.add_row(_("Login"), Text(server.identity.login))
    grid.add_row(_("Password"), Text(service.password))
    out().print(grid)
    say(_("Any XML-RPC client of Odoo can work there, segmenter too. What it writes is forgotten at the end: Ctrl-C."))
    service.run()
