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


INKS = ("#1b2733", "#ffffff")


def ink(tone: str) -> str:
    """The colour in which text is read best on a tone, as ``#rrggbb``."""
    return max(INKS, key=lambda colour: _contrast(colour, tone))


def _contrast(one: str, other: str) -> float:
    """Of two colours, as WCAG 2 has it: 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def tone(color: int | None) -> tuple[str, str]:
    """What to paint with, as ``#rrggbb``, and its name ("" where there is no colour at all)."""
    if color is None:
        return GREY, ""
    hexed, name = COLOURS[color % len(COLOURS)]
    return hexed or GREY, _(name)
