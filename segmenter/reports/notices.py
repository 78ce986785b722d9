"""What plans and runs hold as facts, as sentences in the language of whoever reads: by the code of each notice.

The words of one kind of notice are one small function, or one entry of a table where nothing but names goes in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from segmenter.checking.rights import WORDED, in_words
from segmenter.conditions import money
from segmenter.conditions.phrases import number
from segmenter.errors import SegmenterError
from segmenter.i18n import N_, NN_, _, all_of, language, ngettext, reworded, some_of, together
from segmenter.model_names import model_name
from segmenter.notice import AS_WRITTEN, Notice
from segmenter.plans.expected import Amount, Range
from segmenter.plans.plan import ExampleResult, Plan, PlanRefused, Violation, full_name
from segmenter.reports import side_effects
from segmenter.reports.colours import tone

Wording = Callable[[Notice], str]
"""Words a notice."""
PERCENT = "\N{NO-BREAK SPACE}%"


def sentence(notice: Notice) -> str:
    """The notice in the reader's language; of a code that this version does not know, the code and what it names."""
    code = notice.code
    if wording := _WORDINGS.get(code) or side_effects.WORDINGS.get(code):
        return wording(notice)
    if plain := _PLAIN.get(code) or side_effects.PLAIN.get(code):
        return _filled(_(plain), notice)
    if counted := _COUNTED.get(code) or side_effects.COUNTED.get(code):
        return _filled(ngettext(*counted, notice.number()), notice)
    return " ".join([code, *(f"({notice.name(kind)})" for kind in notice.names)])


def sentences(notices: Iterable[Notice]) -> list[str]:
    """Each of them."""
    return [sentence(notice) for notice in notices]


def document(notice: Notice) -> dict[str, Any]:
    """The notice in JSON: as it is, and ``text`` for people."""
    names = {kind: reworded(name) if isinstance(name, str) else name for kind, name in notice.names.items()}
    return {"code": notice.code, "counts": notice.counts, "names": names, "text": sentence(notice)}


def violation(broken: Violation, plan: Plan) -> str:
    """What stands against a plan."""
    about = broken.about
    if about is not None and about.code == "expectation.unmet":
        return _unmet(broken, about)
    if broken.limit in _LIMITS and (about is None or about.code == "limit.share"):
        return _(_LIMITS[broken.limit]).format(found=number(broken.found), allowed=_allowed(broken))
    if about is not None:
        return sentence(about)
    if broken.limit == "examples":
        return _examples(plan)
    return f"{broken.limit}: {number(broken.found)} > {number(broken.allowed)}"


def violation_document(broken: Violation, plan: Plan) -> dict[str, Any]:
    """The violation in JSON: as it is, and ``text`` for people."""
    about = document(broken.about) if broken.about is not None else None
    return {
        "limit": broken.limit,
        "found": broken.found,
        "allowed": broken.allowed,
        "about": about,
        "text": violation(broken, plan),
    }


def refusal(error: SegmenterError) -> str:
    """An error as a sentence, and what to do about it; what stands against a plan is worded here."""
    if not isinstance(error, PlanRefused):
        return str(error)
    what = "; ".join(violation(broken, error.plan) for broken in error.violations)
    return f"{what}; {error.todo}" if error.todo else what


def example_label(example: ExampleResult) -> str:
    """What an example of the client's is called: ``Hotel Sol``, ``Hotel Sol (id 27)``, ``example 3``."""
    if example.reference:
        return f"{example.label} ({reworded(example.reference)})".strip()
    return example.label or _("example {number}").format(number=example.number)


def example_got(example: ExampleResult, segmentation: str) -> str:
    """The segment that an example got in a segmentation, "" for none; or why it got none in any."""
    return example.got.get(segmentation, "") if example.reason is None else sentence(example.reason)


def _filled(template: str, notice: Notice) -> str:
    """A sentence with the counts and names of a notice in it."""
    names = {kind: notice.name(kind) for kind in notice.names}
    return template.format(**names, **{kind: f"{count:.15g}" for kind, count in notice.counts.items()})


def _as_written(notice: Notice) -> str:
    """Kept as a sentence by an older version; in the reader's language if it was kept in that too."""
    return notice.name(language()) or notice.name("sentence")


def _unreadable(notice: Notice) -> str:
    reasons = {
        "unreadable.gone": _("gone, or hidden from the work user"),
        "unreadable.not_a_number": _("it holds NaN or an infinite number"),
    }
    return _("The record {id} ({what}) could not be read and is left alone: {reason}").format(
        id=notice.number("id"),
        what=model_name(notice.name("model")),
        reason=reasons.get(notice.code) or reworded(notice.name("error")),
    )


