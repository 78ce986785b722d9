"""The client's own cases, read against the segments that the spec has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from segmenter.conditions.near import did_you_mean
from segmenter.errors import Path, Problem
from segmenter.i18n import _
from segmenter.spec.document import Data
from segmenter.spec.model import Example, Segmentation


def example(
    data: Mapping[str, Data], path: Path, segmentations: Sequence[Segmentation], problems: list[Problem]
) -> Example:
    """One example. Several segments of a ``many`` store are joined by commas, in the order of the spec."""
    given, record, expect = data.get("given"), data.get("record"), data.get("expect")
    known = {segmentation.name: segmentation for segmentation in segmentations if segmentation.name}
    wanted: dict[str, str] = {}
    for name, value in expect.items() if isinstance(expect, dict) else ():
        at = (*path, "expect", name)
        if name not in known:
            what = _("There is no segmentation {name} in this spec").format(name=name)
            problems.append(Problem(at, what, did_you_mean(name, known, _listed(known))))
        else:
            named = [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]
            wanted[name] = _expected(named, at, known[name], problems)
    return Example(
        given=given if isinstance(given, dict) else None,
        record=record if isinstance(record, str | int) else None,
        expect=wanted,
        path=path,
    )


def _expected(named: Sequence[str], path: Path, segmentation: Segmentation, problems: list[Problem]) -> str:
    segments = [segment.name for segment in segmentation.all_segments if segment.name]
    for name in named:
        if name not in segments:
            what = _("{segmentation} has no segment {name}").format(segmentation=segmentation.name, name=name)
            problems.append(Problem(path, what, did_you_mean(name, segments, _listed(segments))))
    if len(named) > 1 and not segmentation.many:
        what = _("A record belongs to one segment of {segmentation} at most").format(segmentation=segmentation.name)
        problems.append(Problem(path, what, _("name one, or null for none")))
    return ", ".join(name for name in segments if name in named)


def _listed(names: Iterable[str]) -> str:
    return _("there are {names}").format(names=", ".join(names))
