"""What is not as it was, and which sentence of the plan must have said so: of the run itself, or of an undo."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from segmenter.planning.model import Plan
from tests.support.undo_law.portfolio import AUTOMATIC, FOLLOWERS, OWN_NOTE, WATCHED, State

Difference = tuple[str, int, str]
"""Model, record, field; the field is empty for a record that came or went."""

SHARED = {"email_from": "email", "phone": "phone"}
"""A field of leads, and what their contacts call it."""
CROSSING = dict.fromkeys(SHARED, r"takes? over what (its|their) contact holds by then")
"""Of a lead that gets another contact, to which the plan hands on an e-mail or phone of another lead."""

APPLIED: Mapping[str, str] = {
    "probability": r"automatic probability of|sets (its|their) probability to 100",
    "date_closed": r"closing date",
    "date_open": r"sets the assignment date",
    "company_id": r"lead of no company gets that of its new salesperson|without a salesperson gets? the company of",
    "date_last_stage_update": r"date of the last move",
    FOLLOWERS: r"becomes? (its|their|a) follower",
    **CROSSING,
}
"""Field of a written record -> what a sentence says that speaks of a change of it which is not in the plan."""

REMAINS: Mapping[str, str] = {
    "date_closed": r"closing date",
    "date_open": r"assignment date",
    "date_last_stage_update": r"date of the last move",
    FOLLOWERS: r"becomes? (its|their|a) follower|undo makes .* follower",
    "probability": r"probability that Odoo computes meanwhile",
    AUTOMATIC: r"probability of .* counts as set by a person",
    **CROSSING,
}
"""What an undo may leave otherwise than it was. The sentence must speak of the undo too (`OF_THE_UNDO`)."""
OF_THE_UNDO = re.compile(r"\bundo\b(?! gives)", re.IGNORECASE)

OF_ODOO: Mapping[str, str] = {"probability": r"compute the automatic probability of"}
"""What is Odoo's own before and after the undo, and so need not come back: only be spoken of."""

FOLLOWS: Mapping[str, Collection[str]] = {
    "prorated_revenue": ("probability", "expected_revenue"),
    "won_status": ("probability", "active", "stage_id"),
    AUTOMATIC: ("active", "probability"),
    "email_normalized": ("email_from", "email"),
    "email_domain_criterion": ("email_from",),
    "email_state": ("email_from",),
    "phone_sanitized": ("phone", "mobile", "country_id"),
    "phone_state": ("phone", "country_id"),
    "lang_code": ("lang_id",),
    "commercial_partner_id": ("partner_id", "partner_name", "parent_id", "is_company"),
    "commercial_company_name": ("name", "is_company", "company_name"),
    "complete_name": ("name", "is_company", "company_name"),
    "display_name": ("name", "is_company", "company_name"),
    "phone_mobile_search": ("phone", "mobile"),
    "recurring_revenue_monthly": ("recurring_revenue", "recurring_plan"),
    "recurring_revenue_prorated": ("recurring_revenue", "probability"),
    "recurring_revenue_monthly_prorated": ("recurring_revenue", "recurring_plan", "probability"),
}
"""Field that Odoo computes -> what of the same record it is computed from: judged there."""

OF_A_COMPANY = {"commercial_partner_id", "commercial_company_name", "complete_name", "display_name"}
"""What contacts have of the company above them: its name, and whether it is one."""


def differences(before: State, after: State) -> dict[Difference, tuple[Any, Any]]:
    found: dict[Difference, tuple[Any, Any]] = {}
    for model in WATCHED:
        for record in before[model].keys() | after[model].keys():
            old, new = before[model].get(record), after[model].get(record)
            if old is None or new is None:
                found[model, record, ""] = (old, new)
                continue
            for name in old:
                if name != OWN_NOTE and old[name] != new.get(name):
                    found[model, record, name] = (old[name], new.get(name))
    return found


