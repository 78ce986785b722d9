"""Builds the value of an XML-RPC answer from the events of an XML parser.

It is faster than the standard library's `Unmarshaller`, since this is the innermost loop of every read. It is stricter
too: it refuses an element where XML-RPC has none, and attributes. So only arrays and structs can be nested.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from sys import intern
from typing import Any
from xmlrpc.client import Fault, ResponseError

BOOLEANS = {"0": False, "1": True}
DEEPEST = 100
"""The greatest depth of arrays and structs."""
MOST_VALUES = 2_000_000
"""The most values in one answer: more than the ids of any CRM, and few enough for memory."""
LEAST, MOST = -(2**31), 2**31 - 1
"""The whole numbers of XML-RPC."""

_NOTHING: frozenset[str] = frozenset()
_VALUE, _NAME, _MEMBER = frozenset({"value"}), frozenset({"name"}), frozenset({"member"})
_TYPES = frozenset(
    ("int", "i4", "i8", "boolean", "double", "string", "struct", "array", "nil", "dateTime.iso8601", "base64")
)
INSIDE: dict[str, frozenset[str]] = {
    **dict.fromkeys(_TYPES, _NOTHING),
    "methodResponse": frozenset({"params", "fault"}),
    "params": frozenset({"param"}),
    "param": _VALUE,
    "fault": _VALUE,
    "value": _TYPES,
    "struct": _MEMBER,
    "member": _NAME,
    "name": _NOTHING,
    "array": frozenset({"data"}),
    "data": _VALUE,
}
"""Element -> the elements that may begin first inside it."""


class Answer:
    """A parser's target: ``start``, ``end``, ``data``, ``xml``. `value` returns the result or raises its `Fault`."""

    start: Callable[[str, Any], None]
    end: Callable[[str], None]
    data: Callable[[str], None]

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._fault = self._ended = False
        self._listen()

    def xml(self, encoding: str | None, standalone: bool | None) -> None:
        """Nothing depends on the declaration: the parser decodes."""

    def value(self) -> Any:
        """The value of the answer. Raises its `Fault`, or ResponseError for an incomplete answer."""
        if not self._ended or self._marks or len(self._stack) != 1:
            raise ResponseError
        answer = self._stack[0]
        if not self._fault:
            return answer
        code, text = answer["faultCode"], answer["faultString"]
        if type(code) is not int or type(text) is not str:
            raise ResponseError
        raise Fault(code, text)

    def _listen(self) -> None:
        """Defines the handlers as closures, since local names are fast."""
        stack, marks, texts = self._stack, self._marks, list[str]()
        push, clear, rare, inside = stack.append, texts.clear, self._rare, INSIDE
        may_begin = frozenset({"methodResponse"})

        def start(tag: str, attributes: Any) -> None:
            nonlocal may_begin
            if tag not in may_begin or attributes:
                raise ResponseError(tag)
            clear()
            may_begin = inside[tag]
            if may_begin is _TYPES:
                return
            if tag == "struct" or tag == "array":
                marks.append(len(stack))
                if len(marks) > DEEPEST:
                    raise ResponseError(tag)

        def end(tag: str) -> None:
            nonlocal may_begin
            if tag == "value":
                if may_begin is _TYPES:  # text without a type is a string
                    push(intern("".join(texts)))
                may_begin = _VALUE
                return
            if tag == "name":
                push(intern("".join(texts)))
                may_begin = _VALUE
                return
            if tag == "member":
                may_begin = _MEMBER
                return
            if tag == "string":
                push(texts[0] if len(texts) == 1 else "".join(texts))
            elif tag == "int":
                number = int("".join(texts))
                if not LEAST <= number <= MOST:
                    raise ResponseError(tag)
                push(number)
            elif tag == "boolean":
                push(BOOLEANS["".join(texts)])
            elif tag == "double":
                push(float("".join(texts)))
            elif tag == "struct":
                mark = marks.pop()
                names, values = stack[mark::2], stack[mark + 1 :: 2]
                stack[mark:] = [dict(zip(names, values, strict=True))]
            elif tag == "array":
                mark = marks.pop()
                stack[mark:] = [stack[mark:]]
            elif tag != "data":
                rare(tag, "".join(texts))
            may_begin = _NOTHING

        self.start, self.end, self.data = start, end, texts.append

    def _rare(self, tag: str, text: str) -> None:
        if tag == "methodResponse":
            self._ended = True
        elif tag == "fault":
            self._fault = True
        elif tag == "nil":
            self._stack.append(None)
        elif tag in ("i4", "i8") and LEAST <= int(text) <= MOST:
            self._stack.append(int(text))
        elif tag == "dateTime.iso8601":
            self._stack.append(text)
        elif tag == "base64":
            self._stack.append(base64.b64decode(text))
        elif tag not in ("params", "param"):
            raise ResponseError(tag)
