"""``segmenter handover``: one file with everything that the client keeps."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import click

from segmenter.cli.engagement import Engagement, engagement
from segmenter.cli.output import as_json, print_json, say
from segmenter.cli.parts import command as made
from segmenter.cli.parts import formats, ledger_option, option
from segmenter.cli.settings import settings
from segmenter.errors import LedgerError, SegmenterError, UsageError
from segmenter.i18n import N_, _, speaking, why
from segmenter.ledger import Ledger, open_ledger
from segmenter.reports import handover
from segmenter.reports.review import build, page, workbook


@made(
    "handover",
    N_(
        "Bundle what the client keeps into one zip: the spec, the report and the workbook of the last run, the log, "
        "the saved favourites with their domains, how to look for drift, and the head of the ledger's hash chain. It "
        "holds no secret. SPEC says whose engagement it is, where the ledger does not."
    ),
    [
        ("segmenter handover --output entrega.zip", N_("The only engagement of the ledger")),
        ("segmenter handover viveros.yaml --output entrega.zip", N_("That of one spec")),
    ],
)
@click.argument("spec", required=False)
@option("--output", required=True, metavar="FILE", help=N_("The zip to write."))
@formats()
@ledger_option
def command(spec: str | None, output: str) -> None:
    """Gather, write, say what is in it."""
    with open_ledger(settings().ledger_place(spec), create=False) as ledger:
        found = engagement(ledger, spec)
        what = _gathered(found, ledger)
        name = found.client.name
        with speaking(found.client.language):
            files = dict(_files(what, name, ledger))
        digests = {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}
        files["manifest.json"] = handover.manifest(what, name, digests).encode()
    _write(Path(output), files, what)
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
    with speaking(found.client.language):
        reports = [f"{_('report')}-{run.id if run else found.plans[-1].id}{ending}" for ending in (".html", ".xlsx")]
    plan = ledger.plan(run.plan if run else found.plans[-1].id)
    return handover.Handover(
        plan=plan,
        run=run,
        spec_file=Path(plan.spec_file).name or "spec.yaml",
        reports=reports,
        favourites=handover.favourites(ledger, found.runs),
        log=found.log,
        approvals=found.approvals,
        status=found.status(ledger),
        chain=chain,
    )


def _files(what: handover.Handover, client: str, ledger: Ledger) -> Iterator[tuple[str, bytes]]:
    """Every file but the manifest, in the order of the bundle."""
    for name, text in handover.texts(what, client):
        yield name, text.encode()
    review = build.review(ledger, what.run.id if what.run else what.plan.id)
    html, xlsx = what.reports
    yield html, page.html(review).encode()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / xlsx
        workbook.write(review, file)
        yield xlsx, file.read_bytes()


def _write(output: Path, files: dict[str, bytes], what: handover.Handover) -> None:
    day = what.status.on
    try:
        with ZipFile(output, "w", ZIP_DEFLATED) as bundle:
            for name, content in files.items():
                # The day of the handover and plain rights: the same content gives the same bundle.
                info = ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
                info.compress_type = ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                bundle.writestr(info, content)
    except OSError as error:
        raise SegmenterError(
            _("{file} cannot be written: {reason}").format(file=output, reason=why(error)),
            todo=_("look at the folder's rights, and at the disk"),
        ) from error
