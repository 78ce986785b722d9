"""``segmenter meeting``: one page on this machine, to show in the two meetings with the client."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
from rich.text import Text

from segmenter.cli.command import argument, connection_options, ledger_option, make_command, option
from segmenter.cli.commands.demo import demo_spec
from segmenter.cli.connection import Crm as Opened
from segmenter.cli.connection import connection_of, connector, crm_of, open_crm, refuse_privileged
from segmenter.cli.consultant import consultant_of_plan
from segmenter.cli.engagement import author
from segmenter.cli.failures import tell_unexpected
from segmenter.cli.output import out, say
from segmenter.cli.settings import settings
from segmenter.embedded import EmbeddedServer, also_known, copy_of, demo_server
from segmenter.errors import Problem, UsageError
from segmenter.i18n import N_, _
from segmenter.ledger import read_ledger
from segmenter.measuring import Crm
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import ServerIdentity
from segmenter.plans import Plan
from segmenter.reports import links
from segmenter.resolving.exported import new_names, untold
from segmenter.resolving.mentions import fields_used
from segmenter.spec import loads_draft
from segmenter.spec.load import text_of
from segmenter.spec.model import Spec
from segmenter.web.guard import Guard
from segmenter.web.meeting import Meeting
from segmenter.web.routes import create_app
from segmenter.web.serving import serve
from segmenter.web.sources import Live, Progress, Sources

P = ParamSpec("P")
T = TypeVar("T")
PLAN_ID = re.compile(r"[Pp][0-9]+")


@make_command(
    "meeting",
    N_(
        "Open the page of the two meetings on this machine, to share in a video call: change the criteria of SPEC and "
        "see at once who belongs where, or go through a plan. No other machine can reach it; Ctrl-C ends it."
    ),
    [
        ("segmenter meeting --demo", N_("Try it on the demo's CRM")),
        ("segmenter meeting viveros.yaml --from export.xlsx", N_("The definition meeting, on Odoo's own export")),
        ("segmenter meeting viveros.yaml", N_("The same on the client's CRM, copied once into memory")),
        ("segmenter meeting P3", N_("The review meeting of a plan, on its spec")),
    ],
)
@argument("spec", metavar="[SPEC|PLAN]", required=False)
@option("--from", "source", metavar="FILE", help=N_("Measure on an export (.xlsx or .csv) instead of a server."))
@option("--demo", is_flag=True, help=N_("The demo's CRM, with invented prospects of invented companies."))
@option("--folder", metavar="FOLDER", help=N_("Where the demo's spec is; otherwise a new temporary folder."))
@option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default=True,
    help=N_("Port of this machine for the page; 0: any."),
)
@option("--no-browser", is_flag=True, help=N_("Only print the page's address."))
@ledger_option
@connection_options
def command(spec: str | None, source: str | None, demo: bool, folder: str | None, port: int, no_browser: bool) -> None:
    """Finds the spec and its CRM, and serves the page until Ctrl-C."""
    _require_one(spec, source, demo=demo, folder=folder)
    if demo:
        sources = _of_demo(folder)
    elif spec is not None and PLAN_ID.fullmatch(spec):
        sources = _of_plan(spec, source)
    else:
        sources = _of_spec(Path(spec or ""), source)
    guard = Guard()
    serve(
        create_app(Meeting(sources), guard),
        guard=guard,
        port=port,
        open_browser=not no_browser,
        opened=_say_address,
        failed=sources.failed,
    )


def _require_one(spec: str | None, source: str | None, *, demo: bool, folder: str | None) -> None:
    if demo and (spec or source):
        raise UsageError(_("The demo has a spec and a CRM of its own"), todo=_("leave out --demo, or all the rest"))
    if folder and not demo:
        raise UsageError(_("--folder is for the demo alone"), todo=_("add --demo, or leave --folder out"))
    if not (demo or spec):
        raise UsageError(
            _("Nothing says what the meeting is about"), todo=_("name a spec or a plan, or try it with --demo")
        )


def _of_demo(folder: str | None) -> Sources:
    file, server = demo_spec(folder, keep=True), demo_server()
    return _sources(file, lambda spec, _told: open_crm(spec, server), live=lambda spec: open_crm(spec, server))


def _of_plan(plan_id: str, source: str | None) -> Sources:
    place = settings().ledger_place()
    with read_ledger(place) as ledger:
        plan = ledger.plan(plan_id)
    file = _file_of(plan, place)
    if _read(file).source != plan.identity.spec_text:
        say(_("{file} was changed since {plan} was made").format(file=file, plan=plan.id), "yellow")
    return replace(_of_spec(file, source), plan=plan.id, ledger_place=place)


def _file_of(plan: Plan, ledger: str) -> Path:
    """The spec of a plan: where it was when the plan was made, or beside the ledger."""
    named = Path(plan.identity.spec_file)
    for place in (named, Path(ledger).parent / named.name):
        if place.is_file():
            return place
    raise UsageError(
        _("The spec of {plan} is not there: {file}").format(plan=plan.id, file=named),
        todo=_("go to the folder where the plan was made, or name the spec itself"),
    )


def _of_spec(file: Path, source: str | None) -> Sources:
    """The spec's own CRM, or the one that an export holds. Whatever stands against it is told before the page opens."""
    spec = _read(file)
    if source is not None:
        crm_of(spec, source, whole=False)
        made = _sources(file, lambda spec, _told: crm_of(spec, source, whole=False))
        return replace(made, suited=_from_any_thread(partial(_suited, source, set())))
    log_in = connector(connection_of(spec))
    crm = open_crm(spec, log_in())
    refuse_privileged(crm.reader)

    def live(spec: Spec) -> Opened:
        return open_crm(spec, log_in())

    def copied(spec: Spec, progress: Progress) -> Opened:
        paths = dict.fromkeys(path for path, _place in fields_used(spec))
        there = live(spec)
        copy = copy_of(there.reader, spec.scope.model, archived=spec.scope.archived, fields=paths, progress=progress)
        # What lists give is asked of the server itself: orders and messages are too many to copy.
        return open_crm(spec, copy, copied=there.catalog)

    return _sources(file, copied, live=live, link=partial(_link, crm.server.identity, spec.scope.model))


