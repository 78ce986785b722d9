"""The meeting page under hasty hands and bad luck, in a real Chromium: slow answers, double clicks, no answers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from segmenter.embedded import demo_server
from tests.test_browser_meeting import EMPTY, Start, browser, start  # noqa: F401  (fixtures)

pytestmark = pytest.mark.browser

SLOW = """() => { const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (body) { setTimeout(() => send.call(this, body), 400); }; }"""
"""Every answer takes longer than a hand."""
SECOND = """\
  - name: Zona
    store: {tags: exclusive}
    segments:
      - name: Capital
        when: {city: Santiago}
    default: {name: Otra}
"""


def test_a_value_that_is_typed_is_saved_by_a_click_on_the_spot(start: Start) -> None:  # noqa: F811
    seen = start()
    seen.click("#s0-0-open")
    seen.page.locator("input.number").fill("4.000.000")
    seen.page.locator("#save").click(force=True)  # it is disabled until the edit has arrived
    expect(seen.page.locator(".message.good")).to_be_visible()
    assert "4000000" in seen.meeting.file.read_text("utf-8")
    seen.page.locator("input.number").fill("3.000.000")
    seen.page.locator("input.number").press("Control+s")
    seen.page.wait_for_function(
        "() => document.querySelector('input.number').defaultValue === '3.000.000'"
        " && document.getElementById('save').disabled"
    )
    assert "3000000" in seen.meeting.file.read_text("utf-8")


def test_what_is_typed_while_an_answer_is_on_its_way_stays(start: Start) -> None:  # noqa: F811
    seen = start()
    seen.click("#s0-0-open")
    seen.page.evaluate(SLOW)
    seen.page.locator("#name").fill("Altísimo")
    seen.page.locator("#name").press("Tab")
    seen.page.locator("#description").focus()
    seen.page.keyboard.type("Compra ")
    expect(seen.page.locator("#s0-0 h3")).to_contain_text("Altísimo")
    assert seen.page.evaluate("() => document.activeElement.id") == "description"
    seen.page.keyboard.type("pronto")
    seen.page.keyboard.press("Tab")
    seen.page.wait_for_function("() => document.querySelector('#description').defaultValue === 'Compra pronto'")
    assert "description: Compra pronto" in seen.meeting.state.text
    # Left at once, without a key more: taken over as well.
    seen.page.locator("#name").fill("Alto")
    seen.page.locator("#name").press("Tab")
    seen.page.locator("#expect").focus()
    seen.page.keyboard.type("10..20")
    expect(seen.page.locator("#s0-0 h3 button")).to_have_text("Alto")
    seen.page.keyboard.press("Tab")
    seen.page.wait_for_function("() => document.querySelector('#expect').defaultValue === '10..20'")


def test_a_double_click_does_once_what_it_does(start: Start) -> None:  # noqa: F811
    seen = start()
    seen.page.evaluate(SLOW)
    seen.page.locator("#s0-add").dblclick()
    expect(seen.page.locator("#s0-1")).to_be_visible()
    seen.page.wait_for_timeout(700)
    seen.quiet()
    assert seen.page.locator("#board .card").count() == 3


def test_a_button_pressed_while_the_cards_are_being_reordered_is_dropped(start: Start) -> None:  # noqa: F811
    seen = start()
    seen.click("#s0-add")
    seen.click("#s0-add")
    seen.page.evaluate(
        "() => { const send = XMLHttpRequest.prototype.send;"
        " XMLHttpRequest.prototype.send = function (body) { setTimeout(() => send.call(this, body), 300); }; }"
    )
    seen.page.locator("#s0-0-down").click()
    seen.page.locator("#s0-0-remove").click()  # meant the card that is on its way down
    expect(seen.page.locator("#s0-1 h3")).to_contain_text("Alto")
    seen.page.wait_for_timeout(700)
    seen.quiet()
    assert seen.page.locator("#board .card").count() == 4


def test_an_error_is_shown_and_so_is_no_answer(start: Start) -> None:  # noqa: F811
    seen = start()
    seen.page.route("**/panel?show=scope", lambda route: route.fulfill(status=500, body="Algo falló"))
    seen.page.locator("#tab-scope").click()
    expect(seen.page.locator("#failed")).to_have_text("Algo falló")
    seen.page.unroute("**/panel?show=scope")
    seen.click("#tab-scope")
    expect(seen.page.locator("#failed")).to_be_hidden()
    seen.page.route("**/panel?show=text", lambda route: route.abort())
    seen.page.locator("#tab-text").click()
    expect(seen.page.locator("#failed")).to_contain_text("no recibe respuesta")
    seen.noise.clear()  # the console tells of both, too


def test_the_focus_stays_where_the_hands_are(start: Start) -> None:  # noqa: F811
    seen = start()
    seen.click("#s0-0-open")
    for keys in (
        ("#c-segmentations-0-segments-0-when-row", "Enter"),
        ("#c-segmentations-0-segments-0-when-1-field", "Enter"),
        ("#c-segmentations-0-segments-0-when-0-remove", "Enter"),
        ("#s0-add", "Enter"),
        ("#s0-1-remove", "Enter"),
        ("#undo", "Enter"),
    ):
        seen.page.locator(keys[0]).focus()
        seen.page.keyboard.press(keys[1])
        seen.quiet()
        seen.page.wait_for_timeout(100)
        assert seen.page.evaluate("() => document.activeElement.tagName") != "BODY", keys


def test_a_button_that_is_pressed_while_a_value_is_on_its_way_does_what_it_does(start: Start) -> None:  # noqa: F811
    seen = start()
    seen.click("#s0-0-open")
    seen.page.evaluate(SLOW)
    seen.page.locator("#name").fill("Altísimo")
    seen.page.locator("#s0-add").click()
    expect(seen.page.locator("#s0-1")).to_be_visible()
    expect(seen.page.locator("#s0-0 h3")).to_contain_text("Altísimo")
    seen.page.locator("#s0-0-open").click()
    expect(seen.page.locator("#panel h2")).to_contain_text("Altísimo")
    seen.page.locator("#name").fill("Alto")
    seen.page.locator("#tab-history").click()
    expect(seen.page.locator("#tab-history")).to_have_attribute("aria-current", "true")
    expect(seen.page.locator("#s0-0 h3")).to_have_text("Alto")


def test_what_stands_in_a_form_is_not_lost_when_it_is_refused(start: Start) -> None:  # noqa: F811
    seen = start()
    seen.click("#tab-text")
    wrong = EMPTY.replace("segments:", "segments: [")
    seen.page.locator("#yaml").fill(wrong)
    seen.page.locator("#panel form button").click()
    expect(seen.page.locator(".message.bad")).to_be_visible()
    expect(seen.page.locator("#yaml")).to_have_value(wrong)
    seen.page.locator("#yaml").fill(EMPTY.replace("Alto", "Altísimo"))
    seen.page.locator("#panel form button").click()
    expect(seen.page.locator("#s0-0 h3")).to_contain_text("Altísimo")
    expect(seen.page.locator(".message.bad")).to_have_count(0)
    # The text of one segment, in a part of the panel that opens and closes.
    seen.click("#s0-0-open")
    seen.page.locator("#panel details summary").last.click()
    seen.page.locator("#yaml").fill("name: [")
    seen.page.locator("#panel details form button").click()
    expect(seen.page.locator("#yaml")).to_be_visible()
    expect(seen.page.locator("#yaml")).to_have_value("name: [")
    # What came of the meeting, told before the spec was saved.
    seen.click("#tab-acta")
    seen.page.locator("#result").fill("Tres segmentos")
    seen.page.locator("#panel form button").click()
    expect(seen.page.locator(".message.bad")).to_be_visible()
    seen.click("#save")
    expect(seen.page.locator("#result")).to_have_value("Tres segmentos")
    seen.page.locator("#panel form button").click()
    expect(seen.page.locator("#panel p.good")).to_be_visible()


OF_LISTS = """\
version: 1
client: {name: Viveros del Maipo, language: es_CL}
scope: {model: crm.lead, where: {type: opportunity}}
segmentations:
  - name: Nivel
    store: {tags: exclusive}
    segments:
      - name: Alto   # lo que compraron
        when:
          partner_id.opportunity_ids: {sum: expected_revenue, where: {active: true}, ">=": 5000000}   # se conversó
      - name: Olivos
        when:
          property: {Rubro: Olivo}
    default: {name: Otro}
