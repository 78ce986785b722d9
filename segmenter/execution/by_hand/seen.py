"""The records of a plan as another export tells them: found by their External ID, in the ids of the plan.

An export tells names. Which id a name has differs from one file to the next, so names lead back to the ids that the
plan knows them by; a name that it does not know stands for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from segmenter.behaviours.together import Together
from segmenter.conditions import Field
from segmenter.conditions.near import canonical
from segmenter.errors import SegmenterError
from segmenter.execution.rules import Rules
from segmenter.i18n import _, all_of
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.values import Row
from segmenter.plans.changes import Json
from segmenter.plans.plan import Plan
from segmenter.record_set import RecordSet


@dataclass(frozen=True)
class Seen:
    """What an export says of records of a plan; one that is not in the file is missing.

    ``rows``: record -> field -> value. ``lists``: record -> many-valued field -> the names of all that it holds.
    ``names``: of values that the plan does not know, as `Plan.value_names`.
    """

    rules: Rules
    rows: Mapping[int, Row]
    lists: Mapping[int, Mapping[str, list[str]]]
    names: Mapping[str, str]

    @property
    def new(self) -> frozenset[int]:
        """The refs of what the plan creates and some of these records hold by now."""
        values = (value for row in self.rows.values() for name, value in row.items() if name != "id")
        each = (one for value in values for one in (value if isinstance(value, list) else [value]))
        return frozenset(one for one in each if isinstance(one, int) and one < 0)


def seen_in(reader: OdooReader, plan: Plan, external: Mapping[int, str], records: RecordSet) -> Seen:
    """What the export of ``reader`` says of these records. ``external``: record -> its External ID.

    Raises `SegmenterError` where the export cannot tell it.
    """
    here = reader.rows.external_ids if reader.rows else {}
    if not here:
        raise no_external_ids(reader.identity.database)
    fields = {name: field for name, field in reader.fields(plan.identity.model).items() if name in _written(plan)}
    if missing := [plan.names.labels[name] for name in _written(plan) if name not in fields]:
        raise SegmenterError(
            _("{file} has no column {names}, which the plan writes").format(
                file=reader.identity.database, names=all_of(missing)
            ),
            todo=_("export again with the same columns as the first time"),
        )
    found = {text: record for record, text in here.items()}
    wanted = {found[text]: record for record in records if (text := external.get(record, "")) in found}
    told = list(reader.read(plan.identity.model, sorted(wanted), list(fields)))
    names = _Names(plan)
    lists = {wanted[row["id"]]: dict[str, list[str]]() for row in told}
    for name, field in fields.items():
        if field.relation is None:
            continue
        ids = {id for row in told for id in _ids(row[name])}
        called = reader.names(field.relation, sorted(ids)) if ids else {}
        for row in told:
            shown = [called[id] for id in _ids(row[name])]
            keys = [names.key(name, one) for one in shown]
            if field.type == "many2many":
                lists[wanted[row["id"]]][name] = shown
                row[name] = keys
            else:
                row[name] = keys[0] if keys else None
    return Seen(
        rules_of(plan, fields), {wanted[row["id"]]: {**row, "id": wanted[row["id"]]} for row in told}, lists, names.met
    )


def rules_of(plan: Plan, fields: Mapping[str, Field]) -> Rules:
    """What values of the plan mean where no server can be asked."""
    owned = {name: frozenset(ids) for name, ids in plan.rules.owned.items()}
    return Rules(plan.identity.model, fields, owned, {}, Together(plan.identity.model))


def no_external_ids(file: str) -> SegmenterError:
    """The error for an export that no import could go by."""
    return SegmenterError(
        _("{file} has no External ID for every record, and an import finds a record by it").format(file=file),
        todo=_("export again with “I want to update data (import-compatible export)” ticked"),
    )


def _written(plan: Plan) -> Iterable[str]:
    return plan.names.field_types


def _ids(value: Json) -> list[int]:
    return value if isinstance(value, list) else [] if value is None else [value]


class _Names:
    """Names of a plan's values. ``met``: those that it does not know."""

    def __init__(self, plan: Plan) -> None:
        self.met: dict[str, str] = {}
        self._keys: dict[tuple[str, str], int] = {}
        for key, name in plan.names.value_names.items():
            field, _colon, value = key.partition(":")
            if value.lstrip("-").isdecimal():
                self._keys.setdefault((field, canonical(name)), int(value))

    def key(self, field: str, name: str) -> int | str:
        """The plan's id for a name; the name itself where it has none."""
        known = self._keys.get((field, canonical(name)))
        if known is not None:
            return known
        self.met[f"{field}:{name}"] = name
        return name
