"""What the mails of an engagement are made of: its facts, what to attach, and the commands that write it."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from segmenter.cli.commands.check import guide_case
from segmenter.cli.consultant import consultant_of, consultant_of_plan
from segmenter.cli.engagement import Engagement
from segmenter.cli.output import as_json, out, print_json, say
from segmenter.cli.reporting import usual_file
from segmenter.cli.settings import settings
from segmenter.engagement import standing
from segmenter.errors import SegmenterError, UsageError
from segmenter.i18n import _, one_of, speaking, why
from segmenter.ledger import Ledger
from segmenter.reports import handover
from segmenter.reports.families import families
from segmenter.reports.guide import Case, making
from segmenter.reports.mails import letter
from segmenter.reports.mails.letter import Attachment, Facts
from segmenter.reports.mails.moments import MOMENTS, check
from segmenter.spec import load
from segmenter.spec.model import Spec

SESSION = "session"


def moment_and_spec(mailing: str | None, spec: str | None) -> tuple[str | None, str | None]:
    """Reads ``--email [MOMENT] [SPEC]``; the moment may be left out. Raises `UsageError` for a misspelt one."""
    if mailing is None or mailing in MOMENTS:
        return mailing, spec
    if spec is None and (Path(mailing).exists() or Path(mailing).suffix):
        return SESSION, mailing
    raise UsageError(
        _("There is no mail for {moment}").format(moment=mailing),
        todo=_("say {moments}").format(moments=one_of(list(MOMENTS))),
    )


def print_mail(moment: str, found: Engagement, ledger: Ledger, spec: str | None, attach: Sequence[str]) -> None:
    """Prints the mail of a moment in the client's language, and says in ours what to attach."""
    loaded = load(spec) if spec else None
    facts = _facts(moment, found, ledger, loaded)
    files = {Path(file).resolve(): Path(file) for file in attach}  # each once
    facts = replace(facts, attachments=tuple(_attached(file, moment) for file in files.values()))
    check(moment, facts)
    if moment == "closing":
        heads = {file: head for file in files.values() if (head := _head_in(file, found))}
        facts = replace(facts, bundled=bool(heads))
        _warn_of_older(heads, facts.head)
    case = _case(loaded) if moment == "access" else None
    with speaking(found.client.language):
        known = _ATTACHMENTS.get(moment)
        usual = known(found, spec) if known else None
        attachments = _with_usual(usual, facts.attachments)
        mail = MOMENTS[moment](replace(facts, attachments=attachments, access=making(case) if case else ()))
    if as_json():
        print_json("email", letter.document(mail))
        return
    out().print(letter.text(mail), soft_wrap=True)
    for one in mail.attachments:
        if one.command:
            say(_("Attach {file}; this writes it: {command}").format(file=one.file, command=one.command))
        else:
            say(_("Attach {file}").format(file=one.file))


def _facts(moment: str, found: Engagement, ledger: Ledger, spec: Spec | None) -> Facts:
    status = found.status(ledger)
    plan = found.plans[-1] if found.plans else None
    if spec is not None:
        model, consultant = spec.scope.model, consultant_of(spec)
    elif plan is not None:
        last = ledger.plan(plan.id)
        model, consultant = last.identity.model, consultant_of_plan(last)
    else:
        model, consultant = "crm.lead", consultant_of(None)
    return Facts(
        client=found.client,
        consultant=consultant,
        status=status,
        model=model,
        log=standing(found.log),
        applied=families(ledger, found.runs),
        plan=plan,
        to_approve="approval" in status.waits_for,
        head=ledger.verify_chain().head if moment == "closing" else "",
        has_api=None if spec is None else spec.odoo is not None,
    )


def _with_usual(usual: Attachment | None, given: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """What a mail always has, and what was named; where somebody named the usual file, it is not there twice."""
    if usual is None:
        return given
    name = Path(usual.file).name
    if any(Path(one.file).name == name for one in given):
        return tuple(replace(one, of=usual.of) if Path(one.file).name == name else one for one in given)
    return (usual, *given)


def _report(found: Engagement, spec: str | None) -> Attachment | None:
    """The report of the last plan's last run that came to something, or of the plan itself."""
    if not found.plans:
        return None
    last = found.plans[-1].id
    id = next((run.id for run in reversed(found.runs) if run.plan == last and not run.waits), last)
    file = str(usual_file(settings().ledger_place(spec), id, ".html"))
    return Attachment(file, f"segmenter report {id}{settings().ledger_option(spec or '')}", id)


def _acta(_found: Engagement, spec: str | None) -> Attachment:
    page = str(Path(spec or "").parent / f"{_('agreement')}.html")
    return Attachment(page, f"segmenter acta {shlex.quote(spec or 'SPEC')} --html {shlex.quote(page)}")


_ATTACHMENTS: Mapping[str, Callable[[Engagement, str | None], Attachment | None]] = {
    "session": _report,
    "review": _report,
    "acta": _acta,
}


def _attached(file: Path, moment: str) -> Attachment:
    """A file that is there, with the digest of its content where it is handed over."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SegmenterError(
            _("{file} cannot be read: {reason}").format(file=file, reason=why(error)),
            todo=_("write it first, or name another"),
        ) from error
    return Attachment(str(file), sha256=hashlib.sha256(content).hexdigest() if moment == "closing" else "")


def _head_in(file: Path, found: Engagement) -> str:
    """The head of the ledger's chain that a bundle of `handover` holds; "" for any other file."""
    with speaking(found.client.language):
        name = handover.file_name("manifest")
    try:
        with ZipFile(file) as zipped:
            return str(json.loads(zipped.read(name))["chain"]["head"])
    except (BadZipFile, KeyError, TypeError, ValueError):
        return ""


def _warn_of_older(heads: Mapping[Path, str], now: str) -> None:
    for file, head in heads.items():
        if head != now:
            sentence = _(
                "{file} was made before the last entries of the ledger: the final hash in it is another than that of "
                "this mail. Make it again, and then this mail: segmenter handover --output {target} --force"
            )
            say(sentence.format(file=file, target=shlex.quote(str(file))), "yellow")


def _case(spec: Spec | None) -> Case:
    """The work user of the spec, for its version of Odoo if that can be asked."""
    if spec is None or spec.odoo is None:
        raise UsageError(
            _("Nobody knows in which Odoo the user is to be made"),
            todo=_("name a spec with an odoo section: segmenter log --email access SPEC"),
        )
    case = guide_case(spec)
    if case.major is None:
        say(_("The mail has the steps of every version: leave those of theirs alone"), "yellow")
    return replace(case, fields=())
