"""What the service includes, what was used of it, and its dates: pure functions over the log of an engagement."""

from segmenter.engagement.status import SESSIONS, Dates, SessionUse, Status, Wait, standing, status

__all__ = ["SESSIONS", "Dates", "SessionUse", "Status", "Wait", "standing", "status"]
