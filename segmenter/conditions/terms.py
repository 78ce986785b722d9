"""Odoo domains as complete terms: two of them side by side mean both, and any of them can be joined."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Domain = list[Any]
"""Odoo's prefix notation in lists: safe for JSON and XML-RPC."""

WITH_ARCHIVED: Domain = ["|", ["active", "=", True], ["active", "=", False]]
"""Archived records of the model itself. Asked for in the context (``active_test``), Odoo would also reach archived
ones through many-valued fields, and a condition would mean another thing."""

TRUE, FALSE = [1, "=", 1], [0, "=", 1]


def join(connective: str, terms: Iterable[Domain]) -> Domain:
    """Complete terms joined; without any, everything or nothing."""
    listed = list(terms)
    if not listed:
        return [TRUE if connective == "&" else FALSE]
    return [connective] * (len(listed) - 1) + [item for term in listed for item in term]


def both(*terms: Domain) -> Domain:
    """Complete terms that all hold."""
    return join("&", terms)


def any_of(*terms: Domain) -> Domain:
    """Complete terms of which at least one holds."""
    return join("|", terms)


def one_term(raw: tuple[object, ...]) -> Domain:
    """A raw domain as one complete term: its implicit ``&`` written out."""
    terms = sum(-1 if isinstance(item, str) else 1 for item in raw)
    return join("&", []) if not raw else ["&"] * (terms - 1) + [_listed(item) for item in raw]


def _listed(item: object) -> Any:
    return [_listed(part) for part in item] if isinstance(item, tuple) else item