"""


def test_a_condition_on_a_list_or_a_property_is_told_in_words_and_edited_as_text(start: Start) -> None:  # noqa: F811
    server = demo_server()
    rubro = {"name": "a1", "string": "Rubro", "type": "selection", "selection": [["o", "Olivo"], ["v", "Vid"]]}
    team = server.tables.add("crm.team", name="Campo", active=True, lead_properties_definition=[rubro])
    leads = server.tables.rows["crm.lead"]
    poor = [lead for lead, row in leads.items() if row["type"] == "opportunity" and not row.get("partner_id")]
    for place, lead in enumerate(poor[:7]):
        leads[lead] |= {"team_id": team, "lead_properties": {"a1": "o" if place < 5 else "v"}}
    seen = start(OF_LISTS, server=server)
    many = seen.count("s0-0")
    assert many > 0
    # A list.
    seen.click("#s0-0-open")
    raw = seen.page.locator(".row.raw")
    expect(raw.locator("p").first).to_have_text(
        "Suma de Ingreso esperado en Oportunidades de Contacto (Activo: sí) de 5.000.000 o más"
    )
    text = raw.locator("textarea")
    text.fill(text.input_value().replace("5000000", "9000000"))
    raw.get_by_role("button", name="Usar este texto").click()
    assert 0 < seen.count("s0-0") < many
    expect(seen.page.locator(".row.raw p").first).to_contain_text("9.000.000")
    assert seen.meeting.state.text == OF_LISTS.replace("5000000", "9000000"), "more than the number was changed"
    # What is wrong is told on the spot, and what was typed stays.
    text.fill(text.input_value().replace("sum:", "suma:"))
    raw.get_by_role("button", name="Usar este texto").click()
    seen.quiet()
    expect(seen.page.locator(".row.raw .bad")).to_have_text("Clave desconocida: suma; ¿quiso decir sum?")
    expect(text).to_have_value(re.compile("suma: expected_revenue"))
    assert seen.count("s0-0") == 0
    seen.page.locator("#board").press("Control+z")
    # A property.
    assert seen.count("s0-1") == 5
    seen.click("#s0-1-open")
    expect(seen.page.locator(".row.raw p").first).to_have_text("Rubro: Olivo")
    seen.page.locator(".row.raw textarea").fill("property: {Rubro: Vid}")
    seen.page.locator(".row.raw").get_by_role("button", name="Usar este texto").click()
    assert seen.count("s0-1") == 2
    assert "property: {Rubro: Vid}" in seen.meeting.state.text


def test_a_section_that_stays_the_same_is_left_where_it_is(start: Start) -> None:  # noqa: F811
    seen = start(EMPTY + SECOND)
    seen.click("#s0-0-open")
    seen.page.evaluate("() => document.querySelectorAll('#board > section').forEach((one) => { one.was = one.id; })")
    seen.put("#name", "Altísimo")
    here = "() => [...document.querySelectorAll('#board > [data-mark]')].map((one) => [one.id, one.was ?? null])"
    assert seen.page.evaluate(here) == [["section-0", None], ["section-1", "section-1"]]
    expect(seen.page.locator("#s0-0 h3")).to_contain_text("Altísimo")
    seen.click("#s1-0-open")
    seen.put("#name", "Cerca")
    assert seen.page.evaluate(here) == [["section-0", None], ["section-1", None]]
    expect(seen.page.locator("#s1-0 h3")).to_contain_text("Cerca")
