"""Sets of records: what a partition is, and single changes out of sets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from segmenter.plans.changes import Change, ChangeSet, changes_by_record
from segmenter.record_set import RecordSet, by_value, partition, to_bytes, union, windows

records = st.sets(st.integers(1, 200), max_size=60).map(RecordSet)


@given(records, st.lists(records, max_size=5))
def test_a_partition_holds_every_record_once_and_says_which_sets_it_is_in(whole, sets):
    cells = partition(whole, sets)

    assert union(cells.values()) == whole
    assert sum(len(cell) for cell in cells.values()) == len(whole)
    for (positions, _values), cell in cells.items():
        for record in cell:
            assert positions == tuple(at for at, some in enumerate(sets) if record in some)


def test_a_partition_of_more_records_than_a_window_is_still_one_of_whole_cells():
    whole = RecordSet(range(1, 120_001))
    even = RecordSet(range(2, 120_001, 2))

    cells = partition(whole, [even])

    assert {positions: len(cell) for (positions, _values), cell in cells.items()} == {(): 60_000, (0,): 60_000}


def test_a_partition_tells_records_apart_by_values_of_their_own():
    cells = partition(RecordSet([1, 2, 3]), [RecordSet([1, 2])], [{1: "a", 2: "b"}.get])

    assert cells == {((0,), ("a",)): RecordSet([1]), ((0,), ("b",)): RecordSet([2]), ((), (None,)): RecordSet([3])}


def test_records_are_grouped_by_their_values():
    assert by_value({3: "a", 1: "b", 2: "a"}) == {"a": RecordSet([2, 3]), "b": RecordSet([1])}


def test_windows_are_in_order_and_leave_nothing_out():
    assert [list(one) for one in windows(RecordSet([5, 1, 9]), 2)] == [[1, 5], [9]]


def test_equal_sets_are_equal_bytes_however_they_were_made():
    one, two = RecordSet(range(1, 1000)), RecordSet(list(range(1, 1000)))
    one.run_optimize()

    assert to_bytes(one) == to_bytes(two)


def test_changes_come_by_record_in_the_order_of_their_sets():
    sets = [
        ChangeSet(RecordSet([1, 3]), "priority", "0", "1", "Level", "High"),
        ChangeSet(RecordSet([1]), "stage_id", 4, 5, "Level", "High"),
    ]
    names = {1: "Uno", 3: "Tres"}

    assert list(changes_by_record(sets, names)) == [
        Change(1, "Uno", "priority", "0", "1", "Level", "High"),
        Change(1, "Uno", "stage_id", 4, 5, "Level", "High"),
        Change(3, "Tres", "priority", "0", "1", "Level", "High"),
    ]
    assert [one.record for one in changes_by_record(sets, names, RecordSet([3]))] == [3]
