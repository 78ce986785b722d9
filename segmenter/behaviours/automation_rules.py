"""Automation rules: what this Odoo was set up to do when records change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from segmenter.behaviours.behaviour import CONTACTS, LEADS, Behaviour, Cell, Reader, Tracking
from segmenter.checking.automation import rules
from segmenter.notice import Notice


@dataclass(frozen=True)
class AutomationRules(Behaviour):
    """``rules``: their names, None where they may not be listed."""

    rules: tuple[str, ...] | None = ()

    MODELS: ClassVar = frozenset({LEADS, CONTACTS})

    def look(self, cells: Sequence[Cell], reader: Reader) -> Self:
        return replace(self, rules=rules(reader, self.intent.model)) if cells else self

    def notices(self, cells: Sequence[Cell], tracking: Tracking) -> Iterator[Notice]:
        of = {"model": self.intent.model}
        if self.rules is None:
            yield Notice("automation_rules.unknown", names=of)
        elif self.rules:
            yield Notice("automation_rules.may_run", {"number": len(self.rules)}, {**of, "rules": self.rules})
