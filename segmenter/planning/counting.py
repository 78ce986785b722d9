"""What a plan adds up to: its changes, its segments, and what each segment is worth today. All sizes of sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from segmenter.conditions import properties
from segmenter.conditions.properties import PROPERTIES
from segmenter.planning.cells import Affected
from segmenter.planning.places import Places
from segmenter.plans import FieldChange, Json, Portion, Tally
from segmenter.portfolio import DIVIDED_BY, Division, Grouped, Portfolio, Worth, division
from segmenter.record_set import RecordSet, partition


def tally(affected: Iterable[Affected], field_types: Mapping[str, str]) -> Tally:
    """What the changes add up to, in records; pins do not count."""
    total: Counter[str] = Counter()
    contacts: set[int] = set()
    for group in affected:
        number, changed = len(group.cell.records), group.cell.changed
        total["records"] += number
        total["changes"] += number * len(changed)
        counted = {
            "overwrites": any(overwrites(change, field_types) for change in changed.values()),
            "removed_tags": any(
                field_types.get(change.field) == "many2many" and set(change.before) - set(change.after)
                for change in changed.values()
            ),
            "moved_stages": "stage_id" in changed,
            "assigned": "user_id" in changed,
            "converted": any(_converts(change) for change in changed.values()),
        }
        total.update({name: number for name, holds in counted.items() if holds})
        linked = changed.get("partner_id")
        if linked is not None and linked.after is not None and linked.after < 0:
            contacts.add(linked.after)
    return Tally(**total, new_contacts=len(contacts))


def overwrites(change: FieldChange, field_types: Mapping[str, str]) -> bool:
    """Whether a value is lost that somebody gave."""
    kind = field_types.get(change.field, "")
    if kind == "many2many" or change.field == "stage_id" or _converts(change):
        return False
    if kind == PROPERTIES:
        stays = properties.to_wire(change.after)
        return any(stays.get(name) != value for name, value in properties.to_wire(change.before).items())
    return not is_nothing(kind, change.before)


def _converts(change: FieldChange) -> bool:
    """Whether leads become opportunities, by which nobody's value is lost."""
    return bool(change.field == "type" and change.before == "lead" and change.after == "opportunity")


def is_nothing(field_type: str, value: Json) -> bool:
    """Whether nobody gave this value: none at all, zero, no star (priority ``0``), an unset box."""
    return value in (None, "", [], False) or value == 0 or (field_type == "selection" and value == "0")


def changed_by_segment(affected: Iterable[Affected]) -> Counter[tuple[str, int]]:
    """(segmentation, position of the segment) -> the records that it changes."""
    changed: Counter[tuple[str, int]] = Counter()
    for group in affected:
        for part in group.acting:
            for position in part.positions:
                changed[part.segmentation, position] += len(group.cell.records)
    return changed


def portions(places: Sequence[Places], portfolio: Portfolio) -> tuple[Portion, ...]:
    """What each segment takes of each stage and salesperson, most records first; none where neither is known."""
    columns = [portfolio.columns.get(name) for name in DIVIDED_BY]
    known = [column for column in columns if isinstance(column, Grouped)]
    if not known:
        return ()
    sets = [(column, value, members) for column in known for value, members in column.sets.items()]
    divided = partition(portfolio.scope, [members for _column, _value, members in sets])
    cells: dict[Division, RecordSet] = {}
    for (positions, _values), records in divided.items():
        labels = {sets[at][0].field.name: _label(*sets[at][:2]) for at in positions}
        cell = division(labels)
        cells[cell] = cells.get(cell, RecordSet()) | records
    return tuple(_portions(places, cells, portfolio.worth))


def _label(column: Grouped, value: Json) -> str:
    return column.labels.get(value, "")


def _portions(places: Sequence[Places], cells: Mapping[Division, RecordSet], worth: Worth) -> Iterator[Portion]:
    for number, placed in enumerate(places):
        for position, (segment, taken) in enumerate(zip(placed.segmentation.segments, placed.taken, strict=True)):
            here = [(cell, taken & records) for cell, records in cells.items()]
            here = [(cell, records) for cell, records in here if records]
            for (stage, person), records in sorted(here, key=lambda found: (-len(found[1]), found[0])):
                revenue = worth.of(number, position, (stage, person), records)
                yield Portion(placed.segmentation.name, segment.name, stage, person, len(records), revenue)
