"""A plan as a consultant shows it: what would change, why, and what stands against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from segmenter.i18n import _, ngettext
from segmenter.planning.model import Change, Overlap, Plan, SegmentCount
from segmenter.reports.colours import chip
from segmenter.reports.configuration import configuration
from segmenter.reports.limit_names import limit_name
from segmenter.reports.periods import periods
from segmenter.reports.tables import table, titled
from segmenter.reports.text import clean
from segmenter.reports.values import Values, because, called, placed
from segmenter.spec.model_names import plural_name

SAMPLE = 10


@dataclass(frozen=True)
class Gathered:
    """What one pass over a plan's changes leaves: fields of records per field, and the first changes of them."""

    by_field: Mapping[str, int]
    pins: int
    sample: Sequence[Change]


def gather(changes: Iterable[Change], most: int | None = SAMPLE) -> Gathered:
    """Count ``changes`` and keep the first ``most`` of them (None: all)."""
    by_field: Counter[str] = Counter()
    pins, sample = 0, list[Change]()
    for change in changes:
        if change.pin:
            pins += 1
            continue
        by_field[change.field] += 1
        if most is None or len(sample) < most:
            sample.append(change)
    return Gathered(by_field, pins, sample)


def terminal(plan: Plan, gathered: Gathered) -> RenderableType:
    """The whole plan in sections; what stands against it comes last."""
    say = Values(plan)
    return Group(*_spaced(_sections(plan, gathered, say)))


def _spaced(sections: Iterable[RenderableType | None]) -> Iterator[RenderableType]:
    for section in sections:
        if section is not None:
            yield section
            yield Text("")


def _sections(plan: Plan, gathered: Gathered, say: Values) -> Iterator[RenderableType | None]:
    yield heading(plan, say)
    for name, counts in groupby(plan.segments, key=lambda count: count.segmentation):
        yield segmentation(plan, name, list(counts), say)
    yield _overlaps(plan, say)
    yield configuration(plan, say)
    yield _fields(plan, gathered, say)
    yield sample(gathered, say)
    yield _workload(plan, say)
    yield _examples(plan)
    yield _list(_("Odoo will also do this by itself"), plan.side_effects)
    yield _list(_("To be looked at"), plan.warnings, "yellow")
    yield _verdict(plan)


def heading(plan: Plan, say: Values) -> RenderableType:
    """Whose CRM, which server, how many records are in the scope and how many are left alone."""
    grid = Table.grid(padding=(0, 2))
    server = plan.server
    grid.add_row(_("Client"), Text(clean(plan.spec_name), "bold"))
    if plan.source == "export":
        grid.add_row(_("Export"), clean(server["database"]))
    else:
        line = _("{url}, database {database}, Odoo {version}, as {login}")
        grid.add_row(_("Server"), clean(line.format(**server)))
    grid.add_row(_("Made"), f"{say.style.moment(plan.made_at)} ({plan.timezone})")
    records = ngettext("{number} record ({records})", "{number} records ({records})", plan.scope_count)
    number, called = say.style.number(plan.scope_count), plural_name(plan.model)
    grid.add_row(_("Scope"), records.format(number=number, records=called))
    if plan.scope_words:
        grid.add_row("", clean(plan.scope_words))
    if plan.protected:
        untouched = ngettext(
            "{number} record, never touched", "{number} records, never touched", plan.protected
        ).format(number=say.style.number(plan.protected))
        grid.add_row(_("Protected"), untouched)
    if plan.protect_words:
        grid.add_row("", clean(plan.protect_words))
    for period in periods(plan, say.style):
        grid.add_row(_("Dates"), clean(period))
    return grid


def segmentation(plan: Plan, name: str, counts: Sequence[SegmentCount], say: Values) -> RenderableType:
    """One segmentation: each segment, its criteria in words, and its numbers."""
    expected = any(count.expected for count in counts)
    columns = [_("Segment"), _("Colour"), _("Criteria"), _("Match"), _("Taken"), _("Share"), _("Change")]
    made = table(*columns, *([_("Expected")] if expected else []), right=(3, 4, 5, 6))
    for count in counts:
        row: list[RenderableType] = [
            clean(count.segment),
            chip(count.color),
            clean(count.words) or _("(all the rest)"),
            "" if count.is_default else say.style.number(count.matched),
            say.style.number(count.taken),
            say.style.share(count.taken, plan.scope_count),
            say.style.number(count.changed),
        ]
        if expected:
            row.append(_expected(count))
        made.add_row(*row)
    return titled(name, made)


