"""Whether the CRM in memory selects what the server itself selects: asked once, when its data was copied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from segmenter.conditions import Clock
from segmenter.measuring.crm import Crm, Domain
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.portfolio.parts import search_all
from segmenter.record_set import RecordSet
from segmenter.resolving.resolve import survey
from segmenter.spec.model import Spec


@dataclass(frozen=True)
class Difference:
    """What one condition selects otherwise in memory: of a segment, or of the scope (both names "").

    ``missing``: records that the server alone selects; ``extra``: those that the copy alone does.
    """

    segmentation: str
    segment: str
    missing: RecordSet
    extra: RecordSet


def differences(spec: Spec, crm: Crm, reader: OdooReader, catalog: Catalog, clock: Clock) -> tuple[Difference, ...]:
    """The conditions of a spec that select other records in memory than on the server; one search for each of them.

    Records that people changed since the data was read differ too. A condition that does not resolve is left out.
    """
    resolved = survey(spec, reader, catalog, clock)
    scope = list(resolved.scope_domain)
    if spec.scope.where is not None and resolved.scope is None:
        return ()
    asked: list[tuple[str, str, Domain]] = [
        (segmentation.name, segment.name, segment.domain)
        for segmentation in resolved.segmentations
        for segment in segmentation.segments
        if segment.bound is not None
    ]
    every = RecordSet(reader.search(resolved.model, scope))
    answers = search_all(reader, resolved.model, scope, [domain for *_names, domain in asked], every)
    found = [("", "", scope, every), *((*one, there) for one, there in zip(asked, answers, strict=True))]
    return tuple(_differing(scope, found, crm, resolved.model))


def _differing(
    scope: Domain, asked: Iterable[tuple[str, str, Domain, RecordSet]], crm: Crm, model: str
) -> Iterator[Difference]:
    for segmentation, segment, domain, there in asked:
        here = crm.take(model, [*scope, *domain] if segmentation else scope)
        if there != here:
            yield Difference(segmentation, segment, there - here, here - there)
