"""The records on which all CRMs must agree, value by value as they lie in the database.

A row maps fields to what is *stored*: None is NULL, which is neither ``""`` nor 0. A many2one is the key of a row of
the other model, a many-valued field a list of keys. Keys name rows here alone; each CRM has ids of its own.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from segmenter.conditions import Field
from tests.support.conditions_random import DAYS, MIDNIGHTS

LANGUAGE, TIMEZONE = "es_CL", "America/Santiago"
"""The client's: names are read in it, days begin there."""

Row = Mapping[str, Any]
Rows = Mapping[str, Mapping[str, Row]]
"""Model -> key -> row. Models in an order in which each refers to those before it, or to itself."""


@dataclass(frozen=True, slots=True)
class Called:
    """A name that is translated: what an English reader sees, and what the client does."""

    en: str
    es: str


@dataclass(frozen=True, slots=True)
class Ref:
    """The id that a row has on the CRM that is asked."""

    model: str
    key: str


PRIORITIES = (("0", "Baja"), ("1", "Media"), ("2", "Alta"), ("3", "Muy alta"))
LEVELS = (("-1", "Nunca"), ("0", "Cero"), ("2", "Dos"), ("10", "Diez"))

RELATIONS = {
    "res.country": {"state_ids": ("one2many", "res.country.state", "country_id")},
    "res.country.state": {"country_id": ("many2one", "res.country", "")},
    "res.partner.category": {
        "parent_id": ("many2one", "res.partner.category", ""),
        "child_ids": ("one2many", "res.partner.category", "parent_id"),
    },
    "crm.tag": {},
    "crm.lost.reason": {},
    "crm.stage": {},
    "res.users": {},
    "res.partner": {
        "parent_id": ("many2one", "res.partner", ""),
        "child_ids": ("one2many", "res.partner", "parent_id"),
        "commercial_partner_id": ("many2one", "res.partner", ""),
        "country_id": ("many2one", "res.country", ""),
        "state_id": ("many2one", "res.country.state", ""),
        "category_id": ("many2many", "res.partner.category", ""),
    },
    "crm.lead": {
        "country_id": ("many2one", "res.country", ""),
        "state_id": ("many2one", "res.country.state", ""),
        "stage_id": ("many2one", "crm.stage", ""),
        "user_id": ("many2one", "res.users", ""),
        "lost_reason_id": ("many2one", "crm.lost.reason", ""),
        "partner_id": ("many2one", "res.partner", ""),
        "tag_ids": ("many2many", "crm.tag", ""),
    },
}
"""Model -> field -> its type, where it leads, and for a one2many the field that leads back."""

PLAIN = {
    "res.country": {"name": "char", "code": "char", "phone_code": "integer"},
    "res.country.state": {"name": "char", "code": "char"},
    "res.partner.category": {"name": "char", "color": "integer", "active": "boolean"},
    "crm.tag": {"name": "char", "color": "integer"},
    "crm.lost.reason": {"name": "char", "active": "boolean"},
    "crm.stage": {"name": "char", "requirements": "text"},
    "res.users": {"name": "char", "login": "char", "active": "boolean"},
    "res.partner": {
        "name": "char",
        "city": "char",
        "ref": "char",
        "comment": "html",
        "color": "integer",
        "partner_latitude": "float",
        "is_company": "boolean",
        "active": "boolean",
        "create_date": "datetime",
    },
    "crm.lead": {
        "name": "char",
        "city": "char",
        "description": "html",
        "x_notes": "text",
        "x_page": "html",
        "expected_revenue": "monetary",
        "probability": "float",
        "color": "integer",
        "priority": "selection",
        "type": "selection",
        "x_level": "selection",
        "active": "boolean",
        "date_deadline": "date",
        "date_conversion": "datetime",
        "create_date": "datetime",
    },
}
SELECTIONS = {
    "priority": PRIORITIES,
    "x_level": LEVELS,
    "type": (("lead", "Lead"), ("opportunity", "Oportunidad")),
}
CUSTOM = {"x_notes": "text", "x_page": "html", "x_level": "selection"}
"""Fields of crm.lead that no Odoo has by itself: types that 14 and 19 do not both have there."""

ALIASES = {"lost_reason": "lost_reason_id"}