def _currencies(notice: Notice) -> str:
    by_code = {code: notice.number(code) for code in notice.all_names("currency")}
    told = money.told(by_code)
    return f"{told}; {money.advice(by_code)}" if notice.code == "currencies.unnamed" else told


def _rights(notice: Notice) -> str:
    """What the work user may not do or take back, worded as `check` does."""
    return str(in_words(notice))


def _examples(plan: Plan) -> str:
    labels = [example_label(example) for example in plan.examples if not example.met]
    return ngettext(
        "{number} example of the client's comes out otherwise: {labels}",
        "{number} examples of the client's come out otherwise: {labels}",
        len(labels),
    ).format(number=len(labels), labels=", ".join(labels))


def _moves(notice: Notice) -> str:
    """Where records belong once a plan is applied, and whose writing moves them."""
    number, to = notice.number(), notice.name("to")
    if to and to == notice.name("from"):
        text = ngettext(
            "A second plan changes {number} record in {to} again",
            "A second plan changes {number} records in {to} again",
            number,
        )
    elif notice.code == "settling.moves_on":
        text = ngettext(
            "Once this plan is applied, {number} record goes from {origin} to {to}, because of what is written by "
            "{because}; a second plan changes it",
            "Once this plan is applied, {number} records go from {origin} to {to}, because of what is written by "
            "{because}; a second plan changes them",
            number,
        )
    elif notice.code == "settling.elsewhere":
        text = ngettext(
            "Once this plan is applied, {number} record goes from {origin} to {to}, because of what is written by "
            "{because}; nothing more changes on it",
            "Once this plan is applied, {number} records go from {origin} to {to}, because of what is written by "
            "{because}; nothing more changes on them",
            number,
        )
    else:
        text = ngettext(
            "Once this plan is applied, {number} record is out of the scope or protected, because of what is written "
            "by {because}",
            "Once this plan is applied, {number} records are out of the scope or protected, because of what is written "
            "by {because}",
            number,
        )
    told = text.format(
        number=number, to=_segment(notice, "to"), origin=_segment(notice, "from"), because=notice.name("because")
    )
    records = notice.all_names("records")
    return together("{told}: {names}", told=told, names=some_of(records, number)) if records else told


def _segment(notice: Notice, kind: str) -> str:
    segmentation, segment = notice.name("segmentation"), notice.name(kind)
    if segment:
        return full_name(segmentation, segment)
    return _("no segment of {segmentation}").format(segmentation=segmentation)


_PLAIN = {
    "placement.empty": N_("{segmentation}: nothing falls into {segment}"),
    "looks.tag_cut": N_("Odoo cuts the name of the tag {tag} on its cards, to some {most} characters: {shown}"),
    "looks.favourite_cut": N_(
        "Odoo cuts the name of the favourite {favourite} in its menu, to some {most} characters: {shown}"
    ),
    "looks.tag_alike": N_("The new tag {tag} is nearly called like {others}: is it one of them?"),
    "assignment.stranger": N_(
        "The exported file does not say who {person} is; how many records each person would hold is seen with the "
        "server"
    ),
    "example.outside_scope": N_("(outside the scope)"),
    "example.protected": N_("(protected)"),
    "undo.date_of_change": N_("The date of the last change of each record, which every write moves"),
}
_COUNTED = {
    "property.of_no_team": NN_(
        "{segment}: {number} lead is of no team that has the property {property}, so that nothing is written on it",
        "{segment}: {number} leads are of no team that has the property {property}, so that nothing is written on them",
    ),
    "placement.uncovered": NN_(
        "{segmentation}: no segment takes {number} record, and there is no default",
        "{segmentation}: no segment takes {number} records, and there is no default",
    ),
    "assignment.at_cap": NN_(
        "{number} record stays as it is because everybody is at the cap",
        "{number} records stay as they are because everybody is at the cap",
    ),
    "conversion.unknown": NN_(
        "{number} lead is to get a contact: which one, only the server can tell",
        "{number} leads are to get a contact: which one, only the server can tell",
    ),
    "conversion.several": NN_(
        "{number} lead is converted without a contact: several contacts have its e-mail",
        "{number} leads are converted without a contact: several contacts have their e-mail",
    ),
    "conversion.nobody": NN_(
        "{number} lead is converted without a contact: none has its e-mail",
        "{number} leads are converted without a contact: none has their e-mail",
    ),
    "conversion.nameless": NN_(
        "{number} lead is converted without a contact: it names nobody and has no e-mail",
        "{number} leads are converted without a contact: they name nobody and have no e-mail",
    ),
    "settling.may_move": NN_(
        "Odoo may compute {field} of {number} record anew, which conditions ask for: it may belong elsewhere then",
        "Odoo may compute {field} of {number} records anew, which conditions ask for: they may belong elsewhere then",
    ),
    "settling.for_ever": NN_(
        "{number} record never comes to rest: each plan changes what the one before wrote, by {segments}",
        "{number} records never come to rest: each plan changes what the one before wrote, by {segments}",
    ),
    "unreadable.more": NN_(
        "{number} more record could not be read and is left alone",
        "{number} more records could not be read and are left alone",
    ),
}


