"""Values of a change as a person reads them: names instead of ids, labels instead of keys."""

from __future__ import annotations

from segmenter.i18n import _
from segmenter.planning.model import Change, Json, Plan
from segmenter.reports.text import Style, clean


class Values:
    """Says values and fields of one plan. Everything it gives is safe to print."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.style = Style(plan.client_language or plan.language, plan.timezone)

    def field(self, name: str) -> str:
        """The client's label of a field."""
        return clean(self.plan.labels.get(name, name))

    def value(self, field: str, value: Json) -> str:
        """``(empty)``, a name, a label, a number in the reader's locale, or the text itself."""
        if isinstance(value, list | tuple):
            return ", ".join(self._one(field, one) for one in value) or _("(none)")
        return self._one(field, value)

    def change(self, change: Change) -> str:
        """``before → after``; of a tag field what comes (+) and what goes (-), as the rest stays."""
        if isinstance(change.after, list):
            before, after = list(change.before or ()), list(change.after)
            gone = [f"-{self._one(change.field, one)}" for one in before if one not in after]
            come = [f"+{self._one(change.field, one)}" for one in after if one not in before]
            return " ".join(gone + come)
        return f"{self.value(change.field, change.before)} → {self.value(change.field, change.after)}"

    def because(self, segmentation: str, segment: str) -> str:
        """``Level: High``; of a field that several segmentations write, each with its segment."""
        names, segments = segmentation.split(" + "), segment.split(" + ")
        if len(names) != len(segments):
            return clean(f"{segmentation}: {segment}")
        # A segment may be named after its segmentation ("Zone: North"), which need not be said twice.
        pairs = (
            two if two.startswith(f"{one}:") else f"{one}: {two}" for one, two in zip(names, segments, strict=True)
        )
        return clean(" + ".join(pairs))

    def _one(self, field: str, value: Json) -> str:
        if value is None or value == "":
            return _("(empty)")
        if (name := self.plan.value_names.get(f"{field}:{value}")) is not None:
            return clean(name)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        kind = self.plan.field_types.get(field)
        if isinstance(value, int | float) and kind in ("integer", "float", "monetary"):
            return self.style.number(value)
        return clean(value)