def field(model: str, name: str) -> Field | None:
    """A field of the population, as the language sees it."""
    name = ALIASES.get(name, name)
    if name in RELATIONS[model]:
        kind, relation, _back = RELATIONS[model][name]
        return Field(model, name, kind, name, relation)
    if name in PLAIN[model]:
        return Field(model, name, PLAIN[model][name], name, selection=SELECTIONS.get(name, ()))
    return None


def decomposed(text: str) -> str:
    """The same to the eye: accents as characters of their own (NFD)."""
    return unicodedata.normalize("NFD", text)


TEXTS = [
    *("Santiago", "santiago", "SANTIAGO", " Santiago", "Santiago ", "Ñuñoa", "ÑUÑOA", "nunoa", decomposed("Ñuñoa")),
    *("100%", "100", "a_b", "axb", "a\\b", "a\\_b", "%", "_", "\\", "\\\\", "O'Higgins", 'dicho "así"', "🌱 vivero"),
    *("dos\nlíneas", "<p>Santiago</p>", "0", "False", "null", "İzmir", "izmir", "Straße", "STRASSE", "ΟΔΟΣ", "οδος"),
]
MONEY = [0.0, 0.1, 0.30000000000000004, -1.5, 1000.0, 5_000_000.0, 10.0**12]
CHANCES = [0.0, -0.0, 0.1, 33.33, 100.0, 0.30000000000000004]
PLACES = [0.0, 0.00001, -33.45694, 90.0]
"""Degrees as the oldest version keeps them: with five decimals."""
WHOLE = [0, 1, -1, 3, 10, 2**31 - 1]
DATES = [*DAYS, "2025-12-31", "2026-01-01", "2026-12-31"]
MOMENTS = [
    *(at.strftime("%Y-%m-%d %H:%M:%S") for at in MIDNIGHTS),
    # either side of the new year in Santiago, and of midnight in UTC; a part of a second, as Odoo stamps its records
    *("2026-01-01 02:59:59", "2026-01-01 03:00:00", "2025-12-31 23:59:59", "2026-01-01 00:00:00"),
    *("2026-01-01 02:59:59.999999", "2026-11-21 02:59:59.500000", "2026-11-21 12:30:00.250000"),
]

_COUNTRIES = {
    "norte": {"name": Called("Northland", "Tierra del Norte"), "code": "XA", "phone_code": 56},
    "sur": {"name": "Ñandulandia 100%", "code": "XB", "phone_code": 0},
    "oeste": {"name": Called("O'West", 'Lejano "Oeste"'), "code": "XC", "phone_code": None},
}
_STATES = {
    "costa": {"name": "Costa_1", "code": "C1", "country_id": "norte"},
    "sierra": {"name": "Sierra Ñ", "code": "S%", "country_id": "norte"},
    "selva": {"name": "Selva", "code": "SE", "country_id": "sur"},
}
_CATEGORIES = {
    "hoteles": {"name": Called("Inns", "Hoteles"), "color": 0, "active": True},
    "playa": {"name": "Playa 100%", "color": 3, "active": True, "parent_id": "hoteles"},
    "cerradas": {"name": "Cerradas", "color": 10, "active": False, "parent_id": "hoteles"},
    "costeras": {"name": "Costeras", "color": 0, "active": True, "parent_id": "cerradas"},
    "escuelas": {"name": Called("Schools", "Escuelas"), "color": None, "active": True},
    "viejas": {"name": "Viejas", "color": 3, "active": False},
    "hijas": {"name": "Hijas de viejas", "color": 1, "active": True, "parent_id": "viejas"},
}
_TAGS = {
    "vip": {"name": "VIP 100%", "color": 0},
    "guion": {"name": "a_b", "color": 3},
    "oro": {"name": Called("Gold", "Oro"), "color": 10},
    "nandu": {"name": "Ñandú", "color": None},
    "nandu_nfd": {"name": decomposed("Ñandú"), "color": 3},
    "brote": {"name": "🌱 brote", "color": 1},
    "blanco": {"name": " con blanco", "color": 0},
}
_REASONS = {
    "caro": {"name": Called("Too dear", "Muy caro"), "active": True},
    "tarde": {"name": "Tarde", "active": False},
}
_STAGES = {
    "fresca": {"name": Called("Fresh", "Fresca"), "requirements": None},
    "tibia": {"name": "Tibia_1", "requirements": ""},
    "caliente": {"name": "Caliente", "requirements": "Firmar\n100% 'ya'"},
}
_USERS = {
    "ana": {"name": "Ana Ñ", "login": "ana@differential.example", "active": True},
    "luis": {"name": "Luis", "login": "luis_100%@differential.example", "active": False},
}
_PARTNERS = {
    "holding": {
        "name": "Holding Ñ",
        "category_id": ["hoteles"],
        "country_id": "norte",
        "city": "Santiago",
        "ref": "H%",
    },
    "sol": {"name": "Hotel Sol", "parent_id": "holding", "category_id": ["playa", "escuelas"], "state_id": "costa"},
    "noche": {"name": "Recepción", "parent_id": "sol", "country_id": "sur", "city": decomposed("Ñuñoa")},
    "cerrado": {"name": "Hotel Cerrado", "parent_id": "holding", "category_id": ["cerradas"], "active": False},
    "viejo": {"name": "Viejo", "category_id": ["viejas", "hijas"], "country_id": "oeste", "city": "", "ref": ""},
    "padre": {"name": "Padre de archivados", "city": "a_b", "comment": "", "color": 3},
    "archivado": {"name": "Hijo archivado", "parent_id": "padre", "city": "axb", "active": False, "ref": "a_b"},
    "abuelo": {"name": "Abuelo archivado", "active": False, "state_id": "selva", "category_id": ["escuelas"]},
    "nieto": {"name": "Nieto", "parent_id": "abuelo", "city": "santiago", "comment": "100%"},
    "costero": {"name": "Costero", "parent_id": "archivado", "category_id": ["costeras"]},
    "suelto": {"name": "Suelto", "category_id": [], "is_company": None, "color": None},
}


