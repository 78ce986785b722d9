"""What the client will see in Odoo once a plan is applied, and may not like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from segmenter.conditions.likeness import alike
from segmenter.notice import Notice
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.planning.head import Decision
from segmenter.portfolio import Grouped
from segmenter.record_set import union
from segmenter.resolving.effects import Effect, SetTo
from segmenter.resolving.planned_records import COLOURED
from segmenter.spec.looks import PRIORITY, STARS_STAY, looks


def looks_of(decision: Decision, reader: OdooReader, catalog: Catalog) -> Iterator[Notice]:
    """What the spec alone tells, with numbers where records decide; and new tags that may be there already."""
    starred = dict(_starred(decision))
    for look in looks(decision.spec, reader.version):
        if look.notice.code != STARS_STAY:
            yield look.notice
        elif number := starred.get(look.notice.name("segmentation"), 0):
            yield Notice(STARS_STAY, {"number": number}, look.notice.names)
    yield from _alike_tags(decision, catalog)


def _starred(decision: Decision) -> Iterator[tuple[str, int]]:
    """Segmentation -> how many records of its segments that set no priority keep the stars that the others give."""
    column = decision.portfolio.columns.get(PRIORITY)
    if not isinstance(column, Grouped):
        return
    for placed in decision.places:
        given = [_stars(segment.effects) for segment in placed.segmentation.segments]
        fewest = min((stars for stars in given if stars), default=0)
        if fewest:
            left = union(records for records, stars in zip(placed.taken, given, strict=True) if stars is None)
            keep = union(records for value, records in column.sets.items() if int(value or 0) >= fewest)
            yield placed.segmentation.name, len(left & keep)


def _stars(effects: Iterable[Effect]) -> int | None:
    """The priority that a segment sets; None if it leaves it."""
    given = (effect.value for effect in effects if isinstance(effect, SetTo) and effect.field.name == PRIORITY)
    return next((int(value or 0) for value in given), None)


def _alike_tags(decision: Decision, catalog: Catalog) -> Iterator[Notice]:
    """Tags to create that may be others, which are there or are created too: by capitals, accents, plural."""
    for model in COLOURED:
        new = [change.name for change in decision.config if change.model == model and change.creates]
        for group in alike([*catalog.names(model), *new]) if new else ():
            for name in new:
                if name in group:
                    yield Notice("looks.tag_alike", names={"tag": name, "others": tuple(o for o in group if o != name)})
