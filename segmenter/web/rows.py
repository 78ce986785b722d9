"""What people do with the rows of a condition, as edits of the spec."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from segmenter import editing
from segmenter.editing import Block, Edit, Put, Raw, Remove, Row, blocks, condition_data
from segmenter.editing.blocks import KINDS, Kind
from segmenter.errors import Path
from segmenter.spec.document import Data
from segmenter.web.places import Form, at, from_yaml, has
from segmenter.web.values import Offered, first_operator, first_value, of_slider, typed, with_part


def _condition(form: Form, data: Data) -> tuple[Path, Block]:
    path = tuple(json.loads(form["path"]))
    return path, blocks(at(data, path) if has(data, path) else {})


def _address(form: Form) -> tuple[int, ...]:
    return tuple(int(place) for place in form["address"].split(".") if place)


def _put(path: Path, tree: Block) -> Edit:
    return Put(path, condition_data(tree))


def _row(form: Form, data: Data) -> tuple[Path, Block, tuple[int, ...], Row]:
    path, tree = _condition(form, data)
    address = _address(form)
    part = editing.part_at(tree, address)
    if not isinstance(part, Row):
        raise ValueError(address)
    return path, tree, address, part


def _row_field(form: Form, data: Data, offered: Offered) -> Edit:
    path, tree, address, _part = _row(form, data)
    name = offered.path_of(form["value"])
    return _put(path, editing.set_row(tree, address, started(name, offered)))


def _row_operator(form: Form, data: Data, offered: Offered) -> Edit:
    path, tree, address, part = _row(form, data)
    operator = form["value"]
    value = first_value(operator, offered.field(part.field), part.value, offered)
    return _put(path, editing.set_row(tree, address, replace(part, operator=operator, value=value)))


def _row_value(form: Form, data: Data, offered: Offered) -> Edit:
    path, tree, address, part = _row(form, data)
    field = offered.field(part.field)
    read = of_slider if form.get("slider") else partial(typed, style=offered.style)
    value = with_part(form["value"], form.get("place", ""), part, field, read)
    return _put(path, editing.set_row(tree, address, replace(part, value=value)))


def _value_add(form: Form, data: Data, offered: Offered) -> Edit:
    path, tree, address, part = _row(form, data)
    here = _listed(part.value)
    given = form["value"]
    value = int(given) if form.get("id") else typed(given, offered.field(part.field), offered.style)
    values = here if value in here or not form["value"].strip() else [*here, value]
    return _put(path, editing.set_row(tree, address, replace(part, operator=_for_many(part.operator), value=values)))


def _value_remove(form: Form, data: Data, _offered: Offered) -> Edit:
    path, tree, address, part = _row(form, data)
    here = _listed(part.value)
    del here[int(form["value"])]
    return _put(path, editing.set_row(tree, address, replace(part, operator=_for_many(part.operator), value=here)))


def _add_row(form: Form, data: Data, offered: Offered) -> Edit:
    path, tree = _condition(form, data)
    return _put(path, editing.add_row(tree, _address(form), started(offered.first, offered)))


def _add_block(form: Form, data: Data, offered: Offered) -> Edit:
    path, tree = _condition(form, data)
    address = _address(form)
    grown = editing.add_block(tree, address, "any")
    block = editing.part_at(grown, address)
    last = len(block.parts) - 1 if isinstance(block, Block) else 0
    return _put(path, editing.add_row(grown, (*address, last), started(offered.first, offered)))


def _block_kind(form: Form, data: Data, _offered: Offered) -> Edit:
    path, tree = _condition(form, data)
    return _put(path, editing.change_kind(tree, _address(form), _kind(form["value"])))


def _remove_part(form: Form, data: Data, _offered: Offered) -> Edit:
    path, tree = _condition(form, data)
    address = _address(form)
    left = editing.remove(tree, address) if address else Block("all", ())
    if not left.parts and path[0] in ("scope", "protect"):
        return Remove(path)
    return _put(path, left)


def _part_yaml(form: Form, data: Data, _offered: Offered) -> Edit:
    path, tree = _condition(form, data)
    return _put(path, editing.set_row(tree, _address(form), Raw(from_yaml(form["value"]))))


def started(name: str, offered: Offered) -> Row:
    """A row on a field with a value that makes sense, so that it can be read at once."""
    field = offered.field(name)
    operator = first_operator(field)
    return Row(name, operator, first_value(operator, field, None, offered))


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def _kind(text: str) -> Kind:
    """Raises ValueError for what is no kind of block."""
    return KINDS[KINDS.index(text)]


def _for_many(operator: str) -> str:
    return {"=": "in", "not": "not_in"}.get(operator, operator)


ACTIONS: Mapping[str, Callable[[Form, Data, Offered], Edit]] = {
    "row.field": _row_field,
    "row.operator": _row_operator,
    "row.value": _row_value,
    "value.add": _value_add,
    "value.remove": _value_remove,
    "row.add": _add_row,
    "block.add": _add_block,
    "block.kind": _block_kind,
    "part.remove": _remove_part,
    "part.yaml": _part_yaml,
}
"""What a form may ask for as its ``action``, on a condition."""
