"""A reader that asks for each setting of a CRM once, however many behaviours go by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from segmenter.conditions import Field
from segmenter.odoo.reader import OdooReader
from segmenter.plans import Json

REMEMBERED = frozenset({"crm.stage", "crm.team"})
"""Models of which there are few records: what was asked of them is not asked again."""

Found = TypeVar("Found")


class Questions:
    """What behaviours ask of a server, one after the other: the same question about settings is sent once."""

    def __init__(self, reader: OdooReader) -> None:
        self._reader = reader
        self._answers: dict[str, Any] = {}

    @property
    def version(self) -> int:
        return self._reader.identity.major

    @property
    def uid(self) -> int:
        return self._reader.identity.uid

    def fields(self, model: str) -> Mapping[str, Field]:
        return self._reader.fields(model)

    def search(self, model: str, domain: Sequence[Any], *, archived: bool = False) -> list[int]:
        return self._once(self._reader.search, model, domain, archived=archived)

    def search_read(
        self, model: str, domain: Sequence[Any], fields: Sequence[str], *, archived: bool = False
    ) -> list[dict[str, Json]]:
        return self._once(self._reader.search_read, model, domain, fields, archived=archived)

    def read(self, model: str, ids: Sequence[int], fields: Sequence[str]) -> Iterable[dict[str, Json]]:
        return self._reader.read(model, ids, fields)

    def names(self, model: str, ids: Sequence[int]) -> dict[int, str]:
        return self._reader.names(model, ids)

    def may(self, model: str, operation: str) -> bool:
        return self._reader.may(model, operation)

    def _once(self, ask: Callable[..., list[Found]], model: str, *about: Any, archived: bool) -> list[Found]:
        if model not in REMEMBERED:
            return ask(model, *about, archived=archived)
        key = repr((model, about, archived))
        if key not in self._answers:
            self._answers[key] = ask(model, *about, archived=archived)
        return list(self._answers[key])
