"""Settings of the CRM that several behaviours go by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from segmenter.behaviours.behaviour import Cell, Reader
from segmenter.plans import Json

CERTAIN = 100.0
"""The probability of a won lead."""
OUTCOME = "won_status"
"""What tells whether a lead is won, lost or neither. Odoo 19 has it, 15 to 18 do not (measured, 2026-11-30): only with
it is a won lead held to its probability, and a probability alone noted as a loss."""


def won_stages(reader: Reader) -> frozenset[int]:
    """The ids of the won stages."""
    return frozenset(reader.search("crm.stage", [("is_won", "=", True)]))


def won_stages_for(cells: Iterable[Cell], reader: Reader) -> frozenset[int]:
    """The won stages. Where these cells do not depend on them: none, and no question is asked."""
    return won_stages(reader) if any(_depends_on_stage(cell) for cell in cells) else frozenset()


def _depends_on_stage(cell: Cell) -> bool:
    """Whether it matters which stages are won: leads that move, and whose probability is to become less than 100."""
    changed = cell.changed
    move, chance = changed.get("stage_id"), changed.get("probability")
    stages = [move.before, move.after] if move else []
    if chance and not move and chance.after != CERTAIN:
        stages.append(cell.row.get("stage_id"))
    return any(stage and stage > 0 for stage in stages)


def is_automatic(row: Mapping[str, Json]) -> bool:
    """Whether a lead has the probability that Odoo computes (compared as Odoo does, by two decimals)."""
    return bool(abs(row["probability"] - row["automated_probability"]) < 0.005)
