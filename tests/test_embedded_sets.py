"""Searches by sets find what testing record by record finds, whatever is asked and whatever was written before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xmlrpc.client import Fault
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmenter.embedded import EmbeddedServer, Tables, sets
from segmenter.embedded.domains import mentions, predicate
from segmenter.embedded.faults import fault
from segmenter.embedded.rights import SALESMAN, SALESMAN_OWN, rule
from segmenter.embedded.tables import Row
from segmenter.record_set import RecordSet

SANTIAGO = "America/Santiago"
IDS = (1, 2, 3, 9)
"""The last one is of no related record: what leads there leads nowhere."""
TEXTS = (None, "", "Hotel Sol", "hotel", "100%", "Ñandú")
MOMENTS = (None, "2026-03-01 02:59:59", "2026-03-01 03:00:00", "2026-04-05 12:00:00")
DAYS = (None, "2026-03-01", "2026-03-31")
NUMBERS = (None, 0.0, 5, 5.5, -1.0, 1e9)


def _some(values: Sequence[Any]) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def _ids(most: int = 2) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(_some(IDS), unique=True, max_size=most).map(lambda ids: tuple(sorted(ids)))


ONE = _some((None, *IDS))
FLAG = st.booleans()
ROWS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "crm.lead": {
        **{"name": _some(TEXTS), "city": _some(TEXTS), "active": FLAG, "priority": _some((None, "0", "1", "3"))},
        **{"expected_revenue": _some(NUMBERS), "color": _some((None, 0, 1, 5)), "date_conversion": _some(MOMENTS)},
        **{"date_deadline": _some(DAYS), "stage_id": ONE, "partner_id": ONE, "country_id": ONE, "user_id": ONE},
        **{"tag_ids": _ids(3), "create_date": _some(MOMENTS)},
    },
    "crm.stage": {"name": _some(TEXTS), "is_won": FLAG, "sequence": _some((0, 1, 5))},
    "crm.tag": {"name": _some(TEXTS), "color": _some((0, 1, 5))},
    "res.country": {"name": _some(TEXTS), "code": _some((None, "CL", "PE"))},
    "res.country.state": {"name": _some(TEXTS), "code": _some(("RM", "AN")), "country_id": ONE},
    "res.partner": {
        **{"name": _some(TEXTS), "is_company": FLAG, "active": FLAG, "parent_id": ONE, "state_id": ONE},
        **{"category_id": _ids(), "country_id": ONE},
    },
    "res.partner.category": {"name": _some(TEXTS), "active": FLAG, "parent_id": ONE, "partner_ids": _ids()},
}
PATHS = (
    *("id", "name", "city", "active", "priority", "expected_revenue", "color", "date_conversion", "date_deadline"),
    *("stage_id", "partner_id", "country_id", "tag_ids", "create_date", "display_name", "user_id"),
    *("stage_id.is_won", "stage_id.name", "stage_id.sequence", "country_id.code", "tag_ids.name", "tag_ids.color"),
    *("partner_id.name", "partner_id.active", "partner_id.category_id", "partner_id.category_id.active"),
    *("partner_id.category_id.name", "partner_id.parent_id", "partner_id.parent_id.country_id", "partner_id.id"),
    *("partner_id.child_ids", "partner_id.child_ids.name", "partner_id.state_id", "partner_id.display_name"),
    *("partner_id.state_id.display_name", "tag_ids.id", "partner_id.child_ids.active", "nothing", "stage_id.nothing"),
)
OPERATORS = (
    *("=", "!=", "in", "not in", "<", ">", "<=", ">=", "like", "ilike", "not ilike", "=like", "=ilike", "=?"),
    *("child_of", "parent_of", "not like", "not =ilike"),
)
SCALARS = _some(
    (*TEXTS, *MOMENTS, *DAYS, *NUMBERS, *IDS, False, True, "0", "3", "CL", "PE", "o", "%o%", "Hotel Sol (CL)", 7)
)
OPERANDS = st.one_of(SCALARS, st.lists(SCALARS, max_size=3))
LEAVES = st.tuples(_some(PATHS), _some(OPERATORS), OPERANDS)
INSIDE = {
    "tag_ids": st.tuples(_some(("name", "color", "id")), _some(OPERATORS[:10]), OPERANDS),
    "partner_id": st.tuples(_some(("name", "country_id", "child_ids.name")), _some(OPERATORS[:10]), OPERANDS),
    "partner_id.category_id": st.tuples(_some(("name", "active")), _some(OPERATORS[:10]), OPERANDS),
    "partner_id.child_ids": st.tuples(_some(("name", "is_company")), _some(OPERATORS[:10]), OPERANDS),
}
SUBDOMAINS = _some(tuple(INSIDE)).flatmap(
    lambda path: st.tuples(st.just(path), _some(("any", "not any")), st.lists(INSIDE[path], max_size=2))
)
EVERYTHING = st.just((1, "=", 1))


def _joined(parts: st.SearchStrategy[list[Any]]) -> st.SearchStrategy[list[Any]]:
    both = st.builds(lambda word, one, other: [word, *one, *other], _some("&|"), parts, parts)
    return st.one_of(both, parts.map(lambda part: ["!", *part]))


TERMS = st.recursive(st.one_of(LEAVES, SUBDOMAINS, EVERYTHING).map(lambda leaf: [leaf]), _joined, max_leaves=4)
DOMAINS = st.lists(TERMS, max_size=2).map(lambda terms: [item for term in terms for item in term])


def _row(model: str) -> st.SearchStrategy[Row]:
    return st.fixed_dictionaries(ROWS[model])


TABLES = st.fixed_dictionaries(
    {
        model: st.lists(_row(model), max_size=8) if model == "crm.lead" else st.tuples(*[_row(model)] * 3).map(list)
        for model in ROWS
    }
)
LATER = st.lists(
    _some(tuple(ROWS)).flatmap(lambda model: st.tuples(st.just(model), _some(IDS), st.none() | _row(model))), max_size=2
)


def _row_of(model: str, record: int, row: Row, gone: bool) -> Row:
    """A row whose relations lead nowhere only if ``gone``, and a category that is called by those above it."""

    def led(cell: Any) -> Any:
        if isinstance(cell, tuple):
            return tuple(other for other in cell if other != 9)
        return None if cell == 9 else cell

    found = dict(row) if gone else {name: led(cell) for name, cell in row.items()}
    if model == "res.partner.category" and (found["parent_id"] or 0) >= record:
        found["parent_id"] = None
    return found


def _server(rows: dict[str, list[Row]], groups: frozenset[str], *, gone: bool = True) -> EmbeddedServer:
    tables = Tables()
    for model, added in rows.items():
        for record, row in enumerate(added, 1):
            tables.add(model, **_row_of(model, record, row, gone))
    tables.add("res.users", login="work", tz=SANTIAGO, active=True)
    tables.groups[1] = groups
    return EmbeddedServer(tables, uid=1, login="work")


def _by_record(server: EmbeddedServer, domain: list[Any], *, archived: bool) -> list[int] | Fault:
    """What a search finds that tests record by record."""
    tables, visible = server.tables, rule(server.tables, 1, "crm.lead")
    tables.language = "en_US"
    try:
        matches = predicate(tables, "crm.lead", domain, ZoneInfo(SANTIAGO))
        candidates = list(tables.rows["crm.lead"])
        if not archived and not mentions(domain, "active"):
            candidates = tables.active("crm.lead", candidates)
        return sorted(record for record in candidates if visible(record) and matches(record))
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        return fault(error)


def _by_sets(server: EmbeddedServer, domain: list[Any], *, archived: bool) -> list[int] | Fault:
    options = {"order": "id", "context": {"active_test": not archived}}
    try:
        found: list[int] = server.execute_kw("crm.lead", "search", [domain], options)
    except Fault as error:
        return error
    else:
        return found


def _told(answer: list[int] | Fault) -> object:
    return (answer.faultCode, answer.faultString) if isinstance(answer, Fault) else answer


@settings(max_examples=150, deadline=None)
@given(TABLES, st.lists(DOMAINS, min_size=1, max_size=3), LATER, _some((SALESMAN, SALESMAN_OWN)), FLAG, FLAG)
def test_sets_find_what_testing_every_record_finds(
    rows: dict[str, list[Row]],
    domains: list[list[Any]],
    later: list[Any],
    groups: frozenset[str],
    archived: bool,
    gone: bool,
) -> None:
    server = _server(rows, groups, gone=gone)
    for changes in ([], later):
        for model, record, row in changes:
            server.tables.put(model, record, row and _row_of(model, record, row, gone))
        for domain in domains:
            expected = _by_record(server, domain, archived=archived)
            assert _told(_by_sets(server, domain, archived=archived)) == _told(expected), domain


@settings(max_examples=60, deadline=None)
@given(TABLES, DOMAINS, _some((["stage_id"], ["tag_ids"], ["priority", "stage_id"], ["city", "tag_ids", "active"])))
def test_groups_hold_the_records_of_their_values(rows: dict[str, list[Row]], domain: list[Any], by: list[str]) -> None:
    server = _server(rows, SALESMAN)
    found = _by_sets(server, domain, archived=False)
    if isinstance(found, Fault):
        return
    groups = server.execute_kw("crm.lead", "formatted_read_group", [domain, by, ["id:array_agg"]], {})
    expected: dict[tuple[Any, ...], list[int]] = {}
    for record in found:
        keys: list[tuple[Any, ...]] = [()]
        for name in by:
            cell = server.tables.cell("crm.lead", record, name)
            held = cell or (None,) if isinstance(cell, tuple) else (cell,)
            keys = [(*key, value) for key in keys for value in held]
        for key in keys:
            expected.setdefault(key, []).append(record)

    def plain(value: Any) -> Any:
        return value[0] if isinstance(value, list) else None if value is False else value

    told = {tuple(plain(group[name]) for name in by): group["id:array_agg"] for group in groups}
    assert told == {tuple(plain(value) for value in key): ids for key, ids in expected.items()}


@pytest.fixture
def server() -> EmbeddedServer:
    tables = Tables()
    won = tables.add("crm.stage", name="Won", is_won=True)
    for revenue in (10.0, 20.0, 30.0):
        tables.add("crm.lead", name=f"Lead {revenue}", expected_revenue=revenue, stage_id=won, active=revenue < 30)
    tables.add("res.users", login="work", tz=SANTIAGO, lang="es_CL", active=True)
    tables.groups[1] = SALESMAN
    for code in ("en_US", "es_CL"):
        tables.add("res.lang", code=code, active=True)
    return EmbeddedServer(tables, uid=1, login="work")


def test_a_set_is_taken_of_a_search(server: EmbeddedServer) -> None:
    assert server.take("crm.lead", [("expected_revenue", ">", 10)]) == RecordSet([2])
    assert server.take("crm.lead", [("expected_revenue", ">", 10), ("active", "in", [True, False])]) == RecordSet(
        [2, 3]
    )
    assert server.take("crm.lead", []) == RecordSet([1, 2])


def test_days_begin_where_the_caller_is(server: EmbeddedServer) -> None:
    server.tables.put("crm.lead", 1, {**server.tables.rows["crm.lead"][1], "create_date": "2026-03-01 02:30:00"})
    server.tables.put("crm.lead", 2, {**server.tables.rows["crm.lead"][2], "create_date": "2026-03-01 03:30:00"})
    since = [("create_date", ">=", "2026-03-01")]
    assert server.take("crm.lead", since) == RecordSet([2])
    assert server.take("crm.lead", since, zone=ZoneInfo("UTC")) == RecordSet([1, 2])


def test_names_are_compared_in_the_language_of_the_user(server: EmbeddedServer) -> None:
    server.tables.language = "es_CL"
    server.tables.translate("crm.stage", 1, "name", "Ganado")
    assert server.take("crm.lead", [("stage_id.name", "=", "Ganado")]) == RecordSet([1, 2])
    assert not server.take("crm.lead", [("stage_id.name", "=", "Ganado")], language="en_US")


def test_a_set_is_refused_as_a_search_is(server: EmbeddedServer) -> None:
    with pytest.raises(Fault, match=r"Invalid field crm\.lead\.nothing"):
        server.take("crm.lead", [("nothing", "=", 1)])
    with pytest.raises(Fault, match="doesn't exist"):
        server.take("x_nothing", [])
    with pytest.raises(Fault) as refused:
        server.execute_kw("crm.lead", "taken", [[]], {})
    assert refused.value.faultCode == 1


def test_a_leaf_is_asked_once_until_a_row_changes(server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    compiled = sets.compiled

    def counting(domain: Any, *args: Any) -> Any:
        asked.extend(domain)
        return compiled(domain, *args)

    monkeypatch.setattr(sets, "compiled", counting)
    rich, won = ("expected_revenue", ">=", 20), ("stage_id.is_won", "=", True)
    for _time in range(3):
        server.take("crm.lead", [rich, won])
    assert asked == [("is_won", "=", True), rich]
    server.tables.put("crm.stage", 1, {"name": "Won", "is_won": False})
    assert not server.take("crm.lead", [rich, won])
    assert asked[2:] == [("is_won", "=", True)]
    server.tables.put("crm.lead", 1, {"name": "Lead", "expected_revenue": 20.0, "active": True})
    assert server.take("crm.lead", [rich]) == RecordSet([1, 2])
    assert asked[3:] == [rich]
