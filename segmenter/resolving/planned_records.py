"""What the plan creates or alters around the records: tags with colours, categories, stages, shared favourites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from segmenter.conditions import Field
from segmenter.errors import Path, Problem
from segmenter.i18n import _
from segmenter.odoo.catalog import BY_PATH, SEPARATOR, Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.plans.changes import ConfigChange, Json
from segmenter.resolving.favourites import FAVOURITES, wanted_favourite
from segmenter.resolving.names import ambiguous, misspelt_parent, misspelt_stage, named_elsewhere, path_steps

COLOURED = ("crm.tag", "res.partner.category")


class PlannedRecords:
    """Gives ids for names while a spec is resolved, negative ones for what is to be created, and collects `changes`.

    A name that cannot be resolved or created goes to ``problems``, and has no id.
    """

    def __init__(self, reader: OdooReader, catalog: Catalog, problems: list[Problem]) -> None:
        self._reader, self._catalog, self._problems = reader, catalog, problems
        self._ids: dict[tuple[str, str], int] = {}
        self._named: dict[tuple[str, int], str] = {}
        self.changes: list[ConfigChange] = []

    def tag(self, field: Field, name: str, path: Path, *, color: int | None = None, why: str = "") -> int | None:
        """The id of a tag or category, created by the plan when there is none of that name."""
        model = str(field.relation)
        if (model, name) in self._ids:
            self._colour_planned(self._ids[model, name], color)
            return self._ids[model, name]
        existing = self._existing(model, name, path)
        if existing is None:
            return None
        if not existing and self._is_elsewhere(model, name, path):
            return None
        if not existing:
            return self._new_tag(model, name, path, {} if color is None else {"color": color}, why)
        if not self._only_name(model, existing[0], name, path):
            return None
        self._ids[model, name] = existing[0]
        before: dict[str, Json] = {}
        after: dict[str, Json] = {}
        if color is not None and model in COLOURED and not self._reader.identity.exported:  # an export tells no colour
            now = self._reader.search_read(model, [("id", "in", existing)], ["color"], archived=True)[0]["color"]
            if now != color:
                before, after = {"color": now}, {"color": color}
        if self._catalog.archived(model, existing[0]):
            # Odoo does not show an archived category on the records that hold it.
            before["active"], after["active"] = False, True
        if after:
            self._add(model, name, after, before=before, id=existing[0], why=why)
        return existing[0]

    def _new_tag(self, model: str, name: str, path: Path, values: dict[str, Json], why: str) -> int | None:
        """A tag to create; one named by a path below its parent, which is created first where it is not there."""
        names = path_steps(name) if model in BY_PATH else (name,)
        if not all(names):
            what = _("A name is missing in the path “{path}”").format(path=name)
            self._problems.append(Problem(path, what, _("write it as in Cliente / Hospitalidad")))
            return None
        after: dict[str, Json] = {"name": names[-1], **values}
        if len(names) > 1:
            after["parent_id"] = self._parent(model, names[:-1], path, why)
            if after["parent_id"] is None:
                return None
        return self._add(model, name, after, why=why)

    def _parent(self, model: str, names: tuple[str, ...], path: Path, why: str) -> int | None:
        """The id of what lies on the way to a category, created by the plan unless its name looks like a slip."""
        whole = SEPARATOR.join(names)
        if (model, whole) in self._ids:
            return self._ids[model, whole]
        if self._existing(model, whole, path) is None:
            return None
        # A name of one step may be that of a category further down, which is no parent at the top.
        there = [record.id for record in self._catalog.named(model, whole) if record.name == whole]
        if there:
            return there[0]
        if self._is_elsewhere(model, whole, path):
            return None
        if problem := misspelt_parent(whole, path, model, self._catalog):
            self._problems.append(problem)
            return None
        return self._new_tag(model, whole, path, {}, why)

    def _colour_planned(self, ref: int, color: int | None) -> None:
        """A category that was planned as somebody's parent gets the colour that its own segment gives it."""
        change = self.changes[-1 - ref] if ref < 0 else None
        if change is not None and color is not None:
            self.changes[-1 - ref] = replace(change, after={"color": color} | dict(change.after))

    def _only_name(self, model: str, id: int, name: str, path: Path) -> bool:
        """Whether the spec calls a tag by this name alone; by two, two segments would give and take one tag."""
        other = self._named.setdefault((model, id), name)
        if other != name:
            what = _("“{first}” and “{second}” are one and the same tag").format(first=other, second=name)
            self._problems.append(Problem(path, what, _("name it once, by its whole path")))
        return other == name

    def known_tag(self, field: Field, name: str, path: Path) -> int | None:
        """The id of a tag that is to be taken away: one that does not exist needs nothing."""
        model = str(field.relation)
        if (model, name) in self._ids:
            return self._ids[model, name]
        existing = self._existing(model, name, path)
        if existing == [] and self._is_elsewhere(model, name, path):
            return None
        return existing[0] if existing and self._only_name(model, existing[0], name, path) else None

    def stage(self, name: str, path: Path, *, why: str) -> int | None:
        """The id of a stage, created by the plan; a name that looks like a slip of an existing one is a problem."""
        model = "crm.stage"
        if (model, name) in self._ids:
            return self._ids[model, name]
        existing = self._existing(model, name, path)
        if existing is None:
            return None
        if existing:
            return existing[0]
        if self._is_elsewhere(model, name, path):
            return None
        if problem := misspelt_stage(name, path, self._catalog):
            self._problems.append(problem)
            return None
        return self._add(model, name, {"name": name, "sequence": self._next_sequence()}, why=why)

    def favourite(
        self, name: str, model: str, domain: Json, *, why: str, former: str = "", people: Sequence[int] = ()
    ) -> None:
        """A favourite with this domain, as `wanted_favourite` takes it."""
        wanted = wanted_favourite(name, model, domain, self._reader, former=former, people=people)
        if wanted.after:
            self._add(FAVOURITES, name, wanted.after, before=wanted.before, id=wanted.id, why=why)

    def create(self, model: str, name: str, after: Mapping[str, Json], *, why: str) -> int:
        """Something to create that is known not to be there; its (negative) id."""
        return self._add(model, name, after, why=why)

    def _existing(self, model: str, name: str, path: Path) -> list[int] | None:
        """Ids of that name: one or none; None after reporting several."""
        records = self._catalog.named(model, name)
        if len(records) > 1:
            self._problems.append(ambiguous(model, name, records, path))
            return None
        return [record.id for record in records]

    def _is_elsewhere(self, model: str, name: str, path: Path) -> bool:
        """Whether another language has the name, which is then a problem."""
        problem = named_elsewhere(model, name, path, self._catalog)
        if problem is not None:
            self._problems.append(problem)
        return problem is not None

    def _next_sequence(self) -> int:
        """Behind the last stage that is not won: Odoo's own default would put a new stage first."""
        stages = self._reader.search_read("crm.stage", [], ["sequence", "is_won"])
        return 1 + max((int(stage["sequence"] or 0) for stage in stages if not stage["is_won"]), default=0)

    def _add(
        self,
        model: str,
        name: str,
        after: Mapping[str, Json],
        *,
        before: Mapping[str, Json] | None = None,
        id: int | None = None,
        why: str = "",
    ) -> int:
        ref = -1 - len(self.changes)
        self.changes.append(ConfigChange(ref, model, name, after, before or {}, id, why))
        self._ids.setdefault((model, name), ref if id is None else id)
        return self._ids[model, name]
