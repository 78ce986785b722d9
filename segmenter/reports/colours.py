"""Odoo's twelve tag colours: a chip on the terminal, and its name for whoever sees none."""

from __future__ import annotations

from rich.text import Text

from segmenter.i18n import N_, _

COLOURS = (
    ("", N_("grey")),
    ("#f06050", N_("red")),
    ("#f4a460", N_("orange")),
    ("#f7cd1f", N_("yellow")),
    ("#6cc1ed", N_("light blue")),
    ("#814968", N_("dark purple")),
    ("#eb7e7f", N_("salmon")),
    ("#2c8397", N_("blue")),
    ("#475577", N_("dark blue")),
    ("#d6145f", N_("fuchsia")),
    ("#30c381", N_("green")),
    ("#9365b8", N_("violet")),
)
"""As Odoo's web client paints them, by index: (hex, name)."""


def chip(color: int | None) -> Text:
    """A coloured dot and the colour's name; nothing for no colour."""
    if color is None:
        return Text("")
    tone, name = COLOURS[color % len(COLOURS)]
    return Text.assemble(("● ", tone or "bright_black"), _(name))


GREY = "#a2a6ab"
"""The tone of no colour: Odoo shows such a tag in grey, or not at all."""


def tone(color: int | None) -> tuple[str, str]:
    """What to paint with, as ``#rrggbb``, and its name ("" where there is no colour at all)."""
    if color is None:
        return GREY, ""
    hexed, name = COLOURS[color % len(COLOURS)]
    return hexed or GREY, _(name)
