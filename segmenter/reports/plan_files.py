"""A whole plan as JSON or CSV, streamed: the ledger may hold a hundred thousand changes of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from segmenter.i18n import _, reworded
from segmenter.plans.changes import Change
from segmenter.plans.expected import Range
from segmenter.plans.plan import PARTS, Plan
from segmenter.reports import csvs, jsons, notices
from segmenter.reports.periods import period
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
    """``{"kind": "plan", ...}``: the fields of `plans.plan.Plan` and of its parts, side by side, then ``changes``.

    ``changes``: a list of what `change_row` gives, in order of record. A pin (``pin: true``) stays as it
    is, written only where the server would recompute it; ``tally`` does not count it.
    """
    say = Values(plan)
    jsons.write(out, "plan", {**document(plan), **more}, changes=(change_row(change, say) for change in changes))


def document(plan: Plan) -> dict[str, Any]:
    """A plan without its changes: its facts, and beside them sentences in the language of whoever asks.

    Those are ``text`` in each notice of ``warnings`` and ``side_effects`` and in each violation, ``condition_text`` and
    ``expected_text`` in ``segments``, ``label_text`` and ``got_text`` in ``examples``, ``text`` in ``periods``, and
    ``scope_text``, ``scope_expected_text`` and ``protect_text``.
    """
    say = Values(plan)
    facts = jsons.plain(plan)
    parts = [facts.pop(part) for part in PARTS]
    return {
        **facts,
        **{name: value for part in parts for name, value in part.items()},
        "segments": segments(plan),
        "examples": [
            {
                **jsons.plain(example),
                "reference": reworded(example.reference),
                "reason": notices.document(example.reason) if example.reason else None,
                "label_text": notices.example_label(example),
                "got_text": {name: notices.example_got(example, name) for name in example.expected},
            }
            for example in plan.examples
        ],
        "periods": [{**jsons.plain(meant), "text": period(meant, say.style)} for meant in plan.periods],
        "scope_text": say.criteria(plan.rules.scope_condition),
        "scope_expected_text": _range(plan.counts.scope_expected),
        "protect_text": say.criteria(plan.rules.protect_condition),
        "warnings": [notices.document(notice) for notice in plan.warnings],
        "side_effects": [notices.document(notice) for notice in plan.side_effects],
        "violations": [notices.violation_document(violation, plan) for violation in plan.violations],
    }


def segments(plan: Plan) -> list[dict[str, Any]]:
    """The segments of a plan, with their conditions and ranges in words too."""
    say = Values(plan)
    return [
        {
            **jsons.plain(count),
            "condition_text": say.criteria(count.condition),
            "expected_text": _range(count.expected),
        }
        for count in plan.counts.segments
    ]


def _range(expected: Range | None) -> str:
    return notices.range_in_words(expected) if expected else ""


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
