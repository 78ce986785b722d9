"""Single records to reason about: a live one read on demand, or one that an example of the client's describes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from segmenter.conditions import BoundLeaf, Clock, Field, Leaf, Record, any_of, bind, walk
from segmenter.conditions.near import did_you_mean
from segmenter.conditions.text import escaped
from segmenter.errors import Path, Problem, SegmenterError
from segmenter.i18n import _, together
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Rows
from segmenter.plans.changes import Json

LETTERS, WORDS, MOST_NAMES = 3, 2, 500
"""Of a misspelt name: its first letters, its longest words, and how many names that share them are compared with it."""


class LiveRecord:
    """One record of the server; each field is read when it is first asked for."""

    def __init__(self, reader: OdooReader, model: str, id: int) -> None:
        self._reader, self._model, self.id = reader, model, id
        self._values: dict[str, Json] = {"id": id}

    def value(self, field: str) -> Json:
        if field not in self._values:
            row = next(iter(self._reader.read(self._model, [self.id], [field])), {field: None})
            self._values[field] = row[field]
        return self._values[field]

    def related(self, field: str, *, archived: bool = False) -> Iterable[Record]:
        relation = self._reader.fields(self._model)[field].relation or ""
        value = self.value(field)
        if not isinstance(value, list):
            return [] if value is None else [LiveRecord(self._reader, relation, value)]
        if value and not archived and "active" in self._reader.fields(relation):
            # A search through many records does not reach archived ones.
            value = [row["id"] for row in self._reader.read(relation, value, ["active"]) if row["active"]]
        return [LiveRecord(self._reader, relation, record) for record in value]


INVENTED = -1
"""The id of a related record that an example describes and that need not exist."""
COMPANY = "commercial_partner_id"


class GivenRecord:
    """A record that exists in an example alone: what is not given is empty."""

    def __init__(self) -> None:
        self._values: dict[str, Json] = {}
        self._related: dict[str, list[Record]] = {}

    def value(self, field: str) -> Json:
        return self._values.get(field)

    def related(self, field: str, *, archived: bool = False) -> Iterable[Record]:  # noqa: ARG002 - what is given is there
        return self._related.get(field, [])

    def put(self, steps: Sequence[Field], value: Json, reader: OdooReader) -> None:
        """Give it a value at the end of a path; records on the way that need not exist are made up."""
        first, *rest = steps
        if rest:
            inner = next((made for made in self.related(first.name) if isinstance(made, GivenRecord)), GivenRecord())
            inner.put(rest, value, reader)
            self._values[first.name] = [INVENTED] if first.type.endswith("2many") else INVENTED
            self._related[first.name] = [inner]
            return
        self._values[first.name] = value
        if first.relation:
            ids = value if isinstance(value, list) else [value]
            self._related[first.name] = [LiveRecord(reader, first.relation, record) for record in ids]

    def follow(self) -> None:
        """A contact's company where none is given: its parent's, or itself, as Odoo computes it."""
        if COMPANY in self._values:
            return
        parent = None if self.value("is_company") else next(iter(self.related("parent_id")), None)
        company: Record = self if parent is None else next(iter(parent.related(COMPANY)), parent)
        self._values[COMPANY], self._related[COMPANY] = company.value("id") or INVENTED, [company]


def given_record(
    given: Mapping[str, object],
    path: Path,
    model: str,
    reader: OdooReader,
    catalog: Catalog,
    clock: Clock,
    problems: list[Problem],
) -> GivenRecord:
    """Values as the spec words them (names, labels, dotted paths) as a record that conditions can be tried on."""
    record = GivenRecord()
    for name, value in given.items():
        if value is None:
            continue
        fields = walk(name, model, catalog, (*path, name), problems)
        if fields is None:
            continue
        # Markup has no equality; only a part of its text can be compared.
        operator = "has_all" if isinstance(value, list | tuple) else "contains" if fields[-1].type == "html" else "="
        literal = tuple(value) if isinstance(value, list | tuple) else value
        bound = bind(Leaf(name, operator, literal, (*path, name)), model, catalog, clock, problems)  # type: ignore[arg-type]
        if not isinstance(bound, BoundLeaf):
            continue
        first, last = bound.fields[0], bound.fields[-1]
        known: Json = (
            bound.ranges[0][0]
            if bound.ranges
            else list(bound.values)
            if last.type.endswith("2many")
            else bound.values[0]
        )
        steps = bound.fields
        if len(steps) > 1:
            rest = ".".join(step.name for step in steps[1:])
            ids = reader.search(str(first.relation), [(rest, "=", known)], limit=2, archived=True)
            if len(ids) == 1:
                steps, known = (first,), ids if first.type.endswith("2many") else ids[0]
        record.put(steps, known, reader)
    if model == "res.partner":
        record.follow()
    return record


def find_quoted(reader: OdooReader, model: str, wanted: str | int) -> int:
    """As `find_record`, of a spec, where a name that is a number goes in quotes: a record that is called so comes
    first."""
    if isinstance(wanted, str) and wanted.isdecimal():
        called = reader.search(model, [("name", "=", wanted)], archived=True, limit=2)
        if len(called) == 1:
            return called[0]
    return find_record(reader, model, wanted)


def find_record(reader: OdooReader, model: str, wanted: str | int) -> int:
    """The id of the record that a person means: a number, a whole name, an e-mail. Raises when none or several.

    A number is an id; where the records of an export have no ids, it is their row in the file. What an export says in
    its column of ids counts as an id too.
    """
    if reader.rows is not None and str(wanted) in reader.rows.external:
        return reader.rows.external[str(wanted)]
    if isinstance(wanted, int) or wanted.isdecimal():
        return _numbered(reader, model, int(wanted))
    emails = [field for field in ("email_from", "email") if field in reader.fields(model)]
    domain = any_of([("name", "=", wanted)], *([(field, "=ilike", escaped(wanted))] for field in emails))
    records = reader.search(model, domain, archived=True, limit=11)
    if len(records) == 1:
        return records[0]
    if not records:
        raise SegmenterError(
            _("There is no record “{wanted}” on {model} that the work user can see").format(wanted=wanted, model=model)
            if reader.rows is None
            else _("There is no record “{wanted}” in {file}").format(wanted=wanted, file=reader.rows.file),
            todo=did_you_mean(
                wanted,
                _called_nearly(reader, model, wanted),
                _("give its whole name, its e-mail or {number}").format(number=_number_meant(reader)),
            ),
        )
    listed = ", ".join(str(id) if reader.rows is None else reference(reader, id) for id in records[:10])
    raise SegmenterError(
        _("“{wanted}” stands for several records: {records}").format(wanted=wanted, records=listed),
        todo=_("give {number}").format(number=_number_meant(reader)),
    )


def _called_nearly(reader: OdooReader, model: str, wanted: str) -> list[str]:
    """Names that share a long word or the first letters with a name that no record has."""
    words = sorted((word for word in wanted.split() if len(word) >= LETTERS), key=len)[-WORDS:]
    holding = [[("name", "ilike", escaped(word))] for word in words]
    begins = [("name", "=ilike", f"{escaped(wanted[:LETTERS])}%")]
    rows = reader.search_read(model, any_of(begins, *holding), ["name"], archived=True, limit=MOST_NAMES)
    return [str(row["name"]) for row in rows if row["name"]]


def reference(reader: OdooReader, record: int) -> str:
    """Which record it is, beside its name: ``id 27``; of an export ``row 4 of x.csv``, or both."""
    rows = reader.rows
    if rows is None:
        return _("id {id}").format(id=record)
    row = _("row {row} of {file}").format(row=rows.by_record.get(record), file=rows.file)
    return together("{id}, {row}", id=_("id {id}").format(id=record), row=row) if record in rows.own else row


def _numbered(reader: OdooReader, model: str, number: int) -> int:
    """The record that a number alone stands for."""
    rows = reader.rows
    if rows is not None and number not in rows.own:
        return _in_row(reader, model, rows, number)
    if reader.search(model, [("id", "=", number)], archived=True):
        return number
    called = reader.search(model, [("name", "=", str(number))], archived=True, limit=1)
    raise SegmenterError(
        _("There is no record with the id {id} on {model} that the work user can see").format(id=number, model=model),
        todo=_("a number is an id; the record called {name} has the id {id}").format(name=number, id=called[0])
        if called
        else _("give its id, its whole name or its e-mail"),
    )


def _in_row(reader: OdooReader, model: str, rows: Rows, number: int) -> int:
    """The record in a row of an export, where it has no id; a number is never one record's id and another's row."""
    there = next((record for record, row in rows.by_record.items() if row == number), None)
    if there is not None and there not in rows.own:
        return there
    if not rows.own:
        raise SegmenterError(
            _("There is no record in row {row} of {file}").format(row=number, file=rows.file),
            todo=_("give the row of a record, its whole name or its e-mail"),
        )
    if there is None:
        todo = _("give its whole name, its e-mail or {number}").format(number=_number_meant(reader))
    else:
        name = LiveRecord(reader, model, there).value("display_name")
        todo = _("in row {row} there is “{name}”, which has the id {id}").format(row=number, name=name, id=there)
    raise SegmenterError(
        _("There is no record with the id {id} in {file}").format(id=number, file=rows.file), todo=todo
    )


def _number_meant(reader: OdooReader) -> str:
    """What a number alone stands for."""
    rows = reader.rows
    if rows is None or rows.own.issuperset(rows.by_record):
        return _("its id")
    return _("its id or its row") if rows.own else _("its row")
