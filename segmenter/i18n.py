"""Spanish and English from gettext catalogues.

The English sentence is the key; ``locale/es/LC_MESSAGES/segmenter.po`` holds the Spanish. The catalogue is read as
text, so that there is one source of truth and no compiled file to forget.
"""

from __future__ import annotations

import gettext
import io
import locale
import os
from functools import cache
from importlib import resources

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

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


def _(message: str) -> str:
    """The sentence in the user's language."""
    return _catalogue(language()).gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """The sentence for ``number`` things in the user's language."""
    return _catalogue(language()).ngettext(one, many, number)


def N_(message: str) -> str:
    """Marks a sentence for the catalogue where it is written; ``_`` translates it where it is shown."""
    return message