def _partner(draw: random.Random, row: Row) -> Row:
    drawn = {
        "comment": draw.choice([None, "", *TEXTS]),
        "color": draw.choice([None, *WHOLE]),
        "partner_latitude": draw.choice([None, *PLACES]),
        "is_company": draw.choice([None, False, True]),
        "create_date": draw.choice(MOMENTS),
    }
    nothing = dict.fromkeys(("city", "ref", "parent_id", "country_id", "state_id"))
    return {"active": True, "category_id": [], **nothing, **drawn, **row}


def _lead(draw: random.Random) -> Row:
    def text() -> str | None:
        return draw.choice([None, "", draw.choice(TEXTS), draw.choice(TEXTS), draw.choice(TEXTS)])

    def maybe(values: Iterable[Any]) -> Any:
        return draw.choice([None, *values])

    return {
        "name": draw.choice(TEXTS),
        **{name: text() for name in ("city", "description", "x_notes", "x_page")},
        "expected_revenue": maybe(MONEY),
        "probability": maybe(CHANCES),
        "color": maybe(WHOLE),
        "priority": maybe(key for key, _label in PRIORITIES),
        "x_level": maybe(key for key, _label in LEVELS),
        "type": draw.choice(["lead", "opportunity"]),
        "active": draw.choice([True, True, True, False, None]),
        "date_deadline": maybe(DATES),
        "date_conversion": maybe(MOMENTS),
        "create_date": draw.choice(MOMENTS),
        "country_id": maybe(_COUNTRIES),
        "state_id": maybe(_STATES),
        "stage_id": maybe(_STAGES),
        "user_id": maybe(_USERS),
        "lost_reason_id": maybe(_REASONS),
        "partner_id": maybe(_PARTNERS),
        "tag_ids": draw.sample(list(_TAGS), draw.randint(0, 3)),
    }


def population() -> Rows:
    """The records of every run: the same each time, so that what one run found the next one can look at."""
    draw = random.Random(20261122)
    return {
        "res.country": _COUNTRIES,
        "res.country.state": _STATES,
        "res.partner.category": _CATEGORIES,
        "crm.tag": _TAGS,
        "crm.lost.reason": _REASONS,
        "crm.stage": _STAGES,
        "res.users": _USERS,
        "res.partner": {key: _partner(draw, row) for key, row in _PARTNERS.items()},
        "crm.lead": {f"lead {number}": _lead(draw) for number in range(1, 61)},
    }


def with_companies(rows: Rows) -> Rows:
    """The same rows, each contact with its "commercial entity": the nearest company above it, or the top."""
    partners = rows["res.partner"]

    def company(key: str) -> str:
        parent = partners[key]["parent_id"]
        return key if partners[key]["is_company"] or not parent else company(parent)

    return {
        **rows,
        "res.partner": {key: {**row, "commercial_partner_id": company(key)} for key, row in partners.items()},
    }
