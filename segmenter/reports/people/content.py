"""What each salesperson gets after the review meeting, as data: the page, the workbook and the mails show the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from segmenter.ledger import Run
from segmenter.plans.plan import Plan


@dataclass(frozen=True, slots=True)
class Card:
    """One record of a salesperson. ``stage``: as the client reads it, "" for none; ``moved``: the UTC moment at which
    it came there, "" where nobody knows. ``revenue``: expected, 0 for none.

    ``others``: its segments of the other segmentations, in words. ``came``: whose record it was before, where that was
    somebody else ("" for nobody, None where nothing changed). ``left``: why a run did not write it, "" where it did.
    """

    record: int
    name: str
    stage: str
    revenue: float
    moved: str
    others: tuple[str, ...]
    came: str | None = None
    left: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The records of one salesperson in one segment, in the order in which they are worked through.

    ``segment`` "": those of no segment. ``reason``: the criteria in words. ``tone`` and ``colour`` as in a review.
    """

    segment: str
    tone: str
    colour: str
    description: str
    reason: str
    cards: tuple[Card, ...]

    @property
    def revenue(self) -> float:
        """What its records are expected to bring."""
        return sum(card.revenue for card in self.cards)


@dataclass(frozen=True, slots=True)
class Person:
    """A salesperson ("" for none) with their records, the first segment first. Groups without records are left out."""

    name: str
    groups: tuple[Group, ...]

    @property
    def records(self) -> int:
        """How many there are."""
        return sum(len(group.cards) for group in self.groups)

    @property
    def revenue(self) -> float:
        """What they are expected to bring."""
        return sum(group.revenue for group in self.groups)

    @property
    def left(self) -> int:
        """How many of them a run did not write."""
        return sum(bool(card.left) for group in self.groups for card in group.cards)

    @property
    def counts(self) -> Mapping[str, int]:
        """Segment -> records."""
        return {group.segment: len(group.cards) for group in self.groups}


@dataclass(frozen=True)
class People:
    """Everybody with their records, by name, those of nobody last.

    ``segmentation``: the first one of the spec, by whose segments the records go; ``segments``: those of it in which
    anybody has records. ``pending``: whether nothing of it is in Odoo yet. ``staged``, ``dated``, ``valued``: whether
    stages, moments (`Card.moved`), revenue are known.
    """

    plan: Plan
    run: Run | None
    segmentation: str
    segments: tuple[str, ...]
    people: tuple[Person, ...]
    staged: bool
    dated: bool
    valued: bool
    pending: bool = False

    @property
    def records(self) -> int:
        """How many there are in all."""
        return sum(person.records for person in self.people)
