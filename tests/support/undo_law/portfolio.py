"""A CRM with leads and contacts that people worked on, and every stored field of all it holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.engagement import Crm, Engagement, Live

WATCHED = ("crm.lead", "res.partner", "crm.tag", "res.partner.category", "crm.stage")
FOLLOWED = ("crm.lead", "res.partner")
FOLLOWERS, AUTOMATIC = "followers", "probability is automatic"
"""What is looked at besides the stored fields: who follows a record, and whether Odoo keeps a lead's probability."""
MARKED = {"crm.lead": "referred", "res.partner": "ref"}
DATES, LONG_AGO = ("date_open", "date_closed", "date_last_stage_update"), "2026-01-05 12:00:00"
OVERWRITTEN = (
    *("email_from", "phone", "mobile", "contact_name", "partner_name", "function", "website", "title", "lang_id"),
    *("street", "street2", "city", "zip", "state_id", "country_id"),
)
"""What a new contact brings along on a lead."""
CHANCE = ("probability",)
LEFT = (
    ("res.partner", ("email", "phone", "street", "zip")),
    ("crm.lead", OVERWRITTEN),
    ("crm.lead", CHANCE),
    ("crm.lead", DATES),
)
"""What an undo may leave otherwise. In this order: a contact hands on to its leads, and a probability moves a date."""
OF_THE_WRITE = {"write_date", "write_uid", "__last_update"}
"""What tells that a record was written, and nothing of what it holds."""
COUNTED = {"day_open", "day_close"}
"""Days between the lead's own dates."""
OWN_NOTE = "automated_probability"
"""What Odoo's lead scoring would say, kept for every lead, also for those whose probability it does not set."""

CITIES = ("Santiago", "Lima", "Ñuñoa", False)
HAND = ("VIP", "Riego", "Mayorista")
KINDS = ("Proveedor", "Prensa", "Cliente / Oro", "viejo")
LOST_REASON = "lost_reason_id"
"""As Odoo 16 and newer call it: see `reason_field`."""
REASONS = ("Precio", "Sin respuesta")
LEVEL, VISITS = "x_ley_nivel", "x_ley_visitas"
LEVELS = ("Alto", "Bajo")
BRANCH_TEAM, MAIN_TEAM, ANYBODYS_TEAM = "Ventas Sucursal", "Ventas Casa Matriz", "Ventas de Todos"
"""Teams of either company of the client's, and of none."""
CENTRAL = "central@ley.example"

Row = dict[str, Any]
State = dict[str, dict[int, Row]]
"""Model -> record -> every stored field."""


class LiveOfTheLaw(Live):
    """A database that holds nothing but the law's records, since all of it is compared."""

    purpose = "undo_law"


@dataclass
class Portfolio:
    """A CRM with 44 leads and 30 contacts. ``models``: the fields that are looked at; ``own``: its leads and contacts
    as they are first, save that all dates are of a day long ago.

    ``last``: the state after the last spec; ``broken``: what came of a spec that was left half done on it.
    """

    e: Engagement
    models: Mapping[str, list[str]]
    own: dict[str, dict[int, Row]]
    last: State | None = None
    broken: str = ""

    @property
    def live(self) -> bool:
        return isinstance(self.e.crm, Live)

    def state(self) -> State:
        found: State = {}
        for model, names in self.models.items():
            rows = self.e.crm.find(model, [], names)
            found[model] = {
                row["id"]: {
                    name: sorted(cell, key=str) if isinstance(cell, list) else cell for name, cell in row.items()
                }
                for row in rows
            }
        for row in found["crm.lead"].values():
            # Compared as Odoo does, by two decimals; of an archived lead it keeps no probability.
            row[AUTOMATIC] = row["active"] and abs(row["probability"] - row[OWN_NOTE]) < 0.005
        for model in FOLLOWED:
            followers: dict[int, list[int]] = {}
            wanted = ["res_id", "partner_id"]
            for row in self.e.crm.find("mail.followers", [["res_model", "=", model]], wanted):
                followers.setdefault(row["res_id"], []).append(row["partner_id"])
            for record, row in found[model].items():
                row[FOLLOWERS] = sorted(followers.get(record, []))
        return found

    def rested(self) -> State:
        """The state once nobody follows a record, and each holds again what it held first."""
        now = self.last or self.state()
        followers = self.e.crm.ids("mail.followers", [["res_model", "in", list(FOLLOWED)]])
        if followers:
            self.e.crm.call("mail.followers", "unlink", followers)
            now = self.state()
        for model, names in LEFT:
            rows = {record: _some(row, names) for record, row in self.own[model].items()}
            if names == CHANCE:
                rows = {record: self._chance(record, now) for record in rows}
            writes = list(_alike(rows, now[model]))
            for values, records in writes:
                self.e.crm.write(model, records, **values)
            now = self.state() if writes else now
        return now

    def _chance(self, record: int, now: State) -> Row:
        """The probability of a lead: its own, or what Odoo says now where it was Odoo's."""
        first, row = self.own["crm.lead"][record], now["crm.lead"][record]
        if first[AUTOMATIC]:
            return {} if row[AUTOMATIC] else {"probability": row[OWN_NOTE]}
        return _some(first, CHANCE)


def _in_order(cell: Any) -> Any:
    """Links are a set, and so are properties."""
    return sorted(cell, key=str) if isinstance(cell, list) else cell


def _some(row: Row, names: Collection[str]) -> Row:
    return {name: row[name] for name in names if name in row}


def _alike(rows: Mapping[int, Row], now: Mapping[int, Row]) -> Iterator[tuple[Row, list[int]]]:
    """What must be written on which records, so that they hold what is in ``rows``."""
    found: dict[tuple[tuple[str, Any], ...], list[int]] = {}
    for record, row in rows.items():
        if differing := tuple((name, value) for name, value in row.items() if now[record][name] != value):
            found.setdefault(differing, []).append(record)
    return ((dict(values), records) for values, records in found.items())


def portfolio_of(e: Engagement) -> Portfolio:
    """What an engagement's CRM holds now is what each spec will find."""
    crm, mark = e.crm, e.mark
    portfolio = Portfolio(e, {model: _stored(crm, model) for model in WATCHED}, {})
    first = portfolio.state()
    for model, name in MARKED.items():
        rows = {record: row for record, row in first[model].items() if row[name] == mark}
        portfolio.own[model] = {record: {**row, **_long_ago(row)} for record, row in rows.items()}
    return portfolio


def _long_ago(row: Row) -> Row:
    return {name: row[name] and LONG_AGO for name in DATES if name in row}


def reason_field(crm: Crm) -> str:
    """What this version calls the reason why a lead was lost."""
    return LOST_REASON if LOST_REASON in _described(crm, "crm.lead") else "lost_reason"


def _described(crm: Crm, model: str) -> dict[str, Any]:
    found: dict[str, Any] = crm.call(model, "fields_get", [], ["type", "store"])
    return found


def _stored(crm: Crm, model: str) -> list[str]:
    """Every field that the database keeps, pictures aside; some relations are seen from their other side."""
    about = _described(crm, model)
    left_out = {name for name, is_ in about.items() if is_["type"] in ("one2many", "binary")}
    left_out |= OF_THE_WRITE | COUNTED
    left_out |= {"partner_ids"} if model == "res.partner.category" else set()
    return sorted(name for name, is_ in about.items() if is_.get("store", True) and name not in left_out)
