"""Reads the records and names of one server. Nothing can be written through a reader."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from segmenter.conditions.vocabulary import Field
from segmenter.notice import Notice
from segmenter.odoo.groups import Counter, Group, grouping
from segmenter.odoo.members import Aggregates, Members, grouped_rows, members, values
from segmenter.odoo.models import ModelReader, unknown_field
from segmenter.odoo.pages import AT_ONCE, Pages, unreadable
from segmenter.odoo.server import Server
from segmenter.odoo.shapes import require_types, understood
from segmenter.odoo.transport_faults import Unparsable
from segmenter.odoo.values import Json, Row, normalised

GROUPS_MANY_SINCE = 15
"""Odoo 14 refuses to group by a many2many (measured on Odoo 15 to 18, 2026-11-30; on 14 and 19 by the live tests)."""
LISTS_AMOUNTS_SINCE = 19
"""Odoo 14 fails: it cannot marshal the decimals of PostgreSQL in a list. Not tried on 15 to 18."""


class OdooReader(ModelReader):
    """Reads one server in one language and zone, by calls that are repeated where that is safe (`odoo.calls`).

    ``page``: ids in one ``read``. ``sleep``, ``now``: the clock, in seconds.
    """

    def __init__(
        self,
        server: Server,
        *,
        language: str = "en_US",
        timezone: str = "UTC",
        page: int = 2000,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(server, language, timezone, sleep=sleep, now=now)
        self.page = page
        self._counter = Counter(timezone, self._probe)
        self._pages = Pages(self._call, lambda model: self.may(model, "read"))

    def speaking(self, language: str) -> OdooReader:
        """A reader of the same server in another language; "" for the one in which names were first given.

        It shares what this reader knows of the server.
        """
        other = OdooReader(self._server, language=language, timezone=self.timezone, page=self.page, sleep=self._sleep)
        other._fields, other._rights, other._groups = dict(self._fields), self._rights, self._groups
        return other

    @property
    def unreadable(self) -> list[tuple[str, int, Notice]]:
        """(model, id, why) of records that were skipped, so far."""
        return self._pages.unreadable

    def search(
        self,
        model: str,
        domain: Sequence[Any],
        *,
        archived: bool = False,
        order: str = "id",
        limit: int | None = None,
        skip: int = 0,
    ) -> list[int]:
        """The ids of a domain's records. ``archived``: archived records too. ``skip``: leave out so many first."""
        options: Row = {"order": order} if limit is None else {"order": order, "limit": limit}
        if skip:
            options["offset"] = skip
        ids: list[int] = self._call(model, "search", [list(domain)], options, archived=archived)
        return ids

    def search_each(
        self, model: str, domains: Sequence[Sequence[Any]], *, archived: bool = False
    ) -> Iterator[list[int]]:
        """The ids of each domain in turn; `AT_ONCE` domains are asked at the same time."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            yield from pool.map(lambda domain: self.search(model, domain, archived=archived), domains)

    def count(self, model: str, domain: Sequence[Any], *, archived: bool = False) -> int:
        """The number of records that a domain takes."""
        return int(self._call(model, "search_count", [list(domain)], {}, archived=archived))

    def groups(
        self,
        model: str,
        domain: Sequence[Any],
        by: Sequence[str],
        aggregates: Sequence[str] = (),
        *,
        most: int | None = None,
        skip: int = 0,
        only: Sequence[int] | None = None,
    ) -> list[Group]:
        """The number of a domain's records by value (`odoo.groups`), counted by the server.

        ``by``: ``stage_id``, or ``create_date:month`` in the reader's zone; a record counts once for each of its tags.
        ``aggregates``: numbers to add up. ``most``: only the most frequent, after ``skip`` of them. ``only``: the
        values of a many-valued field in ``by`` that count.
        """
        wanted = grouping(self.fields(model), model, by, aggregates, only)
        with understood(self._server, model, "read_group"):
            return self._counter.groups(self._call, domain, wanted, most=most, skip=skip)

    def members(self, model: str, domain: Sequence[Any], names: Sequence[str]) -> list[Members]:
        """The records of a domain by their values in one or several fields that have few of them (`odoo.members`)."""
        known = self.fields(model)
        with understood(self._server, model, "read_group"):
            return members(self._call, self._probe, model, domain, [known[name] for name in names])

    def aggregated(self, model: str, domain: Sequence[Any], by: Sequence[str], wanted: Aggregates) -> list[Row]:
        """One row a group, as the server gives its values (`odoo.members.grouped_rows`)."""
        with understood(self._server, model, "read_group"):
            return grouped_rows(self._call, self._probe, model, domain, by, wanted)

    def values(self, model: str, domain: Sequence[Any], name: str) -> dict[int, Json]:
        """Record -> value of one field that has many of them, of the records of a domain that hold something in it.

        Numbers may be NaN or infinite: Odoo takes them. A record whose text breaks the list goes to `unreadable`.
        """
        known = self.fields(model)
        by = next(known[by] for by in ("active", "company_id", "create_uid", name) if by in known)
        with understood(self._server, model, "read_group"):
            try:
                return values(self._call, self._probe, model, domain, known[name], by)
            except Unparsable:
                pass
        rows = self.read(model, self.search(model, [*domain, (name, "!=", False)]), [name])
        return {row["id"]: row[name] for row in rows}

    @property
    def groups_many(self) -> bool:
        """Whether the server can group by a many-valued field."""
        return self.identity.major >= GROUPS_MANY_SINCE

    @property
    def lists_amounts(self) -> bool:
        """Whether the server can send the amounts of a field as one list."""
        return self.identity.major >= LISTS_AMOUNTS_SINCE

    def skip(self, model: str, ids: Iterable[int], what: str) -> None:
        """Note that these records could not be read, and what is the matter (`odoo.pages.unreadable`)."""
        self.unreadable.extend((model, id_, unreadable(what, model, id_)) for id_ in sorted(ids))

    def distinct(self, model: str, domain: Sequence[Any], field: str) -> int:
        """The number of different values of a field; the domain must take at least one record."""
        known = self.fields(model)[field]
        with understood(self._server, model, "read_group"):
            return self._counter.distinct(self._call, domain, known)

    def read(self, model: str, ids: Sequence[int], fields: Sequence[str]) -> Iterator[Row]:
        """Normalised values (`odoo.values`) and ``id`` of each record, archived ones too, page by page.

        A record that is deleted, hidden, breaks the answer or holds NaN goes to `unreadable` instead.
        """
        wanted = self._known(model, fields)
        for rows in self._pages.read(model, ids, [field.name for field in wanted], self.page):
            require_types(self._server, rows, wanted)
            yield from normalised(self._numbers(model, rows, wanted), wanted)

    def search_read(
        self,
        model: str,
        domain: Sequence[Any],
        fields: Sequence[str],
        *,
        archived: bool = False,
        limit: int | None = None,
        order: str = "id",
    ) -> list[Row]:
        """The normalised records of a domain, in one call: for small answers."""
        wanted = self._known(model, fields)
        options: Row = {"fields": [field.name for field in wanted], "order": order}
        if limit is not None:
            options["limit"] = limit
        rows: list[Row] = self._call(model, "search_read", [list(domain)], options, archived=archived)
        require_types(self._server, rows, wanted)
        return normalised(rows, wanted)

    def names(self, model: str, ids: Sequence[int]) -> dict[int, str]:
        """The display name of each record."""
        return {row["id"]: row["display_name"] or "" for row in self.read(model, ids, ["display_name"])}

    def currencies(self) -> dict[int, str]:
        """The ISO code of the currency of each company that the work user sees, archived ones too."""
        options = {"fields": ["currency_id"], "order": "id"}
        rows = self._call("res.company", "search_read", [[]], options, archived=True)
        told = ((row["id"], row["currency_id"]) for row in rows)
        return {company: str(currency[-1]) for company, currency in told if isinstance(currency, list)}

    def languages(self) -> tuple[list[str], str]:
        """The codes of the active languages, and the work user's. Asked without a language, since none is known yet."""
        rows = self._calls.call_without_language(
            "res.lang", "search_read", [[["active", "=", True]]], {"fields": ["code"]}
        )
        users = self._calls.call_without_language("res.users", "read", [[self.identity.uid], ["lang"]], {})
        own = next((str(row["lang"]) for row in users if row["lang"]), "en_US")
        return sorted(str(row["code"]) for row in rows), own

    def _numbers(self, model: str, rows: list[Row], fields: Sequence[Field]) -> list[Row]:
        """Without records that hold what is no number (Odoo takes NaN and infinities): it could not be given back."""
        names = [field.name for field in fields if field.type in ("float", "monetary")]
        odd = {row["id"] for name in names for row in rows if not math.isfinite(row[name] or 0)}
        if not odd:
            return rows
        self.skip(model, odd, "not_a_number")
        return [row for row in rows if row["id"] not in odd]

    def _known(self, model: str, names: Sequence[str]) -> list[Field]:
        known = self.fields(model)
        if unknown := [name for name in names if name not in known]:
            raise unknown_field(model, ", ".join(unknown))
        return [known[name] for name in names if name != "id"]
