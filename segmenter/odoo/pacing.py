"""How fast a host may be asked: so many calls a second, over so many connections at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HostPace:
    """The limits of a host. None: no limit."""

    calls_per_second: float | None = None
    connections: int | None = None

    @property
    def limited(self) -> bool:
        """Whether there is a limit at all."""
        return self.calls_per_second is not None or self.connections is not None

    def seconds(self, calls: int) -> float:
        """The least seconds that so many calls take."""
        return calls / self.calls_per_second if self.calls_per_second else 0.0


class Pacer:
    """Gives the calls to one host their turns. Thread-safe. ``sleep``, ``now``: the clock, in seconds."""

    def __init__(
        self,
        pace: HostPace,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.pace = pace
        self._sleep, self._now = sleep, now
        self._room = threading.BoundedSemaphore(pace.connections) if pace.connections else None
        self._lock = threading.Lock()
        self._free = now()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The block is one call. It begins when the host may be asked."""
        with self._room or nullcontext():
            if seconds := self._wait():
                self._sleep(seconds)
            yield

    def hold(self, seconds: float) -> None:
        """No call begins before so many seconds have passed: the host asked for it."""
        with self._lock:
            self._free = max(self._free, self._now() + seconds)

    def _wait(self) -> float:
        """Takes the next turn; the seconds until it."""
        with self._lock:
            now = self._now()
            begins = max(now, self._free)
            self._free = begins + self.pace.seconds(1)
            return begins - now
