"""Reading alone. A method that is not in `READING` cannot be called through here, so no plan can write."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from xmlrpc.client import Fault

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from segmenter.conditions.vocabulary import Field
from segmenter.errors import AccessDenied, Busy, Refused, ServerError
from segmenter.i18n import _
from segmenter.odoo import faults
from segmenter.odoo.described import ATTRIBUTES, described
from segmenter.odoo.group_rows import Group
from segmenter.odoo.groups import Counter, grouping
from segmenter.odoo.pages import AT_ONCE, Pages
from segmenter.odoo.probe import Probe
from segmenter.odoo.questions import check_size
from segmenter.odoo.server import Rows, Server, ServerIdentity
from segmenter.odoo.shapes import Misshapen, asked, require_types, understood
from segmenter.odoo.transport_faults import NotAnOdoo, TransportFailed, Unparsable
from segmenter.odoo.values import Row, normalised

READING = frozenset(
    {"search", "search_count", "search_read", "read", "read_group", "formatted_read_group"}
    | {"fields_get", "check_access_rights", "has_access", "has_group"}
)
BY_DOMAIN = frozenset({"search", "search_count", "search_read", "read_group", "formatted_read_group"})
TRIES = 5
PATIENCE = 5.0
"""Seconds after which a failure is no passing one: the server began to work on the question, and may be at it still."""
_backoff = wait_random_exponential(multiplier=0.5, min=0.5, max=20)


def _passing(error: BaseException) -> bool:
    return isinstance(error, Busy) or (isinstance(error, TransportFailed) and error.passing)


def _at_work(error: TransportFailed, seconds: float) -> bool:
    """Whether the server may still work on a question that failed so after ``seconds``."""
    told = isinstance(error, Unparsable | NotAnOdoo | Misshapen)  # something did answer
    return error.sent and not told and (not error.passing or seconds > PATIENCE)


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return max(_backoff(state), getattr(error, "retry_after", None) or 0.0)


class _Fields(dict[str, Field]):
    """The fields of a model by their names. Raises `Refused` for one that the server does not tell of."""

    def __init__(self, model: str, known: Mapping[str, Field]) -> None:
        self._model = model
        super().__init__(known)

    def __missing__(self, name: str) -> Field:
        raise _unknown(self._model, name)


def _unknown(model: str, names: str) -> Refused:
    return Refused(_("{model} has no field {field}").format(model=model, field=names), fault_code=1)


class OdooReader:
    """Reads of one server in one language and zone. Retries what passes (busy gateways, broken connections).

    A server goes on with a question whose answer nobody waits for any more, and the next one queues behind it. So none
    is sent again after a time-out, and no other either: from then on every call fails as that one did.

    ``page``: ids in one ``read``. ``now``: seconds on some clock.
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
        self.language, self.timezone, self.page = language, timezone, page
        self._server, self._sleep, self._now = server, sleep, now
        self._unanswered: TransportFailed | None = None
        self._fields: dict[str, dict[str, Field]] = {}
        self._groups: dict[str, bool] = {}
        self._rights: dict[tuple[str, str], bool] = {}
        self._probe = Probe()
        self._counter = Counter(timezone, self._probe)
        self._pages = Pages(self._call, lambda model: self.may(model, "read"))

    def speaking(self, language: str) -> OdooReader:
        """A reader of the same server in another of its languages; "" for the one that names were first given in.

        It takes along what this one has learnt of the server.
        """
        other = OdooReader(self._server, language=language, timezone=self.timezone, page=self.page, sleep=self._sleep)
        other._fields, other._rights, other._groups = dict(self._fields), self._rights, self._groups
        return other

    @property
    def identity(self) -> ServerIdentity:
        """Which server, and as whom."""
        return self._server.identity

    @property
    def rows(self) -> Rows | None:
        """Where the records are, of an export; None of a server, whose records have ids."""
        found: Rows | None = getattr(self._server, "rows", None)
        return found

    @property
    def unreadable(self) -> list[tuple[str, int, str]]:
        """(model, id, why) of records that were skipped, so far."""
        return self._pages.unreadable

    @property
    def context(self) -> dict[str, Any]:
        """What every call carries."""
        return {"lang": self.language, "tz": self.timezone} if self.language else {"tz": self.timezone}

    def fields(self, model: str) -> dict[str, Field]:
        """Every field of a model, asked once. Raises `Refused` for an unknown model."""
        if model not in self._fields:
            answer = self._call(model, "fields_get", [], {"attributes": ATTRIBUTES})
            known = {name: described(model, name, about) for name, about in answer.items()}
            self._fields[model] = _Fields(model, known)
        return self._fields[model]

    def filter_of(self, model: str, name: str) -> object:
        """The domain that a field holds its records to, as the server tells it: a list, a text, or False."""
        return self._call(model, "fields_get", [[name]], {"attributes": ["domain"]})[name].get("domain", False)

    def decimals_of(self, model: str, name: str) -> int | None:
        """How many decimals a ``float`` keeps; None for as many as it is given."""
        digits = self._call(model, "fields_get", [[name]], {"attributes": ["digits"]}).get(name, {}).get("digits")
        return int(digits[1]) if digits else None

    def hides(self, model: str, name: str) -> bool:
        """Whether a field that is not among `fields` is hidden from the work user.

        A field that does not exist is another fault, or none (Odoo 14), where one is read of no record.
        """
        if name in self.fields(model) or not name.isidentifier() or not self.may(model, "read"):
            return False
        try:
            self._call(model, "read", [[], [name]], {})
        except AccessDenied:
            return True
        except ServerError:
            return False
        return False

    def currency_field(self, model: str, name: str) -> str:
        """The field beside an amount that holds its currency; "" where the server does not tell."""
        found = self._call(model, "fields_get", [[name]], {"attributes": ["currency_field"]})
        return str(found.get(name, {}).get("currency_field") or "")

    def forget(self, model: str) -> None:
        """Ask for the fields of a model anew: one was created or deleted."""
        self._fields.pop(model, None)

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
        """Ids of the records that a domain takes; ``archived``: archived ones among them. ``skip``: after so many."""
        options: Row = {"order": order} if limit is None else {"order": order, "limit": limit}
        if skip:
            options["offset"] = skip
        ids: list[int] = self._call(model, "search", [list(domain)], options, archived=archived)
        return ids

    def search_each(
        self, model: str, domains: Sequence[Sequence[Any]], *, archived: bool = False
    ) -> Iterator[list[int]]:
        """What `search` gives for each domain, in their order, `AT_ONCE` asked at a time."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            yield from pool.map(lambda domain: self.search(model, domain, archived=archived), domains)

    def count(self, model: str, domain: Sequence[Any], *, archived: bool = False) -> int:
        """How many records a domain takes."""
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
        """How many records of a domain there are of each value (`odoo.groups`): the server counts, few calls.

        ``by``: ``stage_id``, or ``create_date:month`` in the reader's zone; a record counts once for each of its tags.
        ``aggregates``: numbers to add up. ``most``: the most frequent alone, after ``skip`` of them. ``only``: of a
        many-valued field in ``by``, these values alone.
        """
        wanted = grouping(self.fields(model), model, by, aggregates, only)
        with understood(self._server, model, "read_group"):
            return self._counter.groups(self._call, domain, wanted, most=most, skip=skip)

    def distinct(self, model: str, domain: Sequence[Any], field: str) -> int:
        """How many different values of a field the records of a domain hold; there must be a record."""
        known = self.fields(model)[field]
        with understood(self._server, model, "read_group"):
            return self._counter.distinct(self._call, domain, known)

    def read(self, model: str, ids: Sequence[int], fields: Sequence[str]) -> Iterator[Row]:
        """Normalised values (`odoo.values`) and ``id`` of each record, archived ones too, page by page.

        A record that is gone, hidden, breaks the answer or holds NaN goes to `unreadable` instead.
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
        """Normalised records of a small answer in one call."""
        wanted = self._known(model, fields)
        options: Row = {"fields": [field.name for field in wanted], "order": order}
        if limit is not None:
            options["limit"] = limit
        rows: list[Row] = self._call(model, "search_read", [list(domain)], options, archived=archived)
        require_types(self._server, rows, wanted)
        return normalised(rows, wanted)

    def names(self, model: str, ids: Sequence[int]) -> dict[int, str]:
        """What Odoo shows for each record."""
        return {row["id"]: row["display_name"] or "" for row in self.read(model, ids, ["display_name"])}

    def currencies(self) -> dict[int, str]:
        """The ISO code of the currency of each company that the work user sees, archived ones too."""
        options = {"fields": ["currency_id"], "order": "id"}
        rows = self._call("res.company", "search_read", [[]], options, archived=True)
        told = ((row["id"], row["currency_id"]) for row in rows)
        return {company: str(currency[-1]) for company, currency in told if isinstance(currency, list)}

    def languages(self) -> tuple[list[str], str]:
        """Codes of the active languages, and the work user's own. Asked in no language: none is known to be active."""
        rows = self._ask("res.lang", "search_read", [[["active", "=", True]]], {"fields": ["code"]})
        users = self._ask("res.users", "read", [[self.identity.uid], ["lang"]], {})
        own = next((str(row["lang"]) for row in users if row["lang"]), "en_US")
        return sorted(str(row["code"]) for row in rows), own

    def may(self, model: str, operation: str) -> bool:
        """Whether the work user has the right to ``read``, ``write``, ``create`` or ``unlink`` on the model at all."""
        key = (model, operation)
        if key not in self._rights:
            answer = self._probe.ask(
                "rights",
                # The older one first: all versions up to 19 have it.
                partial(self._call, model, "check_access_rights", [operation, False], {}),
                partial(self._call, model, "has_access", [[], operation], {}),
            )
            self._rights[key] = bool(answer)
        return self._rights[key]

    def has_group(self, xmlid: str) -> bool:
        """Whether the work user is in a group, implied ones counted; False for a group that does not exist."""
        if xmlid not in self._groups:
            answer = self._probe.ask(
                "groups of a user",
                partial(self._call, "res.users", "has_group", [[self.identity.uid], xmlid], {}),
                partial(self._call, "res.users", "has_group", [xmlid], {}),
            )
            self._groups[xmlid] = bool(answer)
        return self._groups[xmlid]

    def _numbers(self, model: str, rows: list[Row], fields: Sequence[Field]) -> list[Row]:
        """Without records that hold what is no number (Odoo takes NaN and infinities): it could not be given back."""
        names = [field.name for field in fields if field.type in ("float", "monetary")]
        odd = {row["id"] for name in names for row in rows if not math.isfinite(row[name] or 0)}
        if not odd:
            return rows
        self.unreadable.extend((model, id_, _("it holds NaN or an infinite number")) for id_ in sorted(odd))
        return [row for row in rows if row["id"] not in odd]

    def _known(self, model: str, names: Sequence[str]) -> list[Field]:
        known = self.fields(model)
        if unknown := [name for name in names if name not in known]:
            raise _unknown(model, ", ".join(unknown))
        return [known[name] for name in names if name != "id"]

    def _call(
        self, model: str, method: str, args: Sequence[Any], options: Mapping[str, Any], *, archived: bool = False
    ) -> Any:
        context = {**self.context, "active_test": False} if archived else self.context
        return self._ask(model, method, args, {**options, "context": context})

    def _ask(self, model: str, method: str, args: Sequence[Any], keywords: Mapping[str, Any]) -> Any:
        if method not in READING:
            raise PermissionError(method)
        if method in BY_DOMAIN:
            check_size(args[0])
        retrying = Retrying(
            retry=retry_if_exception(_passing),
            wait=_wait,
            stop=stop_after_attempt(TRIES),
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._once, model, method, args, keywords)

    def _once(self, model: str, method: str, args: Sequence[Any], keywords: Mapping[str, Any]) -> Any:
        if self._unanswered is not None:
            raise self._unanswered
        begun = self._now()
        try:
            return asked(self._server, model, method, args, keywords)
        except Fault as fault:
            raise faults.translate(fault, model, method) from fault
        except TransportFailed as error:
            if _at_work(error, self._now() - begun):
                error.passing = False
                error.todo = _(
                    "the server may still be at work on it: wait some minutes, then try again with a longer --timeout"
                )
                self._unanswered = error
            raise
