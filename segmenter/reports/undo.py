"""What an undo would do, before it is done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from segmenter.i18n import _, all_of, ngettext
from segmenter.ledger import UndoPreview
from segmenter.reports import notices, runs
from segmenter.reports.text import clean
from segmenter.reports.values import Values


def terminal(preview: UndoPreview) -> RenderableType:
    """How many records come back, and by name what stays."""
    say = Values(preview.plan, preview.names)
    back = ngettext(
        "Undoing {run} gives {number} record its former values back",
        "Undoing {run} gives {number} records their former values back",
        preview.restorable,
    ).format(run=taken_back(preview), number=say.style.number(preview.restorable))
    partly = ngettext(
        "{number} of them only in part: what stays is named below",
        "{number} of them only in part: what stays is named below",
        preview.partly,
    ).format(number=say.style.number(preview.partly))
    return Group(
        Text(back, "bold"),
        *([Text(partly)] if preview.partly else []),
        *(Text(clean(line), "yellow") for line in _later(preview, say)),
        *runs.left(preview.left, say),
        *runs.not_undoable(preview.not_undoable),
    )


def taken_back(preview: UndoPreview) -> str:
    """``R1``, or ``R1 and R2`` where an apply was resumed."""
    return all_of(preview.runs or (preview.root,))


def _later(preview: UndoPreview, say: Values) -> Iterator[str]:
    """The runs of ours to undo first, the newest first."""
    for run, number in preview.later.items():
        if number:
            yield ngettext(
                "A later run, {run}, wrote over {number} record of this: undo {run} first to give all of it back",
                "A later run, {run}, wrote over {number} records of this: undo {run} first to give all of it back",
                number,
            ).format(run=run, number=say.style.number(number))
        else:
            yield _(
                "A later run, {run}, altered what this created in Odoo: undo {run} first to take all of it back"
            ).format(run=run)


def document(preview: UndoPreview) -> dict[str, Any]:
    """``{"kind": "undo-preview", "plan", "run", "runs", "restorable", "partly", "later", "left": [as of a run],
    "names", "not_undoable"}``.

    ``runs``: those that it takes back; ``partly``: of the restorable records, those that keep something of it;
    ``later``: runs to undo first -> records, the newest first; ``names``: of values that were met, as a plan's
    ``value_names``; ``not_undoable``: notices, each with its ``text``.
    """
    return {
        "plan": preview.plan.id,
        "run": preview.root,
        "runs": preview.runs,
        "restorable": preview.restorable,
        "partly": preview.partly,
        "later": preview.later,
        "left": [runs.left_document(left) for left in preview.left],
        "names": preview.names,
        "not_undoable": [notices.document(notice) for notice in preview.not_undoable],
    }
