"""Tables as all reports in the terminal have them."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from segmenter.reports.text import clean


def table(*columns: str, right: Sequence[int] = ()) -> Table:
    """A table as all reports have them; ``right``: positions of columns of numbers."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for position, column in enumerate(columns):
        justify = "right" if position in right else "left"
        # A number that does not fit must not look like a smaller one.
        overflow = "ellipsis" if position in right else "fold"
        made.add_column(column, justify=justify, no_wrap=position in right, overflow=overflow)  # type: ignore[arg-type]
    return made


def titled(title: str, made: Table) -> RenderableType:
    """A title of its own line: a table's own would wrap to the width of the table."""
    return Group(Text(clean(title), "bold"), made)
