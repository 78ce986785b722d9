"""A condition as rows in blocks, as a page shows it, and back to the data of a spec.

A condition that is taken apart and put together again comes out as it was written. What is new gets the shortest form
that the language has: fields beside each other in one mapping, ``{">=": 1, "<": 5}`` for two rows on one field, and a
list under ``all:`` only for what a mapping cannot hold.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from segmenter.conditions.operators import SHAPES
from segmenter.conditions.parse import currency_of
from segmenter.conditions.shapes import is_field_name
from segmenter.spec.document import Data

Kind = Literal["all", "any", "not"]
KINDS: tuple[Kind, ...] = ("all", "any", "not")

LISTED, BEHIND_FIELD = "listed", "behind its field"
"""How a part is written, where there is a choice: in the list of ``all:``; a ``not`` as ``field: {not: {...}}``."""


@dataclass(frozen=True)
class Row:
    """One comparison. ``operator``: as specs write it, ``=`` for a bare value and ``in`` for a bare list; ``value``: as
    in the data, spans as text. ``currency``: of an amount, the word that stands under ``in:`` beside it.
    """

    field: str
    operator: str
    value: Data
    currency: str = ""
    form: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True)
class Block:
    """Parts of which all hold, any holds, or (``not``) not all hold."""

    kind: Kind
    parts: tuple[Part, ...]
    form: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True)
class Raw:
    """A condition that rows cannot say, as data: a raw domain, or what is malformed."""

    data: Data
    form: str = dataclasses.field(default="", compare=False)


Part = Row | Block | Raw


def blocks(condition: Data) -> Block:
    """The condition as a block of kind ``all``. Nothing is refused: what is malformed becomes `Raw`."""
    if not isinstance(condition, dict):
        return Block("all", (Raw(condition),))
    parts: list[Part] = []
    for key, value in condition.items():
        parts += _parts(key, value)
    return Block("all", tuple(parts))


def condition_data(tree: Block) -> Data:
    """The data of a condition. An empty block gives an empty condition, which the language refuses."""
    return _all_of((tree,) if tree.kind != "all" else tree.parts)


# Taking apart.


def _parts(key: str, value: Data) -> list[Part]:
    if key in ("all", "any") and isinstance(value, list) and (value or key == "any"):
        items = [_one(item) for item in value]
        return [_formed(item, LISTED) for item in items] if key == "all" else [Block("any", tuple(items))]
    if key == "not" and isinstance(value, dict):
        return [Block("not", blocks(value).parts)]
    if key not in ("all", "any", "not", "domain") and is_field_name(key):
        found = _of_field(key, value)
        if found is not None:
            return found
    return [Raw({key: value})]


def _one(condition: Data) -> Part:
    """A condition as a single part: a block if it has several, or a list under ``all:``."""
    if not isinstance(condition, dict):
        return Raw(condition)
    tree = blocks(condition)
    return tree.parts[0] if len(tree.parts) == 1 and tree.parts[0].form != LISTED else tree


def _of_field(field: str, value: Data) -> list[Part] | None:
    """The rows of ``field: value``; None if it is malformed."""
    if not isinstance(value, dict):
        return [Row(field, "in" if isinstance(value, list) else "=", value)] if _is_plain(value) else None
    currency = currency_of(value)
    found: list[Part] = []
    for operator, operand in value.items():
        if operator == "in" and currency:
            continue
        if operator == "not" and isinstance(operand, dict):
            inner = _of_field(field, operand)
            if not inner:
                return None
            found.append(Block("not", tuple(inner), BEHIND_FIELD))
        elif operator in SHAPES and _is_plain(operand):
            found.append(Row(field, operator, operand, currency))
        else:
            return None
    return found or None


def _is_plain(value: Data) -> bool:
    items = value if isinstance(value, list) else [value]
    return not any(isinstance(item, list | dict) for item in items)


def _formed(part: Part, form: str) -> Part:
    return dataclasses.replace(part, form=form)


# Putting together.


def _all_of(parts: Sequence[Part]) -> Data:
    """The condition that all the parts hold."""
    if len(parts) == 1 and isinstance(parts[0], Raw) and not isinstance(parts[0].data, dict):
        return parts[0].data
    made: dict[str, Data] = {}
    listed: list[Data] = []
    for part in parts:
        if part.form != LISTED and _put_beside(made, part):
            continue
        made.setdefault("all", listed)
        listed.append(_item(part))
    is_new = all(isinstance(part, Row) and part.form != LISTED for part in parts)
    if is_new and listed and len(made) == 2:  # the rows are all on one field: they stand in one list
        return {"all": [_item(part) for part in parts]}
    return made


def _item(part: Part) -> Data:
    """A part as an item of a list."""
    if isinstance(part, Raw):
        return part.data
    if isinstance(part, Block) and part.kind == "all":
        return _all_of(part.parts)
    return _all_of((_formed(part, "") if part.form == LISTED else part,))


def _put_beside(made: dict[str, Data], part: Part) -> bool:
    """Puts a part into a mapping; False where that has no room for it."""
    if isinstance(part, Raw):
        if not isinstance(part.data, dict) or not part.data or any(key in made for key in part.data):
            return False
        made.update(part.data)
        return True
    if isinstance(part, Row):
        return _put_of_field(made, part.field, part)
    if part.kind == "all":
        return False
    field = _only_field(part) if part.kind == "not" and (part.form == BEHIND_FIELD or "not" in made) else ""
    if field and _put_of_field(made, field, part):
        return True
    if part.kind in made:
        return False
    made[part.kind] = [_item(inner) for inner in part.parts] if part.kind == "any" else _all_of(part.parts)
    return True


def _put_of_field(made: dict[str, Data], field: str, part: Row | Block) -> bool:
    """Adds a comparison to those of its field, where the two together still say both."""
    before = _of_field(field, made[field]) if field in made else []
    if before is None:
        return False
    try:
        written = _field_value([*before, part])
    except _NoRoom:
        return False
    if before and _of_field(field, written) != [*before, part]:
        return False
    made[field] = written
    return True


class _NoRoom(Exception):
    """One mapping cannot hold these comparisons of a field."""


def _field_value(parts: Sequence[Part], *, bare: bool = True) -> Data:
    """What stands behind a field for these comparisons of it. ``bare``: a lone value or list may stand by itself."""
    first = parts[0]
    if bare and len(parts) == 1 and isinstance(first, Row) and not first.currency and _may_be_bare(first):
        return first.value
    made: dict[str, Data] = {}
    for part in parts:
        operator = part.operator if isinstance(part, Row) else "not"
        if operator in made or isinstance(part, Raw):
            raise _NoRoom
        made[operator] = part.value if isinstance(part, Row) else _field_value(part.parts, bare=False)
    currencies = {part.currency for part in parts if isinstance(part, Row)}
    if len(currencies) > 1 or (currencies - {""} and "in" in made):
        raise _NoRoom
    for code in filter(None, currencies):
        made["in"] = code
    return made


def _may_be_bare(row: Row) -> bool:
    return row.operator == "=" or (row.operator == "in" and isinstance(row.value, list))


def _only_field(block: Block) -> str:
    """The field of which alone a ``not`` speaks; "" if there are several, or other parts."""
    fields = {
        part.field
        if isinstance(part, Row)
        else _only_field(part)
        if isinstance(part, Block) and part.kind == "not"
        else ""
        for part in block.parts
    }
    return fields.pop() if len(fields) == 1 else ""
