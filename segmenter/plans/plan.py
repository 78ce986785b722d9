"""A plan: every change a spec would make to one server, frozen. Knows nothing of rendering nor of servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from segmenter.errors import LimitsExceeded
from segmenter.notice import Notice
from segmenter.plans.changes import ConfigChange, Json
from segmenter.plans.expected import Period, Range
from segmenter.record_set import RecordSet

Condition = Mapping[str, Json]
"""A condition with the client's labels and names, as `conditions.facts` describes it."""


@dataclass(frozen=True, slots=True)
class SegmentCount:
    """One segment in a plan. ``matched``: records its condition takes; ``taken``: those that are its own.

    ``changed``: taken records that something changes on. ``condition``: as `conditions.facts` describes it, None of a
    default. ``expected``: the client's range, ``met`` whether it holds (None without one). ``field`` and ``value``:
    where the store holds membership, and what it holds for this segment (a tag's id, a value); "" without a store.
    """

    segmentation: str
    segment: str
    is_default: bool
    color: int | None
    description: str
    condition: Condition | None
    domain: tuple[Json, ...]
    matched: int
    taken: int
    changed: int = 0
    expected: Range | None = None
    met: bool | None = None
    field: str = ""
    value: Json = None


def full_name(segmentation: str, segment: str) -> str:
    """``Level: High``. A segment may be named after its segmentation ("Zone: North"), which need not be said twice."""
    return segment if segment.startswith(f"{segmentation}:") else f"{segmentation}: {segment}"


Sample = tuple[tuple[int, str], ...]
"""The first few of some records: (id, name)."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Records that match two segments of one segmentation; the first takes them."""

    segmentation: str
    first: str
    second: str
    records: int
    sample: Sample = ()


@dataclass(frozen=True, slots=True)
class Portion:
    """What a segment takes of one stage and one salesperson, before anything changes.

    ``stage`` and ``person``: as the client reads them, "" for none. ``revenue``: expected, in the plan's currency.
    """

    segmentation: str
    segment: str
    stage: str
    person: str
    records: int
    revenue: float = 0.0


@dataclass(frozen=True, slots=True)
class Violation:
    """A limit (or an example, ``limit == "examples"``) that the plan breaks. Numbers in records.

    ``about``: what else there is to tell of it.
    """

    limit: str
    found: float
    allowed: float
    about: Notice | None = None


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """One example of the client's: what was expected, what it got. ``record``: which live one it names, if it does.

    ``label``: what the client calls it, "" where it has no name; then it is the one at position ``number``.
    ``reference``: which record a number of the client's stands for, as `i18n.kept` has it. ``reason``: why it got no
    segment at all: it is not there, outside the scope, or protected.
    """

    label: str
    expected: Mapping[str, str]
    got: Mapping[str, str]
    record: int | None = None
    number: int = 0
    reference: str = ""
    reason: Notice | None = None

    @property
    def met(self) -> bool:
        return all(self.got.get(key) == value for key, value in self.expected.items())


@dataclass(frozen=True, slots=True)
class Tally:
    """What the changes add up to. All are numbers of records, except ``changes`` (fields of records).

    ``converted``: leads that become opportunities; ``new_contacts``: contacts that are created for them.
    """

    records: int = 0
    changes: int = 0
    overwrites: int = 0
    removed_tags: int = 0
    moved_stages: int = 0
    assigned: int = 0
    converted: int = 0
    new_contacts: int = 0


@dataclass(frozen=True)
class PlanIdentity:
    """What a plan was made from, when and where.

    ``server``: url, database, version ("" of an export), login, uid; of an export also ``numbers``: whether those of
    its records are ids (``id``), rows of the file (``row``) or ``either``, and ``importable`` where every record has an
    External ID. ``spec_url``: the url of the CRM as the
    spec writes it: the keyring keeps the key of the work user under it. ``now``: the moment that relative dates
    count from.
    """

    model: str
    server: Mapping[str, Json]
    spec_name: str
    spec_file: str
    spec_text: str
    spec_digest: str
    made_at: str
    now: str
    timezone: str
    language: str
    client_language: str = ""
    spec_url: str = ""
    source: Literal["server", "export"] = "server"

    @property
    def importable(self) -> bool:
        """Whether it was made from an export that can be imported again: such a plan is applied by hand."""
        return self.source == "export" and bool(self.server.get("importable"))


