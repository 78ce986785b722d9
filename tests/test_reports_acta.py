from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from segmenter.cli.connection import open_crm
from segmenter.conditions import BoundLeaf, Field
from segmenter.drafting import draft
from segmenter.embedded import demo_server
from segmenter.i18n import speaking
from segmenter.notice import Notice
from segmenter.plans import Plan
from segmenter.reports import acta_page
from segmenter.reports.acta import acta
from segmenter.reports.acta_content import Acta, Figures, figures
from segmenter.resolving.examples import OUTSIDE_SCOPE, PROTECTED
from segmenter.resolving.remembered import references, remembered
from segmenter.resolving.resolve import resolve
from segmenter.resolving.resolved import Resolved
from segmenter.spec import load, loads, loads_draft
from segmenter.spec.model import Spec
from segmenter.spec.starters import ready_spec
from tests.test_reports_review_page import Read

AT = "2026-11-30T18:00:00+00:00"


@pytest.fixture(scope="module")
def demo() -> tuple[Spec, Resolved, Figures, Plan]:
    """The demo's spec on its CRM, and what its plan knows."""
    spec = load(ready_spec("demo"))
    crm = open_crm(spec, demo_server())
    drafted = draft(spec, crm.reader, crm.catalog, crm.clock)
    return spec, drafted.resolved, figures(drafted.plan, references(spec, drafted.resolved, crm.catalog)), drafted.plan


def of(text: str, known: Figures | None = None, language: str = "en", **about: Any) -> Acta:
    """The agreement of a spec without a server."""
    spec, _problems = loads_draft(text, "x.yaml")
    with speaking(language):
        crm = open_crm(spec, remembered(spec, None))
        return acta(spec, resolve(spec, crm.reader, crm.catalog, crm.clock), known, at=AT, **about)


def spec_of(segment: str, *, client: str = "{name: Vivero, language: en_US}", more: str = "") -> str:
    return f"""\
version: 1
client: {client}
scope: {{model: crm.lead}}
segmentations:
  - name: Level
    segments:
      - {segment}
{more}"""


def test_the_text_of_the_demo_in_spanish(demo: tuple[Spec, Resolved, Figures, Plan]) -> None:
    spec, resolved, known, _plan = demo
    with speaking("es"):
        said = acta_page.text(acta(spec, resolved, known, at=AT, consultant="Ana Soto")).splitlines()
    assert said[:3] == [
        "Viveros del Maipo: lo que acordamos el 30 de noviembre de 2026",
        "Aprueba: Paula Rojas",
        "Asesoría: Ana Soto",
    ]
    high = known.counts["Nivel de potencialidad", "Alto"]
    line = next(line for line in said if line.startswith("1. Alto"))
    assert line.startswith(
        "1. Alto – Ingreso esperado de $5.000.000 o más, y (Origen: Referido o Feria, o Creado en los últimos 90 días) "
        f"({high[0]} oportunidades, $"
    )
    assert said[said.index(line) + 1] == (
        "   → Prioridad queda en Muy alta; Etapa pasa de Nuevo a Calificado; Vendedor: entre Ana Soto y Luis Paredes, "
        "quien tenga menos carga, solo si no hay nadie asignado, con un tope de 240 por persona"
    )
    for expected in (
        "- Todas las oportunidades",
        "- Oportunidad contiene «[NO TOCAR]»",
        "- Etapa: Ganado",
        "4. Sin evaluar – Todo lo que no entra en otro segmento",
        "- Hotel Sol → Nivel de potencialidad: Alto",
        "- Oportunidades que pierden una etiqueta: 5\N{NO-BREAK SPACE}%",
    ):
        assert any(line.startswith(expected) for line in said), expected
    assert "QUEDA ABIERTO" not in said


def test_the_text_of_the_demo_in_english(demo: tuple[Spec, Resolved, Figures, Plan]) -> None:
    spec, resolved, known, _plan = demo
    with speaking("en"):
        said = acta_page.text(acta(spec, resolved, known, at=AT))
    assert said.startswith("Viveros del Maipo: what we agreed on November 30, 2026\nApproves: Paula Rojas\n")
    assert "- Today there are 420, without the 56 that are never touched\n- You expected: from 400 to 550\n" in said
    assert "   → Prioridad becomes Muy alta; Etapa goes from Nuevo to Calificado; Vendedor: of Ana Soto and " in said


