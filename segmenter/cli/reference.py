"""The reference of the command line, made of the commands themselves: ``python -m segmenter.cli.reference``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from segmenter.cli.parts import Command
from segmenter.cli.root import COMMANDS, cli
from segmenter.errors import ExitCode
from segmenter.i18n import speaking

HEAD = """\
# Command line

Made by `python -m segmenter.cli.reference > docs/cli.md`; a test holds it to the commands.

Data go to stdout, everything else to stderr. `--format json` gives documents of a stable shape: each says its `kind`
and its `schema`, and the functions `document` and `write_json` of `segmenter/reports/` describe the rest.
"""
ENDS = {
    ExitCode.DONE: "done",
    ExitCode.ERROR: "error",
    ExitCode.USAGE: "the command line asks for something that cannot be",
    ExitCode.LIMITS: "a limit is exceeded, an example fails or a right is missing: the plan is not applied",
    ExitCode.STALE: "the plan is stale, or records were left because somebody changed them",
    ExitCode.PARTLY: "a run stopped before its end; it can be resumed",
    ExitCode.WOULD_CHANGE: "`plan --exit-code` and `verify`: something would change",
}


def reference() -> str:
    """The whole reference in Markdown, in English."""
    with speaking("en"):
        return "\n".join(_lines())


def _lines() -> Iterator[str]:
    root = click.Context(cli, info_name="segmenter")
    yield HEAD
    yield "## Exit codes\n\n| code | meaning |\n|---|---|"
    yield from (f"| {code.value} | {meaning} |" for code, meaning in ENDS.items())
    yield "\n## Everywhere\n"
    everywhere = [one for one in cli.get_params(root) if isinstance(one, click.Option)]
    yield from _options(everywhere, root)
    known = {str(one.name) for one in everywhere}
    for name in COMMANDS:
        command = cli.get_command(root, name)
        assert isinstance(command, Command)
        yield from _command(command, click.Context(command, root, info_name=name), known)


def _command(command: Command, ctx: click.Context, known: set[str]) -> Iterator[str]:
    yield f"\n## {command.name}\n"
    yield f"`segmenter {' '.join([str(command.name), *command.collect_usage_pieces(ctx)])}`\n"
    yield f"{command.help}\n"
    own = [one for one in command.get_params(ctx) if isinstance(one, click.Option) and one.name not in known]
    if own:
        yield from _options(own, ctx)
        yield ""
    yield "```sh"
    for line, purpose in command.examples:
        yield f"{line}  # {purpose}"
    yield "```"


def _options(options: list[click.Option], ctx: click.Context) -> Iterator[str]:
    yield "| option | meaning |\n|---|---|"
    for one in options:
        names, meaning = one.get_help_record(ctx) or ("", "")
        shown = names.replace("|", "\\|")
        yield f"| `{shown}` | {meaning} |"


if __name__ == "__main__":
    sys.stdout.write(reference() + "\n")
