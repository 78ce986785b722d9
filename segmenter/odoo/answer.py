"""The value in an XML-RPC answer, from the events of an XML parser.

Faster than the standard library's `Unmarshaller`: this is the innermost loop of every read.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any
from xmlrpc.client import Fault, ResponseError

BOOLEANS = {"0": False, "1": True}


class Answer:
    """The target of a parser: ``start``, ``end``, ``data``, ``xml``. `value` gives the result or raises its `Fault`."""

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
        """The one value of the answer."""
        if not self._ended or self._marks or len(self._stack) != 1:
            raise ResponseError
        answer = self._stack[0]
        if self._fault:
            raise Fault(answer["faultCode"], answer["faultString"])
        return answer

    def _listen(self) -> None:
        """Handlers as closures: local names are what makes them fast."""
        stack, marks, texts = self._stack, self._marks, list[str]()
        push, clear, rare = stack.append, texts.clear, self._rare
        last = ""  # the tag that began last, if nothing has ended since

        def start(tag: str, _attributes: Any) -> None:
            nonlocal last
            clear()
            last = tag
            if tag == "struct" or tag == "array":
                marks.append(len(stack))

        def end(tag: str) -> None:
            nonlocal last
            if tag == "string" or tag == "name":
                push(texts[0] if len(texts) == 1 else "".join(texts))
            elif tag == "value":
                if last == "value":  # text without a type is a string
                    push("".join(texts))
            elif tag == "member" or tag == "data":
                pass
            elif tag == "int":
                push(int("".join(texts)))
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
            else:
                rare(tag, "".join(texts))
            last = ""
            clear()

        self.start, self.end, self.data = start, end, texts.append

    def _rare(self, tag: str, text: str) -> None:
        if tag == "methodResponse":
            self._ended = True
        elif tag == "fault":
            self._fault = True
        elif tag == "nil":
            self._stack.append(None)
        elif tag in ("i4", "i8"):
            self._stack.append(int(text))
        elif tag == "dateTime.iso8601":
            self._stack.append(text)
        elif tag == "base64":
            self._stack.append(base64.b64decode(text))
        elif tag not in ("params", "param"):
            raise ResponseError(tag)
