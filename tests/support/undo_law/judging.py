"""What is not as it was, and which notice of the plan must have said so: of the run itself, or of an undo."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from segmenter.plans.plan import Plan
from tests.support.undo_law.portfolio import AUTOMATIC, FOLLOWERS, OWN_NOTE, WATCHED, State

Difference = tuple[str, int, str]
"""Model, record, field; the field is empty for a record that came or went."""

SHARED = {"email_from": "email", "phone": "phone"}
"""A field of leads, and what their contacts call it."""
MEANWHILE = dict.fromkeys(SHARED, ("contact_of_lead.written_meanwhile",))
"""Of a lead that gets another contact, to which the plan hands on an e-mail or phone of another lead."""

Announced = Mapping[str, Collection[str]]
"""Field of a written record -> the codes of the notices that speak of a change of it which is not in the plan."""

APPLIED: Announced = {
    "probability": {
        *("scoring.computed_anew", "scoring.counts_change", "contact_reach.probability_of_leads"),
        "won_stage.sets_probability",
    },
    "date_closed": {"closing_date.set", "closing_date.emptied"},
    "date_open": {"assignment.sets_date"},
    "company_id": {"assignment.company_of_salesperson"},
    "date_last_stage_update": {"last_move.date_changes", "last_move.date_renewed_by_team"},
    FOLLOWERS: {"chatter.salesperson_follows", "chatter.team_followers", "chatter.team_followers_unknown"},
    **MEANWHILE,
}

REMAINS: Announced = {
    "date_closed": {"closing_date.not_restored"},
    "date_open": {"assignment.date_not_restored"},
    "date_last_stage_update": {"last_move.date_changes", "last_move.date_renewed_by_team"},
    FOLLOWERS: {
        *("chatter.salesperson_follows", "chatter.team_followers"),
        *("chatter.former_salesperson_follows", "chatter.former_team_follows"),
    },
    "probability": {"scoring.kept_by_undo"},
    AUTOMATIC: {"scoring.by_hand", "scoring.by_hand_after_undo"},
    **MEANWHILE,
}
"""The same, of what an undo may leave otherwise than it was."""

OF_ODOO: Announced = {"probability": {"scoring.computed_anew", "contact_reach.probability_of_leads"}}
"""What is Odoo's own before and after the undo, and so need not come back: only be spoken of."""

KEPT: Announced = {"probability": {"scoring.by_hand_after_undo"}}
"""What was Odoo's own, was computed anew before the run archived its lead, and has been kept since as if by hand."""

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
        yield from self._unsaid(rest, APPLIED, self._reaches)

    def unsaid_of_the_undo(self, found: Mapping[Difference, tuple[Any, Any]]) -> Iterator[str]:
        """What did not come back although the plan did not say so."""
        rest = self._to_judge(found)
        own = {one: values for one, values in rest.items() if one[2] in OF_ODOO and self._is_odoos(one, found)}
        yield from self._unsaid(own, OF_ODOO, self._loses)
        kept = {one: values for one, values in rest.items() if one[2] in KEPT and self._was_odoos(one, found)}
        yield from self._unsaid(kept, KEPT, self._loses)
        ours = {one: values for one, values in rest.items() if one not in own and one not in kept}
        yield from self._unsaid(ours, REMAINS, self._loses)

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

    def _was_odoos(self, one: Difference, found: Collection[Difference]) -> bool:
        """Whether Odoo kept this lead's probability, and does so no more."""
        model, record, _name = one
        return bool(self.first[model][record].get(AUTOMATIC)) and (model, record, AUTOMATIC) in found

    def _unsaid(
        self,
        found: Mapping[Difference, tuple[Any, Any]],
        announced: Announced,
        of_others: Callable[[str], float],
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
            elif name not in announced:
                yield f"{here}: nothing announces that"
            else:
                numbers[name] += 1
                if numbers[name] > (most := self._number(announced[name])):
                    yield f"{here}: announced is that of {most:g} records"

    def _through(self, model: str, record: int, name: str) -> str | None:
        """The field that the plan writes, whose write may have changed this field of another record."""
        if name in SHARED and (model, record, "partner_id") in self.planned:
            return None
        ours, theirs = ("crm.lead", "res.partner")
        if self.plan.identity.model == ours:
            back = {contact: lead for lead, contact in SHARED.items()}
            written = name if model == ours and name in SHARED else back.get(name) if model == theirs else None
        else:
            written = SHARED.get(name) if model == ours else name if model == theirs else None
        return written if written in self.plan.names.field_types else None

    def _number(self, codes: Collection[str]) -> float:
        """Of how many records these notices speak; of any, when one of them does not count."""
        return sum(one.counts.get("number", math.inf) for one in self.plan.side_effects if one.code in codes)

    def _reaches(self, name: str) -> float:
        return self._of_others(name, "contact_reach.changes_others")

    def _loses(self, name: str) -> float:
        return self._of_others(name, "contact_reach.not_restored", "contact_reach.changed_by_undo")

    def _of_others(self, name: str, *codes: str) -> float:
        """On how many other records these notices say that the write of a field tells."""
        label = self.plan.names.labels.get(name, name)
        mine = (one for one in self.plan.side_effects if one.code in codes and one.names["field"] == label)
        return sum(one.counts["number"] for one in mine)


def _follows(one: Difference, found: Mapping[Difference, tuple[Any, Any]]) -> bool:
    """Whether this is computed from another field of the record that differs too."""
    model, record, name = one
    above = [field for other, _record, field in found if other == model and field in ("name", "is_company")]
    if model == "res.partner" and name in OF_A_COMPANY and above:
        return True
    return any((model, record, source) in found for source in FOLLOWS.get(name, ()))
