from __future__ import annotations

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from segmenter.cli import cli


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_asks_segmenter(shell: str) -> None:
    result = CliRunner().invoke(cli, ["completion", shell])
    assert result.exit_code == 0
    assert "_SEGMENTER_COMPLETE" in result.stdout


def test_commands_and_options_are_completed() -> None:
    complete = ShellComplete(cli, {}, "segmenter", "_SEGMENTER_COMPLETE")
    assert [one.value for one in complete.get_completions([], "ver")] == ["verify"]
    assert "--exit-code" in [one.value for one in complete.get_completions(["plan"], "--e")]
