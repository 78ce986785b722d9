"""A draft holds as it is, with every suggestion taken up, and plans on the CRM that it was made from."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter import drafting
from segmenter.conditions import Clock, Leaf
from segmenter.embedded import EmbeddedServer, demo_server
from segmenter.i18n import use_language
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.profiling import Duplicates, FieldProfile, Profile, Spread, Tag, Value, draft, profile
from segmenter.profiling.draft import NEAR, figures, natural
from segmenter.spec import loads
from segmenter.spec.model import Connection
from tests.support.engagement import Engagement

pytest_plugins = ["tests.support.engagement_fixtures"]

OPPORTUNITIES = [["type", "=", "opportunity"]]
CLOCK = Clock(datetime.now(UTC), ZoneInfo("America/Santiago"))
AWKWARD = (
    'a: b # "c"',
    "{{ 7 * 7 }}",
    "true",
    "[x]\n- y",
    "NO",
    "'",
    "- z",
    "日本",
    "%TAG",
    "08001",
    "a, b",
    "p\u2028q",
)


@pytest.fixture(scope="module")
def server() -> EmbeddedServer:
    return demo_server()


@pytest.fixture(scope="module")
def reader(server: EmbeddedServer) -> OdooReader:
    return OdooReader(server, language="es_CL", timezone="America/Santiago")


@pytest.fixture(scope="module")
def leads(reader: OdooReader) -> Profile:
    return profile(reader, "crm.lead", CLOCK, domain=OPPORTUNITIES)


def taken_up(text: str) -> str:
    """The draft with the segmentations that it only suggests."""
    return re.sub(r"(?m)^  # (?=- name:|  )", "  ", text)


@pytest.mark.parametrize("language", ["es", "en"])
def test_it_holds_as_it_is_and_taken_up(leads: Profile, language: str) -> None:
    use_language(language)
    where = Connection("https://v.example", "v", "work@x.example")
    text = draft(leads, "Viveros", "schema.json", opportunities=True, where=where)
    assert text.startswith("# yaml-language-server: $schema=schema.json\n")
    spec = loads(text, "x.yaml")
    assert (spec.client.name, spec.odoo) == ("Viveros", where)
    assert len(spec.segmentations) == 1
    assert len(spec.protect) == 1
    every = loads(taken_up(text), "x.yaml")
    assert [one.name for one in every.segmentations[1:]] == ["Origen", "País", "Estado", "Ciudad"]
    assert len(every.protect) == 2
    assert loads(taken_up(text).replace("  # expect:", "  expect:"), "x.yaml").scope.expect is not None


def test_thresholds_are_where_quarters_end(leads: Profile) -> None:
    spec = loads(draft(leads, "V", "s", opportunities=True), "x.yaml")
    high, medium, low = spec.segmentations[0].segments
    assert [leaf.value for one in (high, medium, low) if isinstance(leaf := one.condition, Leaf)] == [
        16_000_000,
        6_000_000,
        0,
    ]


def test_what_was_found_is_told(leads: Profile) -> None:
    use_language("es")
    text = draft(replace(leads, alike=(("VIP", "vip "),)), "V", "s", opportunities=True)
    for told in (
        "Oportunidades hoy: 476; archivados, además: 11.",
        "# Sin vendedor: 7.",
        "# Etapas: Nuevo (188), Calificado (135), Propuesta (99) y Ganado (54).",
        "Mayorista (48)",
        '# ¿Son la misma etiqueta? VIP, "vip "',
        "  - stage_id: [Ganado]",
    ):
        assert told in text


@pytest.mark.parametrize("language", ["es", "en"])
def test_it_plans_on_the_crm_that_it_was_made_from(leads: Profile, reader: OdooReader, language: str) -> None:
    use_language(language)
    spec = loads(taken_up(draft(leads, "V", "s", opportunities=True)), "x.yaml")
    changed = {change.record for change in drafting.draft(spec, reader, Catalog(reader), CLOCK)}
    assert len(changed) > 400


def test_it_plans_on_every_crm(engagement: Engagement) -> None:
    """Embedded, 14 and 19: a draft of some leads there holds there, with all that it suggests."""
    e = engagement
    e.make_leads(40)
    seen, _catalog, clock = e.look(e.spec(e.levels()), e.crm.connect())
    found = profile(seen, "crm.lead", clock, domain=[["referred", "=", e.mark]])
    assert found.records == 40
    revenue = found.field("expected_revenue")
    assert revenue is not None
    assert revenue.filled == 36
    text = taken_up(draft(found, "Viveros", "s", opportunities=True)).replace(
        "where: {type: opportunity}", f"where: {{referred: {e.mark}}}"
    )
    assert {change.record for change in e.draft(loads(text, "x.yaml"))} <= set(e.leads)
    assert (
        sum(one.taken for one in e.plan(loads(text, "x.yaml")).counts.segments if one.segmentation == "Potential") <= 40
    )


def test_contacts(reader: OdooReader) -> None:
    found = profile(reader, "res.partner", CLOCK, domain=[])
    spec = loads(taken_up(draft(found, "V", "s", opportunities=False)), "x.yaml")
    assert (spec.scope.model, spec.scope.where) == ("res.partner", None)
    first = spec.segmentations[0]
    assert (first.name, first.store.kind if first.store else "") == ("País", "categories")
    assert list(drafting.draft(spec, reader, Catalog(reader), CLOCK))


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_crm_with_nothing_to_tell_records_apart(leads: Profile, language: str) -> None:
    use_language(language)
    text = draft(replace(leads, fields=(), tags=(), stale=(), won=(), records=0), "V", "s", opportunities=False)
    assert len(loads(text, "x.yaml").segmentations) == 1


@pytest.mark.parametrize(("language", "said"), [("es", "1 valor repetido en"), ("en", "1 repeated value in")])
def test_one_repeated_value_is_one(leads: Profile, language: str, said: str) -> None:
    use_language(language)
    twice = Duplicates("email_from", "E-mail", 1, 2, (Value("a", "a", 2),))
    assert said in draft(replace(leads, duplicates=(twice,)), "V", "s", opportunities=True)


@pytest.mark.parametrize("language", ["es", "en"])
def test_names_that_yaml_could_take_for_something_else(leads: Profile, language: str) -> None:
    use_language(language)
    values = tuple(Value(number, name, 9) for number, name in enumerate(AWKWARD[:8]))
    fields = (
        FieldProfile("source_id", AWKWARD[0], "many2one", 9, values, 8),
        FieldProfile("city", AWKWARD[3], "char", 9, tuple(Value(name, name, 9) for name in AWKWARD[3:]), 8),
        FieldProfile("user_id", "x", "many2one", 9, values, 8),
        FieldProfile("stage_id", "x", "many2one", 9, values, 8),
        FieldProfile("x_size", "x", "integer", 9, spread=Spread(((0.0, 1), (0.25, 1), (0.5, 1), (0.75, 1), (1.0, 1)))),
    )
    tags = tuple(Tag(number, name, None) for number, name in enumerate(AWKWARD))
    hostile = replace(leads, fields=fields, tags=tags, alike=(AWKWARD[:2],), won=AWKWARD)
    spec = loads(taken_up(draft(hostile, AWKWARD[0], "s", opportunities=True)), "x.yaml")
    assert spec.client.name == AWKWARD[0]
    level, source, city = spec.segmentations
    assert [one.name for one in level.segments] in (["Alto", "Bajo"], ["High", "Low"])
    said = [one.condition.value for one in source.segments if isinstance(one.condition, Leaf)]
    assert said == list(AWKWARD[:8])
    assert [one.condition.value for one in city.segments if isinstance(one.condition, Leaf)][:3] == [
        "[x]\n- y",
        "NO",
        "- z",
    ]


def test_ways_to_write_a_city_become_one_segment(leads: Profile) -> None:
    values = (Value("Lima", "Lima", 5), Value("lima ", "lima ", 2), Value("Arica", "Arica", 4))
    field = FieldProfile("city", "Ciudad", "char", 11, values, 3)
    spec = loads(draft(replace(leads, fields=(field,)), "V", "s", opportunities=True), "x.yaml")
    lima, arica = spec.segmentations[0].segments
    assert (lima.name, getattr(lima.condition, "value", None)) == ("Ciudad: Lima", ("Lima", "lima "))
    assert getattr(arica.condition, "value", None) == "Arica"


def test_both_languages_say_the_same(leads: Profile) -> None:
    texts = []
    for language in ("es", "en"):
        use_language(language)
        texts.append(taken_up(draft(leads, "X", "s", opportunities=True)))
    keys = [re.findall(r"(?m)^\s*(?:- )?([a-z_]+):", text) for text in texts]
    assert keys[0] == keys[1]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (4_872_310, 5_000_000),
        (1_230_000, 1_200_000),
        (5_920_000, 6_000_000),
        (16_170_000, 16_000_000),
        (150, 150),
        (0, 0),
        (0.0347, 0.035),
        (98.6, 100),
        (7, 7),
    ],
)
def test_what_people_agree_on(number: float, shown: float) -> None:
    assert natural(number) == shown


def test_whole_numbers_are_written_whole() -> None:
    assert str(figures(380.8, 2)) == "380"
    assert str(natural(5920000.0)) == "6000000"


@given(st.floats(0.001, 1e12))
def test_it_stays_near(number: float) -> None:
    assert abs(natural(number) - number) <= max(NEAR, 0.051) * number
