"""Finds secrets in a spec, from where they would reach plans, ledgers and reports; no message repeats them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from segmenter.errors import Path, Problem
from segmenter.i18n import _
from segmenter.spec.document import Data, Positions

_ENDINGS = ("password", "passwd", "pwd", "passphrase", "apikey", "privatekey", "secret", "token", "contraseña")
# Both patterns look a bounded way ahead from wherever they may begin, so that the time grows with the text alone.
_URL = re.compile(r"[a-zA-Z][\w+.-]{0,30}://[^\s/:@'\"]{0,300}:[^\s/@'\"]{1,1000}+@")
# In comments and other text: a telling word, a sign, and one word up to the end of the line or the next comma.
_WRITTEN = re.compile(
    r"(?:password|passwd|pwd|passphrase|api[_ -]?key|private[_ -]?key|secret|token|contraseña)['\"]?\s*[:=]"
    r"\s*['\"]?([^\s'\"#,}\]]{4,1000}+)['\"]?\s*(?:$|[,#}\]])",
    re.IGNORECASE,
)
_NO_SECRET = re.compile(r"[\W_]+|x+|none|null|true|false", re.IGNORECASE)


def remove_secrets(data: Data, text: str, positions: Positions) -> tuple[Data, list[Problem]]:
    """The data without what looks like a secret, so that no later message can show it, and a problem for each."""
    problems: list[Problem] = []
    clean = _cleaned(data, (), problems)
    located = [positions.located(problem) for problem in problems]
    lines = {problem.place.rsplit(":", 2)[1] for problem in located}
    for number, column, what in _in_text(text):
        if str(number) not in lines:
            located.append(Problem((), what, _where_to_keep(), f"{positions.file}:{number}:{column}"))
    return clean, list(dict.fromkeys(located))


def holds_secret(text: str) -> bool:
    """Whether a text seems to hold a secret."""
    return next(_in_text(text), None) is not None


def _cleaned(data: Data, path: Path, problems: list[Problem]) -> Data:
    if isinstance(data, list):
        return [_cleaned(item, (*path, index), problems) for index, item in enumerate(data)]
    if isinstance(data, dict):
        kept: dict[str, Data] = {}
        for key, value in data.items():
            if _is_secret_key(key) and not isinstance(value, dict):
                what = _("A secret stands here, under {key}").format(key=key)
                problems.append(Problem((*path, key), what, _where_to_keep()))
            else:
                kept[key] = _cleaned(value, (*path, key), problems)
        return kept
    if isinstance(data, str) and _URL.search(data):
        problems.append(Problem(path, _secret_in_url(), _where_to_keep()))
        return _URL.sub("https://", data)
    return data


def _in_text(text: str) -> Iterator[tuple[int, int, str]]:
    """Line, column and sentence of each secret in the text, comments included."""
    for number, line in enumerate(text.splitlines(), 1):
        if match := _URL.search(line):
            yield number, match.start() + 1, _secret_in_url()
        elif (match := _WRITTEN.search(line)) and not _NO_SECRET.fullmatch(match[1]):
            yield number, match.start() + 1, _("A secret seems to stand in this line")


def _is_secret_key(key: str) -> bool:
    plain = re.sub(r"[\s_-]", "", key.casefold())
    return plain.endswith(_ENDINGS) or plain == "clave"


def _secret_in_url() -> str:
    return _("An address holds a user and password")


def _where_to_keep() -> str:
    return _("delete it, change it in Odoo, and keep it in the keyring or in SEGMENTER_API_KEY")