def test_nothing_that_only_we_know_is_in_it(demo: tuple[Spec, Resolved, Figures, Plan]) -> None:
    spec, resolved, known, _plan = demo
    for language in ("es", "en"):
        with speaking(language):
            agreed = acta(spec, resolved, known, at=AT)
            for text in (acta_page.text(agreed), Read(acta_page.html(agreed)).text):
                for word in (
                    "segmenter",
                    "YAML",
                    "digest",
                    "huella",
                    "P1",
                    "spec ",
                    "ledger",
                    "expected_revenue",
                    "_id",
                ):
                    assert word not in text


@pytest.mark.parametrize(
    ("shown", "scope", "records"), [("Iniciativa", "Iniciativas", "iniciativas"), ("Lead", "Todos los leads", "leads")]
)
def test_leads_are_called_as_the_client_calls_them(
    demo: tuple[Spec, Resolved, Figures, Plan], shown: str, scope: str, records: str
) -> None:
    spec, resolved, known, _plan = demo
    kind = Field("crm.lead", "type", "selection", "Tipo", selection=(("lead", shown),))
    of_leads = replace(resolved, scope=BoundLeaf((kind,), "=", ("lead",), (shown,)))
    with speaking("es"):
        agreed = acta(spec, of_leads, known, at=AT)
    assert agreed.scope == scope
    assert agreed.limits[0] == f"{records.capitalize()} que cambian: 3.000"


def test_the_page_says_what_the_text_says(demo: tuple[Spec, Resolved, Figures, Plan]) -> None:
    spec, resolved, known, _plan = demo
    with speaking("es"):
        agreed = acta(spec, resolved, known, at=AT)
        page = Read(acta_page.html(agreed)).text
    assert agreed.open == ()
    for one in agreed.segmentations:
        for segment in one.segments:
            assert segment.name in page
            assert (segment.criterion or "Todo lo que no entra en otro segmento") in page
            for sentence in segment.does:
                assert sentence in page
    for sentence in (*agreed.protect, *agreed.limits, *agreed.new, agreed.scope):
        assert sentence in page


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (
            "inmobiliaria",
            [
                "- ¿Está en la etapa ganada? sí",
                "1. Caliente – Cierre esperado en los próximos 30 días, o (Recomendado por: con dato e Ingreso "
                "esperado de más de 0)",
                "4. Busca: parcela – Oportunidad contiene «parcela» o «terreno»",
                "- Quién aprueba el resultado",
            ],
        ),
        ("software", ["QUEDA ABIERTO", "- Quién aprueba el resultado"]),
    ],
)
def test_criteria_to_start_from(name: str, lines: list[str]) -> None:
    spec = load(ready_spec(name))
    with speaking("es"):
        crm = open_crm(spec, remembered(spec, None))
        agreed = acta(spec, resolve(spec, crm.reader, crm.catalog, crm.clock), at=AT)
        said = acta_page.text(agreed).splitlines()
    for line in lines:
        assert line in said, "\n".join(said)


@pytest.mark.parametrize(
    ("segment", "english", "spanish"),
    [
        ("set: {priority: 3}", "becomes Very High", "queda en Muy alta"),
        ("set: {referred: null}", "Referred By is left blank", "Recomendado por queda sin dato"),
        ("set: {stage_id: Nuevo}", "Stage becomes Nuevo", "Etapa queda en Nuevo"),
        ("set: {stage_id: {to: B, from: [A, O]}}", "Stage goes from A or O to B", "Etapa pasa de A u O a B"),
        ("set: {user_id: {assign: [Ana]}}", "Salesperson becomes Ana, only where", "Vendedor queda en Ana, solo si"),
        (
            "set: {user_id: {assign: [Ana, Inés], only_if_empty: false}}",
            "Salesperson: Ana and Inés, in turn",
            "Vendedor: Ana e Inés, por turno",
        ),
        ("set: {tag_ids: {add: [A, B]}}", "Tags: adds A and B", "Etiquetas: se agrega A y B"),
        ("set: {tag_ids: {remove: [A]}}", "Tags: takes away A", "Etiquetas: se quita A"),
        ("set: {date_deadline: 2026-12-24}", "becomes December 24, 2026", "queda en 24 de diciembre de 2026"),
        ("convert: {customer: link}", "Leads become opportunities, of the contact", "Pasa a ser oportunidad"),
    ],
)
def test_what_a_segment_does(segment: str, english: str, spanish: str) -> None:
    text = f"{{name: High, when: {{city: Lima}}, {segment}}}"
    for language, code, expected in (("en", "en_US", english), ("es", "es_CL", spanish)):
        agreed = of(spec_of(text, client=f"{{name: Vivero, language: {code}}}"), language=language)
        does = agreed.segmentations[0].segments[0].does
        assert any(expected in sentence for sentence in does), does


