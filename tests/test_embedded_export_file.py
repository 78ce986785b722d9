"""A CRM made of Odoo's list export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from segmenter.embedded import EmbeddedServer, from_export
from segmenter.embedded.schema import FieldDef
from segmenter.errors import SegmenterError
from tests.live.servers import start
from tests.support.versions import LIVE
from tests.support.web import Web

Write = Callable[..., Path]

SPANISH = (
    *("Oportunidad", "Etapa", "Etiquetas", "Ingreso esperado", "Creado en", "Cierre esperado", "Activo", "Vendedor"),
    *("País", "País/Código", "Prioridad", "Tipo", "ID externo", "ID"),
)
ROW = (
    *("Hotel Sol", "Nuevo", "Riego", 9000000, datetime(2026, 3, 1, 22, 30), datetime(2026, 5, 2), True, "Ana Soto"),
    *("Chile", "CL", "Alta", "Oportunidad", "crm.crm_case_27", "27"),
)


@pytest.fixture
def workbook(tmp_path: Path) -> Write:
    def write(*rows: Sequence[Any], sheets: int = 1) -> Path:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        for row in rows:
            sheet.append(list(row))
        for _ in range(sheets - 1):
            book.create_sheet().append(["other"])
        book.save(tmp_path / "prospectos.xlsx")
        return tmp_path / "prospectos.xlsx"

    return write


@pytest.fixture
def csv(tmp_path: Path) -> Write:
    def write(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "prospectos.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def ask(server: EmbeddedServer, method: str, *args: Any, model: str = "crm.lead", **kwargs: Any) -> Any:
    return server.execute_kw(model, method, args, kwargs)


def rows(server: EmbeddedServer, *fields: str, model: str = "crm.lead") -> list[dict[str, Any]]:
    found = ask(server, "search_read", [], list(fields), model=model, order="id", context={"active_test": False})
    return [{key: value for key, value in row.items() if key != "id" or "id" in fields} for row in found]


def refused(path: Path, **settings: Any) -> str:
    with pytest.raises(SegmenterError) as caught:
        from_export(path, "crm.lead", **settings)
    assert str(path.parent) not in str(caught.value)
    return str(caught.value)


def test_a_spanish_export(workbook: Write) -> None:
    server = from_export(workbook(SPANISH, ROW), "crm.lead", timezone="America/Santiago")
    (row,) = ask(server, "search_read", [])
    assert row == {
        "id": 27,
        "name": "Hotel Sol",
        "display_name": "Hotel Sol",
        "stage_id": [1, "Nuevo"],
        "tag_ids": [1],
        "expected_revenue": 9000000.0,
        "create_date": "2026-03-02 01:30:00",
        "date_deadline": "2026-05-02",
        "active": True,
        "user_id": [2, "Ana Soto"],
        "country_id": [1, "Chile"],
        "priority": "2",
        "type": "opportunity",
    }
    assert set(ask(server, "fields_get")) == set(row)
    assert ask(server, "search", [["country_id.code", "=", "CL"]]) == [27]
    assert server.notes == ()
    assert (server.identity.url, server.identity.database) == ("export:", "prospectos.xlsx")


@pytest.mark.parametrize(
    "headings",
    [
        ("Opportunity", "Stage", "Tags", "Expected Revenue"),
        ("opportunity", "Stage/Name", "Tags/Name", "EXPECTED REVENUE"),
        ("name", "stage_id", "tag_ids", "expected_revenue"),
        ("Display Name", "stage_id/name", "tag_ids/name", "expected_revenue"),
        ("Oportunidad", "Etapa/Nombre de la etapa", "Etiquetas/Nombre", "Ingreso esperado"),
    ],
)
def test_headings_in_either_language_or_technical(workbook: Write, headings: Sequence[str]) -> None:
    server = from_export(workbook(headings, ("Hotel Sol", "Nuevo", "Riego, VIP", 5)), "crm.lead")
    assert rows(server, "name", "stage_id", "tag_ids", "expected_revenue") == [
        {"name": "Hotel Sol", "stage_id": [1, "Nuevo"], "tag_ids": [1, 2], "expected_revenue": 5.0}
    ]
    assert [row["name"] for row in rows(server, "name", model="crm.tag")] == ["Riego", "VIP"]


def test_further_tags_on_rows_of_their_own(csv: Write) -> None:
    text = '"Oportunidad","Etiquetas","ID"\n"Uno","Riego","7"\n"","VIP",""\n"","No llamar",""\n"Dos","VIP","8"\n'
    server = from_export(csv(text), "crm.lead")
    assert rows(server, "id", "name", "tag_ids") == [
        {"id": 7, "name": "Uno", "tag_ids": [1, 2, 3]},
        {"id": 8, "name": "Dos", "tag_ids": [2]},
    ]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_as_spreadsheets_save_it(csv: Write, mark: str, encoding: str) -> None:
    lines = [mark.join(("Oportunidad", "Ciudad", "Teléfono")), mark.join(("Año", "Ñuñoa", "'+56 9 1234"))]
    server = from_export(csv("\r\n".join(lines), encoding), "crm.lead")
    assert rows(server, "name", "city", "phone") == [{"name": "Año", "city": "Ñuñoa", "phone": "+56 9 1234"}]


def test_a_csv_cell_with_lines_and_quotes(csv: Write) -> None:
    server = from_export(csv('name,city\n"one\ntwo","say ""hi"", now"\n'), "crm.lead")
    assert rows(server, "name", "city") == [{"name": "one\ntwo", "city": 'say "hi", now'}]


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("es_CL", "1.234.567", 1234567.0),
        ("es_CL", "1.234,5", 1234.5),
        ("es_CL", "1234,5", 1234.5),
        ("es_CL", "2000.0", 2000.0),
        ("es_CL", "$ 5.000", 5000.0),
        ("en_US", "1,234,567.5", 1234567.5),
        ("en_US", "12.34", 12.34),
        ("en_US", "-7", -7.0),
        ("es_CL", "", 0.0),
    ],
)
def test_numbers(csv: Write, language: str, text: str, number: float) -> None:
    server = from_export(csv(f"name;expected_revenue\nx;{text}\n"), "crm.lead", language=language)
    assert rows(server, "expected_revenue") == [{"expected_revenue": number}]


@pytest.mark.parametrize(
    ("text", "active"),
    [("VERDADERO", True), ("FALSO", False), ("True", True), ("False", False), ("Sí", True), ("no", False), ("1", True)],
)
def test_booleans(csv: Write, text: str, active: bool) -> None:
    server = from_export(csv(f"name,active\nx,{text}\n"), "crm.lead")
    assert rows(server, "active") == [{"active": active}]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01 22:30:00", "2026-03-02 01:30:00"),
        ("2026-03-01T22:30:00", "2026-03-02 01:30:00"),
        ("01/03/2026 22:30", "2026-03-02 01:30:00"),
        ("1-3-2026", "2026-03-01 03:00:00"),
        ("", False),
    ],
)
def test_moments_are_in_the_zone_of_whoever_exported(csv: Write, text: str, moment: str | bool) -> None:
    server = from_export(csv(f"name,create_date\nx,{text}\n"), "crm.lead", timezone="America/Santiago")
    assert rows(server, "create_date") == [{"create_date": moment}]


def test_selections_by_label_or_key(csv: Write) -> None:
    server = from_export(csv("name,Prioridad\na,Muy alta\nb,Very High\nc,3\nd,\n"), "crm.lead")
    assert [row["priority"] for row in rows(server, "priority")] == ["3", "3", "3", False]


def test_what_the_export_does_not_have_is_no_field(csv: Write) -> None:
    server = from_export(csv("name,city\nx,Arica\n"), "crm.lead")
    assert set(ask(server, "fields_get")) == {"id", "display_name", "active", "name", "city"}
    assert ask(server, "search_count", []) == 1
    assert "partner_id" in ask(server, "fields_get", model="res.users")


def test_records_without_a_number_are_numbered_by_their_row(csv: Write) -> None:
    assert [row["id"] for row in rows(from_export(csv("name\na\nb\n"), "crm.lead"), "id")] == [2, 3]
    text = "External ID,name\n__export__.crm_lead_40_f00d,a\ncrm.case_2,b\n__export__.crm_lead_3_f00d,c\n"
    found = rows(from_export(csv(text), "crm.lead"), "id", "name")
    assert {row["name"]: row["id"] for row in found} == {"a": 40, "b": 41, "c": 3}


def test_a_name_is_one_record_whatever_else_is_said_of_it(csv: Write) -> None:
    text = "name,Etapa,País,País/Código\na,Nuevo,Chile,CL\nb,Nuevo,Chile,CL\nc,Ganado,Perú,PE\nd,,,\n"
    server = from_export(csv(text), "crm.lead", known={"crm.stage": ["Ganado", "Perdido"], "res.country": ["Chile"]})
    assert rows(server, "name", "code", model="res.country") == [
        {"name": "Chile", "code": "CL"},
        {"name": "Perú", "code": "PE"},
    ]
    assert rows(server, "name", "is_won", model="crm.stage") == [
        {"name": "Ganado", "is_won": True},
        {"name": "Perdido", "is_won": False},
        {"name": "Nuevo", "is_won": False},
    ]
    assert [row["stage_id"] and row["stage_id"][1] for row in rows(server, "stage_id")] == [
        *("Nuevo", "Nuevo", "Ganado"),
        False,
    ]


def test_contacts(csv: Write) -> None:
    text = "Nombre,Etiquetas,Es una empresa,Correo electrónico\nHotel Sol,Cliente,VERDADERO,a@x.example\n"
    server = from_export(csv(text), "res.partner")
    (row,) = ask(server, "search_read", [], ["name", "category_id", "is_company", "email"], model="res.partner")
    assert row == {"id": 2, "name": "Hotel Sol", "category_id": [1], "is_company": True, "email": "a@x.example"}


def test_categories_lie_below_each_other_as_their_paths_say(csv: Write) -> None:
    text = 'Nombre,Etiquetas\nHotel Sol,"Cliente / Oro,Oro"\nHotel Mar,Cliente / Plata\nHotel Luna,Cliente\n'
    server = from_export(csv(text), "res.partner")
    rows = ask(server, "search_read", [], ["display_name", "parent_id"], model="res.partner.category")
    assert [(row["display_name"], bool(row["parent_id"])) for row in rows] == [
        ("Cliente", False),
        ("Cliente / Oro", True),
        ("Oro", False),
        ("Cliente / Plata", True),
    ]
    under = ask(server, "search", [("category_id", "child_of", [rows[0]["id"]])], model="res.partner")
    assert under == [2, 3, 4]


def test_columns_of_fields_that_the_client_wants_to_have(csv: Write) -> None:
    level = FieldDef("x_level", "selection", {"en": "Nivel", "es": "Nivel"}, selection=(("Alto", "Alto", "Alto"),))
    visits = FieldDef("x_visits", "integer", {"en": "Visitas", "es": "Visitas"})
    server = from_export(csv("name,Nivel\nx,Alto\ny,\n"), "crm.lead", custom=[level, visits])
    assert [row["x_level"] for row in rows(server, "x_level")] == ["Alto", False]
    assert "x_visits" not in ask(server, "fields_get")
    assert ask(server, "check_access_rights", "create", False, model="ir.model.fields") is True


def test_headings_that_are_no_field_are_noted(csv: Write) -> None:
    server = from_export(csv("name,Etpa,Zodiaco,Etapa/Humor\nx,Nuevo,Leo,bueno\n"), "crm.lead")
    assert server.notes == (
        "The column Etpa is no field of crm.lead and is left out; is it Etapa?",
        "The column Zodiaco is no field of crm.lead and is left out",
        "The column Etapa/Humor is no field of crm.lead and is left out; is it Etapa?",
    )


def test_the_first_of_several_sheets(workbook: Write) -> None:
    server = from_export(workbook(["name"], ["x"], sheets=3), "crm.lead")
    assert rows(server, "name") == [{"name": "x"}]
    assert server.notes == ("prospectos.xlsx has 3 sheets; Sheet is read, the first visible one with records",)


def test_a_formula_is_refused_with_its_place(workbook: Write, csv: Write) -> None:
    path = workbook(["name", "expected_revenue"], ["x", 1], ["y", "=1+1"])
    assert refused(path) == (
        "prospectos.xlsx:B3: The cell holds a formula, =1+1; replace it by its value, or export again from Odoo as .csv"
    )
    assert refused(csv("name,city\nx,=HYPERLINK(1)\n")).startswith("prospectos.csv:B2: The cell holds a formula")


def test_a_text_that_begins_as_a_formula_is_a_text(tmp_path: Path, csv: Write) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["name", "city"])
    sheet.append(["x", "y"])
    sheet["A2"].value, sheet["A2"].data_type = "=cmd()", "s"
    book.save(tmp_path / "texts.xlsx")
    assert rows(from_export(tmp_path / "texts.xlsx", "crm.lead"), "name") == [{"name": "=cmd()"}]
    assert rows(from_export(csv("name,city\n'=cmd(),y\n"), "crm.lead"), "name") == [{"name": "=cmd()"}]


def test_a_grouped_export_is_refused(workbook: Write) -> None:
    path = workbook(["Oportunidad", "Etapa", "Ingreso esperado"], ["Nueva (19)", None, 115475], ["Hotel", "Nueva", 3])
    assert refused(path) == (
        "prospectos.xlsx:A2: Nueva (19) is the heading of a group, not a record; "
        "export again from the list view without grouping"
    )
    nested = workbook(["name", "Etapa"], ["Nueva (19)", None], ["    Ana (2)", None], ["Hotel", "Nueva"])
    assert "heading of a group" in refused(nested)


def test_merged_cells_are_refused(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["name", "city"])
    sheet.append(["x", "y"])
    sheet.merge_cells("A2:B2")
    book.save(tmp_path / "merged.xlsx")
    assert refused(tmp_path / "merged.xlsx").startswith("merged.xlsx:A2:B2: Cells A2:B2 are merged")


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("name,expected_revenue\nx,\nx,much\n", "prospectos.csv:B3: Expected Revenue: much is not a number"),
        (
            f"name,expected_revenue\nx,{'much ' * 1000}\n",
            f"prospectos.csv:B2: Expected Revenue: {'much ' * 10}… is not a number",
        ),
        (
            f"name,date_deadline\nx,{'2026-' * 1000}\n",
            f"prospectos.csv:B2: Expected Closing: {'2026-' * 10}… is not a date",
        ),
        ("name,active\nx,maybe\n", "prospectos.csv:B2: Active: maybe is neither yes nor no"),
        ("name,priority\nx,9\n", "prospectos.csv:B2: Priority: 9 is none of: Baja, Medio, Alta, Muy alta"),
        ("name,date_deadline\nx,2026-02-30\n", "prospectos.csv:B2: Expected Closing: There is no day 2026-02-30"),
        ("name,date_deadline\nx,30/02/2026\n", "prospectos.csv:B2: Expected Closing: There is no day 30/02/2026"),
        ("name,ID\nx,7\ny,7\n", "prospectos.csv:B3: The record 7 is there twice"),
        ("name,id\nx,crm.case_a\ny,crm.case_a\n", "prospectos.csv:B3: The record crm.case_a is there twice"),
        (
            "name,Oportunidad\nx,y\n",
            "prospectos.csv: The columns name and Oportunidad are both name; export again with only one",
        ),
        (
            "Zodiaco,Humor\nLeo,bueno\n",
            "prospectos.csv: No heading of the export is a field of crm.lead: Zodiaco, Humor",
        ),
        ("", "prospectos.csv is empty"),
        (" \n\n", "prospectos.csv is empty"),
        (",,\n,,\n", "prospectos.csv is empty"),
    ],
)
def test_cells_that_cannot_be(csv: Write, text: str, start: str) -> None:
    assert refused(csv(text), language="en_US").startswith(start)


def test_files_that_cannot_be(tmp_path: Path) -> None:
    for name, content, sentence in (
        ("a.pdf", b"x", "a.pdf is neither a workbook nor a CSV file"),
        ("a.xlsx", b"x", "a.xlsx is not a workbook that can be opened"),
        ("b.xlsx", b"PK\x03\x04 and then nothing", "b.xlsx is not a workbook that can be opened"),
    ):
        (tmp_path / name).write_bytes(content)
        assert refused(tmp_path / name).startswith(sentence)
    (tmp_path / "a.csv").write_text("name\n" + "x" * 200_000)
    assert refused(tmp_path / "a.csv").startswith("a.csv:A2: In row 2 a cell holds more than 100,000 characters")
    assert refused(tmp_path / "none.csv").startswith("none.csv cannot be read: there is no such file or folder; name")
    with pytest.raises(SegmenterError, match=r"An export of sale\.order cannot be planned"):
        from_export(tmp_path / "none.csv", "sale.order")


def test_an_export_of_odoo_14(workbook: Write) -> None:
    headings = ("Oportunidad", "Categorías", "\ufeffIngreso estimado", "Prioridad", "País", "Activo", "ID")
    asked = [("Hotel Sol", "Riego", 5, "Media", "Chile", False, 7), ("Bodega", "VIP", 0.0, "Alta", False, True, 9)]
    server = from_export(workbook(headings, *asked, (False, "Riego", False, False, False, "", False)), "crm.lead")
    fields = ("id", "name", "tag_ids", "expected_revenue", "priority", "country_id", "active")
    assert [tuple(row[name] for name in fields) for row in rows(server, *fields)] == [
        (7, "Hotel Sol", [1], 5.0, "1", [1, "Chile"], False),
        (9, "Bodega", [1, 2], 0.0, "2", False, True),
    ]
    assert server.notes == ()
    # A spec for that client says what the client's Odoo says.
    told = ask(server, "fields_get", ["priority", "tag_ids"], ["string", "selection"], context={"lang": "es_CL"})
    assert ["1", "Media"] in told["priority"]["selection"]
    assert told["tag_ids"] == {"string": "Categorías"}


def test_fields_that_odoo_14_calls_otherwise(workbook: Write) -> None:
    server = from_export(workbook(("name", "lost_reason/name"), ("Hotel Sol", "Precio")), "crm.lead")
    assert rows(server, "lost_reason_id") == [{"lost_reason_id": [1, "Precio"]}]


@pytest.mark.parametrize("version", LIVE)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("again", [False, True], ids=["for people", "to import again"])
@pytest.mark.parametrize("language", ["en_US", "es_CL"])
def test_what_a_real_odoo_exports(tmp_path: Path, version: str, kind: str, again: bool, language: str) -> None:
    known = start(version).connection()
    names = [
        "name",
        "stage_id",
        "tag_ids",
        "expected_revenue",
        "create_date",
        "priority",
        "country_id",
        "user_id",
        ".id",
    ]
    web = Web(known["url"], known["database"], "admin", known["admin_password"], version)
    path = tmp_path / f"export.{kind}"
    path.write_bytes(web.export("crm.lead", names, kind=kind, again=again, language=language))
    context = {"lang": language, "tz": "America/Santiago"}
    rpc = web.rpc

    fields = [name for name in names if name != ".id"]
    call = {"model": "crm.lead", "args": [[], fields], "kwargs": {"context": context}}
    real = rpc("/web/dataset/call_kw/crm.lead/search_read", method="search_read", **call)
    tags = {"model": "crm.tag", "args": [[], ["name"]], "kwargs": {"context": context}}
    tag_names = {
        tag["id"]: tag["name"] for tag in rpc("/web/dataset/call_kw/crm.tag/search_read", method="search_read", **tags)
    }
    server = from_export(path, "crm.lead", language=language, timezone="America/Santiago")
    ours = {tag["id"]: tag["name"] for tag in ask(server, "search_read", [], ["name"], model="crm.tag")}
    assert server.notes == ()

    def plain(row: dict[str, Any], names_of_tags: dict[int, str]) -> dict[str, Any]:
        by_name = {
            name: value[1] if isinstance(value, list) and name != "tag_ids" else value for name, value in row.items()
        }
        return {**by_name, "tag_ids": sorted(names_of_tags[tag] for tag in row["tag_ids"])}

    found = [plain(row, ours) for row in ask(server, "search_read", [], fields, order="id")]
    assert found == sorted((plain(row, tag_names) for row in real), key=lambda row: row["id"])


@pytest.mark.parametrize(
    ("ids", "importable"),
    [
        (("__export__.crm_lead_27_1a2b3c4d", "crm.crm_case_1"), True),
        (("__import__.lead-7", ""), False),  # a new record, for an import
        ((27, 28), False),
        (("27", "28"), False),
    ],
)
def test_an_export_that_can_be_imported_again_has_an_external_id_for_every_record(
    tmp_path: Path, ids: tuple[object, ...], importable: bool
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [(".id", "id", "name"), (7, ids[0], "Hotel Sol"), (8, ids[1], "Hotel Luna")]:
        sheet.append(row)
    book.save(tmp_path / "export.xlsx")
    rows = from_export(tmp_path / "export.xlsx", "crm.lead").rows
    assert rows is not None
    assert rows.external_ids == (dict(zip((7, 8), ids, strict=True)) if importable else {})
