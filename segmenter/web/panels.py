"""The panel beside the board: a segment to edit, records, a record, what would be written, the history, the text.

Which panel is open is the query of an address (``show=segment&s=0&g=1``); it travels with each request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from segmenter.errors import Path, Problem, SegmenterError
from segmenter.i18n import _, ngettext
from segmenter.measuring.near import near
from segmenter.plans import full_name
from segmenter.reports.colours import COLOURS
from segmenter.reports.notices import example_got, example_label, sentence, violation
from segmenter.spec.model import COLORS
from segmenter.web import agreement, closing, review
from segmenter.web.around import KEPT, Around, Query, Shown
from segmenter.web.board import query
from segmenter.web.lists import record, records
from segmenter.web.places import at, has
from segmenter.web.telling import told

NEAR = 5
"""Thresholds with records close to them that are named."""


def panel(asked: Query, around: Around) -> Shown:
    """The panel that a query asks for, as its template shows it; the text of the spec where that is no longer there."""
    known = _PANELS.get(asked.get("show", ""))
    if around.meeting.document is None or around.meeting.state.figures is None or around.offered is None:
        known = known if known in (_text, _history) else _text if around.meeting.document is None else None
    try:
        shown = (known or _start)(asked, around)
    except (KeyError, IndexError, TypeError, ValueError, AssertionError, SegmenterError):
        shown = _start(asked, around)
    return {"query": query(**{name: value for name, value in asked.items() if name in KEPT and value}), **shown}


def _start(_asked: Query, around: Around) -> Shown:
    """Before anything is opened: the examples, which is what to talk about."""
    if around.meeting.state.figures is None or around.meeting.document is None:
        return {"name": "wait", "title": _("The spec"), "template": "panel_wait.html"}
    return _examples({}, around)


def _segment(asked: Query, around: Around) -> Shown:
    s, place = int(asked["s"]), asked["g"]
    path: Path = ("segmentations", s, *(("default",) if place == "default" else ("segments", int(place))))
    data = at(around.data, path)
    segmentation = around.figures.segmentations[s]
    number = len(segmentation.segments) - 1 if place == "default" else int(place)
    when = (*path, "when")
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, default_flow_style=None, width=72)
    return {
        "name": "segment",
        "title": f"{segmentation.name}: {data.get('name') or _('(no name)')}",
        "template": "panel_segment.html",
        "at": {"s": s, "g": place},
        "path": when,
        "segment": {
            "name": str(data.get("name") or ""),
            "description": str(data.get("description") or ""),
            "expect": str(data.get("expect") or ""),
            "default": place == "default",
        },
        "colours": list(_colours(data.get("color"))),
        "condition": None if place == "default" else around.editor().condition(data.get("when") or {}, when),
        "near": list(_near(around, s, number)) if place != "default" else [],
        "does": agreement.does(around, s, number),
        "yaml": text,
        "yaml_rows": min(text.count("\n") + 2, 20),
        "yaml_open": False,
    }


def _colours(now: Any) -> Iterator[Shown]:
    known = COLORS.get(now) if isinstance(now, str) else now
    spanish = {number: name for name, number in COLORS.items() if name in _PLAIN_COLOURS}
    yield {"value": "", "label": _("no colour"), "chosen": now is None}
    for number, (_tone, name) in enumerate(COLOURS):
        yield {"value": spanish.get(number, str(number)), "label": _(name), "chosen": known == number}


_PLAIN_COLOURS = (
    *("gris", "rojo", "naranja", "amarillo", "celeste", "morado", "salmon"),
    *("azul", "azul_oscuro", "fucsia", "verde", "violeta"),
)
"""How the page writes a colour into a spec."""


def _near(around: Around, s: int, g: int) -> Iterator[Shown]:
    assert around.offered is not None
    found = near(around.figures.segmentations[s], g, around.offered.crm)
    for close in found[:NEAR]:
        words = ngettext(
            "{number} record is just outside: {field}", "{number} records are just outside: {field}", len(close.records)
        )
        yield {
            "text": words.format(
                number=around.words.style.number(len(close.records)), field=around.offered.label(close.field)
            ),
            "query": query(show="records", of="near", s=s, g=g, first=close.field, second=close.threshold),
        }


def _segmentation(asked: Query, around: Around) -> Shown:
    s = int(asked["s"])
    data = at(around.data, ("segmentations", s))
    store = data.get("store") or {}
    kinds = {"tags": "tags", "res.partner": "categories"}
    kind = kinds.get(around.figures.model, "tags")
    labels = {
        f"{kind}:exclusive": _("one tag a record"),
        f"{kind}:many": _("several tags a record"),
    }
    now = ":".join(str(part) for part in next(iter(store.items()), ("", "")))
    if now and now not in labels:
        labels[now] = _("the field {name}").format(name=now.partition(":")[2])
    last = len(at(around.data, ("segmentations",))) - 1
    return {
        "name": "segmentation",
        "title": str(data.get("name") or _("(no name)")),
        "template": "panel_segmentation.html",
        "at": {"s": s},
        "segmentation": {
            "name": str(data.get("name") or ""),
            "description": str(data.get("description") or ""),
            "default": "default" in data,
        },
        "stores": [{"value": value, "label": label, "chosen": value == now} for value, label in labels.items()],
        "first": s == 0,
        "last": s == last,
        "only": last == 0,
    }


def _scope(_asked: Query, around: Around) -> Shown:
    where: Path = ("scope", "where")
    protect = at(around.data, ("protect",)) if has(around.data, ("protect",)) else []
    editor = around.editor()
    scope = around.data.get("scope") or {}
    return {
        "name": "scope",
        "title": _("Which records"),
        "template": "panel_scope.html",
        "path": where,
        "condition": editor.condition(at(around.data, where), where) if has(around.data, where) else None,
        "expect": str(scope.get("expect") or ""),
        "protect": [editor.condition(item, ("protect", place)) for place, item in enumerate(protect)],
    }


# Examples, what would be written, history, text


def _examples(_asked: Query, around: Around) -> Shown:
    shown = []
    for example in around.figures.examples:
        lines = [
            {
                "met": example.got.get(name, "") == wanted,
                "text": full_name(name, wanted or _("(none)"))
                + ("" if example.got.get(name, "") == wanted else " → " + (example_got(example, name) or _("(none)"))),
            }
            for name, wanted in example.expected.items()
        ]
        shown.append(
            {
                "at": example.number,
                "met": example.met,
                "label": example_label(example),
                "query": query(show="record", id=example.record) if example.record else "",
                "lines": lines,
            }
        )
    return {"name": "examples", "title": _("Examples"), "template": "panel_examples.html", "examples": shown}


def _writes(asked: Query, around: Around) -> Shown:
    title = {"name": "writes", "title": _("What would be written"), "template": "panel_writes.html"}
    meeting, style = around.meeting, around.words.style
    if not meeting.knows_draft and asked.get("wait") != "0":
        return title | {"waiting": True}
    made = meeting.drafted()
    if isinstance(made, SegmenterError):
        problems: Sequence[Problem] = getattr(made, "problems", ())
        against = [f"{problem.what}; {problem.todo}" for problem in problems] or [str(made)]
        return title | {
            "waiting": False,
            "facts": [],
            "workload": [],
            "against": against,
            "notes": [],
            "can_plan": False,
            "hint": "",
        }
    plan, total = made.plan, made.plan.counts.tally
    facts = (
        (_("Records that change"), total.records),
        (_("Stages moved"), total.moved_stages),
        (_("Given to somebody"), total.assigned),
        (_("Values overwritten"), total.overwrites),
        (_("Tags taken away"), total.removed_tags),
        (_("Leads converted"), total.converted),
        (_("New contacts"), total.new_contacts),
    )
    return title | {
        "waiting": False,
        "facts": [
            {"label": label, "value": style.number(number)} for label, number in facts if number or label == facts[0][0]
        ],
        "workload": [
            {"person": person, "before": style.number(before), "after": style.number(after)}
            for person, (before, after) in plan.counts.workload.items()
        ],
        "against": [violation(broken, plan) for broken in plan.violations],
        "notes": [sentence(notice) for notice in (*plan.warnings, *plan.side_effects)],
        "can_plan": meeting.sources.can_plan and not meeting.unsaved,
        "plan_label": _("Make a plan of it on the server"),
        "hint": ""
        if meeting.sources.can_plan
        else f"{_('The page makes no plan of an export')}; {closing.in_terminal(meeting)}",
    }


def _history(_asked: Query, around: Around) -> Shown:
    history = around.meeting.history
    entries = list(told(history, around.meeting.zone)) if history else []
    return {
        "name": "history",
        "title": _("What was changed"),
        "template": "panel_history.html",
        "entries": entries[::-1],
    }


def _text(_asked: Query, around: Around) -> Shown:
    state = around.meeting.state
    return {
        "name": "text",
        "title": _("The spec as text"),
        "template": "panel_text.html",
        "problems": [str(problem) for problem in state.problems],
        "file": around.meeting.file.name,
        "text": state.text,
    }


_PANELS: Mapping[str, Callable[[Query, Around], Shown]] = {
    "segment": _segment,
    "segmentation": _segmentation,
    "scope": _scope,
    "records": records,
    "record": record,
    "examples": _examples,
    "writes": _writes,
    "history": _history,
    "text": _text,
    "acta": agreement.panel,
    "plan": review.plan,
}
