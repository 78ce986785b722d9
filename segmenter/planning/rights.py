"""What the work user has no right to make of a plan's configuration, and none to take back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from segmenter.odoo import rights
from segmenter.odoo.needs import SALESPERSON
from segmenter.odoo.reader import OdooReader
from segmenter.planning.effects import Effect, Give, SetTo
from segmenter.planning.model import ConfigChange


def forbidden(changes: Sequence[ConfigChange], reader: OdooReader) -> list[str]:
    """One sentence for each kind of these changes that the work user has no right to make."""
    needed: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        needed.setdefault((change.model, "create" if change.creates else "write"), []).append(change.name)
    return [
        str(rights.lacking(model, operation, names))
        for (model, operation), names in sorted(needed.items())
        if not reader.may(model, operation)
    ]


def out_of_sight(model: str, effects: Iterable[Effect], reader: OdooReader) -> list[str]:
    """Whether a user who sees its own leads alone gives some to others."""
    problem = rights.out_of_sight(model, _receivers(effects), reader)
    return [str(problem)] if problem else []


def _receivers(effects: Iterable[Effect]) -> set[int]:
    """Everybody who can get a record."""
    found: set[int] = set()
    for effect in effects:
        if isinstance(effect, Give):
            found.update(effect.people)
        elif isinstance(effect, SetTo) and effect.field.name == SALESPERSON and effect.value is not None:
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
    return [rights.undeletable(model, names) for model, names in left.items()]