def _colour(notice: Notice) -> str:
    text = _("{segments} have one colour, {colour}, in different segmentations: a card does not tell them apart by it")
    return text.format(segments=all_of(notice.all_names("segments")), colour=tone(notice.number("color"))[1])


def _stars_stay(notice: Notice) -> str:
    """Of a spec alone nobody knows how many records it is about."""
    segments, count = all_of(notice.all_names("segments")), notice.number()
    if not count:
        text = _(
            "{segmentation}: {segments} set no priority, and others do: records keep the stars that they have, and "
            "Odoo lists those with stars first"
        )
        return text.format(segmentation=notice.name("segmentation"), segments=segments)
    text = ngettext(
        "{segmentation}: {segments} set no priority, and {number} record of theirs keeps as many stars as others are "
        "given: Odoo lists it among them, on top",
        "{segmentation}: {segments} set no priority, and {number} records of theirs keep as many stars as others are "
        "given: Odoo lists them among those, on top",
        count,
    )
    return text.format(segmentation=notice.name("segmentation"), segments=segments, number=number(count))


_WORDINGS: Mapping[str, Wording] = {
    "looks.colour": _colour,
    "looks.stars_stay": _stars_stay,
    AS_WRITTEN: _as_written,
    "unreadable.gone": _unreadable,
    "unreadable.not_a_number": _unreadable,
    "unreadable.error": _unreadable,
    "currencies.several": _currencies,
    "currencies.unnamed": _currencies,
    **dict.fromkeys(WORDED, _rights),
    "example.not_found": lambda notice: reworded(notice.name("why")),
    "settling.moves_on": _moves,
    "settling.elsewhere": _moves,
    "settling.leaves": _moves,
}
"""The words of the other notices, by code; what Odoo does by itself is worded in modules of its own."""
_LIMITS = {
    "changes": N_("{found} records would change; the limit is {allowed}"),
    "overwrites": N_("{found} records would lose a value that was already there; the limit is {allowed}"),
    "removed_tags": N_("{found} records would lose a tag; the limit is {allowed}"),
    "moved_stages": N_("{found} records would move to another stage; the limit is {allowed}"),
    "new_contacts": N_("{found} contacts would be created; the limit is {allowed}"),
    "portfolio": N_("{found} records would change; the limit for the portfolio is {allowed}"),
}


def _allowed(broken: Violation) -> str:
    """``10 %, that is 60`` or ``5,000``."""
    if broken.about is None:
        return number(broken.allowed)
    percent = f"{number(broken.about.counts['percent'])}{PERCENT}"
    return _("{percent}, that is {number}").format(percent=percent, number=number(int(broken.allowed)))


def _unmet(broken: Violation, about: Notice) -> str:
    """What a segment, or the scope, has, and what the client expects of it."""
    segmentation = about.name("segmentation")
    return _("{what} has {number} records; the client expects {expected}").format(
        what=full_name(segmentation, about.name("segment")) if segmentation else _("The scope"),
        number=number(broken.found),
        expected=range_in_words(Range(_end(about.counts, "least"), _end(about.counts, "most"))),
    )


def _end(counts: Mapping[str, float], name: str) -> Amount | None:
    """One end of what is expected; None of an open one."""
    if name in counts:
        return Amount(counts[name])
    return Amount(counts[f"{name}_percent"], percent=True) if f"{name}_percent" in counts else None


def range_in_words(expected: Range, number: Callable[[float], str] = number) -> str:
    """``from 5 % to 25 %``; ``number`` writes a number as its reader does."""
    return _range(_bound(expected.least, number), _bound(expected.most, number))


def _range(low: str, high: str) -> str:
    if low and high:
        return _("from {low} to {high}").format(low=low, high=high) if low != high else low
    return _("{low} or more").format(low=low) if low else _("{high} at most").format(high=high)


def _bound(end: Amount | None, number: Callable[[float], str]) -> str:
    """One end of a range; nothing of nothing."""
    if end is None:
        return ""
    return f"{number(end.number)}{PERCENT if end.percent else ''}"
