"""The rights that a spec needs, and what the work user cannot do, or not take back, without them: as facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from segmenter.notice import Notice
from segmenter.odoo.reader import OdooReader
from segmenter.plans.changes import ConfigChange
from segmenter.resolving.custom_fields import FIELDS, VALUES
from segmenter.resolving.effects import Effect, Give, SetTo
from segmenter.resolving.favourites import FAVOURITES

LACKING, OUT_OF_SIGHT, UNDELETABLE = "rights.lacking", "rights.out_of_sight", "undo.undeletable"
SALESPERSON = "user_id"
"""The field that says whose a record is."""
MOST_NAMES = 30
"""Names in one notice."""

Rights = Mapping[tuple[str, str], Sequence[str]]
"""(model, operation) -> what the right is needed for: names of fields that are read, of records that are written."""


class NeededRights:
    """Collects the rights that a spec needs while it is resolved."""

    def __init__(self) -> None:
        self._reasons: dict[tuple[str, str], list[str]] = {}

    def need(self, model: str, operation: str, reason: str = "") -> None:
        """Note a right, and what it is needed for."""
        reasons = self._reasons.setdefault((model, operation), [])
        if reason and reason not in reasons:
            reasons.append(reason)

    def to_make(self, changes: Iterable[ConfigChange]) -> Rights:
        """All rights, with those to make these changes. Custom fields have checks of their own."""
        for change in changes:
            if change.model not in (FIELDS, VALUES, FAVOURITES):
                self.need(change.model, "create" if change.creates else "write", change.name)
        return {right: tuple(reasons) for right, reasons in self._reasons.items()}


def lacking(model: str, operation: str, names: Sequence[str] = ()) -> Notice:
    """A right that the work user has not. ``names``: what it is needed for."""
    records = tuple(names[:MOST_NAMES])
    return Notice(LACKING, {"number": len(names)}, {"model": model, "operation": operation, "records": records})


def forbidden(changes: Sequence[ConfigChange], reader: OdooReader) -> list[Notice]:
    """The rights that the work user lacks to make these changes, each once. Custom fields: see `custom_fields`."""
    needed: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        if change.model not in (FIELDS, VALUES):
            needed.setdefault((change.model, "create" if change.creates else "write"), []).append(change.name)
    return [
        lacking(model, operation, names)
        for (model, operation), names in sorted(needed.items())
        if not reader.may(model, operation)
    ]


def receivers(effects: Iterable[Effect]) -> frozenset[int]:
    """The users who can be given a record."""
    users: set[int] = set()
    for effect in effects:
        if isinstance(effect, Give):
            users.update(effect.people)
        elif isinstance(effect, SetTo) and effect.field.name == SALESPERSON and effect.value is not None:
            users.add(effect.value)
    return frozenset(users)


def out_of_sight(model: str, users: Collection[int], reader: OdooReader) -> list[Notice]:
    """Whether a work user who sees its own leads alone gives some to others, and would not see them from then on.

    ``users``: who can be given a lead. Measured: Odoo 14 does it, and then no undo can; Odoo 19 refuses it.
    """
    if model != "crm.lead" or not set(users) - {reader.identity.uid} or not sees_own_only(reader):
        return []
    return [Notice(OUT_OF_SIGHT)]


def sees_own_only(reader: OdooReader) -> bool:
    """Whether the leads of everybody else are hidden from the work user."""
    own, every = "sales_team.group_sale_salesman", "sales_team.group_sale_salesman_all_leads"
    return reader.has_group(own) and not reader.has_group(every)


def cannot_delete(change: ConfigChange, reader: OdooReader) -> bool:
    """Whether an undo would leave what this change creates: salespeople may create tags, not delete them."""
    return change.creates and not reader.may(change.model, "unlink")


def undeletable(changes: Iterable[ConfigChange], reader: OdooReader) -> list[Notice]:
    """What an undo would leave behind because the work user may not delete it, model by model."""
    names: dict[str, list[str]] = {}
    for change in changes:
        if cannot_delete(change, reader):
            names.setdefault(change.model, []).append(change.name)
    return [left_behind(model, records) for model, records in names.items()]


def left_behind(model: str, names: Sequence[str]) -> Notice:
    """Records that a plan creates and that the work user may not delete."""
    return Notice(UNDELETABLE, {"number": len(names)}, {"model": model, "records": tuple(names[:MOST_NAMES])})
