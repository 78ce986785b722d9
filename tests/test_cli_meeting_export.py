"""``segmenter meeting SPEC --from EXPORT``: names that are typed on the page, and columns that the export lacks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from segmenter.embedded import also_known, from_export
from segmenter.measuring import Crm
from segmenter.resolving.exported import new_names
from segmenter.spec import loads_draft
from segmenter.web.meeting import Meeting
from segmenter.web.sources import Sources
from tests.support.command_line import Desk
from tests.support.meetings import crm_of, read_now
from tests.test_cli_meeting import Served, desk, served
from tests.test_web_routes import WHEN, Page, count

__all__ = ["desk", "served"]
SPEC = """\
version: 1
client: {name: Viveros, language: es_CL}
scope: {model: crm.lead}
segmentations:
  - name: Canal
    store: {tags: exclusive}
    segments:
      - name: Referidos
        when: {source_id: [Referido]}   # hoy
      - name: Del valle
        when: {partner_id.category_id: {has_any: [Viñas]}}
    default: {name: Otros}
"""
EXPORT = (
    "id,Oportunidad,Origen,Etiquetas,Ciudad\n"
    "1,Hotel Sol,Referido,Riego,Ñuñoa\n"
    '2,"<script>alert(1)</script> ""Mar""",Feria,"Riego, VIP",\u202eabc\n'
    f"3,{'x' * 300},,VIP,\N{PILE OF POO}\n"
)


@pytest.fixture
def on_page(desk: Desk, served: Served) -> Callable[[Callable[[Page], object]], object]:
    """Does something on the page of a meeting on the export, and gives what that gives."""

    def done(does: Callable[[Page], object]) -> object:
        (desk.folder / "export.csv").write_text(EXPORT, "utf-8")
        desk.spec.write_text(SPEC, "utf-8")

        def meanwhile(sources: Sources) -> object:
            page = Page(read_now(Meeting(sources)))
            page.get("/")
            return does(page)

        served.meanwhile = [meanwhile]
        desk.done("meeting", "viveros.yaml", "--from", "export.csv")
        return served.came[0]

    return done


OnPage = Callable[[Callable[[Page], object]], object]


def test_a_column_that_is_missing_is_said_at_its_row_and_the_rest_works(on_page: OnPage) -> None:
    def does(page: Page) -> object:
        shown = page.get("/panel", show="segment", s=0, g=1)
        at_card, at_row = shown.partition('id="panel"')[::2]
        return "no column" in at_card, "no column" in at_row, count(shown, "s0-0"), count(shown, "s0-default")

    assert on_page(does) == (True, True, 1, 2)


def test_a_name_that_is_typed_is_known_as_if_it_had_been_there(on_page: OnPage) -> None:
    def does(page: Page) -> object:
        found: list[object] = []
        for name in ("Radio", "Feria", "Correo, carta", "Radio", '<b>"é"</b>'):
            page.post("/edit", action="value.add", path=WHEN, address="0", value=name)
            found.append([problem.what for problem in page.meeting.state.problems if problem.path[3:4] == (0,)])
        page.post("/edit", action="row.field", path=WHEN, address="0", value="tag_ids")
        for name in ("Nadie", "Riego, VIP"):
            page.post("/edit", action="value.add", path=WHEN, address="0", value=name)
            found.append([problem.what for problem in page.meeting.state.problems if problem.path[3:4] == (0,)])
        shown = count(page.get("/"), "s0-0")
        while page.meeting.unsaved:
            page.post("/undo")
        assert page.meeting.data is not None
        twice = page.meeting.data.crm.catalog.named("utm.source", "Radio")
        return found, shown, len(twice), page.meeting.state.text == SPEC

    found, shown, _twice, given_back = on_page(does)  # type: ignore[misc]
    assert found == [[]] * 7
    assert shown == 1  # one tag of that name, as the export reads it with that name in the spec
    assert given_back


def test_names_are_added_to_an_export_by_their_paths(tmp_path: Path) -> None:
    spec, _problems = loads_draft(SPEC.replace("[Viñas]", "[Viñas / Maipo]"), "viveros.yaml")
    (file := tmp_path / "contactos.csv").write_text("id,Nombre,Etiquetas\n1,Ana,Viñas / Norte\n", "utf-8")
    server = from_export(file, "res.partner")
    crm: Crm = crm_of(server)
    also_known(server, [(model, name) for model, names in new_names(spec, crm.catalog).items() for name in names])
    names = crm_of(server).reader.names("res.partner.category", list(server.tables.rows["res.partner.category"]))
    assert sorted(names.values()) == ["Viñas", "Viñas / Maipo", "Viñas / Norte"]
