"""What people do in Odoo is theirs: their edits between plan and apply, their tags, their edits before an undo."""

from __future__ import annotations

from segmenter.errors import ExitCode
from tests.support.engagement import ANA, Engagement

pytest_plugins = ["tests.support.engagement_fixtures"]


def another(priority: str) -> str:
    """A priority that is not this one, and that no segment gives."""
    return "0" if priority == "1" else "1"


def test_five_records_that_a_person_edits_after_the_plan_are_the_five_conflicts(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(40)
    spec = e.spec(e.levels())
    plan = e.plan(spec)
    before = {change.record: change.before for change in e.ledger.changes(plan.id) if change.field == "priority"}
    edited = sorted(before)[1::3][:5]
    for record in edited:
        e.crm.write("crm.lead", [record], priority=another(before[record]))
    stands = e.state()

    report = e.apply(plan)
    assert report.exit_code == ExitCode.STALE
    assert report.run.status == "conflicts"
    assert report.counts == {"applied": 35, "conflict": 5}
    left = {one.record: one for one in report.left}
    assert sorted(left) == sorted(edited)
    for record, one in left.items():
        assert (one.name, one.field, one.outcome) == (stands[record]["name"], "priority", "conflict")
        assert (one.expected, one.found) == (before[record], stands[record]["priority"])
    now = e.state()
    assert {record: now[record] for record in edited} == {record: stands[record] for record in edited}
    assert all(now[record]["tag_ids"] for record in e.leads if record not in edited)

    # A new plan holds what is left, and nothing else.
    again = e.plan(spec)
    assert {change.record for change in e.ledger.changes(again.id)} == set(edited)


def test_an_edit_of_a_field_that_the_plan_does_not_touch_is_no_conflict(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(6)
    plan = e.plan(e.spec(e.levels()))
    e.crm.write("crm.lead", e.leads[:3], city="Valdivia")
    assert e.apply(plan).counts == {"applied": 6}
    assert e.column("city")[:3] == ["Valdivia"] * 3


def test_a_tag_that_a_person_gave_survives_everything(engagement: Engagement) -> None:
    e = engagement
    hand, late = e.make_tag("a mano"), e.make_tag("después")
    e.make_leads(12, tag_ids=lambda n: [[6, 0, [hand] if n % 2 else []]])
    given = [[e.tag("a mano")] if n % 2 else [] for n in range(12)]

    def by_hand() -> list[list[str]]:
        mine = {e.tag("a mano"), e.tag("después")}
        return [[name for name in row["tag_ids"] if name in mine] for row in e.state().values()]

    plan = e.plan(e.spec(e.levels()), "manager")
    assert by_hand() == given
    # One more is given between plan and apply: no conflict, since it is not ours.
    e.crm.write("crm.lead", [e.leads[4]], tag_ids=[[4, late, 0]])
    given[4] = [e.tag("después")]
    first = e.apply(plan, "manager")
    assert first.counts == {"applied": 12}
    assert by_hand() == given

    changed = e.levels()
    changed["segments"][1]["when"] = {"expected_revenue": {">=": 5000}}
    second = e.apply(e.plan(e.spec(changed), "manager"), "manager")
    assert second.exit_code == ExitCode.DONE
    assert by_hand() == given

    e.crm.write("crm.lead", [e.leads[6]], tag_ids=[[4, late, 0]])
    given[6] = [e.tag("después")]
    for run in (second, first):
        assert e.undo(run.run.id, "manager").exit_code == ExitCode.DONE
        assert by_hand() == given
    assert [row["tag_ids"] for row in e.state().values()] == given


def test_undo_leaves_by_name_what_a_person_changed_and_restores_the_rest_of_that_record(
    engagement: Engagement,
) -> None:
    e = engagement
    e.make_leads(20)
    first = e.state()
    high = [record for record in e.leads if first[record]["expected_revenue"] >= 7000]
    plan = e.plan(e.spec(e.levels(user_id={"assign": [ANA], "only_if_empty": False})), "manager")
    report = e.apply(plan, "manager")
    edited = [record for record in high if first[record]["priority"] != "3"][:2]
    for record in edited:
        e.crm.write("crm.lead", [record], priority=another(first[record]["priority"]))
    stands = e.state()

    seen = e.preview_undo(report.run.id, "manager")
    told = [(one.record, one.name, one.field, one.outcome, one.expected, one.found) for one in seen.left]
    assert told == [(one, first[one]["name"], "priority", "conflict", "3", stands[one]["priority"]) for one in edited]
    assert e.state() == stands, "a preview wrote something"

    back = e.undo(report.run.id, "manager")
    assert back.exit_code == ExitCode.STALE
    named = [(one.record, one.name, one.field, one.outcome, one.expected, one.found) for one in back.left]
    assert named == told
    assert e.state() == first | {one: first[one] | {"priority": stands[one]["priority"]} for one in edited}


def test_a_tag_of_ours_that_people_took_into_use_is_not_deleted_by_undo(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(6)
    (other,) = e.crm.create("crm.lead", {"name": f"{e.mark} ajeno"})
    report = e.apply(e.plan(e.spec(e.levels()), "manager"), "manager")
    (tag,) = e.crm.ids("crm.tag", [["name", "=", e.tag("Alto")]])
    e.crm.write("crm.lead", [other], tag_ids=[[4, tag, 0]])
    back = e.undo(report.run.id, "manager")
    assert back.exit_code == ExitCode.STALE
    ((left),) = back.left
    assert (left.name, left.outcome, left.detail) == (e.tag("Alto"), "conflict", "1 record still uses it")
    assert e.state("crm.lead", [other])[other]["tag_ids"] == [e.tag("Alto")]
    assert e.crm.find("crm.tag", [["name", "=like", f"{e.mark} %"]], ["name"]) == [{"id": tag, "name": e.tag("Alto")}]


def test_a_record_that_a_person_deletes_after_the_plan_is_missing_by_name(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(6)
    plan = e.plan(e.spec(e.levels()))
    gone = e.leads.pop(2)
    e.crm.call("crm.lead", "unlink", [gone])
    report = e.apply(plan)
    assert report.exit_code == ExitCode.STALE
    assert report.counts == {"applied": 5, "missing": 1}
    assert [(one.record, one.name, one.outcome) for one in report.left] == [(gone, f"{e.mark} lead 0002", "missing")]
