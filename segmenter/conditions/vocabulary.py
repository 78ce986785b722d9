"""What a condition may speak of: the fields of a CRM and the names in it. Knows no server; `odoo.catalog` gives one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from segmenter.conditions.model import Related
from segmenter.errors import SegmenterError


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


@dataclass(frozen=True)
class ListQuestion:
    """What the records of a list give, for each record that has one.

    ``list``: the many-valued field; ``function``: count, sum, avg, min, max, last or first, of the field ``of``
    (None for a count); ``where``: a domain of the listed records that count. ``whole``: of a contact's list, the lists
    of the company and of all its contacts together, told of the company.
    """

    list: Field
    function: str
    of: Field | None
    where: tuple[Any, ...]
    whole: bool = False


@dataclass(frozen=True)
class Property:
    """A property of leads: as a field called ``property``, whose options are as people call them. ``many``: a lead can
    hold several of them."""

    field: Field
    many: bool = False


class Unanswerable(SegmenterError):
    """What a list gives cannot be told here."""


class Vocabulary(Protocol):
    """Fields and names of one CRM, in the client's language."""

    def field(self, model: str, name: str) -> Field | None:
        """The field, aliases between versions resolved (``lost_reason``); None when the model has none such."""

    def hidden(self, model: str, name: str) -> bool:
        """Whether a field that `field` does not give is there all the same, and this user may not see it."""

    def left_out(self, model: str, name: str) -> str:
        """The label of a field that was not copied, where the CRM at hand is a copy; "" for others."""

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

    @property
    def of_lists(self) -> Vocabulary:
        """The vocabulary of a CRM that knows the records of lists: of a copy, the one that was copied."""

    def told(self, related: Related) -> Mapping[str, Any] | None:
        """What a plan kept of this comparison (`conditions.facts`), where no CRM can be asked; None elsewhere."""

    def property(self, label: str) -> Property:
        """The property of leads that a label stands for. Raises `Unanswerable`."""

    def listed(self, question: ListQuestion) -> Mapping[int, Any]:
        """What the list of each record gives: a number, or a date as the server writes it.

        Without the records whose list is empty, or has no value. Raises `Unanswerable`.
        """


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment a plan is made (aware, UTC) and the client's zone: what "today" means."""

    now: datetime
    zone: ZoneInfo
