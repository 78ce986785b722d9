"""A spec against one CRM: names become ids, conditions domains, what is missing becomes configuration changes."""

from __future__ import annotations

from segmenter.conditions import WITH_ARCHIVED, Amount, Bound, BoundAny, Clock, Condition, Field, bind, domain, words
from segmenter.errors import Problem, SpecError
from segmenter.i18n import _
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.custom_fields import not_yet
from segmenter.odoo.needs import leaves
from segmenter.odoo.questions import too_large
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.rights import lacking
from segmenter.planning.actions import Actions
from segmenter.planning.config import Configuration
from segmenter.planning.custom_fields import Declared
from segmenter.planning.effects import Effect, MoveTo, SetTo
from segmenter.planning.model import Json
from segmenter.planning.resolved import Resolved, ResolvedSegment, ResolvedSegmentation
from segmenter.spec import locate
from segmenter.spec.model import Segment, Segmentation, SetValue, Spec


def resolve(spec: Spec, reader: OdooReader, catalog: Catalog, clock: Clock) -> Resolved:
    """Resolve everything or raise `SpecError` with every problem, each at its place in the file."""
    return _Resolver(spec, reader, catalog, clock).resolve()


def sentence(bound: Bound | None, amount: Amount | None = None) -> str:
    """A condition in the language spoken now; "" for none. ``amount``: as `conditions.words` has it."""
    return words(bound, amount) if bound else ""


class _Resolver:
    def __init__(self, spec: Spec, reader: OdooReader, catalog: Catalog, clock: Clock) -> None:
        self.spec, self.reader, self.catalog, self.clock = spec, reader, catalog, clock
        self.model = spec.scope.model
        self.problems: list[Problem] = []
        self.bounds: dict[str, str] = {}
        self.scope_domain: tuple[Json, ...] = ()
        self.config = Configuration(reader, catalog, self.problems)
        self.declared = Declared(spec, reader, catalog)
        self.actions = Actions(self.model, self.declared, self.config, catalog, clock, self.problems)

    def resolve(self) -> Resolved:
        spec = self.spec
        self.declared.plan(self.config, self.problems)
        scope = self.bound(spec.scope.where)
        self.scope_domain = (*(WITH_ARCHIVED if spec.scope.archived else ()), *(domain(scope) if scope else ()))
        protect = [bound for one in spec.protect if (bound := self.bound(one)) is not None]
        protect_domain = tuple(domain(BoundAny(tuple(protect)))) if protect else ()
        for path, asked in ((("scope", "where"), ()), (("protect",), protect_domain)):
            if problem := too_large(path, self.scope_domain, asked):
                self.problems.append(problem)
                break
        segmentations = tuple(self.segmentation(one) for one in spec.segmentations)
        if spec.filters == "shared":
            self.favourites(segmentations)
        if self.problems:
            raise SpecError([locate(spec, problem) for problem in self.problems])
        forbidden = [*self.config.forbidden(), *self.declared.forbidden()]
        if not self.reader.may(self.model, "write"):
            forbidden.append(str(lacking(self.model, "write")))
        return Resolved(
            self.model,
            spec.scope.archived,
            self.scope_domain,
            protect_domain,
            segmentations,
            tuple(self.config.changes),
            tuple(forbidden),
            self.actions.owned,
            self.bounds,
            scope,
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
            self.actions.own(many_valued, tags)
        return ResolvedSegmentation(segmentation.name, segmentation.many, many_valued, tags, segments)

    def store(self, segmentation: Segmentation) -> Field | None:
        if segmentation.store is None:
            return None
        field = self.actions.field(segmentation.store.field, (*segmentation.path, "store"))
        if field is not None and segmentation.store.kind != "field" and field.type != "many2many":
            what = _("{field} does not hold tags").format(field=field.name)
            self.problems.append(Problem((*segmentation.path, "store"), what, _("use `store: {field: NAME}`")))
            return None
        return field

    def segment(self, segmentation: Segmentation, segment: Segment, store: Field | None) -> ResolvedSegment:
        why = f"{segmentation.name}: {segment.name}"
        bound = self.bound(segment.condition, self.catalog.company() if segmentation.include_contacts else None)
        if bound is not None and (problem := too_large(bound.path, self.scope_domain, domain(bound))):
            self.problems.append(problem)
        tag: int | None = None
        effects: list[Effect] = []
        if store is not None and store.type == "many2many":
            tag = self.config.tag(store, str(segment.stored), segment.path, color=segment.color, why=why)
        elif store is not None:
            stored = SetValue(store.name, segment.stored, path=segment.path)
            effects += self.actions.effects(stored, why)
        for action in segment.actions:
            effects += self.actions.effects(action, why)
        return ResolvedSegment(
            name=segment.name,
            is_default=segment.condition is None,
            bound=bound,
            domain=tuple(domain(bound)) if bound else (),
            words=sentence(bound),
            color=segment.color,
            description=segment.description,
            expect=segment.expect,
            tag=tag,
            effects=tuple(effects),
            path=segment.path,
        )

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
