"""A condition as rows that people edit: fields, operators, values, and a histogram with its threshold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml
from babel.numbers import format_decimal

from segmenter.conditions import bind, facts, parse
from segmenter.conditions.dates import moment
from segmenter.conditions.operators import COMPARISONS, is_scale, kind_of
from segmenter.conditions.spans import span
from segmenter.editing import Block, Raw, Row, blocks
from segmenter.errors import Path, Problem, SegmenterError
from segmenter.i18n import _
from segmenter.measuring.choices import Histogram, histogram, values
from segmenter.record_set import RecordSet
from segmenter.reports.text import Style
from segmenter.web.board import Words
from segmenter.web.values import UNITS, Offered, control, operators

Shown = dict[str, Any]
WIDTH, HEIGHT = 600, 90
"""Of a histogram, in units of its own."""
MOST_ROWS = 12
"""Of a box of text: what is longer is scrolled."""


@dataclass(frozen=True)
class Editor:
    """How one condition of a spec is shown for editing. ``scope``: the records whose values are offered."""

    offered: Offered
    scope: RecordSet
    problems: Sequence[Problem]
    words: Words

    @property
    def style(self) -> Style:
        return self.words.style

    def condition(self, data: Any, path: Path) -> Shown:
        """The condition at ``path`` as `templates/condition.html` shows it."""
        return self._block(blocks(data), path, ())

    def _block(self, block: Block, path: Path, address: tuple[int, ...]) -> Shown:
        negated = _("not this") if len(block.parts) == 1 else _("not all of these")
        kinds = {"all": _("all of these"), "any": _("any of these"), "not": negated}
        return {
            "type": "block",
            "id": self._id(path, address),
            "place": self._place(path, address),
            "kinds": [{"value": kind, "label": label, "chosen": kind == block.kind} for kind, label in kinds.items()],
            "parts": [self._part(part, path, (*address, place)) for place, part in enumerate(block.parts)],
        }

    def _part(self, part: Block | Row | Raw, path: Path, address: tuple[int, ...]) -> Shown:
        if isinstance(part, Block):
            return self._block(part, path, address)
        shown: Shown = {
            "id": self._id(path, address),
            "place": self._place(path, address),
            "path": part.field if isinstance(part, Row) else "",
        }
        if isinstance(part, Raw):
            return shown | self._raw(part, path)
        return shown | self._row(part, path)

    def _raw(self, raw: Raw, path: Path) -> Shown:
        """What rows cannot say: a list of records, a property, a raw domain; in words, and as text to edit."""
        text = yaml.safe_dump(raw.data, allow_unicode=True, default_flow_style=None, sort_keys=False, width=72)
        return {
            "type": "raw",
            "yaml": text,
            "rows": min(text.count("\n") + 1, MOST_ROWS),
            "words": self._said(raw) or _("What rows cannot say stands here as text."),
            "problems": list(self._own(path, raw)),
        }

    def _said(self, raw: Raw) -> str:
        """The condition as a sentence; "" for one that this CRM does not understand."""
        crm, none = self.offered.crm, list[Problem]()
        condition = parse(raw.data, (), none)
        try:
            bound = condition and bind(condition, self.offered.model, crm.catalog, crm.clock, none)
        except SegmenterError:  # what lists give is asked of the server itself, which may be gone
            return ""
        return self.words.condition(facts(bound)) if bound else ""

    def _row(self, row: Row, path: Path) -> Shown:
        field = self.offered.field(row.field)
        shape = control(row.operator, field)
        at = moment(row.value)
        if shape == "date" and not (at and at.is_day):  # with an hour, or no day at all: a field of days shows nothing
            shape = "text"
        told: Shown = {
            "type": "row",
            "label": self.offered.label(row.field),
            "title": self._title(row.field),
            "operators": [
                {"value": name, "label": words, "chosen": name == row.operator}
                for name, words in operators(field, row.operator)
            ],
            "control": shape,
            "value": self._value(row, shape),
            "problems": list(self._own(path, row)),
            "histogram": None,
            "chosen": [],
            "choices": [],
            "units": [],
        }
        if shape == "span":
            unit = getattr(span(row.value), "unit", "days")
            told["units"] = [
                {"value": name, "label": _(words), "chosen": name == unit} for name, words in UNITS.items()
            ]
        if shape == "names":
            told["chosen"] = [self._typed(item) for item in _listed(row.value)]
            told["choices"] = [choice for choice in self._choices(row) if choice["label"] not in told["chosen"]]
        if shape in ("number", "pair", "date") and field is not None and not is_scale(field):
            told["histogram"] = self._histogram(row, shape)
        return told

    def _choices(self, row: Row) -> Iterator[Shown]:
        field = self.offered.field(row.field)
        is_number = field is not None and kind_of(field) == "number"
        for choice in values(self.offered.crm, self.offered.model, self.scope, row.field, most=10):
            given: Shown = {"value": self._typed(choice.value)} if is_number else {"value": str(choice.value)}
            if field is not None and field.relation and isinstance(choice.value, int):
                given["id"] = 1
            label = given["value"] if is_number else choice.label
            yield {"given": given, "label": label, "count": self.style.number(choice.count)}

    def _value(self, row: Row, shape: str) -> Any:
        if shape == "pair":
            pair = _listed(row.value)[:2]
            return [self._typed(value) for value in (*pair, "", "")][:2]
        if shape == "span":
            length = span(row.value)
            return (length.count, length.unit) if length else (90, "days")
        return row.value if shape == "flag" else self._typed(row.value)

    def _typed(self, value: Any) -> str:
        """A value as a person would type it."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return "" if value is None else str(value)
        return format_decimal(value, format="#,##0.###############", locale=self.style.locale)

    def _title(self, path: str) -> str:
        filled = next((choice.filled for choice in self.offered.choices if choice.path == path), None)
        if filled is None:
            return path
        return _("{field}: filled in {number} records").format(field=path, number=self.style.number(filled))

    def _own(self, path: Path, part: Row | Raw) -> Iterator[str]:
        """The sentences of the problems of one row: those below its field in the condition."""
        for problem in self.problems:
            if problem.path[: len(path)] != path:
                continue
            below = problem.path[len(path) :]
            if isinstance(part, Raw):
                is_own = not below if not isinstance(part.data, dict) else any(key in below for key in part.data)
            else:
                is_own = part.field in below or not part.field
            if is_own:
                yield f"{problem.what}; {problem.todo}" if problem.todo else problem.what

    def _histogram(self, row: Row, shape: str) -> Shown | None:
        found = histogram(self.offered.crm, self.offered.model, self.scope, row.field)
        if found is None or not found.bins:
            return None
        return _drawn(found, row, shape, self.style)

    @staticmethod
    def _id(path: Path, address: tuple[int, ...]) -> str:
        return "c-" + "-".join(str(step) for step in (*(_plain(step) for step in path), *address))

    @staticmethod
    def _place(path: Path, address: tuple[int, ...]) -> Shown:
        return {"path": json.dumps(path), "address": ".".join(map(str, address))}


