"""``segmenter demo``: the whole job on the CRM in memory."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import click
from rich.console import RenderableType
from rich.rule import Rule
from rich.text import Text

from segmenter.cli.connection import Eyes, look, who
from segmenter.cli.criteria import criterion
from segmenter.cli.output import out
from segmenter.cli.parts import command as made
from segmenter.cli.parts import option
from segmenter.cli.plans import report
from segmenter.cli.reporting import client_language, usual_file, write_file, write_html, write_workbook
from segmenter.cli.serving import serve_until_stopped
from segmenter.cli.settings import LEDGER, settings
from segmenter.cli.watch import watching
from segmenter.embedded import demo_server
from segmenter.errors import ExitCode, UsageError
from segmenter.execution import Pace, apply, undo
from segmenter.i18n import N_, _, ngettext, speaking, why
from segmenter.ledger import Ledger, RunReport, open_ledger
from segmenter.odoo.preflight import preflight
from segmenter.planning import Draft, Plan
from segmenter.planning.model import Json
from segmenter.reports import audit, drift, findings, runs
from segmenter.reports.plan import gather
from segmenter.spec import load
from segmenter.spec.model import Spec

State = dict[str, dict[int, dict[str, Json]]]


@made(
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
    """Tell the story, or serve."""
    server = demo_server()
    if serve:
        serve_until_stopped(server, port)
        return None
    place = _place(folder)
    spec_file = place / "demo.yaml"
    write_file(spec_file, lambda: shutil.copyfile(criterion("demo"), spec_file))
    with open_ledger(place / LEDGER) as ledger:
        code = _Story(load(spec_file), ledger, look(load(spec_file), server)).tell()
    _print(Text(_("Look at it again: segmenter runs --ledger {place}").format(place=place / LEDGER)))
    return code


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


class _Story:
    """The steps of a job, one after the other, on one CRM."""

    def __init__(self, spec: Spec, ledger: Ledger, eyes: Eyes) -> None:
        self.spec, self.ledger, self.eyes = spec, ledger, eyes
        self._steps = 0

    def tell(self) -> int:
        """All of it; gives the exit code."""
        self._validate()
        self._check()
        plan = self._plan()
        if plan.violations:
            self._report(plan)
            return ExitCode.LIMITS
        before = self._state(plan)
        applied = self._apply(plan)
        in_place = self._verify()
        back = self._undo(applied, plan, before)
        self._report(plan)
        return ExitCode.DONE if in_place and back and not applied.exit_code else ExitCode.ERROR

    def _step(self, title: str, line: str) -> None:
        self._steps += 1
        _print(Rule(Text(f"{self._steps}. {title}", "bold cyan"), align="left"), Text(f"$ {line}\n", "dim"))

    def _validate(self) -> None:
        self._step(_("Validate the spec: the minutes of the definition meeting"), "segmenter validate demo.yaml")
        for one in self.spec.segmentations:
            names = ", ".join(segment.name for segment in one.all_segments)
            _print(Text.assemble(("✓ ", "green"), (one.name, "bold"), f": {names}"))
        _print("")

    def _check(self) -> None:
        self._step(_("Check the connection and the work user"), "segmenter check demo.yaml")
        _print(findings.terminal(preflight(self.spec, self.eyes.reader, self.eyes.catalog)), "")

    def _draft(self, *, figures: bool = True) -> Draft:
        eyes = look(self.spec, self.eyes.server)
        return Draft(self.spec, eyes.reader, eyes.catalog, eyes.clock, figures=figures)

    def _plan(self) -> Plan:
        self._step(_("Plan: what would change, before anything does"), "segmenter plan demo.yaml")
        plan = self.ledger.save_plan(self._draft())
        name = _("Plan {id}, digest {digest}").format(id=plan.id, digest=plan.digest)
        _print(report(plan, self.ledger), Text(f"{name}\n", "bold"))
        return plan

    def _apply(self, plan: Plan) -> RunReport:
        self._step(_("Apply the plan that was shown"), f"segmenter apply {plan.id}")
        with watching() as watch:
            done = apply(
                plan.id,
                self.ledger,
                lambda: self.eyes.server,
                who=who(self.eyes.server),
                pace=Pace(progress=watch.progress, stop=watch.stop),
            )
        _print(runs.terminal(done, plan), "")
        return done

    def _verify(self) -> bool:
        self._step(_("Verify: is anybody out of place now?"), "segmenter verify demo.yaml")
        draft = self._draft(figures=False)
        gathered = gather(draft)
        plan = draft.plan()
        _print(drift.terminal(plan, gathered), "")
        return not drift.drifted(plan)

    def _undo(self, applied: RunReport, plan: Plan, before: State) -> bool:
        self._step(_("Undo: give every former value back"), f"segmenter undo {applied.run.id}")
        done = undo(applied.run.id, self.ledger, lambda: self.eyes.server, who=who(self.eyes.server))
        _print(runs.terminal(done, plan))
        back = self._state(plan) == before
        records = len(before[plan.model])
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
        """Every value that the plan could touch, and the favourites. (No salesperson may delete a tag in Odoo.)"""
        reader = look(self.spec, self.eyes.server).reader
        read = {plan.model: list(plan.labels), "ir.filters": ["name", "domain"]}
        return {
            model: {row["id"]: row for row in reader.search_read(model, [], fields, archived=True)}
            for model, fields in read.items()
        }
