"""Servers made of a few lines: `Scripted` answers from a list, `Recording` notes every call to a real one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from segmenter.odoo.server import Server, ServerIdentity

IDENTITY = ServerIdentity("https://crm.example", "crm", "19.0", "work@example.com", 7)
Call = tuple[str, str, list[Any], dict[str, Any]]


class Scripted:
    """Answers each call with the next of ``answers``: a value, an exception to raise, or a function of the call."""

    def __init__(self, answers: Iterable[Any] = (), *, identity: ServerIdentity = IDENTITY) -> None:
        self.identity = identity
        self.answers = list(answers)
        self.calls: list[Call] = []

    def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        self.calls.append((model, method, list(args), dict(kwargs)))
        answer = self.answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer(model, method, args, kwargs) if isinstance(answer, Callable) else answer


class Recording:
    """Passes calls on to ``server`` and keeps them in ``calls``; ``methods`` gives ``model.method`` of each."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.calls: list[Call] = []

    @property
    def identity(self) -> ServerIdentity:
        return self.server.identity

    @property
    def methods(self) -> list[str]:
        return [f"{model}.{method}" for model, method, _args, _kwargs in self.calls]

    def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        self.calls.append((model, method, list(args), dict(kwargs)))
        return self.server.execute_kw(model, method, args, kwargs)
