"""Parses what a spec says of a list of records: ``{sum: amount_total, of: both, where: {...}, ">=": 400000}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any as Any_

from segmenter.conditions.meant import meant_owner, unknown_operator
from segmenter.conditions.model import Related
from segmenter.conditions.near import did_you_mean
from segmenter.conditions.operators import FUNCTIONS, SHAPES, WHOSE
from segmenter.conditions.shapes import for_list, is_field_name, leaf_of
from segmenter.errors import Path, Problem
from segmenter.i18n import _, one_of

_ALONE = {"any": (">=", 1), "none": ("=", 0)}
"""What needs no comparison -> the count that it stands for."""


def about_list(
    field: str, value: Mapping[Any_, Any_], path: Path, problems: list[Problem], written: Mapping[str, str]
) -> list[Related] | None:
    """One for each comparison, without what stands under ``where``. None after reporting a problem.

    ``written``: how the file has a key that it writes otherwise.
    """

    def complain(key: str, what: str, todo: str) -> None:
        problems.append(Problem((*path, written.get(key, key)), what, todo))

    function, *others = [key for key in value if key in FUNCTIONS]
    if others:
        what = _("{field} asks for {function} and {other} at once").format(
            field=field, function=function, other=others[0]
        )
        complain(others[0], what, _("write a condition for each, under all:"))
        return None
    before = len(problems)
    of = value[function]
    if not FUNCTIONS[function]:
        if of is not True:
            complain(
                function,
                _("{function} takes no value").format(function=function),
                _("write {function}: true").format(function=function),
            )
        of = ""
    elif not isinstance(of, str) or not is_field_name(of) or "." in of:
        what = _("{function} of {field} needs a field of these records").format(function=function, field=field)
        complain(function, what, _("write its technical name, as in sum: amount_total or last: date"))
    whose = value.get("of", "")
    if "of" in value and whose not in WHOSE:
        what = _("{value} does not say whose {field} is meant").format(value=whose, field=field)
        meant = meant_owner(whose)
        names = meant or one_of(WHOSE)
        complain("of", what, (_("did you mean {names}?") if meant else _("write {names}")).format(names=names))
    compared = {key: operand for key, operand in value.items() if key not in (function, "of", "where")}
    found: list[Related] = []
    if function in _ALONE:
        for key in compared:
            what = _("{function} stands by itself, without {operator}").format(function=function, operator=key)
            complain(str(key), what, _("use count to compare how many there are"))
        found.append(Related(field, "count", "", None, str(whose), *_ALONE[function], path=path))
    elif not compared:
        what = _("{function} of {field} is compared with nothing").format(function=function, field=field)
        complain(function, what, _('add what it is compared with, as in ">=": 3'))
    for key, operand in compared.items() if function not in _ALONE else ():
        if key == "in" and isinstance(operand, str):
            what = _("{function} of {field} is taken in the currency of the records themselves")
            complain(
                "in",
                what.format(function=function, field=field),
                _("say which count: where: {{currency_id: CLP}}").format(),
            )
        elif not isinstance(key, str) or key not in SHAPES:
            todo = did_you_mean(str(key), ("where", "of"), unknown_operator(str(key)))
            complain(str(key), _("Unknown operator {operator}").format(operator=key), todo)
        elif leaf := leaf_of(field, for_list(key, operand), operand, (*path, key), problems):
            found.append(Related(field, function, of, None, str(whose), leaf.operator, leaf.value, path=leaf.path))
    return found if len(problems) == before else None
