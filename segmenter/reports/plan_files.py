"""A whole plan as JSON or CSV, streamed: the ledger may hold a hundred thousand changes of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from segmenter.i18n import _
from segmenter.planning.model import Change, Plan
from segmenter.reports import csvs, jsons
from segmenter.reports.text import Writable
from segmenter.reports.values import Values


def change_row(change: Change, say: Values) -> dict[str, Any]:
    """One change in JSON: as `Change`, with ``field_label``, and ``before_text``/``after_text`` for people."""
    return {
        "record": change.record,
        "name": change.name,
        "field": change.field,
        "field_label": say.field(change.field),
        "before": change.before,
        "after": change.after,
        "before_text": say.value(change.field, change.before),
        "after_text": say.value(change.field, change.after),
        "segmentation": change.segmentation,
        "segment": change.segment,
        "pin": change.pin,
    }


def write_json(plan: Plan, changes: Iterable[Change], out: Writable, **more: Any) -> None:
    """``{"kind": "plan", ...}``: every field of `planning.model.Plan` under its own name, then ``changes``.

    ``changes``: a list of what `change_row` gives, in order of record. A pin (``pin: true``) stays as it
    is, written only where the server would recompute it; ``tally`` does not count it.
    """
    say = Values(plan)
    jsons.write(out, "plan", {**jsons.plain(plan), **more}, changes=(change_row(change, say) for change in changes))


def write_csv(plan: Plan, changes: Iterable[Change], out: Writable) -> None:
    """One line per change, values as people read them; formulas neutralised."""
    say = Values(plan)
    head = [say.id_head, _("Record"), _("Field"), _("Label"), _("Before"), _("After"), _("Segmentation"), _("Segment")]
    rows = (
        [
            change.record,
            change.name,
            change.field,
            say.field(change.field),
            say.value(change.field, change.before),
            say.value(change.field, change.after),
            change.segmentation,
            change.segment,
        ]
        for change in changes
        if not change.pin
    )
    csvs.write(out, head, rows)
