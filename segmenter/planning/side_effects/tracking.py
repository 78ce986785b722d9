"""Whether what is written is noted in the chatter, and whom that would mail.

Measured. Odoo notes changes of certain fields in a record's chatter. On 14 it can do so without telling anybody; on 19
followers who subscribed to stages, wins and losses are mailed, and only silence avoids that. Any work user may read
who follows a lead, and what they subscribed to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from segmenter.errors import AccessDenied, Refused
from segmenter.i18n import _, ngettext, some_of
from segmenter.odoo.questions import chunks
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.versions import NOTES_MAIL_SINCE
from segmenter.planning.model import Violation
from segmenter.planning.side_effects.mailing import Mailing
from segmenter.planning.side_effects.notice import Noticed

Choice = Literal["keep", "silent"]
MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Mailed:
    """Whom keeping the trace would mail. ``records``: how many; ``people``: how many persons; ``names``: some.

    ``known`` is False where the work user may not read who follows.
    """

    records: int = 0
    people: int = 0
    names: tuple[str, ...] = ()
    known: bool = True

    @property
    def nobody(self) -> bool:
        return self.known and not self.people


@dataclass(frozen=True, slots=True)
class Tracking:
    """What was decided. ``tracked``: records with a change that Odoo notes; ``said``: the spec chose; ``asked``: it did
    not, and it matters."""

    choice: Choice = "silent"
    tracked: int = 0
    mailed: Mailed = Mailed()
    said: bool = False
    asked: bool = False

    def violation(self) -> Violation | None:
        """The question to the consultant, as something that stands against the plan."""
        if not self.asked:
            return None
        return Violation("tracking", max(self.mailed.records, 1), 0, f"{whom(self.mailed)} {_choices()}")


def decide(said: Choice | None, noticed: Noticed, reader: OdooReader) -> Tracking:
    """The spec's choice, or: keep where that mails nobody, else ask. Nobody is looked up where it cannot matter."""
    if not noticed.tracked:
        return Tracking(said or "silent", said=said is not None)
    if said == "silent":
        return Tracking("silent", noticed.tracked, said=True)
    mailed = subscribers(noticed.mailing, reader)
    if said == "keep" or mailed.nobody:
        return Tracking("keep", noticed.tracked, mailed, said=said is not None)
    return Tracking("silent", noticed.tracked, mailed, asked=True)


def subscribers(mailing: Mailing, reader: OdooReader) -> Mailed:
    """Who follows these leads, or will with the team or salesperson that is written, and subscribed to what happens.

    A question per chunk of the leads, none where the version mails nobody. The author of a change is never told of it.
    """
    if not mailing.leads or reader.identity.major < NOTES_MAIL_SINCE:
        return Mailed()
    try:
        kinds = reader.search_read(
            "mail.message.subtype", [("res_model", "=", "crm.lead"), ("hidden", "=", False)], ["default"]
        )
        told = [row["id"] for row in kinds]
        (me,) = _partners([reader.identity.uid], reader).values()
        people: Counter[int] = Counter()
        records: set[int] = set()
        for row in _followers(reader, "crm.lead", mailing.leads, ("subtype_ids", "in", told), me):
            people[row["partner_id"]] += 1
            records.add(row["res_id"])
        # Whoever follows the team follows each lead that it is written on, with what they subscribed to there.
        teams = _by_value(mailing.leads, mailing.teams)
        for row in _followers(reader, "crm.team", list(teams), ("subtype_ids.parent_id", "in", told), me):
            people[row["partner_id"]] += len(teams[row["res_id"]])
            records.update(teams[row["res_id"]])
        given = _by_value(mailing.leads, mailing.people)
        if any(row["default"] for row in kinds) and given:
            # So does a new salesperson, with what this client made the subscription of every new follower.
            for user, partner in _partners(given, reader).items():
                if partner != me:
                    people[partner] += len(given[user])
                    records.update(given[user])
    except (AccessDenied, Refused):
        return Mailed(len(mailing.leads), known=False)
    first = [one for one, _times in people.most_common(MOST_NAMES)]
    names = reader.names("res.partner", first) if first else {}
    return Mailed(len(records), len(people), tuple(names.get(one, str(one)) for one in first))


def _by_value(records: Iterable[int], values: Iterable[int]) -> dict[int, list[int]]:
    """Value -> the records beside which it stands; 0 is none."""
    found: dict[int, list[int]] = {}
    for record, value in zip(records, values, strict=True):
        if value:
            found.setdefault(value, []).append(record)
    return found


def _partners(users: Iterable[int], reader: OdooReader) -> dict[int, int]:
    """User -> the contact that follows and is mailed in their name."""
    rows = reader.search_read("res.users", [("id", "in", list(users))], ["partner_id"], archived=True)
    return {row["id"]: row["partner_id"] for row in rows}


@dataclass(frozen=True, slots=True)
class TeamFollowers:
    """Who follows a team that is written, and on how many records at most that makes them followers."""

    names: tuple[str, ...] = ()
    records: int = 0


NO_FOLLOWERS = TeamFollowers()


def followers_of_teams(teams: Mapping[int, int], reader: OdooReader) -> TeamFollowers | None:
    """``teams``: team -> records that it is written on. None where it may not be read who follows it."""
    try:
        rows = _followers(reader, "crm.team", list(teams), ("subtype_ids.parent_id", "!=", False))
        found = list(dict.fromkeys(row["partner_id"] for row in rows))
        names = reader.names("res.partner", found) if found else {}
    except (AccessDenied, Refused):
        return None
    return TeamFollowers(
        tuple(names.get(one, str(one)) for one in found),
        sum(teams[team] for team in {row["res_id"] for row in rows}),
    )


def _followers(
    reader: OdooReader, model: str, ids: Sequence[int], subscribed: tuple[str, str, object], me: int = 0
) -> list[dict[str, Any]]:
    """Who follows these records, ``me`` aside, with such a subscription: rows of ``res_id`` and ``partner_id``."""
    found: list[dict[str, Any]] = []
    for some in chunks(ids):
        asked = [("res_model", "=", model), ("res_id", "in", some), subscribed]
        asked += [("partner_id", "!=", me)] if me else []
        found += reader.search_read("mail.followers", asked, ["res_id", "partner_id"])
    # Before Odoo 15 a channel could follow too.
    return [row for row in found if row["partner_id"]]


def in_words(mailed: Mailed) -> str:
    """``Ana, Luis, Carmen and 4 more``."""
    return some_of(mailed.names, mailed.people)


def whom(mailed: Mailed) -> str:
    """The same as a sentence of its own."""
    if not mailed.known:
        return _("The work user may not see who follows these records and would be mailed.")
    return ngettext(
        "{number} record has followers whom Odoo would mail about its change: {names}.",
        "{number} records have followers whom Odoo would mail about their changes: {names}.",
        mailed.records,
    ).format(number=mailed.records, names=in_words(mailed))


def _choices() -> str:
    keep = _("`tracking: keep` notes the changes in the chatter, mails them, and takes 4 to 6 ms a record, not 0.3.")
    silent = _("`tracking: silent` mails nobody, and leaves no trace in the chatter of this version.")
    return f"{_('Say in the spec what to do.')} {keep} {silent}"
