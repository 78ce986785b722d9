"""Shows a run's progress as a bar, and lets Ctrl-C stop it between batches."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.text import Text

from segmenter.cli.output import err, say
from segmenter.execution import Progress
from segmenter.i18n import _


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(_("{rate} records/s").format(rate=f"{speed:.0f}") if speed else "", "dim")


@dataclass(frozen=True)
class Watch:
    """``stop`` is set by Ctrl-C; ``progress`` moves the bar."""

    stop: threading.Event
    bar: Bar

    def progress(self, now: Progress) -> None:
        """Moves the bar to where the run is."""
        title = _("Configuration") if now.phase == "config" else _("Records")
        if not self.bar.task_ids:
            self.bar.add_task(title, total=now.total)
        self.bar.update(self.bar.task_ids[0], description=title, completed=now.done, total=now.total)


@contextmanager
def watching() -> Iterator[Watch]:
    """Shows a bar on stderr during a run, where that is a terminal; the first Ctrl-C asks the run to stop."""
    stop = threading.Event()
    console = err()
    bar = Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(compact=True),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )

    def interrupted(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        say(_("Stopping after the batches that are under way. Ctrl-C again breaks off at once."), "yellow")

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, interrupted)
    try:
        with bar:
            yield Watch(stop, bar)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
