"""The Spanish catalogue against the code: ``python -m tests.support.catalogue`` brings it up to date.

New sentences come in untranslated, gone ones leave, the others keep their Spanish; nothing is guessed (no fuzzy
entries), and nothing in the file depends on the machine or the day. Then translate what it lists.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from babel.messages import Catalog
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "segmenter" / "locale" / "es" / "LC_MESSAGES" / "segmenter.po"
KEYWORDS: dict[str, Any] = {"_": None, "N_": None, "ngettext": (1, 2), "NN_": (1, 2)}
HEADER = r"""# Spanish of segmenter; the English is the key. Bring it up to date with: python -m tests.support.catalogue
msgid ""
msgstr ""
"Project-Id-Version: segmenter\n"
"Language: es\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""


def sentences(
    file: IO[bytes], *_asked: object, **_options: object
) -> Iterator[tuple[int, str, list[str | None], list[str]]]:
    """Babel's method for Python, by the syntax tree: its own sees no call inside an f-string before Python 3.12."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            texts = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
            yield node.lineno, node.func.id, [one if isinstance(one, str) else None for one in texts], []


def extracted() -> dict[str | tuple[str, ...], list[str]]:
    """Every sentence of the code with the files that say it, in the order of files and lines."""
    methods = [("**.py", sentences), ("**.html", "jinja2")]
    rows = extract_from_dir(ROOT / "segmenter", methods, keywords=KEYWORDS)  # type: ignore[arg-type]
    found: dict[str | tuple[str, ...], list[str]] = {}
    for file, _line, sentence, _comments, _context in sorted(rows, key=lambda row: row[:2]):
        found.setdefault(sentence, []).append(f"segmenter/{Path(file).as_posix()}")
    return found


def stored() -> dict[str | tuple[str, ...], Message]:
    """What the catalogue holds."""
    return {message.id: message for message in _catalogue() if message.id}


def _catalogue() -> Catalog:
    return read_po(io.BytesIO(PO.read_bytes()), locale="es")


def updated() -> str:
    """The catalogue as it must be, with the Spanish that there is."""
    old, new = stored(), Catalog(locale="es")
    for sentence, files in extracted().items():
        spanish = old[sentence].string if sentence in old else None
        message = new.add(sentence, spanish, locations=[(file, 0) for file in files])
        message.flags.clear()
    text = io.BytesIO()
    write_po(text, new, width=110, omit_header=True, include_lineno=False)
    return HEADER + text.getvalue().decode("utf-8").strip() + "\n"


def fields(text: str) -> set[str]:
    """The names in braces, those of formats and of YAML alike."""
    return set(re.findall(r"\{+(\w+)", text))


def forms(sentence: str | Sequence[str]) -> tuple[str, ...]:
    """Singular and plural, or the one there is."""
    return (sentence,) if isinstance(sentence, str) else tuple(sentence)


if __name__ == "__main__":
    PO.write_text(updated(), "utf-8")
    missing = [one.id for one in stored().values() if not all(forms(one.string))]
    sys.stdout.write("".join(f"not translated: {one!r}\n" for one in missing))
    sys.exit(bool(missing))
