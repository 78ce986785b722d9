"""A spec against one CRM, in one walk: names become ids, conditions domains, and what is needed or missing is noted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from segmenter.conditions import (
    WITH_ARCHIVED,
    Bound,
    BoundAny,
    Clock,
    Condition,
    Field,
    Leaf,
    bind,
    domain,
)
from segmenter.conditions.model import PROPERTY
from segmenter.errors import AuthenticationFailed, ConnectionFailed, Path, Problem, SegmenterError
from segmenter.i18n import _
from segmenter.notice import Notice
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.questions import PORTION, size, too_large, without_lists
from segmenter.odoo.reader import OdooReader
from segmenter.plans.changes import Json
from segmenter.plans.expected import Period
from segmenter.resolving.actions import Actions
from segmenter.resolving.asked import listings, lists_too_many, periods, teams_beside_properties
from segmenter.resolving.custom_fields import (
    WithDeclaredFields,
    declared_fields,
    forbidden_fields,
    not_yet,
    plan_fields,
)
from segmenter.resolving.effects import Effect, MoveTo, SetTo
from segmenter.resolving.favourites import FAVOURITES, owner_of_favourites
from segmenter.resolving.live_favourites import LiveFavourites
from segmenter.resolving.mentions import leaves
from segmenter.resolving.planned_records import PlannedRecords
from segmenter.resolving.resolved import Resolved, ResolvedSegment, ResolvedSegmentation
from segmenter.resolving.rights import NeededRights, forbidden, lacking, out_of_sight, receivers
from segmenter.spec import locate, locate_all
from segmenter.spec.favourites import Wanted, wanted
from segmenter.spec.model import Segment, Segmentation, SetValue, Spec


def resolve(spec: Spec, reader: OdooReader, catalog: Catalog, clock: Clock) -> Resolved:
    """Resolve everything or raise `SpecError` with every problem, each at its place in the file."""
    return survey(spec, reader, catalog, clock).complete()


def survey(spec: Spec, reader: OdooReader, catalog: Catalog, clock: Clock) -> Resolved:
    """Resolve what can be resolved; the rest is in its ``problems``. Raises when the server cannot be reached."""
    return _Walk(spec, reader, catalog, clock).result()


def resolve_scope(spec: Spec, catalog: Catalog, clock: Clock) -> Bound | None:
    """The scope's condition alone, None where there is none. Raises `SpecError` when it does not resolve."""
    if spec.scope.where is None:
        return None
    problems: list[Problem] = []
    bound = bind(spec.scope.where, spec.scope.model, catalog, clock, problems)
    if bound is None:
        raise locate_all(spec, problems)
    return bound


