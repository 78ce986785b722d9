"""Connections on which something goes wrong at the n-th write: each wraps a `Server` and is one itself."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xmlrpc.client import Fault

from segmenter.odoo.server import Server, ServerIdentity

WRITING = ("write", "create", "unlink")
Do = Callable[[], Any]


@dataclass
class Trouble:
    """Counts the calls that write, over every connection it wraps, and hands the ``at``-th one (first: 1) to ``meet``.

    ``meet(do, args)`` gives the answer; ``do`` makes the call. ``on``: the model whose calls count.
    """

    at: int
    meet: Callable[[Do, Sequence[Any]], Any]
    on: str
    forever: bool = False
    count: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, server: Server) -> Server:
        return _Wrapped(self, server)

    def strikes(self, model: str, method: str) -> bool:
        if method not in WRITING or self.on != model:
            return False
        with self._lock:
            self.count += 1
            return self.count == self.at or (self.forever and self.count > self.at)


@dataclass
class _Wrapped:
    trouble: Trouble
    server: Server

    @property
    def identity(self) -> ServerIdentity:
        return self.server.identity

    def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        def do() -> Any:
            return self.server.execute_kw(model, method, args, kwargs)

        return self.trouble.meet(do, args) if self.trouble.strikes(model, method) else do()


def silence_after(at: int, on: str = "crm.lead") -> Trouble:
    """The server does what it is asked, and dies before it answers."""

    def meet(do: Do, args: Sequence[Any]) -> Any:
        do()
        raise ConnectionResetError("the server died")

    return Trouble(at, meet, on)


def silence_before(at: int, on: str = "crm.lead") -> Trouble:
    """The server dies with the call in its hands, and does nothing of it."""

    def meet(do: Do, args: Sequence[Any]) -> Any:
        raise ConnectionResetError("the server died")

    return Trouble(at, meet, on)


def busy(at: int, *, forever: bool = False) -> Trouble:
    """The server gives up on a write that somebody else's writes keep away."""

    def meet(do: Do, args: Sequence[Any]) -> Any:
        raise Fault(1, "...\npsycopg2.errors.SerializationFailure: could not serialize access due to concurrent update")

    return Trouble(at, meet, "crm.lead", forever)


def before(at: int, happens: Callable[[], None], on: str = "crm.lead") -> Trouble:
    """Something happens between the reading of a batch and its writing."""

    def meet(do: Do, args: Sequence[Any]) -> Any:
        happens()
        return do()

    return Trouble(at, meet, on)


def after(at: int, happens: Callable[[], None], on: str = "crm.lead") -> Trouble:
    """Something happens between the writing of a batch and its reading back."""

    def meet(do: Do, args: Sequence[Any]) -> Any:
        answer = do()
        happens()
        return answer

    return Trouble(at, meet, on)


def killed(at: int, when: str, on: str) -> Trouble:
    """This very process is killed ``before`` or ``after`` the call, as ``kill -9`` does."""

    def meet(do: Do, args: Sequence[Any]) -> Any:
        if when == "after":
            do()
        os.kill(os.getpid(), signal.SIGKILL)

    return Trouble(at, meet, on)
