"""The rows of an import: External IDs and the fields that change, as the importer of Odoo 14 to 19 takes them.

Measured on 14 and 19: a heading may be the field's technical name; a cell that is empty empties the field; tags are a
list of names that commas part, and replace all that the record held; names are compared exactly; a selection takes its
key. So records that change other fields get a sheet of their own: no cell may say what nobody planned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from segmenter.behaviours.together import follows, is_sure
from segmenter.embedded.export.words import exported_fields
from segmenter.errors import SegmenterError
from segmenter.execution.cells import Cell, Pending
from segmenter.i18n import _, quoted
from segmenter.ledger import NewRecords, Sheet
from segmenter.ledger.imports import Value
from segmenter.odoo.catalog import BY_PATH, SEPARATOR
from segmenter.plans.changes import ConfigChange, Json
from segmenter.plans.plan import Plan
from segmenter.plans.roster import Roster
from segmenter.resolving.names import CREATED

Lists = Mapping[int, Mapping[str, Sequence[str]]]
"""Record -> many-valued field -> the names of all that it holds."""


@dataclass(frozen=True)
class Rows:
    """What changes of a plan write, as rows. ``names``: ``"field:id"`` -> name of the values."""

    plan: Plan
    roster: Roster
    names: Mapping[str, str]
    lists: Lists

    def sheets(self, cells: Iterable[Cell], *, back: bool = False) -> list[Sheet]:
        """The rows of these cells; ``back``: those that give the former values back. The largest sheet first."""
        found: dict[tuple[str, ...], list[tuple[int, tuple[Value, ...]]]] = {}
        for cell in cells:
            changes = _written(cell, self.plan.identity.model)
            rows = found.setdefault(tuple(change.field for change in changes), [])
            for record in cell.records:
                values = (self._value(change, record, back=back) for change in changes)
                rows.append((record, (self.roster.external[record], *values)))
        made = [Sheet(fields, tuple(row for _record, row in sorted(rows))) for fields, rows in found.items() if fields]
        return sorted(made, key=lambda sheet: (-len(sheet.rows), sheet.fields))

    def _value(self, change: Pending, record: int, *, back: bool) -> Value:
        value = change.before if back else change.after
        kind = self.plan.names.field_types[change.field]
        if isinstance(change.after, list):
            held = list(self.lists.get(record, {}).get(change.field, ()))
            names = held if back else self._with_changes(held, change)
            return ",".join(self._found_by(change.field, name) for name in names) or None
        if kind == "boolean":
            return "1" if value else "0"
        if value is None:
            return None
        if kind == "many2one":
            return self._one(change.field, self.names[f"{change.field}:{value}"])
        if kind == "datetime":
            at = datetime.fromisoformat(value).replace(tzinfo=UTC)
            return at.astimezone(ZoneInfo(self.plan.identity.timezone)).strftime("%Y-%m-%d %H:%M:%S")
        return value if isinstance(value, int | float) else str(value)

    def _one(self, field: str, name: str) -> str:
        """A name, which an export tells of whatever it is. Raises `SegmenterError` for a login, which it does not."""
        known = exported_fields(self.plan.identity.model).get(field)
        if known and known.relation == "res.users" and "@" in name and name not in self.roster.labels.values():
            raise SegmenterError(
                _("{name} is a login, and exports tell people by their names").format(name=quoted(name)),
                todo=_("write the name in the spec, as Odoo shows it, and plan again"),
            )
        return name

    def _with_changes(self, held: Sequence[str], change: Pending) -> list[str]:
        """The whole list as it is to be: the people's own stay."""
        come, gone = (
            [self.names[f"{change.field}:{id}"] for id in ids]
            for ids in (_minus(change.after, change.before), _minus(change.before, change.after))
        )
        return [*(name for name in held if name not in gone), *(name for name in come if name not in held)]

    def _found_by(self, field: str, name: str) -> str:
        """What an import finds one of several values by. Raises `SegmenterError` where that is not this one alone."""
        if "," in name:
            raise SegmenterError(
                _("Odoo's import would take {name} for several names, because of its comma").format(name=quoted(name)),
                todo=_("give it a name without a comma in Odoo, export again and plan again"),
            )
        if field not in self._paths:
            return name
        last = _last(name)
        if others := self._paths[field][last] - {name}:
            raise SegmenterError(
                _("Odoo's import does not tell {name} from {other}").format(
                    name=quoted(name), other=quoted(min(others))
                ),
                todo=_("give one of them another name in Odoo, export again and plan again"),
            )
        return last

    @cached_property
    def _paths(self) -> dict[str, dict[str, set[str]]]:
        """Field whose values lie under each other -> last name of their paths -> the paths.

        14 looks for the last name of a path; 19 for the name alone, so that it does not find what it exports.
        """
        fields = exported_fields(self.plan.identity.model)
        found = {name: defaultdict[str, set[str]](set) for name, field in fields.items() if field.relation in BY_PATH}
        for row in (*self.roster.lists.values(), *self.lists.values()):
            for field in row.keys() & found.keys():
                for name in row[field]:
                    found[field][_last(name)].add(name)
        for key, name in self.names.items():
            field = key.partition(":")[0]
            if field in found:
                found[field][_last(name)].add(name)
        return dict(found)


def _last(path: str) -> str:
    return path.rpartition(SEPARATOR)[2]


def new_records(cells: Iterable[Cell], plan: Plan, there: Container[int]) -> list[NewRecords]:
    """What the plan creates and these changes need, with what it lies under, which comes before it.

    ``there``: refs of what was created before.
    """
    new = (change for change in plan.config if change.creates and change.model in CREATED)
    created = {change.ref: change for change in new if change.ref not in there}
    needed, refs = set[int](), [ref for cell in cells for change in cell.changes for ref in _ids(change.after)]
    while refs:
        ref = refs.pop()
        if ref in created and ref not in needed:
            needed.add(ref)
            refs += _ids(created[ref].after.get("parent_id"))
    found = []
    for model in CREATED:
        changes = [created[ref] for ref in sorted(needed, reverse=True) if created[ref].model == model]
        changes.sort(key=lambda change: change.name.count(SEPARATOR))
        fields = tuple(dict.fromkeys(["name", *(name for change in changes for name in change.after)]))
        rows = tuple(tuple(_of_new(change, name) for name in fields) for change in changes)
        if changes:
            found.append(NewRecords(model, tuple(change.name for change in changes), fields, rows))
    return found


def _of_new(change: ConfigChange, name: str) -> Value:
    """A value of what is created; what it lies under is told by its path."""
    if name == "parent_id":
        return _last(change.name.rpartition(SEPARATOR)[0]) or None
    value = change.after.get(name)
    return value if isinstance(value, int | float | str) else None


def _ids(value: Json) -> list[int]:
    return value if isinstance(value, list) else [value] if isinstance(value, int) else []


def _written(cell: Cell, model: str) -> list[Pending]:
    """The changes of a cell, and the fields that go along as they are, because Odoo would compute them anew."""
    changing = {change.field for change in cell.changes if not change.pin}
    along = {name for name, others in follows(model).items() if not others.isdisjoint(changing)}
    return [change for change in cell.changes if not change.pin or (is_sure(change) and change.field in along)]


def _minus(these: Json, those: Json) -> list[int]:
    return [id for id in these if id not in those] if isinstance(these, list) else []