class _Walk:
    def __init__(self, spec: Spec, reader: OdooReader, catalog: Catalog, clock: Clock) -> None:
        self.spec, self.reader, self.catalog, self.clock = spec, reader, catalog, clock
        self.model = spec.scope.model
        self.problems: list[Problem] = []
        self.failure: SegmenterError | None = None
        self.periods: list[Period] = []
        self.scope_domain: tuple[Json, ...] = ()
        self.rights = NeededRights()
        self.planned = PlannedRecords(reader, catalog, self.problems)
        self.fields = declared_fields(spec, reader)
        self.vocabulary = WithDeclaredFields(self.model, self.fields, catalog)
        self.actions = Actions(self.model, self.vocabulary, self.planned, self.rights, catalog, clock, self.problems)

    def result(self) -> Resolved:
        spec = self.spec
        self.rights.need(self.model, "read")
        self.rights.need(self.model, "write")
        self.problems += plan_fields(self.fields, self.planned)
        scope = self.bound(spec.scope.where)
        self.scope_domain = (*(WITH_ARCHIVED if spec.scope.archived else ()), *(domain(scope) if scope else ()))
        protected = [bound for condition in spec.protect if (bound := self.bound(condition)) is not None]
        protect = BoundAny(tuple(protected)) if protected else None
        protect_domain = tuple(domain(protect)) if protect else ()
        if scope is not None and size(self.scope_domain).ids > PORTION:
            self.problems.append(lists_too_many(scope, size(self.scope_domain).ids))
        for path, asked in ((("scope", "where"), []), (("protect",), without_lists(protect_domain))):
            if problem := too_large(path, self.scope_domain, asked):
                self.problems.append(problem)
                break
        segmentations = tuple(self.segmentation(segmentation) for segmentation in spec.segmentations)
        self.problems += teams_beside_properties(segmentations)
        if spec.filters is not None:
            self.favourites(segmentations, scope, protect)
        return Resolved(
            model=self.model,
            archived=spec.scope.archived,
            scope_domain=self.scope_domain,
            protect_domain=protect_domain,
            segmentations=segmentations,
            config=tuple(self.planned.changes),
            forbidden=self.forbidden(segmentations),
            owned=self.actions.owned,
            periods=tuple(dict.fromkeys(self.periods)),
            scope=scope,
            protect=protect,
            absent=self.vocabulary.absent,
            fields=self.fields,
            rights=self.rights.to_make(self.planned.changes),
            problems=tuple(locate(spec, problem) for problem in dict.fromkeys(self.problems)),
            failure=self.failure,
        )

    def forbidden(self, segmentations: tuple[ResolvedSegmentation, ...]) -> tuple[Notice, ...]:
        """What the plan would do and the work user may not; not asked where no plan can be made."""
        if self.problems:
            return ()
        segments = [segment for segmentation in segmentations for segment in segmentation.segments]
        effects = [effect for segment in segments for effect in segment.effects]
        return (
            *forbidden(self.planned.changes, self.reader),
            *forbidden_fields(self.fields, self.reader),
            *([] if self.reader.may(self.model, "write") else [lacking(self.model, "write")]),
            *out_of_sight(self.model, receivers(effects), self.reader),
        )

    @contextmanager
    def asking(self, path: Path) -> Iterator[None]:
        """What the server refuses, as to read a model, is a problem there: the other names are still worth checking."""
        try:
            yield
        except (ConnectionFailed, AuthenticationFailed):
            raise
        except SegmenterError as error:
            self.failure = self.failure or error
            self.problems.append(Problem(path, error.what, error.todo))

    def bound(self, condition: Condition | None, *, of_company: bool = False) -> Bound | None:
        """A condition on this CRM; None where there is none or it does not resolve. ``of_company``: asked of that."""
        if condition is None:
            return None
        if early := not_yet((leaf for leaf, _negated in leaves(condition)), self.vocabulary.absent):
            self.problems.extend(early)
            return None
        bound = None
        with self.asking(condition.path):
            asked_of = self.catalog.company() if of_company else None
            bound = bind(condition, self.model, self.catalog, self.clock, self.problems, asked_of=asked_of)
        if bound is not None:
            self.periods += periods(bound)
            for leaf in bound.leaves():
                for step in leaf.fields:
                    if step.relation:
                        self.rights.need(step.relation, "read", step.name)
            for related in listings(bound):
                if related.function == PROPERTY:
                    self.rights.need("crm.team", "read", related.name)
                for step in related.fields:
                    if step.relation:
                        self.rights.need(step.relation, "read", step.name)
        return bound

    def segmentation(self, segmentation: Segmentation) -> ResolvedSegmentation:
        store = None
        with self.asking((*segmentation.path, "store")):
            store = self.store(segmentation)
        many_valued = store if store is not None and store.type == "many2many" else None
        segments = tuple(self.segment(segmentation, segment, store) for segment in segmentation.all_segments)
        tags = frozenset(segment.tag for segment in segments if segment.tag is not None)
        if many_valued is not None:
            self.actions.own(many_valued, tags)
        return ResolvedSegmentation(segmentation.name, segmentation.many, many_valued, tags, segments)

    def store(self, segmentation: Segmentation) -> Field | None:
        if segmentation.store is None:
            return None
        if segmentation.store.property:
            return self.actions.properties(segmentation.store.property, (*segmentation.path, "store"))
        field = self.actions.field(segmentation.store.field, (*segmentation.path, "store"))
        if field is not None and segmentation.store.kind != "field" and field.type != "many2many":
            what = _("{field} does not hold tags").format(field=field.name)
            self.problems.append(Problem((*segmentation.path, "store"), what, _("use `store: {field: NAME}`")))
            return None
        return field

    def segment(self, segmentation: Segmentation, segment: Segment, store: Field | None) -> ResolvedSegment:
        why = f"{segmentation.name}: {segment.name}"
        bound = self.bound(segment.condition, of_company=segmentation.include_contacts)
        asked = without_lists(domain(bound)) if bound else []
        if bound is not None and (problem := too_large(bound.path, self.scope_domain, asked)):
            self.problems.append(problem)
        tag: int | None = None
        effects: list[Effect] = []
        if store is not None and store.type == "many2many":
            self.rights.need(str(store.relation), "read", store.name)
            with self.asking(segment.path):
                tag = self.planned.tag(store, str(segment.stored), segment.path, color=segment.color, why=why)
        elif store is not None and segmentation.store is not None and segmentation.store.property:
            values = [one.stored for one in segmentation.all_segments]
            with self.asking(segment.path):
                effects += self.actions.set_property(
                    store, segmentation.store.property, segment.stored, values, segment.path
                )
        elif store is not None:
            stored = SetValue(store.name, segment.stored, path=segment.path)
            with self.asking(segment.path):
                effects += self.actions.effects(stored, why)
        for action in segment.actions:
            with self.asking(action.path):
                effects += self.actions.effects(action, why)
        return ResolvedSegment(
            name=segment.name,
            is_default=segment.condition is None,
            bound=bound,
            domain=tuple(domain(bound)) if bound else (),
            color=segment.color,
            description=segment.description,
            expect=segment.expect,
            tag=tag,
            effects=tuple(effects),
            path=segment.path,
        )

    def favourites(
        self, segmentations: tuple[ResolvedSegmentation, ...], scope: Bound | None, protect: Bound | None
    ) -> None:
        """One per segment. It shows what was written, which is fast, or asks the condition, which knows new records."""
        for operation in ("read", "create", "write"):
            self.rights.need(FAVOURITES, operation)
        people = self.viewers()
        if people is None:
            return
        resolved = {segmentation.name: segmentation for segmentation in segmentations}
        for one in wanted(self.spec):
            segmentation = resolved[one.segmentation.name]
            with self.asking(("filters",)):
                shown = self.live(one, segmentation, scope, protect) if one.show == "live" else held(one, segmentation)
                if shown is not None:
                    why = f"{one.segmentation.name}: {one.segment.name}"
                    self.planned.favourite(one.name, self.model, shown, why=why, former=one.former, people=people)

    def live(
        self, one: Wanted, segmentation: ResolvedSegmentation, scope: Bound | None, protect: Bound | None
    ) -> str | None:
        company = self.catalog.company() if one.segmentation.include_contacts else None
        live = LiveFavourites(scope, protect, self.spec.scope.archived, company)
        return live.text(segmentation, one, self.problems)

    def viewers(self) -> tuple[int, ...] | None:
        """Whose the favourites are, the work user among them, who could not undo them otherwise; nobody's for all.

        None after reporting that this Odoo cannot, or who is not there.
        """
        chosen = self.spec.filters.people if self.spec.filters else ()
        if not chosen:
            return ()
        path: Path = ("filters", "share")
        if owner_of_favourites(self.reader) != "user_ids":
            what = _("Odoo {version} gives a favourite to one person or to everybody, not to several")
            version = self.reader.identity.major
            self.problems.append(Problem(path, what.format(version=version), _("write share: shared")))
            return None
        found = [self.viewer(name, (*path, index)) for index, name in enumerate(chosen)]
        if None in found:
            return None
        return tuple(sorted({self.reader.identity.uid, *(person for person in found if person is not None)}))

    def viewer(self, name: str | int, path: Path) -> int | None:
        leaf = Leaf("user_ids", "has_any", (name,), path)
        bound = bind(leaf, FAVOURITES, self.catalog, self.clock, self.problems)
        return None if bound is None else int(str(next(bound.leaves()).values[0]))


def held(one: Wanted, segmentation: ResolvedSegmentation) -> list[Json] | None:
    """The domain of the records that hold what a segment's store writes; None if it writes nothing."""
    segment = segmentation.segments[one.position]
    if segmentation.store is not None and segment.tag is not None:
        return [[segmentation.store.name, "in", [segment.tag]]]
    if segment.effects and isinstance(segment.effects[0], SetTo | MoveTo):
        first = segment.effects[0]
        return [[first.field.name, "=", first.to if isinstance(first, MoveTo) else first.value or False]]
    return None
