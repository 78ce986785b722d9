"""What the plan creates or alters around the records: tags with colours, categories, stages, shared favourites."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Mapping

from segmenter.conditions import Field
from segmenter.errors import Path, Problem
from segmenter.i18n import _
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.planning.model import ConfigChange, Json

COLOURED = ("crm.tag", "res.partner.category")
CREATED_BY_PLAN = (*COLOURED, "crm.stage")


class Configuration:
    """Collects configuration changes while a spec is resolved, and gives ids (negative: to be created) for names."""

    def __init__(self, reader: OdooReader, catalog: Catalog, problems: list[Problem]) -> None:
        self._reader, self._catalog, self._problems = reader, catalog, problems
        self._ids: dict[tuple[str, str], int] = {}
        self.changes: list[ConfigChange] = []

    def tag(self, field: Field, name: str, path: Path, *, color: int | None = None, why: str = "") -> int | None:
        """The id of a tag or category, created by the plan when there is none of that name."""
        model = str(field.relation)
        if (model, name) in self._ids:
            return self._ids[model, name]
        found = self._existing(model, name, path)
        if found is None:
            return None
        if not found:
            after: dict[str, Json] = {"name": name} if color is None else {"name": name, "color": color}
            return self._add(model, name, after, why=why)
        self._ids[model, name] = found[0]
        if color is not None and model in COLOURED:
            now = self._reader.search_read(model, [("id", "in", found)], ["color"], archived=True)[0]["color"]
            if now != color:
                self._add(model, name, {"color": color}, before={"color": now}, id=found[0], why=why)
        return found[0]

    def known_tag(self, field: Field, name: str, path: Path) -> int | None:
        """The id of a tag that is to be taken away: one that does not exist needs nothing."""
        model = str(field.relation)
        if (model, name) in self._ids:
            return self._ids[model, name]
        found = self._existing(model, name, path)
        return found[0] if found else None

    def stage(self, name: str, path: Path, *, why: str) -> int | None:
        """The id of a stage, created by the plan; a name that looks like a slip of an existing one is a problem."""
        model = "crm.stage"
        if (model, name) in self._ids:
            return self._ids[model, name]
        found = self._existing(model, name, path)
        if found is None:
            return None
        if found:
            return found[0]
        if near := difflib.get_close_matches(name, self._catalog.names(model), 1, 0.75):
            self._problems.append(
                Problem(
                    path,
                    _("There is no stage «{name}»").format(name=name),
                    _("did you mean «{near}»? A new stage needs a name that cannot be mistaken").format(near=near[0]),
                )
            )
            return None
        return self._add(model, name, {"name": name, "sequence": self._next_sequence()}, why=why)

    def favourite(self, name: str, model: str, domain: list[Json], *, why: str) -> None:
        """A shared favourite; one of that name with the same domain stays, with another domain is altered."""
        owner = "user_ids" if self._catalog.field("ir.filters", "user_ids") else "user_id"
        rows = self._reader.search_read(
            "ir.filters", [("model_id", "=", model), ("name", "=", name), (owner, "=", False)], ["domain"]
        )
        if not rows:
            self._add(
                "ir.filters",
                name,
                {"name": name, "model_id": model, "domain": domain, owner: [] if owner == "user_ids" else None},
                why=why,
            )
        elif not _same_domain(rows[0]["domain"], domain):
            before = {"domain": rows[0]["domain"]}
            self._add("ir.filters", name, {"domain": domain}, before=before, id=rows[0]["id"], why=why)

    def forbidden(self) -> list[str]:
        """Sentences for each kind of configuration change that the work user has no right to make."""
        needed = {(change.model, "create" if change.creates else "write") for change in self.changes}
        return [
            _("The work user may not {operation} on {model}, which this plan needs for: {names}").format(
                operation=operation,
                model=model,
                names=", ".join(
                    change.name
                    for change in self.changes
                    if (change.model, change.creates) == (model, operation == "create")
                ),
            )
            for model, operation in sorted(needed)
            if not self._reader.may(model, operation)
        ]

    def _existing(self, model: str, name: str, path: Path) -> list[int] | None:
        """Ids of that name: one or none; None after reporting several."""
        found = self._catalog.named(model, name)
        if len(found) > 1:
            candidates = ", ".join(f"{one.name} (id {one.id})" for one in found)
            self._problems.append(
                Problem(
                    path,
                    _("«{name}» is ambiguous on {model}: {candidates}").format(
                        name=name, model=model, candidates=candidates
                    ),
                    _("rename one of them in Odoo, or use another name"),
                )
            )
            return None
        return [one.id for one in found]

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


def cannot_delete(change: ConfigChange, reader: OdooReader) -> bool:
    """Whether an undo would leave what this change creates: salespeople may create tags, not delete them."""
    return change.creates and not reader.may(change.model, "unlink")


def undeletable(changes: Iterable[ConfigChange], reader: OdooReader) -> list[str]:
    """One sentence per model on what an undo would leave behind."""
    left: dict[str, list[str]] = {}
    for change in changes:
        if cannot_delete(change, reader):
            left.setdefault(change.model, []).append(change.name)
    return [
        _("An undo leaves what was created in {model}, which the work user may not delete: {names}").format(
            model=model, names=", ".join(names)
        )
        for model, names in left.items()
    ]


def _same_domain(stored: str, domain: list[Json]) -> bool:
    try:
        return [list(leaf) if isinstance(leaf, tuple | list) else leaf for leaf in ast.literal_eval(stored)] == domain
    except (ValueError, SyntaxError):
        return False
