"""A copy of a CRM answers as the CRM does, says what it lacks, and takes no changes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from xmlrpc.client import Fault
from zoneinfo import ZoneInfo

import pytest

from segmenter.conditions import Clock
from segmenter.embedded import EmbeddedServer, copy_of, copying, demo_server
from segmenter.errors import SpecError
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.resolving.resolve import resolve
from segmenter.spec import loads
from segmenter.spec.starters import ready_spec
from tests.live.servers import start
from tests.support.copies import ZONE, differences, plan_of, told
from tests.support.versions import LIVE
from tests.support.wires import as_admin

LANGUAGE = "es_CL"
SPEC = """
version: 1
client: {{name: Copia, language: {language}, timezone: America/Santiago}}
scope: {{model: crm.lead, where: {{type: opportunity}}}}
protect:
  - name: {{contains: Quote}}
segmentations:
  - name: Tamaño
    store: {{tags: exclusive}}
    segments:
      - name: Grande
        when: {{expected_revenue: {{">=": 20000}}, stage_id.is_won: false}}
        set: {{priority: 3}}
      - name: Chica
        when: {{any: [{{expected_revenue: {{"<": 5000}}}}, {{country_id.code: [US, CL]}}]}}
    default: {{name: Sin evaluar}}
  - name: Contacto
    store: {{tags: many}}
    segments:
      - name: Con ciudad
        when: {{partner_id.city: {{empty: false}}}}
      - name: Reciente
        when: {{create_date: {{within: 20 days}}}}
