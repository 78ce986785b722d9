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
    *(
        N_("server"),
        N_("host"),
        N_("assumed"),
        N_("language"),
        N_("privileges"),
        N_("dedicated"),
        N_("keys"),
        N_("names"),
        N_("fields"),
    ),
    *(N_("rights"), N_("scope"), N_("currencies"), N_("hidden"), N_("rules"), N_("leads"), N_("stages")),
    N_("automation"),
)
"""What findings are about; in JSON the English word."""
MARKS = {"ok": ("✓", "green"), "note": ("·", "dim"), "warning": ("!", "yellow"), "error": ("✗", "bold red")}


class FindingLike(Protocol):
    """One line of a check; what `checking.findings.Finding` is. ``level``: ok, note, warning or error."""

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
    for finding in findings:
        mark, style = MARKS[finding.level]
        lines.append(Text.assemble((f"{mark} ", style), (f"{clean(_(finding.topic))}: ", "bold"), clean(finding.text)))
        if finding.todo:
            lines.append(Text(f"    → {clean(finding.todo)}", "dim"))
    return Group(*lines)


def document(findings: Sequence[FindingLike]) -> dict[str, Any]:
    """``{"kind": "check", "ok", "findings": [{"level", "topic", "text", "todo"}]}``."""
    return {
        "ok": all(finding.level != "error" for finding in findings),
        "findings": [{"level": f.level, "topic": f.topic, "text": f.text, "todo": f.todo} for f in findings],
    }


def problems(found: Sequence[Problem], facts: Sequence[Problem] = ()) -> dict[str, Any]:
    """``{"kind": "validation", "ok", "problems": [{"place", "path", "what", "todo"}], "warnings": [...]}``; ``place``:
    file:line:col. ``facts``: what is worth knowing and not wrong."""
    return {
        "ok": not found,
        "problems": [_problem(problem) for problem in found],
        "warnings": [_problem(fact) for fact in facts],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {"place": problem.place, "path": list(problem.path), "what": problem.what, "todo": problem.todo}
