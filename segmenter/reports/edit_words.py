"""What was edited between two specs, in words: what it is about, how it was, how it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from segmenter.i18n import N_, _, ngettext, one_of
from segmenter.planning.comparing import PlanDiff
from segmenter.planning.edits import Edit
from segmenter.plans.expected import Amount, Range
from segmenter.plans.plan import Plan
from segmenter.reports.colours import tone
from segmenter.reports.limit_names import limit_name
from segmenter.reports.notices import range_in_words
from segmenter.reports.text import clean
from segmenter.reports.values import Values, placed

_ABOUT = {
    "condition": N_("{place}: criteria"),
    "name": N_("{place}: name"),
    "color": N_("{place}: colour"),
    "description": N_("{place}: description"),
    "value": N_("{place}: value that is stored"),
    "actions": N_("{place}: what is done with its records"),
    "expect": N_("{place}: records that you expect"),
    "filter": N_("{place}: what its favourite shows"),
    "order": N_("{place}: order of the segments"),
    "store": N_("{place}: where it is stored"),
    "contacts": N_("{place}: contacts follow their company"),
    "purpose": N_("{place}: description"),
    "scope": N_("Which records"),
    "archived": N_("Archived records too"),
    "scope_expect": N_("Records in the scope that you expect"),
    "protect": N_("Protected records"),
    "approval": N_("Only with an approval"),
    "filters": N_("Favourites in Odoo"),
    "tracking": N_("Notes in the chatter"),
    "fields": N_("Fields of the client's own"),
    "approver": N_("Who approves"),
    "timezone": N_("Time zone"),
    "language": N_("Language"),
}
_REASONS = {
    "condition": N_("the criteria of {segment} were edited"),
    "name": N_("{before} is called {segment} now"),
    "order": N_("the order of the segments was edited"),
    "contacts": N_("contacts follow their company otherwise"),
    "scope": N_("it was edited which records are in the scope"),
    "archived": N_("it was edited which records are in the scope"),
    "protect": N_("it was edited which records are protected"),
}


@dataclass(frozen=True, slots=True)
class EditLine:
    """One edit as people read it. ``about``: what was edited; ``before`` and ``after``: "" for nothing."""

    about: str
    before: str
    after: str


def edit_line(edit: Edit, diff: PlanDiff) -> EditLine:
    """An edit in words, each side as its own plan calls things."""
    about = _title(edit)
    sides = ((edit.before, diff.old), (edit.after, diff.new))
    before, after = (_side(edit, value, plan) for value, plan in sides)
    return EditLine(clean(about), clean(before), clean(after))


def reason(edit: Edit) -> str:
    """An edit as the reason why records move."""
    if edit.what == "segment":
        came = edit.before is None
        text = _("{segment} is a new segment") if came else _("{segment} is no segment any more")
    else:
        text = _(_REASONS[edit.what])
    return clean(text.format(segment=edit.segment, before=edit.before))


def _title(edit: Edit) -> str:
    place = placed(edit.segmentation, edit.segment) if edit.segment else edit.segmentation
    if edit.what == "limit":
        return _("Limit: {name}").format(name=limit_name(edit.limit))
    if edit.what in ("segment", "segmentation"):
        came = edit.before is None
        kinds = {
            "segment": _("{place}: new segment") if came else _("{place}: segment that is gone"),
            "segmentation": _("{place}: new segmentation") if came else _("{place}: segmentation that is gone"),
        }
        return kinds[edit.what].format(place=place)
    return _(_ABOUT[edit.what]).format(place=place)


def _side(edit: Edit, value: Any, plan: Plan) -> str:
    """What is on one side of an edit; "" for nothing."""
    say = Values(plan)
    if edit.what == "condition":
        return _criteria(value, say) or _("everything that no other segment takes")
    if edit.what in ("scope", "protect"):
        return _criteria(value, say) or (_("all records") if edit.what == "scope" else _("none"))
    if edit.what == "segment" and value is not None:
        return _criteria(_condition(edit, plan), say) or _("everything that no other segment takes")
    if edit.what == "segmentation" and value is not None:
        return ", ".join(count.segment for count in plan.counts.segments if count.segmentation == value)
    if edit.what == "actions":
        return "; ".join(_action(action, say) for action in value or ()) or _("nothing")
    return _WORDS.get(edit.what, _plain)(value)


def _criteria(condition: Any, say: Values) -> str:
    return say.criteria(condition) if condition is not None else ""


def _condition(edit: Edit, plan: Plan) -> Any:
    """The condition of a segment that came or went."""
    where = (edit.segmentation, edit.segment)
    found = (count.condition for count in plan.counts.segments if (count.segmentation, count.segment) == where)
    return next(found, None)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _amount(value: Amount | None) -> str:
    return _("no limit") if value is None else range_in_words(Range(value, value))


def _range(value: Range | None) -> str:
    return "" if value is None else range_in_words(value)


def _store(value: Mapping[str, Any] | None) -> str:
    if value is None:
        return _("nowhere")
    kinds = {"tags": _("tags"), "categories": _("contact tags"), "field": value["field"]}
    if value["kind"] == "field":
        return str(kinds["field"])
    one = _("one of them at most") if value["exclusive"] else _("several of them")
    return f"{kinds[value['kind']]}, {one}"


_SHOWN = {
    None: N_("as the others"),
    "none": N_("it has none"),
    "holds": N_("who has the tag or value"),
    "live": N_("who meets the criteria on the day"),
}


def _favourites(value: Mapping[str, Any] | None) -> str:
    if value is None:
        return _("no")
    whose = ", ".join(map(str, value["people"])) or _("for everybody")
    return f"{whose}: {_(_SHOWN[value['show']])}"


def _choice(value: str | None) -> str:
    names = {
        "keep": _("yes"),
        "silent": _("no"),
        None: _("where they mail nobody"),
    }
    return str(names.get(value, value))


_WORDS: Mapping[str, Callable[[Any], str]] = {
    "color": lambda value: tone(value)[1] or _("none"),
    "expect": _range,
    "scope_expect": _range,
    "limit": _amount,
    "store": _store,
    "filters": _favourites,
    "filter": lambda value: _(_SHOWN[value]),
    "tracking": _choice,
}


def _action(action: Mapping[str, Any], say: Values) -> str:
    """``Stage: Qualified (only from New)``, ``Salesperson: ana@v.example, luis@v.example (in turn)``."""
    kind = action["action"]
    if kind == "Convert":
        customers = {
            "none": _("becomes an opportunity"),
            "link": _("becomes an opportunity of the contact with its e-mail"),
            "create": _("becomes an opportunity, and a contact is made where there is none"),
        }
        return customers[action["customer"]]
    field = say.field(action["field"])
    if kind == "SetTags":
        signed = [f"+{tag}" for tag in action["add"]] + [f"-{tag}" for tag in action["remove"]]
        return f"{field}: {' '.join(signed)}"
    if kind == "SetStage":
        stages = [str(stage) for stage in action["come_from"]]
        only = [_("only from {stages}").format(stages=one_of(stages))] if stages else []
        return _with(f"{field}: {action['to']}", only)
    if kind == "Assign":
        how = [_("in turn") if action["by"] == "round_robin" else _("to whoever has fewest")]
        if action["only_if_empty"]:
            how.append(_("only where there is nobody"))
        if action["cap"] is not None:
            number = action["cap"]
            how.append(ngettext("{number} record at most", "{number} records at most", number).format(number=number))
        return _with(f"{field}: {', '.join(map(str, action['people']))}", how)
    value = action["value"]
    return f"{field}: {say.value(action['field'], value if isinstance(value, bool | float) else str(value))}"


def _with(text: str, notes: list[str]) -> str:
    return f"{text} ({', '.join(notes)})" if notes else text
