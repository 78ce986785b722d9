"""Counts what is in a CRM: the server adds up, and each answer is bounded, however many records there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from functools import cached_property
from typing import Any

from segmenter.conditions import WITH_ARCHIVED, BoundLeaf, Clock, Domain, Field, domain, filled
from segmenter.conditions.dates import local_day, utc_text
from segmenter.conditions.operators import DATES, NUMBERS
from segmenter.errors import ServerError
from segmenter.odoo.currencies import COMPANY, Companies, mixed, money_of, read_companies
from segmenter.odoo.group_rows import Group
from segmenter.odoo.groups import CannotGroup
from segmenter.odoo.pages import AT_ONCE
from segmenter.odoo.reader import OdooReader
from segmenter.profiling.alike import alike
from segmenter.profiling.choose import CONTACT, axes, tags_field, worth
from segmenter.profiling.crossings import Axis, axis, beside, cross
from segmenter.profiling.duplicates import duplicate_addresses, duplicates
from segmenter.profiling.model import Crossing, Duplicates, FieldProfile, Profile, Spread, Stale, Tag, Value

MOST = 50
"""Values of a field that are fetched, the most frequent first."""
MOST_TAGS = 2000
SHARES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
"""Quantiles of a number; each is a call. Of a date the years are counted too, so `ENDS` and the middle do."""
ENDS = (0.0, 0.5, 1.0)
DAYS = (90, 180)
REPEATED = 0.2
"""Of a field with more values than `MOST`: the share of its records that the frequent ones must cover to be shown."""
OWNER = "user_id"
E_MAILS = ("email_normalized", "email_from", "email")
UPDATES = ("write_date", "date_last_stage_update")


def profile(
    reader: OdooReader, model: str, clock: Clock, *, domain: Domain, scope: str = "", archived: bool = False
) -> Profile:
    """What is in ``model``, of the records of ``domain``; ``scope``: the same in words. ``archived``: those too."""
    return _Profiler(reader, model, clock, [*WITH_ARCHIVED, *domain] if archived else domain, archived).profile(scope)


@dataclass(frozen=True)
class _Profiler:
    """One profile being made."""

    reader: OdooReader
    model: str
    clock: Clock
    domain: Domain
    archived: bool

    @cached_property
    def known(self) -> dict[str, Field]:
        return self.reader.fields(self.model)

    @cached_property
    def companies(self) -> Companies:
        return Companies() if self.reader.identity.exported else read_companies(self.reader)

    @cached_property
    def currencies(self) -> dict[str, int]:
        """The records with an amount by its currency."""
        return mixed(self.reader, self.model, self.domain, self.companies)

    @cached_property
    def records(self) -> int:
        return self.count([])

    @cached_property
    def tag_groups(self) -> list[Group]:
        """Every tag in use, the most used first, which the whole profile needs twice."""
        field = tags_field(self.known)
        groups = self.groups(field.name, None) if field is not None and self.records else []
        return sorted(groups, key=lambda group: -group.count)

    def count(self, more: Sequence[Any]) -> int:
        return self.reader.count(self.model, [*self.domain, *more])

    def groups(self, by: str, most: int | None) -> list[Group]:
        return self.reader.groups(self.model, self.domain, [by], most=most)

    def profile(self, scope: str) -> Profile:
        looked: list[FieldProfile] = []
        left_out: list[tuple[str, str]] = []
        for field in worth(self.known) if self.records else []:
            try:
                looked += self.by_currency(field) or [self.field(field)]
            except (CannotGroup, ServerError) as error:
                left_out.append((field.label, error.what))
        telling = [one for one in looked if self.tells(one)]
        tags = self.tags()
        identity = self.reader.identity
        return Profile(
            model=self.model,
            url=identity.url,
            database=identity.database,
            version="" if identity.exported else identity.version,
            language=self.reader.language,
            timezone=self.reader.timezone,
            made_at=self.clock.now.astimezone(UTC).isoformat(timespec="seconds"),
            scope=scope,
            records=self.records,
            archived=self.archived_ones(),
            without_owner=self.count([[OWNER, "=", False]]) if OWNER in self.known else None,
            stale=tuple(self.stale()),
            fields=tuple(self.crossed(telling)),
            empty=tuple(one.label for one in looked if not one.filled),
            constant=tuple(one.label for one in looked if one.filled and one not in telling),
            left_out=tuple(left_out),
            won=self.won(),
            duplicates=tuple(self.twice()),
            tags=tags,
            alike=alike(tag.name for tag in tags),
            currencies=tuple(self.currencies.items()) if len(self.currencies) > 1 else (),
        )

    def by_currency(self, field: Field) -> list[FieldProfile]:
        """An amount in each of its currencies, as it is never measured over several; none where it is in one."""
        within = self.within(field)
        found = [replace(self.measured(field, within[code]), currency=code) for code in within]
        found = [replace(one, label=f"{one.label} ({one.currency})") for one in found if one.filled]
        return found if len(found) > 1 else []

    def within(self, field: Field) -> dict[str, Domain]:
        """Currency -> the records whose amount is in it; the order is that of `currencies`."""
        its_own = field.name.startswith("x_")
        if field.type != "monetary" or self.reader.identity.exported or not (its_own or len(self.currencies) > 1):
            return {}
        money = money_of(field, self.reader, self.companies)
        if money is None or (money.field.name == COMPANY and len(self.currencies) < 2):
            return {}
        codes = sorted(money.codes, key=lambda code: (-self.currencies.get(code, 0), code))
        return {code: domain(BoundLeaf((money.field,), "in", money.codes[code])) for code in codes}

    def field(self, field: Field) -> FieldProfile:
        """How often it is filled, and with what."""
        if field.name in CONTACT:
            return FieldProfile(field.name, field.label, field.type, self.count(filled(field)))
        if field.type in NUMBERS or field.type in DATES:
            return self.measured(field)
        groups = self.tag_groups if field == tags_field(self.known) else self.groups(field.name, MOST + 1)
        values = tuple(Value(g.keys[0], g.labels[0], g.count) for g in groups[:MOST] if g.keys[0] is not None)
        described = FieldProfile(
            field.name, field.label, field.type, self.records, values, alike=alike(value.label for value in values)
        )
        if len(groups) <= MOST:
            none = sum(group.count for group in groups if group.keys[0] is None)
            return replace(described, filled=self.records - none, different=len(values))
        within = filled(field)
        different = self.reader.distinct(self.model, [*self.domain, *within], field.name)
        described = replace(described, filled=self.count(within), different=different)
        covered = sum(value.count for value in values if value.count > 1)
        return described if covered >= REPEATED * described.filled else replace(described, values=(), alike=())

    def measured(self, field: Field, more: Domain | None = None) -> FieldProfile:
        """A number or a date: its quantiles are records at a place in its order, which the server finds.

        ``more``: of these records alone.
        """
        within = [*filled(field), *(more or ())]
        number = self.count(within)
        described = FieldProfile(field.name, field.label, field.type, number)
        if not number:
            return described
        dated = field.type in DATES
        places = {share: round(share * (number - 1)) for share in (ENDS if dated else SHARES)}
        found = {place: self.at(field, within, place) for place in sorted(set(places.values()))}
        held = {
            row["id"]: row[field.name]
            for row in self.reader.read(self.model, [one for one in found.values() if one is not None], [field.name])
        }
        points = {share: held.get(found[place] or 0) for share, place in places.items()}
        values: tuple[Value, ...] = ()
        if dated:
            years = [group for group in self.groups(f"{field.name}:year", None) if group.keys[0] is not None]
            values = tuple(Value(group.keys[0], str(group.keys[0])[:4], group.count) for group in years)
        zone = self.clock.zone
        known = ((share, value) for share, value in points.items() if value is not None)
        spread = Spread(tuple((share, local_day(value, zone) if dated else value) for share, value in known))
        return replace(described, spread=spread, values=values)

    def at(self, field: Field, within: Domain, place: int) -> int | None:
        """The record at a place in the order of a field; None when it has gone meanwhile."""
        order, domain = f"{field.name}, id", [*self.domain, *within]
        found = self.reader.search(self.model, domain, order=order, limit=1, skip=place)
        return found[0] if found else None

    def tells(self, one: FieldProfile) -> bool:
        """Whether it tells records apart: filled, and not with one thing everywhere."""
        if one.spread is not None:
            return one.spread.at(0.0) != one.spread.at(1.0) or one.filled < self.records
        return bool(one.filled) and (one.different != 1 or one.filled < self.records)

    def crossed(self, fields: Sequence[FieldProfile]) -> Iterator[FieldProfile]:
        """The fields by stage, salesperson, source, country and month; numbers come along in the same calls."""
        numbers = [one.name for one in fields if one.type in NUMBERS and one.spread is not None and not one.currency]
        found = (axis(self.reader, self.domain, spec, field, numbers) for spec, field in axes(self.known))
        across = [one for one in found if one is not None]
        amounts = [one for one in fields if one.type == "monetary" and one.spread is not None]
        totals = self.totals([one.name for one in amounts if not one.currency])
        for one in amounts:
            if one.currency:
                within = self.within(self.known[one.name])[one.currency]
                totals |= {one.label: self.totals([one.name], within).get(one.name, 0.0)}
        pairs = [(one, by) for one in fields if one.type not in NUMBERS for by in beside(one.name, across)]
        crossings: dict[str, list[Crossing]] = {}
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for crossing, (one, _by) in zip(pool.map(lambda pair: self.crossing(*pair), pairs), pairs, strict=True):
                if crossing is not None:
                    crossings.setdefault(one.name, []).append(crossing)
        for one in fields:
            yield replace(
                one,
                crossings=tuple(crossings.get(one.name, ())),
                averages=tuple(by.averages[one.name] for by in across if one.name in by.averages),
                spread=one.spread and replace(one.spread, total=totals.get(one.label if one.currency else one.name)),
            )

    def crossing(self, one: FieldProfile, by: Axis) -> Crossing | None:
        return cross(self.reader, self.domain, one, by, self.records)

    def totals(self, numbers: Sequence[str], within: Domain | None = None) -> dict[str, float]:
        """The sums of the numbers over all records, or those ``within``: the server adds up by groups, so by the fewest
        there are."""
        by = next((by for by in ("create_date:year", "stage_id", "type") if by.partition(":")[0] in self.known), None)
        if not numbers or by is None:
            return {}
        groups = self.reader.groups(self.model, [*self.domain, *(within or ())], [by], numbers)
        return {name: sum(group.sums[name] for group in groups) for name in numbers}

    def archived_ones(self) -> int | None:
        if self.archived or "active" not in self.known:
            return None
        return self.count([["active", "=", False]])

    def won(self) -> tuple[str, ...]:
        """Stages whose records are never to be touched again."""
        if "stage_id" not in self.known:
            return ()
        rows = self.reader.search_read("crm.stage", [["is_won", "=", True]], ["display_name"])
        return tuple(dict.fromkeys(str(row["display_name"]) for row in rows))

    def stale(self) -> Iterator[Stale]:
        """Open records that nobody has touched, and leads that have not moved, for a long time."""
        opened = [["stage_id.is_won", "=", False]] if "stage_id" in self.known else []
        number_open = self.count(opened) if opened else self.records
        for field in (self.known[name] for name in UPDATES if name in self.known):
            for days in DAYS:
                before = utc_text(self.clock.now.astimezone(UTC) - timedelta(days=days))
                number = self.count([[field.name, "<", before], *opened])
                yield Stale(field.name, field.label, days, number, number_open)

    def twice(self) -> Iterator[Duplicates]:
        """What should be one record's alone: an e-mail address, and a company."""
        mails = (self.known[name] for name in E_MAILS if name in self.known and self.known[name].stored)
        if (mail := next((one for one in mails if self.count(filled(one))), None)) is not None:
            plainly = mail.name == E_MAILS[0]
            found = (duplicates if plainly else duplicate_addresses)(self.reader, mail, self.domain)
            shown = next((self.known[name] for name in E_MAILS[1:] if name in self.known), mail)
            yield replace(found, label=shown.label)  # not "normalized", which says nothing to a client
        company = self.known.get("partner_name") if self.model == "crm.lead" else self.known.get("name")
        if company is not None:
            companies = [["is_company", "=", True]] if "is_company" in self.known else []
            yield duplicates(self.reader, company, [*self.domain, *companies])

    def tags(self) -> tuple[Tag, ...]:
        """Every tag that there is, the most used first."""
        field = tags_field(self.known)
        if field is None or field.relation is None:
            return ()
        rows = self.reader.search_read(field.relation, [], ["display_name"], limit=MOST_TAGS)
        try:
            counted = {group.keys[0]: group.count for group in self.tag_groups}
        except CannotGroup:
            tags = [Tag(row["id"], row["display_name"] or "", None) for row in rows]
        else:
            tags = [Tag(row["id"], row["display_name"] or "", counted.get(row["id"], 0)) for row in rows]
        return tuple(sorted(tags, key=lambda tag: (-(tag.records or 0), tag.name.casefold(), tag.id)))
