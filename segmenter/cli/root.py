"""``segmenter``: the group of all commands, and the entry point."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from segmenter import __version__
from segmenter.cli import failures
from segmenter.cli.command import Command, Option, Usage, common_options, translate_click
from segmenter.cli.settings import Settings
from segmenter.files import private_files
from segmenter.i18n import LANGUAGES, N_, use_language

COMMANDS = (
    *("demo", "profile", "init", "check", "validate", "meeting", "acta", "plan", "show", "diff", "report", "explain"),
    *("approve", "apply", "by-hand", "resume", "undo", "verify", "runs", "history"),
    *("log", "status", "board", "handover", "completion"),
)
"""In the order of the work. Each is ``command`` in the module of its name in `segmenter.cli.commands`."""


class Root(Usage, click.Group):
    """The group of commands. Imports a command only when it is used, so that ``--help`` is fast."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """The names of all commands, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> Command | None:
        """The command of that name; None for an unknown name."""
        if name not in COMMANDS:
            return None
        command: Command = import_module(f"segmenter.cli.commands.{name.replace('-', '_')}").command
        return command

    def main(self, args: Sequence[str] | None = None, **options: Any) -> Any:  # type: ignore[override]
        """Runs a command line and ends the process with its exit code; every error becomes one sentence."""
        arguments = list(sys.argv[1:] if args is None else args)
        _use_language_of(arguments)
        settings = Settings()
        options["standalone_mode"] = False
        options.setdefault("prog_name", "segmenter")
        with private_files(), failures.errors_explained(settings) as ended:
            ended.code = super().main(arguments, obj=settings, **options) or 0
        sys.exit(int(ended.code))


def _use_language_of(arguments: Sequence[str]) -> None:
    """Uses the language of ``--lang`` before click makes its first sentence: ``--help`` may stand before it."""
    for position, word in enumerate(arguments):
        if word == "--":
            return
        code = word.partition("=")[2] if word.startswith("--lang=") else ""
        if word == "--lang" and position + 1 < len(arguments):
            code = arguments[position + 1]
        if code in LANGUAGES:  # click refuses any other, in the language of the environment
            use_language(code)


translate_click()


@click.command(
    "segmenter",
    cls=Root,
    help=N_(
        "Segmentation of an Odoo CRM as code: a spec becomes tags, stages and field values, with a plan to look at "
        "first and a ledger to audit, resume and undo.\n\nStart with: segmenter demo"
    ),
)
@click.version_option(__version__, message="%(prog)s %(version)s", cls=Option, help=N_("Show the version and exit."))
@common_options
def cli() -> None:
    """The group itself does nothing."""


def main() -> None:
    """Runs the command line of this process."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the program that started this one
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115
        elif hasattr(stream := getattr(sys, name), "reconfigure"):
            # A terminal that cannot show a letter gets a question mark, not a broken command.
            stream.reconfigure(errors="replace")
    cli.main()
