"""A profile in the terminal and as JSON, and the sentences that its page and its workbook share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from segmenter.conditions import words
from segmenter.conditions.money import told
from segmenter.i18n import NN_, _, ngettext
from segmenter.profiling.model import (
    Averages,
    Crossing,
    Duplicates,
    FieldProfile,
    Profile,
    Spread,
    Stale,
    Tail,
)
from segmenter.reports import jsons
from segmenter.reports.tables import table, titled
from segmenter.reports.text import Style, clean, listing

SHOWN = 6
"""Values of a field in one line of the terminal."""
MONTHS = 6
"""Months of a crossing in the terminal."""
GROUPS = 8
"""Groups of values that may be one, in one sentence."""
NAMED = 5
"""Duplicates that a sentence names."""


def document(profile: Profile) -> dict[str, Any]:
    """``{"kind": "profile", ...}``: the fields of `Profile`, as they are."""
    plain: dict[str, Any] = jsons.plain(profile)
    return plain


def terminal(profile: Profile, fields: Sequence[str] = ()) -> RenderableType:
    """What stands out, and every field in a line; of ``fields`` also how they cross with the others."""
    style = Style(profile.language, profile.timezone)
    parts: list[RenderableType] = [Text(titled_by(profile, style), "bold")]
    parts += [Text.assemble(("· ", "dim"), clean(sentence)) for sentence in remarks(profile, style)]
    if profile.fields:
        parts += ["", _fields(profile, style)]
    for field in profile.fields:
        if field.name in fields:
            parts += ["", Text(clean(f"{field.label} ({field.name})"), "bold"), *_details(field, profile, style)]
    return Group(*parts)


def heading(profile: Profile, style: Style) -> str:
    """What was looked at: ``1.234 leads and opportunities (Type is Opportunity)``."""
    kinds = {
        "crm.lead": ngettext("{number} lead or opportunity", "{number} leads and opportunities", profile.records),
        "res.partner": ngettext("{number} contact or company", "{number} contacts and companies", profile.records),
    }
    of = kinds[profile.model].format(number=style.number(profile.records))
    return clean(f"{of} ({profile.scope})" if profile.scope else of)


def titled_by(profile: Profile, style: Style) -> str:
    """The heading after the client's name, where that is known."""
    return clean(f"{profile.client}: {heading(profile, style)}") if profile.client else heading(profile, style)


def origin(profile: Profile, style: Style) -> str:
    """Where the figures come from, and when they were counted."""
    whence = _("from the export {file}") if profile.exported else "{url} · {file} · Odoo {version}"
    return clean(
        " · ".join(
            (
                whence.format(file=profile.database, url=profile.url, version=profile.version),
                style.moment(profile.made_at),
            )
        )
    )


def remarks(profile: Profile, style: Style) -> Iterator[str]:
    """What a consultant would point at, a sentence each."""

    def counted(forms: tuple[str, str], number: int, whole: int = profile.records, **names: object) -> str:
        shown = {"number": style.number(number), "share": style.share(number, whole)}
        return ngettext(*forms, number).format(**{**shown, **names})

    if currencies := told(dict(profile.currencies)):
        yield f"{currencies}."
    if profile.archived:
        forms = NN_("{number} more record is archived.", "{number} more records are archived.")
        yield counted(forms, profile.archived)
    if profile.without_owner:
        forms = NN_("{number} record ({share}) has no salesperson.", "{number} records ({share}) have no salesperson.")
        yield counted(forms, profile.without_owner)
    for stale in profile.stale:
        if stale.records:
            forms = NN_(
                "{number} open record ({share} of the open ones): {condition}.",
                "{number} open records ({share} of the open ones): {condition}.",
            )
            yield counted(forms, stale.records, stale.opened, condition=_stale(stale))
    for duplicates in profile.duplicates:
        if duplicates.values:
            yield _("{label}: {repeated}, such as {names}.").format(
                label=duplicates.label,
                repeated=repeated(duplicates, style),
                names=", ".join(f"{value.label} ({style.number(value.count)})" for value in duplicates.most[:NAMED]),
            )
    if unused := [tag.name for tag in profile.tags if tag.records == 0]:
        yield _("Tags that no record here holds: {names}.").format(names=listing(unused, NAMED))
    if profile.alike:
        yield _("Tags that may be one: {names}.").format(names=_near(profile.alike, style))
    for field in profile.fields:
        yield from notes(field, style)
    if profile.empty:
        yield _("Never filled: {names}.").format(names=listing(profile.empty, len(profile.empty)))
    if profile.constant:
        yield _("The same in every record: {names}.").format(names=listing(profile.constant, len(profile.constant)))
    for label, why in profile.left_out:
        yield _("{label} could not be counted: {why}").format(label=label, why=why)


def notes(field: FieldProfile, style: Style) -> Iterator[str]:
    """What stands out in one field."""
    if field.tail is not None:
        yield far_below(field, field.tail, style)
    if field.alike and field.type != "many2many":
        names = _near(field.alike, style)
        yield _("{label}: values that may be one: {names}.").format(label=field.label, names=names)


def _near(groups: Sequence[Sequence[str]], style: Style) -> str:
    """Groups of names that may be one, as many as a sentence holds."""
    names = " · ".join(quoted(group) for group in groups[:GROUPS])
    more = len(groups) - GROUPS
    return _("{names} · and {number} more").format(names=names, number=style.number(more)) if more > 0 else names


def repeated(duplicates: Duplicates, style: Style) -> str:
    """``2 repeated values in 5 records``, which are always several."""
    forms = NN_("{values} repeated value in {records} records", "{values} repeated values in {records} records")
    return ngettext(*forms, duplicates.values).format(
        values=style.number(duplicates.values), records=style.number(duplicates.records)
    )


