"""``segmenter handover``: one file with everything that the client keeps."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import click

from segmenter.cli.engagement import Engagement, engagement
from segmenter.cli.output import as_json, print_json, say
from segmenter.cli.parts import command as made
from segmenter.cli.parts import formats, ledger_option, option
from segmenter.cli.reporting import named, refuse_to_replace, write_file
from segmenter.cli.settings import settings
from segmenter.errors import LedgerError, UsageError
from segmenter.i18n import N_, _, speaking
from segmenter.ledger import Ledger, read_ledger
from segmenter.planning.model import Plan
from segmenter.reports import handover, handover_readme
from segmenter.reports.families import families
from segmenter.reports.review import build, page, workbook


@made(
    "handover",
    N_(
        "Bundle what the client keeps into one zip: the spec, a report and a workbook of each run that stands, the "
        "log, the saved favourites with their domains, how to look for drift, and the head of the ledger's hash chain. "
        "It holds no secret. SPEC says whose engagement it is, where the ledger does not."
    ),
    [
        ("segmenter handover --output entrega.zip", N_("The only engagement of the ledger")),
        ("segmenter handover viveros.yaml --output entrega.zip", N_("That of one spec")),
    ],
)
@click.argument("spec", required=False)
@option("--output", required=True, metavar="FILE", help=N_("The zip to write."))
@option("--force", is_flag=True, help=N_("Overwrite a file that is there already."))
@formats()
@ledger_option
def command(spec: str | None, output: str, force: bool) -> None:
    """Gather, write, say what is in it."""
    target = named(output, ".zip")
    refuse_to_replace(target, force=force)
    with read_ledger(settings().ledger_place(spec)) as ledger:
        found = engagement(ledger, spec)
        what = _gathered(found, ledger)
        name = found.client.name
        with speaking(found.client.language):
            files = dict(_files(what, name, ledger))
        digests = {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}
        files["manifest.json"] = handover.manifest(what, name, digests).encode()
    bundle = _bundle(files, what)
    write_file(target, lambda: target.write_bytes(bundle))
    if as_json():
        print_json("handover", {"output": output, "head": what.chain.head, "files": list(files)})
    else:
        say(_("Written: {file}").format(file=output), "green")
        for file in files:
            say(f"  {file}")
        say(_("Keep the head of the chain elsewhere too: {head}").format(head=what.chain.head))


def _gathered(found: Engagement, ledger: Ledger) -> handover.Handover:
    """What there is to hand over. Raises for an engagement without a plan, and for a ledger that was altered."""
    if not found.plans:
        raise UsageError(_("There is no plan to hand over yet"), todo=_("make one first: segmenter plan SPEC"))
    chain = ledger.verify_chain()
    if not chain.ok:
        raise LedgerError(chain.sentence, todo=_("hand over nothing before that is cleared up"))
    run = handover.standing_run(found.runs)
    plan = ledger.plan(run.plan if run else found.plans[-1].id)
    undo = None if run else handover.undo_of(plan.id, found.runs)
    applied = families(ledger, found.runs)
    plans = {one.plan: ledger.plan(one.plan) for one in applied}
    last = run or undo
    told = [one.told.id for one in applied if one.stands or one.told.status != "done"]
    told = told or [last.id if last else plan.id]
    with speaking(found.client.language):
        names = [f"{_('report')}-{id}" for id in told]
    return handover.Handover(
        plan=plan,
        run=run,
        undo=undo,
        families=applied,
        plans=plans,
        last_plan=ledger.plan(found.plans[-1].id),
        spec_file=_spec_name(plan),
        specs={_spec_name(one): one.spec_text for one in (*(plans[one.plan] for one in applied if one.stands), plan)},
        reports=[handover.Report(id, f"{name}.html", f"{name}.xlsx") for id, name in zip(told, names, strict=True)],
        favourites=handover.favourites(ledger, found.runs),
        log=found.log,
        approvals=found.approvals,
        status=found.status(ledger),
        chain=chain,
    )


def _files(what: handover.Handover, client: str, ledger: Ledger) -> Iterator[tuple[str, bytes]]:
    """Every file but the manifest, in the order of the bundle."""
    for name, text in (*handover_readme.texts(what, client), *handover.texts(what, client)):
        yield name, text.encode()
    for report in what.reports:
        review = build.review(ledger, report.told)
        yield report.html, page.html(review).encode()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / report.xlsx
            workbook.write(review, file)
            yield report.xlsx, file.read_bytes()


def _spec_name(plan: Plan) -> str:
    """The name of a plan's spec in the bundle."""
    return Path(plan.spec_file).name or "spec.yaml"


def _bundle(files: dict[str, bytes], what: handover.Handover) -> bytes:
    """The zip."""
    day, made = what.status.on, BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            # The day of the handover and plain rights: the same content gives the same bundle.
            info = ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            bundle.writestr(info, content)
    return made.getvalue()
