"""One mail for each moment of an engagement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from segmenter.engagement import INCLUDED_MINUTES, SESSION_KINDS, SESSION_MINUTES, SESSIONS
from segmenter.errors import UsageError
from segmenter.i18n import N_, _, ngettext
from segmenter.ledger import LogEntry
from segmenter.reports.families import applied_line
from segmenter.reports.logbook import minutes
from segmenter.reports.mails import coming
from segmenter.reports.mails.export_steps import export_steps
from segmenter.reports.mails.letter import Facts, Mail, listed, made, style_of

_SESSIONS = {
    "definition": (N_("definition session of {day}"), N_("Thank you for the definition session of {day} ({minutes}).")),
    "review": (N_("review session of {day}"), N_("Thank you for the review session of {day} ({minutes}).")),
    "work": (N_("joint work session of {day}"), N_("Thank you for the joint work session of {day} ({minutes}).")),
}
_NOT_BY_ITSELF = N_(
    "New opportunities are not tagged by themselves: what comes in after the delivery keeps its place in your Odoo, "
    "without a segment, until the criteria are applied again. Ask us what that costs."
)


def check(moment: str, facts: Facts) -> None:
    """Raises `UsageError` where something is missing that the mail of a moment is about."""
    kept = _("keep it first: segmenter log add --kind definition --minutes 30 --activity TEXT --result TEXT")
    if moment == "session" and _last(facts, *SESSION_KINDS) is None:
        raise UsageError(_("There is no joint session in the log yet"), todo=kept)
    if moment == "acta" and _last(facts, "definition") is None:
        raise UsageError(_("There is no definition session in the log yet"), todo=kept)
    if moment == "review" and facts.plan is None:
        raise UsageError(_("There is no plan yet"), todo=_("make one first: segmenter plan SPEC"))
    if moment == "closing" and not facts.attachments:
        raise UsageError(
            _("The closing mail names what it hands over"),
            todo=_("write it first with segmenter handover, and then: segmenter log --email closing --attach FILE"),
        )
    if moment == "reminder" and facts.status.request is None:
        raise UsageError(
            _("There is no open request to remind of"),
            todo=_("keep the request first: segmenter log add --kind request --activity TEXT"),
        )


def opening(facts: Facts) -> Mail:
    """What is needed to begin, and how all records are exported."""
    approver = facts.client.approver

    def needed() -> Iterator[str]:
        if facts.model == "res.partner":
            yield _("The list of your contacts, exported from Odoo. The steps are below.")
        else:
            yield _("The list of your opportunities, exported from Odoo. The steps are below.")
        if not approver:
            yield _("Who approves: name and e-mail address of one person.")
        yield _(
            "Who administers your Odoo, its address and the name of the database. After the definition session we send "
            "the steps to make a user for this work. We need nobody's password."
        )
        yield _("A day and an hour for the definition session, of {minutes}.").format(minutes=minutes(SESSION_MINUTES))

    def paragraphs() -> Iterator[str]:
        yield listed(_("Thank you for your trust. To begin we need the following from you:"), needed(), numbered=True)
        yield listed(_("How to export all of them:"), export_steps(facts.model, facts.has_api), numbered=True)
        yield _(
            "Answer this mail with the file. If it holds data that should not travel by mail, tell us, and we agree on "
            "another way."
        )
        yield _("Nothing is changed in your Odoo before you have approved a plan in writing.")
        yield _(
            "The service includes {hour} of joint work, in {sessions} sessions of {each}. We deliver within a week of "
            "the day on which we have everything."
        ).format(hour=minutes(INCLUDED_MINUTES), sessions=SESSIONS, each=minutes(SESSION_MINUTES))

    return made(_("what we need to begin"), paragraphs(), facts)


def session(facts: Facts) -> Mail:
    """After the last joint session."""
    held = _last(facts, *SESSION_KINDS)
    assert held is not None
    style = style_of(facts)
    subject, thanks = _SESSIONS[held.kind]

    def paragraphs() -> Iterator[str]:
        yield _(thanks).format(day=style.day(held.at[:10]), minutes=minutes(held.minutes or 0))
        worked_on = _("What we worked on: {activity}").format(activity=held.activity)
        yield "\n".join([worked_on, _("Result: {result}").format(result=held.result)])
        yield coming.time_used(facts.status, style)
        yield from _done(facts)
        yield from _attached(facts)
        yield from _to_approve(facts)
        yield from _what_follows(facts)
        yield from _beyond(facts)

    return made(_(subject).format(day=style.day(held.at[:10])), paragraphs(), facts)


def acta(facts: Facts) -> Mail:
    """With what was agreed, to be agreed to in writing."""
    held = _last(facts, "definition")
    assert held is not None
    day = style_of(facts).day(held.at[:10])

    def paragraphs() -> Iterator[str]:
        yield _("Here is what we agreed in the definition session of {day}.").format(day=day)
        yield from _attached(facts)
        yield _(
            "Please read it and answer this mail with “I agree”, or with what has to be corrected. It is the base of "
            "all that follows."
        )
        yield from _what_follows(facts)

    return made(_("what we agreed on {day}").format(day=day), paragraphs(), facts)


def access(facts: Facts) -> Mail:
    """How the client makes the user with which we work."""

    def paragraphs() -> Iterator[str]:
        yield _(
            "To go on we need a user of its own in your Odoo, made for this work. We never work as somebody's own "
            "user. Whoever administers your Odoo makes it in five minutes; please pass these steps on."
        )
        for section in facts.access:
            yield listed(section.title, section.steps, numbered=True)
        yield _(
            "The key is a secret: please never send it by mail. Tell us when the user is made; the invitation of Odoo "
            "comes to us, and we make the key ourselves. When the work is delivered we ask you to close the user again."
        )

    return made(_("a user for the work in your Odoo"), paragraphs(), facts)


def review(facts: Facts) -> Mail:
    """With the report of the last plan, before anything is written."""
    plan = facts.plan
    assert plan is not None
    done = [family for family in facts.applied if family.plan == plan.id and not family.waits]

    def paragraphs() -> Iterator[str]:
        if done and not done[-1].stands:
            yield _(
                "The plan {plan} was applied, and taken back later. The report says what was given back, record by "
                "record."
            ).format(plan=plan.id)
        elif done:
            yield _("The plan {plan} was applied. The report says what was written, record by record.").format(
                plan=plan.id
            )
        else:
            yield _(
                "The plan {plan} is ready. The report says what would change in your Odoo, record by record; nothing "
                "has been written yet."
            ).format(plan=plan.id)
        yield from _attached(facts)
        if plan.source == "export" and not plan.importable:
            yield _("It was made from an exported list: it shows what would change, and nothing was written.")
        yield from _to_approve(facts)
        yield from _what_follows(facts)

    return made(_("report to review"), paragraphs(), facts)


def closing(facts: Facts) -> Mail:
    """With what is handed over, and how it is proven."""
    style = style_of(facts)

    def paragraphs() -> Iterator[str]:
        yield _("With this mail we hand over the segmentation of your CRM.")
        names = (_attachment_line(Path(one.file).name, one.sha256) for one in facts.attachments)
        yield listed(_("Attached:"), names)
        stands = any(family.stands for family in facts.applied)
        if facts.bundled and stands:
            yield _("Begin with the text that says how to use it on Monday. It says too what the work does not do.")
        yield from _done(facts)
        if stands:
            yield _(_NOT_BY_ITSELF)
        yield _(
            "All that was planned, approved and written is in our record. Keep this number: with it anybody can prove "
            "later that nothing was altered.\n{head}"
        ).format(head=facts.head)
        if facts.plan is not None and facts.plan.source != "export":
            yield _(
                "The user that you made for this work is needed no more. Please have its keys deleted and archive it."
            ) + (" " + _("What is attached says how.") if facts.bundled else "")
        yield coming.time_used(facts.status, style)
        yield from coming.credit(facts.status, style)
        yield from _beyond(facts)
        yield from _what_follows(facts, delivered=True)

    return made(_("delivery"), paragraphs(), facts)


def reminder(facts: Facts) -> Mail:
    """Of the formal request that has no answer: what follows of 60 days, and of 90 more."""
    found, style = facts.status, style_of(facts)
    assert found.request is not None
    passed = (found.on - found.request.day).days
    late = found.dates.on_hold_from is not None and found.on >= found.dates.on_hold_from

    def paragraphs() -> Iterator[str]:
        yield ngettext(
            "{number} day ago we asked you for something, and we have no answer yet.",
            "{number} days ago we asked you for something, and we have no answer yet.",
            passed,
        ).format(number=passed)
        yield coming.asked(found, style)
        yield _("An answer to this mail is enough, and we go on where we stopped.")
        if found.left:
            yield coming.time_used(found, style)

    subject = _("the work is on hold, we wait for you") if late else _("we wait for your answer")
    return made(subject, paragraphs(), facts)


MOMENTS: Mapping[str, Callable[[Facts], Mail]] = {
    "session": session,
    "opening": opening,
    "acta": acta,
    "access": access,
    "review": review,
    "closing": closing,
    "reminder": reminder,
}
"""The moment, as `log --email` says it -> what makes its mail, once `check` let it."""


def _last(facts: Facts, *kinds: str) -> LogEntry | None:
    return next((entry for entry in reversed(facts.log) if entry.kind in kinds), None)


def _done(facts: Facts) -> Iterator[str]:
    style = style_of(facts)
    done = (f"{family.plan}: {applied_line(family, style)}" for family in facts.applied)
    yield listed(_("What was done in your Odoo so far:"), done)


def _attached(facts: Facts) -> Iterator[str]:
    if not facts.attachments:
        return
    names = ", ".join(Path(one.file).name for one in facts.attachments)
    sentence = _("Attached: {file}. It opens in any browser, without a connection.").format(file=names)
    told = {one.of for one in facts.attachments if one.of}
    if told and any(family.told.id not in told for family in facts.applied if not family.waits):
        sentence += " " + _("It tells of {told} alone.").format(told=", ".join(sorted(told)))
    yield sentence


def _attachment_line(file: str, sha256: str) -> str:
    return _("{file} (SHA-256: {digest})").format(file=file, digest=sha256) if sha256 else file


def _to_approve(facts: Facts) -> Iterator[str]:
    if facts.to_approve and facts.plan:
        sentence = _("If you agree, please answer this mail with: “I approve plan {plan}, code {digest}”.")
        yield sentence.format(plan=facts.plan.id, digest=facts.plan.digest[:12])


def _what_follows(facts: Facts, *, delivered: bool = False) -> Iterator[str]:
    style = style_of(facts)
    if not delivered:
        yield coming.asked(facts.status, style)
    yield listed(_("What follows:"), coming.steps(facts.status, style, delivered=delivered), numbered=True)
    if facts.status.dates.delivered:
        yield _("We delivered on {day}.").format(day=coming.day(facts.status.dates.delivered, style))


def _beyond(facts: Facts) -> Iterator[str]:
    extras = (entry.activity for entry in facts.status.out_of_scope)
    yield listed(_("Kept for a separate service, as they are outside this one:"), extras)
