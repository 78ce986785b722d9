"""How many records the client says there are, and what relative dates stood for when a plan was made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Amount:
    """A number of records, or a percentage of the scope (``percent``)."""

    number: float
    percent: bool = False

    def of(self, total: int) -> float:
        """In records, given the size of the scope."""
        return self.number * total / 100 if self.percent else self.number

    def __str__(self) -> str:
        """As the spec writes it: ``25%``, ``400``."""
        return f"{self.number:g}{'%' if self.percent else ''}"


@dataclass(frozen=True)
class Range:
    """``400..1500``, ``5%..25%``, ``..10``, ``3..``: how many records the client says there are."""

    least: Amount | None
    most: Amount | None

    def __str__(self) -> str:
        """As the spec writes it."""
        return f"{self.least or ''}..{self.most or ''}"


@dataclass(frozen=True, slots=True)
class Period:
    """What ``create_date: {within: 90 days}`` stood for when a plan was made.

    ``field``: the path as Odoo writes it. ``operator``: within, older_than or next; ``count`` and ``unit``: how long.
    ``start`` and ``end``: from the first day or moment (included) to the second (left out), as the server writes them,
    moments in UTC; None: open. Without an operator, ``field`` is what an older version kept as text.
    """

    field: str
    operator: str
    count: int
    unit: str
    start: str | None
    end: str | None
