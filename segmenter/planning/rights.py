"""What the work user has no right to make of a plan's configuration, and none to take back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from segmenter.i18n import _, some_of
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.work_user import sees_own_only
from segmenter.planning.effects import Effect, Give, SetTo
from segmenter.planning.model import ConfigChange

MOST_NAMES = 30
"""Names in one sentence."""


def forbidden(changes: Sequence[ConfigChange], reader: OdooReader) -> list[str]:
    """One sentence for each kind of these changes that the work user has no right to make."""
    needed = {(change.model, "create" if change.creates else "write") for change in changes}
    return [
        _("The work user may not {operation} on {model}, which this plan needs for: {names}").format(
            operation=operation,
            model=model,
            names=_first(
                [change.name for change in changes if (change.model, change.creates) == (model, operation == "create")]
            ),
        )
        for model, operation in sorted(needed)
        if not reader.may(model, operation)
    ]


def out_of_sight(model: str, effects: Iterable[Effect], reader: OdooReader) -> list[str]:
    """Whether a user who sees its own leads alone gives some to others: they would be hidden from it from then on.

    Measured: Odoo 14 does it, and then no undo can; Odoo 19 refuses it.
    """
    if model != "crm.lead" or not _receivers(effects) - {reader.identity.uid}:
        return []
    if not sees_own_only(reader):
        return []
    sentence = _(
        "The work user sees its own documents only: what it gives to somebody else it cannot see, check or give back. "
        "Give it the group Sales: all documents"
    )
    return [sentence]


def _receivers(effects: Iterable[Effect]) -> set[int]:
    """Everybody who can get a record."""
    found: set[int] = set()
    for effect in effects:
        if isinstance(effect, Give):
            found.update(effect.people)
        elif isinstance(effect, SetTo) and effect.field.name == "user_id" and effect.value is not None:
            found.add(effect.value)
    return found


def cannot_delete(change: ConfigChange, reader: OdooReader) -> bool:
    """Whether an undo would leave what this change creates: salespeople may create tags, not delete them."""
    return change.creates and not reader.may(change.model, "unlink")


def undeletable(changes: Iterable[ConfigChange], reader: OdooReader) -> list[str]:
    """One sentence per model on what an undo would leave behind."""
    left: dict[str, list[str]] = {}
    for change in changes:
        if cannot_delete(change, reader):
            left.setdefault(change.model, []).append(change.name)
    return [
        _("An undo leaves what was created in {model}, which the work user may not delete: {names}").format(
            model=model, names=_first(names)
        )
        for model, names in left.items()
    ]


def _first(names: Sequence[str]) -> str:
    return some_of(names[:MOST_NAMES], len(names))
