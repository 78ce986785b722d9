"""What the service includes, what was used of it, and its dates: pure functions over the log of an engagement."""

from segmenter.engagement.status import (
    INCLUDED_MINUTES,
    SESSION_KINDS,
    SESSION_MINUTES,
    SESSIONS,
    Dates,
    SessionUse,
    Status,
    Wait,
    key_ends,
    standing,
    status,
)

__all__ = [
    "INCLUDED_MINUTES",
    "SESSIONS",
    "SESSION_KINDS",
    "SESSION_MINUTES",
    "Dates",
    "SessionUse",
    "Status",
    "Wait",
    "key_ends",
    "standing",
    "status",
]
