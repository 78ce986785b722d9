"""Fields as ``fields_get`` describes them, as this tool thinks of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmenter.conditions.vocabulary import Field

ATTRIBUTES = [
    *("string", "type", "relation", "selection", "searchable", "store", "readonly", "translate", "related", "size")
]
"""What is asked of a field."""


def described(model: str, name: str, about: Mapping[str, Any]) -> Field:
    """One field. ``about``: its `ATTRIBUTES`, as far as the server tells them."""
    options = about.get("selection") or ()
    return Field(
        model=model,
        name=name,
        type=about["type"],
        label=about.get("string") or name,
        relation=about.get("relation") or None,
        selection=tuple((str(key), str(label)) for key, label in options) if isinstance(options, list) else (),
        searchable=bool(about.get("searchable", True)),
        stored=bool(about.get("store", True)),
        readonly=bool(about.get("readonly", False)),
        translated=bool(about.get("translate", False)),
        related=_steps(about.get("related")),
        size=about.get("size") or 0,
    )


def _steps(related: object) -> tuple[str, ...]:
    """Odoo 14 tells a path as a list, 19 as a text with dots."""
    return tuple(related.split(".") if isinstance(related, str) else related if isinstance(related, list) else ())
