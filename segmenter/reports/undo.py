"""What an undo would do, before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from rich.console import Group, RenderableType
from rich.text import Text

from segmenter.i18n import ngettext
from segmenter.planning.model import Plan
from segmenter.reports import runs
from segmenter.reports.runs import LeftLike
from segmenter.reports.values import Values


class PreviewLike(Protocol):
    """What `execution.UndoPreview` is."""

    @property
    def plan(self) -> Plan: ...
    @property
    def root(self) -> str: ...
    @property
    def restorable(self) -> int: ...
    @property
    def left(self) -> Sequence[LeftLike]: ...
    @property
    def not_undoable(self) -> Sequence[str]: ...


def terminal(preview: PreviewLike) -> RenderableType:
    """How many records come back, and by name what stays."""
    say = Values(preview.plan)
    back = ngettext(
        "Undoing {run} gives {number} record its former values back",
        "Undoing {run} gives {number} records their former values back",
        preview.restorable,
    ).format(run=preview.root, number=say.style.number(preview.restorable))
    return Group(Text(back, "bold"), *runs.left(preview.left, say), *runs.not_undoable(preview.not_undoable))


def document(preview: PreviewLike) -> dict[str, Any]:
    """``{"kind": "undo-preview", "plan", "run", "restorable", "left": [as of a run], "not_undoable": [text]}``."""
    return {
        "plan": preview.plan.id,
        "run": preview.root,
        "restorable": preview.restorable,
        "left": preview.left,
        "not_undoable": preview.not_undoable,
    }
