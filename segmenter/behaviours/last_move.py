"""The date of a lead's last move, and the time that it was in its stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from segmenter.behaviours.behaviour import Behaviour, Cell, Tracking, number_of
from segmenter.notice import Notice

MOVE_DATE_STAYS_SINCE = 17
"""Writing its team leaves a lead the date of its last move; before, that becomes the moment of the write (measured on
Odoo 15 to 18; on 14 and 19 by the live tests). Of 16, one build of December 2023 renews it and another one did not."""

TIME_IN_STAGE = "duration_tracking"
"""From Odoo 17 on. Made of the notes of moves in the chatter: what is not noted did not happen (measured, 17 to 19)."""


@dataclass(frozen=True)
class LastMove(Behaviour):
    """A move changes the date of the last move; so does writing the team, on older versions."""

    def notices(self, cells: Sequence[Cell], tracking: Tracking) -> Iterator[Notice]:
        moved = number_of(cell for cell in cells if "stage_id" in cell.changed)
        stayed = number_of(cell for cell in cells if "team_id" in cell.written and "stage_id" not in cell.changed)
        if moved:
            yield Notice("last_move.date_changes", {"number": moved})
        if stayed and self.intent.version < MOVE_DATE_STAYS_SINCE:
            yield Notice("last_move.date_renewed_by_team", {"number": stayed})
        if moved and tracking == "silent" and TIME_IN_STAGE in self.intent.fields:
            yield Notice("last_move.time_in_stage_spoiled", {"number": moved})
