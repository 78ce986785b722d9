"""The profile of a CRM: figures, with names and labels in the client's language."""

from __future__ import annotations

from dataclasses import dataclass

Json = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Value:
    """One value and how many records hold it. ``key`` as `odoo.values` has it; both empty for no value."""

    key: Json
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Spread:
    """The distribution of numbers or days: (share of the filled records, value), from 0 (least) to 1 (greatest).

    Days are ISO dates. ``total`` is the sum of numbers, None for days.
    """

    points: tuple[tuple[float, Json], ...]
    total: float | None = None

    def at(self, share: float) -> Json:
        """The value below which this share of the records lies; None if it was not measured."""
        return dict(self.points).get(share)


@dataclass(frozen=True, slots=True)
class Bin:
    """A bar of a histogram: the records from ``start`` on and before ``end``. Days are ISO dates.

    None stands for no limit.
    """

    start: Json
    end: Json
    count: int


@dataclass(frozen=True, slots=True)
class Tail:
    """Amounts far below the others: so many ``records`` hold from ``least`` to ``greatest``; nearly all others hold
    ``above`` or more.

    ``units``: 1,000 or 1,000,000 or both, where the amounts would be among the others times that.
    """

    records: int
    least: float
    greatest: float
    above: float
    units: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CrossingRow:
    """One value of a field: its records by column, and in all."""

    label: str
    counts: tuple[int, ...]
    total: int

    @property
    def rest(self) -> int:
        """The records that are in no column."""
        return self.total - sum(self.counts)


@dataclass(frozen=True, slots=True)
class Crossing:
    """The most frequent values of a field by those of another; an empty label stands for no value.

    ``by``: the other field, or ``create_date:month``, whose labels are the first days of months (``2026-03-01``).
    A row's total may be more than the sum of its counts: columns are the most frequent values alone.
    """

    by: str
    label: str
    columns: tuple[str, ...]
    rows: tuple[CrossingRow, ...]

    @property
    def partial(self) -> bool:
        """Whether any record is in no column."""
        return any(row.rest for row in self.rows)


@dataclass(frozen=True, slots=True)
class Averages:
    """A number by the values of another field: (label, records, average of them all, empty ones as 0)."""

    by: str
    label: str
    rows: tuple[tuple[str, int, float], ...]


@dataclass(frozen=True, slots=True)
class FieldProfile:
    """One field that is useful for segments.

    ``filled``: records that hold something. ``values``: the most frequent, without the empty one, the most first;
    stages in the order of the pipeline. ``different``: how
    many different values there are; None where nobody asked. ``alike``: values that may be one, differently written.
    ``bins``: the histogram of a number or a date. ``tail``: amounts that may be in a wrong unit.
    ``currency``: where a CRM has several, an amount is a field for each of them, of the records in that one alone.
    """

    name: str
    label: str
    type: str
    filled: int
    values: tuple[Value, ...] = ()
    different: int | None = None
    spread: Spread | None = None
    bins: tuple[Bin, ...] = ()
    tail: Tail | None = None
    crossings: tuple[Crossing, ...] = ()
    averages: tuple[Averages, ...] = ()
    alike: tuple[tuple[str, ...], ...] = ()
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Duplicates:
    """A field whose values should be unique. ``values``: those that several records hold; ``records``: their number.

    ``most``: the most frequent of them.
    """

    field: str
    label: str
    values: int
    records: int
    most: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Stale:
    """Open records whose date ``field`` lies further back than ``days``; ``opened``: how many are open at all."""

    field: str
    label: str
    days: int
    records: int
    opened: int


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag that exists, and how many records of the profile hold it; None where the server could not count."""

    id: int
    name: str
    records: int | None


@dataclass(frozen=True, slots=True)
class Profile:
    """The profile of one model of a CRM.

    ``made_at``: ISO 8601, UTC. ``client``: whose CRM it is, "" where nobody said.
    ``scope``: in words, "" for every record. ``records``: how many were looked at;
    ``archived``: how many more are archived, None when those were looked at too. ``without_owner``: None where the
    model has no salesperson. ``alike``: groups of tag names that differ in capitals, spaces, accents or signs alone.
    ``empty``, ``constant``: labels of fields that no record fills, or that hold one value in all records.
    ``version``: Odoo's, "" where the records come from a file. ``won``: names of the stages of what is won.
    ``currencies``: where amounts are in several, (ISO code, records with an amount), the most first.
    ``left_out``: (label, why) of fields that the server could not count.
    """

    model: str
    url: str
    database: str
    version: str
    language: str
    timezone: str
    made_at: str
    client: str
    scope: str
    records: int
    archived: int | None
    without_owner: int | None
    stale: tuple[Stale, ...]
    fields: tuple[FieldProfile, ...]
    empty: tuple[str, ...]
    constant: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    won: tuple[str, ...]
    duplicates: tuple[Duplicates, ...]
    tags: tuple[Tag, ...]
    alike: tuple[tuple[str, ...], ...]
    currencies: tuple[tuple[str, int], ...] = ()

    @property
    def exported(self) -> bool:
        """Whether the records come from an exported file, which is the ``database``."""
        return not self.version

    def field(self, name: str) -> FieldProfile | None:
        """The profile of a field; None for an unknown name."""
        return next((field for field in self.fields if field.name == name), None)
