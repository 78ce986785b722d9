"""The client's examples, tried on sets that are known: which record each one means is found out once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from segmenter.errors import Path, Problem
from segmenter.measuring.crm import Crm
from segmenter.planning.places import Places
from segmenter.plans import ExampleResult
from segmenter.record_set import RecordSet
from segmenter.resolving.examples import OUTSIDE_SCOPE, PROTECTED, described, look_up
from segmenter.resolving.records import GivenRecord, given_record
from segmenter.resolving.resolved import Resolved
from segmenter.spec.model import Example, Spec


class Examples:
    """Tries the examples of one spec after another."""

    def __init__(self, crm: Crm) -> None:
        self._crm = crm
        self._given: dict[tuple[str, Path, str], tuple[GivenRecord, tuple[Problem, ...]]] = {}
        self._found: dict[tuple[str, object], tuple[ExampleResult, int | None]] = {}
        self._tried: dict[tuple[str, Path, str], tuple[tuple[object, ...], ExampleResult]] = {}

    def tried(
        self, spec: Spec, resolved: Resolved, places: Sequence[Places], scope: RecordSet, protected: RecordSet
    ) -> tuple[tuple[ExampleResult, ...], list[Problem]]:
        """What each example got, in order, without those that give values which do not resolve; and these problems."""
        results: list[ExampleResult] = []
        problems: list[Problem] = []
        for example in spec.examples:
            if example.given is None:
                results.append(self._live(example, resolved, places, scope, protected))
                continue
            record, wrong = self._described(example, resolved.model)
            problems += wrong
            if not wrong:
                results.append(described(example, record, resolved))
        return tuple(results), problems

    def _described(self, example: Example, model: str) -> tuple[GivenRecord, tuple[Problem, ...]]:
        key = model, example.path, repr(example.given)
        if key not in self._given:
            crm, problems = self._crm, list[Problem]()
            path = (*example.path, "given")
            record = given_record(example.given or {}, path, model, crm.reader, crm.catalog, crm.clock, problems)
            self._given[key] = record, tuple(problems)
        return self._given[key]

    def _live(
        self, example: Example, resolved: Resolved, places: Sequence[Places], scope: RecordSet, protected: RecordSet
    ) -> ExampleResult:
        key = resolved.model, example.record
        if key not in self._found:
            self._found[key] = look_up(example, resolved.model, self._crm.reader)
        known, record = self._found[key]
        result = replace(known, expected=dict(example.expect), number=int(example.path[-1]))
        if record is None:
            return result
        if record in protected:
            return replace(result, reason=PROTECTED)
        if record not in scope:
            return replace(result, reason=OUTSIDE_SCOPE)
        got = {placed.segmentation.name: ", ".join(_names(placed, record)) for placed in places}
        return replace(result, got=got, record=record)


def _names(placed: Places, record: int) -> list[str]:
    """The segments that a record is in."""
    pairs = zip(placed.segmentation.segments, placed.taken, strict=True)
    return [segment.name for segment, records in pairs if record in records]
