"""``segmenter handover``: one file with everything that the client keeps."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from segmenter.cli.agreement import agreement
from segmenter.cli.command import argument, formats, ledger_option, make_command, option
from segmenter.cli.consultant import consultant_of, consultant_of_plan
from segmenter.cli.engagement import Engagement, engagement
from segmenter.cli.output import as_json, print_json, say
from segmenter.cli.reporting import file_ending_in, refuse_to_replace, write_file
from segmenter.cli.settings import settings
from segmenter.errors import LedgerError, UsageError
from segmenter.i18n import N_, _, speaking
from segmenter.ledger import Ledger, read_ledger
from segmenter.plans.plan import Plan
from segmenter.reports import acta_page, handover
from segmenter.reports.families import families
from segmenter.reports.handover_readme import readme
from segmenter.reports.handover_verification import verification
from segmenter.reports.review import build, page, workbook
from segmenter.reports.state import page as state_page
from segmenter.reports.state import workbook as state_book
from segmenter.reports.state.build import state
from segmenter.spec import load
from segmenter.spec.model import Consultant


@make_command(
    "handover",
    N_(
        "Bundle what the client keeps into one zip, in the client's language: how to use it on Monday, every record "
        "and where it is now as a page and a workbook, what was agreed, the log, the saved favourites, the spec, and "
        "for experts how to prove it. It tells every plan that was applied. It holds no secret. SPEC says whose "
        "engagement it is, where the ledger does not."
    ),
    [
        ("segmenter handover --output entrega.zip", N_("The only engagement of the ledger")),
        ("segmenter handover viveros.yaml --output entrega.zip", N_("That of one spec")),
    ],
)
@argument("spec", required=False)
@option("--output", required=True, metavar="FILE", help=N_("The zip to write."))
@option("--force", is_flag=True, help=N_("Overwrite a file that is there already."))
@formats()
@ledger_option
def command(spec: str | None, output: str, force: bool) -> None:
    """Gathers the files, writes the zip, says what is in it."""
    target = file_ending_in(".zip", output)
    refuse_to_replace(target, force=force)
    with read_ledger(settings().ledger_place(spec)) as ledger:
        found = engagement(ledger, spec)
        what = _gathered(found, ledger, spec)
        name = found.client.name
        with speaking(found.client.language):
            files = dict(_files(what, name, ledger))
            digests = {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}
            files[handover.file_name("manifest")] = handover.manifest(what, name, digests).encode()
    bundle = _bundle(files, what)
    write_file(target, lambda: target.write_bytes(bundle))
    if as_json():
        print_json("handover", {"output": output, "head": what.chain.head, "files": list(files)})
    else:
        say(_("Written: {file}").format(file=output), "green")
        for file in files:
            say(f"  {file}")
        say(_("Keep the head of the chain elsewhere too: {head}").format(head=what.chain.head))


def _gathered(found: Engagement, ledger: Ledger, spec: str | None) -> handover.Handover:
    """What is handed over. Raises `UsageError` without a plan, `LedgerError` for a ledger that was altered."""
    if not found.plans:
        raise UsageError(_("There is no plan to hand over yet"), todo=_("make one first: segmenter plan SPEC"))
    chain = ledger.verify_chain()
    if not chain.ok:
        raise LedgerError(chain.sentence, todo=_("hand over nothing before that is cleared up"))
    run = handover.standing_run(found.runs)
    plan = ledger.plan(run.plan if run else found.plans[-1].id)
    undo = None if run else handover.undo_of(plan.id, found.runs)
    applied = families(ledger, found.runs)
    plans = {family.plan: ledger.plan(family.plan) for family in applied}
    last = run or undo
    consultant = consultant_of(load(spec)) if spec else consultant_of_plan(plan)
    own = [*(plans[one.plan] for one in applied if one.stands), plan]
    with speaking(found.client.language):
        now = state(ledger, applied)
        reported = [family.told.id for family in applied if family.told.status != "done"]
        if not now and not reported:
            reported = [last.id if last else plan.id]
        names = [f"{_('report')}-{id}" for id in reported]
        return handover.Handover(
            plan=plan,
            run=run,
            undo=undo,
            families=applied,
            plans=plans,
            last_plan=ledger.plan(found.plans[-1].id),
            spec_file=_spec_name(plan),
            specs={_spec_name(one): one.identity.spec_text for one in own},
            state=now,
            agreements=_agreements(own, consultant),
            reports=[
                handover.Report(id, f"{name}.html", f"{name}.xlsx") for id, name in zip(reported, names, strict=True)
            ],
            favourites=handover.favourites(ledger, found.runs),
            log=found.log,
            approvals=found.approvals,
            status=found.status(ledger),
            chain=chain,
            left_behind=[
                change
                for family in applied
                if family.undo is not None
                for change in handover.left_behind(ledger, family.runs[0].root, plans[family.plan])
            ],
            consultant=consultant,
        )


def _agreements(plans: Sequence[Plan], consultant: Consultant) -> dict[str, str]:
    """A page for each spec, as its last plan has it: name -> HTML."""
    last = {_spec_name(plan): plan for plan in plans}
    usual = handover.file_name("agreement")
    return {
        (f"{Path(usual).stem}-{Path(name).stem}.html" if len(last) > 1 else usual): acta_page.html(agreed)
        for name, plan in last.items()
        if (agreed := agreement(plan, consultant.name)) is not None
    }


def _files(what: handover.Handover, client: str, ledger: Ledger) -> Iterator[tuple[str, bytes]]:
    """Every file but the manifest, in the order of the bundle."""
    yield handover.file_name("readme"), readme(what, client).encode()
    if what.state is not None:
        yield handover.file_name("state_page"), state_page.html(what.state, what.consultant).encode()
        now = what.state
        yield handover.file_name("state_book"), _book(lambda file: state_book.write(now, file))
    for name, page_text in what.agreements.items():
        yield name, page_text.encode()
    for report in what.reports:
        told = build.review(ledger, report.told)
        yield report.html, page.html(told).encode()
        yield report.xlsx, _book(lambda file, told=told: workbook.write(told, file))  # type: ignore[misc]
    for name, text in handover.texts(what, client):
        yield name, text.encode()
    yield handover.file_name("verification"), verification(what, client).encode()


def _book(write: Callable[[Path], object]) -> bytes:
    """The content of a workbook."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "book.xlsx"
        write(file)
        return file.read_bytes()


def _spec_name(plan: Plan) -> str:
    """The name of a plan's spec in the bundle."""
    return Path(plan.identity.spec_file).name or "spec.yaml"


def _bundle(files: dict[str, bytes], what: handover.Handover) -> bytes:
    """The content of the zip."""
    day, made = what.status.on, BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            # The day of the handover and plain rights: the same content gives the same bundle.
            info = ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            bundle.writestr(info, content)
    return made.getvalue()
