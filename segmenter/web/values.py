"""What a row of a condition offers: fields by the client's label, operators in words, values as people type them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.numbers import NumberFormatError, parse_decimal

from segmenter.conditions import Field
from segmenter.conditions.dates import moment
from segmenter.conditions.near import did_you_mean, unaccented
from segmenter.conditions.operators import (
    COMPARISONS,
    DATES,
    NUMBER_LIMIT,
    RELATIVE,
    TEXTUAL,
    is_scale,
    kind_of,
    operators_of,
)
from segmenter.conditions.spans import span
from segmenter.editing import Row
from segmenter.errors import UsageError
from segmenter.i18n import N_, _
from segmenter.measuring import Crm
from segmenter.measuring.choices import Choice
from segmenter.reports.text import Style, shortened
from segmenter.spec.document import Data

OPERATORS: Mapping[str, Mapping[str, str]] = {
    "text": {
        "in": N_("is"),
        "not_in": N_("is not"),
        "contains": N_("contains"),
        "not_contains": N_("does not contain"),
        "starts_with": N_("starts with"),
        "ends_with": N_("ends with"),
        "empty": N_("is empty"),
    },
    "number": {
        ">=": N_("at least"),
        ">": N_("more than"),
        "<=": N_("at most"),
        "<": N_("less than"),
        "between": N_("between"),
        "=": N_("exactly"),
        "not": N_("other than"),
        "empty": N_("is empty"),
    },
    "date": {
        "within": N_("in the last"),
        "older_than": N_("more than … ago"),
        "next": N_("in the next"),
        ">=": N_("from … on"),
        "<=": N_("until"),
        ">": N_("after"),
        "<": N_("before"),
        "between": N_("between"),
        "=": N_("on"),
        "not": N_("not on"),
        "empty": N_("is empty"),
    },
    "boolean": {"=": N_("is"), "not": N_("is not")},
    "one": {
        "in": N_("is one of"),
        "not_in": N_("is none of"),
        ">=": N_("at least"),
        "<=": N_("at most"),
        ">": N_("more than"),
        "<": N_("less than"),
        "under": N_("is below"),
        "contains": N_("contains"),
        "not_contains": N_("does not contain"),
        "starts_with": N_("starts with"),
        "ends_with": N_("ends with"),
        "empty": N_("is empty"),
    },
    "many": {
        "has_any": N_("has one of"),
        "has_all": N_("has all of"),
        "has_none": N_("has none of"),
        "under": N_("has one below"),
        "contains": N_("one contains"),
        "empty": N_("is empty"),
    },
}
"""Kind of field -> its operators as the page offers them, the usual ones first."""
_KINDS = {"datetime": "date", "selection": "one", "many2one": "one"}
UNITS = {"days": N_("days"), "weeks": N_("weeks"), "months": N_("months"), "years": N_("years")}
LETTERS = 40
"""Of what somebody typed, as an error repeats it."""


@dataclass(frozen=True)
class Offered:
    """The fields that a criterion may ask, as the client calls them."""

    crm: Crm
    model: str
    choices: Sequence[Choice]
    style: Style

    @property
    def first(self) -> str:
        """The field of a new row: the one that is filled most often, of those that tell records apart."""
        usual = ("expected_revenue", "source_id", "country_id")
        known = [choice.path for choice in self.choices]
        return next((name for name in usual if name in known), known[0] if known else "name")

    def label(self, path: str) -> str:
        """What the client calls a field; its path where another one is called alike."""
        found = next((choice for choice in self.choices if choice.path == path), None)
        if found is None:
            return path
        alike = [choice for choice in self.choices if choice.label == found.label]
        return found.label if len(alike) == 1 else f"{found.label} ({path})"

    def path_of(self, text: str) -> str:
        """The field that a text means: a label as `label` gives it, or a path. Raises `UsageError` for others."""
        wanted = text.strip()
        for choice in self.choices:
            if wanted in (choice.path, self.label(choice.path)):
                return choice.path
        like = [choice.path for choice in self.choices if unaccented(choice.label) == unaccented(wanted)]
        if len(like) == 1:
            return like[0]
        if self.field(wanted) is not None:
            return wanted
        labels = [self.label(choice.path) for choice in self.choices]
        raise UsageError(
            _("There is no field {name}").format(name=wanted),
            todo=did_you_mean(wanted, labels, _("choose one from the list")),
        )

    def field(self, path: str) -> Field | None:
        """The field at the end of a path; None where the CRM has none such."""
        model, found = self.model, None
        for step in path.split("."):
            found = self.crm.catalog.field(model, step) if model else None
            if found is None:
                return None
            model = found.relation or ""
        return found


def operators(field: Field | None, now: str) -> list[tuple[str, str]]:
    """(operator, words) that the field has, and the one in use now."""
    if field is None:
        return [(now, now)]
    kind = kind_of(field) or ""
    allowed = operators_of(field)
    offered = [(name, _(words)) for name, words in OPERATORS.get(_KINDS.get(kind, kind), {}).items() if name in allowed]
    return offered if now in [name for name, _words in offered] else [(now, _in_words(now, kind)), *offered]


def _in_words(operator: str, kind: str) -> str:
    found = OPERATORS.get(_KINDS.get(kind, kind), {})
    other = {"=": "in", "not": "not_in"}.get(operator, operator)
    return _(found[other]) if other in found else operator


def control(operator: str, field: Field | None) -> str:
    """What a value is typed into: names, number, pair, date, span, flag or text."""
    kind = kind_of(field) if field else None
    if operator == "empty" or kind == "boolean":
        return "flag"
    if operator in COMPARISONS and field is not None and is_scale(field):
        return "number"
    if operator in RELATIVE:
        return "span"
    if operator == "between":
        return "pair"
    if operator in TEXTUAL:
        return "text"
    if operator in COMPARISONS or kind in ("number", *DATES):
        if operator in ("in", "not_in"):
            return "names"
        return "date" if kind in DATES else "number" if kind == "number" else "text"
    return "names"


def first_operator(field: Field | None) -> str:
    """The operator of a new row on a field."""
    kind = (kind_of(field) if field else None) or "text"
    return {"number": ">=", "date": "within", "datetime": "within", "boolean": "=", "many": "has_any"}.get(kind, "in")


def first_value(operator: str, field: Field | None, now: Data, offered: Offered | None = None) -> Data:
    """A value for an operator that was just chosen: what stands there now, as far as it fits."""
    kind, shape = kind_of(field) if field else None, control(operator, field)
    if shape == "flag":
        return now if isinstance(now, bool) else operator != "empty" or True
    if shape == "span":
        return now if span(now) else "90 days"
    items = now if isinstance(now, list) else [] if now is None or isinstance(now, bool) else [now]
    if shape == "names":
        return [item for item in items if not span(item)]
    if shape == "text":
        return str(items[0]) if items else ""
    if field is not None and is_scale(field):
        items = [int(item) if isinstance(item, str) and item.isdecimal() else item for item in items]
    fits = [item for item in items if (moment(item) if kind in DATES else isinstance(item, int | float))]
    usual: Data = date.today().isoformat() if kind in DATES else _middle(field, offered)
    if shape == "pair":
        return [fits[0] if fits else usual, fits[-1] if fits else usual]
    return fits[0] if fits else usual


def _middle(field: Field | None, offered: Offered | None) -> Data:
    """The middle of a number's values, rounded: a threshold to begin with."""
    if field is None or offered is None:
        return 0
    held = sorted(value for value in offered.crm.column([field]).values() if value and isinstance(value, int | float))
    if not held:
        return 0
    middle = held[len(held) // 2]
    size = 10 ** max(0, len(str(int(abs(middle)))) - 2)
    return int(round(middle / size) * size) or int(middle)


def typed(text: str, field: Field | None, style: Style) -> Data:
    """A value as a person types it, as a spec writes it. Raises `UsageError` for what is no number or day."""
    kind = kind_of(field) if field else None
    if kind == "number":
        return _number(text, style)
    if kind in DATES:
        return _day(text)
    plain = text.strip()
    if field is not None and is_scale(field) and plain.removeprefix("-").isdecimal() and len(plain) <= LETTERS:
        return int(plain)
    return plain


def with_part(text: str, place: str, row: Row, field: Field | None, read: Callable[[str, Field | None], Data]) -> Data:
    """The whole value of a row, of which one part was given. ``place``: 0 or 1 of a pair, count or unit of a span."""
    shape = control(row.operator, field)
    if shape == "flag":
        return text == "true"
    if shape == "span":
        length = span(row.value)
        count, unit = (str(length.count), length.unit) if length else ("90", "days")
        return f"{text.strip()} {unit}" if place == "count" else f"{count} {text}"
    if shape == "pair":
        pair: list[Data] = list(row.value) if isinstance(row.value, list) else [0, 0]
        pair[int(place)] = read(text, field)
        return pair
    return read(text, field)


def of_slider(text: str, field: Field | None) -> Data:
    """What a slider sends: a number as programs write it, or the number of a day."""
    number = float(text)
    if field is not None and kind_of(field) in DATES:
        return date.fromordinal(int(number)).isoformat()
    return int(number) if number.is_integer() else number


def _number(text: str, style: Style) -> int | float:
    plain = text.strip()
    try:
        number = Decimal(plain) if plain.removeprefix("-").isdecimal() else _as_written(plain, style)
    except (NumberFormatError, ArithmeticError, ValueError):
        number = Decimal("NaN")
    if not number.is_finite():
        raise UsageError(
            _("{text} is not a number").format(text=shortened(plain, LETTERS)),
            todo=_("write it as {example}").format(example=style.number(1234567.5)),
        )
    if number.adjusted() > len(str(NUMBER_LIMIT)) - 2:
        raise UsageError(
            _("{text} is too large").format(text=shortened(plain, LETTERS)), todo=_("write a smaller number")
        )
    return int(number) if number == number.to_integral_value() else float(number)


def _as_written(text: str, style: Style) -> Decimal:
    return parse_decimal(text, locale=style.locale, strict=True)


def _day(text: str) -> str:
    found = moment(text.strip())
    if found is None:
        raise UsageError(_("{text} is not a day").format(text=text.strip()), todo=_("write it as 2026-11-24"))
    return text.strip()
