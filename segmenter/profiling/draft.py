"""Drafts a spec from a profile; what only the client knows becomes questions for the definition meeting."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import floor, log10
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined

from segmenter.conditions.likeness import plain
from segmenter.conditions.operators import NUMBERS
from segmenter.i18n import all_of, language
from segmenter.profiling.model import FieldProfile, Profile, Value
from segmenter.spec.model import Connection

AMOUNTS = ("expected_revenue", "recurring_revenue")
CHOICES = ("source_id", "country_id", "state_id", "city", "medium_id", "industry_id", "function", "is_company")
"""Fields whose values make segments, in the order in which they are proposed; `x_` fields come after."""
MOST_SEGMENTS = 8
INDENT = 2
_PLAIN = re.compile(r"[^\W\d_][\w ()/-]*[\w)]")
MOST_CHOICES = 4
MOST_NAMED = 25
COLOURS = {
    "es": ("azul", "celeste", "violeta", "naranja", "salmon", "fucsia", "azul_oscuro", "amarillo"),
    "en": ("blue", "light_blue", "violet", "orange", "salmon", "fuchsia", "dark_blue", "yellow"),
}


@dataclass(frozen=True)
class Level:
    """Thresholds of a number: a quarter of the filled values is above ``high``, half above ``medium`` (or None)."""

    field: FieldProfile
    high: float
    medium: float | None


@dataclass(frozen=True)
class Option:
    """One segment of a choice: its name, its values as YAML, its number of records."""

    name: str
    values: str
    records: int
    colour: str


@dataclass(frozen=True)
class Choice:
    """A field whose values become segments."""

    field: FieldProfile
    options: tuple[Option, ...]


def draft(profile: Profile, client: str, schema: str, *, opportunities: bool, where: Connection | None = None) -> str:
    """The text of a spec that holds as it is, in the user's language. ``schema``: where editors find the schema.

    ``opportunities``: the profile is of these alone, so the scope is too.
    """
    spoken = language()
    choices = list(_choices(profile, spoken))
    level = _level(profile)
    made = datetime.fromisoformat(profile.made_at).astimezone(ZoneInfo(profile.timezone))
    text = (
        _environment(spoken)
        .get_template(f"draft.{spoken}.yaml")
        .render(
            schema=schema,
            client=client,
            where=where,
            profile=profile,
            opportunities=opportunities,
            day=format_date(made, format="long", locale=spoken),
            expect=f"{figures(profile.records * 0.8, 2)}..{figures(profile.records * 1.2, 2)}",
            level=level,
            # Something must be decided, or there is no spec: the amount, else the first choice, else whether it is new.
            chosen=None if level else next(iter(choices), None),
            choices=choices if level else choices[1:],
            store="{categories: exclusive}" if profile.model == "res.partner" else "{tags: exclusive}",
            stages=_held(profile, "stage_id"),
            people=_held(profile, "user_id"),
            kinds=[(tag.name, tag.records) for tag in profile.tags][:MOST_NAMED],
            more_kinds=max(0, len(profile.tags) - MOST_NAMED),
        )
    )
    return text.rstrip() + "\n"


def _level(profile: Profile) -> Level | None:
    """Thresholds of the first number that is filled and varies; None if there is none."""
    custom = (field.name for field in profile.fields if field.name.startswith("x_"))
    for name in (*AMOUNTS, *custom):
        field = profile.field(name)
        if field is None or field.spread is None or field.type not in NUMBERS:
            continue
        high, medium = (natural(float(field.spread.at(share) or 0)) for share in (0.75, 0.5))
        if high > 0:
            return Level(field, high, medium if 0 < medium < high else None)
    return None


def _choices(profile: Profile, spoken: str) -> Iterable[Choice]:
    custom = (field.name for field in profile.fields if field.name.startswith("x_"))
    found = 0
    for name in (*CHOICES, *custom):
        field = profile.field(name)
        if field is None or field.spread is not None or field.type == "many2many":
            continue
        options = tuple(_options(field, COLOURS[spoken]))
        if len(options) > 1 and found < MOST_CHOICES:
            found += 1
            yield Choice(field, options)


def _options(field: FieldProfile, colours: Sequence[str]) -> Iterable[Option]:
    """The segments of a field: one per value; values that seem the same share one; ambiguous names are left out."""
    groups: dict[str, list[Value]] = {}
    for value in field.values:
        # Only of a text are two ways to write it one and the same to the server's search.
        key = plain(value.label) if field.type == "char" else value.label
        if key:
            groups.setdefault(key, []).append(value)
    if field.type != "char":
        groups = {key: values for key, values in groups.items() if len(values) == 1}
    for (_key, values), colour in zip(list(groups.items())[:MOST_SEGMENTS], colours, strict=False):
        said = [_value(field, value) for value in values]
        yield Option(
            f"{field.label}: {' '.join(values[0].label.split())}",
            said[0] if len(said) == 1 else f"[{', '.join(said)}]",
            sum(value.count for value in values),
            colour,
        )


def _value(field: FieldProfile, value: Value) -> str:
    """The value in a condition: a key of a selection, a name, true or false."""
    return quoted(value.key if field.type in ("selection", "boolean") else value.label)


def _held(profile: Profile, name: str) -> list[tuple[str, int]]:
    field = profile.field(name)
    return [(value.label, value.count) for value in field.values[:MOST_NAMED]] if field else []


def quoted(value: object) -> str:
    """A value as YAML: plain where that is unambiguous, else as JSON, which is YAML too."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in ("true", "false", "null"):
        return value
    text = json.dumps(value, ensure_ascii=False)
    # YAML has more line ends than JSON, and they may not stand for themselves.
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text)


def remark(text: object) -> str:
    """The text as a comment: one line, only printable characters."""
    line = " ".join(str(text).split())
    return "".join(letter for letter in line if letter.isprintable())


def aside(block: str) -> str:
    """An item of a list, commented out: the meeting may use it by removing the signs."""
    return "".join(f"{line[:INDENT]}# {line[INDENT:]}" for line in block.splitlines(keepends=True))


def _environment(spoken: str) -> Environment:
    def number(value: float) -> str:
        return str(format_decimal(value, format="#,##0.##", locale=spoken))

    made = Environment(  # noqa: S701 - YAML, not HTML: values go through `quoted`, comments through `remark`
        loader=PackageLoader("segmenter.profiling", "drafts"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

    def counted(pairs: Sequence[tuple[str, int | None]]) -> str:
        said = [f"{remark(name)} ({number(count)})" if count is not None else remark(name) for name, count in pairs]
        return all_of(said)

    made.filters |= {"q": quoted, "c": remark, "n": number, "aside": aside, "counted": counted}
    return made


NEAR = 0.06
"""How far one figure may be from the number before it takes two."""


def figures(number: float, significant: int) -> float:
    """``number`` with so many significant figures, an int where it is whole."""
    if not number:
        return 0
    digits = significant - 1 - floor(log10(abs(number)))
    rounded = round(number, digits)
    return int(rounded) if rounded == int(rounded) else rounded


def natural(number: float) -> float:
    """With one significant figure where that is near enough, else with two."""
    one = figures(number, 1)
    return one if abs(one - number) <= NEAR * abs(number) else figures(number, 2)
