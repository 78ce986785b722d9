"""A spec against one CRM: names become ids, conditions domains, what is missing becomes configuration changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from segmenter.conditions import (
    WITH_ARCHIVED,
    Bound,
    BoundAny,
    BoundLeaf,
    Clock,
    Condition,
    Field,
    Leaf,
    bind,
    domain,
    words,
)
from segmenter.errors import Path, Problem, SpecError
from segmenter.i18n import _
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.custom_fields import not_yet
from segmenter.odoo.needs import leaves
from segmenter.odoo.reader import OdooReader
from segmenter.planning.config import COLOURED, CREATED_BY_PLAN, Configuration
from segmenter.planning.custom_fields import Declared
from segmenter.planning.effects import ConvertLead, Effect, Give, Hold, MoveTo, SetTo, is_empty
from segmenter.planning.model import ConfigChange, Json
from segmenter.planning.reach import REACHES_OTHERS, unsaid
from segmenter.spec import locate
from segmenter.spec.model import (
    Action,
    Assign,
    Convert,
    Range,
    Segment,
    Segmentation,
    SetStage,
    SetTags,
    SetValue,
    Spec,
)


@dataclass(frozen=True)
class ResolvedSegment:
    """One segment on this CRM. ``tag``: the id its store holds (negative: to be created), None for other stores."""

    name: str
    is_default: bool
    bound: Bound | None
    domain: tuple[Json, ...]
    words: str
    color: int | None
    description: str
    expect: Range | None
    tag: int | None
    effects: tuple[Effect, ...]
    path: Path


@dataclass(frozen=True)
class ResolvedSegmentation:
    """One segmentation on this CRM. ``store``: its many-valued field, ``owned`` the tags it names there."""

    name: str
    many: bool
    store: Field | None
    owned: frozenset[int]
    segments: tuple[ResolvedSegment, ...]

    def effects(self, taken: list[int]) -> list[Effect]:
        """What is done to a record that these segments (positions, in order) take: the first to set a field wins."""
        effects: list[Effect] = []
        if self.store is not None and self.owned:
            add = frozenset(tag for one in taken if (tag := self.segments[one].tag) is not None)
            effects.append(Hold(self.store, add, self.owned - add))
        seen: set[str] = set()
        for position in taken:
            here = [effect for effect in self.segments[position].effects if effect.field.name not in seen]
            effects.extend(here)
            seen.update(effect.field.name for effect in here if not isinstance(effect, Hold))
        return effects


@dataclass(frozen=True)
class Resolved:
    """A whole spec on one CRM. ``owned``: many-valued field -> ids that the spec names in it.

    ``absent``: fields of the model that the plan itself creates, so that no record holds anything in them yet.
    """

    model: str
    archived: bool
    scope_domain: tuple[Json, ...]
    protect_domain: tuple[Json, ...]
    segmentations: tuple[ResolvedSegmentation, ...]
    config: tuple[ConfigChange, ...]
    forbidden: tuple[str, ...]
    owned: Mapping[str, frozenset[int]]
    bounds: Mapping[str, str]
    protect: Bound | None = None
    absent: Mapping[str, Field] = field(default_factory=dict)


def resolve(spec: Spec, reader: OdooReader, catalog: Catalog, clock: Clock) -> Resolved:
    """Resolve everything or raise `SpecError` with every problem, each at its place in the file."""
    return _Resolver(spec, reader, catalog, clock).resolve()


class _Resolver:
    def __init__(self, spec: Spec, reader: OdooReader, catalog: Catalog, clock: Clock) -> None:
        self.spec, self.reader, self.catalog, self.clock = spec, reader, catalog, clock
        self.model = spec.scope.model
        self.problems: list[Problem] = []
        self.bounds: dict[str, str] = {}
        self.owned: dict[str, frozenset[int]] = {}
        self.config = Configuration(reader, catalog, self.problems)
        self.declared = Declared(spec, reader, catalog)

    def resolve(self) -> Resolved:
        spec = self.spec
        self.declared.plan(self.config, self.problems)
        scope = self.bound(spec.scope.where)
        protect = [bound for one in spec.protect if (bound := self.bound(one)) is not None]
        segmentations = tuple(self.segmentation(one) for one in spec.segmentations)
        if spec.filters == "shared":
            self.favourites(segmentations)
        if self.problems:
            raise SpecError([locate(spec, problem) for problem in self.problems])
        forbidden = [*self.config.forbidden(), *self.declared.forbidden()]
        if not self.reader.may(self.model, "write"):
            forbidden.append(_("The work user may not write on {model}").format(model=self.model))
        return Resolved(
            self.model,
            spec.scope.archived,
            (*(WITH_ARCHIVED if spec.scope.archived else ()), *(domain(scope) if scope else ())),
            tuple(domain(BoundAny(tuple(protect)))) if protect else (),
            segmentations,
            tuple(self.config.changes),
            tuple(forbidden),
            self.owned,
            self.bounds,
            BoundAny(tuple(protect)) if protect else None,
            self.declared.absent,
        )

    def bound(self, condition: Condition | None, asked_of: Field | None = None) -> Bound | None:
        if condition is None:
            return None
        if early := not_yet((leaf for leaf, _negated in leaves(condition)), self.declared.absent):
            self.problems.extend(early)
            return None
        bound = bind(condition, self.model, self.catalog, self.clock, self.problems, asked_of=asked_of)
        if bound is not None:
            self.bounds.update(bound.bounds())
        return bound

    def segmentation(self, segmentation: Segmentation) -> ResolvedSegmentation:
        store = self.store(segmentation)
        many_valued = store if store is not None and store.type == "many2many" else None
        segments = tuple(self.segment(segmentation, one, store) for one in segmentation.all_segments)
        tags = frozenset(one.tag for one in segments if one.tag is not None)
        if many_valued is not None:
            self.own(many_valued, tags)
        return ResolvedSegmentation(segmentation.name, segmentation.many, many_valued, tags, segments)

    def store(self, segmentation: Segmentation) -> Field | None:
        if segmentation.store is None:
            return None
        field = self.field(segmentation.store.field, (*segmentation.path, "store"))
        if field is not None and segmentation.store.kind != "field" and field.type != "many2many":
            what = _("{field} does not hold tags").format(field=field.name)
            self.problems.append(Problem((*segmentation.path, "store"), what, _("use `store: {field: NAME}`")))
            return None
        return field

    def segment(self, segmentation: Segmentation, segment: Segment, store: Field | None) -> ResolvedSegment:
        why = f"{segmentation.name}: {segment.name}"
        bound = self.bound(segment.condition, self.catalog.company() if segmentation.include_contacts else None)
        tag, effects = None, []
        if store is not None and store.type == "many2many":
            tag = self.config.tag(store, str(segment.stored), segment.path, color=segment.color, why=why)
        elif store is not None:
            stored = SetValue(store.name, segment.stored, path=segment.path)
            effects += self.effect(stored, why)
        for action in segment.actions:
            effects += self.effect(action, why)
        return ResolvedSegment(
            name=segment.name,
            is_default=segment.condition is None,
            bound=bound,
            domain=tuple(domain(bound)) if bound else (),
            words=words(bound) if bound else "",
            color=segment.color,
            description=segment.description,
            expect=segment.expect,
            tag=tag,
            effects=tuple(effects),
            path=segment.path,
        )

    def field(self, name: str, path: Path, *, reaches: bool = False) -> Field | None:
        """The field to write, or a problem: unknown, read-only, or one whose write reaches other records unsaid."""
        field = self.declared.field(self.model, name)
        if field is None:
            # Binding a leaf on it words the problem, near misses and all.
            bind(Leaf(name, "empty", True, path), self.model, self.declared, self.clock, self.problems)
        elif field.name in REACHES_OTHERS.get(self.model, ()) and not reaches:
            todo = _("set another field, or write {field}: {{value: ..., reaches_other_records: true}} under set:")
            self.problems.append(Problem(path, unsaid(self.model, field.name), todo.format(field=field.name)))
            return None
        elif field.readonly or not field.stored:
            what = _("{field} is computed by Odoo and cannot be written").format(field=field.name)
            self.problems.append(Problem(path, what, _("set a field that people can edit")))
            return None
        return field

    def effect(self, action: Action, why: str) -> list[Effect]:
        said = isinstance(action, SetValue) and action.reaches_other_records
        field = self.field(action.field, action.path, reaches=said)
        if field is None:
            return []
        if isinstance(action, Convert):
            known = self.reader.fields(self.model)
            marks = tuple(known[name] for name in ("active", "probability") if name in known)
            return [ConvertLead(field, action.customer, marks)]
        if isinstance(action, SetTags):
            return self.hold(action, field, why)
        if isinstance(action, Assign):
            people = self.ids(field, action.people, action.path)
            if len(people) < len(action.people):
                return []
            return [Give(field, people, action.by, action.only_if_empty, action.cap)]
        if isinstance(action, SetStage):
            return self.move(action, field, why)
        if field.type == "many2one" and action.value is not None and field.relation in CREATED_BY_PLAN:
            return self.move(SetStage(action.field, str(action.value), (), action.path), field, why)
        if field.type in ("many2many", "one2many"):
            what = _("{field} holds several values").format(field=field.name)
            self.problems.append(Problem(action.path, what, _("use `{add: [...], remove: [...]}`")))
            return []
        if action.value is None:
            return [] if field.name in self.declared.absent else [SetTo(field, None, is_empty(field))]
        leaf = self.leaf(field, action.value, action.path)
        if leaf is None:
            return []
        # A date is written as it is compared: the first moment of what it names.
        value = leaf.ranges[0][0] if leaf.ranges else leaf.values[0]
        return [SetTo(field, value, None if field.name in self.declared.absent else leaf)]

    def hold(self, action: SetTags, field: Field, why: str) -> list[Effect]:
        add: set[int | None]
        remove: set[int | None]
        if field.relation in COLOURED:
            add = {self.config.tag(field, name, action.path, why=why) for name in action.add}
            remove = {self.config.known_tag(field, name, action.path) for name in action.remove}
        else:
            add = set(self.ids(field, action.add, action.path))
            remove = set(self.ids(field, action.remove, action.path))
        effect = Hold(
            field,
            frozenset(one for one in add if one is not None),
            frozenset(one for one in remove if one is not None),
        )
        self.own(field, effect.add | effect.remove)
        return [effect] if effect.add or effect.remove else []

    def move(self, action: SetStage, field: Field, why: str) -> list[Effect]:
        if field.relation == "crm.stage":
            to = self.config.stage(action.to, action.path, why=why)
        else:
            to = next(iter(self.ids(field, (action.to,), action.path)), None)
        origins = self.ids(field, action.come_from, action.path)
        if to is None or len(origins) < len(action.come_from):
            return []
        return [MoveTo(field, to, tuple(one for one in origins if one != to))]

    def leaf(self, field: Field, value: Json, path: Path) -> BoundLeaf | None:
        """What a name or literal stands for on this field; None after reporting a problem.

        Bound as a condition would be, so that a name means the same whether it is compared or written.
        """
        bound = bind(Leaf(field.name, "=", value, path), self.model, self.declared, self.clock, self.problems)
        return None if bound is None else next(bound.leaves())

    def ids(self, field: Field, names: tuple[str, ...], path: Path) -> tuple[int, ...]:
        """The ids of the names that stand for one record each; the others are reported."""
        leaves = [self.leaf(field, name, path) for name in names]
        return tuple(int(str(leaf.values[0])) for leaf in leaves if leaf is not None)

    def own(self, field: Field, ids: frozenset[int]) -> None:
        self.owned[field.name] = self.owned.get(field.name, frozenset()) | ids

    def favourites(self, segmentations: tuple[ResolvedSegmentation, ...]) -> None:
        """One per segment that is stored: the favourite shows what was written, so that it stays true and fast."""
        for segmentation, written in zip(segmentations, self.spec.segmentations, strict=True):
            for segment in segmentation.segments:
                if segmentation.store is not None and segment.tag is not None:
                    shown: list[Json] = [[segmentation.store.name, "in", [segment.tag]]]
                elif written.store is not None and segment.effects and isinstance(segment.effects[0], SetTo | MoveTo):
                    first = segment.effects[0]
                    shown = [[first.field.name, "=", first.to if isinstance(first, MoveTo) else first.value or False]]
                else:
                    continue
                why = f"{segmentation.name}: {segment.name}"
                # Tags that carry their segmentation's name ("Zona: Lima") need it once.
                name = segment.name if segment.name.startswith(segmentation.name) else why
                self.config.favourite(name, self.model, shown, why=why)
