"""Spanish and English from gettext catalogues.

The English sentence is the key; ``locale/es/LC_MESSAGES/segmenter.po`` holds the Spanish. The catalogue is read as
text, so that there is one source of truth and no compiled file to forget.
"""

from __future__ import annotations

import errno
import gettext
import io
import locale
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, get_currency_symbol

LANGUAGES = ("es", "en")
_current: list[str] = []


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    text = resources.files("segmenter").joinpath("locale", language, "LC_MESSAGES", "segmenter.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(text), locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _from_environment() -> str:
    """``SEGMENTER_LANG`` first, then the usual locale variables, then English."""
    names = ("SEGMENTER_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    wanted = next((value for name in names if (value := os.environ.get(name))), None)
    wanted = wanted or locale.getlocale()[0] or "en"
    return "es" if wanted.lower().startswith("es") else "en"


def language() -> str:
    """The language of messages now: ``"es"`` or ``"en"``."""
    if not _current:
        _current.append(_from_environment())
    return _current[0]


def use_language(code: str | None) -> None:
    """Speak ``code`` (``es``, ``en``, ``es_CL``...) from here on; ``None`` asks the environment again."""
    _current[:] = [] if code is None else ["es" if code.lower().startswith("es") else "en"]


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak ``code`` for a while."""
    before = list(_current)
    use_language(code)
    try:
        yield
    finally:
        _current[:] = before


def locale_of(code: str) -> Locale:
    """How numbers and days are written: as in the country of ``code`` (``es_CL``), if its language is spoken now."""
    if code[:2] == language():
        try:
            return Locale.parse(code)
        except (ValueError, UnknownLocaleError):
            pass  # a language of Odoo's that nobody else knows
    return Locale(language())


def money(value: float, currency: str, locale: Locale) -> str:
    """``$12.345.678``, with cents where there are some."""
    pattern = locale.currency_formats["standard"].pattern
    if value == round(value):
        pattern = re.sub(r"\.0+", "", pattern)
    if get_currency_symbol(currency, locale).isalpha():
        pattern = re.sub("¤(?=[#0])", "¤\N{NO-BREAK SPACE}", pattern)  # a code beside a digit is hard to read
    return format_currency(value, currency, locale=locale, currency_digits=False, format=pattern)


def clock(when: datetime) -> str:
    """``16:05``: the 24 hours of timetables, whatever the country, with seconds where there are some."""
    return when.strftime("%H:%M:%S" if when.second else "%H:%M")


def _(message: str) -> str:
    """The sentence in the user's language."""
    return _catalogue(language()).gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """The sentence for ``number`` things in the user's language."""
    return _catalogue(language()).ngettext(one, many, number)


def N_(message: str) -> str:
    """Marks a sentence for the catalogue where it is written; ``_`` translates it where it is shown."""
    return message


def NN_(one: str, many: str) -> tuple[str, str]:
    """Marks a sentence that ``ngettext`` translates where it is shown."""
    return one, many


def quoted(text: str) -> str:
    """Between the quotation marks of the user's language."""
    return f"“{text}”" if language() == "en" else f"«{text}»"


@dataclass(frozen=True)
class Label:
    """What a screen of Odoo says. Spanish screens of 14 say much of it in English."""

    english: str
    spanish: str

    def __str__(self) -> str:
        """In the reader's language; in Spanish with the English behind it, since Odoo's own wording varies."""
        if language() == "en" or self.english == self.spanish:
            return quoted(self.english)
        return f"{quoted(self.spanish)} ({self.english})"


_REASONS = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.EEXIST: N_("there is a file of this name"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("a file stands where a folder should"),
    errno.EACCES: N_("the right to do so is missing"),
    errno.EPERM: N_("the right to do so is missing"),
    errno.EROFS: N_("its disk is read-only"),
    errno.ENOSPC: N_("its disk is full"),
    errno.EDQUOT: N_("its disk is full"),
    errno.ENAMETOOLONG: N_("its name is too long"),
    errno.EADDRINUSE: N_("another program uses it"),
}


def why(error: OSError) -> str:
    """What the operating system has against it, in the user's language where we know the words."""
    known = _REASONS.get(error.errno or 0)
    return _(known) if known else error.strerror or str(error)


_EUPHONY = (
    # Spanish says «e» for «y» before the sound of an i, and «u» for «o» before that of an o (8: ocho, 11: once).
    ("y", "e", re.compile(r"[^\w-]*h?[ií](?![aeo])", re.IGNORECASE)),
    ("o", "u", re.compile(r"[^\w-]*(h?[oó]|8|11(?!\d))", re.IGNORECASE)),
)


def joined(template: str, **parts: str) -> str:
    """``template`` with its parts filled in, its «y» and «o» as they sound before them."""
    if language() == "es":
        for name, text in parts.items():
            for usual, other, sound in _EUPHONY:
                if sound.match(text):
                    template = template.replace(f" {usual} {{{name}}}", f" {other} {{{name}}}")
    return template.format(**parts)


def one_of(names: Sequence[str]) -> str:
    """``a, b or c``."""
    return joined(_("{names} or {last}"), names=", ".join(names[:-1]), last=names[-1]) if names[1:] else names[0]


def all_of(names: Sequence[str]) -> str:
    """``a, b and c``."""
    return joined(_("{names} and {last}"), names=", ".join(names[:-1]), last=names[-1]) if names[1:] else names[0]


def some_of(names: Sequence[str], number: int) -> str:
    """``a, b and 7 more``: ``names`` are the first of ``number``."""
    shown, more = ", ".join(names), number - len(names)
    return _("{names} and {number} more").format(names=shown, number=more) if more > 0 else shown
