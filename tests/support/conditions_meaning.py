"""What the language says that a condition means, read off directly: no domains, no bounds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta

from segmenter.conditions import Field
from tests.support.conditions_crm import NOW, SANTIAGO, FakeRecord, FakeVocabulary


def holds(data: Mapping[str, Any], record: FakeRecord) -> bool:
    """Whether ``record`` meets ``data``, read off the language without domains or bounds."""
    return all(_entry_holds(key, value, record) for key, value in data.items())


def _entry_holds(key: str, value: Any, record: FakeRecord) -> bool:
    if key == "all":
        return all(holds(part, record) for part in value)
    if key == "any":
        return any(holds(part, record) for part in value)
    if key == "not":
        return not holds(value, record)
    if not isinstance(value, dict):
        value = {"in" if isinstance(value, list) else "=": value}
    return all(_leaf_holds(key, operator, operand, record) for operator, operand in value.items())


def _leaf_holds(name: str, operator: str, operand: Any, record: FakeRecord) -> bool:
    steps = name.split(".")
    *hops, last = steps
    reached: list[FakeRecord] = [record]
    many = False
    for hop in hops:
        many = many or hop in ("tag_ids", "category_id")
        reached = [other for one in reached for other in one.related(hop)]
    if not reached and not many:
        return _test(_field_at(record, steps), operator, operand, None, [])
    return any(
        _test(_field_at(record, steps), operator, operand, one.values.get(last), one.related(last)) for one in reached
    )


def _field_at(record: FakeRecord, steps: list[str]) -> Field:
    model = record.model
    for step in steps:
        field = FakeVocabulary().field(model, step)
        assert field is not None
        model = field.relation or ""
    return field


def _test(field: Field, operator: str, operand: Any, value: Any, related: list[FakeRecord]) -> bool:
    opposite = {"not": "=", "not_in": "in", "not_contains": "contains", "has_none": "in"}
    if operator in opposite:
        return not _test(field, opposite[operator], operand, value, related)
    if operator == "empty":
        return operand is (value in (None, "", 0, []))
    operands = operand if isinstance(operand, list) else [operand]
    if operator in ("contains", "starts_with", "ends_with"):
        texts = [one.values["name"] for one in related] if field.relation else [value or ""]
        meets = {"contains": str.__contains__, "starts_with": str.startswith, "ends_with": str.endswith}[operator]
        return any(meets(text.lower(), operand.lower()) for text in texts)
    if operator == "under":
        return any(_chain_names(one) & set(operands) for one in related)
    if field.relation:
        names = {one.values["name"] for one in related}
        if operator == "has_all":
            return names >= set(operands)
        return bool(names & set(operands)) or (None in operands and not names)
    if field.type in ("date", "datetime"):
        return _test_date(field, operator, operands, value)
    if field.type in ("integer", "monetary"):
        value, operands = value or 0, [one or 0 for one in operands]
    elif field.type == "selection":
        labels = {label: key for key, label in field.selection}
        if operator in ("=", "in"):
            operands = [one if one is None else labels.get(str(one), str(one)) for one in operands]
        elif value is None:
            return False
        else:
            value = int(value)
    elif field.type == "char":
        value, operands = value or "", [one or "" for one in operands]
    return _compare(operator, value, operands)


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
    """By the day that the client's calendar shows."""
    if value is None:
        return operator in ("=", "in") and None in operands
    day = date.fromisoformat(value[:10])
    if field.type == "datetime":
        day = datetime.fromisoformat(value).replace(tzinfo=UTC).astimezone(SANTIAGO).date()
    today = NOW.now.astimezone(SANTIAGO).date()
    if operator in ("within", "older_than", "next"):
        count, unit = operands[0].split()
        length = relativedelta(**{unit.removesuffix("s") + "s": int(count)})
        if operator == "next":
            return today <= day <= today + length
        return day < today - length if operator == "older_than" else today - length <= day <= today
    return _compare(operator, day, [one and date.fromisoformat(one) for one in operands])


def _chain_names(record: FakeRecord) -> set[str]:
    names = {record.values["name"]}
    for parent in record.related("parent_id"):
        names |= _chain_names(parent)
    return names
