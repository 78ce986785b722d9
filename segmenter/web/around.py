"""What a panel goes by: the meeting, the client's words, the fields that the CRM offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from segmenter.measuring import Figures
from segmenter.web.board import Words
from segmenter.web.editor import Editor
from segmenter.web.meeting import Meeting
from segmenter.web.values import Offered

Shown = dict[str, Any]
Query = Mapping[str, str]
KEPT = (
    "show",
    "s",
    "g",
    "of",
    "since",
    "segmentation",
    "origin",
    "target",
    "first",
    "second",
    "id",
    "q",
    "sort",
    "down",
    "from",
)
"""What the query of a panel may hold."""


@dataclass(frozen=True)
class Around:
    """What every panel may need. ``offered`` is None until the CRM is read."""

    meeting: Meeting
    words: Words
    offered: Offered | None

    @property
    def figures(self) -> Figures:
        figures = self.meeting.state.figures
        assert figures is not None
        return figures

    @property
    def data(self) -> Any:
        document = self.meeting.document
        assert document is not None
        return document.data

    def editor(self) -> Editor:
        assert self.offered is not None
        scope = self.figures.scope | self.figures.protected
        return Editor(self.offered, scope, self.meeting.state.problems, self.words)
