"""JSON of stable shapes, streamed where it can be long. Every document says its ``kind`` and its ``schema``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from segmenter.reports.text import Writable

SCHEMA = 2
"""Raised when a key of some document is renamed, removed or means something else; new keys do not raise it."""


def plain(value: Any) -> Any:
    """Dataclasses, mappings and tuples as what JSON has."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    return value.value if isinstance(value, Enum) else value


def write(out: Writable, kind: str, body: Mapping[str, Any], **streams: Iterable[Mapping[str, Any]]) -> None:
    """One document, indented. ``streams``: keys whose value is a long list, written as it comes, an item a line."""
    head = {"kind": kind, "schema": SCHEMA, **plain(body)}
    out.write(json.dumps(head, ensure_ascii=False, indent=2)[:-2])
    for key, items in streams.items():
        out.write(f',\n  "{key}": [')
        separator = "\n    "
        for item in items:
            out.write(separator + json.dumps(plain(item), ensure_ascii=False))
            separator = ",\n    "
        out.write("\n  ]" if separator[0] == "," else "]")
    out.write("\n}\n")
