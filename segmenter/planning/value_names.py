"""The names of the ids and keys that a plan's changes speak of, so that a report needs no server to show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from segmenter.conditions import Field
from segmenter.odoo.reader import OdooReader
from segmenter.planning.model import Change, ConfigChange


class ValueNames:
    """Gathers values while the changes are made; each distinct one is kept once, and named at the end."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self._fields = fields
        self._seen: dict[str, set[int | str]] = {}

    def see(self, change: Change) -> None:
        """The values before and after."""
        seen = self._seen.setdefault(change.field, set())
        for value in (change.before, change.after):
            seen.update(value if isinstance(value, list) else () if value is None else (value,))

    def named(self, config: Iterable[ConfigChange], reader: OdooReader) -> dict[str, str]:
        """``"field:id"`` or ``"field:key"`` -> name. ``config``: what the plan creates, known by negative ids."""
        created = {f"{one.model}:{one.ref}": one.name for one in config}
        found: dict[str, str] = {}
        for name, values in self._seen.items():
            field = self._fields[name]
            if field.relation:
                known = reader.names(field.relation, [one for one in values if isinstance(one, int) and one > 0])
                new = {one: created[f"{field.relation}:{one}"] for one in values if isinstance(one, int) and one < 0}
                found |= {f"{name}:{id}": text for id, text in (known | new).items()}
            elif field.selection:
                labels = dict(field.selection)
                found |= {f"{name}:{key}": labels[str(key)] for key in values if str(key) in labels}
        return found
