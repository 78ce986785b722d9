"""Changes of a condition on a page, block by block. All are pure; what they give is in the form of the data.

An address is the way to a part: positions from the root on, ``()`` for the root itself. A block without parts goes
away, but for one that was just added; a block ``all`` within another one, or within ``not``, becomes its parts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from segmenter.editing.blocks import Block, Kind, Part, Raw, Row
from segmenter.errors import SegmenterError
from segmenter.i18n import _

Address = tuple[int, ...]


def part_at(tree: Block, address: Address) -> Part:
    """The part at an address. Raises SegmenterError where there is none."""
    found: Part = tree
    for step in address:
        if not isinstance(found, Block) or not 0 <= step < len(found.parts):
            raise _gone()
        found = found.parts[step]
    return found


def set_row(tree: Block, address: Address, row: Row | Raw) -> Block:
    """Another row in the place of one; it is written where the other was."""
    before = part_at(tree, address)
    return _with(tree, address, lambda _part: (dataclasses.replace(row, form=before.form),))


def add_row(tree: Block, address: Address, row: Row | Raw) -> Block:
    """A row at the end of the block at an address."""
    return _added(tree, address, row)


def add_block(tree: Block, address: Address, kind: Kind) -> Block:
    """An empty block at the end of the block at an address; the language refuses it until it has a row."""
    return _added(tree, address, Block(kind, ()))


def remove(tree: Block, address: Address) -> Block:
    """Without the part at an address, and without the blocks that are empty then."""
    part_at(tree, address)
    if not address:
        return Block("all", ())
    *above, _last = address
    parent = part_at(tree, tuple(above))
    if above and isinstance(parent, Block) and len(parent.parts) == 1:
        return remove(tree, tuple(above))
    return _with(tree, address, lambda _part: ())


def wrap(tree: Block, address: Address, kind: Kind) -> Block:
    """The part at an address inside a new block; at the root, all that the condition has."""
    if not address:
        inner: tuple[Part, ...] = tree.parts
        if kind == "any" and len(inner) > 1:
            inner = (Block("all", inner),)
        return flattened(Block("all", (Block(kind, inner),)))
    return flattened(_with(tree, address, lambda part: (Block(kind, (_free(part),), part.form),)))


def change_kind(tree: Block, address: Address, kind: Kind) -> Block:
    """Another kind for the block at an address. The root is ``all``: of another kind, it holds one such block."""
    block = part_at(tree, address)
    if not isinstance(block, Block):
        raise _gone()
    free = tuple(_free(part) for part in block.parts)
    if not address:
        return tree if kind == "all" else flattened(Block("all", (Block(kind, free),)))
    form = block.form if kind == "not" else ""
    return flattened(_with(tree, address, lambda _part: (Block(kind, free, form),)))


def move(tree: Block, address: Address, target: Address, index: int) -> Block:
    """The part at an address into the block at ``target``, as its part number ``index``.

    ``target`` and ``index`` count before the move. Raises SegmenterError for a move into the part itself.
    """
    part, goal = part_at(tree, address), part_at(tree, target)
    if (
        not address
        or not isinstance(goal, Block)
        or target[: len(address)] == address
        or not 0 <= index <= len(goal.parts)
    ):
        raise _gone()
    above, last = address[:-1], address[-1]
    if target == above:
        order = list(goal.parts)
        order.insert(index, part)
        del order[last + (index <= last)]
        return _with(tree, target, lambda block: (_of_parts(block, order),))
    marked = _with(
        tree, target, lambda block: (_of_parts(block, [*goal.parts[:index], _free(part), *goal.parts[index:]]),)
    )
    moved_on = len(address) > len(target) and address[: len(target)] == target and index <= address[len(target)]
    gone = (*target, address[len(target)] + 1, *address[len(target) + 1 :]) if moved_on else address
    return remove(marked, gone)


def flattened(tree: Block) -> Block:
    """Blocks ``all`` within ``all`` or ``not`` as their parts, unless the spec lists them so; empty ones stay."""
    parts: list[Part] = []
    for part in tree.parts:
        inner = flattened(part) if isinstance(part, Block) else part
        if isinstance(inner, Block) and inner.kind == "all" and inner.parts and tree.kind != "any" and not inner.form:
            parts += inner.parts
        else:
            parts.append(inner)
    return dataclasses.replace(tree, parts=tuple(parts))


def _added(tree: Block, address: Address, part: Part) -> Block:
    if not isinstance(part_at(tree, address), Block):
        raise _gone()
    return _with(tree, address, lambda block: (_of_parts(block, [*_parts(block), part]),))


def _with(tree: Block, address: Address, change: Callable[[Part], Sequence[Part]]) -> Block:
    """The tree with other parts in the place of the one at an address."""
    if not address:
        (root,) = change(tree)
        return root if isinstance(root, Block) else tree
    part_at(tree, address)
    first, *rest = address
    inner = tree.parts[first]
    new = change(inner) if not rest else (_with(inner, tuple(rest), change),) if isinstance(inner, Block) else (inner,)
    return dataclasses.replace(tree, parts=(*tree.parts[:first], *new, *tree.parts[first + 1 :]))


def _parts(part: Part) -> tuple[Part, ...]:
    return part.parts if isinstance(part, Block) else ()


def _of_parts(part: Part, parts: Sequence[Part]) -> Part:
    return dataclasses.replace(part, parts=tuple(parts)) if isinstance(part, Block) else part


def _free(part: Part) -> Part:
    """A part that goes elsewhere is written as is shortest there."""
    return dataclasses.replace(part, form="")


def _gone() -> SegmenterError:
    return SegmenterError(
        _("The condition has no such part"), todo=_("open the page again: the spec was changed since")
    )
