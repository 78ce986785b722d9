"""What the language says that a condition means, read off directly: no domains, no bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Protocol, cast

from dateutil.relativedelta import relativedelta

from segmenter.conditions import Field
from segmenter.conditions.operators import FUNCTIONS
from tests.support.conditions_crm import NOW, SANTIAGO

_OPPOSITE = {"not": "=", "not_in": "in", "not_contains": "contains", "has_none": "in"}
_TEXTUAL = {"contains": str.__contains__, "starts_with": str.startswith, "ends_with": str.endswith}


class Thing(Protocol):
    """A record as stored. ``values``: None where it holds nothing, ids or keys for relations."""

    model: str
    values: Mapping[str, Any]

    def field(self, model: str, name: str) -> Field | None:
        """A field of any model."""

    def related(self, field: str, *, archived: bool = False) -> Sequence[Thing]:
        """Where a field leads: through a many2one to any record, through a one2many to active ones, through a many2many
        to active ones, and archived ones if asked for."""


class Owner(Thing, Protocol):
    """A record with lists of others."""

    def listed(self, field: str, *, archived: bool) -> Sequence[Thing]:
        """The records of a list."""

    def entity(self) -> Sequence[Owner]:
        """Of a company: all contacts of it, itself among them."""


def holds(data: Mapping[str, Any], record: Thing) -> bool:
    """Whether ``record`` meets ``data``, read off the language without domains or bounds."""
    return all(_entry_holds(key, value, record) for key, value in data.items())


def _entry_holds(key: str, value: Any, record: Thing) -> bool:
    if key == "all":
        return all(holds(part, record) for part in value)
    if key == "any":
        return any(holds(part, record) for part in value)
    if key == "not":
        return not holds(value, record)
    if isinstance(value, dict) and not value.keys().isdisjoint(FUNCTIONS):
        return _list_holds(key, value, record)
    if not isinstance(value, dict):
        value = {"in" if isinstance(value, list) else "=": value}
    return all(_leaf_holds(key, operator, operand, record) for operator, operand in value.items())


def _leaf_holds(name: str, operator: str, operand: Any, record: Thing) -> bool:
    fields = _walked(record, name.split("."))
    *hops, last = fields
    if operator in _OPPOSITE:
        return not _leaf_holds(name, _OPPOSITE[operator], operand, record)
    reached: list[Thing] = [record]
    for number, hop in enumerate(hops, 1):
        # Whoever asks whether what a record holds is archived means archived ones too.
        asked_itself = number == len(hops) and last.name == "active"
        reached = [other for one in reached for other in one.related(hop.name, archived=asked_itself)]
    if not reached and not any(hop.type.endswith("2many") for hop in hops):
        return _test(last, operator, operand, None, None)
    return any(_test(last, operator, operand, one.values.get(last.name), one) for one in reached)


def _list_holds(name: str, about: Mapping[str, Any], record: Thing) -> bool:
    """What the records of a list give, compared: read off record by record."""
    function = next(key for key in about if key in FUNCTIONS)
    *hops, last = _walked(record, name.split("."))
    things = [record]
    for hop in hops:
        things = [other for one in things for other in one.related(hop.name)]
    whose = about.get("of", "contact")
    if whose != "contact":
        things = [one for thing in things for one in thing.related("commercial_partner_id")]
    owners = [cast(Owner, thing) for thing in things]
    if whose == "both":
        owners = [member for owner in owners for member in owner.entity()]
    where = about.get("where")
    archived = where is not None and "active" in str(where)
    listed = [one for owner in owners for one in owner.listed(last.name, archived=archived)]
    listed = [one for one in listed if where is None or holds(where, one)]
    if function in ("any", "none"):
        return bool(listed) == (function == "any")
    field, value = Field(last.relation or "", "count", "integer", ""), len(listed)
    if function != "count":
        found = record.field(last.relation or "", about[function])
        assert found is not None
        field, value = found, _given(function, [one.values.get(found.name) for one in listed])
    compared = {key: operand for key, operand in about.items() if key not in (function, "of", "where")}
    return all(_given_holds(field, operator, operand, value) for operator, operand in compared.items())


def _given(function: str, values: list[Any]) -> Any:
    if function in ("last", "first"):
        dates = [value for value in values if value]
        return (max if function == "last" else min)(dates) if dates else None
    numbers = [value or 0 for value in values]
    if function == "sum":
        return round(sum(numbers), 6)
    if not numbers:
        return None
    return round(sum(numbers) / len(numbers), 6) if function == "avg" else {"min": min, "max": max}[function](numbers)


def _given_holds(field: Field, operator: str, operand: Any, value: Any) -> bool:
    if operator in _OPPOSITE:
        return not _given_holds(field, _OPPOSITE[operator], operand, value)
    if isinstance(operand, list) and operator == "=":
        operator = "in"
    if operator == "empty":
        return operand is (value is None)
    if value is None and field.type not in ("date", "datetime"):
        return False
    return _test(field, operator, operand, value, None)


def _walked(record: Thing, steps: list[str]) -> list[Field]:
    model, fields = record.model, []
    for step in steps:
        field = record.field(model, step)
        assert field is not None
        model = field.relation or ""
        fields.append(field)
    return fields


def _test(field: Field, operator: str, operand: Any, value: Any, holder: Thing | None) -> bool:
    """One field without a negative operator; ``holder``: whose it is, None behind an empty relation."""
    operands = operand if isinstance(operand, list) else [operand]
    if field.relation:
        return _test_relation(field, operator, operands, holder)
    if operator == "empty":
        return operand is (value in (None, "", 0))
    if operator in _TEXTUAL:
        return _TEXTUAL[operator](folded(value or ""), folded(operand))
    if field.type in ("date", "datetime"):
        return _test_date(field, operator, operands, value)
    if field.type in ("integer", "float", "monetary"):
        value, operands = value or 0, [one or 0 for one in operands]
    elif field.type == "selection":
        labels = {label: key for key, label in field.selection}
        if operator in ("=", "in"):
            operands = [one if one is None else labels.get(str(one), str(one)) for one in operands]
        elif value is None:
            return False
        else:
            value = int(value)
    elif field.type == "boolean":
        value = bool(value)
    else:
        value, operands = value or "", [one or "" for one in operands]
    return _compare(operator, value, operands)


def _test_relation(field: Field, operator: str, operands: list[Any], holder: Thing | None) -> bool:
    related = holder.related(field.name, archived=operator not in (*_TEXTUAL, "under")) if holder else []
    names = {one.values["name"] for one in related}
    if operator == "empty":
        return operands[0] is not bool(related)
    if operator in _TEXTUAL:
        return any(_TEXTUAL[operator](folded(name), folded(operands[0])) for name in names)
    if operator == "under":
        return any(_chain_names(one) & set(operands) for one in related)
    if operator == "has_all":
        return names >= set(operands)
    return bool(names & set(operands)) or (None in operands and not names)


def folded(text: str) -> str:
    """Capitals as small letters, one character at a time, as PostgreSQL has it."""
    return "".join(character.lower()[0] for character in text)


def _compare(operator: str, value: Any, operands: list[Any]) -> bool:
    match operator:
        case ">":
            return bool(value > operands[0])
        case ">=":
            return bool(value >= operands[0])
        case "<":
            return bool(value < operands[0])
        case "<=":
            return bool(value <= operands[0])
        case "between":
            return bool(operands[0] <= value <= operands[1])
        case _:
            return value in operands


def _test_date(field: Field, operator: str, operands: list[Any], value: Any) -> bool:
    """By what the client's calendar and clock show, as precisely as the operand is."""
    if value is None:
        return operator in ("=", "in") and None in operands
    shown = str(value)
    if field.type == "datetime":
        at = datetime.fromisoformat(value).replace(tzinfo=UTC).astimezone(SANTIAGO)
        shown = at.replace(tzinfo=None).isoformat(" ", "seconds")
    if operator == "between":
        low, high = operands
        return low <= shown[: len(low)] and shown[: len(high)] <= high
    if operator in ("=", "in"):
        return any(shown[: len(one)] == one for one in operands if one is not None)
    if operator in (">", ">=", "<", "<="):
        return _compare(operator, shown[: len(operands[0])], operands)
    day, today = date.fromisoformat(shown[:10]), NOW.now.astimezone(SANTIAGO).date()
    count, unit = operands[0].split()
    length = relativedelta(**{unit.removesuffix("s") + "s": int(count)})
    if operator == "next":
        return today <= day <= today + length
    return day < today - length if operator == "older_than" else today - length <= day <= today


def _chain_names(record: Thing) -> set[str]:
    names = {record.values["name"]}
    for parent in record.related("parent_id"):
        names |= _chain_names(parent)
    return names
