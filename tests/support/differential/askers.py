"""Who answers a question: a CRM through the whole product, the local evaluator on its records, and the language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from segmenter.conditions import WITH_ARCHIVED, Bound, Field, bind, compiled, domain, parse
from segmenter.errors import Problem
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server
from segmenter.odoo.values import Row
from segmenter.resolving.records import LiveRecord
from tests.live import servers
from tests.support.conditions_crm import NOW
from tests.support.conditions_meaning import holds
from tests.support.differential import population
from tests.support.differential.loading import Ids, OdooLoader, into_tables
from tests.support.differential.population import LANGUAGE, RELATIONS, TIMEZONE, Ref, Rows
from tests.support.versions import fresh
from tests.support.wires import as_admin

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """Which records of ``model`` meet ``condition`` (as YAML gives it); ``archived``: archived ones among them.

    ``of_company``: of contacts, whose company meets it (``include_contacts``).
    """

    condition: Data
    model: str = "crm.lead"
    archived: bool = True
    of_company: bool = False


@dataclass(frozen=True)
class Refusal:
    """Why a condition was not asked at all."""

    why: tuple[str, ...]


Answer = frozenset[str] | Refusal
"""Keys of the population, or why not."""


class _Remembering(OdooReader):
    """Reads each value once: the population does not change."""

    def __init__(self, server: Server, *, language: str, timezone: str) -> None:
        super().__init__(server, language=language, timezone=timezone)
        self._values: dict[tuple[str, str], dict[int, Row]] = {}
        self.ids: Ids = {}
        self.searches = 0

    def read(self, model: str, ids: Sequence[int], fields: Sequence[str]) -> Iterator[Row]:
        (name,) = fields
        if (model, name) not in self._values:
            everything = [*self.ids.get(model, {}).values()]
            self._values[model, name] = {row["id"]: row for row in super().read(model, everything, fields)}
        for id_ in ids:
            known = self._values[model, name]
            if id_ not in known:
                known.update({row["id"]: row for row in super().read(model, [id_], fields)})
            yield known[id_]

    def search(self, *args: Any, **options: Any) -> list[int]:
        self.searches += 1
        return super().search(*args, **options)


class Crm:
    """One CRM with the population in it, asked as planning asks: parse, bind, domain, search."""

    def __init__(self, name: str, server: Server, ids: Ids) -> None:
        self.name = name
        self.reader = _Remembering(server, language=LANGUAGE, timezone=TIMEZONE)
        self.reader.ids = ids
        self._catalog = Catalog(self.reader)
        self._ids = ids
        self._keys = {model: {id_: key for key, id_ in known.items()} for model, known in ids.items()}
        self._records: dict[str, list[LiveRecord]] = {}

    def bound(self, question: Question) -> Bound | Refusal:
        """What the condition means here, or why it is refused."""
        problems: list[Problem] = []
        written = _without_refs(question.condition, lambda ref: self._ids[ref.model][ref.key])
        condition = parse(written, (), problems)
        asked_of = self._catalog.company() if question.of_company else None
        found = condition and bind(condition, question.model, self._catalog, NOW, problems, asked_of=asked_of)
        return found or Refusal(tuple(problem.what for problem in problems))

    def select(self, bound: Bound, question: Question) -> frozenset[str]:
        """What the server finds among the population."""
        keys = self._keys[question.model]
        scope = [*(WITH_ARCHIVED if question.archived else ()), ["id", "in", list(keys)]]
        return frozenset(keys[one] for one in self.reader.search(question.model, [*scope, *domain(bound)]))

    def evaluate(self, bound: Bound, question: Question) -> frozenset[str]:
        """What the local evaluator finds, as `explain` does, on records that are read from the server."""
        if question.model not in self._records:
            ids = self._ids[question.model].values()
            self._records[question.model] = [LiveRecord(self.reader, question.model, one) for one in ids]
        test, seen = compiled(domain(bound)), _visibility(question)
        keys = self._keys[question.model]
        return frozenset(
            keys[record.id] for record in self._records[question.model] if test(record) and seen(record.value("active"))
        )


def embedded(rows: Rows) -> Crm:
    """The CRM in memory."""
    return Crm("embedded", *into_tables(rows))


def real(version: str, rows: Rows, what: str) -> Crm:
    """A database of its own on a real Odoo."""
    odoo = servers.start(version)
    database = fresh(odoo, what)
    ids = OdooLoader(odoo, database).load(rows)
    return Crm(f"Odoo {version}", as_admin(odoo, database), ids)


@dataclass(frozen=True)
class Stored:
    """A record of the population as the language sees it (`conditions_meaning.Thing`)."""

    rows: Rows
    model: str
    key: str
    values: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        row = self.rows[self.model][self.key]
        shown = {name: value.es if isinstance(value, population.Called) else value for name, value in row.items()}
        object.__setattr__(self, "values", shown)

    def field(self, model: str, name: str) -> Field | None:
        return population.field(model, name)

    def related(self, field: str, *, archived: bool = False) -> list[Stored]:
        kind, relation, back = RELATIONS[self.model][field]
        if kind == "one2many":
            keys = [key for key, row in self.rows[relation].items() if row.get(back) == self.key]
        else:
            found = self.values.get(field)
            keys = found if isinstance(found, list) else [found] if found else []
        others = [Stored(self.rows, relation, key) for key in keys]
        reached = kind == "many2one" or (archived and kind == "many2many")
        return [one for one in others if reached or one.values.get("active", True)]


def meant(question: Question, rows: Rows) -> frozenset[str] | None:
    """What the language says: no domain, no server. None where it leaves the word to Odoo, in a raw domain."""
    if _names(question.condition, "domain"):
        return None
    seen = _visibility(question)
    condition = _without_refs(question.condition, lambda ref: Stored(rows, ref.model, ref.key).values["name"])
    records = [Stored(rows, question.model, key) for key in rows[question.model]]
    return frozenset(
        one.key
        for one in records
        if seen(one.values.get("active"))
        and holds(condition, one.related("commercial_partner_id")[0] if question.of_company else one)
    )


def _without_refs(data: Any, meant_by: Callable[[Ref], Any]) -> Any:
    if isinstance(data, Ref):
        return meant_by(data)
    if isinstance(data, Mapping):
        return {key: _without_refs(value, meant_by) for key, value in data.items()}
    return [_without_refs(one, meant_by) for one in data] if isinstance(data, list) else data


def _visibility(question: Question) -> Any:
    """Odoo leaves archived records out, unless it is asked for them, or asked about ``active``."""
    asks_itself = _names(question.condition, "active") and not question.of_company
    return bool if not question.archived and not asks_itself else lambda _active: True


def _names(condition: Any, wanted: str) -> bool:
    if isinstance(condition, list):
        return any(_names(part, wanted) for part in condition)
    if not isinstance(condition, Mapping):
        return False
    return any(
        key == wanted
        or (key in ("all", "any", "not") and _names(part, wanted))
        or (key == "domain" and any(leaf[0] == wanted for leaf in part if not isinstance(leaf, str)))
        for key, part in condition.items()
    )
