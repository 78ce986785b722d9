"""The client's examples, tried on a plan: does each record fall where the client says that it does?"""

from __future__ import annotations

from collections.abc import Sequence

from segmenter.conditions import Clock, Record
from segmenter.errors import Problem, SegmenterError, SpecError
from segmenter.i18n import _, ngettext
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.planning.explain import in_scope, is_protected, takers
from segmenter.planning.model import ExampleResult, Violation
from segmenter.planning.records import GivenRecord, LiveRecord, find_quoted, given_record, reference
from segmenter.planning.resolved import Resolved
from segmenter.spec import locate
from segmenter.spec.model import Example, Spec


def given_records(
    spec: Spec, model: str, reader: OdooReader, catalog: Catalog, clock: Clock
) -> list[GivenRecord | None]:
    """One for each example: the record that it describes, None where it names a live one.

    Raises `SpecError` with every value that does not resolve.
    """
    problems: list[Problem] = []
    given = [
        given_record(one.given, (*one.path, "given"), model, reader, catalog, clock, problems)
        if one.given is not None
        else None
        for one in spec.examples
    ]
    if problems:
        raise SpecError([locate(spec, problem) for problem in problems])
    return given


def tried(
    examples: Sequence[Example], given: Sequence[GivenRecord | None], resolved: Resolved, reader: OdooReader
) -> tuple[ExampleResult, ...]:
    """What each example got; ``given``: what `given_records` made of them."""
    return tuple(
        _described(example, record, resolved) if record is not None else _live(example, resolved, reader)
        for example, record in zip(examples, given, strict=True)
    )


def failed(results: Sequence[ExampleResult]) -> list[Violation]:
    """The violation, when an example came out otherwise than the client expects."""
    wrong = [one for one in results if not one.met]
    if not wrong:
        return []
    sentence = ngettext(
        "{number} example of the client's comes out otherwise: {labels}",
        "{number} examples of the client's come out otherwise: {labels}",
        len(wrong),
    ).format(number=len(wrong), labels=", ".join(one.label for one in wrong))
    return [Violation("examples", len(wrong), 0, sentence)]


def _described(example: Example, record: GivenRecord, resolved: Resolved) -> ExampleResult:
    label = str((example.given or {}).get("name") or _("example {number}").format(number=example.path[-1]))
    return ExampleResult(label, dict(example.expect), _segments_of(record, resolved))


def _live(example: Example, resolved: Resolved, reader: OdooReader) -> ExampleResult:
    """A record that cannot be found, or that the plan does not touch, gets the reason in place of a segment."""
    label, expected = str(example.record), dict(example.expect)
    try:
        record = LiveRecord(reader, resolved.model, find_quoted(reader, resolved.model, example.record or ""))
    except SegmenterError as error:
        return ExampleResult(label, expected, dict.fromkeys(expected, error.what))
    if label.isdecimal():
        # A number alone says nothing to whoever reads the report, nor what it was taken for.
        label = f"{record.value('display_name') or ''} ({reference(reader, record.id)})".strip()
    if not in_scope(resolved, record, reader):
        return ExampleResult(label, expected, dict.fromkeys(expected, _("(outside the scope)")))
    if is_protected(resolved, record):
        return ExampleResult(label, expected, dict.fromkeys(expected, _("(protected)")))
    return ExampleResult(label, expected, _segments_of(record, resolved), record.id)


def _segments_of(record: Record, resolved: Resolved) -> dict[str, str]:
    return {
        one.name: ", ".join(one.segments[position].name for position in takers(one, record))
        for one in resolved.segmentations
    }
