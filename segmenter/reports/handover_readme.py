"""The text that the client reads first: how to use it on Monday, what it does not do, what was done, what is here.

It holds no command. Verification is for experts, in a text of its own (`handover_verification`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from segmenter.i18n import _, all_of, some_of
from segmenter.ledger import Run
from segmenter.plans.plan import Plan
from segmenter.reports import leftovers, links
from segmenter.reports.engagement import lines as status_lines
from segmenter.reports.families import applied_line
from segmenter.reports.guide import Case, closing
from segmenter.reports.handover import Handover, file_name
from segmenter.reports.nouns import noun
from segmenter.reports.text import Style, clean

WIDTH = 100
NAMED = 12
"""Favourites that are named."""


def readme(what: Handover, client: str) -> str:
    """The text, in the language spoken now. Lines end as Windows has them."""
    style = Style(what.plan.identity.client_language or what.plan.identity.language, what.plan.identity.timezone)
    return as_text(_lines(what, client, style))


def as_text(lines: Iterable[str]) -> str:
    """Lines that fit a plain editor; those that begin with four blanks stay whole."""
    return "\r\n".join(_wrapped(lines)) + "\r\n"


def section(title: str) -> Iterator[str]:
    """A heading."""
    yield from ("", title.upper(), "")


def _wrapped(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        whole = line.startswith("    ") or not line
        indent = "  " if line.startswith("- ") else "   " if line[:1].isdigit() else ""
        yield from (
            [line]
            if whole
            else wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False, subsequent_indent=indent)
        )


def _lines(what: Handover, client: str, style: Style) -> Iterator[str]:
    day = style.day(what.status.on.isoformat())
    yield clean(_("{client}: segmentation of the CRM, handed over on {day}").format(client=client, day=day))
    yield from section(_("How to use it on Monday"))
    yield from _monday(what)
    yield from section(_("What it does not do"))
    yield from _not_done(what)
    yield from section(_("What was done"))
    yield from _done(what, style)
    yield from section(_("What is in here"))
    yield from _contents(what)
    yield from section(_("What to close"))
    yield from _to_close(what)
    yield from section(_("The service"))
    yield from status_lines(what.status, style)
    if contact := " · ".join(filter(None, _contact(what))):
        yield ""
        yield clean(contact)


def _monday(what: Handover) -> Iterator[str]:
    if what.state is None:
        yield _("Nothing of this work stands in your Odoo now, so there is nothing to use yet.")
        return
    steps = [
        _(
            "Open {file}: on top are the segments, with how many {prospects} each one has and its criteria; below, the "
            "{prospects} under their segment. It opens in any browser, without a connection."
        ).format(file=file_name("state_page"), prospects=noun(what.plan).many)
        + (" " + _("A click on a name opens it in Odoo.") if links.around(what.plan) else ""),
        _("To work with a list, sort it and write beside it, open {file} in your spreadsheet.").format(
            file=file_name("state_book")
        ),
    ]
    if what.favourites:
        names = some_of([clean(one.name) for one in what.favourites[:NAMED]], len(what.favourites))
        steps.append(
            _("In Odoo, open the menu of the search bar and choose one under Favorites: {names}.").format(names=names)
        )
    else:
        steps.append(_("In Odoo, type the name of a segment into the search bar and choose what it finds."))
    steps.append(
        _(
            "Whoever knows better corrects a record by hand in Odoo. Nothing of this work runs by itself and changes "
            "it back."
        )
    )
    yield from (f"{number}. {step}" for number, step in enumerate(steps, 1))


def _not_done(what: Handover) -> Iterator[str]:
    many = noun(what.plan).many
    yield "- " + _(
        "It does not tag new {prospects}. What comes in after the delivery stays without a segment until the criteria "
        "are applied again."
    ).format(prospects=many)
    live = [clean(one.name) for one in what.favourites if one.live]
    if live:
        yield "- " + _(
            "But these favorites ask the criteria anew each time they are opened, so they show new {prospects} too, "
            "where they belong, without any tag: {names}."
        ).format(prospects=many, names=some_of(live[:NAMED], len(live)))
    elif what.favourites:
        yield "- " + _("The favorites show what was tagged, so new {prospects} are not in them either.").format(
            prospects=many
        )
    yield "- " + _(
        "It does not follow what changes. Where the amount, stage or age is another one next month, the segment stays "
        "as it is."
    )
    if what.state is not None:
        yield "- " + _cost(what)
    yield "- " + _("It sends no mail, merges no duplicates and deletes no records.")


def _cost(what: Handover) -> str:
    again = _(
        "A second run brings all of it up to date: a new plan, your approval, and its application. It is a separate "
        "order, shorter than this one, as the criteria are there already; ask for its price before it is begun."
    )
    if what.status.credit:
        left = _("Of this service {minutes} minutes of joint work are left, which may be used for it.")
        return f"{again} {left.format(minutes=what.status.credit)}"
    return again


def _done(what: Handover, style: Style) -> Iterator[str]:
    """Every plan that was applied, in order, how far, and what became of it; and what was planned after that."""
    for number, family in enumerate(what.families):
        if number:
            yield ""
        yield from _planned(what.plans[family.plan], style, correction=number > 0)
        yield applied_line(family, style)
        yield from _unfinished(family.told)
        yield from _approved(what, family.plan)
    standing = [family.plan for family in what.families if family.stands]
    if len(standing) > 1:
        yield ""
        yield _(
            "What {plans} wrote stands together: where two of them wrote the same thing, it is as the later one left "
            "it, unless somebody changed it since."
        ).format(plans=all_of(standing))
    last = what.last_plan
    if last.id in {family.plan for family in what.families}:
        return
    if what.families:
        yield ""
    yield from _planned(last, style, correction=False)
    if last.identity.source == "export" and not last.identity.importable:
        yield _("It was made from an exported list: it shows what would change, and nothing was written.")
    else:
        yield _("It has not been applied.")
    yield from _approved(what, last.id)


def _planned(plan: Plan, style: Style, *, correction: bool) -> Iterator[str]:
    made = (
        _("Correction: plan {plan} of {moment}, code {digest}.")
        if correction
        else _("Plan {plan} of {moment}, code {digest}.")
    )
    yield made.format(plan=plan.id, moment=style.moment(plan.identity.made_at), digest=plan.digest[:12])


def _approved(what: Handover, plan: str) -> Iterator[str]:
    for approval in what.approvals:
        if approval.plan == plan:
            yield clean(_("Approved by {by} ({evidence}).").format(by=approval.by, evidence=approval.evidence))


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


def _contents(what: Handover) -> Iterator[str]:
    if what.state is not None:
        listed = _("all {prospects} and where they are now").format(prospects=noun(what.plan).many)
        yield f"- {file_name('state_page')}, {file_name('state_book')}: {listed}"
    for page in what.agreements:
        yield f"- {page}: {_('what was agreed')}"
    for report in what.reports:
        about = _("the report of {told}; it opens in any browser").format(told=report.told)
        yield f"- {report.html}, {report.xlsx}: {about}"
    yield f"- {file_name('segments')}: {_('every segment with its criteria')}"
    if what.favourites:
        yield f"- {file_name('favourites')}: {_('the favorites that were saved in Odoo')}"
    yield f"- {file_name('log')}, {file_name('log_json')}: {_('the joint sessions, requests and approvals')}"
    yield f"- {file_name('status')}: {_('what the service included, what was used of it, and its dates')}"
    for name in what.specs:
        yield f"- {name}: {_('the criteria as the program reads them')}"
    yield f"- {file_name('verification')}: {_('for experts: how to prove all this, and how to look at it again')}"
    yield f"- {file_name('manifest')}: {_('the check sums of all files')}"


def _to_close(what: Handover) -> Iterator[str]:
    identity = what.plan.identity
    if identity.source == "export":
        yield _("Nothing: the plan was made from an exported list, without access to your Odoo.")
        return
    yield _("The user that was made for this work is needed no more. Whoever administers your Odoo closes it:")
    server = identity.server
    case = Case(login=str(server["login"]), url=str(server["url"]), major=links.major_of(str(server["version"])))
    parts = closing(case)
    for part in parts:
        yield from [part.title] if parts[1:] else []
        yield from (f"{number}. {step}" for number, step in enumerate(part.steps, 1))
    if what.left_behind:
        yield ""
        yield _("What was taken back left this in your Odoo, which the user of the work may not delete:")
        left = leftovers.steps(what.left_behind, what.plan)
        yield from (f"{number}. {step}" for number, step in enumerate(left, 1))


def _contact(what: Handover) -> tuple[str, ...]:
    consultant = what.consultant
    return consultant.name, consultant.firm, consultant.email, consultant.phone
