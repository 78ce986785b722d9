"""Whom Odoo mails about changes that it notes in the chatter: followers who subscribed to stages, wins and losses.

Measured. On 14 and 15 Odoo can note changes without telling anybody; from 16 on those followers are mailed, and only
silence avoids that. Any work user may read who follows a lead, and what they subscribed to. A plan asks it, and a run
again when it begins: so this looks at changes alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from segmenter.behaviours.behaviour import Reader
from segmenter.behaviours.settings import CERTAIN, OUTCOME
from segmenter.errors import AccessDenied, Refused
from segmenter.notice import Notice
from segmenter.odoo.questions import chunks
from segmenter.plans import Change, ChangeSet, Json
from segmenter.record_set import RecordSet, union

NOTES_MAIL_SINCE = 16
"""Subscribers are mailed of what is tracked; before, a key of the context makes it a note that mails nobody (measured
on Odoo 15 to 18, 2026-11-30; on 14 and 19 by the live tests)."""

MOVING = frozenset({"stage_id", "active"})
"""Fields of a lead whose change can be a win, a loss, or a step on the way, of which subscribers are mailed."""
REASONS = frozenset({"lost_reason", "lost_reason_id"})
"""The same, where a reason is given; taking it away is a note."""
CAN_MAIL = MOVING | REASONS | {"probability"}
MOST_NAMES = 3

Changes = Mapping[str, Change | ChangeSet]
"""Field -> its change."""


def loses_or_finds(changed: Changes, *, archived: bool) -> bool:
    """Whether a probability makes a lead a lost one, or takes that from it. ``archived``: it is, on
    a version with an `OUTCOME`: a lead in use is not lost by 0 on any version, and nothing is noted of a probability on
    the others."""
    chance = changed.get("probability")
    return archived and chance is not None and bool(chance.before) != bool(chance.after)


@dataclass
class Mailing:
    """Leads with a change that can be mailed. ``leads``: by the team and the new salesperson that are written along, 0
    for none. ``archived``: those that are archived, or come back, and nothing else that could mail. ``former_teams``:
    how many of them come from another team, which an undo writes."""

    leads: dict[tuple[int, int], RecordSet] = field(default_factory=dict)
    archived: RecordSet = field(default_factory=RecordSet)
    former_teams: int = 0

    def add(self, records: Iterable[int], written: Changes, *, archived: bool) -> None:
        """Leads to which the same happens, pins among it: what is written mails as what is changed does."""
        changed = {name: change for name, change in written.items() if not change.pin}
        moves = not MOVING.isdisjoint(changed) or any(changed[name].after for name in REASONS & changed.keys())
        if not (moves or loses_or_finds(changed, archived=archived)):
            return
        if changed.keys() & CAN_MAIL == {"active"}:
            self.archived.update(records)
        team, person = written.get("team_id"), changed.get("user_id")
        key = (team.after or 0 if team else 0, person.after or 0 if person else 0)
        leads = self.leads.setdefault(key, RecordSet())
        before = len(leads)
        leads.update(records)
        if team and not team.pin and team.before:
            self.former_teams += len(leads) - before

    def without(self, noted: RecordSet) -> Mailing:
        """The same without leads of which nobody is mailed."""
        return Mailing({key: records - noted for key, records in self.leads.items()}, former_teams=self.former_teams)

    def by_team(self) -> dict[int, RecordSet]:
        """Team -> the leads that it is written on."""
        return _by(0, self.leads)

    def by_person(self) -> dict[int, RecordSet]:
        """New salesperson -> the leads that they get."""
        return _by(1, self.leads)


def _by(position: int, leads: Mapping[tuple[int, int], RecordSet]) -> dict[int, RecordSet]:
    by: dict[int, RecordSet] = {}
    for key, records in leads.items():
        if value := key[position]:
            by[value] = by.get(value, RecordSet()) | records
    return by


@dataclass(frozen=True, slots=True)
class Mailed:
    """Whom Odoo would mail. ``records``: about how many; ``people``: how many persons; ``names``: the first of them.

    ``known`` is False where the work user may not read who follows.
    """

    records: int = 0
    people: int = 0
    names: tuple[str, ...] = ()
    known: bool = True

    @property
    def nobody(self) -> bool:
        return self.known and not self.people

    def notice(self, what: str) -> Notice:
        """Of the kind ``what``."""
        return Notice(what, {"number": self.records, "people": self.people}, {"people": self.names})


NOBODY = Mailed()


def subscribers(mailing: Mailing, reader: Reader) -> Mailed:
    """Who follows these leads, or will with the team or salesperson that is written, and subscribed to what happens.

    A question per chunk of the leads, none where the version mails nobody. The author of a change is never told of it.
    """
    if not mailing.leads or reader.version < NOTES_MAIL_SINCE:
        return NOBODY
    mailing = mailing.without(_noted_alone(mailing.archived, reader))
    leads = union(mailing.leads.values())
    if not leads:
        return NOBODY
    try:
        mailed = _mailed(leads, mailing, reader)
    except (AccessDenied, Refused):
        return Mailed(len(leads), known=False)
    first = sorted(mailed, key=lambda partner: -len(mailed[partner]))[:MOST_NAMES]
    names = reader.names("res.partner", first) if first else {}
    called = tuple(names.get(partner, str(partner)) for partner in first)
    return Mailed(len(union(mailed.values())), len(mailed), called)


def _noted_alone(archived: RecordSet, reader: Reader) -> RecordSet:
    """The leads that the archive neither loses nor finds, nor wins: on a version with an `OUTCOME`, those that have
    some chance, and no certain one (measured on 19)."""
    if not archived or OUTCOME not in reader.fields("crm.lead"):
        return RecordSet()
    chance = [("probability", ">", 0), ("probability", "<", CERTAIN)]
    portions = chunks(list(archived))
    return union(RecordSet(reader.search("crm.lead", [("id", "in", ids), *chance], archived=True)) for ids in portions)


def _mailed(leads: RecordSet, mailing: Mailing, reader: Reader) -> dict[int, RecordSet]:
    """Contact who is mailed -> the leads that it is about."""
    kinds = reader.search_read(
        "mail.message.subtype", [("res_model", "=", "crm.lead"), ("hidden", "=", False)], ["default"]
    )
    ids = [row["id"] for row in kinds]
    (me,) = _partners([reader.uid], reader).values()
    mailed: dict[int, RecordSet] = {}
    for row in followers(reader, "crm.lead", list(leads), ("subtype_ids", "in", ids), me):
        mailed.setdefault(row["partner_id"], RecordSet()).add(row["res_id"])
    # Whoever follows the team follows each lead that it is written on, with what they subscribed to there.
    teams = mailing.by_team()
    for row in followers(reader, "crm.team", list(teams), ("subtype_ids.parent_id", "in", ids), me):
        mailed.setdefault(row["partner_id"], RecordSet()).update(teams[row["res_id"]])
    people = mailing.by_person()
    if people and any(row["default"] for row in kinds):
        # So does a new salesperson, with what this client made the subscription of every new follower.
        for user, partner in _partners(people, reader).items():
            if partner != me:
                mailed.setdefault(partner, RecordSet()).update(people[user])
    return mailed


def _partners(users: Iterable[int], reader: Reader) -> dict[int, int]:
    """User -> the contact that follows and is mailed in their name."""
    rows = reader.search_read("res.users", [("id", "in", list(users))], ["partner_id"], archived=True)
    return {row["id"]: row["partner_id"] for row in rows}


@dataclass(frozen=True, slots=True)
class TeamFollowers:
    """Who follows a team that is written, and on how many records at most that makes them followers."""

    names: tuple[str, ...] = ()
    records: int = 0


NO_FOLLOWERS = TeamFollowers()


def followers_of_teams(teams: Counter[int], reader: Reader) -> TeamFollowers | None:
    """``teams``: team -> records that it is written on. None where it may not be read who follows it."""
    try:
        rows = followers(reader, "crm.team", list(teams), ("subtype_ids.parent_id", "!=", False))
        people = list(dict.fromkeys(row["partner_id"] for row in rows))
        names = reader.names("res.partner", people) if people else {}
    except (AccessDenied, Refused):
        return None
    called = tuple(names.get(partner, str(partner)) for partner in people)
    return TeamFollowers(called, sum(teams[team] for team in {row["res_id"] for row in rows}))


def followers(
    reader: Reader, model: str, ids: Sequence[int], subscribed: tuple[str, str, object], me: int = 0
) -> list[dict[str, Json]]:
    """Who follows these records, ``me`` aside, with such a subscription: rows of ``res_id`` and ``partner_id``."""
    rows: list[dict[str, Json]] = []
    for portion in chunks(ids):
        asked = [("res_model", "=", model), ("res_id", "in", portion), subscribed]
        asked += [("partner_id", "!=", me)] if me else []
        rows += reader.search_read("mail.followers", asked, ["res_id", "partner_id"])
    # Before Odoo 15 a channel could follow too.
    return [row for row in rows if row["partner_id"]]
