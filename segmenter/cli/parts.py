"""The classes and options that all commands are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from segmenter.cli.settings import Settings
from segmenter.cli.speech import Translated
from segmenter.i18n import LANGUAGES, N_, _, use_language

F = TypeVar("F", bound=Callable[..., Any])
Example = tuple[str, str]
"""A command line, and what it is for."""


class Option(click.Option):
    """An option whose help reads in the user's language."""

    help = Translated()


class Command(click.Command):
    """A command with examples, whose help reads in the user's language. It answers with an exit code."""

    help = Translated()

    def __init__(self, name: str | None, *, examples: Sequence[Example] = (), **attributes: Any) -> None:
        super().__init__(name, **attributes)
        self.examples = tuple(examples)

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples, after everything else."""
        with formatter.section(_("Examples")):
            for position, (line, purpose) in enumerate(self.examples):
                if position:
                    formatter.write_paragraph()
                formatter.write_text(f"# {_(purpose)}")
                formatter.write(f"{'':>{formatter.current_indent}}{line}\n")


def option(*names: str, **attributes: Any) -> Callable[[F], F]:
    """``click.option`` with help in the user's language."""
    return click.option(*names, cls=Option, **attributes)


def _setting(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(ctx: click.Context, _parameter: click.Parameter, value: Any) -> None:
        if value is not None:
            setattr(ctx.ensure_object(Settings), name, value)

    return keep


def _global(name: str, *names: str, help: str, **attributes: Any) -> Callable[[F], F]:
    return option(*names, expose_value=False, callback=_setting(name), help=help, default=None, **attributes)


def _language(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value:
        ctx.ensure_object(Settings).language = value
        use_language(value)


_lang = option(
    "--lang",
    type=click.Choice(LANGUAGES),
    is_eager=True,
    expose_value=False,
    callback=_language,
    help=N_("Language of messages; otherwise SEGMENTER_LANG or the locale."),
)
_colour = _global(
    "colour", "--no-colour", "--no-color", flag_value=False, type=bool, help=N_("No colours; NO_COLOR does the same.")
)
_debug = _global(
    "debug", "--debug", is_flag=True, flag_value=True, type=bool, help=N_("Show the traceback of an unexpected error.")
)
ledger_option = _global(
    "ledger",
    "--ledger",
    metavar="PLACE",
    help=N_("File or postgresql:// URL; otherwise SEGMENTER_LEDGER, or segmenter.ledger beside the spec."),
)
_server = (
    _global(
        "timeout",
        "--timeout",
        type=click.FloatRange(min=1),
        metavar="SECONDS",
        help=N_("How long each call to Odoo may take, as a whole."),
    ),
    _global(
        "allow_http",
        "--allow-http",
        is_flag=True,
        flag_value=True,
        type=bool,
        help=N_("Let the key travel unencrypted to a server that is not this machine."),
    ),
    _global("ca_file", "--ca-file", metavar="FILE", help=N_("Certificates to trust instead of the system's.")),
    _global(
        "forced_reason",
        "--force-user",
        metavar="REASON",
        help=N_("Work as an administrator or portal user all the same, and why."),
    ),
)


_help = click.help_option("--help", cls=Option, help=N_("Show this message and exit."))
"""In place of click's own, which keeps the language in which it was first asked for."""


def everywhere(function: F) -> F:
    """Options of the group and of every command."""
    for add in (_help, _debug, _colour, _lang):
        function = add(function)
    return function


def formats(*names: str) -> Callable[[F], F]:
    """``--format`` for a command that prints data; text is the default."""
    kinds = click.Choice(["text", *(names or ("json",))])
    return _global("format", "--format", type=kinds, help=N_("How to print it."))


def talks_to_odoo(function: F) -> F:
    """Options of commands that connect."""
    for add in reversed(_server):
        function = add(function)
    return function


def command(name: str, help: str, examples: Sequence[Example]) -> Callable[[Callable[..., Any]], Command]:
    """Make a command of a function that gives its exit code, or None for 0."""

    def made(function: Callable[..., Any]) -> Command:
        return click.command(name, cls=Command, help=help, examples=examples)(everywhere(function))

    return made
