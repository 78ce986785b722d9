"""Help and usage messages in the user's language, click's own among them."""

from __future__ import annotations

from typing import Any

from click import core, decorators, exceptions, formatting, parser, termui, types

from segmenter import i18n
from segmenter.i18n import N_, NN_

CLICK = (
    # The sentences of click that a person meets here. Click asks gettext's global domain, which is not ours to set,
    # so `teach_click` gives it our catalogue; what is not listed stays English.
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


def teach_click() -> None:
    """Let click look its sentences up in our catalogue, whose language can change while the process lives."""
    for module in (core, decorators, exceptions, formatting, parser, termui, types):
        for name in ("_", "ngettext"):
            if hasattr(module, name):
                setattr(module, name, getattr(i18n, name))


class Translated:
    """An attribute that holds an English sentence marked with ``N_`` and reads in the user's language."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}_in_english"

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        text = instance.__dict__.get(self._name)
        return i18n._(text) if text else text

    def __set__(self, instance: Any, text: str | None) -> None:
        instance.__dict__[self._name] = text
