"""One walk over a spec: all that it needs of a CRM, and all that is wrong with it, at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from xmlrpc.client import Fault
from zoneinfo import ZoneInfo

import pytest

from segmenter.conditions import Clock
from segmenter.errors import AccessDenied, ConnectionFailed, SpecError
from segmenter.notice import Notice
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server
from segmenter.resolving.resolve import resolve, survey
from segmenter.spec import loads
from tests.support.engagement import Embedded
from tests.support.fakes import Recording

SPEC = """
version: 1
client: {name: Viveros, language: es_CL, timezone: America/Santiago}
scope: {model: crm.lead, where: {type: opportunity}}
segmentations:
  - name: Nivel
    store: {tags: exclusive}
    segments:
      - name: Alto
        when: {source_id: [Feria]}
        set:
          stage_id: {to: Calificado, from: [Nueva]}
          user_id: {assign: [luis@viveros.example]}
      - name: Bajo
        when: {expected_revenue: {"<": 5}}
        set: {stage_id: Comité}
"""
CLOCK = Clock(datetime(2026, 11, 22, tzinfo=UTC), ZoneInfo("UTC"))


class Refusing(Recording):
    """Answers the questions on some models with an error."""

    def __init__(self, server: Server, errors: Mapping[str, Exception]) -> None:
        super().__init__(server)
        self.errors = errors

    def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        if model in self.errors:
            raise self.errors[model]
        return super().execute_kw(model, method, args, kwargs)


@pytest.fixture
def crm() -> Embedded:
    return Embedded()


def readers(server: Server) -> tuple[OdooReader, Catalog]:
    reader = OdooReader(server, language="es_CL", sleep=lambda _seconds: None)
    return reader, Catalog(reader)


def test_what_a_spec_needs_of_a_crm_is_found_at_once(crm: Embedded) -> None:
    resolved = survey(loads(SPEC, "v.yaml"), *readers(crm.connect("all")), CLOCK)
    assert resolved.problems == ()
    assert [change.name for change in resolved.config] == ["Alto", "Bajo", "Comité"]
    assert resolved.stages() == {crm.stages["Calificado"]}
    assert resolved.rights == {
        ("crm.lead", "read"): (),
        ("crm.lead", "write"): (),
        ("crm.stage", "create"): ("Comité",),
        ("crm.stage", "read"): ("stage_id",),
        ("crm.tag", "create"): ("Alto", "Bajo"),
        ("crm.tag", "read"): ("tag_ids",),
        ("res.users", "read"): ("user_id",),
        ("utm.source", "read"): ("source_id",),
    }
    names = {"model": "crm.stage", "operation": "create", "records": ("Comité",)}
    assert resolved.forbidden == (Notice("rights.lacking", {"number": 1}, names),)


def test_a_model_that_may_not_be_read_is_a_problem_among_the_others(crm: Embedded) -> None:
    spec = loads(SPEC.replace("luis@", "luisa@"), "v.yaml")
    server = Refusing(crm.connect("all"), {"utm.source": Fault(4, "no")})
    told = [problem.what for problem in survey(spec, *readers(server), CLOCK).problems]
    assert told[0] == "The work user may not read sources"
    assert any("luisa@viveros.example" in what for what in told)
    with pytest.raises(AccessDenied):
        resolve(spec, *readers(server), CLOCK)


def test_a_server_that_does_not_answer_is_no_problem_of_the_spec(crm: Embedded) -> None:
    server = Refusing(crm.connect("all"), {"utm.source": ConnectionFailed("gone")})
    with pytest.raises(ConnectionFailed):
        survey(loads(SPEC, "v.yaml"), *readers(server), CLOCK)


def test_all_problems_are_raised_each_at_its_line(crm: Embedded) -> None:
    spec = loads(SPEC.replace("[Feria]", "[Ferias]").replace("from: [Nueva]", "from: [Nuevas]"), "v.yaml")
    with pytest.raises(SpecError) as caught:
        resolve(spec, *readers(crm.connect("all")), CLOCK)
    assert [problem.place.split(":")[1] for problem in caught.value.problems] == ["10", "12"]
