"""Plan against plan: laws that hold of any two, on specs edited at random over data that changes at random."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from segmenter.planning.comparing import PlanDiff, comparable, compare
from segmenter.planning.edits import Edit, criteria
from segmenter.planning.moves import Move, Place, Side
from segmenter.plans.changes import ChangeSet, ConfigChange
from segmenter.plans.plan import ExampleResult, Members, SegmentCount, Violation
from segmenter.record_set import RecordSet, union
from tests.support.heads import altered
from tests.support.ledgers import SERVER, make_head

RECORDS = range(1, 13)
NAMES = ("Alto", "Medio", "Bajo", "Otro")
ABOVE = {"operator": ">=", "kind": "number", "labels": ["Ingreso"], "field": "expected_revenue"}


def spec_text(segments: Mapping[str, int], *, default: str | None, many: bool = False, **more: Any) -> str:
    """A spec of one segmentation. ``segments``: name -> least revenue."""
    division: dict[str, Any] = {
        "name": "Nivel",
        "store": {"tags": "many" if many else "exclusive"},
        "segments": [
            {"name": name, "when": {"expected_revenue": {">=": least}}, "set": {"priority": 1}}
            for name, least in segments.items()
        ],
        **({"default": {"name": default}} if default else {}),
    }
    content = {
        "version": 1,
        "client": {"name": "Viveros"},
        "scope": {"model": "crm.lead"},
        "segmentations": [division],
        **more,
    }
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def side(
    segments: Mapping[str, int],
    data: Mapping[int, int],
    *,
    default: str | None = "Resto",
    many: bool = False,
    kept: bool = True,
    protected: frozenset[int] = frozenset(),
    **more: Any,
) -> Side:
    """A plan of records of these revenues, as `draft` would make it: each record gets the tag of its segment."""
    scope = RecordSet(data) - RecordSet(protected)
    rest, taken = scope, list[RecordSet]()
    for least in segments.values():
        matched = RecordSet(record for record in scope if data[record] >= least)
        taken.append(matched if many else matched & rest)
        rest = rest - matched
    names = [*segments, *([default] if default else [])]
    uncovered = 0 if default else len(rest)
    if default:
        taken.append(rest)
    counts = tuple(
        SegmentCount(
            *("Nivel", name, name == default, None, ""),
            {**ABOVE, "values": [segments[name]]} if name in segments else None,
            *((), len(records), len(records), len(records)),
        )
        for name, records in zip(names, taken, strict=True)
    )
    created = tuple(ConfigChange(-at, "crm.tag", name, {"name": name}) for at, name in enumerate(names, 1))
    changes = [
        ChangeSet(records, "tag_ids", [], [-at], "Nivel", name)
        for at, (name, records) in enumerate(zip(names, taken, strict=True), 1)
        if records
    ]
    head = make_head(
        segments=counts,
        scope_count=len(scope),
        protected=len(protected),
        uncovered={"Nivel": uncovered},
        config=created,
        spec_text=spec_text(segments, default=default, many=many, **more),
    )
    members = Members(scope, RecordSet(protected), tuple(taken))
    return Side(head, changes, members if kept else None)


orders = st.lists(st.sampled_from(NAMES), unique=True, min_size=1)
segments = orders.flatmap(lambda names: st.fixed_dictionaries({name: st.integers(0, 9) for name in names}))
data = st.dictionaries(st.sampled_from(RECORDS), st.integers(0, 9))
defaults = st.sampled_from([None, "Resto", "Sin evaluar"])


@st.composite
def sides(draw: st.DrawFn, many: bool | None = None, kept: bool = True) -> Side:
    found = draw(data)
    return side(
        draw(segments),
        found,
        default=draw(defaults),
        many=draw(st.booleans()) if many is None else many,
        kept=kept,
        protected=draw(st.frozensets(st.sampled_from(sorted(found)) if found else st.nothing())),
    )


any_side = st.booleans().flatmap(lambda kept: sides(kept=kept))


def mirrored(diff: PlanDiff) -> dict[str, Any]:
    """What a comparison says, told the other way round and without an order."""
    return {
        "edits": sorted((e.what, str(e.after), str(e.before), e.segmentation) for e in diff.edits),
        "moves": sorted(
            (m.segmentation, m.target, m.origin, tuple(m.records), tuple(sorted(e.what for e in m.because)))
            for m in diff.moves
        ),
        "pairs": sorted((str(p.new), str(p.old)) for p in diff.pairs),
        "writes": [(w.field, w.only_new, w.only_old, w.other) for w in diff.writes],
        "figures": {name: (after, before) for name, (before, after) in diff.figures.items()},
        "config": sorted(map(str, diff.config[1])),
    }


def straight(diff: PlanDiff) -> dict[str, Any]:
    """The same, as it is."""
    return {
        "edits": sorted((e.what, str(e.before), str(e.after), e.segmentation) for e in diff.edits),
        "moves": sorted(
            (m.segmentation, m.origin, m.target, tuple(m.records), tuple(sorted(e.what for e in m.because)))
            for m in diff.moves
        ),
        "pairs": sorted((str(p.old), str(p.new)) for p in diff.pairs),
        "writes": [(w.field, w.only_old, w.only_new, w.other) for w in diff.writes],
        "figures": dict(diff.figures),
        "config": sorted(map(str, diff.config[0])),
    }


@given(any_side)
def test_a_plan_does_not_differ_from_itself(one: Side) -> None:
    assert compare(one, one).empty


@given(any_side, any_side)
def test_the_other_way_round_it_says_the_same(old: Side, new: Side) -> None:
    assert straight(compare(new, old)) == mirrored(compare(old, new))


@given(sides(), sides())
def test_the_moves_are_what_the_counts_differ_by(old: Side, new: Side) -> None:
    diff = compare(old, new)
    for pair in diff.pairs:
        if pair.old is None or pair.new is None:
            continue
        gained = sum(len(move.records) for move in diff.moves if move.target == Place("segment", pair.new.segment))
        lost = sum(len(move.records) for move in diff.moves if move.origin == Place("segment", pair.old.segment))
        if any(edit.what == "store" for edit in diff.edits):
            continue  # from one place a record to several, or back
        assert pair.new.taken - pair.old.taken == gained - lost


@given(sides(many=False), sides(many=False))
def test_no_record_moves_twice(old: Side, new: Side) -> None:
    moves = compare(old, new).moves
    assert sum(len(move.records) for move in moves) == len(union(move.records for move in moves))


@given(segments, segments, data, defaults)
def test_on_the_same_data_every_move_has_a_reason(
    before: dict[str, int], after: dict[str, int], found: dict[int, int], default: str | None
) -> None:
    diff = compare(side(before, found, default=default), side(after, found, default=default))
    assert all(move.because for move in diff.moves)


@given(segments, data, data, defaults)
def test_without_an_edit_no_move_has_a_reason(
    same: dict[str, int], before: dict[int, int], after: dict[int, int], default: str | None
) -> None:
    diff = compare(side(same, before, default=default), side(same, after, default=default))
    assert not diff.edits
    assert not any(move.because for move in diff.moves)


@given(sides(many=False), sides(many=False))
def test_what_the_changes_tell_is_a_part_of_what_is_kept(old: Side, new: Side) -> None:
    whole = {(m.origin, m.target): m.records for m in compare(old, new).moves}
    for before, after in ((replace(old, members=None), new), (replace(old, members=None), replace(new, members=None))):
        diff = compare(before, after)
        assert not diff.exact
        for move in diff.moves:
            assert move.records <= whole[move.origin, move.target]


DATA = {record: record for record in RECORDS}


def only(diff: PlanDiff) -> Move:
    (move,) = diff.moves
    return move


def whats(edits: tuple[Edit, ...]) -> list[tuple[str, str]]:
    return [(edit.what, edit.segment) for edit in edits]


def test_a_lower_threshold_moves_those_between_the_two() -> None:
    old, new = side({"Alto": 9, "Medio": 3}, DATA), side({"Alto": 7, "Medio": 3}, DATA)
    diff = compare(old, new)
    move = only(diff)
    assert (move.origin, move.target, move.records) == (
        Place("segment", "Medio"),
        Place("segment", "Alto"),
        RecordSet([7, 8]),
    )
    (edit,) = diff.edits
    assert move.because == (edit,)
    assert (edit.what, edit.segment) == ("condition", "Alto")
    assert (edit.before["values"], edit.after["values"]) == ([9], [7])
    assert [(w.field, w.other) for w in diff.writes] == [("tag_ids", RecordSet([7, 8]))]


def test_the_later_of_two_segments_does_not_decide() -> None:
    """Alto comes first: what Medio takes besides has nothing to do with who leaves Alto."""
    old, new = side({"Alto": 7, "Medio": 3}, DATA), side({"Alto": 7, "Medio": 2}, {**DATA, 9: 5})
    moves = {(move.origin.segment, move.target.segment): whats(move.because) for move in compare(old, new).moves}
    assert moves == {("Alto", "Medio"): [], ("Resto", "Medio"): [("condition", "Medio")]}


def test_an_edit_that_takes_more_makes_nobody_leave() -> None:
    old, new = side({"Alto": 9}, DATA), side({"Alto": 7}, {**DATA, 10: 1})
    moves = {(move.origin.segment, move.target.segment): whats(move.because) for move in compare(old, new).moves}
    assert moves == {("Resto", "Alto"): [("condition", "Alto")], ("Alto", "Resto"): []}


def test_the_order_explains() -> None:
    old, new = side({"Alto": 7, "Medio": 3}, DATA), side({"Medio": 3, "Alto": 7}, DATA)
    assert whats(only(compare(old, new)).because) == [("order", "")]


def test_a_new_segment_and_one_that_is_gone() -> None:
    old, new = side({"Alto": 7, "Medio": 3}, DATA), side({"Alto": 7, "Otro": 5}, DATA)
    moves = {(m.origin.segment, m.target.segment): whats(m.because) for m in compare(old, new).moves}
    assert moves == {
        ("Medio", "Otro"): [("segment", "Medio"), ("segment", "Otro")],
        ("Medio", "Resto"): [("segment", "Medio")],
    }


def test_another_name_is_no_new_segment() -> None:
    old, new = side({"Alto": 7}, DATA, default="Resto"), side({"Grande": 7}, DATA, default="Sin evaluar")
    diff = compare(old, new)
    assert [(e.what, e.before, e.after) for e in diff.edits] == [
        ("name", "Alto", "Grande"),
        ("name", "Resto", "Sin evaluar"),
    ]
    assert all(whats(move.because) == [("name", move.target.segment)] for move in diff.moves)
    assert not any(pair.differs for pair in diff.pairs)


def test_a_record_may_be_in_several_segments() -> None:
    old = side({"Alto": 7, "Medio": 3}, DATA, many=True)
    new = side({"Alto": 9, "Medio": 3}, DATA, many=True)
    move = only(compare(old, new))
    assert (move.origin, move.target, move.records) == (
        Place("segment", "Alto"),
        Place("out", "Alto"),
        RecordSet([7, 8]),
    )


def test_the_scope_and_what_is_protected() -> None:
    here = {**DATA, 13: 13}
    old = side({"Alto": 7}, DATA, scope={"model": "crm.lead", "where": {"type": "lead"}})
    new = side({"Alto": 7}, here, protected=frozenset([8]), protect=[{"name": "x"}])
    moves = {(m.origin.where, m.target.where): (m.records, whats(m.because)) for m in compare(old, new).moves}
    assert moves == {
        ("outside", "segment"): (RecordSet([13]), [("scope", "")]),
        ("segment", "protected"): (RecordSet([8]), [("protect", "")]),
    }


def test_what_one_plan_creates_and_the_other_finds_is_the_same() -> None:
    first = side({"Alto": 7}, DATA, default=None)
    names = {**first.plan.names.value_names, "tag_ids:40": "Alto"}
    second = Side(
        altered(first.plan, config=(), value_names=names),
        [ChangeSet(first.changes[0].records, "tag_ids", [], [40], "Nivel", "Alto")],
        first.members,
    )
    assert compare(first, second).writes == ()
    assert compare(second, first).writes == ()


def test_what_else_differs() -> None:
    old, new = side({"Alto": 7}, DATA), side({"Alto": 7}, DATA)
    met = ExampleResult("Hotel Sol", {"Nivel": "Alto"}, {"Nivel": "Alto"})
    broken = Violation("changes", 9, 5)
    one = altered(old.plan, workload={"Ana": (3, 5), "Luis": (1, 1)}, examples=(met,), violations=(broken,))
    otherwise = replace(met, got={"Nivel": "Resto"})
    two = altered(new.plan, workload={"Ana": (3, 7), "Eva": (0, 2)}, examples=(otherwise, met), config=())
    diff = compare(replace(old, plan=one), replace(new, plan=two))
    assert diff.workload == {"Ana": (5, 7), "Eva": (None, 2), "Luis": (1, None)}
    assert [(was and was.met, now and now.met) for was, now in diff.examples] == [(True, False), (None, True)]
    assert diff.violations == ((broken,), ())
    assert [change.name for change in diff.config[0]] == ["Alto", "Resto"]
    assert not diff.divides_otherwise
    assert not diff.empty


def test_whatever_a_spec_says_is_an_edit() -> None:
    def text(**more: Any) -> str:
        part = {"name": "Alto", "when": {"name": "x"}} | more.pop("part", {})
        division = {"name": "Nivel", "store": {"tags": "exclusive"}, "segments": [part]} | more.pop("division", {})
        client = {"name": "Viveros", "approver": "Ana"} | more.pop("client", {})
        content = {"version": 1, "client": client, "scope": {"model": "crm.lead"}, "segmentations": [division]} | more
        return yaml.safe_dump(content)

    plain = make_head(spec_text=text())
    cases: dict[str, dict[str, Any]] = {
        "color": {"part": {"color": "green"}},
        "description": {"part": {"description": "d"}},
        "actions": {"part": {"set": {"priority": 3}}},
        "expect": {"part": {"expect": "1..5"}},
        "filter": {"part": {"filter": "none"}},
        "condition": {"part": {"when": {"name": "y"}}},
        "store": {"division": {"store": {"tags": "many"}}},
        "purpose": {"division": {"description": "d"}},
        "archived": {"scope": {"model": "crm.lead", "archived": True}},
        "scope": {"scope": {"model": "crm.lead", "where": {"type": "lead"}}},
        "protect": {"protect": [{"city": "x"}]},
        "filters": {"filters": {"share": "shared", "show": "live"}},
        "tracking": {"tracking": "keep"},
        "limit": {"limits": {"changes": 7}},
        "approval": {"limits": {"require_approval": True}},
        "approver": {"client": {"approver": "Paula"}},
        "timezone": {"client": {"timezone": "America/Lima"}},
        "language": {"client": {"language": "es_PE"}},
    }
    for what, more in cases.items():
        edits = criteria(plain, make_head(spec_text=text(**more))).edits
        assert [edit.what for edit in edits] == [what]
        (edit,) = edits
        (back,) = criteria(make_head(spec_text=text(**more)), plain).edits
        assert (back.before, back.after) == (edit.after, edit.before)
    assert criteria(plain, make_head(spec_text="# a comment\n" + text())).edits == ()


def test_a_text_that_no_version_of_today_takes_is_compared_by_its_head() -> None:
    old, new = side({"Alto": 9}, DATA), side({"Alto": 7}, DATA)
    diff = compare(replace(old, plan=altered(old.plan, spec_text="version: 0\n")), new)
    assert whats(diff.edits) == [("condition", "Alto")]
    assert whats(only(diff).because) == [("condition", "Alto")]


def test_plans_of_other_records_are_not_compared() -> None:
    plan = make_head()
    assert comparable(plan, make_head(spec_name="Otro"))
    for other in ({"database": "play"}, {"url": "x"}):
        assert not comparable(plan, make_head(server={**SERVER, **other}))
    assert not comparable(plan, make_head(model="res.partner"))