@dataclass(frozen=True)
class PlanRules:
    """Which records a plan is about, what it may touch there, and who must agree.

    ``scope_condition`` and ``protect_condition``: which records are in the scope and which are never touched.
    ``owned``: per many-valued field, the ids that the spec names.
    ``tracking``: whether its runs note their changes in Odoo's chatter; ``tracking_chosen``: whether the spec says so.
    ``approver``: who signs the plan off, as the spec says; ``require_approval``: nobody may apply it before.
    """

    scope_domain: tuple[Json, ...]
    owned: Mapping[str, tuple[int, ...]]
    scope_condition: Condition | None = None
    protect_condition: Condition | None = None
    tracking: Literal["keep", "silent"] = "silent"
    tracking_chosen: bool = False
    approver: str = ""
    require_approval: bool = False


@dataclass(frozen=True)
class PlanCounts:
    """How many records there are, where they belong, and how many change.

    ``scope_expected``, ``scope_met``: how many the client says there are, as in `SegmentCount`.
    ``uncovered``: segmentation -> records no segment takes. ``workload``: person -> open records before and after.
    ``portions`` and ``currency`` (its ISO code): for reports.
    """

    scope_count: int
    protected: int
    uncovered: Mapping[str, int]
    segments: tuple[SegmentCount, ...]
    overlaps: tuple[Overlap, ...]
    workload: Mapping[str, tuple[int, int]]
    tally: Tally = Tally()
    scope_expected: Range | None = None
    scope_met: bool | None = None
    portions: tuple[Portion, ...] = ()
    currency: str = ""


@dataclass(frozen=True)
class Members:
    """The records behind the numbers of a plan; the ledger keeps them beside its head.

    ``scope``: without the ``protected``. ``taken``: a set for each of ``counts.segments``, in their order.
    """

    scope: RecordSet
    protected: RecordSet
    taken: tuple[RecordSet, ...]


@dataclass(frozen=True)
class PlanNames:
    """What fields, values and records are called in the client's CRM, for those who read a plan.

    ``labels``: field name -> the client's label. ``field_types``: field -> Odoo type. ``value_names``: ``"field:id"``
    or ``"field:key"`` -> the name shown for it. ``protected_sample`` and ``uncovered_sample``: records by name.
    """

    labels: Mapping[str, str]
    field_types: Mapping[str, str]
    value_names: Mapping[str, str]
    protected_sample: Sample = ()
    uncovered_sample: Mapping[str, Sample] = field(default_factory=dict)


PARTS: Mapping[str, type] = {
    "identity": PlanIdentity,
    "rules": PlanRules,
    "counts": PlanCounts,
    "names": PlanNames,
}
"""The parts of a plan. No two have a field of one name, nor has the plan itself: as JSON it is flat."""


@dataclass(frozen=True)
class Plan:
    """The head of a plan; its changes lie in the ledger and are read from there in order of record.

    The ledger gives the ``id`` and the ``digest``. ``config``: what is created and altered around the records.
    ``violations``: why it may not be applied as it stands. ``side_effects``: what Odoo does by itself because of it.
    ``periods``: what relative dates stood for.
    """

    id: str
    identity: PlanIdentity
    rules: PlanRules
    counts: PlanCounts
    names: PlanNames
    config: tuple[ConfigChange, ...]
    periods: tuple[Period, ...]
    examples: tuple[ExampleResult, ...]
    warnings: tuple[Notice, ...]
    side_effects: tuple[Notice, ...]
    violations: tuple[Violation, ...] = ()
    digest: str = ""


class PlanRefused(LimitsExceeded):
    """Violations stand against a plan that was to be applied or approved. Whoever shows it to people words them."""

    def __init__(self, plan: Plan, violations: Sequence[Violation], *, todo: str = "") -> None:
        self.plan, self.violations = plan, tuple(violations)
        super().__init__(", ".join(violation.limit for violation in violations), todo=todo)
