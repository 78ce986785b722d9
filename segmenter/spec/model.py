"""The spec as frozen dataclasses: what `spec.load` gives when a file holds. Names are still names, not ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as also  # some classes here have a ``field`` of their own
from typing import Literal

from segmenter.conditions import Condition
from segmenter.errors import Path
from segmenter.spec.positions import Positions

Value = str | int | float | bool | None
RecordRef = str | int
"""A record as a spec refers to it: a text is its name, a number its id."""


@dataclass(frozen=True)
class Amount:
    """A number of records, or a percentage of the scope (``percent``)."""

    number: float
    percent: bool = False

    def of(self, total: int) -> float:
        """In records, given the size of the scope."""
        return self.number * total / 100 if self.percent else self.number


@dataclass(frozen=True)
class Range:
    """``400..1500``, ``5%..25%``, ``..10``, ``3..``: how many records the client says there are."""

    least: Amount | None
    most: Amount | None


@dataclass(frozen=True)
class Client:
    """Whose CRM it is."""

    name: str
    approver: str | None = None
    language: str = "es_CL"
    timezone: str = "America/Santiago"


@dataclass(frozen=True)
class Connection:
    """Where the CRM is and as whom to work; never a secret."""

    url: str
    database: str
    user: str


@dataclass(frozen=True)
class Scope:
    """Which records may be touched at all."""

    model: str
    where: Condition | None = None
    archived: bool = False
    expect: Range | None = None


@dataclass(frozen=True)
class Store:
    """Where membership is written. ``kind``: tags, categories or field; ``exclusive`` for the first two."""

    kind: Literal["tags", "categories", "field"]
    field: str
    exclusive: bool = True


@dataclass(frozen=True)
class SetValue:
    """Write one value (a name for relations and selections).

    ``reaches_other_records``: the spec knows that this field is not the record's alone (`planning.side_effects.reach`).
    """

    field: str
    value: Value
    reaches_other_records: bool = False
    path: Path = also(default=(), compare=False)


@dataclass(frozen=True)
class SetTags:
    """Add and remove tags, as deltas, on a many2many field."""

    field: str
    add: tuple[RecordRef, ...] = ()
    remove: tuple[RecordRef, ...] = ()
    path: Path = also(default=(), compare=False)


@dataclass(frozen=True)
class SetStage:
    """Move to stage ``to``; when ``come_from`` is not empty, only from one of those."""

    field: str
    to: RecordRef
    come_from: tuple[RecordRef, ...] = ()
    path: Path = also(default=(), compare=False)


@dataclass(frozen=True)
class Assign:
    """Give records to people in turn, or to whoever has fewest open ones.

    ``cap`` is the most open records a person may hold, those of before included: a load, so that a second plan right
    after the first gives nobody more.
    """

    field: str
    people: tuple[RecordRef, ...]
    by: Literal["round_robin", "least_loaded"] = "round_robin"
    only_if_empty: bool = True
    cap: int | None = None
    path: Path = also(default=(), compare=False)


@dataclass(frozen=True)
class Convert:
    """Turn leads into opportunities. ``customer``: no contact, an existing one, or one that is made where needed."""

    customer: Literal["none", "link", "create"] = "none"
    path: Path = also(default=(), compare=False)
    field: str = also(default="type", init=False)


Action = SetValue | SetTags | SetStage | Assign | Convert


@dataclass(frozen=True)
class CustomField:
    """A field of the scope's model that the client wants to have. ``kind``: a key of `spec.fields.KINDS`.

    ``values``: what a selection offers, in order. ``multiple``: several of them at once, which tags alone hold.
    """

    name: str
    kind: str
    label: str
    help: str = ""
    values: tuple[str, ...] = ()
    multiple: bool = False
    path: Path = also(default=(), compare=False)


@dataclass(frozen=True)
class Segment:
    """One class. ``condition`` is None for a default. ``value`` is what the store holds (its name if not said)."""

    name: str
    condition: Condition | None
    value: Value = None
    color: int | None = None
    description: str = ""
    actions: tuple[Action, ...] = ()
    expect: Range | None = None
    path: Path = also(default=(), compare=False)

    @property
    def stored(self) -> Value:
        """What is written into the store for this segment."""
        return self.name if self.value is None else self.value


@dataclass(frozen=True)
class Segmentation:
    """One way to divide the portfolio: ordered segments, first match wins (unless the store holds many).

    ``include_contacts``: the conditions are asked of a contact's company, so that its contacts follow it.
    """

    name: str
    store: Store | None
    segments: tuple[Segment, ...]
    default: Segment | None = None
    description: str = ""
    include_contacts: bool = False
    path: Path = also(default=(), compare=False)

    @property
    def many(self) -> bool:
        """A record may belong to several segments of it."""
        return self.store is not None and not self.store.exclusive

    @property
    def all_segments(self) -> tuple[Segment, ...]:
        """The segments in order, the default last."""
        return (*self.segments, self.default) if self.default else self.segments


@dataclass(frozen=True)
class Limits:
    """How much harm a plan may do before it needs an override with a reason. None: no limit.

    The numbers are the defaults in force when the key is absent (documented in the schema). ``require_approval``: no
    plan is applied that the client has not signed off.
    """

    changes: Amount | None = Amount(5000)
    overwrites: Amount | None = Amount(10, percent=True)
    removed_tags: Amount | None = Amount(10, percent=True)
    moved_stages: Amount | None = Amount(25, percent=True)
    portfolio: Amount | None = None
    new_contacts: Amount | None = Amount(200)
    require_approval: bool = False


@dataclass(frozen=True)
class Example:
    """A case of the client's: ``given`` values of a record, or a live ``record`` by name, e-mail or id.

    ``expect``: segmentation -> segment; '' for none, several of a ``many`` store joined by ", " in the spec's order.
    """

    given: Mapping[str, object] | None
    record: str | int | None
    expect: Mapping[str, str]
    path: Path = also(default=(), compare=False)


@dataclass(frozen=True)
class Spec:
    """One engagement's criteria. ``digest``: canonical SHA-256 of the content (comments and layout do not count).

    ``tracking``: whether changes are noted in Odoo's chatter; None: where that mails nobody.
    """

    client: Client
    odoo: Connection | None
    scope: Scope
    segmentations: tuple[Segmentation, ...]
    fields: tuple[CustomField, ...] = ()
    protect: tuple[Condition, ...] = ()
    filters: Literal["none", "shared"] = "none"
    tracking: Literal["keep", "silent"] | None = None
    limits: Limits = Limits()
    examples: tuple[Example, ...] = ()
    version: int = 1
    source: str = also(default="", compare=False)
    file: str = also(default="", compare=False)
    digest: str = ""
    positions: Positions = also(default_factory=Positions, compare=False, repr=False)