def quoted(names: Sequence[str]) -> str:
    """Names in quotes, so that their spaces are seen."""
    return ", ".join(_("“{text}”").format(text=name) for name in names)


def named(label: str) -> str:
    """A value's label, or what stands for none."""
    return clean(label) if label else _("(empty)")


def across(by: str, label: str, style: Style) -> str:
    """The label of a value that fields are crossed with; a month in a few letters."""
    return style.month(label) if label and by.endswith(":month") else named(label)


def remaining(by: str) -> str:
    """What the records are called that no column of a crossing holds: of months, those before."""
    return _("before") if by.endswith(":month") else _("others")


def amount(field: FieldProfile, value: object, style: Style) -> str:
    """A value of a number or of a date."""
    if value is None:
        return "—"
    if isinstance(value, int | float):
        return style.money(value) if field.type == "monetary" else style.number(value)
    return style.day(str(value))


def points(spread: Spread) -> list[tuple[str, object]]:
    """The quantiles with what they are called."""
    names = {
        0.0: _("least"),
        0.1: _("10 % are below"),
        0.25: _("a quarter is below"),
        0.5: _("half is below"),
        0.75: _("three quarters are below"),
        0.9: _("90 % are below"),
        1.0: _("greatest"),
    }
    return [(names[share], value) for share, value in spread.points]


def far_below(field: FieldProfile, tail: Tail, style: Style) -> str:
    """The amounts that may be in a wrong unit, and what to ask about them."""
    questions = {
        (1_000,): _("Were they typed in thousands?"),
        (1_000_000,): _("Were they typed in millions?"),
        (1_000, 1_000_000): _("Were they typed in thousands or in millions?"),
    }
    least, greatest, above = (style.number(value) for value in (tail.least, tail.greatest, tail.above))
    amounts = least if least == greatest else _("{least} to {greatest}").format(least=least, greatest=greatest)
    forms = NN_(
        "{label}: {number} amount ({amounts}) is far below the others; nearly all are {above} or more. {question}",
        "{label}: {number} amounts ({amounts}) are far below the others; nearly all are {above} or more. {question}",
    )
    return ngettext(*forms, tail.records).format(
        label=field.label,
        number=style.number(tail.records),
        amounts=amounts,
        above=above,
        question=questions.get(tail.units, _("Are they right?")),
    )


def average_head(field: FieldProfile, profile: Profile) -> str:
    """What the averages of a number are called: where records hold none, they count as 0."""
    return _("Average") if field.filled == profile.records else _("Average (empty = 0)")


def _fields(profile: Profile, style: Style) -> Table:
    made = table(_("Field"), _("Filled"), _("Values"), right=(1,))
    for field in profile.fields:
        made.add_row(clean(field.label), style.share(field.filled, profile.records), _in_short(field, style))
    return made


def _in_short(field: FieldProfile, style: Style) -> str:
    """The distribution or the most frequent values of a field, in a line."""
    if field.spread is not None:
        at = field.spread.at
        least, half, greatest = (amount(field, at(share), style) for share in (0.0, 0.5, 1.0))
        sentence = _("{least} to {greatest}, half below {half}").format(least=least, greatest=greatest, half=half)
        if field.spread.total is not None:
            sentence += "; " + _("{total} in all").format(total=style.money(field.spread.total))
        return sentence
    most = listing([f"{named(value.label)} {style.number(value.count)}" for value in field.values[:SHOWN]], SHOWN)
    if field.different is not None and field.different > min(len(field.values), SHOWN):
        different = _("{number} different").format(number=style.number(field.different))
        return f"{most} … ({different})" if most else different
    return most


def _details(field: FieldProfile, profile: Profile, style: Style) -> Iterator[RenderableType]:
    if field.spread is not None:
        for name, value in points(field.spread):
            yield Text(f"  {name}: {amount(field, value, style)}")
    for crossing in field.crossings:
        yield Padding(titled(crossing.label, _crossing(crossing, style)), (1, 0, 0, 2))
    for averages in field.averages:
        shown = _averages(field, averages, average_head(field, profile), style)
        yield Padding(titled(averages.label, shown), (1, 0, 0, 2))


def _crossing(crossing: Crossing, style: Style) -> Table:
    heads, first = [across(crossing.by, label, style) for label in crossing.columns], 0
    if crossing.by.endswith(":month"):
        # The last ones, each with its year below it: more do not fit a terminal.
        first = max(0, len(heads) - MONTHS)
        heads = [head.replace(" ", "\n") for head in heads[first:]]
    partial = crossing.partial or first > 0
    if partial:
        heads.append(remaining(crossing.by))
    made = table("", *heads, _("All"), right=range(1, len(heads) + 2))
    for row in crossing.rows:
        rest = [row.rest + sum(row.counts[:first])] if partial else []
        made.add_row(named(row.label), *(style.number(count) for count in (*row.counts[first:], *rest, row.total)))
    return made


def _averages(field: FieldProfile, averages: Averages, head: str, style: Style) -> Table:
    made = table("", _("Records"), head, right=(1, 2))
    for label, records, average in averages.rows:
        made.add_row(across(averages.by, label, style), style.number(records), amount(field, average, style))
    return made


def _stale(stale: Stale) -> str:
    """``Last updated more than 90 days ago``."""
    span = {"count": stale.days, "unit": "days"}
    leaf = {"field": stale.field, "labels": [stale.label], "kind": "datetime", "operator": "older_than", "values": []}
    return words({**leaf, "span": span})
