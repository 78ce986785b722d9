"""The client's examples, tried on a plan: does each record fall where the client says that it does?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from segmenter.conditions import Clock, Record
from segmenter.errors import Problem, SegmenterError, SpecError
from segmenter.i18n import kept
from segmenter.notice import Notice
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.plans.plan import ExampleResult
from segmenter.resolving.explain import in_scope, is_protected, takers
from segmenter.resolving.records import GivenRecord, LiveRecord, find_quoted, given_record, reference
from segmenter.resolving.resolved import Resolved
from segmenter.spec import locate
from segmenter.spec.model import Example, Spec

OUTSIDE_SCOPE, PROTECTED = Notice("example.outside_scope"), Notice("example.protected")
"""Why a record that an example names is in no segment."""


def given_records(
    spec: Spec, model: str, reader: OdooReader, catalog: Catalog, clock: Clock
) -> list[GivenRecord | None]:
    """One for each example: the record that it describes, None where it names a live one.

    Raises `SpecError` with every value that does not resolve.
    """
    problems: list[Problem] = []
    given = [
        given_record(example.given, (*example.path, "given"), model, reader, catalog, clock, problems)
        if example.given is not None
        else None
        for example in spec.examples
    ]
    if problems:
        raise SpecError([locate(spec, problem) for problem in problems])
    return given


def unknown(spec: Spec, reader: OdooReader, catalog: Catalog, clock: Clock) -> list[Problem]:
    """What the examples name and the CRM does not have: records, and the values of those that they describe."""
    model, problems = spec.scope.model, list[Problem]()
    for example in spec.examples:
        if example.given is not None:
            given_record(example.given, (*example.path, "given"), model, reader, catalog, clock, problems)
            continue
        try:
            find_quoted(reader, model, example.record or "")
        except SegmenterError as error:
            problems.append(Problem((*example.path, "record"), error.what, error.todo))
    return [locate(spec, problem) for problem in problems]


def tried(
    examples: Sequence[Example], given: Sequence[GivenRecord | None], resolved: Resolved, reader: OdooReader
) -> tuple[ExampleResult, ...]:
    """What each example got; ``given``: what `given_records` made of them."""
    return tuple(
        described(example, record, resolved) if record is not None else _live(example, resolved, reader)
        for example, record in zip(examples, given, strict=True)
    )


def described(example: Example, record: GivenRecord, resolved: Resolved) -> ExampleResult:
    """What an example got that describes its record."""
    label = str((example.given or {}).get("name") or "")
    return ExampleResult(label, dict(example.expect), segments_of(record, resolved), number=int(example.path[-1]))


def _live(example: Example, resolved: Resolved, reader: OdooReader) -> ExampleResult:
    """A record that cannot be found, or that the plan does not touch, gets a reason in place of a segment."""
    result, found = look_up(example, resolved.model, reader)
    if found is None:
        return result
    record = LiveRecord(reader, resolved.model, found)
    if not in_scope(resolved, record, reader):
        return replace(result, reason=OUTSIDE_SCOPE)
    if is_protected(resolved, record):
        return replace(result, reason=PROTECTED)
    return replace(result, got=segments_of(record, resolved), record=found)


def look_up(example: Example, model: str, reader: OdooReader) -> tuple[ExampleResult, int | None]:
    """The live record that an example names, and a result that has no segment yet; None with a reason in it where the
    record cannot be found."""
    result = ExampleResult(str(example.record), dict(example.expect), {}, number=int(example.path[-1]))
    try:
        record = LiveRecord(reader, model, find_quoted(reader, model, example.record or ""))
    except SegmenterError as error:
        return replace(result, reason=Notice("example.not_found", names={"why": kept(error.what)})), None
    if result.label.isdecimal():
        # A number alone says nothing to whoever reads the report, nor what it was taken for.
        name, number = str(record.value("display_name") or ""), kept(reference(reader, record.id))
        result = replace(result, label=name, reference=number)
    return result, record.id


def segments_of(record: Record, resolved: Resolved) -> dict[str, str]:
    """Segmentation -> the segments that take a record, joined by ", "."""
    return {
        segmentation.name: ", ".join(segmentation.segments[position].name for position in takers(segmentation, record))
        for segmentation in resolved.segmentations
    }
