"""Two plans against each other on the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from segmenter.i18n import _, some_of
from segmenter.planning.comparing import PlanDiff
from segmenter.planning.moves import Move
from segmenter.reports import jsons
from segmenter.reports.diff import FEW, MoveLine, NamesOf, RestLine, Told, told
from segmenter.reports.edit_words import EditLine
from segmenter.reports.notices import violation_document
from segmenter.reports.tables import table, titled
from segmenter.reports.values import Values, called


def terminal(diff: PlanDiff, names_of: NamesOf, *, most: int | None = FEW) -> RenderableType:
    """The whole comparison in sections. ``most``: how many records of each move are named, None for all."""
    return Group(*_sections(told(diff, names_of, most=most), Values(diff.new)))


def _sections(lines: Told, say: Values) -> Iterator[RenderableType]:
    yield Text(lines.headline, "bold")
    if lines.note:
        yield Text(lines.note, "yellow")
    if lines.edits:
        yield Text("")
        yield titled(_("What was edited in the criteria"), _edits(lines.edits))
    drift = _(
        "Who moves without an edited criterion that explains it: the data changed between the two plans, or the day"
    )
    for title, moves in ((_("Who moves because of that"), lines.moves), (drift, lines.drift)):
        if moves:
            yield Text("")
            yield titled(title, _moves(moves, say))
    for title, rest in (
        (_("Records of each segment"), lines.segments),
        (_("What else differs"), lines.rest),
    ):
        if rest:
            yield Text("")
            yield titled(title, _rest(rest, lines))


def _edits(lines: Sequence[EditLine]) -> Any:
    made = table(_("What"), _("Before"), _("After"))
    for line in lines:
        made.add_row(line.about, line.before, line.after)
    return made


def _moves(lines: Sequence[MoveLine], say: Values) -> Any:
    explained = any(line.because for line in lines)
    columns = [_("Segmentation"), _("From"), _("To"), _("Records"), *([_("Because")] if explained else [])]
    made = table(*columns, _("Which"), right=(3,))
    for line in lines:
        because = [line.because] if explained else []
        number = say.style.number(line.number)
        made.add_row(line.segmentation, line.origin, line.target, number, *because, named(line))
    return made


def named(line: MoveLine) -> str:
    """``Hotel Sol (7), Hotel Luna (9) and 12 more``."""
    return some_of([f"{called(name)} ({record})" for record, name in line.names], line.number)


def _rest(lines: Sequence[RestLine], told: Told) -> Any:
    made = table(_("What"), told.old, told.new)
    for line in lines:
        made.add_row(line.about, line.before, line.after)
    return made


def document(diff: PlanDiff, names_of: NamesOf, *, most: int | None = FEW) -> dict[str, Any]:
    """``{"kind": "diff", "old", "new", "differs", "exact", "text", "note_text", "edits", "moves", "segments", "writes",
    "figures", "workload", "examples", "violations", "config"}``.

    ``old``, ``new``: ids of the plans. ``exact``: both keep who belongs where. ``edits``: as `planning.edits.Edit`,
    with ``text``, ``before_text`` and ``after_text``. ``moves``: ``segmentation``, ``origin`` and ``target`` (as
    `planning.moves.Place`), ``number``, ``records`` (``{"record", "name"}``, the first or all), ``because`` (positions
    in ``edits``; none: the data differ) and ``because_text``. ``segments``: every one, with the records that each plan
    takes (null: not there). ``writes``: by field, numbers of records. ``figures`` and ``workload``: name -> ``[old,
    new]``. ``examples``: those that differ; ``violations`` and ``config``: what one of the plans alone has.
    """
    lines = told(diff, names_of, most=most)
    by_move = {True: iter(lines.moves), False: iter(lines.drift)}
    say = Values(diff.new)
    return {
        "old": diff.old.id,
        "new": diff.new.id,
        "differs": not diff.empty,
        "exact": diff.exact,
        "text": lines.headline,
        "note_text": lines.note,
        "edits": [
            {**jsons.plain(edit), "text": line.about, "before_text": line.before, "after_text": line.after}
            for edit, line in zip(diff.edits, lines.edits, strict=True)
        ],
        "moves": [_move_document(move, next(by_move[bool(move.because)]), diff) for move in diff.moves],
        "segments": [
            {
                "segmentation": count.segmentation,
                "segment": count.segment,
                "segment_old": pair.old.segment if pair.old else None,
                "old": pair.old.taken if pair.old else None,
                "new": pair.new.taken if pair.new else None,
            }
            for pair in diff.pairs
            if (count := pair.new or pair.old)
        ],
        "writes": [
            {
                "field": writes.field,
                "field_label": say.field(writes.field),
                "only_old": len(writes.only_old),
                "only_new": len(writes.only_new),
                "other": len(writes.other),
            }
            for writes in diff.writes
        ],
        "figures": diff.figures,
        "workload": diff.workload,
        "examples": [{"old": was, "new": now} for was, now in diff.examples],
        "violations": {
            side: [violation_document(broken, plan) for broken in some]
            for side, plan, some in zip(("only_old", "only_new"), (diff.old, diff.new), diff.violations, strict=True)
        },
        "config": dict(zip(("only_old", "only_new"), diff.config, strict=True)),
    }


def _move_document(move: Move, line: MoveLine, diff: PlanDiff) -> dict[str, Any]:
    return {
        "segmentation": move.segmentation,
        "origin": move.origin,
        "target": move.target,
        "number": line.number,
        "because": [at for at, edit in enumerate(diff.edits) if any(edit is reason for reason in move.because)],
        "because_text": line.because,
        "records": [{"record": record, "name": name} for record, name in line.names],
    }