def _expected(count: SegmentCount) -> Text:
    if not count.expected:
        return Text("")
    mark, style = ("✓", "green") if count.met else ("✗", "bold red")
    return Text(f"{mark} {count.expected}", style)


def _overlaps(plan: Plan, say: Values) -> RenderableType | None:
    lines = [
        (
            _("{segmentation}: in both {first} and {second}: {number}")
            if _shared(plan, one)
            else _("{segmentation}: matching both {first} and {second}, taken by {first}: {number}")
        ).format(
            segmentation=one.segmentation, number=say.style.number(one.records), first=one.first, second=one.second
        )
        for one in plan.overlaps
    ]
    lines += [
        _("{segmentation}: in no segment: {number}").format(segmentation=name, number=say.style.number(number))
        for name, number in plan.uncovered.items()
        if number
    ]
    return _list(_("Overlaps and gaps"), lines)


def _shared(plan: Plan, overlap: Overlap) -> bool:
    """Whether both segments hold these records: one of an exclusive store would lose them to the earlier one."""
    there = (overlap.segmentation, overlap.second)
    return any((one.segmentation, one.segment) == there and one.taken == one.matched for one in plan.segments)


def _fields(plan: Plan, gathered: Gathered, say: Values) -> RenderableType | None:
    number = say.style.number
    if not plan.tally.records:
        return None if plan.config else Text(_("Nothing has to change: everything is in its place."), "bold green")
    title = ngettext("{number} record would change", "{number} records would change", plan.tally.records)
    made = table(_("Field"), _("Changes"), right=(1,))
    for name, count in sorted(gathered.by_field.items(), key=lambda item: -item[1]):
        made.add_row(say.field(name), number(count))
    harm = [
        (_("lose a value that was there"), plan.tally.overwrites),
        (_("lose a tag"), plan.tally.removed_tags),
        (_("move to another stage"), plan.tally.moved_stages),
        (_("get another salesperson"), plan.tally.assigned),
        (_("become opportunities"), plan.tally.converted),
    ]
    lines = [Text(f"  {what}: {number(count)}", "yellow") for what, count in harm if count]
    return Group(
        titled(title.format(number=number(plan.tally.records)), made),
        *([Text(_("Of these records:"))] if lines else []),
        *lines,
    )


def sample(gathered: Gathered, say: Values) -> RenderableType | None:
    """The changes that were kept, by record, with names of values instead of ids."""
    if not gathered.sample:
        return None
    total = sum(gathered.by_field.values())
    shown, number = len(gathered.sample), say.style.number
    title = (
        _("All changes")
        if shown == total
        else _("The first {shown} of {total} changes (--all shows every one)").format(
            shown=number(shown), total=number(total)
        )
    )
    made = table(say.id_head, _("Record"), _("Field"), _("Change"), _("Because of"), right=(0,))
    last = None
    for change in gathered.sample:
        again = change.record == last
        last = change.record
        made.add_row(
            "" if again else str(change.record),
            "" if again else called(change.name),
            say.field(change.field),
            say.change(change),
            because(change.segmentation, change.segment),
        )
    return titled(title, made)


def _workload(plan: Plan, say: Values) -> RenderableType | None:
    if not plan.workload:
        return None
    made = table(_("Person"), _("Before"), _("After"), right=(1, 2))
    for person, (before, after) in plan.workload.items():
        made.add_row(clean(person), say.style.number(before), say.style.number(after))
    return titled(_("Open records per salesperson"), made)


def _examples(plan: Plan) -> RenderableType | None:
    if not plan.examples:
        return None
    made = table("", _("Example"), _("Expected"), _("Result"))
    for one in plan.examples:
        mark, style = ("✓", "green") if one.met else ("✗", "bold red")
        expected = "; ".join(placed(key, value) for key, value in one.expected.items())
        got = "; ".join(placed(key, one.got.get(key, "")) for key in one.expected)
        made.add_row(Text(mark, style), called(one.label), expected, got)
    return titled(_("Examples of the client's"), made)


def _list(title: str, lines: Sequence[str], style: str = "") -> RenderableType | None:
    if not lines:
        return None
    return Group(Text(title, "bold"), *(Text(f"  • {clean(line)}", style) for line in lines))


def _verdict(plan: Plan) -> RenderableType | None:
    if not plan.violations:
        return None
    title = ngettext(
        "{number} thing stands against applying this plan",
        "{number} things stand against applying this plan",
        len(plan.violations),
    ).format(number=len(plan.violations))
    lines = (
        Text.assemble(("  ✗ ", "bold red"), (clean(f"{limit_name(one.limit)}: {one.sentence}"), "red"))
        for one in plan.violations
    )
    return Group(Text(title, "bold red"), *lines)