limits: {{changes: off, overwrites: off, removed_tags: off, moved_stages: off}}
tracking: silent
"""


@pytest.fixture
def reader() -> OdooReader:
    return OdooReader(demo_server(), language=LANGUAGE, timezone=ZONE)


@pytest.fixture
def copy(reader: OdooReader) -> EmbeddedServer:
    return copy_of(reader, "crm.lead", archived=True)


def _over(copy: EmbeddedServer) -> OdooReader:
    return OdooReader(copy, language=LANGUAGE, timezone=ZONE)


def test_a_copy_finds_what_the_server_finds(reader: OdooReader, copy: EmbeddedServer) -> None:
    asked, unlike = differences(copy, reader, "crm.lead")
    assert asked > 100
    assert unlike == []


def test_a_copy_of_contacts_finds_what_the_server_finds(reader: OdooReader) -> None:
    copy = copy_of(reader, "res.partner", archived=True)
    asked, unlike = differences(copy, reader, "res.partner")
    assert asked > 50
    assert unlike == []


def test_contacts_are_read_by_columns_where_they_are_many(
    reader: OdooReader, copy: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "FEW", 0)
    other = copy_of(reader, "crm.lead", archived=True)
    names = [name for name in _over(copy).fields("res.partner") if name != "display_name"]
    ids = list(copy.tables.rows["res.partner"])
    assert sorted(ids) == sorted(other.tables.rows["res.partner"])
    assert list(_over(other).read("res.partner", ids, names)) == list(_over(copy).read("res.partner", ids, names))


def test_a_related_record_that_is_hidden_is_told_and_matches_nothing() -> None:
    server = demo_server()
    lead = min(server.tables.rows["crm.lead"])
    server.tables.put("crm.lead", lead, {**server.tables.rows["crm.lead"][lead], "source_id": 999})
    copy = copy_of(OdooReader(server, language=LANGUAGE), "crm.lead", archived=True)
    assert "Related records that this user cannot see: 1" in copy.notes
    assert lead not in copy.take("crm.lead", [("source_id.name", "ilike", "%")])
    assert lead in copy.take("crm.lead", [("source_id", "!=", False)])


def test_contacts_that_a_conversion_would_find_are_copied() -> None:
    server = demo_server()
    mail = "nadie@otra.example"
    contact = server.tables.add("res.partner", name="Nadie", email=mail, email_normalized=mail, active=True)
    lead = min(server.tables.rows["crm.lead"])
    changed = {"type": "lead", "partner_id": None, "email_from": mail, "email_normalized": mail}
    server.tables.put("crm.lead", lead, {**server.tables.rows["crm.lead"][lead], **changed})
    copy = copy_of(OdooReader(server, language=LANGUAGE), "crm.lead", archived=True)
    assert copy.tables.cell("res.partner", contact, "email") == mail


def test_a_copy_is_planned_as_the_server_is(reader: OdooReader, copy: EmbeddedServer) -> None:
    spec = Path(ready_spec("demo")).read_text("utf-8")
    changes, counts = told(plan_of(reader, spec))
    assert changes
    assert told(plan_of(_over(copy), spec)) == (changes, counts)


def test_a_copy_is_that_server_to_its_user(reader: OdooReader, copy: EmbeddedServer) -> None:
    assert copy.identity == reader.identity
    fields, copied = reader.fields("crm.lead"), _over(copy).fields("crm.lead")
    assert {name: one.label for name, one in copied.items()} == {name: fields[name].label for name in copied}
    assert copied["priority"].selection == fields["priority"].selection
    for operation in ("read", "write", "create", "unlink"):
        for model in ("crm.lead", "crm.tag", "crm.stage", "ir.model.fields"):
            assert _over(copy).may(model, operation) == reader.may(model, operation), (model, operation)


def test_nothing_is_written_to_a_copy(copy: EmbeddedServer) -> None:
    before = dict(copy.tables.rows["crm.lead"])
    record = next(iter(before))
    for method, args in (("write", [[record], {"city": "Lima"}]), ("create", [{"name": "x"}]), ("unlink", [[record]])):
        with pytest.raises(Fault, match="Nothing can be written") as refused:
            copy.execute_kw("crm.lead", method, args, {})
        assert refused.value.faultCode == 4
    assert copy.tables.rows["crm.lead"] == before


def test_a_copy_is_made_by_reading_alone(reader: OdooReader) -> None:
    answered: list[tuple[int, int]] = []
    copy_of(reader, "crm.lead", archived=False, progress=lambda done, of: answered.append((done, of)))
    assert answered[-1][0] == answered[-1][1]
    assert [done for done, _of in answered] == list(range(1, len(answered) + 1))


def test_a_field_that_was_not_copied_is_refused_at_its_place(copy: EmbeddedServer) -> None:
    spec = loads(
        "version: 1\nclient: {name: A, language: es_CL, timezone: UTC}\nscope: {model: crm.lead}\nsegmentations:\n"
        "  - name: Notas\n    store: {tags: exclusive}\n    segments:\n      - name: Con notas\n"
        "        when: {description: {contains: llamar}}\n",
        "a.yaml",
    )
    reader = _over(copy)
    with pytest.raises(SpecError) as refused:
        resolve(spec, reader, Catalog(reader), Clock(datetime.now(UTC), ZoneInfo("UTC")))
    (problem,) = refused.value.problems
    assert problem.what == "description (Notas) of crm.lead was not copied from Odoo"
    assert "description" in problem.path


def test_a_field_that_is_wanted_is_copied_whatever_its_type(reader: OdooReader) -> None:
    copy = copy_of(reader, "crm.lead", archived=True, fields=["description", "partner_id.comment"])
    assert "description" in _over(copy).fields("crm.lead")
    assert "description" not in copy.left_out["crm.lead"]


def test_records_out_of_the_domain_stay_out(reader: OdooReader) -> None:
    copy = copy_of(reader, "crm.lead", domain=[("type", "=", "opportunity")], archived=False)
    assert list(copy.tables.rows["crm.lead"]) == reader.search("crm.lead", [("type", "=", "opportunity")])
    assert copy.notes[0] == "Only the records of the scope were copied: what people hold beyond it does not count"


@pytest.mark.parametrize("version", LIVE)
def test_a_copy_of_a_real_server(version: str) -> None:
    odoo = start(version)
    server = as_admin(odoo, odoo.database)
    reader = OdooReader(server, language="en_US", timezone=ZONE)
    copy = copy_of(reader, "crm.lead", archived=True)
    asked, unlike = differences(copy, reader, "crm.lead")
    assert asked > 100
    assert unlike == []
    spec = SPEC.format(language="en_US")
    changes, counts = told(plan_of(reader, spec))
    assert changes
    assert told(plan_of(OdooReader(copy, language="en_US", timezone=ZONE), spec)) == (changes, counts)
