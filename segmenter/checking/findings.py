"""What a check of a connection finds, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from segmenter.errors import SegmenterError

Level = Literal["ok", "note", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. ``topic``: a stable word for programs; ``text``: a sentence; ``todo``: the next step, if any."""

    level: Level
    topic: str
    text: str
    todo: str = ""


def failed(topic: str, error: SegmenterError) -> Finding:
    """A check that could not be made."""
    return Finding("error", topic, error.what, error.todo)
