"""The whole job, end to end, on the CRM in memory and on a real Odoo 19: plan, show, explain, apply, verify, undo."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from segmenter.errors import ExitCode
from segmenter.odoo.reader import GROUPS_MANY_SINCE, LISTS_AMOUNTS_SINCE
from segmenter.resolving.explain import explain
from tests.support.engagement import ANA, LUIS, Engagement, Live
from tests.support.fakes import Recording

pytest_plugins = ["tests.support.engagement_fixtures"]


def by_level(engagement: Engagement) -> list[list[str]]:
    """The tags that the levels' spec is to give, lead by lead (see `Engagement._lead` and `Engagement.levels`)."""
    revenue = engagement.column("expected_revenue")
    return [[engagement.tag("Alto" if r >= 7000 else "Medio" if r >= 3000 else "Bajo")] for r in revenue]


def tags(engagement: Engagement) -> list[Any]:
    return [row["tag_ids"] for row in engagement.state().values()]


def test_a_portfolio_of_thousands(engagement: Engagement) -> None:
    """More than one page, one question and one batch of everything; the CRM in memory gets a tenth of it."""
    e = engagement
    number = 2500 if isinstance(e.crm, Live) else 250
    hand = e.make_tag("VIP")
    e.make_leads(number, tag_ids=lambda n: [[6, 0, [hand] if n % 7 == 0 else []]])
    fields = ["tag_ids", "priority", "stage_id", "user_id", "team_id"]

    def held() -> list[dict[str, Any]]:
        return e.crm.find("crm.lead", [("id", "in", e.leads)], fields)

    first = held()
    spec = e.spec(e.levels(stage_id={"to": "Calificado", "from": ["Nueva"]}))
    report = e.apply(e.plan(spec), batch_size=1000)
    assert (report.exit_code, report.counts, report.left) == (ExitCode.DONE, {"applied": number}, ())
    assert e.changes(spec) == []
    assert all(hand in row["tag_ids"] for row in held()[::7])
    assert e.undo(report.run.id).counts == {"applied": number}
    assert held() == first


