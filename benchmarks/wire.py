"""What crosses the wire: a server that notes each call, and the sums and lists that say which call costs what."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from segmenter.odoo.server import Server, ServerIdentity

FEW = 6


@dataclass(frozen=True)
class Call:
    """One call. ``idle``: seconds between the end of the same connection's last call and the start of this one."""

    phase: str
    model: str
    method: str
    about: str
    seconds: float
    idle: float
    started: float


@dataclass
class Recorder:
    """A `Server` that passes every call on, from several threads, and notes it."""

    server: Server
    phase: str = ""
    calls: list[Call] = field(default_factory=list)
    _ended: dict[int, float] = field(default_factory=dict)

    @property
    def identity(self) -> ServerIdentity:
        """Who answers."""
        return self.server.identity

    def begin(self, phase: str) -> None:
        """Note the calls from here on under this name."""
        self.phase = phase
        self._ended.clear()
        self._ended[threading.get_ident()] = time.monotonic()

    def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Call the server."""
        me, phase, started = threading.get_ident(), self.phase, time.monotonic()
        idle = started - self._ended.get(me, started)
        answer = None
        try:
            answer = self.server.execute_kw(model, method, args, kwargs)
            return answer
        finally:
            ended = time.monotonic()
            self._ended[me] = ended
            about = _about(args, kwargs, answer)
            self.calls.append(Call(phase, model, method, about, ended - started, idle, started))


def _about(args: Sequence[Any], kwargs: Mapping[str, Any], answer: object) -> str:
    """What is asked of how many, in some words."""
    parts = [_short(arg) for arg in args]
    parts += [f"{key}={_short(kwargs[key])}" for key in ("fields", "groupby", "aggregates") if key in kwargs]
    given = f" -> {len(answer)}" if isinstance(answer, list) else ""
    return ", ".join(parts) + given


def _short(value: object) -> str:
    if isinstance(value, list | tuple) and value and all(isinstance(one, int) for one in value):
        return f"{len(value)} ids"
    if isinstance(value, list | tuple):
        shown = [_short(one) for one in value[:FEW]] + (["..."] if len(value) > FEW else [])
        return f"[{', '.join(shown)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_short(one)}' for key, one in list(value.items())[:FEW])}}}"
    return str(value)[:40]


def busy(calls: Iterable[Call]) -> float:
    """Seconds in which at least one call was under way."""
    total, until = 0.0, float("-inf")
    for call in sorted(calls, key=lambda call: call.started):
        end = call.started + call.seconds
        total += max(0.0, end - max(until, call.started))
        until = max(until, end)
    return total


def as_rows(calls: Iterable[Call]) -> list[dict[str, Any]]:
    """The calls for JSON."""
    return [asdict(call) for call in calls]


def sums(calls: Sequence[Call], seconds: Mapping[str, float]) -> list[str]:
    """Markdown: the calls of each phase by method, and what is left for the client. ``seconds``: of each phase.

    What a method took is summed over both connections; "all" counts the time when at least one call was under way.
    """
    lines = ["| phase | call | calls | seconds on the wire | longest |", "|---|---|---|---|---|"]
    for phase, total in seconds.items():
        of_phase = [call for call in calls if call.phase == phase]
        by_method: dict[tuple[str, str], list[float]] = defaultdict(list)
        for call in of_phase:
            by_method[call.model, call.method].append(call.seconds)
        for (model, method), times in sorted(by_method.items(), key=lambda item: -sum(item[1])):
            lines.append(f"| {phase} | `{model}.{method}` | {len(times)} | {sum(times):.2f} | {max(times):.2f} |")
        on_wire = busy(of_phase)
        lines.append(
            f"| {phase} | **all** | {len(of_phase)} | {on_wire:.2f} of {total:.2f}, both connections as one | |"
        )
        lines.append(f"| {phase} | *the client, no call under way* | | {total - on_wire:.2f} | |")
    return lines


def listing(calls: Sequence[Call]) -> list[str]:
    """A line for each call, as they ended."""
    return [
        f"{call.phase:6} {call.idle:7.3f} client {call.seconds:7.3f} wire  {call.model}.{call.method}({call.about})"
        for call in calls
    ]