def _suited(source: str, added: set[tuple[int, str, str]], crm: Crm, spec: Spec) -> tuple[Crm, Sequence[Problem]]:
    """The CRM of an export with the names that a spec names newly, as if it had from the beginning.

    ``added``: (server, model, name) of those that were made before; none is made twice.
    """
    named = [(id(crm.server), model, name) for model, names in new_names(spec, crm.catalog).items() for name in names]
    if new := [name for name in named if name not in added]:
        added.update(new)
        if any("," in name for _server, _model, name in new):  # it may be how the cells are to be read
            crm = _in_memory(crm_of(spec, source, whole=False))
        else:
            also_known(crm.server, [(model, name) for _server, model, name in new])
            reader = OdooReader(crm.server, language=crm.reader.language, timezone=crm.clock.zone.key)
            crm = Crm(crm.server, reader, Catalog(reader), crm.clock)
    return crm, untold(spec, crm.reader)


def _link(identity: ServerIdentity, model: str, record: int) -> str:
    ends = links.ends(identity.url, identity.version, model)
    return f"{ends[0]}{record}{ends[1]}" if ends else ""


def _sources(
    file: Path,
    read: Callable[[Spec, Progress], Opened],
    *,
    live: Callable[[Spec], Opened] | None = None,
    link: Callable[[int], str] = lambda _record: "",
) -> Sources:
    """What the page works with. ``read`` and ``live`` get the spec as its file has it then."""

    def in_memory(progress: Progress) -> Crm:
        return _in_memory(read(_read(file), progress))

    def opened_live() -> Live:
        assert live is not None
        opened = live(_read(file))
        return Live(opened.reader, opened.catalog, opened.clock)

    return Sources(
        spec_file=file,
        ledger_place=settings().ledger_place(str(file)),
        read=_from_any_thread(in_memory),
        live=_from_any_thread(opened_live) if live else None,
        author=author(),
        failed=partial(tell_unexpected, settings()),
        address=link,
        consultant=_from_any_thread(consultant_of_plan),
    )


def _in_memory(opened: Opened) -> Crm:
    assert isinstance(opened.server, EmbeddedServer)
    return Crm(opened.server, opened.reader, opened.catalog, opened.clock)


def _read(file: Path) -> Spec:
    """The spec as far as it is written. Raises SpecError for a text that is no YAML."""
    return loads_draft(text_of(file), str(file))[0]


def _from_any_thread(function: Callable[P, T]) -> Callable[P, T]:
    """Settings hang on click's context, which is the thread's own; the page calls from other threads."""
    context = click.get_current_context()

    def called(*args: P.args, **named: P.kwargs) -> T:
        with context.scope(cleanup=False):
            return function(*args, **named)

    return called


def _say_address(address: str) -> None:
    sentence = _("The meeting page: {address} (Ctrl-C ends it)").format(address=address)
    out().print(Text(sentence), soft_wrap=True)
