"""A plan as a consultant shows it: what would change, why, and what stands against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from segmenter.i18n import _, ngettext
from segmenter.model_names import model_name
from segmenter.plans.changes import Change, ChangeSet, ConfigChange, Json, changes_by_record
from segmenter.plans.plan import Overlap, Plan, SegmentCount
from segmenter.record_set import RecordSet, union
from segmenter.reports.colours import chip
from segmenter.reports.limit_names import limit_name
from segmenter.reports.notices import example_got, example_label, sentences, violation
from segmenter.reports.nouns import noun
from segmenter.reports.periods import periods
from segmenter.reports.tables import table, titled
from segmenter.reports.text import clean
from segmenter.reports.values import Values, because, called, placed

SAMPLE = 10
NamesOf = Callable[[RecordSet], Mapping[int, str]]
"""Gives the names of records."""


@dataclass(frozen=True)
class Gathered:
    """What one pass over a plan's changes leaves: fields of records per field, and the first changes of them."""

    by_field: Mapping[str, int]
    pins: int
    sample: Sequence[Change]


def gather(changes: Sequence[ChangeSet], names_of: NamesOf, most: int | None = SAMPLE) -> Gathered:
    """Count ``changes`` and keep the first ``most`` of them record by record (None: all). ``names_of``: gives
    the names of records."""
    by_field: Counter[str] = Counter()
    real = [change for change in changes if not change.pin]
    for change in real:
        by_field[change.field] += len(change.records)
    records = union(change.records for change in real)
    shown = records if most is None or len(records) <= most else records[:most]
    sample = list(changes_by_record(real, names_of(shown), shown))
    pins = sum(len(change.records) for change in changes if change.pin)
    return Gathered(by_field, pins, sample[:most])


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
    for name, counts in groupby(plan.counts.segments, key=lambda count: count.segmentation):
        yield segmentation(plan, name, list(counts), say)
    yield _overlaps(plan, say)
    yield configuration(plan, say)
    yield _fields(plan, gathered, say)
    yield sample(gathered, say)
    yield _workload(plan, say)
    yield _examples(plan)
    yield _list(_("Odoo will also do this by itself"), sentences(plan.side_effects))
    yield _list(_("To be looked at"), sentences(plan.warnings), "yellow")
    yield _verdict(plan)


def heading(plan: Plan, say: Values) -> RenderableType:
    """Whose CRM, which server, how many records are in the scope and how many are left alone."""
    grid = Table.grid(padding=(0, 2))
    server = plan.identity.server
    grid.add_row(_("Client"), Text(clean(plan.identity.spec_name), "bold"))
    if plan.identity.source == "export":
        grid.add_row(_("Export"), clean(server["database"]))
    else:
        line = _("{url}, database {database}, Odoo {version}, as {login}")
        grid.add_row(_("Server"), clean(line.format(**server)))
    grid.add_row(_("Made"), f"{say.style.moment(plan.identity.made_at)} ({plan.identity.timezone})")
    counted = noun(plan)
    grid.add_row(_("Scope"), counted(plan.counts.scope_count, say.style))
    if scope := say.criteria(plan.rules.scope_condition, money=False):
        grid.add_row("", clean(scope))
    protected = say.criteria(plan.rules.protect_condition, money=False)
    if plan.counts.protected or protected:
        untouched = ngettext(
            "{prospects}, which is never touched", "{prospects}, which are never touched", plan.counts.protected
        ).format(prospects=counted(plan.counts.protected, say.style))
        grid.add_row(_("Protected"), untouched)
    if protected:
        grid.add_row("", clean(protected))
    for period in periods(plan, say.style):
        grid.add_row(_("Dates"), clean(period))
    return grid


def segmentation(plan: Plan, name: str, counts: Sequence[SegmentCount], say: Values) -> RenderableType:
    """One segmentation: each segment, its criteria in words, and its numbers."""
    expected = any(count.expected is not None for count in counts)
    columns = [_("Segment"), _("Colour"), _("Criteria"), _("Match"), _("Taken"), _("Share"), _("Changing")]
    made = table(*columns, *([_("Expected")] if expected else []), right=(3, 4, 5, 6))
    for count in counts:
        row: list[RenderableType] = [
            clean(count.segment),
            chip(count.color),
            clean(say.criteria(count.condition, money=False)) or _("(all the rest)"),
            "" if count.is_default else say.style.number(count.matched),
            say.style.number(count.taken),
            say.style.share(count.taken, plan.counts.scope_count),
            say.style.number(count.changed),
        ]
        if expected:
            row.append(_expected(count))
        made.add_row(*row)
    return titled(name, made)


def _expected(count: SegmentCount) -> Text:
    if count.expected is None:
        return Text("")
    mark, style = ("✓", "green") if count.met else ("✗", "bold red")
    return Text(f"{mark} {count.expected}", style)


