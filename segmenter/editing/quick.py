"""Reads a text that was edited ten times as fast, with libyaml.

libyaml takes a few odd texts otherwise than PyYAML's own scanner, which judges every spec: a tab between two words of
``{...}``, the place of a value that is missing there. So a text is read quickly only where both made the same of the
one that it was edited from; and what is saved is read by the other one once more.
"""

from __future__ import annotations

from typing import Any

import yaml
from yaml.error import Mark
from yaml.nodes import Node, ScalarNode

from segmenter.errors import SpecError
from segmenter.spec.document import Document, read
from segmenter.spec.yaml_nodes import Bounded, Loader

if yaml.__with_libyaml__:
    from yaml.cyaml import CParser  # type: ignore[attr-defined]

    class QuickLoader(Bounded, CParser):
        """Makes the nodes that `Loader` makes of an ordinary text."""

        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            Bounded.__init__(self)

        def compose_scalar_node(self, anchor: Any) -> ScalarNode:
            node = super().compose_scalar_node(anchor)
            node.style = node.style or None  # "" where there are no quotes
            return node

        def get_mark(self) -> Mark:
            """Nowhere: where a text is wrong, `Loader` says."""
            return Mark("", 0, 0, 0, None, 0)


def read_quickly(text: str, name: str) -> Document:
    """What `spec.document.read` makes of a text that `read_alike` allowed, or that was edited from one."""
    try:
        return read(text, name, QuickLoader)
    except SpecError:
        return read(text, name)  # which also says in our words what is wrong


def read_alike(text: str) -> bool:
    """Whether a text without aliases gives the same nodes, at the same places, either way."""
    if not yaml.__with_libyaml__:
        return False
    try:
        one, other = Loader(text), QuickLoader(text)
        nodes, others = one.get_single_node(), other.get_single_node()
    except (yaml.YAMLError, ValueError, OverflowError):
        return False
    return not one.aliases and facts(nodes) == facts(others)


def facts(node: Any) -> Any:
    """A node with all that is in it, to be compared."""
    if isinstance(node, Node):
        places = [(mark.index, mark.line, mark.column) for mark in (node.start_mark, node.end_mark)]
        return type(node), node.tag, places, getattr(node, "style", None), facts(node.value)
    return [facts(part) for part in node] if isinstance(node, (list, tuple)) else node
