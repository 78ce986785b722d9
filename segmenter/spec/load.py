"""A spec file -> `Spec`, or every problem in it, in the order of the file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path as FilePath

from segmenter.conditions import RawDomain
from segmenter.errors import Problem, SegmenterError, SpecError
from segmenter.i18n import _
from segmenter.spec.build import build
from segmenter.spec.checks import check
from segmenter.spec.document import MAX_CHARACTERS, Data, Document, decode, place_in_file, read, too_long
from segmenter.spec.model import Segment, Spec
from segmenter.spec.schema import as_written, faults, with_meant_keys
from segmenter.spec.secrets import remove_secrets

NOBODY = RawDomain(((0, "=", 1),))
"""A condition that no record meets."""


def load(path: str | FilePath) -> Spec:
    """The spec in a file. Raises SpecError with all its problems, SegmenterError when the file cannot be read."""
    return loads(text_of(path), str(path))


def load_open(path: str | FilePath) -> Spec:
    """The same, of a file in which segments may still lack their condition: it is `NOBODY` then."""
    spec, problems = loads_draft(text_of(path), str(path))
    open_ones = [one for segmentation in spec.segmentations for one in segmentation.segments if is_open(one)]
    awaited = {path for one in open_ones if one.name for path in (one.path, (*one.path, "when"))}
    if wrong := [problem for problem in problems if problem.path not in awaited]:
        raise SpecError(wrong)
    return spec


def is_open(segment: Segment) -> bool:
    """Whether a segment has no condition yet."""
    return segment.condition == NOBODY


def text_of(path: str | FilePath) -> str:
    """The text of a spec's file. Raises SegmenterError when the file cannot be read, SpecError when it is no text."""
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
    if len(raw) > 4 * MAX_CHARACTERS:  # checked before decoding: the cut may have gone through a letter
        raise too_long(str(path))
    return decode(raw, str(path))


def loads(text: str, name: str) -> Spec:
    """The spec in a text; ``name`` stands for the file in places. Raises SpecError with all its problems."""
    spec, problems = loads_draft(text, name)
    if problems:
        raise SpecError(problems)
    return spec


def loads_draft(text: str, name: str) -> tuple[Spec, tuple[Problem, ...]]:
    """What can be made of a text that is still being written, and all its problems, located and in its order.

    A segment whose condition is missing or wrong takes nobody. Raises SpecError for a text that is no YAML.
    """
    return draft_of(read(text, name), text, name)


def draft_of(document: Document, text: str, name: str) -> tuple[Spec, tuple[Problem, ...]]:
    """The same of a text that was read already."""
    data, secrets = remove_secrets(document.data, text, document.positions)
    found = faults(data)
    meant, slips, written = with_meant_keys(data) if found else (data, [], {})
    if slips:
        found = faults(meant)
    spec = build(meant, found)
    found += check(spec)
    problems = [*document.problems, *secrets, *slips]
    problems += [replace(problem, path=as_written(problem.path, written)) for problem in found]
    if slips:
        spec = build(data, [])  # a text is edited, and shown, by the keys that it has
    located = (document.positions.located(problem) for problem in problems)
    spec = replace(spec, source=text, file=name, digest=_digest(data), positions=document.positions)
    return _without_gaps(spec), tuple(sorted(dict.fromkeys(located), key=place_in_file))


def _without_gaps(spec: Spec) -> Spec:
    """The spec, `NOBODY` in place of each condition that a segment lacks: without one it would count as a default."""
    return replace(
        spec,
        segmentations=tuple(
            replace(
                segmentation,
                segments=tuple(
                    segment if segment.condition is not None else replace(segment, condition=NOBODY)
                    for segment in segmentation.segments
                ),
            )
            for segmentation in spec.segmentations
        ),
    )


def locate(spec: Spec, problem: Problem) -> Problem:
    """The problem with its ``file:line:col`` in the spec, by its path."""
    return spec.positions.located(problem)


def locate_all(spec: Spec, problems: Iterable[Problem]) -> SpecError:
    """Problems found later (against a server) as the error to raise, located and in the order of the file."""
    return SpecError(sorted((locate(spec, problem) for problem in problems), key=place_in_file))


def _digest(data: Data) -> str:
    """SHA-256 of the content; comments, layout, the order of keys and the consultant do not count."""
    if isinstance(data, dict):
        data = {key: value for key, value in data.items() if key != "consultant"}
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
