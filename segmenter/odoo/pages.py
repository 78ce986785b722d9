"""Many records, some at a time: pages of what is read.

A page that cannot be read as a whole is read without the records that break it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from segmenter.conditions.model import PROPERTIES
from segmenter.errors import AccessDenied, CannotSend, Refused, ServerError
from segmenter.i18n import kept
from segmenter.notice import Notice
from segmenter.odoo.calls import Call
from segmenter.odoo.questions import chunks
from segmenter.odoo.transport_faults import Unparsable
from segmenter.odoo.unsent import by_groups
from segmenter.odoo.values import Row

AT_ONCE = 2
"""Calls under way at the same time: while PostgreSQL works on one, the server's Python works on the other."""
MOST_UNREADABLE = 100
"""The most records of one page that are skipped; with more, the error is raised."""


def unreadable(what: str, model: str, id: int, error: str = "") -> Notice:
    """That a record could not be read: it is ``gone`` (or hidden), ``not_a_number``, or the server's ``error``."""
    return Notice(f"unreadable.{what}", {"id": id}, {"model": model, **({"error": kept(error)} if error else {})})


class Pages:
    """Reads pages of raw rows. `unreadable` collects (model, id, what is the matter) of records that were skipped."""

    def __init__(self, call: Call, may_read: Callable[[str], bool]) -> None:
        self.unreadable: list[tuple[str, int, Notice]] = []
        self._call, self._may_read = call, may_read

    def read(self, model: str, ids: Sequence[int], fields: Sequence[str], size: int) -> Iterator[list[Row]]:
        """The rows of each page, archived records too.

        The server reads the next pages while the caller works on this one; no more than these are ever held.
        """
        pages = list(chunks(ids, size))
        if len(pages) < 2:
            for page in pages:
                yield self._page(model, page, fields)
            return
        with ThreadPoolExecutor(AT_ONCE) as pool:
            coming = deque(pool.submit(self._page, model, page, fields) for page in pages[:AT_ONCE])
            for following in [*pages[AT_ONCE:], *[None] * AT_ONCE]:
                rows = coming.popleft().result()
                if following is not None:
                    coming.append(pool.submit(self._page, model, following, fields))
                yield rows

    def _page(self, model: str, ids: list[int], fields: Sequence[str]) -> list[Row]:
        try:
            rows = self._read(model, ids, fields)
        except (AccessDenied, Refused):
            if not self._may_read(model):
                raise
            rows = self._visible(model, ids, fields)
        except CannotSend:
            return self._unsent(model, ids, fields)
        except (ServerError, Unparsable):
            return self._halves(model, ids, fields, len(self.unreadable))
        if len(rows) < len(ids):
            there = {row["id"] for row in rows}
            self.unreadable += [(model, id_, unreadable("gone", model, id_)) for id_ in ids if id_ not in there]
        return rows

    def _visible(self, model: str, ids: list[int], fields: Sequence[str]) -> list[Row]:
        """Reads the visible records of a page: one hidden record makes the whole read fail."""
        visible = self._call(model, "search", [[["id", "in", ids]]], {"order": "id"}, archived=True)
        return self._read(model, visible, fields) if visible else []

    def _unsent(self, model: str, ids: list[int], fields: Sequence[str]) -> list[Row]:
        """Reads leads without their properties, which come from groups; the rest by halves."""
        told = by_groups(self._call, ids) if PROPERTIES in fields else {}
        others = [name for name in fields if name != PROPERTIES] or ["id"]  # none would mean all
        rows = [{**row, PROPERTIES: told[row["id"]]} for row in self._read(model, list(told), others)] if told else []
        rest = [id_ for id_ in ids if id_ not in told]
        rows += self._halves(model, rest, fields, len(self.unreadable))
        place = {id_: at for at, id_ in enumerate(ids)}
        return sorted(rows, key=lambda row: place[row["id"]])

    def _halves(self, model: str, ids: list[int], fields: Sequence[str], already: int) -> list[Row]:
        """Finds by halves the records that break the answer, and skips them."""
        rows: list[Row] = []
        middle = max(1, len(ids) // 2)
        for half in (ids[:middle], ids[middle:]):
            if not half:
                continue
            try:
                rows += self._read(model, half, fields)
            except (ServerError, Unparsable) as error:
                if len(half) > 1:
                    rows += self._halves(model, half, fields, already)
                    continue
                self.unreadable.append((model, half[0], unreadable("error", model, half[0], error.what)))
                if len(self.unreadable) - already >= MOST_UNREADABLE:
                    raise
        return rows

    def _read(self, model: str, ids: list[int], fields: Sequence[str]) -> list[Row]:
        rows: list[Row] = self._call(model, "read", [ids, list(fields)], {"load": None}, archived=True)
        return rows
