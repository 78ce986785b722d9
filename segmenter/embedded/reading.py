"""The reading half of a model's methods, with the argument names and defaults of Odoo 19."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from segmenter.embedded import index, rights, sets
from segmenter.embedded.cells import to_wire
from segmenter.embedded.domains import mentions, predicate
from segmenter.embedded.faults import AccessError, UserError, hidden
from segmenter.embedded.grouping import Grouped
from segmenter.embedded.names import ordered
from segmenter.embedded.schema import ModelDef
from segmenter.embedded.tables import Tables
from segmenter.record_set import RecordSet


@dataclass(frozen=True)
class Reading:
    """One call on one model by one user, in one context: the methods that read."""

    tables: Tables
    model: str
    uid: int
    context: Mapping[str, Any] = field(default_factory=dict)

    @property
    def definition(self) -> ModelDef:
        return self.tables.models[self.model]

    @property
    def groups(self) -> frozenset[str]:
        return self.tables.groups.get(self.uid, rights.NOBODY)

    @property
    def archived(self) -> bool:
        """Whether the caller asked for archived records too."""
        return not self.context.get("active_test", True)

    @property
    def language(self) -> str:
        return self.context.get("lang") or "en_US"

    @property
    def zone(self) -> ZoneInfo:
        """The caller's time zone, in which days begin; UTC where it is unknown."""
        try:
            return ZoneInfo(self.context.get("tz") or self.tables.cell("res.users", self.uid, "tz") or "UTC")
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")

    def fields_get(
        self, allfields: Sequence[str] | None = None, attributes: Sequence[str] | None = None
    ) -> dict[str, dict[str, Any]]:
        """The fields, described in the context's language."""
        found = {}
        for name, definition in self.definition.fields.items():
            if not allfields or name in allfields:
                entry = definition.described(self.language)
                found[name] = {key: value for key, value in entry.items() if not attributes or key in attributes}
        return found

    def visible(self) -> Callable[[int], bool]:
        """A function that tells whether the record rules show a record to the user."""
        return rights.rule(self.tables, self.uid, self.model)

    def search(
        self, domain: Sequence[Any], offset: int = 0, limit: int | None = None, order: str | None = None
    ) -> list[int]:
        """Ids of the records that match. Records hidden from the user are left out silently, as in Odoo."""
        found = list(self.taken(domain))
        if order != "id":
            found = ordered(self.tables, self.model, found, order)
        return found[offset:][: limit or None]

    def taken(self, domain: Sequence[Any]) -> RecordSet:
        """The records that `search` finds. Archived ones only if the caller or the domain asks for them."""
        rights.require(self.tables, self.uid, self.model, "read")
        candidates = index.everything(self.tables, self.model)
        if not self.archived and not mentions(domain, "active"):
            candidates = index.active(self.tables, self.model)
        if rights.ruled(self.tables, self.uid, self.model):
            candidates = candidates & self._allowed()
        try:
            return candidates & sets.matching(self.tables, self.model, domain, self.zone)
        except (ValueError, TypeError, LookupError, AttributeError):
            # An operand that goes with no value: what is found, or raised, is for the candidates alone to say.
            matches = predicate(self.tables, self.model, domain, self.zone)
            return RecordSet([record for record in candidates if matches(record)])

    def _allowed(self) -> RecordSet:
        """The records that the record rules show to the user."""
        visible, rows = self.visible(), self.tables.rows[self.model]
        return self.tables.kept((self.model,), f"seen by {self.uid}", lambda: RecordSet(filter(visible, rows)))

    def search_count(self, domain: Sequence[Any], limit: int | None = None) -> int:
        return min(len(self.taken(domain)), limit or sys.maxsize)

    def formatted_read_group(
        self,
        domain: Sequence[Any],
        groupby: Sequence[str] = (),
        aggregates: Sequence[str] = (),
        offset: int = 0,
        limit: int | None = None,
        order: str | None = None,
    ) -> list[dict[str, Any]]:
        """Counts records by their values; records hidden from the user do not count."""
        return self._grouped(domain).formatted(groupby, aggregates, offset, limit, order)

    def read_group(
        self,
        domain: Sequence[Any],
        fields: Sequence[str],
        groupby: Sequence[str],
        offset: int = 0,
        limit: int | None = None,
        orderby: str | bool = False,
        lazy: bool = True,
    ) -> list[dict[str, Any]]:
        """The older form of `formatted_read_group`. Only ``lazy=False`` is implemented: segmenter asks no other."""
        if lazy:
            raise UserError("The embedded CRM answers read_group with lazy=False alone.")
        return self._grouped(domain).classic(fields, groupby, domain, offset, limit, str(orderby or ""))

    def _grouped(self, domain: Sequence[Any]) -> Grouped:
        return Grouped(self.tables, self.model, self.taken(domain), self.language, self.zone)

    def existing(self, ids: int | Sequence[int], operation: str) -> list[int]:
        """The ids that exist. Raises AccessError if one is hidden from the user or the operation is not allowed."""
        rights.require(self.tables, self.uid, self.model, operation)
        visible = self.visible()
        found = [record for record in listed(ids) if record in self.tables.rows[self.model]]
        if not all(map(visible, found)):
            raise hidden(self.model, self.uid)
        return found

    def read(
        self, ids: int | Sequence[int], fields: Sequence[str] | None = None, load: str | None = "_classic_read"
    ) -> list[dict[str, Any]]:
        """One dictionary per record, always with ``id``; ids that do not exist are left out."""
        known = self.definition.fields
        names = list(fields or known)
        for name in names:
            if name in HIDDEN.get(self.model, ()):
                raise AccessError(f"You do not have enough rights to access the field {name!r} on {self.model}.")
            if name not in known:
                raise ValueError(f"Invalid field {name!r} on {self.model!r}")
        pairs = load == "_classic_read"
        return [
            {"id": record}
            | {
                name: to_wire(self.tables, self.model, record, known[name], pairs=pairs, archived=self.archived)
                for name in names
            }
            for record in self.existing(ids, "read")
        ]

    def search_read(
        self,
        domain: Sequence[Any] | None = None,
        fields: Sequence[str] | None = None,
        offset: int = 0,
        limit: int | None = None,
        order: str | None = None,
        load: str | None = "_classic_read",
    ) -> list[dict[str, Any]]:
        return self.read(self.search(domain or [], offset, limit, order), fields, load)

    def has_access(self, ids: int | Sequence[int], operation: str) -> bool:
        """Whether the user may do the operation with all of ``ids``; without ids, on the model at all."""
        if operation not in rights.OPERATIONS:
            raise AssertionError("Invalid access mode")
        if not rights.allowed(self.tables, self.uid, self.model, operation):
            return False
        return all(map(self.visible(), listed(ids)))

    def check_access_rights(self, operation: str, raise_exception: bool = True) -> bool:
        """The older form of `has_access`: raises AccessError instead of answering False when ``raise_exception``."""
        if raise_exception:
            rights.require(self.tables, self.uid, self.model, operation)
        return rights.allowed(self.tables, self.uid, self.model, operation)

    def has_group(self, ids: int | Sequence[int], group_ext_id: str) -> bool:
        """On res.users: whether the user is in a group."""
        (user,) = listed(ids)
        return group_ext_id in self.tables.groups.get(user, rights.NOBODY)


def listed(ids: int | Sequence[int]) -> list[int]:
    """A list of ids: callers may also give one id alone."""
    return [ids] if isinstance(ids, int) else list(ids)


HIDDEN = {"res.partner": frozenset({"signup_type", "is_in_call"})}
"""Fields that only administrators may read. The embedded CRM does not have them, but refuses them as Odoo does."""
USERS_ONLY = frozenset({"has_group"})
METHODS = frozenset(
    {"fields_get", "search", "search_count", "read", "search_read", "has_access", "check_access_rights"}
    | {"read_group", "formatted_read_group"}
)
