"""A spec file -> `Spec`, or every problem in it, in the order of the file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path as FilePath

from segmenter.errors import Problem, SegmenterError, SpecError
from segmenter.i18n import _
from segmenter.spec.build import build
from segmenter.spec.checks import check
from segmenter.spec.document import MAX_CHARACTERS, Data, decode, read, too_long
from segmenter.spec.model import Spec
from segmenter.spec.positions import order
from segmenter.spec.schema import faults
from segmenter.spec.secrets import remove_secrets


def load(path: str | FilePath) -> Spec:
    """The spec in a file. Raises SpecError with all its problems, SegmenterError when the file cannot be read."""
    try:
        with FilePath(path).open("rb") as file:
            raw = file.read(4 * MAX_CHARACTERS + 4)
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            what, todo = _("There is no file {name}"), _("`segmenter init CLIENT` writes a spec to start from")
        elif isinstance(error, IsADirectoryError):
            what, todo = _("{name} is a folder, not a spec"), _("name the file in it")
        else:
            what, todo = _("The file {name} cannot be read"), _("look at its rights, and at the disk")
        raise SegmenterError(what.format(name=path), todo=todo) from None
    if len(raw) > 4 * MAX_CHARACTERS:  # said before decoding: the cut may have gone through a letter
        raise too_long(str(path))
    return loads(decode(raw, str(path)), str(path))


def loads(text: str, name: str) -> Spec:
    """The spec in a text; ``name`` stands for the file in places. Raises SpecError with all its problems."""
    document = read(text, name)
    data, secrets = remove_secrets(document.data, text, document.positions)
    problems = [*document.problems, *secrets, *faults(data)]
    spec = build(data, problems)
    problems += check(spec)
    if problems:
        located = (document.positions.located(problem) for problem in problems)
        raise SpecError(sorted(dict.fromkeys(located), key=order))
    return replace(spec, source=text, file=name, digest=_digest(data), positions=document.positions)


def locate(spec: Spec, problem: Problem) -> Problem:
    """The problem with its ``file:line:col`` in the spec, by its path."""
    return spec.positions.located(problem)


def locate_all(spec: Spec, problems: Iterable[Problem]) -> SpecError:
    """Problems found later (against a server) as the error to raise, located and in the order of the file."""
    return SpecError(sorted((locate(spec, problem) for problem in problems), key=order))


def _digest(data: Data) -> str:
    """SHA-256 of the content alone: comments, layout and the order of keys do not count."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
