"""What PyYAML says of a text that is not YAML, as a sentence for somebody who does not know YAML.

The offending text itself is never repeated: it may be a password.
"""

from __future__ import annotations

from segmenter.i18n import N_, _

_QUOTE_OPERATOR = N_('put operators in quotes: ">=": 5')
_QUOTE_TEXT = N_("put the text in quotes")
_ALIGN = N_("keys of one level begin in the same column; use spaces alone")

_KNOWN: tuple[tuple[str, str, str], ...] = (
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


def explain(error: Exception) -> tuple[str, str]:
    """What is wrong and what to do, in the user's language."""
    said = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
    for part, what, todo in _KNOWN:
        if part in said:
            return _(what), _(todo)
    return _("This is not valid YAML"), _("check indentation, colons, quotes and brackets around here")
