"""``segmenter completion``: the shell completes commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from segmenter.cli.command import argument, make_command
from segmenter.i18n import N_


@make_command(
    "completion",
    N_("Print the script with which a shell completes the commands and options of segmenter."),
    [
        ("segmenter completion bash >> ~/.bashrc", N_("For bash")),
        ("segmenter completion zsh >> ~/.zshrc", N_("For zsh")),
        ("segmenter completion fish > ~/.config/fish/completions/segmenter.fish", N_("For fish")),
    ],
)
@argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Prints the script."""
    completion = get_completion_class(shell)
    root = click.get_current_context().find_root()
    assert completion is not None
    click.echo(completion(root.command, {}, "segmenter", "_SEGMENTER_COMPLETE").source())
