"""What the review meeting looks at, as data: the HTML page and the workbook show the same `Review`.

Texts are as they came from the CRM; whoever shows them makes them safe. Sentences are in the language of the review.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from segmenter.ledger import Approval, Left, Run, RunReport
from segmenter.plans.expected import Range
from segmenter.plans.plan import ExampleResult, Plan, Sample
from segmenter.reports.diff import Told
from segmenter.reports.nouns import Noun


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
class Record:
    """One record of the scope as people read it, as it is once the plan is applied, or after the run.

    ``person``, ``stage``, ``city``, ``phone``, ``email``: "" for none; ``amount``: expected revenue, 0 for none. Which
    of them are known at all, `Review.known` says. ``segments``: those that take it, for each of
    `Review.segmentations`. ``changes``: what becomes of it, a field each; ``because``: why it belongs where it does, a
    sentence for each segment. ``result``: what a run made of it ("" in a plan, and of a record that it is not about);
    ``left``: something of it was not written.
    """

    record: int
    name: str
    person: str
    stage: str
    amount: float
    city: str
    phone: str
    email: str
    segments: tuple[tuple[Segment, ...], ...]
    changes: tuple[str, ...]
    because: tuple[str, ...]
    result: str = ""
    left: bool = False


@dataclass(frozen=True, slots=True)
class Loss:
    """A value that somebody gave and that is replaced. ``person``: the record's salesperson, "" for none."""

    record: int
    name: str
    person: str
    field: str
    lost: str
    instead: str
    because: str


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
    ``#rrggbb``. ``revenue``: of what is taken, None where nobody knows any. ``short``: its name without that of its
    segmentation ("North" of "Zone: North").
    """

    name: str
    short: str
    tone: str
    colour: str
    description: str
    words: str
    is_default: bool
    taken: int
    share: float
    before: int | None
    after: int | None
    expected: Range | None
    met: bool | None
    revenue: float | None
    stages: tuple[Holding, ...]
    people: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class Meeting:
    """Records that match two segments; ``shared``: both hold them, otherwise the first takes them.

    ``nested``: they are all that the first one takes, as where a lower threshold contains the higher one.
    """

    first: str
    second: str
    records: int
    shared: bool
    sample: Sample
    nested: bool = False


@dataclass(frozen=True, slots=True)
class Segmentation:
    """One way in which the portfolio is divided, with what deserves a look in it."""

    name: str
    segments: tuple[Segment, ...]
    meetings: tuple[Meeting, ...]
    uncovered: int
    uncovered_sample: Sample

    @property
    def nested(self) -> Mapping[str, tuple[int, tuple[str, ...]]]:
        """Segment -> how many records it takes, and the later segments whose criteria all of these meet too."""
        found: dict[str, tuple[int, tuple[str, ...]]] = {}
        for two in self.meetings:
            if two.nested:
                found[two.first] = (two.records, (*found.get(two.first, (0, ()))[1], two.second))
        return found

    @property
    def shared(self) -> bool:
        """Whether a record may belong to several of its segments."""
        return any(meeting.shared for meeting in self.meetings)

    @property
    def crossed(self) -> bool:
        """Whether it is known what a segment takes of which stage or salesperson."""
        return any(segment.stages or segment.people for segment in self.segments)

    @property
    def dated(self) -> bool:
        """Whether something was there before, to compare with."""
        return any(segment.before for segment in self.segments)

    @property
    def most(self) -> int:
        """The longest bar."""
        return max(
            (max(segment.before or 0, segment.after or 0, segment.taken) for segment in self.segments), default=0
        )

    def names(self, of: str) -> tuple[str, ...]:
        """The ``stages`` or ``people`` of all segments, most records first, those without one last."""
        total: dict[str, int] = {}
        for segment in self.segments:
            for part in getattr(segment, of):
                total[part.name] = total.get(part.name, 0) + part.records
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

    ``records`` streams the records of the scope, those of the first segment of ``ranking`` first and of these the
    largest amount; ``listed``: how many they are. Of a plan of an older version it has those that change, and of an
    undo those that the plan changed. ``known``: which of ``person``, ``stage``, ``amount``, ``city``, ``phone`` and
    ``email`` are known of any record. ``losses`` streams the values that somebody gave and that are replaced; none of
    an undo.

    ``noun``: what its records are called. ``ranking``: the segmentation that says whom to call first, ``call_first``
    the same as a sentence ("" where there is nobody to call). ``most``: records that a page shows.
    ``total``: how many changes there are; ``handed``: the records that somebody has and that would leave that person.
    ``left``: of the run and those that it goes on
    with; ``names``: as in a `RunReport`. ``applied``, ``undone``: whether that was done, or begun. ``examples``: the
    client's, as the plan has them (none of what was taken back); ``unwritten``: the records among them that the run
    did not write. ``since``: against an earlier plan for the same client, of a plan that differs from one.
    """

    plan: Plan
    run: Run | None
    past: RunReport | None
    reach: Reach
    noun: Noun
    ranking: str
    call_first: str
    headline: str
    figures: tuple[Figure, ...]
    segmentations: tuple[Segmentation, ...]
    total: int
    handed: int
    most: int
    left: tuple[Left, ...]
    names: Mapping[str, str]
    applied: bool
    undone: bool
    examples: tuple[ExampleResult, ...]
    unwritten: frozenset[int]
    months: tuple[Month, ...]
    earlier: tuple[Earlier, ...]
    approvals: tuple[Approval, ...]
    since: Told | None
    rows: Callable[[], Iterator[Row]]
    listed: int
    known: frozenset[str]
    records: Callable[[], Iterator[Record]]
    losses: Callable[[], Iterator[Loss]]

    @property
    def undo(self) -> bool:
        """Whether it tells of an undo."""
        return self.run is not None and self.run.kind == "undo"

    @property
    def waits(self) -> bool:
        """Whether it tells of an import that no export has proven yet."""
        return self.run is not None and self.run.waits

    @property
    def workload(self) -> Mapping[str, tuple[int, int]]:
        """The plan's; a run knows neither what it left of it nor what people did since."""
        return self.plan.counts.workload if self.run is None else {}

    @property
    def revenue(self) -> bool:
        """Whether expected revenue is known of any segment."""
        return any(segment.revenue is not None for part in self.segmentations for segment in part.segments)
