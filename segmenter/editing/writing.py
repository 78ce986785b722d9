"""New YAML text as our own criteria have it: short mappings and lists in flow style, quotes only where they are needed.

A text is quoted where our reader, or an editor that goes by YAML 1.1, would read something else: ``NO``, ``08001``,
``+56``, ``12:30``, ``2026-03-01``.
"""

from __future__ import annotations

import re
from decimal import Decimal

from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

from segmenter.conditions.text import AMBIGUOUS
from segmenter.spec.document import UNPRINTABLE, Data
from segmenter.spec.yaml_nodes import TAG, Loader

WIDTH = 120
"""The most columns of a line that is written in flow style."""

_STR = TAG + "str"
_OURS = Loader("")
_OLDER = Resolver()
_OTHER_TYPES = re.compile(
    r"[yYnN]|[-+]?[0-9][0-9_,]*|[-+]?0[xob][0-9a-fA-F_]*|[-+]?[0-9_]*\.?[0-9_]+(?:[eE][-+]?[0-9]+)?"
)
"""What other readers take for a truth or a number: leading zeros, signs, ``1_000``, a lone y or n."""
_SIGNS = re.compile(r"[-?:,\[\]{}#&*!|>'\"%@`=<]|\.\.\.|\s")
"""What a text in no quotes does not begin with here."""
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def scalar(value: Data, *, flow: bool, quotes: str | None = None) -> str:
    """A scalar on one line. ``flow``: it stands between brackets. ``quotes``: a text keeps these (``'`` or ``"``)."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else _decimal(value)
    if isinstance(value, int):
        return str(value)
    text = str(value)
    if quotes == "'" and _on_one_line(text):
        return "'" + text.replace("'", "''") + "'"
    if quotes != '"' and _plain(text, flow):
        return text
    return '"' + "".join(_escaped(character) for character in text) + '"'


def in_flow(value: Data) -> str:
    """Any value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key_text(key, flow=True)}: {in_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(in_flow(item) for item in value) + "]"
    return scalar(value, flow=True)


def key_text(key: str, *, flow: bool) -> str:
    """A key, quoted where it must be; ``<<`` merges when it is not."""
    return scalar(key, flow=flow)


def fits_in_flow(value: Data, column: int) -> bool:
    """Whether a value reads well on one line that it begins at ``column`` (from 0)."""
    return is_short(value) and column + len(in_flow(value)) <= WIDTH


def block(value: Data, column: int, *, dash: int) -> list[str]:
    """The lines of a mapping or list that is not empty, in block style, from ``column`` on, without line breaks.

    ``dash``: how far below its key the dash of a list stands to the right, 0 or 2 as a rule.
    """
    margin = " " * column
    lines: list[str] = []
    if isinstance(value, dict):
        for key, item in value.items():
            lines += entry(key, item, column, dash=dash)
    elif isinstance(value, list):
        for item in value:
            lines += list_item(item, column, dash=dash)
    else:
        lines.append(margin + scalar(value, flow=False))
    return lines


def entry(key: str, value: Data, column: int, *, dash: int) -> list[str]:
    """The lines of a key and its value, with the key at ``column``."""
    head = f"{' ' * column}{key_text(key, flow=False)}:"
    if isinstance(value, str) and (lines := literal(value, column + 2)):
        return [f"{head} {lines[0]}", *lines[1:]]
    if not isinstance(value, dict | list):
        return [f"{head} {scalar(value, flow=False)}"]
    if not value or fits_in_flow(value, len(head) + 1):
        return [f"{head} {in_flow(value)}"]
    return [head, *block(value, column + (dash if isinstance(value, list) else 2), dash=dash)]


def list_item(value: Data, column: int, *, dash: int) -> list[str]:
    """The lines of an item of a list, with its dash at ``column``."""
    margin = " " * column
    if not isinstance(value, dict | list):
        return [f"{margin}- {scalar(value, flow=False)}"]
    if not value or (isinstance(value, list) and fits_in_flow(value, column + 2)):
        return [f"{margin}- {in_flow(value)}"]
    first, *others = block(value, column + 2, dash=dash)
    return [f"{margin}- {first.lstrip()}", *others]


def literal(text: str, column: int) -> list[str]:
    """The lines of a text of several lines after ``|``, from ``column`` on; none for what is better quoted."""
    lines = text.removesuffix("\n").split("\n")
    is_odd = any(not _on_one_line(line) or (line and not line.strip()) for line in lines)
    if "\n" not in text or is_odd or not lines[-1] or not lines[0] or lines[0][0] in " \t":
        return []
    return ["|" if text.endswith("\n") else "|-", *(" " * column + line if line else "" for line in lines)]


def is_short(value: Data) -> bool:
    """One key, or several keys with plain values and lists of them; no list of mappings."""
    if isinstance(value, dict):
        if len(value) == 1:
            return all(is_short(item) and _depth(item) < 2 for item in value.values())
        return not any(isinstance(item, dict) for item in value.values()) and all(map(is_short, value.values()))
    if isinstance(value, list):
        return not any(isinstance(item, dict) for item in value) and all(map(is_short, value))
    return True


def _depth(value: Data) -> int:
    """How many mappings stand in one another."""
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    return max(map(_depth, value), default=0) if isinstance(value, list) else 0


def _plain(text: str, flow: bool) -> bool:
    if not text or _SIGNS.match(text) or text[-1] in ": \t" or not _on_one_line(text) or "\t" in text:
        return False
    if ": " in text or " #" in text or text.startswith("---") or (flow and any(sign in text for sign in ",?[]{}")):
        return False
    if _OTHER_TYPES.fullmatch(text):
        return False
    implicit = (True, False)
    return all(resolver.resolve(ScalarNode, text, implicit) == _STR for resolver in (_OURS, _OLDER))  # type: ignore[no-untyped-call]


def _on_one_line(text: str) -> bool:
    return not UNPRINTABLE.search(text) and not any(sign in text for sign in "\r\n\x85\u2028\u2029\ufeff")


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return character if _on_one_line(character) else f"\\u{ord(character):04X}"


def _decimal(number: float) -> str:
    """Without an exponent, and not with three decimals, which could be thousands.

    Infinity and what is no number are written as Python does, which the reader refuses.
    """
    text = format(Decimal(repr(number)), "f")
    if AMBIGUOUS.fullmatch(text):
        return text + "0"
    return text if text[-1].isdigit() else f'"{text}"'
