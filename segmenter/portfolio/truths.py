"""Asking a CRM for what is needed to ask the conditions of a spec again, of the records as a plan leaves them.

One question for each part of a condition that asks for nothing written, and only of conditions that ask for something
written besides; a spec that does not look at what it writes costs no question.

Not known, and taken to stay as it is: what Odoo computes by itself (the probability of a lead after a move), what lies
behind a field that is not written (``partner_id.opportunity_ids.stage_id``), and names in raw domains.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from segmenter.conditions import Field, Holding, compiled
from segmenter.conditions.domain import first_steps
from segmenter.conditions.operators import MANY
from segmenter.conditions.raw import LIKES, NEGATIVES, TREES
from segmenter.odoo.reader import OdooReader
from segmenter.plans import Json
from segmenter.portfolio.formula import Compared, Either, Every, Fixed, Formula, Truths, Without
from segmenter.portfolio.parts import Leaf, Node, parsed, search_all, sendable
from segmenter.portfolio.portfolio import Grouped, Portfolio
from segmenter.record_set import RecordSet, by_value, union
from segmenter.resolving.resolved import Resolved


def read_truths(
    reader: OdooReader, resolved: Resolved, portfolio: Portfolio, written: Collection[str], zone: ZoneInfo
) -> Truths:
    """What those conditions say that ask for something written. ``written``: the fields that the plan changes.

    Asks for nothing where no condition asks for one of them.
    """
    scope, protect = resolved.scope_domain, resolved.protect_domain
    segments = {
        (number, position): segment.domain
        for number, segmentation in enumerate(resolved.segmentations)
        for position, segment in enumerate(segmentation.segments)
        if not segment.is_default
    }
    if asked_fields(resolved).isdisjoint(written):
        return Truths(None, None, {})
    known = reader.fields(resolved.model)
    fields = {name: known[name] for name in written if name in known}
    fields |= {effect.field.name: effect.field for effect in resolved.effects()}

    def is_written(leaf: Leaf) -> bool:
        return not first_steps([leaf]).isdisjoint(fields)

    nodes = {key: node for key, domain in segments.items() if (node := parsed(domain, is_written)).apart}
    around = [parsed(domain, is_written) for domain in (scope, protect)]
    builder = _Builder(reader, resolved, portfolio, fields, zone)
    builder.ask(question for node in (*nodes.values(), *around) if node.apart for question in node.questions())
    inside, never = (builder.formula(node) if node.apart else None for node in around)
    if not resolved.archived and "active" in fields and "active" not in first_steps(scope):
        in_use: Formula = Compared("active", portfolio.scope, bool)
        inside = Every((inside, in_use)) if inside else in_use
    return Truths(inside, never, {key: builder.formula(node) for key, node in nodes.items()})


def asked_fields(resolved: Resolved) -> set[str]:
    """The fields that the conditions ask for, whether they say so or not: archived records are in no scope."""
    domains = [resolved.scope_domain, resolved.protect_domain]
    domains += [segment.domain for segmentation in resolved.segmentations for segment in segmentation.segments]
    asked = {name for domain in domains for name in first_steps(domain)}
    return asked if resolved.archived else asked | {"active"}


@dataclass
class _Builder:
    """Makes formulas of domains. ``answers``: question -> the records of the scope that it takes."""

    reader: OdooReader
    resolved: Resolved
    portfolio: Portfolio
    written: Mapping[str, Field]
    zone: ZoneInfo
    answers: dict[tuple[Any, ...], RecordSet] = field(default_factory=dict)
    _known: dict[tuple[Any, ...], Formula] = field(default_factory=dict)

    def ask(self, questions: Iterable[tuple[Any, ...]]) -> None:
        """Ask each of them once, several at a time."""
        asked, scope = list(dict.fromkeys(questions)), self.resolved.scope_domain
        found = search_all(self.reader, self.portfolio.model, scope, asked, self.portfolio.scope)
        self.answers = dict(zip(asked, found, strict=True))

    def formula(self, node: Node) -> Formula:
        if not node.apart:
            return Fixed(self.answers[node.domain])
        if node.connective == "!":
            return Without(self.formula(node.parts[0]))
        if node.connective:
            parts = tuple(self.formula(part) for part in node.parts)
            return Every(parts) if node.connective == "&" else Either(parts)
        if node.domain not in self._known:
            self._known[node.domain] = self._leaf(node.domain[0])
        return self._known[node.domain]

    def _leaf(self, leaf: Leaf) -> Formula:
        """One comparison with a field that is written."""
        name, operator, value = leaf
        head, _dot, rest = name.partition(".")
        here = self.written[head]
        if rest or operator in TREES:
            behind = (rest or "id", operator, _list(value))
            return self._any_of(here, self._related(here, behind))
        if here.relation and operator in LIKES:
            return Fixed(self._ask(leaf))
        if here.type not in MANY:
            test = compiled([leaf], self.zone, lambda _path: here.type)
            return self._compared(head, leaf, lambda held: test(Holding(head, held)))
        if operator in NEGATIVES:
            return Without(self._leaf((name, NEGATIVES[operator], value)))
        values = value if isinstance(value, list | tuple) else (value,)
        parts = [self._any_of(here, {value for value in values if value})]
        if not all(values):
            every = {*self.reader.search(here.relation or "", [], archived=True), *self.resolved.owned.get(head, ())}
            parts.append(Without(self._any_of(here, every)))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _any_of(self, here: Field, values: Collection[int]) -> Formula:
        """The field leads to one of these records."""
        ids = frozenset(values)
        if here.type not in MANY:
            return self._compared(here.name, (here.name, "in", sorted(ids)), ids.__contains__)
        owned = frozenset(self.resolved.owned.get(here.name, ()))
        others = sorted(id for id in ids - owned if id > 0)
        ours = self._compared(here.name, (here.name, "in", sorted(ids & owned)), lambda held: not ids.isdisjoint(held))
        return Either((ours, Fixed(self._ask((here.name, "in", others))))) if others else ours

    def _related(self, here: Field, leaf: Leaf) -> set[int]:
        """The records behind a relation that a comparison takes, those that the plan creates among them."""
        model = here.relation or ""
        # Behind a field of many values Odoo leaves archived records out, unless they are asked whether they are.
        archived = here.type not in MANY or leaf[0] == "active"
        found = set(self.reader.search(model, [leaf], archived=archived))
        name = str(leaf[0])
        made = {change.ref: change.after for change in self.resolved.config if change.model == model and change.creates}
        if made and "." not in name and leaf[1] not in TREES:
            known = self.reader.fields(model)
            test = compiled([leaf], self.zone, lambda path: known[path].type if path in known else None)
            found |= {ref for ref, values in made.items() if test(Holding(name, values.get(name)))}
        return found

    def _compared(self, name: str, leaf: Leaf, holds: Callable[[Json], bool]) -> Compared:
        """A comparison whose records are known from what was read, or are asked for."""
        column = self.portfolio.columns.get(name)
        if isinstance(column, Grouped) and column.many:
            records = union(members for value, members in column.sets.items() if holds([value]))
        elif isinstance(column, Grouped):
            records = union(members for value, members in column.sets.items() if holds(value))
        elif column is not None:
            records = union(members for value, members in by_value(column.values).items() if holds(value))
        else:
            records = self._ask(leaf)
        return Compared(name, records, holds)

    def _ask(self, leaf: Leaf) -> RecordSet:
        found = [*self.resolved.scope_domain, *sendable([leaf])]
        return RecordSet(self.reader.search(self.portfolio.model, found)) & self.portfolio.scope


def _list(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
