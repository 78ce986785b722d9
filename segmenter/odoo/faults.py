"""Turns faults of a server into our errors: by `faultCode`, since the text is in the user's language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from xmlrpc.client import Fault

from segmenter.errors import (
    AccessDenied,
    AuthenticationFailed,
    Busy,
    CannotSend,
    ConnectionFailed,
    Refused,
    SegmenterError,
    ServerError,
    UnknownCall,
)
from segmenter.i18n import _
from segmenter.model_names import plural_name
from segmenter.redaction import masked

LONGEST = 400
# Names of PostgreSQL's errors in a traceback: not localised.
UNIQUE = re.compile(r"duplicate key value violates unique constraint|UniqueViolation")
CONSTRAINT = re.compile(r'violates [\w -]*constraint "|(?:Check|NotNull|ForeignKey|Exclusion)Violation')
"""PostgreSQL's own words for constraints, which Odoo passes on where it has no sentence of its own."""
CONFLICTS = ("SerializationFailure", "DeadlockDetected", "LockNotAvailable")
# What Python raises in a server that has no such method, or not in that form (measured on 14 to 19).
NO_SUCH_CALL = re.compile(r"AttributeError: |TypeError: .*\barguments?\b")
NOT_SENT = "cannot marshal None"
OPERATIONS = dict.fromkeys(
    ("search", "search_read", "search_count", "fields_get", "read_group", "formatted_read_group"), "read"
)
"""Method -> the right that it takes, where it is not called so."""
NO_DATABASE = re.compile(r'database "([^"]*)" does not exist')


@contextmanager
def without(secret: str) -> Iterator[None]:
    """Takes the key out of every error of a call: a server may repeat it, and so may the address of a redirect."""
    try:
        yield
    except Fault as fault:
        raise Fault(fault.faultCode, masked(str(fault.faultString), [secret])) from None
    except ConnectionFailed as error:
        error.what = masked(error.what, [secret])
        raise


def may_not(operation: str, model: str) -> str:
    """The sentence for a missing right."""
    sentences = {
        "read": _("The work user may not read {records}"),
        "write": _("The work user may not change {records}"),
        "create": _("The work user may not create {records}"),
        "unlink": _("The work user may not delete {records}"),
    }
    return sentences.get(operation, _("The work user may not {operation} {model}")).format(
        operation=operation, model=model, records=plural_name(model)
    )


def last_line(text: str) -> str:
    """The useful line of a server's traceback or message, shortened to one line."""
    lines = [line for line in text.splitlines() if line.strip()]
    # Not what PostgreSQL adds after it: DETAIL, HINT, LINE.
    errors = [line for line in lines if re.match(r"(?![A-Z]+:)[A-Za-z_][\w.]*(:|$)", line)]
    return _shown((errors or lines or [""])[-1])


def _shown(text: str) -> str:
    plain = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(plain.split())[:LONGEST]


def missing_database(fault: Fault) -> str | None:
    """The database that the server does not have; None if the fault is about something else."""
    missing = NO_DATABASE.search(str(fault.faultString)) if fault.faultCode == 1 else None
    return missing[1] if missing else None


def translate(fault: Fault, model: str, method: str) -> SegmenterError:
    """The error for a fault of ``method`` on ``model``. Nothing of that call was committed."""
    code, text = fault.faultCode, str(fault.faultString)
    if code == 4:
        return AccessDenied(
            may_not(OPERATIONS.get(method, method), model),
            todo=_("ask for that right, or leave these records out of the scope"),
            fault_code=4,
        )
    if code == 3:
        return AuthenticationFailed(
            _("Odoo no longer accepts the work user's key"),
            todo=_("check that the key has not expired and that the address is not locked out, then try again"),
        )
    if UNIQUE.search(text) or CONSTRAINT.search(text):
        what = _("Odoo refuses to {operation} {model}: another record has the same name or key already")
        if not UNIQUE.search(text):
            what = _("Odoo refuses to {operation} {model}: its database does not allow these values together")
        return Refused(
            what.format(operation=method, model=model),
            todo=_("find that record in Odoo, archived ones and other languages too, and make a new plan"),
            fault_code=2,
        )
    if code == 2:
        return Refused(
            _("Odoo refuses to {operation} {model}: {message}").format(
                operation=method, model=model, message=_shown(text)
            ),
            todo=_("mend in Odoo what its message names, or leave that out of the spec; then try again"),
            fault_code=2,
        )
    if any(name in text for name in CONFLICTS):
        return Busy(
            _("Somebody else was writing the same records of {model}").format(model=model),
            todo=_("try again in a moment"),
        )
    if database := missing_database(fault):
        return ConnectionFailed(
            _("This server has no database “{database}”").format(database=database),
            todo=_("ask the client's administrator whether it was renamed or moved, and check odoo.database"),
        )
    if code == 1 and (model, method) == ("crm.lead", "read") and NOT_SENT in text:
        return CannotSend(
            _(
                "Odoo cannot send some {model} over XML-RPC: their team got a property after theirs were filled in"
            ).format(model=plural_name(model)),
            todo=_("give these leads a value of that property in Odoo, then try again"),
        )
    message = last_line(text)
    kind = UnknownCall if code == 1 and NO_SUCH_CALL.match(message) else ServerError
    return kind(
        _("Odoo failed at {operation} of {model}: {message}").format(operation=method, model=model, message=message),
        todo=_("the server's log has the rest"),
        fault_code=code if isinstance(code, int) else 1,
    )
