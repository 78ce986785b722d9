"""Texts as they travel: what XML cannot carry, and wildcards taken for what they are."""

from __future__ import annotations

import re

UNSENDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WILDCARDS = re.compile(r"([\\%_])")


def unsendable(text: str) -> bool:
    """Whether ``text`` holds a control character (or half of one) that breaks an XML-RPC call."""
    return bool(UNSENDABLE.search(text))


def escaped(text: str) -> str:
    """``text`` for Odoo's like operators, with ``%``, ``_`` and ``\\`` standing for themselves."""
    return _WILDCARDS.sub(r"\\\1", text)


def folded(text: str) -> str:
    """``text`` without capitals as PostgreSQL has it: one character at a time, without regard to those around it."""
    small = text.lower()
    return small if len(small) == len(text) and "Σ" not in text else text.replace("İ", "i").replace("Σ", "σ").lower()