def _drawn(found: Histogram, row: Row, shape: str, style: Style) -> Shown:
    """A histogram as shapes, with the thresholds of a row and sliders to move them."""
    dated = isinstance(found.least, str)
    first, last = found.bins[0], found.bins[-1]
    low = _position(first.low)
    high = (
        _position(last.low) + _position(first.high) - low
    )  # the last bin holds all above, and is drawn like the others
    scale = WIDTH / ((high - low) or 1)
    most = max(bin.count for bin in found.bins) or 1
    thresholds = [_position(value) for value in _listed(row.value) if _is_position(value, dated)]

    def place(value: Any) -> float:
        return round((min(max(_position(value), low), high) - low) * scale, 1)

    def said(value: Any) -> str:
        return style.day(value) if isinstance(value, str) else style.number(value)

    bins = []
    for bin in found.bins:
        height = round(bin.count / most * HEIGHT, 1)
        width = max(round((_position(bin.high) - _position(bin.low)) * scale, 1) - 1, 1)
        middle = (_position(bin.low) + _position(bin.high)) / 2
        words = _("{low} to {high}: {number}").format(
            low=said(bin.low), high=said(bin.high), number=style.number(bin.count)
        )
        bins.append(
            {
                "x": place(bin.low),
                "y": HEIGHT - height,
                "width": width,
                "height": height,
                "inside": _inside(row.operator, middle, thresholds),
                "words": words,
            }
        )
    marks = [
        {"x": place(value), "kind": "quantile", "words": f"{round(share * 100)} %: {said(value)}"}
        for share, value in found.quantiles
    ]
    marks += [
        {"x": round((min(max(t, low), high) - low) * scale, 1), "kind": "threshold", "words": ""} for t in thresholds
    ]
    half = dict(found.quantiles).get(0.5)
    caption = _("From {low} to {high}").format(low=said(found.least), high=said(found.greatest))
    caption += "" if half is None else "; " + _("half lie up to {middle}").format(middle=said(half))
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "bins": bins,
        "marks": marks,
        "low": int(low),
        "high": int(high) or 1,
        "step": 1 if dated else found.step,
        "kind": "day" if dated else "number",
        "sliders": [
            {
                "place": place_of if shape == "pair" else "",
                "value": int(value) if value == int(value) else value,
                "label": _("Move the limit"),
                "words": said(date.fromordinal(int(value)).isoformat() if dated else value),
            }
            for place_of, value in enumerate(thresholds)
        ],
        "caption": caption,
        "words": caption,
    }


def _inside(operator: str, value: float, thresholds: Sequence[float]) -> bool:
    if not thresholds:
        return False
    if operator == "between":
        return min(thresholds) <= value <= max(thresholds)
    compare = COMPARISONS.get(operator)
    return bool(compare(value, thresholds[0])) if compare else value == thresholds[0]


def _position(value: Any) -> float:
    """A number, or a day as its number."""
    return date.fromisoformat(value[:10]).toordinal() if isinstance(value, str) else float(value)


def _is_position(value: Any, dated: bool) -> bool:
    try:
        _position(value)
    except (TypeError, ValueError):
        return False
    return isinstance(value, str) == dated and not isinstance(value, bool)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def _plain(step: str | int) -> str:
    return str(step).replace(" ", "_")
