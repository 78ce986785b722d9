"""The one object that can change a server. Each method is one call, one transaction, sent once and never again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xmlrpc.client import Fault

from segmenter.errors import OutcomeUnknown
from segmenter.i18n import _
from segmenter.odoo import faults
from segmenter.odoo.server import Server, ServerIdentity
from segmenter.odoo.transport import TransportFailed

SILENT: Mapping[str, bool] = {
    # No mail to whoever gets a record, no tracking, no new followers: see docs/architecture.md.
    "tracking_disable": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_notrack": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notify_force_send": False,
}


class OdooWriter:
    """Writes in silence, in one language and zone. Values are wire values (`values.to_wire`, `values.delta`).

    Raises `OutcomeUnknown` when no answer came to a call that was sent; any other error means that nothing was
    committed.
    """

    def __init__(self, server: Server, *, language: str = "en_US", timezone: str = "UTC") -> None:
        self._server = server
        self._context = {**SILENT, "lang": language, "tz": timezone}

    @property
    def identity(self) -> ServerIdentity:
        """Which server, and as whom."""
        return self._server.identity

    def write(self, model: str, ids: Sequence[int], values: Mapping[str, Any]) -> None:
        """The same values into every one of these records, or into none."""
        self._call(model, "write", [list(ids), dict(values)])

    def create(self, model: str, values: Mapping[str, Any]) -> int:
        """One new record; its id."""
        answer = self._call(model, "create", [dict(values)])
        return int(answer[0] if isinstance(answer, list) else answer)

    def unlink(self, model: str, ids: Sequence[int]) -> None:
        """Delete these records, or none."""
        self._call(model, "unlink", [list(ids)])

    def _call(self, model: str, method: str, args: Sequence[Any]) -> Any:
        try:
            return self._server.execute_kw(model, method, args, {"context": dict(self._context)})
        except Fault as fault:
            if "cannot marshal None" in str(fault.faultString):
                # The server failed at telling its result, after committing it.
                raise self._unknown(model, method, str(fault.faultCode)) from fault
            raise faults.translate(fault, model, method) from fault
        except TransportFailed as error:
            if not error.sent:
                raise
            raise self._unknown(model, method, error.what) from error
        except OSError as error:
            raise self._unknown(model, method, type(error).__name__) from error

    def _unknown(self, model: str, method: str, why: str) -> OutcomeUnknown:
        return OutcomeUnknown(
            _("It is not known whether {operation} of {model} was done: {why}").format(
                operation=method, model=model, why=why
            ),
            todo=_("resume the run: it reads the records back and goes on from there"),
        )
