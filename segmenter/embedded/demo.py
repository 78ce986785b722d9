"""The demo's CRM: a nursery's 600 invented prospects in Chile, Peru and Spain; the same each time but for the dates."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any, TypeVar

from segmenter.embedded.demo_setup import MEDIUMS, REASONS, SOURCES, TAGS, WORK_USER, Ids, configuration, settle
from segmenter.embedded.demo_words import (
    BUSINESSES,
    COUNTRIES,
    FIRST_NAMES,
    JOBS,
    LAST_NAMES,
    NAMES,
    PROJECTS,
    Country,
    Place,
)
from segmenter.embedded.effects import automated_probability
from segmenter.embedded.server import EmbeddedServer
from segmenter.embedded.tables import Tables

T = TypeVar("T")

DATABASE = "viveros"
PROSPECTS = 600

_OPEN = {"active": True, "type": "opportunity", "lost_reason_id": None, "date_closed": None}
_SOL = {"expected_revenue": 9_000_000.0, "source_id": ("utm.source", "Referido")}
SPECIAL: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("Hotel Sol", "Hotel Sol", "Nuevo", _SOL),
    ("Ampliación Constructora Andes", "Constructora Andes", "Calificado", {"expected_revenue": 3_200_000.0}),
    ("[NO TOCAR] Convenio Parque Las Palmas", "Parque Las Palmas", "Propuesta", {"expected_revenue": 18_500_000.0}),
    ("Licitación Colegio Los Olmos [NO TOCAR]", "Colegio Los Olmos", "Nuevo", {}),
)
"""Prospects in Chile that the demo's spec names: name, company, stage, cells; a pair is the id of what is called so."""

_COUNTRIES = tuple(country for country in COUNTRIES for _ in range(country.weight))
_PLACES = {country.name: tuple(place for place in country.places for _ in range(place.weight)) for country in COUNTRIES}


class _Dice:
    """Chance that is the same under every version of Python: only ``random()`` itself is promised to stay."""

    def __init__(self, seed: int) -> None:
        self._next = random.Random(seed).random  # noqa: S311 - no secret depends on it

    def chance(self, share: float) -> bool:
        return self._next() < share

    def between(self, least: int, most: int) -> int:
        return least + int(self._next() * (most - least + 1))

    def one(self, things: Sequence[T]) -> T:
        return things[int(self._next() * len(things))]

    def weighted(self, things: Mapping[str, int]) -> str:
        left = self._next() * sum(things.values())
        return next(thing for thing, until in zip(things, accumulate(things.values()), strict=True) if left < until)

    def digits(self, pattern: str) -> str:
        return "".join(str(self.between(0, 9)) if c == "#" else c for c in pattern)


def demo_server(today: date | None = None) -> EmbeddedServer:
    """The demo's CRM as the work user meets it. Everything but the dates is the same each time.

    ``today``: the day (UTC) on which the youngest prospects came in; the real one when None.
    """
    day = today or datetime.now(UTC).date()
    tables = Tables()
    with tables.transaction():
        ids = configuration(tables)
        _Prospects(tables, ids, day).fill()
    uid = ids["user", WORK_USER]
    return EmbeddedServer(tables, uid=uid, login=WORK_USER, url="embedded:", database=DATABASE)


