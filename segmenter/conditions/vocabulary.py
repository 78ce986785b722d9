"""What a condition may speak of: the fields of a CRM and the names in it. Knows no server; `odoo.catalog` gives one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Field:
    """One field as ``fields_get`` describes it. ``name`` is the server's own, whatever alias asked for it.

    ``related``: where a field that is not stored takes its value from, step by step. ``filtered``: a one2many that
    shows only a part of the records that point here. ``size``: the most characters that a text holds, 0 for any.
    """

    model: str
    name: str
    type: str
    label: str
    relation: str | None = None
    selection: tuple[tuple[str, str], ...] = ()
    searchable: bool = True
    stored: bool = True
    readonly: bool = False
    translated: bool = False
    related: tuple[str, ...] = ()
    filtered: bool = False
    size: int = 0


@dataclass(frozen=True, slots=True)
class Named:
    """A record that a name stands for."""

    id: int
    name: str


@dataclass(frozen=True)
class Money:
    """What tells the currency of an amount: ``field``, beside it, and which of its values each ISO code stands for."""

    field: Field
    codes: Mapping[str, tuple[int | None, ...]]


class Vocabulary(Protocol):
    """Fields and names of one CRM, in the client's language."""

    def field(self, model: str, name: str) -> Field | None:
        """The field, aliases between versions resolved (``lost_reason``); None when the model has none such."""

    def hidden(self, model: str, name: str) -> bool:
        """Whether a field that `field` does not give is there all the same, and this user may not see it."""

    def decimals(self, field: Field) -> int | None:
        """How many decimals a ``float`` keeps; None for as many as it is given."""

    def field_names(self, model: str) -> Iterable[str]:
        """All field names of a model, for near misses."""

    def labels(self, model: str) -> Mapping[str, str]:
        """What the client's language calls the fields of a model, by their technical names."""

    def named(self, model: str, name: str) -> list[Named]:
        """Records of ``model`` called exactly ``name`` (users: by name or login); none, one, or several."""

    def record(self, model: str, id_: int) -> Named | None:
        """The record of an id; None where there is none that can be seen."""

    def money(self, amount: Field) -> Money | None:
        """What tells the currency of an amount (a monetary field); None where nothing does."""

    def archived(self, model: str, id_: int) -> bool:
        """Whether a record is archived."""

    def elsewhere(self, model: str, name: str) -> list[tuple[Named, str]]:
        """Records that another language of the CRM calls exactly ``name``, with that language's code."""

    def names(self, model: str) -> list[str]:
        """Names in use on ``model`` (a bounded number), for near misses and candidate lists."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment a plan is made (aware, UTC) and the client's zone: what "today" means."""

    now: datetime
    zone: ZoneInfo
