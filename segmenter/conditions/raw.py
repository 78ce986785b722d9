"""Checks raw Odoo domains: their structure, and their fields on a model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeGuard

from segmenter.conditions.domain import tree_path
from segmenter.conditions.fields import walk
from segmenter.conditions.near import did_you_mean
from segmenter.conditions.operators import COMPARISONS
from segmenter.conditions.portable import refused_relations
from segmenter.conditions.raw_portable import accepts, instead
from segmenter.conditions.text import unsendable
from segmenter.conditions.values import too_fine
from segmenter.conditions.vocabulary import Field, Vocabulary
from segmenter.errors import Path, Problem
from segmenter.i18n import _

ARITY = {"&": 2, "|": 2, "!": 1}
"""Connective -> how many terms follow it."""

LIKES = frozenset(("like", "not like", "ilike", "not ilike", "=like", "not =like", "=ilike", "not =ilike"))
SETS = frozenset(("in", "not in"))
TREES = frozenset(("child_of", "parent_of"))
SUBDOMAINS = frozenset(("any", "not any"))
EQUALITIES = frozenset(("=", "!=", "<>", "==", "=?"))
OPERATORS = LIKES | frozenset(COMPARISONS) | SETS | TREES | SUBDOMAINS | EQUALITIES
"""The operators of a leaf in Odoo 19."""
NEGATIVES = {
    **{"!=": "=", "<>": "=", "not in": "in", "not any": "any"},
    **{f"not {like}": like for like in ("like", "ilike", "=like", "=ilike")},
}
"""Operators -> the operators of which they are the complement."""
SOME_VERSIONS = SUBDOMAINS | {"==", "=?", "not =like", "not =ilike", "parent_of"}
"""Operators that Odoo 14 does not know, or reads differently."""


def check_structure(domain: object, path: Path, problems: list[Problem]) -> tuple[object, ...] | None:
    """``domain`` as nested tuples if it is a well-formed Odoo domain in prefix notation; else Problems and None.

    Knows no model: see `check_fields`.
    """
    if not isinstance(domain, list | tuple):
        what = _("A domain is a list")
        problems.append(Problem(path, what, _("write it as in [[name, ilike, hotel]]")))
        return None
    before = len(problems)
    terms, lacking = 0, False
    for index in range(len(domain) - 1, -1, -1):
        item = domain[index]
        if isinstance(item, str) and item in ARITY:
            lacking = lacking or terms < ARITY[item]
            terms = max(terms - ARITY[item], 0) + 1
        else:
            _check_leaf(item, (*path, index), problems)
            terms += 1
    if lacking:
        what = _("The domain lacks a term after one of its &, | or !")
        problems.append(Problem(path, what, _("& and | take the two terms that follow, ! takes one")))
    return tuple(_frozen(item) for item in domain) if len(problems) == before else None


def _frozen(item: object) -> object:
    """The item with tuples for lists, and False for None as Odoo has it."""
    if isinstance(item, list | tuple):
        return tuple(_frozen(part) for part in item)
    return False if item is None else item


def is_constant(leaf: Sequence[object]) -> bool:
    """``(1, '=', 1)`` or ``(0, '=', 1)``: everything, nothing."""
    return tuple(leaf) in ((1, "=", 1), (0, "=", 1)) and not isinstance(leaf[0], bool)


def _check_leaf(item: object, path: Path, problems: list[Problem]) -> None:
    if not isinstance(item, list | tuple) or len(item) != 3:
        what = _("{term} is no term of a domain").format(term=repr(item)[:100])
        problems.append(Problem(path, what, _("write &, |, ! or [field, operator, value]")))
        return
    name, operator, value = item
    if is_constant(item):
        return
    if not isinstance(name, str) or not name or not all(step.isidentifier() for step in name.split(".")):
        what = _("{key} is not a field name").format(key=repr(name)[:100])
        problems.append(Problem(path, what, _("use its technical name, as in country_id.code")))
    elif not isinstance(operator, str) or operator not in OPERATORS:
        what = _("Unknown operator {operator} in a domain").format(operator=repr(operator)[:100])
        known = _("the operators are {names}").format(names=", ".join(sorted(OPERATORS)))
        problems.append(Problem(path, what, did_you_mean(str(operator), OPERATORS, known)))
    elif operator in SUBDOMAINS:
        check_structure(value, (*path, 2), problems)
    elif not _fits(operator, value):
        what = _("The value of {operator} on {field} is not right").format(operator=operator, field=name)
        problems.append(Problem((*path, 2), what, _("in takes a list, like a text, < and > a number or a date")))


def _plain(value: object) -> bool:
    if isinstance(value, str):
        return not unsendable(value)
    return value is None or (isinstance(value, int | float) and math.isfinite(value))


def _list_of_plain(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, list | tuple) and all(_plain(item) for item in value)


def _fits(operator: str, value: object) -> bool:
    if operator in SETS:
        return _list_of_plain(value)
    if operator in TREES:
        return _list_of_plain(value) or _plain(value)
    if operator in EQUALITIES:
        return _list_of_plain(value) or _plain(value)
    if operator in LIKES:
        return isinstance(value, str) and _plain(value)
    return _plain(value) and value is not None and not isinstance(value, bool)


def check_fields(
    domain: Sequence[object],
    model: str,
    vocabulary: Vocabulary,
    path: Path,
    problems: list[Problem],
    *,
    asked_of: Field | None = None,
) -> tuple[object, ...] | None:
    """A checked ``domain`` with the names that fields have on this server; Problems and None where ``model`` lacks one,
    or where versions of Odoo read a part of it differently.

    ``asked_of``: the record that this many2one leads to is asked, as in `bind`.
    """
    before = len(problems)
    named: list[object] = []
    for index, item in enumerate(domain):
        at = (*path, index)
        if item == "!":
            what = _("! is read differently by different versions of Odoo")
            problems.append(Problem(at, what, _("negate each term: != for =, not in for in, not ilike for ilike")))
        elif isinstance(item, str) or not isinstance(item, Sequence) or is_constant(item):
            named.append(item)
        else:
            named.append(_checked_leaf(item, model, vocabulary, at, problems, asked_of))
    return tuple(named) if len(problems) == before else None


def _checked_leaf(
    leaf: Sequence[Any],
    model: str,
    vocabulary: Vocabulary,
    path: Path,
    problems: list[Problem],
    asked_of: Field | None,
) -> object:
    name, operator, value = leaf
    if operator in SOME_VERSIONS:
        what = _("Not every version of Odoo knows {operator} in a domain").format(operator=operator)
        problems.append(Problem(path, what, _("use a path, =, !=, in, not in or child_of")))
        return leaf
    fields = walk(str(name), model, vocabulary, path, problems)
    if fields is None:
        return leaf
    walked = fields if asked_of is None else (asked_of, *fields)
    if not accepts(fields[-1], operator, value):
        what = _("{operator} {value} on {field} differs between versions of Odoo").format(
            operator=operator, value=repr(value)[:100], field=name
        )
        problems.append(Problem((*path, 2), what, instead(fields[-1])))
    elif wrong := next((one for number in _numbers(value) if (one := too_fine(number, fields[-1], vocabulary))), None):
        problems.append(Problem((*path, 2), *wrong))
    elif refused := refused_relations(walked, operator, _ids(value), vocabulary, asked_of=asked_of):
        problems.append(Problem(path, refused.what, refused.todo))
    asked = tree_path(walked) if operator == "child_of" else ".".join(field.name for field in walked)
    return (asked, operator, value)


def _numbers(value: object) -> list[float]:
    found = value if isinstance(value, list | tuple) else (value,)
    return [value for value in found if isinstance(value, float)]


def _ids(value: object) -> list[int]:
    found = value if isinstance(value, list | tuple) else (value,)
    return [value for value in found if isinstance(value, int) and not isinstance(value, bool)]
