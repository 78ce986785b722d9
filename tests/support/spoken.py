"""Finds sentences in the code that no catalogue knows: text passed as it is to whatever tells it to a person."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator

from segmenter import errors

EVERY = tuple(range(9))
TELLS: dict[str, tuple[int, ...]] = {
    # what is called -> which of its positions are told to a person
    **{name: (0,) for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, Exception)},
    "SpecError": (),
    "Problem": (1, 2),
    "Finding": (2, 3),
    "Outcome": (3,),
    "complain": EVERY,
    "counted": EVERY,
    "echo": (0,),
    "confirm": (0,),
    "prompt": (0,),
    "say": (0,),
    "_tell": (0,),
    "_step": (0,),
    "made": (1, 2),
    "command": (1, 2),
    "table": EVERY,
    "titled": (0,),
    "add_row": EVERY,
    "Text": (0,),
    "ngettext": (),
}
NAMES = frozenset({"what", "todo", "help", "text", "sentence"})
"""Keywords that hold sentences, whatever is called."""
MARKED = frozenset({"_", "N_", "NN_", "ngettext"})
WORD = re.compile(r"[^\W\d_]{3,}")


def outside_the_catalogue(source: str) -> list[tuple[int, str]]:
    """``(line, text)`` of each sentence that is told without passing through a catalogue."""
    found: set[tuple[int, str]] = set()
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for scope in (tree, *functions):
        assigned = _assigned(scope)
        for call in ast.walk(scope):
            if isinstance(call, ast.Call):
                for told in _told(call):
                    found.update(_plain(told, assigned, frozenset()))
    return sorted(found)


def _assigned(scope: ast.AST) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign) and not isinstance(scope, ast.Module):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
    return found


def _told(call: ast.Call) -> Iterator[ast.expr]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    for position in TELLS.get(name, ()):
        yield from call.args[position : position + 1]
    yield from (keyword.value for keyword in call.keywords if keyword.arg in NAMES)


def _plain(node: ast.expr, assigned: dict[str, list[ast.expr]], seen: frozenset[str]) -> Iterator[tuple[int, str]]:
    match node:
        case ast.Constant(value=str() as text) if WORD.search(text):
            yield node.lineno, text
        case ast.JoinedStr(values=parts) | ast.BoolOp(values=parts):
            for part in parts:
                yield from _plain(part, assigned, seen)
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            # An example of a command is (line, purpose): the line is typed as it stands.
            for part in parts[1:] if isinstance(node, ast.Tuple) else parts:
                yield from _plain(part, assigned, seen)
        case ast.BinOp(left=left, right=right):
            yield from _plain(left, assigned, seen)
            yield from _plain(right, assigned, seen)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _plain(body, assigned, seen)
            yield from _plain(orelse, assigned, seen)
        case ast.Call(func=ast.Attribute(value=value)):
            yield from _plain(value, assigned, seen)
        case ast.Name(id=name) if name not in seen:
            for value in assigned.get(name, ()):
                yield from _plain(value, assigned, seen | {name})
