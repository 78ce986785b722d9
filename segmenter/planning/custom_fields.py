"""The fields that a plan creates, and a vocabulary in which they are there already, so that values can be bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from segmenter.conditions import Field, Named
from segmenter.conditions.vocabulary import Money
from segmenter.errors import Problem
from segmenter.i18n import _
from segmenter.odoo.by_hand import steps
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.custom_fields import FIELDS, TYPES, VALUES, Standing, may_make, standings
from segmenter.odoo.reader import OdooReader
from segmenter.planning.config import Configuration
from segmenter.spec.model import Spec


class Declared:
    """A CRM's names and fields with those of the spec (a `Vocabulary`). ``absent``: fields that are not there yet.

    Only what is written is asked of it: no server can be asked for an absent field.
    """

    def __init__(self, spec: Spec, reader: OdooReader, catalog: Catalog) -> None:
        self._reader, self._catalog, self._model = reader, catalog, spec.scope.model
        self._standings = standings(spec, reader)
        self._fields = {one.declared.name: one.field for one in self._standings if not one.differs}
        self.absent: Mapping[str, Field] = {one.declared.name: one.field for one in self._standings if not one.found}

    def plan(self, config: Configuration, problems: list[Problem]) -> None:
        """Create what is missing; a field of that name that is something else is a problem."""
        for one in self._standings:
            if one.differs:
                problems.append(
                    Problem(
                        one.declared.path, one.differs, _("give it another name, or have the field in Odoo put right")
                    )
                )
            elif one.found is None:
                config.create(FIELDS, one.declared.name, _definition(one), why=one.declared.label)
            else:
                for value in one.missing:
                    about = {"model": self._model, "field": one.declared.name, "value": value, "name": value}
                    config.create(VALUES, f"{one.declared.name}: {value}", about, why=one.declared.label)

    def forbidden(self) -> Iterator[str]:
        """What the work user may not make, each with the steps for who may."""
        for one in self._standings:
            if (one.found is None or one.missing) and not one.differs and not may_make(one, self._reader):
                what = _("The work user may not make the field {field}").format(field=one.declared.name)
                if one.found is not None:
                    what = _("The work user may not add values to the field {field}").format(field=one.declared.name)
                yield f"{what}: {steps(one, self._reader.identity.major)}"

    def field(self, model: str, name: str) -> Field | None:
        declared = self._fields.get(name) if model == self._model else None
        return declared or self._catalog.field(model, name)

    def field_names(self, model: str) -> Iterable[str]:
        return [*self._catalog.field_names(model), *(self.absent if model == self._model else ())]

    def record(self, model: str, id_: int) -> Named | None:
        return self._catalog.record(model, id_)

    def decimals(self, field: Field) -> int | None:
        return None if field.name in self.absent else self._catalog.decimals(field)

    def hidden(self, model: str, name: str) -> bool:
        return self._catalog.hidden(model, name)

    def money(self, amount: Field) -> Money | None:
        return self._catalog.money(amount)

    def labels(self, model: str) -> Mapping[str, str]:
        return self._catalog.labels(model)

    def archived(self, model: str, id_: int) -> bool:
        return self._catalog.archived(model, id_)

    def named(self, model: str, name: str) -> list[Named]:
        return self._catalog.named(model, name)

    def elsewhere(self, model: str, name: str) -> list[tuple[Named, str]]:
        return self._catalog.elsewhere(model, name)

    def names(self, model: str) -> list[str]:
        return self._catalog.names(model)


def _definition(one: Standing) -> dict[str, object]:
    about = one.declared
    found: dict[str, object] = {
        "name": about.name,
        "model": one.model,
        "ttype": TYPES[about.kind][0],
        "field_description": about.label,
    }
    if about.help:
        found["help"] = about.help
    return found | ({"values": list(about.values)} if about.values else {})
