"""The only object that can change a server. Each method is one call and one transaction, and is never sent twice."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal
from xmlrpc.client import Fault

from tenacity import Retrying, retry_if_exception, stop_after_attempt

from segmenter.errors import OutcomeUnknown
from segmenter.i18n import _
from segmenter.odoo import faults
from segmenter.odoo.calls import TRIES, pause
from segmenter.odoo.server import Server, ServerIdentity
from segmenter.odoo.shapes import asked
from segmenter.odoo.transport_faults import TimedOut, TransportFailed

Tracking = Literal["keep", "silent"]
RESULT_NOT_SENDABLE = re.compile(r"cannot marshal |exceeds XML-RPC limits")
"""The end of a server's traceback when a method succeeded and its result cannot be sent over XML-RPC."""

_QUIET: Mapping[str, bool] = {
    # No mail to whoever gets a record, whatever else is kept: see docs/architecture.md.
    "mail_auto_subscribe_no_notify": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notify_force_send": False,
}
SILENT: Mapping[str, bool] = {"tracking_disable": True, "mail_notrack": True, **_QUIET}
"""No tracking, no new followers, no mail."""
KEPT: Mapping[str, bool] = {"mail_track_log_only": True, **_QUIET}
"""What changes is noted in the chatter. Odoo 14 takes it as a note that mails nobody; on 19 that key does nothing, and
subscribers of stages are mailed (measured)."""


class OdooWriter:
    """Writes in one language and zone. Values are wire values (`values.to_wire`, `values.delta`).

    ``tracking``: whether what is written is noted in the chatter (`KEPT`), or nothing is (`SILENT`).

    Raises `OutcomeUnknown` when no answer of Odoo's came to a call of which a byte may have left, whatever something in
    between says of it; any other error means that nothing was committed. A call that was refused before it left is
    tried again where that may pass (too many requests). ``sleep``: waits, in seconds.
    """

    def __init__(
        self,
        server: Server,
        *,
        language: str = "en_US",
        timezone: str = "UTC",
        tracking: Tracking = "silent",
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._server, self._sleep = server, sleep
        self._context = {**(KEPT if tracking == "keep" else SILENT), "lang": language, "tz": timezone}

    @property
    def identity(self) -> ServerIdentity:
        """The server and the user."""
        return self._server.identity

    def write(self, model: str, ids: Sequence[int], values: Mapping[str, Any], *, archived: bool = False) -> None:
        """Writes the same values into all records, or into none.

        ``archived``: links to archived records count too; Odoo otherwise keeps and hides them (measured on 14 and 19).
        """
        self._call(model, "write", [list(ids), dict(values)], {"active_test": False} if archived else {})

    def create(self, model: str, values: Mapping[str, Any]) -> int:
        """Creates a record; returns its id."""
        return int(self._call(model, "create", [dict(values)]))

    def unlink(self, model: str, ids: Sequence[int]) -> None:
        """Deletes all records, or none."""
        self._call(model, "unlink", [list(ids)])

    def _call(self, model: str, method: str, args: Sequence[Any], more: Mapping[str, Any] | None = None) -> Any:
        retrying = Retrying(
            retry=retry_if_exception(_was_kept_back),
            wait=pause,
            stop=stop_after_attempt(TRIES),
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._send, model, method, args, {"context": {**self._context, **(more or {})}})

    def _send(self, model: str, method: str, args: Sequence[Any], keywords: Mapping[str, Any]) -> Any:
        try:
            return asked(self._server, model, method, args, keywords)
        except Fault as fault:
            if RESULT_NOT_SENDABLE.search(str(fault.faultString)):
                # The server committed, and then failed to send the result.
                raise self._unknown(model, method, str(fault.faultCode)) from fault
            raise faults.translate(fault, model, method) from fault
        except TransportFailed as error:
            if not error.sent:
                raise
            raise self._unknown(model, method, error.what, _before_resuming(error)) from error
        except OSError as error:
            raise self._unknown(model, method, type(error).__name__) from error

    def _unknown(self, model: str, method: str, why: str, first: str = "") -> OutcomeUnknown:
        resume = _("resume the run: it reads the records back and goes on from there")
        return OutcomeUnknown(
            _("It is not known whether {operation} of {model} was done: {why}").format(
                operation=method, model=model, why=why
            ),
            todo=_("{first}; then {second}").format(first=first, second=resume) if first else resume,
        )


def _before_resuming(error: TransportFailed) -> str:
    """What to do before the run is resumed."""
    if isinstance(error, TimedOut):
        return _("the server may still be at work on it: wait some minutes")
    return error.todo


def _was_kept_back(error: BaseException) -> bool:
    """Whether a call never left, and may pass later."""
    return isinstance(error, TransportFailed) and error.passing and not error.sent
