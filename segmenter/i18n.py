"""Spanish and English from gettext catalogues.

The English sentence is the key; ``locale/es/LC_MESSAGES/segmenter.po`` holds the Spanish. The catalogue is read as
text, so that there is one source of truth and no compiled file to forget.
"""

from __future__ import annotations

import errno
import gettext
import io
import json
import locale
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

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
    """Uses a language (``es``, ``en``, ``es_CL``...) from here on; ``None``: the environment's again."""
    _current[:] = [] if code is None else ["es" if code.lower().startswith("es") else "en"]


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Uses a language inside the block."""
    before = list(_current)
    use_language(code)
    try:
        yield
    finally:
        _current[:] = before


def locale_of(code: str) -> Locale:
    """The locale for numbers and days: of ``code`` (``es_CL``) if that is in use, else of the language in use."""
    if code[:2] == language():
        try:
            return Locale.parse(code)
        except (ValueError, UnknownLocaleError):
            pass  # a language of Odoo's that nobody else knows
    return Locale(language())


def money(value: float, currency: str, locale: Locale) -> str:
    """An amount as text: ``$12.345.678``, with cents if it has any."""
    pattern = locale.currency_formats["standard"].pattern
    if value == round(value):
        pattern = re.sub(r"\.0+", "", pattern)
    if get_currency_symbol(currency, locale).isalpha():
        pattern = re.sub("¤(?=[#0])", "¤\N{NO-BREAK SPACE}", pattern)  # a code beside a digit is hard to read
    return format_currency(value, currency, locale=locale, currency_digits=False, format=pattern)


def clock(when: datetime) -> str:
    """A time as text: ``16:05``, in 24 hours for every country, with seconds if it has any."""
    return when.strftime("%H:%M:%S" if when.second else "%H:%M")


class Sentence(str):
    """A sentence of ours in the language spoken now, that knows what it was made of: it can be kept in no language.

    ``key``: the English sentence, or those for one and for many. ``number``: what decides between these two.
    ``parts``: what was filled in, None where nothing was. The ledger keeps these three (`kept`), and whoever reads them
    has the sentence in their own language (`reworded`).
    """

    key: tuple[str, ...]
    number: int
    parts: Mapping[str, object] | None

    @classmethod
    def of(cls, key: tuple[str, ...], number: int = 1, parts: Mapping[str, object] | None = None) -> Sentence:
        """The sentence in the language spoken now."""
        found = _catalogue(language())
        text = found.ngettext(key[0], key[1], number) if len(key) > 1 else found.gettext(key[0])
        made = cls(text if parts is None else text.format(**parts))
        made.key, made.number, made.parts = key, number, parts
        return made

    def format(self, *args: object, **parts: object) -> str:
        """As of any text; with names alone, a sentence again."""
        if args or self.parts is not None:
            return super().format(*args, **parts)
        return Sentence.of(self.key, self.number, parts)


def together(template: str, **sentences: str) -> str:
    """Several sentences as one, with signs between them that every language has: ``{what}; {todo}``."""
    return Sentence.of((template,), parts=sentences)


_KEPT = "sentence:"


def kept(text: str) -> str:
    """A sentence of ours as it is kept, in no language; any other text as it is."""
    return _KEPT + json.dumps(_facts(text), sort_keys=True, ensure_ascii=False) if isinstance(text, Sentence) else text


def reworded(text: str) -> str:
    """A text that was `kept`, or a sentence in some language, in the one spoken now; any other text as it is."""
    if isinstance(text, Sentence):
        return _worded(_facts(text))
    if text.startswith(_KEPT):
        with suppress(ValueError, LookupError, TypeError, AttributeError):  # what only looks like a sentence of ours
            return _worded(json.loads(text.removeprefix(_KEPT)))
    return text


def with_words(text: str, words: Mapping[str, str]) -> str:
    """A sentence of ours with other words in place of some of its own. What was filled in stays, and so does any other
    text."""
    if not isinstance(text, Sentence):
        return text
    template = str(Sentence.of(text.key, text.number))
    template = re.sub(r"\{[^}]*\}|\w+", lambda found: words.get(found[0], found[0]), template)
    parts = text.parts and {
        name: with_words(part, words) if isinstance(part, str) else part for name, part in text.parts.items()
    }
    return template if parts is None else template.format(**parts)


def _facts(sentence: Sentence) -> dict[str, object]:
    filled = sentence.parts and {
        name: _facts(part) if isinstance(part, Sentence) else _plain(part) for name, part in sentence.parts.items()
    }
    return {"key": list(sentence.key), "number": sentence.number, "parts": filled}


def _plain(part: object) -> object:
    return part if isinstance(part, int | float) or part is None else str(part)


def _worded(facts: Mapping[str, Any]) -> Sentence:
    filled = facts["parts"] and {
        name: _worded(part) if isinstance(part, dict) else part for name, part in facts["parts"].items()
    }
    return Sentence.of(tuple(facts["key"]), facts["number"], filled)


def _(message: str) -> str:
    """The sentence in the user's language."""
    return Sentence.of((message,))


def ngettext(one: str, many: str, number: int) -> str:
    """The sentence for ``number`` things in the user's language."""
    return Sentence.of((one, many), number)


def N_(message: str) -> str:
    """Marks a sentence for the catalogue where it is written; ``_`` translates it where it is shown."""
    return message


def NN_(one: str, many: str) -> tuple[str, str]:
    """Marks a sentence that ``ngettext`` translates where it is shown."""
    return one, many


def quoted(text: str) -> str:
    """The text in the quotation marks of the user's language."""
    return f"“{text}”" if language() == "en" else f"«{text}»"


@dataclass(frozen=True)
class Label:
    """A label on a screen of Odoo. Spanish screens of 14 show many labels in English."""

    english: str
    spanish: str

    def __str__(self) -> str:
        """The label in the reader's language; in Spanish followed by the English, since Odoo's own wording varies."""
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
    """The reason of an operating system's error, in the user's language where it is translated."""
    known = _REASONS.get(error.errno or 0)
    return _(known) if known else error.strerror or str(error)


_EUPHONY = (
    # Spanish says «e» for «y» before the sound of an i, and «u» for «o» before that of an o (8: ocho, 11: once).
    ("y", "e", re.compile(r"[^\w-]*h?[ií](?![aeo])", re.IGNORECASE)),
    ("o", "u", re.compile(r"[^\w-]*(h?[oó]|8|11(?!\d))", re.IGNORECASE)),
)


def joined(template: str, **parts: str) -> str:
    """Fills the parts into ``template``; Spanish «y» and «o» become «e» and «u» where the next word asks for it."""
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
