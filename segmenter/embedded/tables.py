"""Tables in memory: one dictionary of rows per model, with transactions that undo everything on an error.

A row maps field names to cells: an id or None for many2one, a tuple of ids for many2many, ``YYYY-MM-DD[ HH:MM:SS]``
text in UTC for dates, None for an empty text. A row is never changed in place but replaced, so that undoing is cheap.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar, cast

from segmenter.embedded.schema import ModelDef, load

Row = Mapping[str, Any]
T = TypeVar("T")
MOST_KEPT = 1000
"""Answers that are kept: the columns that are asked by, and the sets of what was asked last."""


class Tables:
    """The records of one database. ``models`` may describe fewer fields than a whole CRM: an export has few columns."""

    def __init__(
        self, models: Mapping[str, ModelDef] | None = None, *, now: Callable[[], datetime] | None = None
    ) -> None:
        self.models = dict(load() if models is None else models)
        self.rows: dict[str, dict[int, Row]] = {model: {} for model in self.models}
        self.groups: dict[int, frozenset[str]] = {}
        self.access: dict[str, frozenset[str]] | None = None
        """Of a copy: what the work user may do with each model on the server. It was read by that user: no record rule
        hides anything here."""
        self.lock = threading.RLock()
        self.language = "en_US"
        """What the call at hand reads and writes in: there is one at a time."""
        self._words: dict[tuple[str, int, str], dict[str, str]] = {}
        self._last_id = dict.fromkeys(self.models, 0)
        self._undo: list[Callable[[], None]] | None = None
        self._began = ""
        self._version = dict.fromkeys(self.models, 0)
        self._kept: dict[tuple[tuple[str, ...], str, str], tuple[list[int], Any]] = {}
        self._now = now or (lambda: datetime.now(UTC))
        for model in self.models if "ir.model" in self.models else ():
            record = self.new_id("ir.model")
            self.put("ir.model", record, {"id": record, "name": model, "model": model})

    def now(self) -> str:
        """The moment, as Odoo writes it: UTC, whole seconds; in a transaction, that of its beginning."""
        return self._began or self._now().replace(tzinfo=None).isoformat(" ", "seconds")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; one at a time."""
        with self.lock:
            if self._undo is not None:
                yield
                return
            self._undo, self._began = [], self.now()
            try:
                yield
            except BaseException:
                for take_back in reversed(self._undo):
                    take_back()
                raise
            finally:
                self._undo, self._began = None, ""

    def _set(self, model: str, record: int, row: Row | None) -> None:
        if row is None:
            self.rows[model].pop(record, None)
        else:
            self.rows[model][record] = row
        self._version[model] += 1

    def put(self, model: str, record: int, row: Row | None) -> None:
        """Set a row, or remove it (None)."""
        if self._undo is not None:
            self._undo.append(partial(self._set, model, record, self.rows[model].get(record)))
        self._set(model, record, row)

    def translate(self, model: str, record: int, name: str, text: str | None) -> None:
        """What a translated field holds in the language at hand; the row itself holds what en_US reads."""
        key = model, record, name
        before = self._words.get(key) or {}
        if self._undo is not None:
            self._undo.append(partial(self._set_words, key, before))
        self._set_words(key, {**before, self.language: text or ""})

    def _set_words(self, key: tuple[str, int, str], words: dict[str, str]) -> None:
        self._words[key] = words
        self._version[key[0]] += 1

    def words(self, model: str, record: int, name: str) -> Mapping[str, str]:
        """What a translated field holds in the languages that have a text of their own."""
        return self._words.get((model, record, name), {})

    def define(self, model: ModelDef) -> None:
        """Give a model other fields than it had."""
        if self._undo is not None:
            self._undo.append(partial(self._define, self.models[model.name]))
        self._define(model)

    def _define(self, model: ModelDef) -> None:
        self.models[model.name] = model
        self._version[model.name] += 1

    def new_id(self, model: str) -> int:
        """An id that no record ever had; not given back when the transaction fails, as in PostgreSQL."""
        self._last_id[model] += 1
        return self._last_id[model]

    def add(self, model: str, /, **cells: Any) -> int:
        """Fill a table without any side effect: what a fixture or an import needs. ``id`` may be among the cells."""
        record = cells.pop("id", None) or self.new_id(model)
        self._last_id[model] = max(self._last_id[model], record)
        stamp = {name: self.now() for name in ("create_date", "write_date")}
        self.put(model, record, {**stamp, **cells})
        return int(record)

    def cell(self, model: str, record: int, name: str) -> Any:
        """What is stored; the field's empty value when nothing is, or when the record is gone."""
        row = self.rows[model].get(record)
        found = None if row is None else row.get(name)
        if found is not None and (words := self._words.get((model, record, name))):
            found = words.get(self.language) or found
        return self.models[model].fields[name].empty if found is None else found

    def cells(self, model: str, name: str, records: Iterable[int]) -> list[Any]:
        """The `cell` of each of these records, which exist."""
        rows, field = self.rows[model], self.models[model].fields[name]
        if field.translate and self._words:
            return [self.cell(model, record, name) for record in records]
        return [field.empty if (cell := rows[record].get(name)) is None else cell for record in records]

    def kept(self, models: Sequence[str], what: str, compute: Callable[[], T]) -> T:
        """The answer of ``compute``, asked once until a row of one of ``models`` changes. The `MOST_KEPT` last ones."""
        key = tuple(models), what, self.language
        version = [self._version[model] for model in models]
        found = self._kept.pop(key, None)
        if found is None or found[0] != version:
            found = version, compute()
        self._kept[key] = found
        if len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        return cast(T, found[1])

    def holders(self, model: str, name: str, record: int) -> list[int]:
        """Records of ``model`` whose many2one ``name`` is ``record``, by id."""

        def inverse() -> dict[int, list[int]]:
            found: dict[int, list[int]] = {}
            for holder, row in sorted(self.rows[model].items()):
                if row.get(name):
                    found.setdefault(row[name], []).append(holder)
            return found

        return self.kept((model,), f"by {name}", inverse).get(record, [])

    def active(self, model: str, ids: Iterable[int]) -> list[int]:
        """Those that are not archived."""
        if "active" not in self.models[model].fields:
            return list(ids)
        return [record for record in ids if self.rows[model].get(record, {}).get("active")]
