"""Specs and exports that cannot be: one sentence in each language, with its place, and nothing left behind."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from tests.support.bad_input import Office, connected, says, shared
from tests.support.bad_input import office as office

__all__ = ["connected", "shared"]

WHEN = 'expected_revenue: {">=": 5000}'
NUMBER = "This is not a number that a CRM can hold", "write a plain number, or put a code in quotes"
CONTROL = "There is a control character here (U+{code:04X}) that no CRM takes", "delete it"
EXPORTED_AGAIN = "export again from Odoo's list view as .xlsx or .csv"


def test_an_unknown_model(connected: Office) -> None:
    connected.write("model: crm.lead", "model: sale.order")
    must = "{key} must be {expected}, not {found}"
    told = says(
        must,
        "",
        connected.place("model"),
        key="model",
        expected=says("crm.lead or res.partner"),
        found='"sale.order"',
    )
    connected.refuses("plan", "viveros.yaml", code=1, says=told)


@pytest.mark.parametrize("command", ["plan", "verify", "validate"])
def test_an_unknown_field(connected: Office, command: str) -> None:
    connected.write(WHEN, "espected_revenue: {empty: true}")
    told = says(
        "No field {field} on {model}",
        "did you mean {names}?",
        connected.place("empty"),
        field="espected_revenue",
        model="crm.lead",
        names=says("{names} or {last}", names="expected_revenue", last="prorated_revenue"),
    )
    connected.refuses(command, "viveros.yaml", code=1, says=told)


def test_a_field_that_cannot_be_searched(connected: Office) -> None:
    connected.write(WHEN, "company_id.country_id: Chile")
    told = says(
        "The server cannot search by {field} ({label}) of {model}",
        "use a field that is stored",
        connected.place("company_id.country_id"),
        field="country_id",
        label="País",
        model="res.company",
    )
    connected.refuses("plan", "viveros.yaml", code=1, says=told)


def test_a_value_that_is_not_in_the_selection(connected: Office) -> None:
    connected.write("set: {priority: 3}", "set: {priority: 9}")
    told = says(
        "{value} is no value of {field} ({label})",
        "it has {names}",
        connected.place("priority: 9"),
        value=9,
        field="priority",
        label="Prioridad",
        names="0 (Baja), 1 (Medio), 2 (Alta), 3 (Muy alta)",
    )
    connected.refuses("plan", "viveros.yaml", code=1, says=told)


def test_an_ambiguous_stage_name(connected: Office) -> None:
    connected.crm.as_user("admin@viveros.example").execute_kw("crm.stage", "create", [[{"name": "Calificado"}]], {})
    connected.write(WHEN, "stage_id: Calificado")
    told = says(
        "{name} is ambiguous: {count} records of {model} are called so",
        "write the id of one of {names}",
        connected.place("stage_id: Calificado"),
        name="Calificado",
        count=2,
        model="crm.stage",
        names="Calificado (2), Calificado (5)",
    )
    connected.refuses("plan", "viveros.yaml", code=1, says=told)


def test_an_ambiguous_stage_to_move_to(connected: Office) -> None:
    connected.crm.as_user("admin@viveros.example").execute_kw("crm.stage", "create", [[{"name": "Calificado"}]], {})
    connected.write("set: {priority: 3}", "set: {stage_id: Calificado}")
    told = says(
        "“{name}” is ambiguous on {model}: {candidates}",
        "write the id of one of them, as a number",
        connected.place("stage_id: Calificado"),
        name="Calificado",
        model="crm.stage",
        candidates="Calificado (id 2), Calificado (id 5)",
    )
    connected.refuses("plan", "viveros.yaml", code=1, says=told)


@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf", "1e999", "99999999999999999999"])
def test_a_number_that_is_none(connected: Office, number: str) -> None:
    connected.write("5000}}", f"{number}}}}}")
    connected.refuses("plan", "viveros.yaml", code=1, says=says(*NUMBER, connected.place(number)))


@pytest.mark.parametrize("letter", ["x", "€"])
def test_three_million_characters(connected: Office, letter: str) -> None:
    connected.write("version: 1", f"# {letter * 3_000_000}\nversion: 1")
    told = says(
        "The spec is too long: at most {most} characters are read",
        "split it into one spec per purpose",
        "viveros.yaml:1:1",
        most=300_000,
    )
    connected.refuses("plan", "viveros.yaml", code=1, says=told)


@pytest.mark.parametrize(
    ("written", "code"), [("A\x07lto", 7), ('"A\\x07lto"', 7), ('"A\\eB"', 27), ("A\x9flto", 0x9F)]
)
def test_a_control_character_in_a_name(connected: Office, written: str, code: int) -> None:
    connected.write("Alto", written)
    place = connected.place(written)
    if not written.startswith('"'):  # of a character that stands there as such, its own place
        line, column = place.rsplit(":", 1)
        place = f"{line}:{int(column) + 1}"
    connected.refuses("plan", "viveros.yaml", code=1, says=says(*CONTROL, place, code=code))


def test_control_characters_in_names_of_the_crm(connected: Office) -> None:
    """What people typed into the CRM is planned as it is, and cannot steer the terminal."""
    admin = connected.crm.as_user("admin@viveros.example")
    admin.execute_kw("crm.lead", "write", [[1], {"name": "\x1b[2JHotel\x07 \x9bSol\u202e"}], {})
    for words in (["plan", "viveros.yaml", "--all"], ["explain", "viveros.yaml", "1"], ["apply", "P1", "--yes"]):
        said = connected.done(*words).output
        assert not set("\x1b\x07\x9b\u202e") & set(said)
    assert "Hotel" in connected.done("history", "1").output + connected.done("show", "P1", "--all").output
    connected.proves()


def test_no_such_file(office: Office) -> None:
    told = says("There is no file {name}", "`segmenter init CLIENT` writes a spec to start from", name="other.yaml")
    office.refuses("plan", "other.yaml", code=1, says=told)


def test_a_folder_for_a_spec(office: Office) -> None:
    (office.folder / "specs").mkdir()
    told = says("{name} is a folder, not a spec", "name the file in it", name="specs")
    office.refuses("plan", "specs", code=1, says=told)


def test_a_spec_that_may_not_be_read(shared: Office) -> None:
    office = shared
    office.write().chmod(0)
    told = says("The file {name} cannot be read", "look at its rights, and at the disk", name="viveros.yaml")
    result = office.run("validate", "viveros.yaml", as_anybody=True)
    assert (result.exit_code, result.output) == (1, f"{told}\n")


def test_an_empty_spec(office: Office) -> None:
    (office.folder / "viveros.yaml").write_text("")
    told = says("The spec is empty", "`segmenter init CLIENT` writes one to start from", "viveros.yaml:1:1")
    office.refuses("plan", "viveros.yaml", code=1, says=told)


@pytest.mark.parametrize("words", [["plan"], ["check"], ["verify"], ["explain", "1"]])
def test_a_spec_that_names_no_crm(office: Office, words: list[str]) -> None:
    line = 'odoo: {url: "http://127.0.0.1:1", database: viveros, user: segmentacion@asesorateya.example, api: auto}\n'
    office.write(line, "")
    told = says(
        "{file} does not say where the CRM is",
        "add an odoo section with url, database and user, or plan from an export with --from",
        file="viveros.yaml",
    )
    office.refuses(words[0], "viveros.yaml", *words[1:], code=2, says=told)


# Exports

HEADINGS = "id,Oportunidad,Ingreso esperado,Etapa,Etiquetas,Prioridad,Tipo"
ROW = "1,Hotel Sol,9000,Nuevo,,Baja,Oportunidad"


def _plan_from(office: Office, file: str, told: object, code: int = 1) -> None:
    office.write()
    office.refuses("plan", "viveros.yaml", "--from", file, code=code, says=told)  # type: ignore[arg-type]


@pytest.mark.parametrize("formula", ["=1+1", '"=HYPERLINK(""http://x"")"'])
def test_an_export_with_a_formula(office: Office, formula: str) -> None:
    (office.folder / "e.csv").write_text(f"{HEADINGS}\n{ROW.replace('9000', formula)}\n", "utf-8")
    told = says(
        "The cell holds a formula, {formula}",
        "replace it by its value, or export again from Odoo as .csv",
        "e.csv:C2",
        formula=formula.strip('"').replace('""', '"'),
    )
    _plan_from(office, "e.csv", told)


def test_a_workbook_with_a_formula(office: Office) -> None:
    book = Workbook()
    book.active.append(HEADINGS.split(","))
    book.active.append([1, "Hotel Sol", "=1+1", "Nuevo", "", "Baja", "Oportunidad"])
    book.save(office.folder / "e.xlsx")
    told = says(
        "The cell holds a formula, {formula}",
        "replace it by its value, or export again from Odoo as .csv",
        "e.xlsx:C2",
        formula="=1+1",
    )
    _plan_from(office, "e.xlsx", told)


def test_an_export_without_any_known_column(office: Office) -> None:
    (office.folder / "e.csv").write_text("Foo,Bar\n1,2\n", "utf-8")
    told = says(
        "No heading of the export is a field of {model}: {headings}",
        "export again from the list view of that model, in Spanish or English",
        "e.csv",
        model="crm.lead",
        headings="Foo, Bar",
    )
    _plan_from(office, "e.csv", told)


def test_an_export_with_an_unknown_column_says_so_and_is_planned(office: Office) -> None:
    (office.folder / "e.csv").write_text(f"{HEADINGS},Qwerty\n{ROW},1\n", "utf-8")
    office.write()
    told = says("The column {column} is no field of {model} and is left out", column="Qwerty", model="crm.lead")
    assert office.done("plan", "viveros.yaml", "--from", "e.csv").stderr.splitlines()[0] == str(told)


def test_an_export_without_a_column_that_the_spec_uses(office: Office) -> None:
    (office.folder / "e.csv").write_text(f"{HEADINGS.replace('Prioridad', 'Prioritat')}\n{ROW}\n", "utf-8")
    office.write()
    left_out = says(
        "The column {column} is no field of {model} and is left out; is it {near}?",
        column="Prioritat",
        model="crm.lead",
        near=says("{names} or {last}", names="Priority", last="Prioridad"),
    )
    missing = says(
        "The export has no column {label} ({field})",
        "export it again with that column, or leave the field out of the spec",
        office.place("priority: 3"),
        label="Prioridad",
        field="priority",
    )
    unheld = says(
        "No record of the export has “{name}” in {field}",
        "correct the name, unless such records are yet to come",
        office.place("stage_id: [Ganado]"),
        name="Ganado",
        field="stage_id",
    )
    _plan_from(office, "e.csv", f"{left_out}\n{unheld}\n{missing}")


UNFIT: dict[str, tuple[bytes | None, str, str]] = {
    "e.csv": (b"", "{file} is empty", "export again with the records selected"),
    "e.xls": (b"old", "{file} is neither a workbook nor a CSV file", EXPORTED_AGAIN),
    "e.pdf": (b"%PDF", "{file} is neither a workbook nor a CSV file", EXPORTED_AGAIN),
    "e.xlsx": (b"no workbook", "{file} is not a workbook that can be opened", EXPORTED_AGAIN),
}


@pytest.mark.parametrize("file", UNFIT)
def test_a_file_that_is_no_export(office: Office, file: str) -> None:
    content, sentence, todo = UNFIT[file]
    (office.folder / file).write_bytes(content or b"")
    _plan_from(office, file, says(sentence, todo, file=file))


@pytest.mark.parametrize(
    ("file", "reason"), [("none.csv", "there is no such file or folder"), ("folder.csv", "it is a folder")]
)
def test_an_export_that_cannot_be_read(office: Office, file: str, reason: str) -> None:
    (office.folder / "folder.csv").mkdir()
    todo = "name a file that Odoo exported, .xlsx or .csv"
    _plan_from(office, file, says("{file} cannot be read: {reason}", todo, file=file, reason=says(reason)))


@pytest.mark.parametrize("number", ["NaN", "inf", "abc"])
def test_a_cell_that_is_no_number(office: Office, number: str) -> None:
    (office.folder / "e.csv").write_text(f"{HEADINGS}\n{ROW.replace('9000', number)}\n", "utf-8")
    told = says("{value} is not a number", value=number)
    todo = says("correct the cell, or export again")
    _plan_from(office, "e.csv", f"e.csv:C2: Ingreso esperado: {told}; {todo}")


@pytest.mark.parametrize(
    ("reason", "file"), [("there is no such file or folder", "nowhere/plan.csv"), ("it is a folder", "folder.csv")]
)
def test_a_plan_that_cannot_be_written_to_its_file(connected: Office, reason: str, file: str) -> None:
    (connected.folder / "folder.csv").mkdir()
    connected.done("plan", "viveros.yaml")
    told = says(
        "{file} cannot be written: {reason}",
        "look at the folder's rights, and at the disk",
        file=file,
        reason=says(reason),
    )
    connected.refuses("show", "P1", "--output", file, code=1, says=told)
