"""Who signed a plan off, wherever plans and runs are told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from segmenter.i18n import _
from segmenter.ledger import Approval
from segmenter.reports.text import Style, clean


def listed(approvals: Sequence[Approval], style: Style) -> Iterator[RenderableType]:
    """A line per approval, under a title; nothing when there is none."""
    if approvals:
        yield Text(_("Approvals"), "bold")
        yield from (line(approval, style) for approval in approvals)


def line(approval: Approval, style: Style) -> Text:
    """``✓ P1, digest 12ab…: approved by Paula Rojas (mail of 24 November), recorded …``."""
    sentence = _("{plan}, digest {digest}: approved by {by} ({evidence}), recorded {moment}").format(
        plan=approval.plan,
        digest=approval.digest[:12],
        by=approval.by,
        evidence=approval.evidence,
        moment=style.moment(approval.at),
    )
    return Text.assemble(("✓ ", "green"), clean(sentence))


def document(approval: Approval) -> dict[str, Any]:
    """``{"kind": "approval", "plan", "digest", "by", "evidence", "at", "who"}``: as `ledger.Approval`."""
    return {name: getattr(approval, name) for name in ("plan", "digest", "by", "evidence", "at", "who")}
