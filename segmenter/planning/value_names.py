"""The names of the ids and keys that changes speak of, so that a report needs no server to show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from segmenter.conditions import Field
from segmenter.errors import SegmenterError
from segmenter.odoo.reader import OdooReader
from segmenter.planning.model import Change, ConfigChange, Json, Plan


class ValueNames:
    """Gathers values; each distinct one is kept once, and named at the end. ``known``: names that are there already."""

    def __init__(self, fields: Mapping[str, Field], known: Mapping[str, str] | None = None) -> None:
        self._fields, self._known = fields, known or {}
        self._seen: dict[str, set[int | str]] = defaultdict(set)

    def see(self, change: Change) -> None:
        """The values before and after."""
        self.add(change.field, change.before)
        self.add(change.field, change.after)

    def add(self, field: str, value: Json) -> None:
        """One value of a field."""
        some = value if isinstance(value, list) else () if value is None else (value,)
        self._seen[field].update(one for one in some if f"{field}:{one}" not in self._known)

    def named(self, config: Iterable[ConfigChange], reader: OdooReader) -> dict[str, str]:
        """``"field:id"`` or ``"field:key"`` -> name. ``config``: what the plan creates, known by negative ids."""
        created = {f"{one.model}:{one.ref}": one.name for one in config}
        found: dict[str, str] = {}
        for name, values in self._seen.items():
            if not values:
                continue
            field = self._fields[name]
            if field.relation:
                known = reader.names(field.relation, [one for one in values if isinstance(one, int) and one > 0])
                new = {one: created[f"{field.relation}:{one}"] for one in values if isinstance(one, int) and one < 0}
                found |= {f"{name}:{id}": text for id, text in (known | new).items()}
            elif field.selection:
                labels = dict(field.selection)
                found |= {f"{name}:{key}": labels[str(key)] for key in values if str(key) in labels}
        return found


def names_met(
    values: Iterable[tuple[str, Json]], plan: Plan, fields: Mapping[str, Field], reader: OdooReader
) -> dict[str, str]:
    """Names of values that were met later and that the plan does not know; none where the server does not tell."""
    met = ValueNames(fields, plan.value_names)
    for field, value in values:
        if field in fields:
            met.add(field, value)
    try:
        return met.named(plan.config, reader)
    except SegmenterError:
        return {}
