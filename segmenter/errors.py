"""One hierarchy of errors. Each has an exit code, a sentence, where it can be known a place, and what to do next.

Exit codes: 0 done, 1 error, 2 usage, 3 limit exceeded or example failed, 4 stale plan or conflicts left,
5 partly applied; ``plan --exit-code`` and ``verify`` answer 10 when something would change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

Path = tuple[str | int, ...]
"""Where in a spec: keys and list positions from the top, as ``("segmentations", 0, "name")``."""


class ExitCode(IntEnum):
    """The exit code of the process."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    LIMITS = 3
    STALE = 4
    PARTLY = 5
    WOULD_CHANGE = 10


@dataclass(frozen=True)
class Problem:
    """One problem of a spec: where it is, what is wrong, what to do. ``place``: ``file:line:col``, once known."""

    path: Path
    what: str
    todo: str = ""
    place: str = ""

    def __str__(self) -> str:
        sentence = f"{self.place}: {self.what}" if self.place else self.what
        return f"{sentence}; {self.todo}" if self.todo else sentence


class SegmenterError(Exception):
    """The base of all errors. ``what``: one sentence; ``todo``: the next step; ``place``: where it happened."""

    exit_code: ExitCode = ExitCode.ERROR

    def __init__(self, what: str, *, todo: str = "", place: str = "") -> None:
        self.what, self.todo, self.place = what, todo, place
        super().__init__(what)

    def __str__(self) -> str:
        return str(Problem((), self.what, self.todo, self.place))


class UsageError(SegmenterError):
    """The command line asks for something impossible."""

    exit_code = ExitCode.USAGE


class SpecError(SegmenterError):
    """An invalid spec, with all its problems in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ConnectionFailed(SegmenterError):
    """No usable answer came: unreachable, TLS, time-out, not an Odoo, garbage."""


class OutcomeUnknown(ConnectionFailed):
    """A write was sent and no answer came: it may or may not have been committed."""


class AuthenticationFailed(SegmenterError):
    """The server does not accept the work user's login."""


class ServerError(SegmenterError):
    """The server answered with a fault; ``fault_code`` is Odoo's. Nothing of that call was committed."""

    def __init__(self, what: str, *, todo: str = "", place: str = "", fault_code: int = 1) -> None:
        self.fault_code = fault_code
        super().__init__(what, todo=todo, place=place)


class UnknownCall(ServerError):
    """Fault 1 of a server that does not have this method with these arguments: its version is another one."""


class CannotSend(ServerError):
    """The server has the values and cannot put them into XML-RPC (`odoo.unsent`)."""


class AccessDenied(ServerError):
    """Fault 4: the work user has no right to this operation on this model."""


class Refused(ServerError):
    """Fault 2: a rule of the server (validation, missing record, unknown model) refuses it."""


class Busy(ServerError):
    """A write conflict on the server after its own tries; nothing was committed."""


class LedgerError(SegmenterError):
    """The ledger cannot be opened, read or written."""


class LedgerFull(LedgerError):
    """There is no space left to write it."""


class BrokeOff(LedgerError):
    """The ledger failed during a run. What it recorded stands; a resume reads the rest back from the server."""

    exit_code = ExitCode.PARTLY


class LimitsExceeded(SegmenterError):
    """The plan exceeds a limit of the spec, or one of its examples fails."""

    exit_code = ExitCode.LIMITS


class StalePlan(SegmenterError):
    """The plan is not of this server or database, or was already applied."""

    exit_code = ExitCode.STALE
