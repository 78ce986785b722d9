"""Calls that only read, sent again where that is safe. No other method can be called here, so no plan can write."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol
from xmlrpc.client import Fault

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from segmenter.errors import Busy
from segmenter.i18n import _
from segmenter.odoo import faults
from segmenter.odoo.questions import check_size
from segmenter.odoo.server import Server
from segmenter.odoo.shapes import Misshapen, asked
from segmenter.odoo.transport_faults import STILL_AT_WORK, NotAnOdoo, TransportFailed, Unparsable

READING = frozenset(
    {"search", "search_count", "search_read", "read", "read_group", "formatted_read_group"}
    | {"fields_get", "check_access_rights", "has_access", "has_group"}
)
BY_DOMAIN = frozenset({"search", "search_count", "search_read", "read_group", "formatted_read_group"})
TRIES = 5
PATIENCE = 5.0
"""Seconds after which a failed call is not repeated: the server began to work on the question, and may still do so."""
_backoff = wait_random_exponential(multiplier=0.5, min=0.5, max=20)


class Call(Protocol):
    """A reading call. ``archived``: archived records count too."""

    def __call__(
        self, model: str, method: str, args: Sequence[Any], options: dict[str, Any], *, archived: bool = False
    ) -> Any: ...


class ReadingCalls:
    """Sends reading calls to one server, in one language and zone. Repeats a call after a failure that may pass (a busy
    gateway, a broken connection).

    A server goes on with a question whose answer nobody waits for any more, and the next one queues behind it. So no
    call is sent after a time-out: every later call fails with the same error.

    ``language``: "" for the one that names were first given in. ``sleep``, ``now``: the clock, in seconds.
    """

    def __init__(
        self,
        server: Server,
        language: str,
        timezone: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.context = {"lang": language, "tz": timezone} if language else {"tz": timezone}
        self._server, self._sleep, self._now = server, sleep, now
        self._unanswered: TransportFailed | None = None

    def call(
        self, model: str, method: str, args: Sequence[Any], options: Mapping[str, Any], *, archived: bool = False
    ) -> Any:
        """The answer of one method, asked in the reader's language. ``archived``: archived records count too."""
        context = {**self.context, "active_test": False} if archived else self.context
        return self.call_without_language(model, method, args, {**options, "context": context})

    def call_without_language(self, model: str, method: str, args: Sequence[Any], keywords: Mapping[str, Any]) -> Any:
        """The answer of one method, asked without a language or zone."""
        if method not in READING:
            raise PermissionError(method)
        if method in BY_DOMAIN:
            check_size(args[0])
        retrying = Retrying(
            retry=retry_if_exception(_may_pass),
            wait=pause,
            stop=stop_after_attempt(TRIES),
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._send, model, method, args, keywords)

    def _send(self, model: str, method: str, args: Sequence[Any], keywords: Mapping[str, Any]) -> Any:
        if self._unanswered is not None:
            raise self._unanswered
        begun = self._now()
        try:
            return asked(self._server, model, method, args, keywords)
        except Fault as fault:
            raise faults.translate(fault, model, method) from fault
        except TransportFailed as error:
            if _still_working(error, self._now() - begun):
                error.passing = False
                error.todo = _(STILL_AT_WORK)
                self._unanswered = error
            raise


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, Busy) or (isinstance(error, TransportFailed) and error.passing)


def _still_working(error: TransportFailed, seconds: float) -> bool:
    """Whether the server may still work on a question that failed with ``error`` after ``seconds``."""
    answered = isinstance(error, Unparsable | NotAnOdoo | Misshapen)
    return error.sent and not answered and (not error.passing or seconds > PATIENCE)


def pause(state: RetryCallState) -> float:
    """The seconds until the next try: growing and random, and at least what the server asked for."""
    error = state.outcome.exception() if state.outcome else None
    return max(_backoff(state), getattr(error, "retry_after", None) or 0.0)
