"""What Odoo 14 and Odoo 19 do otherwise, row by row, and how the tool knows which of the two a server does.

``docs/compatibility.md`` shows them, and each is measured on both servers: fields and calls by
``tests/test_odoo_versions.py``, what a server does when records change by the tests that the row names. What servers of
15 to 18 did when they were asked by hand is in ``measured_by_hand.yaml``, and what the same tests found there in
``tests/support/measured``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from segmenter.behaviours import (
    archiving,
    assignment,
    chatter,
    closing_date,
    contact_reach,
    last_move,
    reached,
    scoring,
    subscribers,
    team_and_stage,
    won_stage,
)
from segmenter.checking import by_hand
from segmenter.odoo import reader, versions
from segmenter.reports import guide, leftovers, links
from segmenter.spec import looks
from tests.support.measured import PASSED, Run

MEASURED = ("14", "19")
BETWEEN = (15, 16, 17, 18)
HERE = "test_odoo_versions.py"
ME = object()
"""In the arguments of a call: the id of the user who asks."""


@dataclass(frozen=True)
class FieldFact:
    """A field: its name and type before and ``since`` a version, ("", "") where there is none.

    The tool asks ``fields_get``, and looks for the other name of `versions.RENAMED` where it needs the field.
    """

    what: str
    model: str
    old: tuple[str, str]
    new: tuple[str, str]
    since: int = 19
    tests: tuple[str, ...] = (f"{HERE}::test_a_field*",)

    @property
    def on(self) -> Mapping[str, str]:
        """What the table says of each version."""
        shown = [f"`{name}` ({kind})" if name else "none" for name, kind in (self.old, self.new)]
        return dict(zip(MEASURED, shown, strict=True))

    known = "asked: `fields_get` tells which"


@dataclass(frozen=True)
class CallFact:
    """A question that is asked in two ways. ``old``, ``new``: method and arguments, the new one ``since`` a version;
    ``both``: the old one too from then on."""

    what: str
    model: str
    old: tuple[str, Sequence[Any]]
    new: tuple[str, Sequence[Any]]
    since: int = 19
    both: bool = False
    tests: tuple[str, ...] = (f"{HERE}::test_a_question*",)
    known: str = "asked: the way that the server answers is kept"

    @property
    def on(self) -> Mapping[str, str]:
        """What the table says of each version."""
        old, new = (_called(*one) for one in (self.old, self.new))
        return {"14": old, "19": f"{new}, {old} too" if self.both else new}


@dataclass(frozen=True)
class Unasked:
    """What a server does and does not tell: the number of its version decides. ``since``: what counts as new.

    ``tests``: none for what was seen on the screens of 14 and 19, and no test sees again.
    ``measured``: version -> as which of 14 and 19 it does it, asked by hand or by these tests.
    """

    what: str
    old: str
    new: str
    since: int
    tests: tuple[str, ...] = field(default=())
    measured: Mapping[int, int] = field(default_factory=dict)

    @property
    def on(self) -> Mapping[str, str]:
        """What the table says of each version."""
        return {"14": self.old, "19": self.new}

    @property
    def known(self) -> str:
        """How the code tells, and on which versions nobody saw that it is so."""
        unseen = [one for one in BETWEEN if one not in self.measured]
        how = [] if self.tests else ["no test sees it"]
        how += [f"{_span(unseen)} assumed"] if unseen else []
        how += [f"{'the rest ' if unseen else ''}measured"] if self.measured else []
        return f"its number: {self.taken} ({', '.join(how)})"

    def with_runs(self, runs: Mapping[int, Run]) -> Unasked:
        """The same, with what the tests found on versions between: where they pass, the number is right."""
        passed = [version for version, run in runs.items() if self.tests and run.outcomes(self.tests) == {PASSED}]
        return replace(self, measured={**self.measured, **{one: 19 if one >= self.since else 14 for one in passed}})

    @property
    def taken(self) -> str:
        """``15 to 18 as 19``."""
        old, new = [one for one in BETWEEN if one < self.since], [one for one in BETWEEN if one >= self.since]
        return ", ".join(f"{_span(some)} as {like}" for some, like in ((old, 14), (new, 19)) if some)


def _span(some: Sequence[int]) -> str:
    if len(some) == 2:
        return f"{some[0]} and {some[1]}"
    if len(some) <= some[-1] - some[0]:  # with gaps
        return f"{', '.join(map(str, some[:-1]))} and {some[-1]}"
    return f"{some[0]} to {some[-1]}" if some[1:] else str(some[0])


def _called(method: str, arguments: Sequence[Any]) -> str:
    shown = ", ".join("[uid]" if one == [ME] else repr(one).replace("'", '"') for one in arguments)
    return f"`{method}({shown})`"


FIELDS = (
    FieldFact("lost reason of a lead", "crm.lead", ("lost_reason", "many2one"), ("lost_reason_id", "many2one"), 16),
    FieldFact(
        "last action on a lead", "crm.lead", ("date_action_last", "datetime"), ("date_automation_last", "datetime"), 17
    ),
    FieldFact("team of a stage", "crm.stage", ("team_id", "many2one"), ("team_ids", "many2many")),
    FieldFact("owner of a favourite", "ir.filters", ("user_id", "many2one"), ("user_ids", "many2many")),
    FieldFact("groups of a user", "res.users", ("groups_id", "many2many"), ("group_ids", "many2many")),
    FieldFact("mobile of a lead", "crm.lead", ("mobile", "char"), ("", "")),
    FieldFact("mobile of a contact", "res.partner", ("mobile", "char"), ("", "")),
    FieldFact("title of a lead", "crm.lead", ("title", "many2one"), ("", "")),
    FieldFact("title of a contact", "res.partner", ("title", "many2one"), ("", "")),
    FieldFact("notes of a lead", "crm.lead", ("description", "text"), ("description", "html"), 15),
    FieldFact("notes of a contact", "res.partner", ("comment", "text"), ("comment", "html"), 15),
    FieldFact("won, lost or pending", "crm.lead", ("", ""), ("won_status", "selection")),
    FieldFact("properties of a lead", "crm.lead", ("", ""), ("lead_properties", "properties"), 16),
    FieldFact("company of a lead's contact", "crm.lead", ("", ""), ("commercial_partner_id", "many2one")),
    FieldFact("team of a contact", "res.partner", ("team_id", "many2one"), ("", ""), 18),
    FieldFact("last change of a record, a second time", "crm.lead", ("__last_update", "datetime"), ("", ""), 17),
)

CALLS = (
    CallFact(
        "rights on a model",
        "crm.lead",
        ("check_access_rights", ["read", False]),
        ("has_access", [[], "read"]),
        since=18,
        both=True,
    ),
    CallFact(
        "groups of a user",
        "res.users",
        ("has_group", ["base.group_user"]),
        ("has_group", [[ME], "base.group_user"]),
        since=18,
    ),
    CallFact(
        "counting by the server",
        "crm.lead",
        ("read_group", [[], ["id"], ["stage_id"]]),
        ("formatted_read_group", [[], ["stage_id"], ["__count"]]),
        both=True,
    ),
    CallFact(
        "language and zone of the user",
        "res.users",
        ("read", [[ME], ["lang", "tz"]]),
        ("context_get", []),
        since=15,
        both=True,
        known="the older way, on every version",
    ),
)

_TABLE: Mapping[str, Unasked] = {
    "GROUPS_MANY_SINCE": Unasked(
        "records grouped by a field that holds several",
        "refused: one search for each value",
        "one question",
        reader.GROUPS_MANY_SINCE,
        ("test_portfolio_reading.py::test_the_columns_of_a_scope_tell_what_each_record_holds",),
    ),
    "LISTS_AMOUNTS_SINCE": Unasked(
        "amounts of many records in one list",
        "cannot be sent: read in rows",
        "one question",
        reader.LISTS_AMOUNTS_SINCE,
        ("test_portfolio_reading.py::test_the_columns_of_a_scope_tell_what_each_record_holds",),
    ),
    "KEYS_EXPIRE_SINCE": Unasked(
        "API keys of a work user",
        "never expire",
        "expire, within 90 days as a rule",
        versions.KEYS_EXPIRE_SINCE,
        (f"{HERE}::test_keys_expire*",),
    ),
    "ZERO_LEAVES_CLOSING_DATE_SINCE": Unasked(
        "the probability of a closed lead becomes 0",
        "it loses its closing date",
        "it keeps it",
        closing_date.ZERO_LEAVES_CLOSING_DATE_SINCE,
        (f"{HERE}::test_the_closing_date*",),
    ),
    "CLOSING_DATE_LEAVES_SINCE": Unasked(
        "a closed lead goes to a stage that is not won",
        "it keeps its closing date",
        "it loses it",
        closing_date.CLOSING_DATE_LEAVES_SINCE,
        ("test_side_effects.py::test_a_won_stage",),
    ),
    "WON_LEAVES_ARCHIVE_SINCE": Unasked(
        "an archived lead goes to a won stage",
        "it stays in the archive",
        "it comes out of the archive",
        won_stage.WON_LEAVES_ARCHIVE_SINCE,
        ("test_side_effects.py::test_a_won_stage",),
    ),
    "STAGE_FOLLOWS_TEAM_SINCE": Unasked(
        "a lead gets a team that does not have its stage",
        "it stays in its stage",
        "it goes to that team's first stage",
        team_and_stage.STAGE_FOLLOWS_TEAM_SINCE,
        ("test_side_effects.py::test_a_team_without_the_stage*",),
    ),
    "COMPANY_FOLLOWS_SALESPERSON_SINCE": Unasked(
        "a lead of no company gets a salesperson",
        "every lead has a company from the start",
        "it gets the salesperson's",
        assignment.COMPANY_FOLLOWS_SALESPERSON_SINCE,
        (f"{HERE}::test_the_company*",),
    ),
    "SCORING_READS_LANGUAGE_SINCE": Unasked(
        "the lead scoring, as it comes",
        "does not look at the language",
        "looks at the language",
        scoring.SCORING_READS_LANGUAGE_SINCE,
        (f"{HERE}::test_the_lead_scoring*",),
    ),
    "NOTES_MAIL_SINCE": Unasked(
        "a change is noted in the chatter",
        "as a note that mails nobody, where the call says so",
        "whoever subscribed is mailed",
        subscribers.NOTES_MAIL_SINCE,
        ("test_side_effects.py::test_moves_in_the_pipeline*",),
    ),
    "CONTACT_NOTES_COMPANY_SINCE": Unasked(
        "company or tax number of a contact",
        "their change is not noted in the chatter",
        "it is noted",
        chatter.CONTACT_NOTES_COMPANY_SINCE,
        (f"{HERE}::test_what_is_noted_of_a_contact*",),
    ),
    "CONTACT_NOTES_ADDRESS_SINCE": Unasked(
        "name or address of a contact",
        "their change is not noted in the chatter",
        "it is noted",
        chatter.CONTACT_NOTES_ADDRESS_SINCE,
        (f"{HERE}::test_what_is_noted_of_a_contact*",),
    ),
    "COMPANY_TAKES_FROM_PERSON_SINCE": Unasked(
        "address and tax number of a contact that has a company",
        "only come down from the company",
        "go up to the company as well",
        contact_reach.COMPANY_TAKES_FROM_PERSON_SINCE,
        ("test_side_effects.py::test_an_address*",),
    ),
    "MOVE_DATE_STAYS_SINCE": Unasked(
        "the team of a lead is written",
        "the date of its last move becomes that moment",
        "the date of its last move stays",
        last_move.MOVE_DATE_STAYS_SINCE,
        (f"{HERE}::test_the_date_of_the_last_move*",),
    ),
    "ACTIVITIES_STAY_SINCE": Unasked(
        "a record is archived",
        "what is planned on it is deleted",
        "what is planned on it stays",
        archiving.ACTIVITIES_STAY_SINCE,
        (f"{HERE}::test_what_is_planned*",),
    ),
    "EMPTY_STAYS_ON_LEAD_SINCE": Unasked(
        "e-mail or phone of a lead is emptied",
        "its contact's is emptied too",
        "its contact keeps it",
        reached.EMPTY_STAYS_ON_LEAD_SINCE,
        ("test_side_effects.py::test_emptying_it*",),
    ),
    "FAVOURITES_TELL_CAPITALS_SINCE": Unasked(
        "two shared favourites whose names differ in capitals alone",
        "the second is refused, archived ones too",
        "there are two",
        versions.FAVOURITES_TELL_CAPITALS_SINCE,
        ("test_e2e_elsewhere.py::test_a_favourite_that_differs*",),
    ),
    "PATHS_SINCE": Unasked(
        "address of a record",
        "`/web#id=`",
        "`/odoo/`",
        links.PATHS_SINCE,
        ("test_live_links.py::*",),
    ),
    "NEW_BUTTON_SINCE": Unasked(
        "the button that makes a record",
        "Create",
        "New",
        by_hand.NEW_BUTTON_SINCE,
        ("test_checking_by_hand.py::test_an_administrator*",),
    ),
    "NEW_WORDS_SINCE": Unasked(
        "what the Spanish form of a field says",
        "Nombre de campo, Campo ayuda",
        "Nombre del campo, Campo de ayuda",
        by_hand.NEW_WORDS_SINCE,
        ("test_checking_by_hand.py::test_an_administrator*",),
    ),
    "OTHER_KEYS_SINCE": Unasked(
        "kinds of keys that Odoo offers people",
        "API keys alone",
        "keys for AI assistants too, which do not log in",
        guide.OTHER_KEYS_SINCE,
    ),
    "CUTS_SINCE": Unasked(
        "long names of tags on cards, and of favourites in the menu",
        "shown whole",
        "cut",
        looks.CUTS_SINCE,
    ),
    "GEAR_SINCE": Unasked(
        "the menu of a list",
        "Action",
        "a gear",
        leftovers.GEAR_SINCE,
        ("live/test_by_hand.py::*",),
    ),
}

BY_HAND = yaml.safe_load(Path(__file__).with_name("measured_by_hand.yaml").read_text(encoding="utf-8"))
UNASKED: Mapping[str, Unasked] = {
    name: replace(fact, measured=BY_HAND["numbers"].get(name, {})) for name, fact in _TABLE.items()
}
"""By the name of the constant that the code goes by."""

Fact = FieldFact | CallFact | Unasked
FACTS: tuple[Fact, ...] = (*FIELDS, *CALLS, *UNASKED.values())
