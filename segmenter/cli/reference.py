"""Makes ``docs/cli.md`` and ``docs/cli.es.md`` from the commands: ``python -m segmenter.cli.reference en``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from textwrap import fill

import click

from segmenter.cli.command import Command
from segmenter.cli.root import COMMANDS, cli
from segmenter.errors import ExitCode
from segmenter.i18n import N_, _, speaking

WIDTH = 120

PAGES = {"en": "docs/cli.md", "es": "docs/cli.es.md"}
HEAD = (
    N_("Made by `{command}`; a test holds it to the commands."),
    N_(
        "Data go to stdout, everything else to stderr. `--format json` gives documents of a stable shape: each "
        "says its `kind` and its `schema`, and the functions `document` and `write_json` of `segmenter/reports/` "
        "describe the rest."
    ),
    N_(
        "This is version 2 of them. What a program needs is a code, a number, a date or a name of the client's, "
        "in no language: a notice has a `code`, `counts` and `names`; a violation a `limit`, what was `found`, "
        "what is `allowed`, and perhaps a notice as its `about`; a condition is `all`, `any` or `not` over leaves"
        " with `field`, `operator` and `values`; a range has `least` and `most`, a period `start` and `end`. "
        "Beside it stands a sentence for people, under `text` or a key that ends in `_text`, in the language of "
        "whoever asks (`SEGMENTER_LANG`). Version 1 had the sentences alone."
    ),
)
EXIT_CODES = {
    ExitCode.DONE: N_("everything was done"),
    ExitCode.ERROR: N_("error"),
    ExitCode.USAGE: N_("the command line asks for something that cannot be"),
    ExitCode.LIMITS: N_("a limit is exceeded, an example fails or a right is missing: the plan is not applied"),
    ExitCode.STALE: N_("the plan is stale, or records were left because somebody changed them"),
    ExitCode.PARTLY: N_("a run stopped before its end; it can be resumed"),
    ExitCode.WOULD_CHANGE: N_("`plan --exit-code` and `verify`: something would change"),
}


def reference(language: str = "en") -> str:
    """The whole reference in Markdown."""
    with speaking(language):
        return "\n".join(_lines(language))


def _lines(language: str) -> Iterator[str]:
    root = click.Context(cli, info_name="segmenter")
    command_line = f"python -m segmenter.cli.reference {language} > {PAGES[language]}"
    yield f"# {_('Command line')}\n"
    for paragraph in HEAD:
        text = _(paragraph).format(command=command_line)
        yield fill(text, WIDTH, break_long_words=False, break_on_hyphens=False) + "\n"
    yield f"## {_('Exit codes')}\n\n| {_('code')} | {_('meaning')} |\n|---|---|"
    yield from (f"| {code.value} | {_(meaning)} |" for code, meaning in EXIT_CODES.items())
    yield f"\n## {_('Everywhere')}\n"
    common = [parameter for parameter in cli.get_params(root) if isinstance(parameter, click.Option)]
    yield from _options(common, root)
    known = {str(option.name) for option in common}
    for name in COMMANDS:
        command = cli.get_command(root, name)
        assert isinstance(command, Command)
        yield from _command(command, click.Context(command, root, info_name=name), known)


def _command(command: Command, ctx: click.Context, known: set[str]) -> Iterator[str]:
    yield f"\n## {command.name}\n"
    yield f"`segmenter {' '.join([str(command.name), *command.collect_usage_pieces(ctx)])}`\n"
    yield f"{command.help}\n"
    parameters = command.get_params(ctx)
    own = [option for option in parameters if isinstance(option, click.Option) and option.name not in known]
    if own:
        yield from _options(own, ctx)
        yield ""
    yield "```sh"
    for line, purpose in command.examples:
        yield f"{line}  # {_(purpose)}"
    yield "```"


def _options(options: list[click.Option], ctx: click.Context) -> Iterator[str]:
    yield f"| {_('option')} | {_('meaning')} |\n|---|---|"
    for option in options:
        names, meaning = option.get_help_record(ctx) or ("", "")
        shown = names.replace("|", "\\|")
        yield f"| `{shown}` | {meaning} |"


if __name__ == "__main__":
    sys.stdout.write(reference(*sys.argv[1:]) + "\n")
