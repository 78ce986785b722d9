"""The texts of the bundle of the end: one for a client who never saw the program, one for who administers their Odoo.

What a client reads holds no command: those are in the other text.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from textwrap import wrap

from segmenter import __version__
from segmenter.i18n import LANGUAGES, N_, _, all_of, ngettext, speaking
from segmenter.ledger import Run
from segmenter.planning.model import Plan
from segmenter.reports.engagement import lines as status_lines
from segmenter.reports.families import applied_line
from segmenter.reports.handover import Handover
from segmenter.reports.text import Style, clean

FILES = {"es": "LEEME.txt", "en": "README.txt"}
ADMINISTRATOR = {"es": "ADMINISTRADOR.txt", "en": "ADMINISTRATOR.txt"}
LEDGER_COPY = "segmenter.ledger"
WHEEL = f"segmenter-{__version__}-py3-none-any.whl"
WIDTH = 100

_ABOUT = (
    ("segments.csv", N_("every segment of plan {plan}, with its criteria")),
    ("favourites.csv", N_("the favourites saved in Odoo's search bar, with their domains")),
    ("log.csv, log.json", N_("the joint sessions, requests and approvals")),
    ("status.json", N_("what the service included, what was used of it, and its dates")),
    ("manifest.json", N_("the SHA-256 of every file, and the head of the ledger's hash chain")),
)


def texts(what: Handover, client: str) -> Iterator[tuple[str, str]]:
    """Name and text, in each language. Lines end as Windows has them."""
    for code in LANGUAGES:
        with speaking(code):
            style = Style(what.plan.client_language or what.plan.language, what.plan.timezone)
            yield FILES[code], _text(_for_client(what, client, style, ADMINISTRATOR[code]))
    for code in LANGUAGES:
        with speaking(code):
            yield ADMINISTRATOR[code], _text(_for_administrator(what, client))


def _text(lines: Iterator[str]) -> str:
    return "\r\n".join(_wrapped(lines)) + "\r\n"


def _wrapped(lines: Iterator[str]) -> Iterator[str]:
    """Lines that fit a plain editor; commands stay whole."""
    for line in lines:
        command = line.startswith("    ")
        yield from [line] if command or not line else wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False)


def _for_client(what: Handover, client: str, style: Style, administrator: str) -> Iterator[str]:
    day = style.day(what.status.on.isoformat())
    yield clean(_("{client}: segmentation of the CRM, handed over on {day}").format(client=client, day=day))
    yield ""
    yield from _done(what, style)
    yield from _section(_("What is in here"))
    yield from _contents(what, style, administrator)
    yield from _section(_("How to look for drift"))
    yield _what_drift_is()
    yield _("{file} tells how, step by step.").format(file=administrator)
    yield from _section(_("How to prove the record"))
    yield from _head(what)
    yield ""
    yield _(
        "Keep that number. Whoever doubts the record asks the consultant for a copy of the ledger; {file} tells how it "
        "is checked against the number."
    ).format(file=administrator)
    yield from _section(_("What to close"))
    if what.plan.source == "export":
        yield _nothing_to_close()
    else:
        yield _("The work user is needed no more: delete its API keys, then archive it. {file} tells how.").format(
            file=administrator
        )
    yield from _section(_("The service"))
    yield from status_lines(what.status, style)


def _for_administrator(what: Handover, client: str) -> Iterator[str]:
    yield clean(_("{client}: for whoever administers their Odoo").format(client=client))
    yield from _section(_("How to look for drift"))
    yield from _drift(what)
    yield from _section(_("How to prove the record"))
    yield from _proof(what)
    yield from _section(_("What to close"))
    yield from _to_close(what)


def _done(what: Handover, style: Style) -> Iterator[str]:
    """Every plan that was applied, in order, how far, and what became of it; and what was planned after that."""
    for number, one in enumerate(what.families):
        if number:
            yield ""
        yield from _planned(what.plans[one.plan], style)
        yield applied_line(one, style)
        yield from _unfinished(one.told)
        yield from _approved(what, one.plan)
    standing = [one.last.id for one in what.families if one.stands]
    if len(standing) > 1:
        yield ""
        yield _(
            "What {runs} wrote stands together: where two of them wrote the same thing, it is as the later one left "
            "it, unless somebody changed it since."
        ).format(runs=all_of(standing))
    last = what.last_plan
    if last.id in {one.plan for one in what.families}:
        return
    if what.families:
        yield ""
    yield from _planned(last, style)
    if last.source == "export":
        yield _("It was made from an exported list, so it shows what would change and cannot be applied.")
    else:
        yield _("It has not been applied.")
    yield from _approved(what, last.id)


def _planned(plan: Plan, style: Style) -> Iterator[str]:
    made = _("Plan {plan} of {moment}, digest {digest}.")
    yield made.format(plan=plan.id, moment=style.moment(plan.made_at), digest=plan.digest)


def _approved(what: Handover, plan: str) -> Iterator[str]:
    for one in what.approvals:
        if one.plan == plan:
            yield clean(_("Approved by {by} ({evidence}).").format(by=one.by, evidence=one.evidence))


def _unfinished(run: Run) -> Iterator[str]:
    """What is still to be done about a run; nothing where it did all that it was to do."""
    if run.status == "conflicts" and run.kind == "undo":
        yield _(
            "What somebody, or a later run, had changed since was left as it was; the report names it, and it is yours "
            "to decide on."
        )
    elif run.status == "conflicts":
        yield _(
            "Records that somebody had changed since the plan were left as they were. The report names them; to have "
            "them segmented too, ask the consultant for another plan."
        )
    elif run.status != "done":
        yield _("It did not come to its end: ask the consultant to finish run {run}.").format(run=run.id)


def _contents(what: Handover, style: Style, administrator: str) -> Iterator[str]:
    yield f"- {administrator}: {_('for whoever administers your Odoo')}"
    for name in what.specs:
        yield f"- {name}: {_('the criteria that were agreed, which the tool reads')}"
    for report in what.reports:
        about = _("the report of {told}; it opens in any browser").format(told=report.told)
        yield f"- {report.html}: {about}"
        yield f"- {report.xlsx}: {_('the same as a workbook')}"
    yield from (f"- {name}: {_(about).format(plan=what.plan.id)}" for name, about in _ABOUT)
    if what.plan.source == "export":
        return
    yield ""
    yield _(
        "The domains of segments.csv are the criteria of each segment alone, with days counted from {day}. They do not "
        "say which records are left out of the work or protected, nor that the first segment that fits takes the "
        "record. To see in Odoo who is in a segment, use its favourite, or the tag or value that it gave."
    ).format(day=style.day(what.plan.now))


def _what_drift_is() -> str:
    return _(
        "Drift: records that came in or were edited since may be out of their place. segmenter, the program that the "
        "consultant worked with, says which. It runs on somebody's own computer, not inside Odoo, and looking writes "
        "nothing. It is a task for the consultant, or for whoever administers your Odoo."
    )


def _nothing_to_close() -> str:
    return _("Nothing: the plan was made from an exported list, without access to your Odoo.")


def _drift(what: Handover) -> Iterator[str]:
    """From a machine that never had the program to the answer."""
    specs = [shlex.quote(name) for name in what.specs]
    export = what.plan.source == "export"
    list = f" --from {_('LIST')}.xlsx" if export else ""
    yield _what_drift_is()
    yield ""
    yield _(
        "It needs Python 3.11 or newer, an internet connection, and the file {file} in the folder of this text: ask "
        "the consultant for it."
    ).format(file=WHEEL)
    for system, python, folder in (
        (_("On Windows, in PowerShell, in this folder:"), "py", "tool\\Scripts\\"),
        (_("On macOS or Linux, in a terminal, in this folder:"), "python3", "tool/bin/"),
    ):
        yield ""
        yield system
        yield ""
        yield f"    {python} -m venv tool"
        yield f"    {folder}pip install {WHEEL}"
        for spec in specs:
            if not export:
                yield f"    {folder}segmenter check {spec}"
            yield f"    {folder}segmenter verify {spec}{list}"
    yield ""
    if export:
        yield _("{list}.xlsx is a new list, exported from Odoo with the same columns.").format(list=_("LIST"))
    else:
        yield _(
            "Both ask for the API key of the work user. Whoever administers your Odoo makes it, and the user too "
            "where it was closed; “segmenter check {spec} --guide” tells how, step by step. The key is a secret: it "
            "goes into no file and no mail."
        ).format(spec=shlex.quote(what.spec_file))
    yield _("verify lists what is out of place. For programs: it answers 0 when nothing is, and 10 when something is.")
    yield _("Where this text says “segmenter” alone, write it with its folder, as above.")


def _head(what: Handover) -> Iterator[str]:
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


def _proof(what: Handover) -> Iterator[str]:
    yield from _head(what)
    yield ""
    yield _(
        "Keep that number. Whoever doubts the record asks the consultant for a copy of the ledger; it is whole, and "
        "holds all of that, if this says so:"
    )
    yield ""
    yield f"    segmenter runs --ledger {LEDGER_COPY} --head {what.chain.head}"


def _to_close(what: Handover) -> Iterator[str]:
    if what.plan.source == "export":
        yield _nothing_to_close()
        return
    yield _("The work user is needed no more: delete its API keys, then archive it. The exact steps for this Odoo:")
    yield ""
    yield f"    segmenter check {shlex.quote(what.spec_file)} --guide"


def _section(title: str) -> Iterator[str]:
    yield ""
    yield title.upper()
    yield ""
