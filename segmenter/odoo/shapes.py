"""Checks the shape of each answer once, where it arrives, so that the rest of the code can rely on it.

Neither the server nor what stands in between is trusted: an answer may have any shape that XML-RPC can carry, and hold
records that nobody asked for. Answers of the embedded CRM are checked too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from datetime import date, datetime
from functools import reduce
from itertools import chain
from typing import Any

from segmenter.conditions.dates import moment
from segmenter.conditions.operators import MANY
from segmenter.conditions.vocabulary import Field
from segmenter.i18n import _
from segmenter.odoo.server import Server
from segmenter.odoo.transport_faults import TransportFailed

Shape = Callable[[Any, Sequence[Any], Mapping[str, Any]], bool]
"""Tells whether an answer fits a call with these positional and named arguments."""

EMPTY: frozenset[type] = frozenset({bool, type(None)})
"""The types of an empty value in any field: False, or None on servers that were patched to send it."""
TEXT: frozenset[type] = EMPTY | frozenset({str})
NUMBER: frozenset[type] = EMPTY | frozenset({int, float})
WHOLE: frozenset[type] = EMPTY | frozenset({int})
TYPES: Mapping[str, frozenset[type]] = {
    **dict.fromkeys(("char", "text", "html", "selection", "date", "datetime", "reference"), TEXT),
    **dict.fromkeys(("float", "monetary"), NUMBER),
    **dict.fromkeys(("integer", "many2one_reference"), WHOLE),
    "many2one": WHOLE | frozenset({list}),
    **dict.fromkeys(MANY, EMPTY | frozenset({list})),
    "boolean": EMPTY,
}
"""Type of a field -> the types of its values as Odoo sends them."""
DATES: Mapping[str, Callable[[str], object]] = {"date": date.fromisoformat, "datetime": datetime.fromisoformat}


class Misshapen(TransportFailed):
    """An answer of a shape that the method does not have."""

    def __init__(self, host: str, model: str, method: str) -> None:
        super().__init__(
            _("The answer of {host} to {method} of {model} is not of the form that Odoo gives").format(
                host=host, method=method, model=model
            ),
            todo=_("check that this is the right server, and that nothing in between changes its answers"),
        )


def asked(server: Server, model: str, method: str, args: Sequence[Any], keywords: Mapping[str, Any]) -> Any:
    """The checked answer of a server to one call. Raises `Misshapen`, and whatever the server raises."""
    answer = server.execute_kw(model, method, args, keywords)
    shape = SHAPES.get(method)
    if shape is not None and not shape(answer, args, keywords):
        raise Misshapen(server.identity.url, model, method)
    return answer


def require_types(server: Server, rows: Sequence[Mapping[str, Any]], fields: Iterable[Field]) -> None:
    """Raises `Misshapen` for a value that its field cannot hold. Checks by columns, since there are many rows."""
    for field in fields:
        column = [row[field.name] for row in rows]
        if not _is_column(field, column):
            raise Misshapen(server.identity.url, field.model, f"read({field.name})")


@contextmanager
def understood(server: Server, model: str, method: str) -> Iterator[None]:
    """Turns errors while an answer is taken apart into `Misshapen`."""
    try:
        yield
    except (TypeError, ValueError, LookupError, AttributeError) as error:
        raise Misshapen(server.identity.url, model, method) from error


def is_id(value: Any) -> bool:
    """Whether this is the id of a record."""
    return type(value) is int and value > 0


def are_ids(values: Any) -> bool:
    """Whether this is a list of ids, perhaps empty."""
    return type(values) is list and (not values or (set(map(type, values)) == {int} and min(values) > 0))


def are_rows(rows: Any, names: Collection[str] = ()) -> bool:
    """Whether this is a list of records with an id and these fields."""
    return _are_structs(rows, names) and are_ids([row.get("id") for row in rows])


def _are_structs(rows: Any, names: Collection[str]) -> bool:
    if type(rows) is not list or (rows and set(map(type, rows)) != {dict}):
        return False
    wanted = set(names)
    return all(wanted <= row.keys() for row in rows)


def _is_column(field: Field, column: list[Any]) -> bool:
    allowed = TYPES.get(field.type)
    if allowed is None:
        return True
    types = set(map(type, column))
    if not types <= allowed:
        return False
    if bool in types and field.type != "boolean" and any(value is True for value in column):
        return False
    if field.type in DATES:
        return _are_dates(DATES[field.type], column)
    lists = [value for value in column if type(value) is list] if list in types else []
    if field.type == "many2one":
        return all(len(pair) == 2 and is_id(pair[0]) and type(pair[1]) is str for pair in lists)
    return are_ids(list(chain.from_iterable(lists)))


def _are_dates(parsed: Callable[[str], object], column: Iterable[Any]) -> bool:
    try:
        for text in column:
            if text and (parsed(text), text[4])[1] != "-":
                return False
    except ValueError:
        return False
    return True


def _search(answer: Any, args: Sequence[Any], keywords: Mapping[str, Any]) -> bool:
    if not are_ids(answer) or len(answer) > keywords.get("limit", len(answer)):
        return False
    among = asked_of(args[0])
    return among is None or among >= set(answer)


def asked_of(domain: Sequence[Any]) -> Set[int] | None:
    """The ids to which a domain limits its records; None if it does not limit them."""
    parts: list[Set[int] | None] = []
    for term in reversed(domain):
        if term == "!":
            parts[-1] = None
        elif term in ("&", "|"):
            first, second = parts.pop(), parts.pop()
            parts.append(_both(first, second) if term == "&" else _either(first, second))
        else:
            parts.append(frozenset(term[2]) if tuple(term[:2]) == ("id", "in") else None)
    return reduce(_both, parts, None)


def _both(first: Set[int] | None, second: Set[int] | None) -> Set[int] | None:
    return second if first is None else first if second is None else first & second


def _either(first: Set[int] | None, second: Set[int] | None) -> Set[int] | None:
    return None if first is None or second is None else first | second


def _count(answer: Any, _args: Sequence[Any], _keywords: Mapping[str, Any]) -> bool:
    return type(answer) is int and answer >= 0


def _truth(answer: Any, _args: Sequence[Any], _keywords: Mapping[str, Any]) -> bool:
    return type(answer) is bool


def _read(answer: Any, args: Sequence[Any], keywords: Mapping[str, Any]) -> bool:
    names = args[1] if len(args) > 1 else keywords.get("fields", ())
    if not are_rows(answer, names):
        return False
    ids = {row["id"] for row in answer}
    return len(ids) == len(answer) and ids <= set(args[0])


def _search_read(answer: Any, _args: Sequence[Any], keywords: Mapping[str, Any]) -> bool:
    return are_rows(answer, keywords.get("fields", ())) and len(answer) <= keywords.get("limit", len(answer))


def _created(answer: Any, _args: Sequence[Any], _keywords: Mapping[str, Any]) -> bool:
    return is_id(answer)


def _described(answer: Any, args: Sequence[Any], keywords: Mapping[str, Any]) -> bool:
    if type(answer) is not dict or not all(type(about) is dict for about in answer.values()):
        return False
    if any(name not in answer for name in (args[0] if args else ())):
        return False
    told = "type" in keywords.get("attributes", ("type",))
    return not told or all(map(_is_field, answer.values()))


def _is_field(about: Mapping[str, Any]) -> bool:
    options = about.get("selection")
    related = about.get("related")
    return (
        type(about.get("type")) is str
        and all(not about.get(name) or type(about[name]) is str for name in ("string", "relation"))
        and (not about.get("size") or type(about["size"]) is int)
        and (type(related) is not list or all(type(step) is str for step in related))
        and (type(options) is not list or all(type(pair) is list and len(pair) == 2 for pair in options))
    )


def _formatted_groups(answer: Any, _args: Sequence[Any], keywords: Mapping[str, Any]) -> bool:
    asked = {name: name.rpartition(":")[2] for name in keywords["aggregates"]}
    return _are_groups(answer, keywords["groupby"], asked)


def _groups(answer: Any, args: Sequence[Any], _keywords: Mapping[str, Any]) -> bool:
    parts = [name.partition(":") for name in args[1]]
    asked = {alias: how.partition("(")[0] for alias, _colon, how in parts}
    return _are_groups(answer, args[2], asked | ({"__count": "count"} if args[2] else {}))


def _are_groups(answer: Any, by: Sequence[str], asked: Mapping[str, str]) -> bool:
    """``asked``: the name of each aggregate and its function; the least and the most of dates are dates."""
    lists = [name for name, function in asked.items() if function == "array_agg"]
    extremes = [name for name, function in asked.items() if function in ("min", "max")]
    numbers = [name for name in asked if name not in lists and name not in extremes]
    if not _are_structs(answer, (*by, *asked)):
        return False
    found = {row[name] for row in answer for name in extremes if type(row[name]) is str}
    types = {type(row[name]) for row in answer for name in (*numbers, *extremes) if row[name] not in found}
    if not (types <= NUMBER and all(map(moment, found)) and all(type(row.get("__count", 0)) is int for row in answer)):
        return False
    for row in answer:
        several = [row[name] for name in lists]
        if not all(type(listed) is list for listed in several) or len(set(map(len, several))) > 1:
            return False
        # The first list is that of the ids.
        if several and not are_ids(several[0]):
            return False
    return True


SHAPES: Mapping[str, Shape] = {
    "search": _search,
    "search_count": _count,
    "search_read": _search_read,
    "read": _read,
    "fields_get": _described,
    "formatted_read_group": _formatted_groups,
    "read_group": _groups,
    "check_access_rights": _truth,
    "has_access": _truth,
    "has_group": _truth,
    "write": _truth,
    "unlink": _truth,
    "create": _created,
}
"""Method -> the check of its answer. Every method that is called is here."""
