"""Values of a change as a person reads them: names instead of ids, labels instead of keys."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from segmenter import i18n
from segmenter.conditions import words
from segmenter.conditions.operators import NUMBERS
from segmenter.conditions.properties import PROPERTIES, in_words
from segmenter.i18n import _, locale_of
from segmenter.plans.changes import Change, Json
from segmenter.plans.plan import Condition, Plan, full_name
from segmenter.reports.text import Style, clean


class Values:
    """Says values and fields of one plan. Everything it gives is safe to print.

    ``names``: of values that a run met and the plan did not know, as `Plan.value_names`.
    """

    def __init__(self, plan: Plan, names: Mapping[str, str] | None = None) -> None:
        self.plan = plan
        self.style = Style(plan.identity.client_language or plan.identity.language, plan.identity.timezone)
        self.met = names or {}
        self._names = {**plan.names.value_names, **self.met}

    def field(self, name: str) -> str:
        """The client's label of a field."""
        return clean(self.plan.names.labels.get(name, name))

    def value(self, field: str, value: Json) -> str:
        """``(empty)``, a name, a label, a number in the reader's locale, or the text itself."""
        if isinstance(value, list | tuple):
            return ", ".join(self._value(field, item) for item in value) or _("(none)")
        return self._value(field, value)

    def change(self, change: Change) -> str:
        """``before → after``; of a tag field what comes (+) and what goes (-), as the rest stays."""
        if isinstance(change.after, list):
            before, after = list(change.before or ()), list(change.after)
            gone = [f"-{self._value(change.field, item)}" for item in before if item not in after]
            come = [f"+{self._value(change.field, item)}" for item in after if item not in before]
            return " ".join(gone + come)
        return f"{self.value(change.field, change.before)} → {self.value(change.field, change.after)}"

    def criteria(self, condition: Condition | None, *, money: bool = True) -> str:
        """A condition as a sentence, its amounts in the currency of the plan (or as numbers); "" for none."""
        if condition is None:
            return ""
        amount = partial(
            i18n.money, currency=self.plan.counts.currency, locale=locale_of(self.plan.identity.client_language)
        )
        return words(condition, amount if money and self.plan.counts.currency else None)

    @property
    def id_head(self) -> str:
        """The head of a column of ids: the records of an export are numbered by row where it has no ids."""
        heads = {"id": _("Id"), "row": _("Row")}
        numbers = "id" if self.plan.identity.source == "server" else str(self.plan.identity.server.get("numbers"))
        return heads.get(numbers, _("Row or id"))

    def _value(self, field: str, value: Json) -> str:
        if value is None or value == "":
            return _("(empty)")
        if (name := self._names.get(f"{field}:{value}")) is not None:
            return called(name)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        kind = self.plan.names.field_types.get(field, "")
        if isinstance(value, int | float) and kind in NUMBERS:
            return self.style.number(value)
        if kind == PROPERTIES:
            return clean(in_words(value))
        if kind.startswith("many2"):
            return _("(another value, id {id})").format(id=value)
        return clean(value)


def called(name: str) -> str:
    """The name of a record, safe to print, and something to see where it has none."""
    return clean(name) if name.strip() else _("(no name)")


def because(segmentation: str, segment: str) -> str:
    """``Level: High``; of a field that several segmentations write, each with its segment."""
    names, segments = segmentation.split(" + "), segment.split(" + ")
    if len(names) != len(segments):
        return clean(f"{segmentation}: {segment}")
    return " + ".join(placed(segmentation, segment) for segmentation, segment in zip(names, segments, strict=True))


def placed(segmentation: str, segment: str) -> str:
    """``Level: High``, or ``Level: (none)``."""
    return clean(full_name(segmentation, segment or _("(none)")))