class _Prospects:
    """Makes the companies and their leads, one after the other, from one throw of the dice."""

    def __init__(self, tables: Tables, ids: Ids, day: date) -> None:
        self.tables, self.ids, self.day, self.dice = tables, ids, day, _Dice(2026)
        self._used: set[str] = set()

    def fill(self) -> None:
        """The special ones first, then the crowd."""
        for name, company, stage, cells in SPECIAL:
            self._lead(COUNTRIES[0], company, {**_OPEN, **cells, "name": name, "stage_id": ("stage", stage)})
        while len(self.tables.rows["crm.lead"]) < PROSPECTS:
            self._lead(self.dice.one(_COUNTRIES), self._company(), {})

    def _lead(self, country: Country, company: str, special: Mapping[str, Any]) -> None:
        dice, ids = self.dice, self.ids
        contact = self._contact(company, country, dice.one(_PLACES[country.name]))
        born = self._moment(547)
        row: dict[str, Any] = {
            "name": f"{dice.one(PROJECTS)} {company}",
            "active": True,
            "type": "opportunity" if dice.chance(0.8) else "lead",
            "priority": dice.weighted({"0": 70, "1": 15, "2": 10, "3": 5}),
            "expected_revenue": self._revenue(),
            "source_id": None if dice.chance(0.08) else ids["utm.source", dice.weighted(SOURCES)],
            "medium_id": None if dice.chance(0.15) else ids["utm.medium", dice.weighted(MEDIUMS)],
            "campaign_id": ids["campaign", "Primavera 2026"] if dice.chance(0.1) else None,
            "tag_ids": self._tags(),
            "create_date": born,
            "write_date": born,
            "color": 0,
            **contact,
        }
        row |= self._progress(row, country)
        row |= {name: ids[value] if isinstance(value, tuple) else value for name, value in special.items()}
        if special:
            row["probability"] = automated_probability(self.tables, row["stage_id"])
        if row["user_id"] is None:
            row["date_open"] = None
        record = self.tables.add("crm.lead", **row)
        settle(self.tables, "crm.lead", record)

    def _company(self) -> str:
        """A company that the demo has not used yet."""
        while (name := f"{self.dice.one(BUSINESSES)} {self.dice.one(NAMES)}") in self._used:
            pass
        self._used.add(name)
        return name

    def _contact(self, company: str, country: Country, place: Place) -> dict[str, Any]:
        """Address and person; every third company is already a contact of the CRM."""
        dice, ids = self.dice, self.ids
        person = f"{dice.one(FIRST_NAMES)} {dice.one(LAST_NAMES)} {dice.one(LAST_NAMES)}"
        host = f"{_plain(company)}.example"
        address = {
            "street": f"{country.street} {dice.one(LAST_NAMES)} {dice.between(10, 2400)}",
            "city": place.city,
            "state_id": ids["state", place.region],
            "country_id": ids["country", country.name],
            "phone": None if dice.chance(0.12) else dice.digits(country.phone),
        }
        email = None if dice.chance(0.1) else f"{_plain(person.split()[0])}@{host}"
        partner = None
        if dice.chance(0.33):
            cells = {
                "is_company": True,
                "active": True,
                "type": "contact",
                "website": f"https://{host}",
                "email": email,
            }
            category = (ids["category", "Cliente actual"],) if dice.chance(0.3) else ()
            born = {"create_date": self._moment(900), "category_id": category}
            partner = self.tables.add("res.partner", name=company, **cells, **address, **born)
            settle(self.tables, "res.partner", partner)
        job = dice.one(JOBS)
        return {**address, "partner_id": partner, "partner_name": company, "contact_name": person} | {
            "function": job if dice.chance(0.6) else None,
            "email_from": email,
            "website": f"https://{host}" if dice.chance(0.5) else None,
        }

    def _revenue(self) -> float:
        """CLP, a quarter of them not estimated yet; many small ones, few large ones."""
        size, unknown = self.dice.between(1, 1000) / 1000, self.dice.chance(0.25)
        return 0.0 if unknown else round(150_000 + size**3 * 39_850_000, -4)

    def _tags(self) -> tuple[int, ...]:
        """Tags that people gave by hand: most have none, some have two."""
        wanted = self.dice.between(0, 9)
        first, second = self.dice.one(tuple(TAGS)), self.dice.one(tuple(TAGS))
        names = {first, second} if wanted == 9 else {first} if wanted >= 6 else set()
        return tuple(sorted(self.ids["tag", name] for name in names))

    def _progress(self, row: Mapping[str, Any], country: Country) -> dict[str, Any]:
        """Who works on it and how far it has come."""
        dice, ids, born = self.dice, self.ids, row["create_date"]
        seller = "carmen" if country.code == "ES" else "ana" if dice.chance(0.55) else "luis"
        team = ids["team", "Ventas Europa" if country.code == "ES" else "Ventas Cono Sur"]
        stage = dice.weighted({"Nuevo": 36, "Calificado": 30, "Propuesta": 22, "Ganado": 12})
        stage = "Nuevo" if row["type"] == "lead" else stage
        since = self._after(born, 60)
        found = {
            "user_id": None if dice.chance(0.02) else ids["user", f"{seller}@viveros.example"],
            "team_id": team,
            "stage_id": ids["stage", stage],
            "date_open": self._after(born, 5),
            "date_last_stage_update": born if stage == "Nuevo" else since,
            "probability": automated_probability(self.tables, ids["stage", stage]),
        }
        if row["type"] == "opportunity":
            found |= {
                "date_deadline": self._after(born, 240, ahead=True)[:10],
                "date_conversion": self._after(born, 15),
            }
        if stage == "Ganado":
            found |= {"date_closed": since}
        elif dice.chance(0.035):
            reason = ids["crm.lost.reason", dice.one(REASONS)]
            found |= {"active": False, "probability": 0.0, "lost_reason_id": reason, "date_closed": since}
        elif dice.chance(0.1):
            found |= {"probability": float(5 * dice.between(1, 18))}
        return found

    def _moment(self, days: int) -> str:
        """Some working hour of the last ``days`` days, before today."""
        back, minutes = self.dice.between(1, days), self.dice.between(12 * 60, 22 * 60)
        moment = datetime.combine(self.day, datetime.min.time()) + timedelta(days=-back, minutes=minutes)
        return moment.isoformat(" ")

    def _after(self, since: str, days: int, *, ahead: bool = False) -> str:
        """Up to ``days`` later; not later than yesterday unless ``ahead``."""
        moment = datetime.fromisoformat(since) + timedelta(days=self.dice.between(0, days))
        last = datetime.combine(self.day, datetime.min.time()) - timedelta(hours=1)
        return (moment if ahead else min(moment, max(last, datetime.fromisoformat(since)))).strftime(
            "%Y-%m-%d %H:%M:%S"
        )


def _plain(name: str) -> str:
    """As a host name or mailbox: small letters without accents."""
    flat = unicodedata.normalize("NFD", name.lower())
    return "".join(c for c in flat if c.isascii() and c.isalnum())
