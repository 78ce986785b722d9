"""What values mean in one run, and which fields of a record depend on each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from segmenter.behaviours.together import Together
from segmenter.conditions import Field
from segmenter.execution.cells import Pending
from segmenter.execution.handed_on import HandedOn
from segmenter.odoo import values
from segmenter.odoo.reader import OdooReader
from segmenter.plans.changes import ChangeSet, Json
from segmenter.plans.plan import Plan
from segmenter.resolving.shared_fields import REACHES_OTHERS


@dataclass(frozen=True)
class Rules:
    """Field types, the tags that are ours, the ids of what the plan created (``refs``), and which fields stand
    together. ``handed_on``: of an undo, what the leads of the plan share with their contacts."""

    model: str
    fields: Mapping[str, Field]
    owned: Mapping[str, frozenset[int]]
    refs: Mapping[int, int]
    together: Together
    handed_on: HandedOn = field(default_factory=HandedOn)

    @classmethod
    def of(cls, plan: Plan, reader: OdooReader, refs: Mapping[int, int]) -> Rules:
        fields = reader.fields(plan.identity.model)
        owned = {name: frozenset(refs.get(tag, tag) for tag in tags) for name, tags in plan.rules.owned.items()}
        known = {name: fields[name] for name in plan.names.field_types if name in fields}
        return cls(plan.identity.model, known, owned, refs, Together.of(plan.identity.model, known, reader))

    @property
    def shared(self) -> frozenset[str]:
        """Fields whose write goes on to other records."""
        return REACHES_OTHERS.get(self.model, frozenset())

    def pending(self, change: ChangeSet, *, backwards: bool) -> Pending:
        """A change of the plan in the direction of the run, with the ids that the server gave."""
        before, after = self.value(change.field, change.before), self.value(change.field, change.after)
        return Pending(change.field, after, before) if backwards else Pending(change.field, before, after)

    def value(self, field: str, value: Json) -> Json:
        """A planned value with the ids that the server gave to what the plan created."""
        if not self.refs or self.fields[field].relation is None:
            return value
        if isinstance(value, list):
            return sorted(self.refs.get(tag, tag) for tag in value)
        return self.refs.get(value, value)

    def came_by_run(self, contact: Json, field: str, value: Json) -> bool:
        """Whether a contact holds what the run that is undone handed on to it."""
        return any(self.same(field, value, one) for one in self.handed_on.by_run.get((contact, field), ()))

    def came_by_undo(self, contact: Json, field: str, value: Json) -> bool:
        """Whether the undo hands this on to a contact, and so to its leads."""
        return any(self.same(field, value, one) for one in self.handed_on.by_undo.get((contact, field), ()))

    def current(self, field: str, value: Json) -> Json:
        """A value read from the server, of tags those alone that are ours."""
        return sorted(self.owned[field].intersection(value)) if isinstance(value, list) else value

    def same(self, field: str, a: Json, b: Json) -> bool:
        return values.same(self.fields[field].type, a, b)

    def wire(self, field: str, now: Json, wanted: Json) -> Any:
        """What `write` takes: a delta for tags, the value for anything else."""
        if isinstance(wanted, list):
            return values.delta(now, wanted)
        return values.to_wire(self.fields[field], wanted)
