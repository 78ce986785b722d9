"""Where splicing cannot make a change: aliases written out, or the whole text written again by ruamel.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString
from yaml.nodes import CollectionNode, MappingNode, Node

from segmenter.editing.alignment import aligned_items
from segmenter.editing.document import SpecDocument, open_document, same
from segmenter.editing.layout import Layout, Splice, Unsure, applied, is_merge
from segmenter.editing.writing import fits_in_flow, in_flow, key_text, scalar
from segmenter.spec.document import Data, data_of


class _AsWritten(VersionedResolver):
    """Takes every plain scalar for a text, so that it is written as it was."""

    @property
    def versioned_resolver(self) -> Any:
        return {}


def with_aliases_written_out(document: SpecDocument) -> SpecDocument:
    """The document without ``*name`` and ``<<``, with the values in their place, so that each can change by itself.

    Raises `Unsure` where there are none.
    """
    if not document.aliases and "<<" not in document.text:
        raise Unsure
    layout = Layout(document)
    text = applied(document.text, _values_of_aliases(layout, document.root))
    result = open_document(text, document.name)
    if not same(result.data, document.data):
        raise Unsure
    return result


def written_as_a_whole(document: SpecDocument, after: Data) -> str:
    """The text as ruamel.yaml writes it with the data ``after``: comments stay, indentation and line breaks may not.

    Scalars are kept as they are written, because ruamel.yaml reads some otherwise than we do.
    """
    if document.aliases or "<<" in document.text:
        document = with_aliases_written_out(document)
    yaml = YAML()
    yaml.Resolver = _AsWritten
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    try:
        tree = yaml.load(document.text)
        yaml.dump(_taken_over(tree, document.data, after), stream)
    except YAMLError:
        raise Unsure from None
    return stream.getvalue()


def _values_of_aliases(layout: Layout, node: Node) -> Iterator[Splice]:
    """Every alias and merge within a node, with its values in its place."""
    if not isinstance(node, CollectionNode) or not node.value:
        return
    entries = layout.entries(node)
    for one in entries:
        if one.key is None and isinstance(node, MappingNode):
            pairs = _merged(node, {other.key for other in entries})
            column = one.start - layout.line_start(one.start)
            between = ", " if node.flow_style else layout.line_break + " " * column
            written = (f"{key_text(key, flow=True)}: {in_flow(item)}" for key, item in pairs.items())
            yield (one.start, one.end, between.join(written))
        elif one.alias:
            yield (one.at, one.end, in_flow(data_of(one.node)))
        else:
            yield from _values_of_aliases(layout, one.node)


def _merged(node: MappingNode, known: set[str | None]) -> dict[str, Data]:
    """The pairs that ``<<`` gives a mapping beside the keys that it has. Raises `Unsure` if there are none."""
    merges = [pair for pair in node.value if is_merge(pair[0])]
    merged = data_of(MappingNode(node.tag, merges, node.start_mark, node.end_mark))
    pairs = {key: item for key, item in merged.items() if key not in known} if isinstance(merged, dict) else {}
    if not pairs:
        raise Unsure
    return pairs


def _taken_over(tree: Any, before: Data, after: Data) -> Any:
    """The tree of ruamel.yaml with what differs between the data."""
    if same(before, after):
        return tree
    if isinstance(tree, CommentedMap) and isinstance(before, dict) and isinstance(after, dict):
        for key in before:
            if key not in after:
                del tree[key]
        for key, value in after.items():
            tree[key] = _taken_over(tree[key], before[key], value) if key in before else _new(value)
        return tree
    if isinstance(tree, CommentedSeq) and isinstance(before, list) and isinstance(after, list):
        items = list(tree)
        plan = aligned_items(before, after)
        tree[:] = [
            _taken_over(items[origin], before[origin], value) if isinstance(origin, int) else _new(value)
            for origin, value in zip(plan, after, strict=True)
        ]
        return tree
    return _new(after)


def _new(value: Data) -> Any:
    if isinstance(value, dict):
        made: CommentedMap | CommentedSeq = CommentedMap((_new(key), _new(item)) for key, item in value.items())
    elif isinstance(value, list):
        made = CommentedSeq(map(_new, value))
    else:
        written = scalar(value, flow=True)
        return DoubleQuotedScalarString(str(value)) if written.startswith('"') else written
    if not value or fits_in_flow(value, 20):
        made.fa.set_flow_style()
    return made