@dataclass(frozen=True)
class Judge:
    """Of one plan. ``planned``: what it writes; ``first``: the state before."""

    plan: Plan
    planned: Collection[Difference]
    first: State

    def unsaid_of_the_run(self, found: Mapping[Difference, tuple[Any, Any]]) -> Iterator[str]:
        """Changes that the plan neither holds nor announces. ``found``: differences between before and after a run."""
        rest = {one: values for one, values in self._to_judge(found).items() if one not in self.planned}
        of_the_run = [one for one in self.plan.side_effects if not one.startswith("An undo")]
        yield from self._unsaid(rest, APPLIED, self._reaches, of_the_run)

    def unsaid_of_the_undo(self, found: Mapping[Difference, tuple[Any, Any]]) -> Iterator[str]:
        """What did not come back although the plan did not say so."""
        rest = self._to_judge(found)
        own = {one: values for one, values in rest.items() if one[2] in OF_ODOO and self._is_odoos(one, found)}
        yield from self._unsaid(own, OF_ODOO, self._loses, self.plan.side_effects)
        ours = {one: values for one, values in rest.items() if one not in own}
        of_the_undo = [one for one in self.plan.side_effects if OF_THE_UNDO.search(one)]
        yield from self._unsaid(ours, REMAINS, self._loses, of_the_undo)

    def _to_judge(self, found: Mapping[Difference, tuple[Any, Any]]) -> dict[Difference, tuple[Any, Any]]:
        """Without what follows from the rest, and what the scoring says of leads that are not written."""
        return {
            one: values
            for one, values in found.items()
            if not _follows(one, found)
            and not (one[2] in OF_ODOO and one[:2] not in self._written and self._is_odoos(one, found))
        }

    @cached_property
    def _written(self) -> set[tuple[str, int]]:
        return {(model, record) for model, record, _field in self.planned}

    def _is_odoos(self, one: Difference, found: Collection[Difference]) -> bool:
        """Whether Odoo keeps this lead's probability, now as before."""
        model, record, _name = one
        return bool(self.first[model][record].get(AUTOMATIC)) and (model, record, AUTOMATIC) not in found

    def _unsaid(
        self,
        found: Mapping[Difference, tuple[Any, Any]],
        said: Mapping[str, str],
        of_others: Callable[[str], float],
        sentences: Collection[str],
    ) -> Iterator[str]:
        """``of_others``: on how many other records the write of a field may change it, as the plan says."""
        numbers: Counter[str] = Counter()
        others: Counter[str] = Counter()
        for (model, record, name), values in found.items():
            here = f"{model} {record} {name}: {values[0]!r} -> {values[1]!r}"
            if (through := self._through(model, record, name)) and (model, record, name) not in self.planned:
                others[through] += 1
                if others[through] <= of_others(through):
                    continue
            if (model, record) not in self._written:
                yield f"{here}: of a record that the plan does not speak of"
            elif name not in said:
                yield f"{here}: nothing announces that"
            else:
                numbers[name] += 1
                if numbers[name] > (most := sum(_number(one) for one in sentences if re.search(said[name], one))):
                    yield f"{here}: announced is that of {most:g} records"

    def _through(self, model: str, record: int, name: str) -> str | None:
        """The field that the plan writes, whose write may have changed this field of another record."""
        if name in SHARED and (model, record, "partner_id") in self.planned:
            return None
        ours, theirs = ("crm.lead", "res.partner")
        if self.plan.model == ours:
            back = {contact: lead for lead, contact in SHARED.items()}
            written = name if model == ours and name in SHARED else back.get(name) if model == theirs else None
        else:
            written = SHARED.get(name) if model == ours else name if model == theirs else None
        return written if written in self.plan.field_types else None

    def _reaches(self, name: str) -> float:
        pattern = rf"Writing “{self._label(name)}” also changes (\d+) other contacts? and (\d+) other leads?"
        return sum(sum(map(int, found.groups())) for found in self._found(pattern))

    def _loses(self, name: str) -> float:
        label = self._label(name)
        lost = rf"An undo does not give (\d+) of them (?:its|their) own “{label}” back"
        strayed = rf"An undo changes “{label}” of (\d+) other records?"
        return sum(int(found[1]) for pattern in (lost, strayed) for found in self._found(pattern))

    def _label(self, name: str) -> str:
        return re.escape(self.plan.labels.get(name, name))

    def _found(self, pattern: str) -> Iterator[re.Match[str]]:
        return (found for one in self.plan.side_effects if (found := re.search(pattern, one)))


def _number(sentence: str) -> float:
    """Of how many records a sentence speaks, which it says first; of any, when it says none."""
    found = re.search(r"\d+", sentence)
    return int(found[0]) if found else math.inf


def _follows(one: Difference, found: Mapping[Difference, tuple[Any, Any]]) -> bool:
    """Whether this is computed from another field of the record that differs too."""
    model, record, name = one
    above = [field for other, _record, field in found if other == model and field in ("name", "is_company")]
    if model == "res.partner" and name in OF_A_COMPANY and above:
        return True
    return any((model, record, source) in found for source in FOLLOWS.get(name, ()))
