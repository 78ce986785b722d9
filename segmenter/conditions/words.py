"""A condition, or the facts of it, as a sentence that one would say aloud, with the client's labels and names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from segmenter.conditions.bound import Bound
from segmenter.conditions.facts import Facts, facts, parts_of
from segmenter.conditions.list_phrases import list_phrase
from segmenter.conditions.phrases import Amount, compares, continued, number, phrase, plain_operator, says_not
from segmenter.i18n import _, joined, language
from segmenter.notice import AS_WRITTEN

_JOINED = ("=", "contains", "starts_with", "ends_with", "under")
"""Operators of which several comparisons on one field are one comparison of several values."""
_SAYS_AND = re.compile(r" (?:and|y|e) ")
_SAYS_OR = re.compile(r", (?:or|o|u) ")


def words(condition: Bound | Facts, amount: Amount | None = None) -> str:
    """``Expected revenue of 5,000,000 or more and Country: Chile or Peru, and (Source: Referral, or ...)``.

    ``amount``: of the company's currency; without it, money is a number like any other.
    """
    told = condition if isinstance(condition, Mapping) else facts(condition)
    if AS_WRITTEN in told:
        kept: Mapping[str, str] = told[AS_WRITTEN]
        return kept.get(language()) or kept["sentence"]
    text = _words(_simplified(told), amount or number)
    return text[:1].upper() + text[1:]


def _simplified(told: Facts, *, negated: bool = False) -> Facts:
    """The same condition with ``not`` before single comparisons, no group in a group of its kind, and no group of one.

    Only ``not`` before several that all hold stays: "not (A and B)" is better said than "not A or not B".
    """
    if "not" in told:
        return _simplified(told["not"], negated=not negated)
    parts = parts_of(told)
    if parts is None:
        return {"not": told} if negated else told
    if negated and "all" in told and len(parts) > 1:
        inner = _simplified(told)
        return {"not": inner} if "all" in inner else _simplified(inner, negated=True)
    kind = "all" if ("all" in told) != negated else "any"
    simple: list[Facts] = []
    for part in parts:
        made = _simplified(part, negated=negated)
        simple += made.get(kind, [made])
    if kind == "all":
        simple = [part for part in simple if not _is_named_beside(part, simple)]
    simple = list(_merged(simple, is_all=kind == "all"))
    return simple[0] if len(simple) == 1 else {kind: simple}


def _merged(parts: Sequence[Facts], *, is_all: bool) -> Iterator[Facts]:
    """The parts, where those that ask the same of one field are one: ``starts with “hotel” or “hostal”``.

    Joined by "or", comparisons take any of their values; joined by "and", their complements take none.
    """
    places: dict[tuple[str, str], int] = {}
    made: list[Facts] = []
    for part in parts:
        leaf, negated = (part["not"], True) if "not" in part else (part, False)
        if "field" in leaf and leaf["kind"] != "boolean" and "currency" not in leaf:
            operator = plain_operator(leaf)
            key = (leaf["field"], operator)
            if operator in _JOINED and says_not(leaf, negated=negated) == is_all:
                if key in places:
                    made[places[key]] = _with_values_of(made[places[key]], leaf)
                    continue
                places[key] = len(made)
                values = {"values": list(leaf["values"]), "names": _names(leaf)}
                positive = {**leaf, "operator": operator, **values}
                part = {"not": positive} if is_all else positive
        made.append(part)
    yield from made


def _with_values_of(first: Facts, other: Facts) -> Facts:
    if "not" in first:
        return {"not": _with_values_of(first["not"], other)}
    values = [*first["values"], *other["values"]]
    return {**first, "values": values, "names": [*first["names"], *_names(other)]}


def _names(leaf: Facts) -> list[str]:
    return list(leaf.get("names") or [""] * len(leaf["values"]))


def _is_named_beside(part: Facts, parts: Sequence[Facts]) -> bool:
    """Whether an amount beside the leaf already names its currency: ``5,000,000 CLP or more``."""
    if "amount" not in part:
        return False
    beside = [part_beside for part_beside in parts if "field" in part_beside and "amount" not in part_beside]
    return any(
        (part_beside["field"], part_beside.get("currency")) == (part["amount"]["field"], part["currency"])
        for part_beside in beside
    )


def _words(told: Facts, amount: Amount) -> str:
    """The words of a simplified condition."""
    if "not" in told:
        inner = told["not"]
        if "field" in inner:
            return phrase(inner, amount, negated=True)
        if "related" in inner:
            return _related(inner, amount, negated=True)
        return _("not ({condition})").format(condition=_words(inner, amount))
    if "related" in told:
        return _related(told, amount)
    if "domain" in told:
        terms = [tuple(term) if isinstance(term, list) else term for term in told["domain"]]
        return _("the Odoo domain {domain} holds").format(domain=terms)
    parts = parts_of(told)
    if parts is None:
        return phrase(told, amount)
    if not parts:
        return _("always") if "all" in told else _("never")
    return _all(parts, amount) if "all" in told else _any(parts, amount)


def _related(told: Facts, amount: Amount, *, negated: bool = False) -> str:
    return list_phrase(told["related"], amount, lambda where: _words(_simplified(where), amount), negated=negated)


def _all(parts: Sequence[Facts], amount: Amount) -> str:
    sentence = text = _apart(parts[0], amount)
    for before, part in pairwise(parts):
        if compares(before) and compares(part) and before["field"] == part["field"]:
            sentence = joined(_("{sentence} and {group}"), sentence=sentence, group=continued(part, amount))
            continue
        said = text
        text = _apart(part, amount)
        apart = text.startswith("(") or said.startswith("(") or _SAYS_AND.search(said)
        between = _("{sentence}, and {group}") if apart else _("{sentence} and {group}")
        sentence = joined(between, sentence=sentence, group=text)
    return sentence


def _apart(part: Facts, amount: Amount) -> str:
    """As `_grouped`; in brackets too where one comparison goes on with "or": ``Country: Chile, or blank``."""
    text = _grouped(part, amount)
    return f"({text})" if "field" in part.get("not", part) and _SAYS_OR.search(text) else text


def _any(parts: Sequence[Facts], amount: Amount) -> str:
    sentence = _grouped(parts[0], amount)
    for part in parts[1:]:
        sentence = joined(_("{sentence}, or {group}"), sentence=sentence, group=_grouped(part, amount))
    return sentence


def _grouped(part: Facts, amount: Amount) -> str:
    """The words of a part, in brackets where it has parts of its own."""
    text = _words(part, amount)
    return f"({text})" if parts_of(part) is not None else text
