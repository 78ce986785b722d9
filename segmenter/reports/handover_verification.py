"""The text for experts: how to look for drift with the program, and how to prove the record."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from segmenter import __version__
from segmenter.i18n import _, ngettext
from segmenter.reports.handover import Handover, file_name
from segmenter.reports.handover_readme import as_text, section
from segmenter.reports.text import Style, clean

LEDGER_COPY = "segmenter.ledger"
WHEEL = f"segmenter-{__version__}-py3-none-any.whl"


def verification(what: Handover, client: str) -> str:
    """The text, in the language spoken now. Lines end as Windows has them."""
    return as_text(_lines(what, client))


def _lines(what: Handover, client: str) -> Iterator[str]:
    yield clean(_("{client}: verification, for experts").format(client=client))
    yield from section(_("How to look for drift"))
    yield from _drift(what)
    if what.plan.identity.source != "export":
        yield from section(_("How to read the criteria"))
        yield from _criteria(what)
    yield from section(_("How to prove the record"))
    yield from _proof(what)


def _drift(what: Handover) -> Iterator[str]:
    """From a machine that never had the program to the answer."""
    specs = [shlex.quote(name) for name in what.specs]
    export = what.plan.identity.source == "export"
    list = f" --from {_('LIST')}.xlsx" if export else ""
    yield _(
        "Drift: records that came in or were edited since may be out of their place. segmenter, the program that the "
        "consultant worked with, says which. It runs on somebody's own computer, not inside Odoo, and looking writes "
        "nothing. It is a task for the consultant, or for whoever administers your Odoo."
    )
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


def _criteria(what: Handover) -> Iterator[str]:
    """What the domains in the lists are, and what they are not."""
    style = Style(what.plan.identity.client_language or what.plan.identity.language, what.plan.identity.timezone)
    yield _(
        "The domains of {file} are the criteria of each segment alone, with days counted from {day}. They do not "
        "say which records are left out of the work or protected, nor that the first segment that fits takes the "
        "record. To see in Odoo who is in a segment, use its favorite, or the tag or value that it gave."
    ).format(file=file_name("segments"), day=style.day(what.plan.identity.now))


def _proof(what: Handover) -> Iterator[str]:
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
    yield _(
        "Keep that number. Whoever doubts the record asks the consultant for a copy of the ledger; it is whole, and "
        "holds all of that, if this says so:"
    )
    yield ""
    yield f"    segmenter runs --ledger {LEDGER_COPY} --head {what.chain.head}"
    yield ""
    if what.plans:
        yield _("The digests of the plans that were applied:")
        yield ""
        yield from (f"    {plan.id}  {plan.digest}" for plan in what.plans.values())
        yield ""
    yield _("{file} holds the SHA-256 of every file of this bundle.").format(file=file_name("manifest"))
