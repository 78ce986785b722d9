"""The one object that can change a server. Each method is one call, one transaction, sent once and never again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from xmlrpc.client import Fault

from segmenter.errors import OutcomeUnknown
from segmenter.i18n import _
from segmenter.odoo import faults
from segmenter.odoo.server import Server, ServerIdentity
from segmenter.odoo.shapes import asked
from segmenter.odoo.transport_faults import TransportFailed

Tracking = Literal["keep", "silent"]
UNTOLD = re.compile(r"cannot marshal |exceeds XML-RPC limits")
"""How a server's traceback ends when a method was carried out and its result cannot be told over XML-RPC."""

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
    between says of it; any other error means that nothing was committed.
    """

    def __init__(
        self, server: Server, *, language: str = "en_US", timezone: str = "UTC", tracking: Tracking = "silent"
    ) -> None:
        self._server = server
        self._context = {**(KEPT if tracking == "keep" else SILENT), "lang": language, "tz": timezone}

    @property
    def identity(self) -> ServerIdentity:
        """Which server, and as whom."""
        return self._server.identity

    def write(self, model: str, ids: Sequence[int], values: Mapping[str, Any], *, archived: bool = False) -> None:
        """The same values into every one of these records, or into none. ``archived``: links to archived records too,
        which Odoo otherwise neither shows nor takes away (measured on 14 and 19)."""
        self._call(model, "write", [list(ids), dict(values)], {"active_test": False} if archived else {})

    def create(self, model: str, values: Mapping[str, Any]) -> int:
        """One new record; its id."""
        answer = self._call(model, "create", [dict(values)])
        return int(answer[0] if isinstance(answer, list) else answer)

    def unlink(self, model: str, ids: Sequence[int]) -> None:
        """Delete these records, or none."""
        self._call(model, "unlink", [list(ids)])

    def _call(self, model: str, method: str, args: Sequence[Any], more: Mapping[str, Any] | None = None) -> Any:
        try:
            return asked(self._server, model, method, args, {"context": {**self._context, **(more or {})}})
        except Fault as fault:
            if UNTOLD.search(str(fault.faultString)):
                # The server failed at telling its result, after committing it.
                raise self._unknown(model, method, str(fault.faultCode)) from fault
            raise faults.translate(fault, model, method) from fault
        except TransportFailed as error:
            if not error.sent:
                raise
            raise self._unknown(model, method, error.what, error.todo) from error
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
