"""What Odoo 14 and Odoo 19 do otherwise, row by row, and how the tool knows which of the two a server does.

``docs/compatibility.md`` shows them, and each is measured on both servers: fields and calls by
``tests/test_odoo_versions.py``, what a server does when records change by the tests that the row names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from segmenter.odoo import by_hand, versions
from segmenter.reports import links

MEASURED = ("14", "19")
BETWEEN = (15, 16, 17, 18)
HERE = "test_odoo_versions.py"
ME = object()
"""In the arguments of a call: the id of the user who asks."""


@dataclass(frozen=True)
class FieldFact:
    """A field: its name and type on each version, ("", "") where it has none.

    The tool asks ``fields_get``, and looks for the other name of `versions.RENAMED` where it needs the field.
    """

    what: str
    model: str
    old: tuple[str, str]
    new: tuple[str, str]
    tests: tuple[str, ...] = (f"{HERE}::test_a_field*",)

    @property
    def on(self) -> Mapping[str, str]:
        """What the table says of each version."""
        shown = [f"`{name}` ({kind})" if name else "none" for name, kind in (self.old, self.new)]
        return dict(zip(MEASURED, shown, strict=True))

    known = "asked: `fields_get` tells which"


@dataclass(frozen=True)
class CallFact:
    """A question that is asked in two ways. ``old``, ``new``: method and arguments; ``both``: 19 knows both."""

    what: str
    model: str
    old: tuple[str, Sequence[Any]]
    new: tuple[str, Sequence[Any]]
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
    """What a server does and does not tell: the number of its version decides. ``since``: what counts as new."""

    what: str
    old: str
    new: str
    since: int
    tests: tuple[str, ...] = field(default=())

    @property
    def on(self) -> Mapping[str, str]:
        """What the table says of each version."""
        return {"14": self.old, "19": self.new}

    @property
    def known(self) -> str:
        """What is taken to be true of the versions that nobody measured."""
        return f"its number: {self.assumed}"

    @property
    def assumed(self) -> str:
        """``15 to 18 as 19``."""
        old, new = [one for one in BETWEEN if one < self.since], [one for one in BETWEEN if one >= self.since]
        return ", ".join(f"{_span(some)} as {like}" for some, like in ((old, 14), (new, 19)) if some)


def _span(some: Sequence[int]) -> str:
    return f"{some[0]} to {some[-1]}" if some[1:] else str(some[0])


def _called(method: str, arguments: Sequence[Any]) -> str:
    shown = ", ".join("[uid]" if one == [ME] else repr(one).replace("'", '"') for one in arguments)
    return f"`{method}({shown})`"


FIELDS = (
    FieldFact("lost reason of a lead", "crm.lead", ("lost_reason", "many2one"), ("lost_reason_id", "many2one")),
    FieldFact(
        "last action on a lead", "crm.lead", ("date_action_last", "datetime"), ("date_automation_last", "datetime")
    ),
    FieldFact("team of a stage", "crm.stage", ("team_id", "many2one"), ("team_ids", "many2many")),
    FieldFact("owner of a favourite", "ir.filters", ("user_id", "many2one"), ("user_ids", "many2many")),
    FieldFact("groups of a user", "res.users", ("groups_id", "many2many"), ("group_ids", "many2many")),
    FieldFact("mobile of a lead", "crm.lead", ("mobile", "char"), ("", "")),
    FieldFact("mobile of a contact", "res.partner", ("mobile", "char"), ("", "")),
    FieldFact("title of a lead", "crm.lead", ("title", "many2one"), ("", "")),
    FieldFact("title of a contact", "res.partner", ("title", "many2one"), ("", "")),
    FieldFact("notes of a lead", "crm.lead", ("description", "text"), ("description", "html")),
    FieldFact("notes of a contact", "res.partner", ("comment", "text"), ("comment", "html")),
    FieldFact("won, lost or pending", "crm.lead", ("", ""), ("won_status", "selection")),
    FieldFact("properties of a lead", "crm.lead", ("", ""), ("lead_properties", "properties")),
    FieldFact("company of a lead's contact", "crm.lead", ("", ""), ("commercial_partner_id", "many2one")),
    FieldFact("team of a contact", "res.partner", ("team_id", "many2one"), ("", "")),
    FieldFact("last change of a record, a second time", "crm.lead", ("__last_update", "datetime"), ("", "")),
)

CALLS = (
    CallFact(
        "rights on a model",
        "crm.lead",
        ("check_access_rights", ["read", False]),
        ("has_access", [[], "read"]),
        both=True,
    ),
    CallFact(
        "groups of a user", "res.users", ("has_group", ["base.group_user"]), ("has_group", [[ME], "base.group_user"])
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
        both=True,
        known="the older way, on every version",
    ),
)

UNASKED: Mapping[str, Unasked] = {
    "KEYS_EXPIRE_SINCE": Unasked(
        "API keys of a work user",
        "never expire",
        "expire, within 90 days as a rule",
        versions.KEYS_EXPIRE_SINCE,
        (f"{HERE}::test_keys_expire*",),
    ),
    "CLOSING_DATE_LEAVES_SINCE": Unasked(
        "a closed lead goes to a stage that is not won",
        "it keeps its closing date",
        "it loses it",
        versions.CLOSING_DATE_LEAVES_SINCE,
        ("test_side_effects.py::test_a_won_stage",),
    ),
    "WON_LEAVES_ARCHIVE_SINCE": Unasked(
        "an archived lead goes to a won stage",
        "it stays in the archive",
        "it comes out of the archive",
        versions.WON_LEAVES_ARCHIVE_SINCE,
        ("test_side_effects.py::test_a_won_stage",),
    ),
    "STAGE_FOLLOWS_TEAM_SINCE": Unasked(
        "a lead gets a team that does not have its stage",
        "it stays in its stage",
        "it goes to that team's first stage",
        versions.STAGE_FOLLOWS_TEAM_SINCE,
        ("test_side_effects.py::test_a_team_without_the_stage*",),
    ),
    "COMPANY_FOLLOWS_SALESPERSON_SINCE": Unasked(
        "a lead of no company gets a salesperson",
        "every lead has a company from the start",
        "it gets the salesperson's",
        versions.COMPANY_FOLLOWS_SALESPERSON_SINCE,
        (f"{HERE}::test_the_company*",),
    ),
    "SCORING_READS_LANGUAGE_SINCE": Unasked(
        "the lead scoring, as it comes",
        "does not look at the language",
        "looks at the language",
        versions.SCORING_READS_LANGUAGE_SINCE,
        (f"{HERE}::test_the_lead_scoring*",),
    ),
    "NOTES_MAIL_SINCE": Unasked(
        "a change is noted in the chatter",
        "as a note that mails nobody, where the call says so",
        "whoever subscribed is mailed",
        versions.NOTES_MAIL_SINCE,
        ("test_side_effects.py::test_moves_in_the_pipeline*",),
    ),
    "COMPANY_TAKES_FROM_PERSON_SINCE": Unasked(
        "address and tax number of a contact that has a company",
        "only come down from the company",
        "go up to the company as well",
        versions.COMPANY_TAKES_FROM_PERSON_SINCE,
        ("test_side_effects.py::test_an_address*",),
    ),
    "MOVE_DATE_STAYS_SINCE": Unasked(
        "the team of a lead is written",
        "the date of its last move becomes that moment",
        "the date of its last move stays",
        versions.MOVE_DATE_STAYS_SINCE,
        (f"{HERE}::test_the_date_of_the_last_move*",),
    ),
    "ACTIVITIES_STAY_SINCE": Unasked(
        "a record is archived",
        "what is planned on it is deleted",
        "what is planned on it stays",
        versions.ACTIVITIES_STAY_SINCE,
        (f"{HERE}::test_what_is_planned*",),
    ),
    "EMPTY_STAYS_ON_LEAD_SINCE": Unasked(
        "e-mail or phone of a lead is emptied",
        "its contact's is emptied too",
        "its contact keeps it",
        versions.EMPTY_STAYS_ON_LEAD_SINCE,
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
        ("test_odoo_by_hand.py::test_an_administrator*",),
    ),
}
"""By the name of the constant that the code goes by."""

Fact = FieldFact | CallFact | Unasked
FACTS: tuple[Fact, ...] = (*FIELDS, *CALLS, *UNASKED.values())
