"""Two plans of an edited spec, on the CRM in memory and on real Odoos: who moves, and because of what."""

from __future__ import annotations

from segmenter.planning.comparing import PlanDiff
from segmenter.planning.moves import Place
from segmenter.record_set import RecordSet
from segmenter.reports import diff
from tests.support.engagement import Engagement

pytest_plugins = ["tests.support.engagement_fixtures"]


def compared(e: Engagement, old: str, new: str) -> PlanDiff:
    return diff.from_ledger(e.ledger, old, new)


def test_a_lower_threshold_and_an_edit_of_a_person(engagement: Engagement) -> None:
    e = engagement
    leads = e.make_leads(20)  # 0 to 9,000 in turn
    high, middle, low = (Place("segment", e.tag(name)) for name in ("Alto", "Medio", "Bajo"))
    levels = e.levels()
    first = e.plan(e.spec(levels))
    again = e.plan(e.spec(levels))
    assert compared(e, first.id, again.id).empty

    levels["segments"][0]["when"] = {"expected_revenue": {">=": 5000}}
    e.crm.write("crm.lead", [leads[8]], expected_revenue=0)
    new = e.crm.create(
        "crm.lead", {"name": "Nueva", "referred": e.mark, "type": "opportunity", "expected_revenue": 4000}
    )
    second = e.plan(e.spec(levels))
    found = compared(e, first.id, second.id)

    (edit,) = found.edits
    assert (edit.what, edit.segment, edit.reach) == ("condition", e.tag("Alto"), "more")
    between = RecordSet(leads[at] for at in (5, 6, 15, 16))
    assert {(move.origin, move.target): (move.records, move.because) for move in found.moves} == {
        (middle, high): (between, (edit,)),
        (high, low): (RecordSet([leads[8]]), ()),
        (Place("outside"), middle): (RecordSet(new), ()),
    }
    told = diff.told(found, diff.names_in(e.ledger, found))
    (line,) = told.moves
    assert [name for _id, name in line.names] == [f"{e.mark} lead {at:04}" for at in (5, 6, 15, 16)]
    tags = next(writes for writes in found.writes if writes.field == "tag_ids")
    assert (tags.only_old, tags.only_new, tags.other) == (RecordSet(), RecordSet(new), between | RecordSet([leads[8]]))


def test_what_was_applied_between_the_two_moves_nobody(engagement: Engagement) -> None:
    e = engagement
    leads = e.make_leads(10)
    first = e.plan(e.spec(e.levels()))
    e.apply(first)
    found = compared(e, first.id, e.plan(e.spec(e.levels())).id)
    assert not found.divides_otherwise
    tags = next(writes for writes in found.writes if writes.field == "tag_ids")
    assert (tags.only_old, tags.only_new) == (RecordSet(leads), RecordSet())
