from __future__ import annotations

import os
import signal

import click
import pytest

from segmenter.cli.root import cli
from segmenter.cli.settings import Settings
from segmenter.cli.watch import watching
from segmenter.execution import Progress


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_interrupt_asks_the_run_to_stop_and_the_second_breaks_off(
    number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(number)
    with click.Context(cli, obj=Settings()), watching() as watch:
        os.kill(os.getpid(), number)
        assert watch.stop.is_set()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)
    assert "Stopping after the batches" in capsys.readouterr().err
    assert signal.getsignal(number) is before


def test_the_bar_follows_the_run() -> None:
    with click.Context(cli, obj=Settings()), watching() as watch:
        watch.progress(Progress(1, 4, "config"))
        watch.progress(Progress(200, 800, "records"))
        (task,) = watch.bar.tasks
        assert (task.completed, task.total, task.description) == (200, 800, "Records")


def test_no_bar_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with click.Context(cli, obj=Settings()), watching() as watch:
        watch.progress(Progress(1, 2, "records"))
    assert capsys.readouterr() == ("", "")
