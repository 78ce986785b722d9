"""What `check` and `validate` found, a line each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from rich.console import Group, RenderableType
from rich.text import Text

from segmenter.errors import Problem
from segmenter.i18n import N_, _
from segmenter.reports.text import clean

TOPICS = (
    *(N_("server"), N_("language"), N_("privileges"), N_("dedicated"), N_("keys"), N_("names"), N_("fields")),
    *(N_("rights"), N_("scope"), N_("currencies"), N_("hidden"), N_("leads"), N_("stages"), N_("automation")),
)
"""What findings are about; in JSON the English word."""
MARKS = {"ok": ("✓", "green"), "note": ("·", "dim"), "warning": ("!", "yellow"), "error": ("✗", "bold red")}


class FindingLike(Protocol):
    """One line of a check; what `odoo.preflight.Finding` is. ``level``: ok, note, warning or error."""

    @property
    def level(self) -> str: ...
    @property
    def topic(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def todo(self) -> str: ...


def terminal(findings: Iterable[FindingLike]) -> RenderableType:
    """Each finding with its mark, and what to do about it."""
    lines = []
    for one in findings:
        mark, style = MARKS[one.level]
        lines.append(Text.assemble((f"{mark} ", style), (f"{clean(_(one.topic))}: ", "bold"), clean(one.text)))
        if one.todo:
            lines.append(Text(f"    → {clean(one.todo)}", "dim"))
    return Group(*lines)


def document(findings: Sequence[FindingLike]) -> dict[str, Any]:
    """``{"kind": "check", "ok", "findings": [{"level", "topic", "text", "todo"}]}``."""
    return {
        "ok": all(one.level != "error" for one in findings),
        "findings": [{"level": f.level, "topic": f.topic, "text": f.text, "todo": f.todo} for f in findings],
    }


def problems(found: Sequence[Problem]) -> dict[str, Any]:
    """``{"kind": "validation", "ok", "problems": [{"place", "path", "what", "todo"}]}``; ``place``: file:line:col."""
    return {
        "ok": not found,
        "problems": [{"place": p.place, "path": list(p.path), "what": p.what, "todo": p.todo} for p in found],
    }
