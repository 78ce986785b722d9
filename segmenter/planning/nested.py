"""Categories of contacts lie in a tree. A spec names one by its path, as Odoo shows it: ``Cliente / Hospitalidad``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from segmenter.conditions.near import near_misses
from segmenter.odoo.catalog import SEPARATOR


def steps(name: str) -> tuple[str, ...]:
    """The names along a path, top first; a name of one step is no path."""
    return tuple(step.strip() for step in name.split(SEPARATOR))


def slip(path: str, known: Iterable[str]) -> str | None:
    """The path that ``path`` looks like a slip of; names that differ in a number are different on purpose."""
    digits = re.findall(r"\d+", path)
    near = [one for one in near_misses(path, known, most=10) if re.findall(r"\d+", one) == digits]
    return near[0] if near else None
