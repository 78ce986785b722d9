"""Texts on their way to a server: characters that XML cannot carry, wildcards, capitals, numbers with signs."""

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
    """``text`` in lower case as PostgreSQL does it: each character by itself."""
    small = text.lower()
    return small if len(small) == len(text) and "Σ" not in text else text.replace("İ", "i").replace("Σ", "σ").lower()


AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
"""Three thousand to most people who speak Spanish, and three to YAML: ``3.000``."""
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(?:(?:\.\d{3}){2,}|(?:,\d{3}){2,})")
_GROUPED = re.compile(r"(-?\d{1,3}(?:([.,'\s])\d{3})(?:\2\d{3})*)(?:[.,](\d+))?")
_DECIMAL = re.compile(r"(-?\d+),(\d+)")


def plain_number(text: str) -> str | None:
    """A number as YAML wants it: ``3000000`` for ``$ 3.000.000``, ``1.5`` for ``1,5``; None for no number.

    A point or comma before exactly three digits separates thousands.
    """
    bare = text.strip().strip("$€£%").strip()
    bare = re.sub(r"^[A-Z]{3}\s*|\s*[A-Z]{3}$", "", bare)
    grouped, decimal = _GROUPED.fullmatch(bare), _DECIMAL.fullmatch(bare)
    if grouped:
        whole = re.sub(r"[.,'\s]", "", grouped[1])
        return f"{whole}.{grouped[3]}" if grouped[3] else whole
    return f"{decimal[1]}.{decimal[2]}" if decimal else bare if re.fullmatch(r"-?\d+(\.\d+)?", bare) else None


def grouped_number(text: str) -> int | None:
    """A number of which separators of thousands leave no doubt, as they stand there twice: ``3.000.000``."""
    return int(re.sub("[.,]", "", text)) if _THOUSANDS.fullmatch(text.strip()) else None
