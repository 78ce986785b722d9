"""What the client calls the records of a plan: opportunities, leads, contacts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from segmenter.conditions.facts import Facts
from segmenter.i18n import language, ngettext, with_words
from segmenter.model_names import model_name, plural_name
from segmenter.plans.plan import Plan
from segmenter.reports.text import Style

FOREIGN = {"lead": "leads"}
"""Words that Odoo's Spanish takes from English, with their plural."""


@dataclass(frozen=True, slots=True)
class Noun:
    """A word for the records of a plan, for one and for many."""

    one: str
    many: str

    def __call__(self, number: float, style: Style) -> str:
        """``94 opportunities``."""
        return f"{style.number(number)} {self.one if number == 1 else self.many}"

    def said(self, sentence: str) -> str:
        """A sentence of ours that speaks of records, with this word for them."""
        one, many = (str(ngettext("record", "records", number)) for number in (1, 2))
        return with_words(sentence, {one: self.one, many: self.many})


def noun(plan: Plan) -> Noun:
    """That of the records of a plan."""
    return noun_of(plan.identity.model, plan.rules.scope_condition, plan.identity.language)


def noun_of(model: str, scope: Facts | None, names_in: str) -> Noun:
    """By the model and, of leads and opportunities, by the type that the scope asks for.

    That type as the client's Odoo calls it, if that (``names_in``) is in the language spoken now. Where a scope has
    both, or does not say, they are prospects.
    """
    if model != "crm.lead":
        return Noun(model_name(model), plural_name(model))
    types = dict(_types(scope))
    if len(types) != 1:
        return Noun(ngettext("prospect", "prospects", 1), ngettext("prospect", "prospects", 2))
    ((kind, name),) = types.items()
    if name and names_in[:2] == language():
        return Noun(name.lower(), _plural(name.lower()))
    if kind == "lead":
        return Noun(ngettext("lead", "leads", 1), ngettext("lead", "leads", 2))
    return Noun(ngettext("opportunity", "opportunities", 1), ngettext("opportunity", "opportunities", 2))


def _types(condition: Facts | None) -> Iterator[tuple[str, str]]:
    """The types that a scope is limited to, with what they are called."""
    if condition is None:
        return
    for part in condition.get("all", [condition]):
        if part.get("field") == "type" and part.get("operator") in ("=", "in"):
            names = part.get("names") or [""] * len(part["values"])
            yield from zip(map(str, part["values"]), map(str, names), strict=True)


def _plural(word: str) -> str:
    """As the language spoken now forms it of the words that Odoo has for its leads."""
    if language() == "en":
        return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return FOREIGN.get(word) or (f"{word}s" if word[-1] in "aeiouáéíóú" else f"{word}es")
