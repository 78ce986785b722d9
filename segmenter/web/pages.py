"""Puts a page together: the bar above, the board, the panel beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2s

from segmenter.i18n import _, clock, ngettext
from segmenter.measuring import Figures
from segmenter.measuring.choices import fields, values
from segmenter.model_names import model_name
from segmenter.reports.text import Style
from segmenter.web import agreement
from segmenter.web.around import KEPT, Around, Query, Shown
from segmenter.web.assets import HTMX_CONFIG
from segmenter.web.board import Board, Words, board, query
from segmenter.web.meeting import Meeting
from segmenter.web.panels import panel
from segmenter.web.rendering import render
from segmenter.web.values import Offered

AGENDA = (
    # minutes from the beginning, and what it is about
    (0, 3, "purpose"),
    (3, 8, "profile"),
    (8, 10, "scope"),
    (10, 22, "segments"),
    (22, 26, "examples"),
    (26, 28, "limits"),
    (28, 30, "agreement"),
)
"""The half hour of the definition meeting, as the guide has it."""
FOUND = 30


@dataclass(frozen=True)
class Message:
    """A line above the board. ``kind``: good, warn or bad; ``panel``: to open beside it."""

    kind: str
    text: str
    panel: Query | None = None


@dataclass(frozen=True)
class Here(Around):
    """The surroundings of a request."""

    def searched(self, field: str, text: str) -> list[str]:
        """Values of a field that a search finds, as a spec writes them."""
        if self.offered is None:
            return []
        scope = self.figures.scope | self.figures.protected
        found = values(self.offered.crm, self.offered.model, scope, field, search=text, most=FOUND)
        return [str(choice.value) for choice in found if choice.value is not None]


def around(meeting: Meeting) -> Here:
    """What the panels need of the meeting as it is now."""
    spec, figures = meeting.state.spec, meeting.state.figures
    client = spec.client if spec else None
    style = Style(client.language if client else "", client.timezone if client else "")
    words = Words(style, figures.currency if figures else "")
    offered = None
    if meeting.data is not None and figures is not None:
        crm = meeting.data.crm
        offered = Offered(crm, figures.model, fields(crm, figures.model), style)
    return Here(meeting, words, offered)


def page(meeting: Meeting, asked: Query, token: str) -> str:
    """The whole page. A meeting whose CRM was not read yet begins to read it."""
    if meeting.data is None and meeting.reading is None and meeting.document is not None:
        meeting.read()
    here = around(meeting)
    language = str(here.words.style.locale).replace("_", "-")
    about = _stage(meeting, asked, here, None)
    return render(
        "page.html",
        **about,
        language=language,
        token=token,
        title=about["bar"]["client"],
        htmx_config=HTMX_CONFIG,
        marks=(),
    )


def stage(meeting: Meeting, asked: Query, message: Message | None = None, *, marks: Collection[str] = ()) -> str:
    """All of the page that an edit may change. ``marks``: of the sections that the page shows. What would come out the
    same is not sent again: the page keeps it."""
    return render("stage.html", **_stage(meeting, asked, around(meeting), message), marks=marks)


def reading_alone(meeting: Meeting, asked: Query) -> str:
    """How far the reading is, while it goes on; the whole stage afterwards."""
    here = around(meeting)
    if not meeting.is_reading:
        return stage(meeting, asked)
    kept = query(**{name: value for name, value in asked.items() if name in KEPT and value})
    return render("reading.html", reading=_reading(meeting, here), panel={"query": kept})


def board_alone(meeting: Meeting, asked: Query, figures: Figures | None) -> str:
    """The board with other figures than those of the spec."""
    here = around(meeting)
    return render("board_alone.html", board=_board(meeting, asked, here, figures) if figures else None, marks=())


def _stage(meeting: Meeting, asked: Query, here: Here, message: Message | None) -> Shown:
    beside = panel(asked, here)
    figures = meeting.state.figures
    return {
        "bar": _bar(meeting),
        "panel": beside,
        "say": here.words.style,
        "revision": meeting.revision,
        "message": message,
        "reading": _reading(meeting, here),
        "board": _board(meeting, asked, here, figures) if figures is not None else None,
        "fields": list(_fields(here)),
    }


def _fields(here: Here) -> Iterator[tuple[str, str]]:
    """What a criterion may ask, as the client calls it, and how often that is filled."""
    offered = here.offered
    if offered is None:
        return
    for choice in offered.choices:
        filled = _("filled in {number}").format(number=here.words.style.number(choice.filled))
        yield offered.label(choice.path), filled


def _board(meeting: Meeting, asked: Query, here: Here, figures: Figures | None) -> Shown:
    assert meeting.state.spec is not None
    assert figures is not None
    shown = board(
        Board(
            spec=meeting.state.spec,
            figures=figures,
            problems=meeting.state.problems,
            start=meeting.start,
            saved=meeting.saved,
            words=here.words,
            records=agreement.records_of(here) or model_name(figures.model),
            open=asked,
            differs=meeting.data.differs if meeting.data else (),
        )
    )
    for section in shown["sections"]:
        section["html"] = render("section.html", section=section, whole=shown["scope"]["count"])
        section["mark"] = blake2s(section["html"].encode(), digest_size=8).hexdigest()
    return shown


def _reading(meeting: Meeting, here: Here) -> Shown | None:
    reading = meeting.reading
    if reading is None:
        return None
    number = here.words.style.number
    words = _("{done} of {total} questions").format(done=number(reading.done), total=number(reading.total))
    return {"failed": reading.failed, "done": reading.done, "total": reading.total, "words": words}


def _bar(meeting: Meeting) -> Shown:
    state, history = meeting.state, meeting.history
    client = state.spec.client.name if state.spec else ""
    return {
        "client": client or meeting.file.name,
        "title": _("review of {plan}").format(plan=meeting.sources.plan) if meeting.sources.plan else meeting.file.name,
        "data": _data(meeting),
        "can_read": meeting.data is not None,
        "can_undo": history is not None and bool(history.done),
        "can_redo": history is not None and bool(history.undone),
        "undo": "",
        "unsaved": meeting.unsaved,
        "tabs": list(_tabs(meeting)),
        **_pace(meeting),
    }


def _data(meeting: Meeting) -> str:
    """How old the data is."""
    if meeting.data is None:
        return _("The CRM was not read yet")
    at = meeting.data.read_at.astimezone(meeting.zone)
    minutes = int((meeting.now() - meeting.data.read_at).total_seconds() // 60)
    since = ngettext("{number} minute ago", "{number} minutes ago", minutes).format(number=minutes)
    since = since if minutes else _("just now")
    return _("Data of {time} ({since})").format(time=clock(at.replace(second=0)), since=since)


def _tabs(meeting: Meeting) -> Iterator[Shown]:
    state = meeting.state
    failing = sum(not example.met for example in state.figures.examples) if state.figures else 0
    total = len(state.figures.examples) if state.figures else 0
    problems = len(state.problems)
    for name, title, mark, kind in (
        ("examples", _("Examples"), f"{total - failing}/{total}" if total else "", "bad" if failing else "good"),
        ("scope", _("The portfolio"), "", ""),
        ("writes", _("What would be written"), "", ""),
        ("plan", _("Plan {id}").format(id=meeting.plans[-1]) if meeting.plans else "", "", ""),
        ("history", _("Changes"), "", ""),
        ("text", _("Text"), str(problems) if problems else "", "bad"),
        ("acta", _("Read the agreement"), "", ""),
    ):
        if name == "plan" and not meeting.plans:
            continue
        yield {"name": name, "title": title, "mark": mark, "kind": kind, "query": query(show=name)}


def _pace(meeting: Meeting) -> Shown:
    """The agenda of the half hour, and how far it is."""
    titles = {
        "purpose": _("What for"),
        "profile": _("The portfolio"),
        "scope": _("Which records"),
        "segments": _("Segments"),
        "examples": _("Examples"),
        "limits": _("Limits"),
        "agreement": _("Agreement"),
    }
    minutes = minutes_of(meeting, meeting.now())
    steps = [
        {"minutes": f"{first}–{last}", "title": titles[name], "now": first <= minutes < last}
        for first, last, name in AGENDA
    ]
    said = ngettext("{number} minute of 30", "{number} minutes of 30", minutes).format(number=minutes)
    return {"agenda": [] if meeting.sources.plan else steps, "clock": said}


def minutes_of(meeting: Meeting, now: datetime) -> int:
    """How long the meeting lasts, in whole minutes."""
    return int((now - meeting.began).total_seconds() // 60)
