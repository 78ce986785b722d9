"""What the review meeting looks at, as data: the HTML page and the workbook show the same `Review`.

Texts are as they came from the CRM; whoever shows them makes them safe. Sentences are in the language of the review.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from segmenter.ledger import Approval, Left, Run, RunReport
from segmenter.planning.model import ExampleResult, Plan, Sample


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a client understands, what it counts, and a word more."""

    number: int
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a run came, in records. ``done``: as the run wants them, by itself; ``earlier``: by a run before it.

    ``left``: met, and not written; ``unreached``: not come to. Together they are those that the run is about.
    """

    done: int = 0
    earlier: int = 0
    left: int = 0
    unreached: int = 0

    @property
    def records(self) -> int:
        """All that the run is about."""
        return self.done + self.earlier + self.left + self.unreached


@dataclass(frozen=True, slots=True)
class Row:
    """One change as people read it. ``result``: what a run made of it ("" in a plan); ``left``: it was not written."""

    record: int
    name: str
    field: str
    before: str
    after: str
    segmentation: str
    segment: str
    because: str
    result: str = ""
    left: bool = False


@dataclass(frozen=True, slots=True)
class Holding:
    """What a segment takes of one stage or one salesperson ("" for none)."""

    name: str
    records: int
    revenue: float


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment. ``before`` and ``after``: records that hold it (None where its store does not say).

    For a plan these are now and once it is applied; for a run, before and after that run. ``taken``: records that the
    criteria give it. ``share``: the part of the scope that it holds in the end. ``tone``: its colour in Odoo as
    ``#rrggbb``. ``revenue``: of what is taken, None where nobody knows any.
    """

    name: str
    tone: str
    colour: str
    description: str
    words: str
    is_default: bool
    taken: int
    share: float
    before: int | None
    after: int | None
    expected: str
    met: bool | None
    revenue: float | None
    stages: tuple[Holding, ...]
    people: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class Meeting:
    """Records that match two segments; ``shared``: both hold them, otherwise the first takes them."""

    first: str
    second: str
    records: int
    shared: bool
    sample: Sample


@dataclass(frozen=True, slots=True)
class Segmentation:
    """One way in which the portfolio is divided, with what deserves a look in it."""

    name: str
    segments: tuple[Segment, ...]
    meetings: tuple[Meeting, ...]
    uncovered: int
    uncovered_sample: Sample

    @property
    def shared(self) -> bool:
        """Whether a record may belong to several of its segments."""
        return any(one.shared for one in self.meetings)

    @property
    def dated(self) -> bool:
        """Whether there is a before and an after to compare."""
        return any(one.before is not None for one in self.segments)

    @property
    def most(self) -> int:
        """The longest bar."""
        return max((max(one.before or 0, one.after or 0, one.taken) for one in self.segments), default=0)

    def names(self, of: str) -> tuple[str, ...]:
        """The ``stages`` or ``people`` of all segments, most records first, those without one last."""
        total: dict[str, int] = {}
        for segment in self.segments:
            for one in getattr(segment, of):
                total[one.name] = total.get(one.name, 0) + one.records
        return tuple(sorted(total, key=lambda name: (not name, -total[name], name)))


@dataclass(frozen=True, slots=True)
class Month:
    """What the runs of one month did on this database. ``net``: records written less given back, until its end."""

    first: str
    runs: int
    written: int
    given_back: int
    net: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """One plan that was applied: when, and how many records each segment of a segmentation took then.

    ``undone``: it was taken back since, at least in part.
    """

    plan: str
    at: str
    taken: Mapping[str, Mapping[str, int]]
    undone: bool


@dataclass(frozen=True)
class Review:
    """A plan, or a run of it, ready to be shown. ``rows`` streams every change, each time it is called.

    ``sample``: the first rows of a table that must stay small; ``every``: one record of how many it shows (1: all).
    ``total``: how many rows there are. ``fields``: changes per field. ``left``: of the run and those that it goes on
    with; ``names``: as in a `RunReport`. ``applied``, ``undone``: whether that was done, or begun. ``examples``: the
    client's, as the plan has them (none of what was taken back); ``unwritten``: the records among them that the run
    did not write.
    """

    plan: Plan
    run: Run | None
    past: RunReport | None
    reach: Reach
    headline: str
    figures: tuple[Figure, ...]
    segmentations: tuple[Segmentation, ...]
    fields: Mapping[str, int]
    total: int
    sample: tuple[Row, ...]
    every: int
    left: tuple[Left, ...]
    names: Mapping[str, str]
    applied: bool
    undone: bool
    examples: tuple[ExampleResult, ...]
    unwritten: frozenset[int]
    months: tuple[Month, ...]
    earlier: tuple[Earlier, ...]
    approvals: tuple[Approval, ...]
    rows: Callable[[], Iterator[Row]]

    @property
    def undo(self) -> bool:
        """Whether it tells of an undo."""
        return self.run is not None and self.run.kind == "undo"

    @property
    def workload(self) -> Mapping[str, tuple[int, int]]:
        """The plan's; a run knows neither what it left of it nor what people did since."""
        return self.plan.workload if self.run is None else {}

    @property
    def revenue(self) -> bool:
        """Whether expected revenue is known of any segment."""
        return any(one.revenue is not None for part in self.segmentations for one in part.segments)