def test_what_is_still_open() -> None:
    known = Figures(counts={("Level", "High"): (3, None)}, scope=100, uncovered={"Level": 97})
    agreed = of(spec_of("{name: High, when: {city: Lima}, expect: 10..20}\n      - {name: Low}"), known)
    assert agreed.open == (
        "Who approves the result",
        "Level: the criterion of “Low”",
        "Level: High: you expect from 10 to 20, and there are 3",
        "Level: 97 of the prospects are in no segment",
    )
    assert "2. Low – Still to be agreed" in acta_page.text(agreed)


def test_examples_that_come_out_otherwise(demo: tuple[Spec, Resolved, Figures, Plan]) -> None:
    spec, resolved, known, plan = demo
    wrong = replace(plan.examples[2], got={"Nivel de potencialidad": "Medio"})
    with speaking("en"):
        agreed = acta(spec, resolved, replace(known, examples=(*plan.examples[:2], wrong)), at=AT)
    assert agreed.open == ("“Hotel Sol”: you expect Nivel de potencialidad: Alto, and by the criteria it is Medio",)
    assert [one.met for one in agreed.examples] == [True, True, False, None]


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (Notice("example.not_found", names={"why": "no record on crm.lead"}), "we do not find exactly one"),
        (OUTSIDE_SCOPE, "it is outside what is looked at"),
        (PROTECTED, "it was agreed not to touch it"),
    ],
)
def test_an_example_of_no_segment_is_told_without_our_words(
    demo: tuple[Spec, Resolved, Figures, Plan], reason: Notice, told: str
) -> None:
    spec, resolved, known, plan = demo
    unplaced = replace(plan.examples[2], got={}, reason=reason)
    with speaking("en"):
        agreed = acta(spec, resolved, replace(known, examples=(unplaced,)), at=AT)
    (sentence,) = agreed.open
    assert sentence.startswith(f"“Hotel Sol”: {told}")
    assert "crm.lead" not in sentence


def test_counts_alone_are_enough(demo: tuple[Spec, Resolved, Figures, Plan]) -> None:
    spec, resolved, _known, _plan = demo
    agreed = acta(spec, resolved, Figures(counts={("Zona", "Zona: Lima"): (57, 1000.0)}, currency="CLP"), at=AT)
    assert "Zona: Lima" in acta_page.html(agreed)
    assert [segment.records for segment in agreed.segmentations[1].segments] == [None, None, 57, None, None]


def test_no_name_runs_and_none_turns_the_text_around() -> None:
    client = '{name: "<script>alert(1)</script>", approver: "A\\u202e <b>", language: en_US}'
    segment = '{name: "<img src=x onerror=alert(1)>", description: "<b>x</b>", when: {city: "</td><script>"}}'
    agreed = of(spec_of(segment, client=client), consultant="<script>")
    page = acta_page.html(agreed)
    assert "<script" not in page
    assert "<img" not in page
    assert "\u202e" not in page + acta_page.text(agreed)
    assert "<script>alert(1)</script>" in Read(page).text


def test_as_data(demo: tuple[Spec, Resolved, Figures, Plan]) -> None:
    spec, resolved, known, _plan = demo
    found = json.loads(json.dumps(acta_page.document(acta(spec, resolved, known, at=AT))))
    assert (found["client"], found["approver"], found["scope_count"]) == ("Viveros del Maipo", "Paula Rojas", 420)
    assert found["segmentations"][0]["segments"][0]["records"] == known.counts["Nivel de potencialidad", "Alto"][0]


def test_a_spec_on_contacts() -> None:
    text = """\
version: 1
client: {name: Vivero, language: es_CL}
scope: {model: res.partner, where: {is_company: true}, archived: true}
segmentations:
  - name: Zona
    include_contacts: true
    store: {categories: exclusive}
    segments:
      - {name: "Zona: Lima", value: Lima, when: {city: Lima}}
"""
    loads(text, "x.yaml")
    agreed = of(text, language="es")
    assert agreed.scope.startswith("Contactos – ")
    assert agreed.scope.endswith(": sí, también lo archivado")
    assert agreed.segmentations[0].order.endswith("Los contactos siguen a su empresa.")
    assert agreed.segmentations[0].segments[0].does == ("Lleva la etiqueta «Lima»",)
    assert agreed.segmentations[0].segments[0].criterion == "Ciudad de la empresa: Lima"
