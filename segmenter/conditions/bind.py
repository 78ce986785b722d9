"""Binds a condition to one CRM: finds its fields and names, and refuses what versions of Odoo read differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from segmenter.conditions.bound import Bound, BoundAll, BoundAny, BoundDomain, BoundLeaf, BoundNot, BoundRelated
from segmenter.conditions.dates import moment, ranges, relative_range
from segmenter.conditions.domain import scale_keys
from segmenter.conditions.fields import walk
from segmenter.conditions.model import (
    CURRENCY,
    PROPERTIES,
    PROPERTY,
    All,
    Any,
    Condition,
    Leaf,
    Not,
    RawDomain,
    Related,
    Scalar,
    Span,
)
from segmenter.conditions.operators import COMPARISONS, DATES, TEXTUAL, kind_of, operators_of
from segmenter.conditions.portable import refusal, refused_relations
from segmenter.conditions.raw import check_fields
from segmenter.conditions.recalled import recalled_list
from segmenter.conditions.related import answered, list_fields, of_property, operators_of_property
from segmenter.conditions.values import BoundValue, bind_value, scale
from segmenter.conditions.vocabulary import Clock, Field, Unanswerable, Vocabulary
from segmenter.errors import Path, Problem
from segmenter.i18n import _


def bind(
    condition: Condition,
    model: str,
    vocabulary: Vocabulary,
    clock: Clock,
    problems: list[Problem],
    *,
    asked_of: Field | None = None,
) -> Bound | None:
    """``condition`` on records of ``model``: fields found, names to ids, relative dates resolved by ``clock``.

    ``asked_of``: a many2one of ``model`` to itself that no record lacks (a contact's company): the condition is asked
    of the record it leads to. Every problem goes to ``problems``; None when there was any.
    """
    return _Binder(model, vocabulary, clock, problems, asked_of).bind(condition, negated=False)


@dataclass(frozen=True)
class _Binder:
    """The steps of one `bind`."""

    model: str
    vocabulary: Vocabulary
    clock: Clock
    problems: list[Problem]
    asked_of: Field | None = None

    def complain(self, path: Path, what: str, todo: str) -> None:
        self.problems.append(Problem(path, what, todo))

    def bind(self, condition: Condition, *, negated: bool) -> Bound | None:
        match condition:
            case All(parts, path):
                bound = self._all_of(parts, negated)
                return None if bound is None else BoundAll(bound, path)
            case Any(parts, path):
                bound = self._all_of(parts, negated)
                return None if bound is None else BoundAny(bound, path)
            case Not(part, path):
                inner = self.bind(part, negated=not negated)
                return None if inner is None else BoundNot(inner, path)
            case RawDomain():
                return self._raw(condition, negated)
            case Related():
                return self._related(condition)
            case Leaf():
                return self._leaf(condition, negated)

    def _all_of(self, parts: Sequence[Condition], negated: bool) -> tuple[Bound, ...] | None:
        """Binds every part; None if one cannot be. All are tried, so that all problems are reported."""
        bound = [self.bind(part, negated=negated) for part in parts]
        sound = tuple(part for part in bound if part is not None)
        return sound if len(sound) == len(bound) else None

    def _raw(self, condition: RawDomain, negated: bool) -> Bound | None:
        if negated:
            what = _("A raw domain cannot be negated: its meaning differs between versions of Odoo")
            self.complain(condition.path, what, _("write the negation inside the domain"))
            return None
        checked = check_fields(
            condition.domain, self.model, self.vocabulary, condition.path, self.problems, asked_of=self.asked_of
        )
        return None if checked is None else BoundDomain(checked, condition.path)

    def _leaf(self, leaf: Leaf, negated: bool) -> BoundLeaf | None:
        fields = walk(leaf.field, self.model, self.vocabulary, leaf.path, self.problems)
        if fields is not None and leaf.operator == CURRENCY:
            bound = self._currency(leaf, fields)
            return bound if bound is not None and self._portable(bound, negated) else None
        if fields is None or not self._has_operator(leaf, fields[-1]):
            return None
        if leaf.operator in TEXTUAL and kind_of(fields[-1]) in ("many2one", "many"):
            name = walk("name", fields[-1].relation or "", self.vocabulary, leaf.path, self.problems)
            if name is None:
                return None
            fields = (*fields, *name)
        if self.asked_of is not None:
            fields = (self.asked_of, *fields)
        bound = self._with_value(leaf, fields)
        return bound if bound is not None and self._portable(bound, negated) else None

    def _related(self, related: Related) -> BoundRelated | None:
        """What a list gives, compared; the CRM is asked once which records it holds for."""
        if told := self.vocabulary.told(related):
            return recalled_list(told)
        if related.function == PROPERTY:
            try:
                return self._property(related)
            except Unanswerable as error:
                self.complain(related.path, error.what, error.todo)
                return None
        found = list_fields(related, self.model, self.vocabulary.of_lists, self.problems)
        if found is None:
            return None
        inside = _Binder(found.of.model, self.vocabulary.of_lists, self.clock, self.problems)
        where = None if related.where is None else inside.bind(related.where, negated=False)
        leaf = Leaf(found.of.name, related.operator, related.value, related.path)
        compared = inside._with_value(leaf, (found.of,)) if inside._has_operator(leaf, found.of) else None
        if compared is None or (related.where is not None and where is None):
            return None
        asked = () if self.asked_of is None else (self.asked_of,)
        try:
            return answered(related, found, compared, where, asked, self.vocabulary.of_lists)
        except Unanswerable as error:
            self.complain(related.path, error.what, error.todo)
            return None

    def _property(self, related: Related) -> BoundRelated | None:
        """What leads hold in a property, compared; the CRM is asked once what they hold. Raises `Unanswerable`."""
        vocabulary = self.vocabulary.of_lists
        about = vocabulary.property(related.of)
        holder = walk(PROPERTIES, self.model, vocabulary, related.path, self.problems)
        if holder is None:
            return None
        operators = operators_of_property(about)
        if related.operator not in operators:
            what = _("{operator} does not go with the property {field}")
            todo = _("use one of {names}").format(names=" ".join(operators))
            self.complain(related.path, what.format(operator=related.operator, field=related.of), todo)
            return None
        leaf = Leaf(related.of, related.operator, related.value, related.path)
        compared = self._with_value(leaf, (about.field,))
        return None if compared is None else of_property(related, holder[-1], about, compared, vocabulary)

    def _currency(self, leaf: Leaf, fields: tuple[Field, ...]) -> BoundLeaf | None:
        """A leaf that takes the records whose amount is in a currency, by the currency field of the amount."""
        *hops, amount = fields
        code = str(leaf.value)
        money = self.vocabulary.money(amount) if amount.type == "monetary" else None
        if money is None or not money.codes:
            what = _("{field} is no amount that has a currency").format(field=leaf.field)
            self.complain(leaf.path, what, _("leave out in: {code}").format(code=code))
            return None
        if any(kind_of(hop) == "many" for hop in hops):
            what = _("{field} leads to many: one could have the amount and another the currency").format(
                field=leaf.field
            )
            self.complain(leaf.path, what, _("leave out in: {code}").format(code=code))
            return None
        if code not in money.codes:
            what = _("No amount of this Odoo is in {code}").format(code=code)
            self.complain(leaf.path, what, _("it has {names}").format(names=", ".join(money.codes)))
            return None
        ids = money.codes[code]
        asked = () if self.asked_of is None else (self.asked_of,)
        path, of = (*asked, *hops, money.field), (*asked, *fields)
        return BoundLeaf(path, "in", ids, (code,) * len(ids), path=leaf.path, currency=code, amount=of)

    def _has_operator(self, leaf: Leaf, field: Field) -> bool:
        operators = operators_of(field)
        if leaf.operator in operators:
            return True
        what = _("{operator} does not go with {field}, which is a {type}").format(
            operator=leaf.operator, field=leaf.field, type=field.type
        )
        todo = _("use one of {names}").format(names=" ".join(operators)) if operators else _("use another field")
        self.complain(leaf.path, what, todo)
        return False

    def _with_value(self, leaf: Leaf, fields: tuple[Field, ...]) -> BoundLeaf | None:
        field, kind = fields[-1], kind_of(fields[-1]) or ""
        if isinstance(leaf.value, Span):
            between = relative_range(leaf.operator, leaf.value, kind, self.clock)
            return BoundLeaf(fields, leaf.operator, span=leaf.value, ranges=(between,), path=leaf.path)
        if leaf.operator == "empty":
            return BoundLeaf(fields, "empty", (bool(leaf.value),), path=leaf.path)
        items = self._values(leaf, field, kind)
        if items is None:
            return None
        values = tuple(item.value for item in items)
        shown = tuple(item.shown for item in items)
        bound = BoundLeaf(fields, leaf.operator, values, shown, path=leaf.path, currency=leaf.currency)
        if kind in DATES:
            moments = [at for value in values if (at := moment(value))]
            spans = ranges(leaf.operator, moments, kind, self.clock.zone) if moments else ()
            return BoundLeaf(fields, leaf.operator, values, bound.shown, ranges=spans, path=leaf.path)
        if kind == "selection" and _compares(leaf.operator) and not scale_keys(bound):
            what = _("No value of {field} can be so").format(field=field.name)
            keys = ", ".join(key for key, _label in field.selection)
            self.complain(leaf.path, what, _("it has {names}").format(names=keys))
            return None
        return bound

    def _values(self, leaf: Leaf, field: Field, kind: str) -> list[BoundValue] | None:
        is_list = isinstance(leaf.value, tuple)
        values: tuple[Scalar, ...] = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)  # type: ignore[assignment]
        found: list[BoundValue] = []
        sound = True
        for index, value in enumerate(values):
            path = (*leaf.path, index) if is_list else leaf.path

            def complain(what: str, todo: str, path: Path = path) -> None:
                self.complain(path, what, todo)

            if kind == "selection" and _compares(leaf.operator):
                item = scale(value, field, complain)
            else:
                item = bind_value(value, field, kind, self.vocabulary, complain)
            if item is not None and item.value is None and leaf.operator in ("has_all", "under"):
                complain(_("{operator} needs names").format(operator=leaf.operator), _("use empty: true for empty"))
                item = None
            if item is None:
                sound = False
            else:
                found.append(item)
        if not sound:
            return None
        return found if leaf.operator == "between" else list(dict.fromkeys(found))

    def _portable(self, leaf: BoundLeaf, negated: bool) -> bool:
        refused = refusal(leaf, negated=negated, asked_of=self.asked_of)
        ids = [value for value in leaf.values if isinstance(value, int)]
        refused = refused or refused_relations(leaf.fields, leaf.operator, ids, self.vocabulary, asked_of=self.asked_of)
        if refused is not None:
            self.complain(leaf.path, refused.what, refused.todo)
        return refused is None


def _compares(operator: str) -> bool:
    return operator in COMPARISONS or operator == "between"
