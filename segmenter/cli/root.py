"""``segmenter``: finds the command, and turns whatever goes wrong into one sentence and an exit code."""

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
from segmenter.cli.parts import Command, Option, everywhere
from segmenter.cli.settings import Settings
from segmenter.cli.speech import Translated, teach_click
from segmenter.files import private_files
from segmenter.i18n import LANGUAGES, N_, use_language

COMMANDS = (
    *("demo", "profile", "init", "check", "validate", "plan", "show", "report", "explain"),
    *("approve", "apply", "resume", "undo", "verify", "runs", "history"),
    *("log", "status", "handover", "completion"),
)
"""In the order of the work; each is the function of its name in `segmenter.cli.commands`."""


class Root(click.Group):
    """Imports a command when it is asked for. `main` never lets a traceback through."""

    help = Translated()

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """All of them, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> Command | None:
        """One of them; None for an unknown one."""
        if name not in COMMANDS:
            return None
        command: Command = import_module(f"segmenter.cli.commands.{name}").command
        return command

    def main(self, args: Sequence[str] | None = None, **options: Any) -> Any:  # type: ignore[override]
        """Run a command line and end the process with its exit code."""
        arguments = list(sys.argv[1:] if args is None else args)
        _speak(arguments)
        settings = Settings()
        options["standalone_mode"] = False
        options.setdefault("prog_name", "segmenter")
        with private_files(), failures.told(settings) as ended:
            ended.code = super().main(arguments, obj=settings, **options) or 0
        sys.exit(int(ended.code))


def _speak(arguments: Sequence[str]) -> None:
    """The language of ``--lang`` before click makes its first sentence (``--help`` may come before it)."""
    for position, word in enumerate(arguments):
        if word == "--":
            return
        said = word.partition("=")[2] if word.startswith("--lang=") else ""
        if word == "--lang" and position + 1 < len(arguments):
            said = arguments[position + 1]
        if said in LANGUAGES:  # click refuses any other, in the language of the environment
            use_language(said)


teach_click()


@click.command(
    "segmenter",
    cls=Root,
    help=N_(
        "Segmentation of an Odoo CRM as code: a spec becomes tags, stages and field values, with a plan to look at "
        "first and a ledger to audit, resume and undo.\n\nStart with: segmenter demo"
    ),
)
@click.version_option(__version__, message="%(prog)s %(version)s", cls=Option, help=N_("Show the version and exit."))
@everywhere
def cli() -> None:
    """The group itself does nothing."""


def main() -> None:
    """The entry point."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115
        elif hasattr(stream := getattr(sys, name), "reconfigure"):
            # A terminal that cannot show a letter gets a question mark, not a broken command.
            stream.reconfigure(errors="replace")
    cli.main()
