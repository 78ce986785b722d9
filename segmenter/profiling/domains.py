"""Domains that mean the same on every version of Odoo: what holds something, in their words for empty."""

from __future__ import annotations

from typing import Any

from segmenter.conditions.vocabulary import Field
from segmenter.profiling.choose import NUMBERS

Domain = list[Any]


def filled(field: Field) -> Domain:
    """Records that hold something in the field. An empty number is 0, an empty text NULL or ``''``."""
    if field.type in NUMBERS:
        return [[field.name, "!=", 0], [field.name, "!=", False]]
    if field.type in ("char", "text", "html"):
        return [[field.name, "!=", False], [field.name, "!=", ""]]
    return [[field.name, "!=", False]]
