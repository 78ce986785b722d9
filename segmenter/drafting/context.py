"""What the head of a plan tells beside its decision: where it was made, what things are called, what came up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC

from segmenter.behaviours.company_of_lead import FIELD as COMPANY
from segmenter.conditions import Clock, Field
from segmenter.drafting.looks import looks_of
from segmenter.notice import Notice
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.currencies import currency_of
from segmenter.odoo.reader import OdooReader
from segmenter.planning.head import Context, Decision, Source, sampled
from segmenter.plans import ChangeSet, ExampleResult, Json, Violation
from segmenter.portfolio.names import labels, names_of_records, names_of_values
from segmenter.record_set import RecordSet
from segmenter.resolving.mentions import currency_unnamed
from segmenter.resolving.resolved import Resolved
from segmenter.resolving.rights import forbidden, undeletable
from segmenter.spec.model import Connection

MOST_NAMED = 20
"""Records of one kind that warnings name one by one."""


def context_of(
    decision: Decision,
    changes: Sequence[ChangeSet],
    examples: tuple[ExampleResult, ...],
    currencies: Mapping[str, int],
    reader: OdooReader,
    catalog: Catalog,
    clock: Clock,
    source: Source,
    *,
    figures: bool,
) -> Context:
    """Asks for names alone. ``currencies``: those of the amounts, as `odoo.currencies.mixed` counts them; ``figures``:
    name what reports show besides."""
    resolved, columns = decision.resolved, decision.portfolio.columns
    written = {effect.field.name: effect.field for effect in resolved.effects()}
    changed = {change.field for change in changes}
    fields = written | {name: known for name, known in reader.fields(resolved.model).items() if name in changed}
    called = labels(columns.values())
    # Of a company that stays as it is, nobody is told the name.
    told = [change for change in changes if not (change.pin and change.field == COMPANY)]
    named = [*told, *(_owned(resolved, written) if reader.rows else ())]
    currency = currency_of(currencies, catalog.companies) if figures else ""
    return Context(
        server=_server(reader, decision.spec.odoo),
        now=clock.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        timezone=str(clock.zone),
        language=reader.language,
        source=source,
        fields=fields,
        value_names=names_of_values(reader, named, fields, decision.config, called),
        examples=examples,
        names=_names(decision, reader) if figures else {},
        people=_people(decision, reader, called),
        warnings=(*_warnings(decision, currencies, reader), *looks_of(decision, reader, catalog)),
        forbidden=tuple(_forbidden(decision, reader)),
        currency=currency,
        assumed_version=reader.version if reader.identity.exported else 0,
    )


def _owned(resolved: Resolved, written: Mapping[str, Field]) -> Iterator[ChangeSet]:
    """All that the spec names in many-valued fields, as if it came: by name alone it is known in another export."""
    for name, ids in resolved.owned.items():
        if name in written:
            yield ChangeSet(RecordSet(), name, [], sorted(ids), "", "")


def _server(reader: OdooReader, connection: Connection | None) -> dict[str, Json]:
    who, rows = reader.identity, reader.rows
    own = len(rows.own.intersection(rows.by_record)) if rows else 0
    numbers = "row" if not own else "id" if rows and own == len(rows.by_record) else "either"
    return {
        **({"numbers": numbers} if rows else {}),
        **({"importable": True} if rows and rows.external_ids else {}),
        "url": who.url,
        "database": who.database,
        # A file does not say which Odoo it came from.
        "version": "" if who.exported else who.version,
        "login": who.login,
        "uid": who.uid,
        # An apply goes by the plan, not by the spec.
        **({"pace": asdict(connection.pace)} if connection and connection.pace else {}),
        **({"api": connection.api} if connection and connection.api != "auto" else {}),
    }


def _names(decision: Decision, reader: OdooReader) -> dict[int, str]:
    wanted = sampled(decision)
    model, scope = decision.resolved.model, decision.resolved.scope_domain
    return dict(names_of_records(reader, model, scope, wanted)) if wanted else {}


def _people(decision: Decision, reader: OdooReader, called: Mapping[str, str]) -> dict[int, str]:
    """Person -> name, of everybody whom the spec may give records."""
    people = [person for person in decision.loads.before if person not in decision.loads.strangers]
    known = {person: called[f"user_id:{person}"] for person in people if f"user_id:{person}" in called}
    unknown = [person for person in people if person not in known]
    return known | (reader.names("res.users", unknown) if unknown else {})


def _warnings(decision: Decision, currencies: Mapping[str, int], reader: OdooReader) -> Iterator[Notice]:
    if len(currencies) > 1:
        code = "currencies.unnamed" if currency_unnamed(decision.spec) else "currencies.several"
        yield Notice(code, currencies, {"currency": tuple(currencies)})
    yield from undeletable(decision.config, reader)
    yield from (notice for _model, _id, notice in reader.unreadable[:MOST_NAMED])
    if (more := len(reader.unreadable) - MOST_NAMED) > 0:
        yield Notice("unreadable.more", {"number": more})


def _forbidden(decision: Decision, reader: OdooReader) -> Iterator[Violation]:
    """What the work user has no right to do, and could not see or take back."""
    resolved = decision.resolved
    made = decision.config[len(resolved.config) :]
    for about in (*resolved.forbidden, *forbidden(made, reader)):
        yield Violation("rights", 1, 0, about)
