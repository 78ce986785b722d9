"""What the service includes, what was used of it, and its dates: pure functions over the log of an engagement."""

from segmenter.engagement.status import SESSION_KINDS, Dates, SessionUse, Status, Wait, standing, status

__all__ = ["SESSION_KINDS", "Dates", "SessionUse", "Status", "Wait", "standing", "status"]