def _overlaps(plan: Plan, say: Values) -> RenderableType | None:
    lines = [
        (
            _("{segmentation}: in both {first} and {second}: {number}")
            if _shared(plan, overlap)
            else _("{segmentation}: matching both {first} and {second}, taken by {first}: {number}")
        ).format(
            segmentation=overlap.segmentation,
            number=say.style.number(overlap.records),
            first=overlap.first,
            second=overlap.second,
        )
        for overlap in plan.counts.overlaps
    ]
    lines += [
        _("{segmentation}: in no segment: {number}").format(segmentation=name, number=say.style.number(number))
        for name, number in plan.counts.uncovered.items()
        if number
    ]
    return _list(_("Overlaps and gaps"), lines)


def _shared(plan: Plan, overlap: Overlap) -> bool:
    """Whether both segments hold these records: one of an exclusive store would lose them to the earlier one."""
    there = (overlap.segmentation, overlap.second)
    return any(
        (count.segmentation, count.segment) == there and count.taken == count.matched for count in plan.counts.segments
    )


def _fields(plan: Plan, gathered: Gathered, say: Values) -> RenderableType | None:
    number = say.style.number
    if not plan.counts.tally.records:
        return None if plan.config else Text(_("Nothing has to change: everything is in its place."), "bold green")
    title = ngettext("{prospects} would change", "{prospects} would change", plan.counts.tally.records)
    made = table(_("Field"), _("Changes"), right=(1,))
    for name, count in sorted(gathered.by_field.items(), key=lambda item: -item[1]):
        made.add_row(say.field(name), number(count))
    harm = [
        (_("lose a value that was there"), plan.counts.tally.overwrites),
        (_("lose a tag"), plan.counts.tally.removed_tags),
        (_("move to another stage"), plan.counts.tally.moved_stages),
        (_("get a salesperson, or another one"), plan.counts.tally.assigned),
        (_("become opportunities"), plan.counts.tally.converted),
    ]
    lines = [Text(f"  {what}: {number(count)}", "yellow") for what, count in harm if count]
    return Group(
        titled(title.format(prospects=noun(plan)(plan.counts.tally.records, say.style)), made),
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
    if not plan.counts.workload:
        return None
    made = table(_("Person"), _("Before"), _("After"), right=(1, 2))
    for person, (before, after) in plan.counts.workload.items():
        made.add_row(clean(person), say.style.number(before), say.style.number(after))
    return titled(_("Open records per salesperson"), made)


def _examples(plan: Plan) -> RenderableType | None:
    if not plan.examples:
        return None
    made = table("", _("Example"), _("Expected"), _("Result"))
    for example in plan.examples:
        mark, style = ("✓", "green") if example.met else ("✗", "bold red")
        expected = "; ".join(placed(key, value) for key, value in example.expected.items())
        got = "; ".join(placed(key, example_got(example, key)) for key in example.expected)
        made.add_row(Text(mark, style), called(example_label(example)), expected, got)
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
        Text.assemble(("  ✗ ", "bold red"), (clean(f"{limit_name(broken.limit)}: {violation(broken, plan)}"), "red"))
        for broken in plan.violations
    )
    return Group(Text(title, "bold red"), *lines)


def configuration(plan: Plan, say: Values) -> RenderableType | None:
    """What is created (+) and what is altered (~); None where there is nothing."""
    if not plan.config:
        return None
    made = table("", _("What"), _("Name"), _("Details"))
    for change in plan.config:
        mark, style = ("+", "green") if change.creates else ("~", "yellow")
        made.add_row(Text(mark, style), model_name(change.model), clean(change.name), _details(change, plan, say))
    return titled(_("Configuration of Odoo"), made)


def _details(change: ConfigChange, plan: Plan, say: Values) -> Text:
    if change.model in ("crm.tag", "res.partner.category"):
        before = [chip(change.before["color"]), Text(" → ")] if "color" in change.before else []
        colour = [*before, chip(change.after["color"])] if "color" in change.after else []
        restored = [Text(_("out of the archive"))] if change.after.get("active") else []
        return Text(" ").join([Text.assemble(*part) for part in (colour, restored) if part])
    if change.model == "ir.model.fields":
        about = [change.after["field_description"], change.after["ttype"], ", ".join(change.after.get("values", ()))]
        return Text(clean("; ".join(str(part) for part in about if part)))
    if change.model == "res.partner":
        shown = [change.after.get(key) for key in ("company_name", "email", "phone")]
        return Text(clean(", ".join(str(part) for part in shown if part)))
    domain = change.after.get("domain")
    if isinstance(domain, str):
        return Text(_("who meets the criteria on the day"))
    return Text("; ".join(_leaf(leaf, plan, say) for leaf in domain or ()))


def _leaf(leaf: Json, plan: Plan, say: Values) -> str:
    """A leaf of a favourite's domain, with the names of what the plan itself creates."""
    created = {change.ref: change.name for change in plan.config}
    if not isinstance(leaf, list | tuple) or len(leaf) != 3:
        return clean(leaf)
    values = leaf[2] if isinstance(leaf[2], list | tuple) else [leaf[2]]
    named = ", ".join(clean(created.get(value) or say.value(leaf[0], value)) for value in values)
    return f"{say.field(leaf[0])}: {named}"
