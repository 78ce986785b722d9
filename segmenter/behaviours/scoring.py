"""The automatic probability of leads: what Odoo computes anew, and what counts as set by a person from then on.

Of other leads a plan says little, because it is far away: measured on 14 and 19, the counts of the scoring change with
each win and loss, and an undo gives them back, but another lead is computed anew only when it changes itself, or in the
night.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

from segmenter.behaviours.archiving import archives, restores
from segmenter.behaviours.behaviour import Behaviour, Cell, Reader, Tracking, number_of
from segmenter.behaviours.contact_of_lead import LINK
from segmenter.behaviours.settings import is_automatic, won_stages_for
from segmenter.behaviours.won_stage import moved_from, moved_to
from segmenter.notice import Notice
from segmenter.plans import Json
from segmenter.record_set import union
from segmenter.resolving.shared_fields import ON_CONTACT

SCORING_READS_LANGUAGE_SINCE = 19
"""The lead scoring looks at the language too, as it comes."""
SCORES_CONTACT_DATA_ALONE = range(15, 19)
"""The versions on which it looks neither at the source nor at the place, as it comes, but only at whether e-mail and
phone are good, for which the country of a phone counts (measured on Odoo 15 to 18; on 14 and 19 by the live tests)."""

SCORING = frozenset({"stage_id", "team_id", "tag_ids", "email_from", "phone", "partner_id"})
"""What the automatic probability of a lead is computed from on every version, as it comes. The server's own setting is
for administrators alone. A new salesperson counts by the team that is written along."""
SOURCE_AND_PLACE = frozenset({"source_id", "state_id", "country_id"})
WRITTEN_ALONG = frozenset({"stage_id", "team_id"})
"""Those of them that count as pins too: a conversion alone writes no more, and Odoo computes anew (measured on 14 and
19)."""
MOST_LOOKED_AT = 2_000
"""How many of the records with a new probability are looked at, in one question."""
OF_PROBABILITY = ("active", "automated_probability", "probability")


@dataclass(frozen=True)
class Scoring(Behaviour):
    """``won``: the won stages that the changes have to do with; None before they were asked for. ``automatic``: of the
    ``looked_at`` records whose probability may be computed anew, those that show the computed one."""

    won: frozenset[int] | None = None
    automatic: int = 0
    looked_at: int = 0

    def look(self, cells: Sequence[Cell], reader: Reader) -> Self:
        automatic, looked_at = self._automatic(cells, reader)
        return replace(self, won=won_stages_for(cells, reader), automatic=automatic, looked_at=looked_at)

    def notices(self, cells: Sequence[Cell], tracking: Tracking) -> Iterator[Notice]:
        yield from self._by_hand(cells)
        yield from self._computed_anew(cells)
        yield from self._after_archiving(cells)
        won = self.won or frozenset()
        if any(archives(cell) or restores(cell) or {moved_to(cell), moved_from(cell)} & won for cell in cells):
            yield Notice("scoring.counts_change")

    def _by_hand(self, cells: Sequence[Cell]) -> Iterator[Notice]:
        if self.won is None:
            return
        written = (cell for cell in cells if "probability" in cell.changed)
        if number := number_of(cell for cell in written if moved_to(cell) not in self.won):
            yield Notice("scoring.by_hand", {"number": number})

    def _computed_anew(self, cells: Sequence[Cell]) -> Iterator[Notice]:
        number = number_of(cell for cell in cells if self._is_read(cell))
        if number:
            fields = self.intent.fields
            looked_at = tuple(fields[name].label for name in sorted(self._reads) if name in fields)
            yield Notice(
                "scoring.computed_anew", {"number": number, "version": self.intent.version}, {"fields": looked_at}
            )
        if self.looked_at and self.looked_at < number:
            yield Notice("scoring.automatic_among_first", {"number": self.automatic, "total": self.looked_at})
        elif self.looked_at:
            yield Notice("scoring.automatic", {"number": self.automatic})

    @property
    def _reads(self) -> frozenset[str]:
        """The fields that the scoring of this version looks at, as it comes."""
        version = self.intent.version
        if version in SCORES_CONTACT_DATA_ALONE:
            return SCORING | {"country_id"}
        return SCORING | SOURCE_AND_PLACE | ({"lang_id"} if version >= SCORING_READS_LANGUAGE_SINCE else set())

    def _is_read(self, cell: Cell) -> bool:
        """Whether the scoring reads something that is written on its leads."""
        written = cell.changed.keys() | (cell.written.keys() & WRITTEN_ALONG)
        return not self._reads.isdisjoint(written)

    def _automatic(self, cells: Sequence[Cell], reader: Reader) -> tuple[int, int]:
        """How many of the first `MOST_LOOKED_AT` records have a probability that Odoo keeps, and of how many.

        Of none in an export, which has no column of it.
        """
        records = union(cell.records for cell in cells if self._is_read(cell))
        if not records or not self.intent.fields.keys() >= set(OF_PROBABILITY):
            return 0, 0
        rows = list(reader.read(self.intent.model, list(records[:MOST_LOOKED_AT]), OF_PROBABILITY))
        return sum(row["active"] and is_automatic(row) for row in rows), len(rows)

    def _after_archiving(self, cells: Sequence[Cell]) -> Iterator[Notice]:
        """Of an archived lead Odoo computes what the probability would be, and keeps the one that it has.

        It computes it also where an e-mail or phone comes from another lead of its contact.
        """
        handed_to = {_contact(cell) for cell in cells if not ON_CONTACT.keys().isdisjoint(cell.changed)} - {None}
        computed = (cell for cell in cells if self._is_read(cell) or _contact(cell) in handed_to)
        read = [cell for cell in computed if "probability" not in cell.changed]
        if number := number_of(cell for cell in read if restores(cell)):
            yield Notice("scoring.kept_by_undo", {"number": number})
        if number := number_of(cell for cell in read if archives(cell)):
            yield Notice("scoring.by_hand_after_undo", {"number": number})


def _contact(cell: Cell) -> Json:
    """The contact of these leads after the run; None where the plan writes nothing that goes on to contacts."""
    link = cell.changed.get(LINK)
    return link.after if link else cell.row.get(LINK)
