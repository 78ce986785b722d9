"""Whether what is written is noted in the chatter, whom that mails, and who follows records from then on.

Measured. Odoo notes changes of certain fields in a record's chatter. On 14 and 15 it can do so without telling
anybody; from 16 on followers who subscribed to stages, wins and losses are mailed, and only silence avoids that. So a
plan keeps the trace where nobody would be mailed, and asks otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from segmenter.behaviours.behaviour import CONTACTS, LEADS, Behaviour, Cell, Intent, Reader, Tracking, number_of
from segmenter.behaviours.settings import OUTCOME
from segmenter.behaviours.subscribers import (
    NO_FOLLOWERS,
    NOBODY,
    NOTES_MAIL_SINCE,
    Mailed,
    Mailing,
    TeamFollowers,
    followers_of_teams,
    loses_or_finds,
    subscribers,
)
from segmenter.notice import Notice
from segmenter.plans import ChangeSet, Violation

_OF_LEADS = frozenset(
    {"user_id", "team_id", "stage_id", "type", "active", "partner_id", "email_from", "phone", "contact_name"}
    | {"partner_name", "expected_revenue", "recurring_revenue", "lost_reason", "lost_reason_id"}
)
_OF_CONTACTS = frozenset({"email", "phone", "user_id"})
CONTACT_NOTES_COMPANY_SINCE = 15
"""The company and the tax number of a contact are noted too (measured on Odoo 15 to 18, 2026-11-30)."""
CONTACT_NOTES_ADDRESS_SINCE = 17
"""So are its name and address, in one line (measured on Odoo 15 to 18, 2026-11-30; field by field on 19)."""
_ADDRESS = frozenset({"name", "company_name", "street", "street2", "city", "zip", "state_id", "country_id"})


def tracked(model: str, version: int) -> frozenset[str]:
    """Fields whose change Odoo notes in the chatter. No server tells salespeople which they are (14 to 19)."""
    if model == LEADS:
        return _OF_LEADS
    if model != CONTACTS or version < CONTACT_NOTES_COMPANY_SINCE:
        return _OF_CONTACTS if model == CONTACTS else frozenset()
    more = _ADDRESS if version >= CONTACT_NOTES_ADDRESS_SINCE else frozenset()
    return _OF_CONTACTS | {"parent_id", "vat"} | more


@dataclass(frozen=True)
class Chatter(Behaviour):
    """``tracking``: what was decided. ``noted``: records with a change that Odoo notes; ``mailed``: whom that mails;
    ``asks``: the spec did not choose, and it matters. ``former_teams``: leads of which an undo mails whoever follows
    their former team. ``team_followers``: who will follow leads with the team, None where it may not be read."""

    tracking: Tracking = "silent"
    noted: int = 0
    mailed: Mailed = NOBODY
    asks: bool = False
    former_teams: int = 0
    team_followers: TeamFollowers | None = NO_FOLLOWERS

    MODELS: ClassVar = frozenset({LEADS, CONTACTS})

    @classmethod
    def learn(cls, intent: Intent, reader: Reader) -> Self:
        """Until it was looked who would be mailed, silence is safe."""
        return cls(intent, intent.tracking or "silent")

    def watches(self) -> Collection[str]:
        """Whether a lead is archived: then a probability loses it, or finds it."""
        decides = not {"stage_id", "probability"}.isdisjoint(self.intent.written)
        return ("active",) if self.intent.of_leads and decides else ()

    def look(self, cells: Sequence[Cell], reader: Reader) -> Self:
        """The spec's choice, or: keep where that mails nobody, else ask. Nobody is looked up where it cannot matter."""
        mailing, chosen = self._mailing(cells), self.intent.tracking
        looked = replace(self, noted=self._noted(cells), former_teams=mailing.former_teams)
        if looked.noted and chosen != "silent":
            mailed = subscribers(mailing, reader)
            keeps = chosen == "keep" or mailed.nobody
            tracking: Tracking = "keep" if keeps else "silent"
            looked = replace(looked, tracking=tracking, mailed=mailed, asks=not keeps)
        teams = _teams(cells) if looked.tracking == "keep" and self.intent.of_leads else Counter()
        return replace(looked, team_followers=followers_of_teams(teams, reader)) if teams else looked

    def notices(self, cells: Sequence[Cell], tracking: Tracking) -> Iterator[Notice]:
        if tracking == "keep":
            yield from self._mails()
            if self.noted:
                yield Notice("chatter.noted", {"number": self.noted})
            yield from self._followers(cells)
        elif self.noted and not self.asks:
            yield Notice("chatter.not_noted", {"number": self.noted})

    def refusals(self, cells: Sequence[Cell]) -> Iterator[Violation]:
        """The question to the consultant, as something that stands against the plan."""
        if self.asks:
            what = "chatter.would_mail" if self.mailed.known else "chatter.would_mail_unknown"
            yield Violation("tracking", max(self.mailed.records, 1), 0, self.mailed.notice(what))

    def _mails(self) -> Iterator[Notice]:
        """Nobody is, where nobody chose it: an undo that would mail somebody is silent (`execution.silence`)."""
        if not self.mailed.known:
            yield Notice("chatter.mails_unknown")
        elif self.mailed.people:
            yield self.mailed.notice("chatter.mails")
            yield Notice("chatter.undo_mails_again", {"number": self.mailed.records})
        chosen = self.intent.tracking is not None
        if self.former_teams and chosen and self.intent.version >= NOTES_MAIL_SINCE:
            yield Notice("chatter.undo_mails_former_team", {"number": self.former_teams})

    def _followers(self, cells: Sequence[Cell]) -> Iterator[Notice]:
        """Nobody becomes a follower in silence. An undo does not end what it did not begin by a field."""
        if given := _changing(cells, "user_id", lambda change: change.after):
            yield Notice("chatter.salesperson_follows", {"number": given})
        if self.team_followers is None:
            yield Notice("chatter.team_followers_unknown")
        elif self.team_followers.names:
            counts = {"number": self.team_followers.records}
            yield Notice("chatter.team_followers", counts, {"people": self.team_followers.names})
        if former := _changing(cells, "user_id", lambda change: change.before):
            yield Notice("chatter.former_salesperson_follows", {"number": former})
        if self.intent.of_leads and (former := _changing(cells, "team_id", lambda change: change.before)):
            yield Notice("chatter.former_team_follows", {"number": former})

    def _noted(self, cells: Sequence[Cell]) -> int:
        noted, of_leads = tracked(self.intent.model, self.intent.version), self.intent.of_leads
        return number_of(
            cell
            for cell in cells
            if not cell.changed.keys().isdisjoint(noted)
            or (of_leads and loses_or_finds(cell.changed, archived=self._is_archived(cell)))
        )

    def _mailing(self, cells: Sequence[Cell]) -> Mailing:
        mailing = Mailing()
        for cell in cells if self.intent.of_leads else ():
            mailing.add(cell.records, cell.written, archived=self._is_archived(cell))
        return mailing

    def _is_archived(self, cell: Cell) -> bool:
        """Only where it has an outcome is an archived lead lost by its probability."""
        return OUTCOME in self.intent.fields and not cell.row.get("active", True)


def _teams(cells: Sequence[Cell]) -> Counter[int]:
    """Team -> the leads that it is written on."""
    teams = Counter[int]()
    for cell in cells:
        team = cell.written.get("team_id")
        if team and team.after:
            teams[team.after] += len(cell.records)
    return teams


def _changing(cells: Sequence[Cell], name: str, counts: Callable[[ChangeSet], object]) -> int:
    """The records of which such a change is made of a field."""
    return number_of(cell for cell in cells if (change := cell.changed.get(name)) and counts(change))
