"""Making plans: what is asked of a CRM, and what is decided on the answers, in turns. Nothing is written."""

from segmenter.drafting.draft import Draft, draft

__all__ = ["Draft", "draft"]
