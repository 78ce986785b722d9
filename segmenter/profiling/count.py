"""Makes the profile of a CRM. The server counts; no answer grows with the number of records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from functools import cached_property
from typing import Any, TypeVar

from segmenter.conditions import WITH_ARCHIVED, BoundLeaf, Clock, Domain, Field, domain, filled
from segmenter.conditions.dates import utc_text
from segmenter.conditions.likeness import alike
from segmenter.conditions.operators import DATES, NUMBERS
from segmenter.errors import ServerError
from segmenter.odoo.currencies import COMPANY, Companies, mixed, money_of, read_companies
from segmenter.odoo.groups import CannotGroup, Group
from segmenter.odoo.pages import AT_ONCE
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.values import Row
from segmenter.profiling.choose import CONTACT, axes, free, place, tags_field, worth
from segmenter.profiling.crossings import Axis, axis, beside, cross
from segmenter.profiling.duplicates import duplicate_addresses, duplicates
from segmenter.profiling.model import Crossing, Duplicates, FieldProfile, Profile, Stale, Tag, Value
from segmenter.profiling.spreads import Spreads

MOST = 50
"""Values of a field that are kept, the most frequent first."""
MOST_COMPARED = 500
"""Values that are fetched: how a name is written otherwise is among the rare ones."""
MOST_TAGS = 2000
DAYS = (90, 180)
REPEATED = 0.2
"""A field with more values than `MOST` is shown if its most frequent values cover this share of its records."""
OWNER = "user_id"
STAGE = "stage_id"
E_MAILS = ("email_normalized", "email_from", "email")
UPDATES = ("write_date", "date_last_stage_update")
Ordered = TypeVar("Ordered", FieldProfile, Axis)


def profile(
    reader: OdooReader,
    model: str,
    clock: Clock,
    *,
    domain: Domain,
    scope: str = "",
    archived: bool = False,
    client: str = "",
) -> Profile:
    """The profile of a model's records. ``scope``: the domain in words. ``archived``: archived records count too.

    ``client``: whose CRM it is; without it, the company of the work user.
    """
    profiler = _Profiler(reader, model, clock, [*WITH_ARCHIVED, *domain] if archived else domain, archived)
    return profiler.profile(scope, client)


@dataclass(frozen=True)
class _Profiler:
    """The steps of one profile."""

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
        """The number of records with an amount, by currency."""
        return mixed(self.reader, self.model, self.domain, self.companies)

    @cached_property
    def records(self) -> int:
        return self.count([])

    @cached_property
    def tag_groups(self) -> list[Group]:
        """Every tag in use, the most used first; asked once and used twice."""
        field = tags_field(self.known)
        groups = self.groups(field.name, None) if field is not None and self.records else []
        return sorted(groups, key=lambda group: -group.count)

    @cached_property
    def spreads(self) -> Spreads:
        return Spreads(self.reader, self.model, self.clock, self.domain)

    def count(self, more: Sequence[Any]) -> int:
        return self.reader.count(self.model, [*self.domain, *more])

    def groups(self, by: str, most: int | None) -> list[Group]:
        return self.reader.groups(self.model, self.domain, [by], most=most)

    def profile(self, scope: str, client: str) -> Profile:
        looked: list[FieldProfile] = []
        left_out: list[tuple[str, str]] = []
        for field in worth(self.known) if self.records else []:
            try:
                looked += self.by_currency(field) or [self.field(field)]
            except (CannotGroup, ServerError) as error:
                left_out.append((field.label, error.what))
        telling = [field for field in looked if self.tells(field)]
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
            client=client or self.company(),
            scope=scope,
            records=self.records,
            archived=self.archived_ones(),
            without_owner=self.count([[OWNER, "=", False]]) if OWNER in self.known else None,
            stale=tuple(self.stale()),
            fields=tuple(self.crossed([self.in_order(field) for field in telling])),
            empty=tuple(field.label for field in looked if not field.filled),
            constant=tuple(field.label for field in looked if field.filled and field not in telling),
            left_out=tuple(left_out),
            won=self.won(),
            duplicates=tuple(self.twice()),
            tags=tags,
            alike=alike(tag.name for tag in tags),
            currencies=tuple(self.currencies.items()) if len(self.currencies) > 1 else (),
        )

    def by_currency(self, field: Field) -> list[FieldProfile]:
        """The profile of an amount in each currency, as amounts of several are never mixed; empty if there is one."""
        within = self.within(field)
        found = [replace(self.spreads.measured(field, within[code]), currency=code) for code in within]
        found = [replace(profile, label=f"{profile.label} ({profile.currency})") for profile in found if profile.filled]
        return found if len(found) > 1 else []

    def within(self, field: Field) -> dict[str, Domain]:
        """Currency -> the domain of records whose amount is in it, in the order of `currencies`."""
        its_own = field.name.startswith("x_")
        if field.type != "monetary" or self.reader.identity.exported or not (its_own or len(self.currencies) > 1):
            return {}
        money = money_of(field, self.reader, self.companies)
        if money is None or (money.field.name == COMPANY and len(self.currencies) < 2):
            return {}
        codes = sorted(money.codes, key=lambda code: (-self.currencies.get(code, 0), code))
        return {code: domain(BoundLeaf((money.field,), "in", money.codes[code])) for code in codes}

    def field(self, field: Field) -> FieldProfile:
        """The profile of one field: how often it is filled, and with which values."""
        if field.name in CONTACT:
            return FieldProfile(field.name, field.label, field.type, self.count(filled(field)))
        if field.type in NUMBERS or field.type in DATES:
            return self.spreads.measured(field)
        groups = self.tag_groups if field == tags_field(self.known) else self.groups(field.name, MOST_COMPARED + 1)
        named = [Value(g.keys[0], g.labels[0], g.count) for g in groups[:MOST_COMPARED] if g.keys[0] is not None]
        values = tuple(named[:MOST])
        near = alike((value.label for value in named), meaning=free(field), places=place(field))
        described = FieldProfile(field.name, field.label, field.type, self.records, values, alike=near)
        if len(groups) <= MOST_COMPARED:
            none = sum(group.count for group in groups if group.keys[0] is None)
            described = replace(described, filled=self.records - none, different=len(named))
        else:
            within = filled(field)
            different = self.reader.distinct(self.model, [*self.domain, *within], field.name)
            described = replace(described, filled=self.count(within), different=different)
        if len(named) <= MOST:
            return described
        covered = sum(value.count for value in values if value.count > 1)
        return described if covered >= REPEATED * described.filled else replace(described, values=(), alike=())

    def tells(self, field: FieldProfile) -> bool:
        """Whether a field distinguishes records: it is filled, and not with the same value everywhere."""
        if field.spread is not None:
            return field.spread.at(0.0) != field.spread.at(1.0) or field.filled < self.records
        return bool(field.filled) and (field.different != 1 or field.filled < self.records)

    def crossed(self, fields: Sequence[FieldProfile]) -> Iterator[FieldProfile]:
        """The fields by stage, salesperson, source, country and month, with averages of numbers from the same calls."""
        numbers = [
            field.name for field in fields if field.type in NUMBERS and field.spread is not None and not field.currency
        ]
        found = (axis(self.reader, self.domain, spec, field, numbers) for spec, field in axes(self.known))
        across = [self.in_order(crossed_axis) for crossed_axis in found if crossed_axis is not None]
        amounts = [field for field in fields if field.type == "monetary" and field.spread is not None]
        totals = self.totals([field.name for field in amounts if not field.currency])
        for field in amounts:
            if field.currency:
                within = self.within(self.known[field.name])[field.currency]
                totals |= {field.label: self.totals([field.name], within).get(field.name, 0.0)}
        pairs = [(field, by) for field in fields if field.type not in NUMBERS for by in beside(field.name, across)]
        crossings: dict[str, list[Crossing]] = {}
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for crossing, (field, _by) in zip(pool.map(lambda pair: self.crossing(*pair), pairs), pairs, strict=True):
                if crossing is not None:
                    crossings.setdefault(field.name, []).append(crossing)
        for field in fields:
            total = totals.get(field.label if field.currency else field.name)
            yield replace(
                field,
                crossings=tuple(crossings.get(field.name, ())),
                averages=tuple(by.averages[field.name] for by in across if field.name in by.averages),
                spread=field.spread and replace(field.spread, total=total),
            )

    def crossing(self, field: FieldProfile, by: Axis) -> Crossing | None:
        return cross(self.reader, self.domain, field, by, self.records)

    def totals(self, numbers: Sequence[str], within: Domain | None = None) -> dict[str, float]:
        """The sums of numbers over all records, or those ``within``. The server adds up by groups, so
        the field with the fewest is taken.
        """
        by = next((by for by in ("create_date:year", "stage_id", "type") if by.partition(":")[0] in self.known), None)
        if not numbers or by is None:
            return {}
        groups = self.reader.groups(self.model, [*self.domain, *(within or ())], [by], numbers)
        return {name: sum(group.sums[name] for group in groups) for name in numbers}

    def archived_ones(self) -> int | None:
        if self.archived or "active" not in self.known:
            return None
        return self.count([["active", "=", False]])

    def company(self) -> str:
        """The name of the work user's company; "" where the records come from a file, or it may not be read."""
        if self.reader.identity.exported:
            return ""
        try:
            users = self.reader.search_read("res.users", [["id", "=", self.reader.identity.uid]], [COMPANY])
            own = [row[COMPANY] for row in users]
            companies = self.reader.search_read("res.company", [["id", "in", own]], ["name"])
        except ServerError:
            return ""
        return next((str(row["name"]) for row in companies), "")

    @cached_property
    def stages(self) -> list[Row]:
        """The stages in the order of the pipeline."""
        if STAGE not in self.known:
            return []
        return self.reader.search_read("crm.stage", [], ["display_name", "is_won"], order="sequence, name, id")

    def in_order(self, one: Ordered) -> Ordered:
        """A field with its values, or an axis with its columns, in the order of the pipeline where they are stages."""
        if isinstance(one, FieldProfile):
            return replace(one, values=self._piped(one.values)) if one.name == STAGE else one
        return replace(one, columns=self._piped(one.columns)) if one.spec == STAGE else one

    def _piped(self, values: Sequence[Value]) -> tuple[Value, ...]:
        """Stages in their order. A file does not tell it: there what is won comes last."""
        exported = self.reader.identity.exported
        place = {row["id"]: bool(row["is_won"]) if exported else at for at, row in enumerate(self.stages)}
        return tuple(sorted(values, key=lambda value: (value.key is None, place.get(value.key, len(place)))))

    def won(self) -> tuple[str, ...]:
        """The stages of closed records."""
        return tuple(dict.fromkeys(str(row["display_name"]) for row in self.stages if row["is_won"]))

    def stale(self) -> Iterator[Stale]:
        """Open records that nobody has changed, and leads that have not moved, for a long time."""
        opened = [["stage_id.is_won", "=", False]] if STAGE in self.known else []
        number_open = self.count(opened) if opened else self.records
        for field in (self.known[name] for name in UPDATES if name in self.known):
            for days in DAYS:
                before = utc_text(self.clock.now.astimezone(UTC) - timedelta(days=days))
                number = self.count([[field.name, "<", before], *opened])
                yield Stale(field.name, field.label, days, number, number_open)

    def twice(self) -> Iterator[Duplicates]:
        """Values that only one record should have and several do: e-mail addresses and companies."""
        mails = (self.known[name] for name in E_MAILS if name in self.known and self.known[name].stored)
        if (mail := next((mail_field for mail_field in mails if self.count(filled(mail_field))), None)) is not None:
            plainly = mail.name == E_MAILS[0]
            found = (duplicates if plainly else duplicate_addresses)(self.reader, mail, self.domain)
            shown = next((self.known[name] for name in E_MAILS[1:] if name in self.known), mail)
            yield replace(found, label=shown.label)  # not "normalized", which says nothing to a client
        company = self.known.get("partner_name") if self.model == "crm.lead" else self.known.get("name")
        if company is not None:
            companies = [["is_company", "=", True]] if "is_company" in self.known else []
            yield duplicates(self.reader, company, [*self.domain, *companies])

    def tags(self) -> tuple[Tag, ...]:
        """All tags of the CRM, the most used first."""
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
