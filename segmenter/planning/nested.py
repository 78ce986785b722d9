"""Categories of contacts lie in a tree. A spec names one by its path, as Odoo shows it: ``Cliente / Hospitalidad``."""

from __future__ import annotations

from segmenter.odoo.catalog import SEPARATOR


def steps(name: str) -> tuple[str, ...]:
    """The names along a path, top first; a name of one step is no path."""
    return tuple(step.strip() for step in name.split(SEPARATOR))
