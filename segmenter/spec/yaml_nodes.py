"""YAML text -> PyYAML's nodes, within bounds; and a plain sentence for a text that is not YAML.

The sentences never repeat the text itself: it may be a password.
"""

from __future__ import annotations

import re

from yaml.composer import Composer
from yaml.error import MarkedYAMLError
from yaml.events import AliasEvent
from yaml.nodes import Node
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.resolver import BaseResolver
from yaml.scanner import Scanner

from segmenter.i18n import N_, _

MAX_DEPTH = 100
MAX_VALUES = 20_000
"""Keys and values of one file, about two seconds' work for the parser; a spec of a meeting has some hundreds."""
TAG = "tag:yaml.org,2002:"
_WHOLE = r"(?:0|[1-9][0-9]*)"

_QUOTE_OPERATOR = N_('put operators in quotes: ">=": 5')
_QUOTE_TEXT = N_("put the text in quotes")
_ALIGN = N_("keys of one level begin in the same column; use spaces alone")

_SENTENCES: tuple[tuple[str, str, str], ...] = (
    ("too deep", N_("The spec is nested too deeply here"), N_("use fewer levels of lists and mappings")),
    (
        "too many",
        N_("The spec is too long: up to here there are 20,000 keys and values"),
        N_("split it into one spec per purpose"),
    ),
    ("character '\\t'", N_("There is a tab here, and YAML wants spaces"), N_("put spaces in place of the tab")),
    ("character '>'", N_("Text cannot begin with > here"), _QUOTE_OPERATOR),
    ("chomping or indentation", N_("Text cannot begin with > or | here"), _QUOTE_OPERATOR),
    ("cannot start any token", N_("Text cannot begin with this character"), _QUOTE_TEXT),
    ("undefined alias", N_("Text that begins with * repeats an anchor, and there is none of this name"), _QUOTE_TEXT),
    ("expected alphabetic or numeric", N_("Text cannot begin with * or & here"), _QUOTE_TEXT),
    ("duplicate anchor", N_("This anchor (&name) is already taken"), N_("give it another name")),
    ("but found another document", N_("The file holds several documents (---)"), N_("keep one spec per file")),
    ("single document", N_("The file holds several documents (---)"), N_("keep one spec per file")),
    ("expected '<document start>'", N_("The text before this is complete already, so this cannot follow"), _ALIGN),
    ("mapping values are not allowed", N_("A colon is not expected here"), N_("check the indentation, or quote it")),
    ("could not find expected ':'", N_("A key without its colon"), N_("write `key: value`, or quote the text")),
    ("while scanning a simple key", N_("A key without its colon"), N_("write `key: value`, or quote the text")),
    ("expected <block end>", N_("This line does not fit the indentation of the lines above it"), _ALIGN),
    ("sequence entries are not allowed", N_("A list cannot begin here"), N_("put each - on a line of its own")),
    ("expected ',' or", N_("A list [...] or mapping {...} is not closed, or lacks a comma"), N_("check the brackets")),
    ("unexpected end of stream", N_("Text in quotes is not closed"), N_("add the missing quote")),
    ("unexpected document separator", N_("Text in quotes is not closed"), N_("add the missing quote")),
    (
        "unknown escape character",
        N_("A backslash in double quotes begins an escape, and this is none"),
        N_("use single quotes, or write \\\\ for a backslash"),
    ),
    ("undefined tag handle", N_("Specs use no tags (words after !)"), _QUOTE_TEXT),
    ("expected the node content", N_("A value is missing here"), N_("write it, or quote it if it is a sign")),
)


class _Resolver(BaseResolver):
    """Tells the type of a plain scalar by the first pattern that fits."""


for _kind, _pattern, _first in (
    ("null", r"(?:null|Null|NULL|~|)$", ["n", "N", "~", ""]),
    ("bool", r"(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", rf"(?:-?{_WHOLE}|0o[0-7]+|0x[0-9a-fA-F]+)$", list("-0123456789")),
    ("float", rf"-?(?:\.[0-9]+|{_WHOLE}(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", list("-.0123456789")),
    ("float", r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$", list("-+.")),
):
    _Resolver.add_implicit_resolver(TAG + _kind, re.compile(_pattern), _first)


class Bounded(Composer, _Resolver):
    """Composes the nodes of one text. Raises MarkedYAMLError where they are too many or too deep.

    ``aliases``: from where to where in the text each alias stands; its node knows the place of its anchor alone.
    """

    def __init__(self) -> None:
        Composer.__init__(self)
        _Resolver.__init__(self)
        self.depth = self.values = 0
        self.aliases: list[tuple[int, int]] = []

    def compose_node(self, parent: Node | None, index: Node | int | None) -> Node | None:
        self.depth += 1
        self.values += 1
        if self.values > MAX_VALUES:
            raise MarkedYAMLError(problem="too many", problem_mark=self.peek_event().start_mark)  # type: ignore[attr-defined]
        if self.depth > MAX_DEPTH:
            raise MarkedYAMLError(problem="too deep", problem_mark=self.peek_event().start_mark)  # type: ignore[attr-defined]
        if self.check_event(AliasEvent):  # type: ignore[attr-defined]
            event = self.peek_event()  # type: ignore[attr-defined]
            self.aliases.append((event.start_mark.index, event.end_mark.index))
        node = super().compose_node(parent, index)  # type: ignore[arg-type]
        self.depth -= 1
        return node


class Loader(Reader, Scanner, Parser, Bounded):
    """Reads with PyYAML's own scanner, which judges every spec."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Bounded.__init__(self)


def explained(error: Exception) -> tuple[str, str]:
    """What is wrong with the text and what to do, in the user's language, for an error of PyYAML."""
    text = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
    for part, what, todo in _SENTENCES:
        if part in text:
            return _(what), _(todo)
    return _("This is not valid YAML"), _("check indentation, colons, quotes and brackets around here")
