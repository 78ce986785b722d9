"""The board as one HTML file, to leave open on a screen or to print."""

from __future__ import annotations

from segmenter.reports.board import Board, cells, heads, title
from segmenter.reports.pages import page
from segmenter.reports.text import Style


def html(shown: Board, style: Style) -> str:
    """The whole file."""
    return page(
        "board.html",
        style,
        css=("board.css",),
        heading=title(shown, style),
        heads=heads(),
        rows=[cells(row, style) for row in shown.rows],
        unread=shown.unread,
        late=sum(1 for row in shown.rows if row.status.overdue),
        waiting=sum(1 for row in shown.rows if row.status.state in ("waiting", "on_hold", "closable")),
    )
