"""A plan: every change a spec would make to one server, frozen. Knows nothing of rendering nor of servers.

Values are normalised (see `odoo.values`): a many2one is an id or None, an empty text or date None, a number 0 when
empty, a tag field the sorted list of those tags *that the spec names*. A negative id stands for a record that the plan
itself creates: ``-3`` is the `ConfigChange` with ``ref == -3``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Json = Any
"""A normalised value: None, bool, int, float, str, or a list of ints."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one record. ``before == after`` is a *pin*: what stays, and is looked at for the sake of the others
    (`planning.together`); it is written where the server would recompute it."""

    record: int
    name: str
    field: str
    before: Json
    after: Json
    segmentation: str
    segment: str

    @property
    def pin(self) -> bool:
        return bool(self.before == self.after)

    def along(self, field: str, before: Json, after: Json) -> Change:
        """What is written of another field of the record, for the same reason."""
        return Change(self.record, self.name, field, before, after, self.segmentation, self.segment)


@dataclass(frozen=True, slots=True)
class ConfigChange:
    """A tag, category, stage or favourite to create (``id`` None) or to alter. Values as they go to the server."""

    ref: int
    model: str
    name: str
    after: Mapping[str, Json]
    before: Mapping[str, Json] = field(default_factory=dict)
    id: int | None = None
    why: str = ""

    @property
    def creates(self) -> bool:
        return self.id is None


def with_ids(value: Json, ids: Mapping[int, int]) -> Json:
    """A value of a `ConfigChange` (a domain, say) with the ids that the server gave in place of the refs."""
    if isinstance(value, list | tuple):
        return [with_ids(one, ids) for one in value]
    return ids.get(value, value) if isinstance(value, int) and not isinstance(value, bool) else value


@dataclass(frozen=True, slots=True)
class SegmentCount:
    """One segment in a plan. ``matched``: records its condition takes; ``taken``: those that are its own.

    ``changed``: taken records that something changes on. ``words``: its condition as a sentence. ``expected``:
    the client's range as text, ``met`` whether it holds (None without one). ``field`` and ``value``: where the store
    holds membership, and what it holds for this segment (a tag's id, a value); "" without a store.
    """

    segmentation: str
    segment: str
    is_default: bool
    color: int | None
    description: str
    words: str
    domain: tuple[Json, ...]
    matched: int
    taken: int
    changed: int = 0
    expected: str = ""
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
class Said:
    """The sentences of a plan in one language. ``words``: as `Plan.segments`; ``violations``: as `Plan.violations`."""

    words: tuple[str, ...]
    warnings: tuple[str, ...]
    side_effects: tuple[str, ...]
    violations: tuple[str, ...]
    scope: str = ""
    protect: str = ""


@dataclass(frozen=True, slots=True)
class Violation:
    """A limit (or an example, ``limit == "examples"``) that the plan breaks. Numbers in records."""

    limit: str
    found: float
    allowed: float
    sentence: str


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """One example of the client's: what was expected, what it got. ``record``: which live one it names, if it does."""

    label: str
    expected: Mapping[str, str]
    got: Mapping[str, str]
    record: int | None = None

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
class Plan:
    """The head of a plan; its changes lie in the ledger and are read from there in order of record.

    ``server``: url, database, version ("" of an export), login, uid; of an export also ``numbers``: whether those of
    its records are ids (``id``), rows of the file (``row``) or ``either``. ``bounds``: the resolved relative dates, as
    text, per leaf.
    ``owned``: per many-valued field, the ids that the spec names. ``labels``: field name -> the client's label.
    ``value_names``: ``"field:id"`` or ``"field:key"`` -> the name shown for it. ``field_types``: field -> Odoo type.
    ``workload``: person -> open records before and after. ``uncovered``: segmentation -> records no segment takes.
    ``portions``, ``currency`` (its ISO code), ``protected_sample`` and ``uncovered_sample``: for reports. ``said``:
    language ("es", "en") -> the sentences of this plan in it; the plan itself holds them in the language of its maker.
    ``scope_words`` and ``protect_words``: which records are in the scope and which are never touched, as sentences;
    ``scope_expected``, ``scope_met``: how many the client says there are, as in `SegmentCount`.
    ``tracking``: whether its runs note their changes in Odoo's chatter.
    ``approver``: who signs the plan off, as the spec says; ``require_approval``: nobody may apply it before.
    """

    id: str
    made_at: str
    model: str
    server: Mapping[str, Json]
    spec_name: str
    spec_file: str
    spec_text: str
    spec_digest: str
    now: str
    timezone: str
    language: str
    scope_domain: tuple[Json, ...]
    scope_count: int
    protected: int
    uncovered: Mapping[str, int]
    segments: tuple[SegmentCount, ...]
    overlaps: tuple[Overlap, ...]
    config: tuple[ConfigChange, ...]
    bounds: Mapping[str, str]
    examples: tuple[ExampleResult, ...]
    warnings: tuple[str, ...]
    side_effects: tuple[str, ...]
    labels: Mapping[str, str]
    field_types: Mapping[str, str]
    value_names: Mapping[str, str]
    owned: Mapping[str, tuple[int, ...]]
    workload: Mapping[str, tuple[int, int]]
    tally: Tally = Tally()
    violations: tuple[Violation, ...] = ()
    source: Literal["server", "export"] = "server"
    digest: str = ""
    tracking: Literal["keep", "silent"] = "silent"
    approver: str = ""
    require_approval: bool = False
    portions: tuple[Portion, ...] = ()
    currency: str = ""
    protected_sample: Sample = ()
    uncovered_sample: Mapping[str, Sample] = field(default_factory=dict)
    said: Mapping[str, Said] = field(default_factory=dict)
    client_language: str = ""
    scope_words: str = ""
    protect_words: str = ""
    scope_expected: str = ""
    scope_met: bool | None = None
