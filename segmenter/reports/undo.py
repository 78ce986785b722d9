"""What an undo would do, before it is done."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from segmenter.i18n import ngettext
from segmenter.ledger import UndoPreview
from segmenter.reports import runs
from segmenter.reports.values import Values


def terminal(preview: UndoPreview) -> RenderableType:
    """How many records come back, and by name what stays."""
    say = Values(preview.plan, preview.names)
    back = ngettext(
        "Undoing {run} gives {number} record its former values back",
        "Undoing {run} gives {number} records their former values back",
        preview.restorable,
    ).format(run=preview.root, number=say.style.number(preview.restorable))
    return Group(Text(back, "bold"), *runs.left(preview.left, say), *runs.not_undoable(preview.not_undoable))


def document(preview: UndoPreview) -> dict[str, Any]:
    """``{"kind": "undo-preview", "plan", "run", "restorable", "left": [as of a run], "names", "not_undoable"}``.

    ``names``: of values that were met, as a plan's ``value_names``; ``not_undoable``: texts.
    """
    return {
        "plan": preview.plan.id,
        "run": preview.root,
        "restorable": preview.restorable,
        "left": preview.left,
        "names": preview.names,
        "not_undoable": preview.not_undoable,
    }
