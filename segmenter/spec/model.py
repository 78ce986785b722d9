"""The spec as frozen dataclasses: what `spec.load` gives when a file holds. Names are still names, not ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as also  # some classes here have a ``field`` of their own
from typing import Literal

from segmenter.conditions import Condition
from segmenter.errors import Path
from segmenter.plans.expected import Amount, Range
from segmenter.spec.document import Positions

Value = str | int | float | bool | None
RecordRef = str | int
"""A record as a spec refers to it: a text is its name, a number its id."""


COLORS = {
    "none": 0, "grey": 0, "gray": 0, "gris": 0,
    "red": 1, "rojo": 1,
    "orange": 2, "naranja": 2,
    "yellow": 3, "amarillo": 3,
    "light_blue": 4, "celeste": 4,
    "purple": 5, "dark_purple": 5, "morado": 5,
    "salmon": 6, "salmón": 6,
    "blue": 7, "medium_blue": 7, "azul": 7,
    "dark_blue": 8, "azul_oscuro": 8,
    "fuchsia": 9, "pink": 9, "fucsia": 9,
    "green": 10, "verde": 10,
    "violet": 11, "violeta": 11,
}  # fmt: skip
"""The names of Odoo's twelve colours, in English and Spanish, and their numbers."""


@dataclass(frozen=True)
class Client:
    """Whose CRM it is."""

    name: str
    approver: str | None = None
    language: str = "es_CL"
    timezone: str = "America/Santiago"


@dataclass(frozen=True)
class Consultant:
    """Who does the work, as reports and mails sign; "" where nothing is said.

    ``logo``: the file, from the folder of what names it; ``picture``: that file as a ``data:`` address, once it was
    read (`spec.consultant`). ``signature``: lines below the rest at the end of a mail.
    """

    firm: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    logo: str = ""
    signature: tuple[str, ...] = ()
    picture: str = ""


Api = Literal["auto", "xmlrpc", "json2"]
"""The wire: ``auto`` is XML-RPC as long as the server has it."""


@dataclass(frozen=True)
class Pace:
    """How fast the server may be asked; None: without a limit."""

    calls_per_second: float | None = None
    connections: int | None = None


@dataclass(frozen=True)
class Connection:
    """Where the CRM is and as whom to work; never a secret. ``pace``: None for what its host asks for."""

    url: str
    database: str
    user: str
    pace: Pace | None = None
    api: Api = "auto"


@dataclass(frozen=True)
class Scope:
    """Which records may be touched at all."""

    model: str
    where: Condition | None = None
    archived: bool = False
    expect: Range | None = None


@dataclass(frozen=True)
class Store:
    """Where membership is written. ``kind``: tags, categories or field; ``exclusive`` for the first two. ``property``:
    of the field that holds the properties of leads, what the one that is meant is called."""

    kind: Literal["tags", "categories", "field"]
    field: str
    exclusive: bool = True
    property: str = ""


@dataclass(frozen=True)
class SetValue:
    """Write one value (a name for relations and selections).

    ``reaches_other_records``: the spec knows that this field is not the record's alone (`resolving.shared_fields`).
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
class Favourites:
    """One saved favourite per segment in Odoo's search bar. ``people``: whose they are; everybody's without any.

    ``show``: the records that hold the segment, or those that meet its condition on the day on which somebody looks.
    """

    people: tuple[RecordRef, ...] = ()
    show: Literal["holds", "live"] = "holds"


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
    """One class. ``condition`` is None for a default. ``value`` is what the store holds (its name if not given).

    ``filter``: what its favourite shows, where that is not what the spec's `Favourites` say.
    """

    name: str
    condition: Condition | None
    value: Value = None
    color: int | None = None
    description: str = ""
    actions: tuple[Action, ...] = ()
    expect: Range | None = None
    filter: Literal["holds", "live", "none"] | None = None
    path: Path = also(default=(), compare=False)

    @property
    def stored(self) -> Value:
        """The value that the store holds for this segment."""
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
        """Whether a record may belong to several segments."""
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
    """One engagement's criteria. ``digest``: canonical SHA-256 of the content (comments, layout and the
    consultant do not count).

    ``tracking``: whether changes are noted in Odoo's chatter; None: where that mails nobody.
    """

    client: Client
    odoo: Connection | None
    scope: Scope
    segmentations: tuple[Segmentation, ...]
    consultant: Consultant = Consultant()
    fields: tuple[CustomField, ...] = ()
    protect: tuple[Condition, ...] = ()
    filters: Favourites | None = None
    tracking: Literal["keep", "silent"] | None = None
    limits: Limits = Limits()
    examples: tuple[Example, ...] = ()
    version: int = 1
    source: str = also(default="", compare=False)
    file: str = also(default="", compare=False)
    digest: str = ""
    positions: Positions = also(default_factory=Positions, compare=False, repr=False)
