"""The chatter as Odoo 19 keeps it: who follows a record, what is noted of its changes, and who is told of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from segmenter.embedded.tables import Row, Tables

FOLLOWERS, MESSAGES, SUBTYPES, TOLD = "mail.followers", "mail.message", "mail.message.subtype", "mail.notification"
TRACKED = {
    "crm.lead": (
        *("user_id", "team_id", "stage_id", "type", "active", "partner_id", "email_from", "phone", "contact_name"),
        *("partner_name", "expected_revenue", "won_status", "lost_reason_id"),
    ),
    "res.partner": (
        *("name", "email", "phone", "user_id", "parent_id", "vat"),
        *("company_name", "street", "street2", "city", "zip", "state_id", "country_id"),
    ),
    "crm.team": ("name", "user_id"),
}
"""Models with a chatter, and the fields whose changes are noted there."""

_OF_LEADS = ("Opportunity Created", "Stage Changed", "Opportunity Won", "Opportunity Lost", "Opportunity Restored")
_OF_TEAMS = (
    *("Opportunity Created", "Opportunity Stage Changed", "Opportunity Won", "Opportunity Lost"),
    "Opportunity Restored",
)


def furnish(tables: Tables) -> None:
    """Fill in the subtypes that every new database has. A team's lead to those of its leads."""
    if SUBTYPES not in tables.models or tables.rows[SUBTYPES]:
        return
    general = {"res_model": None, "default": False, "hidden": False}
    for name, usual in (("Discussions", True), ("Note", False), ("Activities", False)):
        tables.add(SUBTYPES, name=name, **{**general, "internal": not usual, "default": usual})
    of_leads = [
        tables.add(SUBTYPES, name=name, res_model="crm.lead", default=False, hidden=name == _OF_LEADS[0])
        for name in _OF_LEADS
    ]
    for name, parent in zip(_OF_TEAMS, of_leads, strict=True):
        usual = name not in _OF_TEAMS[3:]
        more = {"default": usual, "hidden": False, "parent_id": parent, "relation_field": "team_id"}
        tables.add(SUBTYPES, name=name, res_model="crm.team", **more)


@dataclass(frozen=True)
class Chatter:
    """What one call does to the chatter of one model's records, by the user ``uid`` in a context."""

    tables: Tables
    model: str
    uid: int
    context: Mapping[str, Any]

    @property
    def on(self) -> bool:
        return self.model in TRACKED and FOLLOWERS in self.tables.models and not self.context.get("tracking_disable")

    def created(self, record: int) -> None:
        """Whoever makes a record follows it, and so do its salesperson and the followers of its team."""
        if not self.on:
            return
        if not self.context.get("mail_create_nosubscribe"):
            self._follow(record, self._me, self._usual())
        row = self.tables.rows[self.model][record]
        self._subscribe(record, {name: row.get(name) for name in ("user_id", "team_id")})

    def written(self, old: Mapping[int, Row], values: Mapping[str, Any]) -> None:
        """After a write of ``values`` on the records of ``old``, which holds them as they were: first who follows from
        now on, then what is noted, so that a new follower may be told of it."""
        if not self.on:
            return
        for record in old:
            self._subscribe(record, values)
        if self.context.get("mail_notrack"):
            return
        for record, before in old.items():
            now = self.tables.rows[self.model][record]
            changed = {name for name in TRACKED[self.model] if before.get(name) != now.get(name)}
            if changed:
                kind = self._kind(changed, now)
                message = self._message(record, "notification", kind or self._named("Note"))
                self._tell(message, self._subscribers(record, kind) if kind else ())

    @property
    def _me(self) -> int | None:
        """The contact that stands for the user; a small CRM may have users without one."""
        found: int | None = self.tables.cell("res.users", self.uid, "partner_id")
        return found

    def _named(self, name: str, model: str | None = None) -> int:
        rows = self.tables.rows[SUBTYPES].items()
        return next(id for id, row in rows if (row["name"], row.get("res_model")) == (name, model))

    def _usual(self) -> set[int]:
        """What a new follower is told of."""
        rows = self.tables.rows[SUBTYPES].items()
        return {id for id, row in rows if row.get("default") and row.get("res_model") in (None, self.model)}

    def _subscribe(self, record: int, values: Mapping[str, Any]) -> None:
        user = values.get("user_id")
        if user and self.tables.cell("res.users", user, "active"):
            partner = self.tables.cell("res.users", user, "partner_id")
            self._follow(record, partner, self._usual())
            if user != self.uid and not self.context.get("mail_auto_subscribe_no_notify"):
                self._tell(self._message(record, "user_notification", self._named("Note")), [partner])
        if self.model == "crm.lead" and values.get("team_id"):
            for row in self._followings("crm.team", values["team_id"]):
                cell = self.tables.cell
                above = {cell(SUBTYPES, subtype, "parent_id") for subtype in row.get("subtype_ids") or ()} - {None}
                if above:
                    self._follow(record, row["partner_id"], above)

    def _followings(self, model: str, record: int) -> list[Row]:
        rows = self.tables.rows[FOLLOWERS].values()
        return [row for row in rows if (row["res_model"], row["res_id"]) == (model, record)]

    def _follow(self, record: int, partner: int | None, subtypes: Iterable[int]) -> None:
        """Once: who follows already keeps the subscription they have."""
        if partner and all(row["partner_id"] != partner for row in self._followings(self.model, record)):
            cells = {"res_model": self.model, "res_id": record, "partner_id": partner}
            self.tables.add(FOLLOWERS, **cells, subtype_ids=tuple(sorted(subtypes)))

    def _kind(self, changed: set[str], now: Row) -> int | None:
        """The subtype of a lead's change, as `crm.lead._track_subtype` has it; None for what is just noted."""
        if self.model != "crm.lead":
            return None
        status = now.get("won_status")
        if "stage_id" in changed and status == "won":
            return self._named("Opportunity Won", self.model)
        if "lost_reason_id" in changed and now.get("lost_reason_id"):
            return self._named("Opportunity Lost", self.model)
        if "stage_id" in changed:
            return self._named("Stage Changed", self.model)
        if "won_status" in changed:
            return self._named("Opportunity Lost" if status == "lost" else "Opportunity Restored", self.model)
        return None

    def _subscribers(self, record: int, kind: int) -> list[int]:
        rows = self._followings(self.model, record)
        return [
            row["partner_id"]
            for row in rows
            if kind in (row.get("subtype_ids") or ()) and row["partner_id"] != self._me
        ]

    def _message(self, record: int, kind: str, subtype: int) -> int:
        # A notification to a person alone stands at no record.
        at = {"model": self.model, "res_id": record} if kind == "notification" else {}
        return self.tables.add(MESSAGES, message_type=kind, subtype_id=subtype, author_id=self._me, **at)

    def _tell(self, message: int, partners: Iterable[int]) -> None:
        for partner in partners:
            self.tables.add(TOLD, mail_message_id=message, res_partner_id=partner)
