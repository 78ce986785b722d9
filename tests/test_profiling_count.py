"""What a profile says is what the records say, in a number of calls that does not grow with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from segmenter.conditions import Clock
from segmenter.embedded import EmbeddedServer, demo_server
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server, ServerIdentity
from segmenter.profiling import Profile, profile
from segmenter.profiling.choose import free, place
from segmenter.profiling.crossings import MOST_CELLS
from tests.support.backends import Backend
from tests.support.fakes import Recording

ZONE = "America/Santiago"
CLOCK = Clock(datetime.now(UTC), ZoneInfo(ZONE))


class Weighed:
    """Passes calls on; ``calls``, and the most rows of an answer."""

    def __init__(self, server: Server) -> None:
        self.server, self.calls, self.longest = server, 0, 0

    @property
    def identity(self) -> ServerIdentity:
        return self.server.identity

    def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        self.calls += 1
        answer = self.server.execute_kw(model, method, args, kwargs)
        if isinstance(answer, list):
            self.longest = max(self.longest, len(answer))
        return answer


def made(server: Server, model: str = "crm.lead", domain: Sequence[Any] = (), **options: Any) -> Profile:
    reader = OdooReader(server, language="es_CL", timezone=ZONE)
    return profile(reader, model, CLOCK, domain=list(domain), **options)


@pytest.fixture(scope="module")
def demo() -> EmbeddedServer:
    return demo_server()


@pytest.fixture(scope="module")
def leads(demo: EmbeddedServer) -> list[dict[str, Any]]:
    rows = demo.execute_kw("crm.lead", "search_read", [[]], {"load": None})
    assert isinstance(rows, list)
    return rows


@pytest.fixture(scope="module")
def found(demo: EmbeddedServer) -> Profile:
    return made(demo)


def test_the_figures_of_the_demo(found: Profile, leads: list[dict[str, Any]]) -> None:
    assert found.records == len(leads)
    assert found.archived == 16
    assert found.without_owner == sum(not lead["user_id"] for lead in leads)
    before = (CLOCK.now - timedelta(days=90)).strftime("%Y-%m-%d %H:%M:%S")
    won = [lead["stage_id"] for lead in leads if lead["probability"] == 100]
    stale = sum(lead["write_date"] < before and lead["stage_id"] not in won for lead in leads)
    assert (found.stale[0].field, found.stale[0].days, found.stale[0].records) == ("write_date", 90, stale)
    assert {one.opened for one in found.stale} == {sum(lead["stage_id"] not in won for lead in leads)}


def test_values_and_how_often_a_field_is_filled(found: Profile, leads: list[dict[str, Any]]) -> None:
    source = found.field("source_id")
    counted = Counter(lead["source_id"] for lead in leads if lead["source_id"])
    assert source is not None
    assert {value.key: value.count for value in source.values} == counted
    assert source.values[0].label == "Sitio web"
    assert (source.filled, source.different) == (counted.total(), len(counted))
    tags = found.field("tag_ids")
    assert tags is not None
    assert tags.filled == sum(bool(lead["tag_ids"]) for lead in leads)
    assert {tag.id: tag.records for tag in found.tags if tag.records} == Counter(
        tag for lead in leads for tag in lead["tag_ids"]
    )


def test_quantiles_are_values_of_records(found: Profile, leads: list[dict[str, Any]]) -> None:
    revenue = found.field("expected_revenue")
    held = sorted(lead["expected_revenue"] for lead in leads if lead["expected_revenue"])
    assert revenue is not None
    assert revenue.spread is not None
    assert revenue.filled == len(held)
    assert revenue.spread.total == sum(held)
    assert revenue.spread.points == tuple(
        (share, held[round(share * (len(held) - 1))]) for share, _v in revenue.spread.points
    )


def test_histograms_hold_every_record(found: Profile, leads: list[dict[str, Any]]) -> None:
    revenue, entered = found.field("expected_revenue"), found.field("create_date")
    assert revenue is not None
    assert entered is not None
    for bar in revenue.bins:
        held = [lead["expected_revenue"] for lead in leads if lead["expected_revenue"]]
        assert bar.count == sum(
            (bar.start is None or value >= bar.start) and (bar.end is None or value < bar.end) for value in held
        )
    assert len(revenue.bins) > 5
    assert sum(bar.count for bar in entered.bins) == len(leads)
    assert revenue.tail is None


def test_amounts_typed_in_thousands_are_found() -> None:
    server = demo_server()
    rows = [row for row in server.tables.rows["crm.lead"].values() if row["expected_revenue"]]
    for row in rows[::20]:
        row["expected_revenue"] /= 1000
    revenue = made(server).field("expected_revenue")
    assert revenue is not None
    assert revenue.tail is not None
    assert revenue.tail.units == (1000,)
    assert 15 <= revenue.tail.records <= len(rows[::20])


def test_crossings_count_pairs(found: Profile, leads: list[dict[str, Any]], demo: EmbeddedServer) -> None:
    city = found.field("city")
    assert city is not None
    by_stage = next(crossing for crossing in city.crossings if crossing.by == "stage_id")
    stages = {
        row["name"]: row["id"]
        for row in demo.execute_kw("crm.stage", "search_read", [[]], {"context": {"lang": "es_CL"}})
    }
    counted = Counter((lead["city"], lead["stage_id"]) for lead in leads)
    for row in by_stage.rows:
        for label, count in zip(by_stage.columns, row.counts, strict=True):
            assert count == counted[row.label, stages[label]]
    assert [row.total for row in by_stage.rows] == [value.count for value in city.values[:10]]


def test_stages_come_in_the_order_of_the_pipeline(demo: EmbeddedServer, found: Profile) -> None:
    stages = demo.execute_kw("crm.stage", "search_read", [[]], {"context": {"lang": "es_CL"}, "order": "sequence"})
    pipeline = [row["name"] for row in stages]
    turned = demo_server()
    for sequence, row in enumerate(reversed(stages)):
        turned.tables.rows["crm.stage"][row["id"]]["sequence"] = sequence
    for of, order in ((found, pipeline), (made(turned), pipeline[::-1])):
        stage, city = of.field("stage_id"), of.field("city")
        assert stage is not None
        assert city is not None
        assert [value.label for value in stage.values] == order
        assert list(next(one for one in city.crossings if one.by == "stage_id").columns) == order


def test_whose_crm_it_is(found: Profile) -> None:
    assert found.client == "Viveros del Maipo"
    assert made(demo_server(), client="Viveros").client == "Viveros"


def test_two_axes_are_crossed_once(found: Profile) -> None:
    pairs = [frozenset({one.name, crossing.by}) for one in found.fields for crossing in one.crossings]
    assert len(pairs) == len(set(pairs))
    stage = found.field("stage_id")
    assert stage is not None
    assert [crossing.by for crossing in stage.crossings] == ["user_id", "source_id", "country_id", "create_date:month"]


def test_months_come_as_their_first_days(found: Profile, leads: list[dict[str, Any]]) -> None:
    kind = found.field("type")
    assert kind is not None
    months = next(crossing for crossing in kind.crossings if crossing.by == "create_date:month")
    assert len(months.columns) == 12
    assert list(months.columns) == sorted(months.columns)
    assert all(label.endswith("-01") for label in months.columns)


def test_averages_by_stage(found: Profile, leads: list[dict[str, Any]]) -> None:
    revenue = found.field("expected_revenue")
    assert revenue is not None
    (label, records, average), *_rest = next(one for one in revenue.averages if one.by == "stage_id").rows
    mine = [lead["expected_revenue"] for lead in leads if lead["stage_id"] == 1]
    assert (label, records) == ("Nuevo", len(mine))
    assert average == pytest.approx(sum(mine) / len(mine))


def test_fields_of_no_use_are_named_not_shown(found: Profile) -> None:
    assert "Compañía" in found.constant
    assert "Motivo de pérdida" in found.empty
    shown = {one.name for one in found.fields}
    assert not shown & {"id", "create_uid", "message_bounce", "automated_probability", "color", "date_open"}
    personal = found.field("email_from")
    assert personal is not None
    assert personal.filled > 500
    assert personal.values == ()


def test_neither_calls_nor_answers_grow_with_the_records() -> None:
    server = demo_server()
    small = Weighed(server)
    before = made(small)
    rows = list(server.tables.rows["crm.lead"].items())
    for copy in range(4):
        for _id, row in rows:
            server.tables.add("crm.lead", **{**row, "id": None, "name": f"{row['name']} {copy}"})
    large = Weighed(server)
    after = made(large)
    assert after.records == 5 * before.records
    assert small.calls <= 190
    # Looking for the last repeated value by halves takes a few more among more of them.
    assert large.calls <= small.calls + 2 * 12
    assert large.longest == small.longest <= MOST_CELLS


def test_a_city_written_otherwise_is_found_among_the_rare_ones() -> None:
    server = demo_server()
    rows = list(server.tables.rows["crm.lead"].values())
    for number, row in enumerate(rows):
        row["city"] = f"Pueblo {number % 70}" if number % 3 else "Santiago"
    rows[0]["city"], rows[1]["city"] = "Stgo", "Santiago de Chile"
    city = made(server).field("city")
    assert city is not None
    assert (len(city.values), city.different) == (50, 73)
    assert city.alike == (("Santiago", "Santiago de Chile", "Stgo"),)


def test_names_of_people_and_of_odoo_are_near_by_chance(demo: EmbeddedServer) -> None:
    fields = OdooReader(demo).fields("crm.lead")
    assert [free(fields[name]) for name in ("user_id", "country_id", "priority")] == [False] * 3
    assert [free(fields[name]) for name in ("source_id", "tag_ids", "city", "stage_id")] == [True] * 4
    assert [place(fields[name]) for name in ("city", "function", "country_id")] == [True, False, False]


def test_a_scope_and_archived_records(demo: EmbeddedServer, leads: list[dict[str, Any]]) -> None:
    narrow = made(demo, domain=[["type", "=", "lead"]], scope="Tipo es Lead")
    assert narrow.records == sum(lead["type"] == "lead" for lead in leads)
    assert narrow.scope == "Tipo es Lead"
    everything = made(demo, archived=True)
    assert (everything.records, everything.archived) == (len(leads) + 16, None)


def test_a_crm_without_records() -> None:
    nothing = made(demo_server(), domain=[["id", "=", 0]])
    assert (nothing.records, nothing.fields, nothing.without_owner) == (0, (), 0)
    assert all(tag.records == 0 for tag in nothing.tags)


def test_contacts_too(demo: EmbeddedServer) -> None:
    people = made(demo, "res.partner")
    category = people.field("category_id")
    assert category is not None
    assert category.values[0].label == "Cliente actual"
    assert [one.field for one in people.duplicates][-1] == "name"


def test_nothing_is_written(demo: EmbeddedServer) -> None:
    calls = Recording(demo)
    made(calls)
    assert {method for _model, method, _args, _kwargs in calls.calls} <= {
        "fields_get",
        "formatted_read_group",
        "read",
        "search",
        "search_count",
        "search_read",
    }


def test_the_same_on_every_crm(backend: Backend) -> None:
    """Embedded, 14 and 19: one small portfolio, one profile."""
    server = backend.servers["all"]
    if not hasattr(server, "identity"):
        server.identity = ServerIdentity(server.url, "x", "0", "x", server.uid)
    name = backend.unique()
    (chile,) = backend.call("res.country", "search", [["code", "=", "CL"]])
    tags = [backend.call("crm.tag", "create", {"name": f"{name} {kind}"}) for kind in ("VIP", "v.i.p.", "Riego")]
    for number in range(24):
        backend.call(
            "crm.lead",
            "create",
            {
                "name": name,
                "type": "opportunity",
                "expected_revenue": number * 1000,
                "city": ["Lima", "Arica", "lima ", ""][number % 4],
                "country_id": chile if number % 3 else False,
                "email_from": f"{name.replace(' ', '.')}{number // 2 if number < 8 else number}@x.example",
                "partner_name": f"Empresa {number}",
                "tag_ids": [[6, 0, [tags[number % 3]]]] if number < 9 else [],
                "user_id": False,
                "stage_id": backend.stages["New" if number % 2 else "Qualified"],
                "date_deadline": f"2026-{number % 12 + 1:02}-15",
            },
        )
    reader = OdooReader(server, timezone=ZONE)
    found = profile(reader, "crm.lead", CLOCK, domain=[["name", "=", name]])
    assert (found.records, found.without_owner, found.archived) == (24, 24, 0)
    assert not any(one.records for one in found.stale)
    assert not found.left_out
    city, revenue, tag, deadline = (
        found.field(one) for one in ("city", "expected_revenue", "tag_ids", "date_deadline")
    )
    assert city is not None
    assert revenue is not None
    assert tag is not None
    assert deadline is not None
    assert {value.label: value.count for value in city.values} == {"Lima": 6, "Arica": 6, "lima ": 6}
    assert (city.filled, city.alike) == (18, (("Lima", "lima "),))
    assert revenue.spread is not None
    assert revenue.spread.points == (
        (0.0, 1000),
        (0.1, 3000),
        (0.25, 7000),
        (0.5, 12000),
        (0.75, 17000),
        (0.9, 21000),
        (1.0, 23000),
    )
    assert revenue.spread.total == 276000
    assert (tag.filled, sorted(value.count for value in tag.values)) == (9, [3, 3, 3])
    assert (f"{name} VIP", f"{name} v.i.p.") in {tuple(sorted(names)) for names in found.alike}
    assert deadline.spread is not None
    assert (deadline.spread.at(0.0), deadline.spread.at(1.0)) == ("2026-01-15", "2026-12-15")
    assert [(value.label, value.count) for value in deadline.values] == [("2026", 24)]
    assert [(bar.start, bar.count) for bar in deadline.bins] == [(f"2026-{month:02}-01", 2) for month in range(1, 13)]
    assert [(bar.start, bar.end, bar.count) for bar in revenue.bins][:2] == [(None, 5000, 4), (5000, 10000, 5)]
    assert sum(bar.count for bar in revenue.bins) == 23
    stage = found.field("stage_id")
    assert stage is not None
    assert [value.label for value in stage.values] == ["New", "Qualified"]
    assert found.client
    mail, company = found.duplicates
    assert (mail.values, mail.records) == (4, 8)
    assert company.values == 0
    crossings = {(one.name, crossing.by): crossing for one in found.fields for crossing in one.crossings}
    by_stage = crossings["city", "stage_id"]
    assert set(by_stage.columns) == {"New", "Qualified"}
    at = by_stage.columns.index("New")
    assert {row.label: row.counts[at] for row in by_stage.rows} == {"Lima": 0, "Arica": 6, "lima ": 0, "": 6}
    by_country = crossings["tag_ids", "country_id"]
    assert {row.label.rpartition(" ")[2]: row.total for row in by_country.rows} == {"VIP": 3, "v.i.p.": 3, "Riego": 3}