def test_the_whole_job(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(60)
    first = e.state()
    move = {"to": "Calificado", "from": ["Nueva"]}
    spec = e.spec(e.levels(stage_id=move, user_id={"assign": [ANA, LUIS], "by": "least_loaded"}), filters="shared")

    plan = e.plan(spec, "manager")
    assert e.state() == first, "planning wrote something"
    assert (plan.counts.scope_count, plan.violations) == (60, ())
    assert [(one.segment, one.taken, one.matched) for one in plan.counts.segments] == [
        (e.tag("Alto"), 18, 18),
        (e.tag("Medio"), 24, 42),
        (e.tag("Bajo"), 18, 18),
    ]
    # Shown again later: the head and every change, out of the ledger.
    assert e.ledger.plan(plan.id) == plan
    shown = list(e.ledger.changes(plan.id))
    assert {change.record for change in shown} == set(e.leads)
    assert sum(not change.pin for change in shown) == plan.counts.tally.changes

    report = e.apply(plan, "manager")
    assert (report.exit_code, report.counts, report.left) == (ExitCode.DONE, {"applied": 60}, ())
    rows = e.state()
    assert [row["tag_ids"] for row in rows.values()] == by_level(e)
    for before, now in zip(first.values(), rows.values(), strict=True):
        high, new = now["expected_revenue"] >= 7000, before["stage_id"] == e.crm.stages["Nueva"]
        medium = now["expected_revenue"] >= 3000
        assert now["priority"] == ("3" if high else "2" if medium else before["priority"])
        assert now["stage_id"] == (e.crm.stages["Calificado"] if high and new else before["stage_id"])
        if not high or before["user_id"]:
            assert now["user_id"] == before["user_id"]
        else:
            assert now["user_id"] in (e.crm.people[ANA], e.crm.people[LUIS])

    assert e.changes(spec) == [], "verify finds something out of place right after the apply"
    assert e.preview_undo(report.run.id, "manager").restorable == 60

    back = e.undo(report.run.id, "manager")
    assert (back.exit_code, back.left) == (ExitCode.DONE, ())
    assert e.state() == first
    assert e.crm.find("crm.tag", [["name", "=like", f"{e.mark} %"]], ["name"]) == []
    assert e.crm.find("ir.filters", [["name", "ilike", e.mark]], ["name"]) == []

    assert [(run.kind, run.status, run.root) for run in e.ledger.runs()] == [
        ("apply", "done", "R1"),
        ("undo", "done", "R1"),
    ]
    identity = e.crm.connect().identity
    told = e.ledger.history("crm.lead", e.leads[7], database=identity.database, url=identity.url)
    assert {(event.run, event.kind) for event in told} == {("R1", "apply"), ("R2", "undo")}
    assert e.ledger.verify_chain().ok


def test_a_record_is_explained(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(8)
    spec = e.spec(e.levels(), protect=[{"name": {"contains": "0007"}}])

    def about(record: str | int) -> Any:
        return explain(spec, record, *e.look(spec, e.crm.connect()))

    found = about(f"{e.mark} lead 0005")
    assert (found.record, found.in_scope, found.protected) == (e.leads[5], True, False)
    ((name, segments),) = found.segmentations
    assert name == "Nivel"
    assert [(one.segment, one.holds, one.takes) for one in segments] == [
        (e.tag("Alto"), False, False),
        (e.tag("Medio"), True, True),
        (e.tag("Bajo"), True, False),
    ]
    assert segments[0].reason is not None
    assert segments[0].reason.found == 5000
    assert about(e.leads[7]).protected


@pytest.mark.parametrize("protected", [False, True], ids=["no protection", "with protection"])
def test_a_second_plan_right_after_is_empty_and_costs_a_search_a_segment(
    engagement: Engagement, protected: bool
) -> None:
    e = engagement
    e.make_leads(40)
    move = {"to": "Calificado", "from": ["Nueva"]}
    zone = {
        "name": "Zona",
        "store": {"tags": "many"},
        "segments": [
            {"name": e.tag("Chile"), "when": {"city": "Santiago"}},
            {"name": e.tag("Perú"), "when": {"city": "Lima"}},
        ],
    }
    more = {"protect": [{"name": {"contains": "0003"}}]} if protected else {}
    spec = e.spec(e.levels(stage_id=move), zone, **more)
    assert e.apply(e.plan(spec)).exit_code == ExitCode.DONE

    calls: list[Recording] = []

    def recorded(server: Any) -> Recording:
        calls.append(Recording(server))
        return calls[-1]

    plan = e.plan(spec, wrap=recorded)
    assert (plan.counts.tally.records, plan.config) == (0, ())
    (seen,) = calls
    on_leads = Counter(method for model, method, _args, _kw in seen.calls if model == "crm.lead")
    # A search for each of the four segments with a condition, and one for what is protected; the default is what is
    # left and asks nothing. Groups: stage, salesperson and priority, tags, the revenues in one list. Two reads:
    # the names of a few records that overlap or are left out; and what the ledger keeps of every record of the scope.
    expected = {"fields_get": 1, "check_access_rights": 1, "search": 4 + protected, "read": 2}
    version = e.crm.admin.identity.major
    expected["formatted_read_group"] = 3
    if version < LISTS_AMOUNTS_SINCE:
        # It is asked once for what it does not have, and for the revenues in rows.
        expected |= {"read": 3, "read_group": 2, "formatted_read_group": 1}
    if version < GROUPS_MANY_SINCE:
        # For each of the five tags.
        expected |= {"search": 9 + protected, "read_group": 1}
    assert on_leads == expected
    others = Counter(f"{model}.{method}" for model, method, _args, _kw in seen.calls if model != "crm.lead")
    assert others == {
        "crm.tag.fields_get": 1,
        "crm.tag.search_read": 1 + 2,  # every tag once, and the colour of the two that the spec gives one
        "crm.stage.fields_get": 1,
        "crm.stage.search_read": 1,
        "res.company.search_read": 1,  # in which currencies amounts can be
    }


def test_a_spec_changed_later_moves_only_what_is_out_of_place(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(20)
    e.apply(e.plan(e.spec(e.levels())))
    changed = e.levels()
    changed["segments"][1]["when"] = {"expected_revenue": {">=": 5000}}
    spec = e.spec(changed)
    plan = e.plan(spec)
    # 3,000 and 4,000 fall from Medio to Bajo, which sets no priority.
    assert (plan.counts.tally.records, plan.counts.tally.changes, plan.counts.tally.removed_tags) == (4, 4, 4)
    e.apply(plan)
    assert Counter(tag for (tag,) in tags(e)) == {e.tag("Alto"): 6, e.tag("Medio"): 4, e.tag("Bajo"): 10}


def test_many_tags_are_given_and_taken_one_by_one(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(12)
    first = e.state()
    topics = {
        "name": "Temas",
        "store": {"tags": "many"},
        "segments": [
            {"name": e.tag("caro"), "when": {"expected_revenue": {">=": 5000}}, "set": {"priority": 3}},
            {"name": e.tag("Lima"), "when": {"city": "Lima"}, "set": {"priority": 1}},
            {"name": e.tag("sin ciudad"), "when": {"city": {"empty": True}}},
        ],
    }
    report = e.apply(e.plan(e.spec(topics), "manager"), "manager")
    assert report.exit_code == ExitCode.DONE
    for before, now in zip(first.values(), e.state().values(), strict=True):
        dear, lima, nowhere = now["expected_revenue"] >= 5000, now["city"] == "Lima", not now["city"]
        expected = [e.tag(name) for name, given in (("caro", dear), ("Lima", lima), ("sin ciudad", nowhere)) if given]
        assert now["tag_ids"] == sorted(expected)
        # The first segment that sets a field wins.
        assert now["priority"] == ("3" if dear else "1" if lima else before["priority"])
    e.undo(report.run.id, "manager")
    assert e.state() == first


def test_a_field_is_a_store_too(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(9)
    first = e.state()
    medium = e.crm.create("utm.medium", {"name": e.tag("Terreno")})[0]
    stored = {
        "name": "Canal",
        "store": {"field": "medium_id"},
        "segments": [{"name": "Visita", "value": e.tag("Terreno"), "when": {"city": "Lima"}}],
    }
    named = {
        "name": "Función",
        "store": {"field": "function"},
        "segments": [{"name": "Gerencia", "when": {"city": "Santiago"}}],
        "default": {"name": "Otra"},
    }
    spec = e.spec(stored, named)
    report = e.apply(e.plan(spec))
    assert e.column("medium_id") == [medium if n % 3 == 1 else False for n in range(9)]
    assert e.column("function") == ["Gerencia" if n % 3 == 0 else "Otra" for n in range(9)]
    assert e.changes(spec) == []
    e.undo(report.run.id)
    assert e.state() == first


def test_contacts_are_given_categories(engagement: Engagement) -> None:
    e = engagement
    contacts = e.crm.create(
        "res.partner", *({"name": f"{e.mark} contacto {n}", "ref": e.mark, "function": f"f{n % 2}"} for n in range(6))
    )
    hand = e.make_tag("a mano", model="res.partner.category")
    e.crm.write("res.partner", contacts[:3], category_id=[[4, hand, 0]])
    first = e.state("res.partner", contacts)
    kinds = {
        "name": "Tipo",
        "store": {"categories": "exclusive"},
        "segments": [{"name": e.tag("par"), "color": 5, "when": {"function": "f0"}}],
        "default": {"name": e.tag("impar")},
    }
    spec = e.spec(kinds, scope={"model": "res.partner", "where": {"ref": e.mark}})
    report = e.apply(e.plan(spec))
    assert report.exit_code == ExitCode.DONE
    given = [row["category_id"] for row in e.state("res.partner", contacts).values()]
    assert given == [sorted([e.tag("a mano")] * (n < 3) + [e.tag("impar" if n % 2 else "par")]) for n in range(6)]
    assert e.changes(spec) == []
    e.undo(report.run.id)
    assert e.state("res.partner", contacts) == first


def test_tags_are_added_and_removed_without_a_store(engagement: Engagement) -> None:
    e = engagement
    old, hand = e.make_tag("viejo"), e.make_tag("a mano")
    e.make_leads(6, tag_ids=lambda n: [[6, 0, [old, hand] if n < 4 else []]])
    first = e.state()
    mark = {
        "name": "Marca",
        "segments": [
            {
                "name": "Lima",
                "when": {"city": "Lima"},
                "set": {"tag_ids": {"add": [e.tag("nuevo")], "remove": [e.tag("viejo"), e.tag("nunca hubo")]}},
            }
        ],
    }
    spec = e.spec(mark)
    report = e.apply(e.plan(spec, "manager"), "manager")
    expected = [row["tag_ids"] for row in first.values()]
    expected[1], expected[4] = sorted([e.tag("nuevo"), e.tag("a mano")]), [e.tag("nuevo")]
    assert tags(e) == expected
    assert e.changes(spec) == []
    e.undo(report.run.id, "manager")
    assert e.state() == first
