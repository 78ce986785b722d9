"""What a segment does, as the spec says it, into effects: fields looked up, names turned into ids.

Whatever does not resolve is a problem at its place in the file, and no effect.
"""

from __future__ import annotations

from segmenter.conditions import BoundLeaf, Clock, Field, Leaf, bind
from segmenter.errors import Path, Problem
from segmenter.i18n import _
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.needs import CREATED, SALESPERSON, unfit, unwritable
from segmenter.planning.config import COLOURED, Configuration
from segmenter.planning.custom_fields import Declared
from segmenter.planning.effects import ConvertLead, Effect, Give, Hold, MoveTo, SetTo, is_empty
from segmenter.planning.model import Json
from segmenter.planning.side_effects.reach import REACHES_OTHERS, unsaid
from segmenter.spec.model import Action, Assign, Convert, RecordRef, SetStage, SetTags, SetValue


class Actions:
    """The effects of one spec's actions. ``owned``: many-valued field -> ids that the spec names in it, so far.

    ``config`` gets what has to be created for them.
    """

    def __init__(
        self,
        model: str,
        declared: Declared,
        config: Configuration,
        catalog: Catalog,
        clock: Clock,
        problems: list[Problem],
    ) -> None:
        self.owned: dict[str, frozenset[int]] = {}
        self._model, self._declared, self._config = model, declared, config
        self._catalog, self._clock, self._problems = catalog, clock, problems

    def effects(self, action: Action, why: str) -> list[Effect]:
        """What one action does; ``why`` goes to what is created for it."""
        said = isinstance(action, SetValue) and action.reaches_other_records
        field = self.field(action.field, action.path, reaches=said)
        if field is None:
            return []
        match action:
            case Convert():
                return [self._convert(action, field)]
            case SetTags():
                return self._hold(action, field, why)
            case Assign():
                return self._give(action, field)
            case SetStage():
                return self._move(action, field, why)
            case SetValue():
                return self._set(action, field, why)

    def field(self, name: str, path: Path, *, reaches: bool = False) -> Field | None:
        """The field to write, or a problem: unknown, read-only, or one whose write reaches other records unsaid."""
        field = self._declared.field(self._model, name)
        if field is None:
            # Binding a leaf on it words the problem, near misses and all.
            bind(Leaf(name, "empty", True, path), self._model, self._declared, self._clock, self._problems)
        elif field.name in REACHES_OTHERS.get(self._model, ()) and not reaches:
            todo = _("set another field, or write {field}: {{value: ..., reaches_other_records: true}} under set:")
            self._problems.append(Problem(path, unsaid(self._model, field.name), todo.format(field=field.name)))
            return None
        elif problem := unwritable(field, path, self._catalog.reader):
            self._problems.append(problem)
            return None
        return field

    def own(self, field: Field, ids: frozenset[int]) -> None:
        """Note that the spec names these in a many-valued field."""
        self.owned[field.name] = self.owned.get(field.name, frozenset()) | ids

    def _convert(self, action: Convert, field: Field) -> ConvertLead:
        known = self._catalog.reader.fields(self._model)
        marks = tuple(known[name] for name in ("active", "probability") if name in known)
        return ConvertLead(field, action.customer, marks)

    def _hold(self, action: SetTags, field: Field, why: str) -> list[Effect]:
        add: set[int | None]
        remove: set[int | None]
        if field.relation in COLOURED:
            add = {self._config.tag(field, str(name), action.path, why=why) for name in action.add}
            remove = {self._config.known_tag(field, str(name), action.path) for name in action.remove}
        else:
            add = set(self._ids(field, action.add, action.path))
            remove = set(self._ids(field, action.remove, action.path))
        effect = Hold(
            field,
            frozenset(one for one in add if one is not None),
            frozenset(one for one in remove if one is not None),
        )
        self.own(field, effect.add | effect.remove)
        return [effect] if effect.add or effect.remove else []

    def _give(self, action: Assign, field: Field) -> list[Effect]:
        people = self._ids(field, action.people, action.path)
        if len(people) < len(action.people):
            return []
        for person, name in zip(people, action.people, strict=True):
            self._receives(field, person, name, action.path)
        return [Give(field, people, action.by, action.only_if_empty, action.cap)]

    def _receives(self, field: Field, person: int, name: object, path: Path) -> None:
        if isinstance(name, int) and (record := self._catalog.record(str(field.relation), name)):
            name = record.name
        if problem := unfit(field, person, str(name), path, self._catalog):
            self._problems.append(problem)

    def _move(self, action: SetStage, field: Field, why: str) -> list[Effect]:
        if field.relation == "crm.stage" and isinstance(action.to, str):
            to = self._config.stage(action.to, action.path, why=why)
        else:
            to = next(iter(self._ids(field, (action.to,), action.path)), None)
        origins = self._ids(field, action.come_from, action.path)
        if to is None or len(origins) < len(action.come_from):
            return []
        return [MoveTo(field, to, tuple(one for one in origins if one != to))]

    def _set(self, action: SetValue, field: Field, why: str) -> list[Effect]:
        if field.type == "many2one" and isinstance(action.value, str) and field.relation in CREATED:
            return self._move(SetStage(action.field, action.value, (), action.path), field, why)
        if field.type in ("many2many", "one2many"):
            what = _("{field} holds several values").format(field=field.name)
            self._problems.append(Problem(action.path, what, _("use `{add: [...], remove: [...]}`")))
            return []
        absent = field.name in self._declared.absent
        if action.value is None:
            return [] if absent else [SetTo(field, None, is_empty(field))]
        leaf = self._leaf(field, action.value, action.path)
        if leaf is None:
            return []
        # A date is written as it is compared: the first moment of what it names.
        value = leaf.ranges[0][0] if leaf.ranges else leaf.values[0]
        if field.name == SALESPERSON:
            self._receives(field, int(str(value)), action.value, action.path)
        return [SetTo(field, value, None if absent else leaf)]

    def _leaf(self, field: Field, value: Json, path: Path) -> BoundLeaf | None:
        """What a name or literal stands for on this field; None after reporting a problem.

        Bound as a condition would be, so that a name means the same whether it is compared or written.
        """
        leaf = Leaf(field.name, "=", value, path)
        bound = bind(leaf, self._model, self._declared, self._clock, self._problems)
        return None if bound is None else next(bound.leaves())

    def _ids(self, field: Field, wanted: tuple[RecordRef, ...], path: Path) -> tuple[int, ...]:
        """The ids of what stands for one record each; the others are reported."""
        leaves = [self._leaf(field, one, path) for one in wanted]
        return tuple(int(str(leaf.values[0])) for leaf in leaves if leaf is not None)
