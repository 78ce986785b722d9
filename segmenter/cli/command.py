"""What every command is made of: its class, the options that several share, and help in the user's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click
from click import core, decorators, exceptions, formatting, parser, termui, types

from segmenter import i18n
from segmenter.cli.settings import Settings
from segmenter.i18n import LANGUAGES, N_, NN_, _, use_language

F = TypeVar("F", bound=Callable[..., Any])
Example = tuple[str, str]
"""A command line, and what it is for."""

CLICK = (
    # The sentences of click that a person meets here. Click looks them up in gettext's global domain, which is not ours
    # to set, so `translate_click` gives it our catalogue. Sentences that are not listed stay English.
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Error: {message}"),
    N_("Try '{command} {option}' for help."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Missing command."),
    N_("No such option {name!r}."),
    N_("No such command {name!r}."),
    N_("Choose from:\n\t{choices}"),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    NN_("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    N_("Option {name!r} does not take a value."),
    NN_("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    NN_("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    NN_("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    N_("default: {default}"),
    N_("required"),
)


PLACEHOLDERS = (
    *(
        N_("ARGS"),
        N_("CLIENT"),
        N_("CODE"),
        N_("COMMAND"),
        N_("DATE"),
        N_("EXPORT"),
        N_("FILE"),
        N_("FOLDER"),
        N_("HASH"),
    ),
    *(N_("LIMIT"), N_("LOGIN"), N_("MOMENT"), N_("NAME"), N_("OPTIONS"), N_("PLACE"), N_("REASON"), N_("RECORD")),
    *(N_("RUN"), N_("SECONDS"), N_("TEXT"), N_("TIME"), N_("ZONE")),
)
"""What stands for a value in help and usage; SPEC, PLAN, ID and URL are the same everywhere."""
_PLACEHOLDER = re.compile(r"\b[A-Z]+\b")


class _TypeName:
    """What click calls a type of numbers, in the user's language."""

    def __init__(self, english: str) -> None:
        self._english = english

    def __get__(self, _instance: Any, _owner: type | None = None) -> str:
        return _(self._english)


def translate_click() -> None:
    """Makes click look up its sentences in our catalogue, whose language can change while the process lives."""
    for module in (core, decorators, exceptions, formatting, parser, termui, types):
        for name in ("_", "ngettext"):
            if hasattr(module, name):
                setattr(module, name, getattr(i18n, name))
    for kinds, english in (((types.IntParamType, types.IntRange), N_("integer")), ((types.FloatRange,), N_("number"))):
        for kind in kinds:
            setattr(kind, "name", _TypeName(english))  # noqa: B010


class Translated:
    """An attribute that is set to an English sentence, marked with ``N_``, and read in the user's language."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}_in_english"

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        text = instance.__dict__.get(self._name)
        return i18n._(text) if text else text

    def __set__(self, instance: Any, text: str | None) -> None:
        instance.__dict__[self._name] = text


def _placeholders(text: str) -> str:
    """``[PLAN|EJECUCIÓN]`` of ``[PLAN|RUN]``, for a user who reads Spanish."""
    return _PLACEHOLDER.sub(lambda found: _(found[0]) if found[0] in PLACEHOLDERS else found[0], text)


class Option(click.Option):
    """An option whose help is shown in the user's language."""

    help = Translated()

    def make_metavar(self, ctx: click.Context) -> str:
        """What stands for the value in help."""
        return _placeholders(super().make_metavar(ctx))


class Argument(click.Argument):
    """An argument that is called in the user's language."""

    def make_metavar(self, ctx: click.Context) -> str:
        """What stands for the value in help."""
        return _placeholders(super().make_metavar(ctx))

    @property
    def human_readable_name(self) -> str:
        """What errors call it."""
        return _placeholders(super().human_readable_name)


class Usage(click.Command):
    """A command whose usage is shown in the user's language."""

    help = Translated()

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The parts of the usage line behind the command's name."""
        own = [self.options_metavar or "", getattr(self, "subcommand_metavar", "")]
        return [_placeholders(piece) if piece in own else piece for piece in super().collect_usage_pieces(ctx)]


class Command(Usage):
    """A command with examples, whose help is shown in the user's language."""

    def __init__(self, name: str | None, *, examples: Sequence[Example] = (), **attributes: Any) -> None:
        super().__init__(name, **attributes)
        self.examples = tuple(examples)

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the examples below everything else."""
        with formatter.section(_("Examples")):
            for position, (line, purpose) in enumerate(self.examples):
                if position:
                    formatter.write_paragraph()
                formatter.write_text(f"# {_(purpose)}")
                formatter.write(f"{'':>{formatter.current_indent}}{line}\n")


def option(*names: str, **attributes: Any) -> Callable[[F], F]:
    """``click.option``, whose help is shown in the user's language."""
    return click.option(*names, cls=Option, **attributes)


def argument(name: str, **attributes: Any) -> Callable[[F], F]:
    """``click.argument``, called in the user's language."""
    return click.argument(name, cls=Argument, **attributes)


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
        help=N_("How long each call to Odoo may take, as a whole. It ends the waiting, not the server's work."),
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
"""Replaces click's own, which keeps the language in which help was first shown."""


def common_options(function: F) -> F:
    """Adds the options of the group and of every command."""
    for decorate in (_help, _debug, _colour, _lang):
        function = decorate(function)
    return function


def formats(*names: str) -> Callable[[F], F]:
    """Adds ``--format`` to a command that prints data; text is the default."""
    kinds = click.Choice(["text", *(names or ("json",))])
    return _global("format", "--format", type=kinds, help=N_("How to print it."))


def connection_options(function: F) -> F:
    """Adds the options of commands that connect to Odoo."""
    for decorate in reversed(_server):
        function = decorate(function)
    return function


def make_command(name: str, help: str, examples: Sequence[Example]) -> Callable[[Callable[..., Any]], Command]:
    """Turns a function into a command. The function returns the exit code, or None for 0."""

    def decorate(function: Callable[..., Any]) -> Command:
        return click.command(name, cls=Command, help=help, examples=examples)(common_options(function))

    return decorate
