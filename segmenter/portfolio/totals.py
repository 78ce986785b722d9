"""What a server adds up: the records that people hold already, and what the records of each segment are worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from segmenter.odoo.pages import AT_ONCE
from segmenter.odoo.reader import OdooReader
from segmenter.portfolio.portfolio import Division, Worth, division
from segmenter.record_set import RecordSet

Domain = Sequence[Any]
OPEN_LEADS: Sequence[Any] = ("|", ("stage_id", "=", False), ("stage_id.is_won", "=", False))
"""Leads that are not won; archived ones, and so the lost, are not found by a search."""
CENTS = 2
"""Decimals that are left of a difference of sums."""


def open_records(reader: OdooReader, model: str, field: str, people: Collection[int]) -> dict[int, int]:
    """Person -> open records that they hold by this field, in the whole CRM. One question."""
    still_open = OPEN_LEADS if model == "crm.lead" else ()
    return dict.fromkeys(people, 0) | _held(reader, model, field, people, still_open)


def strangers(reader: OdooReader, model: str, field: str, people: Collection[int]) -> dict[int, str]:
    """Person -> name, of those who hold nothing at all.

    On a server they are new; an export may know them by another name, as it shows names where a spec says logins.
    """
    held = _held(reader, model, field, people, ())
    unknown = [person for person in people if person not in held]
    return reader.names("res.users", unknown) if unknown else {}


def _held(reader: OdooReader, model: str, field: str, people: Iterable[int], more: Sequence[Any]) -> dict[int, int]:
    domain = [(field, "in", sorted(people)), *more]
    return {group.keys[0]: group.count for group in reader.groups(model, domain, [field])}


@dataclass(frozen=True)
class Summed:
    """A segment whose records the server adds up. ``domain``: of its condition; None: of all that is left."""

    key: tuple[int, int]
    domain: Domain | None
    taken: RecordSet


def add_up(
    reader: OdooReader, model: str, scope: Domain, by: Sequence[str], amount: str, segments: Sequence[Summed]
) -> Worth:
    """One question a segment. Segments of one segmentation must not share records, and none of them be protected."""
    asked = [segment for segment in segments if segment.domain is not None and segment.taken]
    rest = [segment for segment in segments if segment.domain is None and segment.taken]
    domains = [[*scope, *(segment.domain or ())] for segment in asked] + ([list(scope)] if rest else [])

    def ask(domain: Domain) -> dict[Division, float]:
        sums: dict[Division, float] = defaultdict(float)
        for group in reader.groups(model, domain, by, [amount]):
            sums[division(dict(zip(by, group.labels, strict=True)))] += group.sums[amount]
        return sums

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(ask, domains))
    sums: dict[tuple[int, int], Mapping[Division, float]] = {
        segment.key: answer for segment, answer in zip(asked, answers, strict=False)
    }
    for segment in rest:
        others = [answer for (segmentation, _segment), answer in sums.items() if segmentation == segment.key[0]]
        sums[segment.key] = {
            division: round(total - sum(other.get(division, 0.0) for other in others), CENTS)
            for division, total in answers[-1].items()
        }
    return Worth(sums=sums)
