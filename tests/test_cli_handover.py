"""The bundle for the end: what is in it, what is not, and that it is the same each time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import datetime
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from segmenter import __version__
from segmenter.cli.engagement import engagement
from segmenter.ledger import open_ledger
from segmenter.reports import handover, handover_readme
from segmenter.reports.families import Family, applied_line
from segmenter.reports.text import Style
from tests.support.command_line import KEY, SPEC, Desk, desk

__all__ = ["desk"]

NAMES = [
    "LEEME.txt",
    "situacion-actual.html",
    "situacion-actual.xlsx",
    "acta.html",
    "viveros.yaml",
    "segmentos.csv",
    "favoritos.csv",
    "registro-del-servicio.csv",
    "registro-del-servicio.json",
    "servicio.json",
    "VERIFICACION.txt",
    "manifiesto.json",
]


@pytest.fixture
def done(desk: Desk) -> Desk:
    """An engagement at its end: a session, a plan with favourites, its approval and its run."""
    desk.spec.write_text(f"{SPEC}filters: shared\n", "utf-8")
    desk.done(
        "log", "add", "viveros.yaml", "--kind", "definition", "--minutes", "30", "--activity", "=cmd()", "--result", "b"
    )
    desk.done("log", "add", "viveros.yaml", "--kind", "out-of-scope", "--activity", "Migrar los correos")
    desk.done("plan", "viveros.yaml")
    desk.done("approve", "P1", "--by", "Paula Rojas", "--evidence", "correo 2026-11-24")
    desk.done("apply", "P1", "--yes")
    return desk


def bundle(desk: Desk, *words: str) -> dict[str, bytes]:
    desk.done("handover", *words, "--output", "entrega.zip")
    with ZipFile(desk.folder / "entrega.zip") as zipped:
        assert zipped.testzip() is None
        return {name: zipped.read(name) for name in zipped.namelist()}


def rows(content: bytes) -> list[list[str]]:
    """Of a CSV for a client who reads Spanish."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def said(files: dict[str, bytes], name: str = "LEEME.txt") -> str:
    """A text as one line."""
    return " ".join(files[name].decode().split())


def sheet(files: dict[str, bytes]) -> list[dict[str, object]]:
    """The rows of the first sheet of the workbook of the state."""
    book = load_workbook(io.BytesIO(files["situacion-actual.xlsx"]))
    head, *found = book.worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in found]


def test_everything_is_in_it_and_no_secret_in_one_order(done: Desk) -> None:
    files = bundle(done)
    assert list(files) == NAMES
    assert files["viveros.yaml"].decode() == done.spec.read_text("utf-8")
    for page in ("situacion-actual.html", "acta.html"):
        assert files[page].lower().startswith(b"<!doctype html>")
    assert [one["id"] for one in json.loads(files["registro-del-servicio.json"])["entries"]] == ["L1", "L2"]
    assert json.loads(files["servicio.json"])["used"] == 30
    assert rows(files["registro-del-servicio.csv"])[1][4] == "'=cmd()"  # a spreadsheet runs nothing of it
    with ZipFile(io.BytesIO(files["situacion-actual.xlsx"])) as sheets:
        contents = [*files.values(), *(sheets.read(name) for name in sheets.namelist())]
    assert all(KEY.encode() not in content for content in contents)
    assert done.data("handover", "--output", "again.zip")["files"] == NAMES
    with ZipFile(done.folder / "again.zip") as again:
        same = [name for name in NAMES if not name.endswith((".xlsx", "manifiesto.json"))]
        assert {name: again.read(name) for name in same} == {name: files[name] for name in same}


def test_the_names_are_in_the_clients_language(desk: Desk) -> None:
    desk.spec.write_text(SPEC.replace("es_CL", "en_US"), "utf-8")
    desk.done("plan", "viveros.yaml")
    desk.done("apply", "P1", "--yes")
    files = bundle(desk)
    assert list(files)[:4] == ["README.txt", "state-today.html", "state-today.xlsx", "agreement.html"]
    assert "HOW TO USE IT ON MONDAY" in files["README.txt"].decode()


def test_the_first_text_begins_with_monday_and_with_what_it_does_not_do(done: Desk) -> None:
    text = bundle(done)["LEEME.txt"].decode()
    titles = [line.strip() for line in text.splitlines() if line.isupper()]
    assert titles[:3] == ["CÓMO USARLO EL LUNES", "QUÉ NO HACE", "QUÉ SE HIZO"]
    one_line = " ".join(text.split())
    assert "No etiqueta oportunidades que entren después de la entrega:" in one_line
    assert "Los favoritos muestran lo que se etiquetó: tampoco aparecen ahí oportunidades que" in one_line
    assert "Una segunda pasada lo pone todo al día" in one_line
    assert "arriba están los segmentos" in one_line
    assert "elija uno en Favoritos: 1 Alto · Nivel, 2 Medio · Nivel, 3 Bajo · Nivel." in one_line
    assert "Como administrador, abra el usuario de trabajo en «Ajustes > Usuarios y empresas > Usuarios»" in one_line


def test_it_proves_its_files_and_the_ledger_and_tells_the_favourites_on_the_server(done: Desk) -> None:
    head = done.data("runs", "--verify")["head"]
    files = bundle(done)
    manifest = json.loads(files.pop("manifiesto.json"))
    assert manifest["chain"]["head"] == head
    assert manifest["files"] == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert (manifest["plan"]["id"], manifest["run"]["id"]) == ("P1", "R1")
    assert manifest["approvals"][0]["digest"] == manifest["plan"]["digest"]
    proof = files["VERIFICACION.txt"].decode()
    assert f"segmenter runs --ledger segmenter.ledger --head {head}" in proof
    assert f"    P1  {manifest['plan']['digest']}" in proof
    assert "segmenter verify viveros.yaml" in proof
    for told in ("Paula Rojas (correo 2026-11-24)", "Migrar los correos", manifest["plan"]["digest"][:12]):
        assert told in files["LEEME.txt"].decode()
    done.done("runs", "--ledger", "segmenter.ledger", "--head", head)
    kept = done.server.execute_kw("ir.filters", "search_read", [[], ["name", "domain"]], {})
    _titles, *favourites = rows(files["favoritos.csv"])
    assert len(favourites) == 3
    assert {name: domain for name, _model, domain in favourites} == {
        row["name"]: row["domain"] for row in kept if row["name"].endswith("· Nivel")
    }


def test_the_state_has_every_record_once(done: Desk) -> None:
    files = bundle(done)
    found = sheet(files)
    ids = [row["Fila o id"] if "Fila o id" in row else row["Id"] for row in found]
    assert len(set(ids)) == len(ids) == done.data("show", "P1")["scope_count"]
    levels = [row["Nivel"] for row in found]
    assert [level for number, level in enumerate(levels) if level not in levels[:number]] == ["Alto", "Medio", "Bajo"]
    high = [row["Ingreso esperado"] for row in found if row["Nivel"] == "Alto"]
    assert high == sorted(high, key=lambda amount: -float(str(amount)))
    page = files["situacion-actual.html"].decode()
    assert f'<span class="soft">· {len(high)}</span>' in page


def test_the_state_is_that_after_a_correction_and_not_that_of_the_last_run(done: Desk) -> None:
    before = {row["Oportunidad"]: row["Nivel"] for row in sheet(bundle(done))}
    name = done.server.execute_kw("crm.lead", "read", [[1], ["name"]], {})[0]["name"]
    done.write(1, expected_revenue=1)
    done.done("plan", "viveros.yaml")
    done.done("apply", "P2", "--yes")
    (done.folder / "entrega.zip").unlink()
    corrected = {row["Oportunidad"]: (row["Nivel"], row["Plan"]) for row in sheet(bundle(done))}
    assert before[name] == "Alto"
    assert corrected[name] == ("Bajo", "P2")
    assert {name: level for name, (level, _plan) in corrected.items()} == before | {name: "Bajo"}
    done.done("undo", "R2", "--yes")
    (done.folder / "entrega.zip").unlink()
    back = {row["Oportunidad"]: (row["Nivel"], row["Plan"]) for row in sheet(bundle(done))}
    assert back[name] == ("Alto", "P1")


def test_a_record_that_was_left_is_told_with_the_reason(done: Desk) -> None:
    done.write(1, expected_revenue=1)
    done.done("plan", "viveros.yaml")
    done.write(1, tag_ids=[[5]])
    done.done("apply", "P2", "--yes", code=4)
    files = bundle(done)
    (left,) = [row for row in sheet(files) if row["Nota"]]
    assert left["Nivel"] == "Alto"
    assert [name for name in files if name.startswith("informe-")] == ["informe-R2.html", "informe-R2.xlsx"]
    assert "pídale otro plan al consultor" in said(files) or "otro plan" in said(files)


def test_favourites_of_an_undone_run_are_left_out(done: Desk) -> None:
    done.done("undo", "R1", "--yes")
    files = bundle(done)
    assert "favoritos.csv" not in files
    assert "favoritos.csv" not in said(files)
    assert "Una segunda pasada" not in said(files)
    manifest = json.loads(files["manifiesto.json"])
    assert (manifest["run"], manifest["undo"]["id"]) == (None, "R2")
    taken_back = r"Se actualizaron 422\. Se deshizo el \d\d-\d\d-\d{4} \d\d:\d\d\."
    assert re.search(taken_back, said(files))
    assert "Nada de este trabajo está hoy en su Odoo" in said(files)
    assert "informe-R2.html" in files
    assert "situacion-actual.html" not in files


def test_who_never_saw_the_program_can_look_for_drift(done: Desk) -> None:
    files = bundle(done)
    text = files["VERIFICACION.txt"].decode()
    assert all(len(line) <= 100 for line in text.splitlines() if not line.startswith("    "))
    lines = [line.strip() for line in text.splitlines()]
    wheel = f"segmenter-{__version__}-py3-none-any.whl"
    for folder, python in (("tool\\Scripts\\", "py"), ("tool/bin/", "python3")):
        at = lines.index(f"{python} -m venv tool")
        assert lines[at + 1 : at + 4] == [
            f"{folder}pip install {wheel}",
            f"{folder}segmenter check viveros.yaml",
            f"{folder}segmenter verify viveros.yaml",
        ]
    assert "VERIFICACION.txt: para expertos" in said(files)
    assert "La crea quien administre su Odoo" in said(files, "VERIFICACION.txt")


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        ("done", ""),
        ("conflicts", "ask the consultant for another plan"),
        ("partly", "ask the consultant to finish run R1"),
    ],
)
def test_an_end_that_is_none_comes_with_what_to_do_next(done: Desk, status: str, hint: str) -> None:
    with open_ledger("segmenter.ledger") as ledger:
        found = engagement(ledger, "viveros.yaml")
        run = replace(ledger.run("R1"), status=status)  # type: ignore[arg-type]
        what = handover.Handover(
            plan=ledger.plan("P1"),
            run=run,
            undo=None,
            families=[Family((run,), None, 3, 3)],
            plans={"P1": ledger.plan("P1")},
            last_plan=ledger.plan("P1"),
            spec_file="viveros.yaml",
            specs={},
            state=None,
            agreements={},
            reports=[],
            favourites=[],
            log=[],
            approvals=[],
            status=found.status(ledger),
            chain=ledger.verify_chain(),
        )
    text = " ".join(handover_readme.readme(what, "Viveros").split())
    hints = ("ask the consultant for another plan", "ask the consultant to finish run R1")
    assert [one for one in hints if one in text] == [one for one in hints if hint and one in hint]


def test_the_lists_say_no_more_than_is_so(done: Desk) -> None:
    files = bundle(done)
    _titles, *segments = rows(files["segmentos.csv"])
    assert [one[1] for one in segments] == ["Alto", "Medio", "Bajo"]
    assert segments[0][3] == "[['expected_revenue', '>=', 5000000.0]]"
    assert segments[2][3] == ""
    assert "No dicen qué registros quedan fuera del trabajo o protegidos" in said(files, "VERIFICACION.txt")
    zone = ZoneInfo("America/Santiago")
    noted = {datetime.fromisoformat(one["saved_at"]).astimezone(zone) for one in done.data("log")["entries"]}
    assert {one[7] for one in rows(files["registro-del-servicio.csv"])[1:]} == {
        f"{one:%Y-%m-%d %H:%M}" for one in noted
    }


def test_of_a_plan_from_an_export(desk: Desk) -> None:
    export = (
        "id,Oportunidad,Ingreso esperado,Etapa,Etiquetas,Prioridad,Tipo\n1,Hotel Sol,9000000,Nuevo,,Baja,Oportunidad\n"
    )
    (desk.folder / "export.csv").write_text(export, "utf-8")
    desk.done("plan", "viveros.yaml", "--from", "export.csv")
    files = bundle(desk)
    assert [len(one) for one in rows(files["segmentos.csv"])] == [3, 3, 3, 3]  # its ids are nobody's
    text = said(files)
    assert "muestra lo que cambiaría, y no se escribió nada" in text
    assert "segmenter verify viveros.yaml --from LISTA.xlsx" in said(files, "VERIFICACION.txt")
    assert "Nada: el plan se hizo" in text
    assert "clave API" not in text + said(files, "VERIFICACION.txt")


COMMAND = re.compile(
    r"segmenter (check|plan|show|report|apply|resume|undo|verify|runs|history|log|status|handover|init|profile)\b"
    r"|(?<![\w-])--[a-z]{2,}|pip install|python3? -m"
)


def test_nothing_that_a_client_reads_holds_a_command(done: Desk) -> None:
    done.write(1, expected_revenue=1)
    done.done("plan", "viveros.yaml")
    files = bundle(done)
    pages = {
        name: re.sub(r"<(style|script)\b.*?</\1>", "", files[name].decode(), flags=re.S)
        for name in files
        if ".html" in name
    }
    books = {name: load_workbook(io.BytesIO(files[name])) for name in files if name.endswith(".xlsx")}
    cells = {
        name: "\n".join(
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell
        )
        for name, book in books.items()
    }
    texts = {name: files[name].decode() for name in ("LEEME.txt", "segmentos.csv", "registro-del-servicio.csv")}
    assert (len(pages), len(cells)) == (2, 1)
    for name, read in (pages | cells | texts | {"mail": done.data("log", "--email")["body"]}).items():
        assert COMMAND.search(read) is None, (name, COMMAND.search(read))
    assert COMMAND.search(files["VERIFICACION.txt"].decode())


def test_after_a_correction_every_plan_that_was_applied_is_told(done: Desk) -> None:
    done.write(1, expected_revenue=1)
    done.done("plan", "viveros.yaml")
    done.done("apply", "P2", "--yes")
    files = bundle(done)
    text = said(files)
    first = text.index("Se actualizaron 422.")
    assert text.index("Plan P1 del") < first < text.index("Paula Rojas (correo 2026-11-24)")
    assert text.index("Paula Rojas (correo 2026-11-24)") < text.index("Corrección: plan P2 del")
    assert "Se actualizó 1." in text
    assert "Lo que escribieron P1 y P2 está junto" in text
    assert not [name for name in files if name.startswith("informe-")]
    applied = json.loads(files["manifiesto.json"])["applied"]
    assert [(one["plan"], [run["id"] for run in one["runs"]], one["written"]) for one in applied] == [
        ("P1", ["R1"], 422),
        ("P2", ["R2"], 1),
    ]
    mail = done.data("log", "--email")["body"]
    assert "Lo que se ha hecho en su Odoo hasta ahora:\n- P1: Se aplicó el" in mail
    assert "- P2: Se aplicó el" in mail
    assert "Adjunto: informe-R2.html. Se abre en cualquier navegador, sin conexión. Trata solo de R2." in mail
    done.done("undo", "R2", "--yes")
    (done.folder / "entrega.zip").unlink()
    text = said(bundle(done))
    taken_back = r"Se actualizó 1\. Se deshizo el \d\d-\d\d-\d{4} \d\d:\d\d\."
    assert "Se actualizaron 422." in text
    assert re.search(taken_back, text)
    assert "está junto" not in text
    mail = done.data("log", "--email")["body"]
    assert re.search(taken_back, mail)
    assert "- P1: Se aplicó el" in mail
    done.done("plan", "viveros.yaml")
    (done.folder / "entrega.zip").unlink()
    assert "Plan P3 del" in said(bundle(done))


def test_an_undo_that_left_something_is_told_with_its_report(done: Desk) -> None:
    done.write(1, expected_revenue=1)
    done.done("plan", "viveros.yaml")
    done.done("apply", "P2", "--yes")
    done.done("undo", "R1", "--yes", code=4)
    files = bundle(done)
    text = said(files)
    assert "1 de ellos no se devolvió del todo." in text
    assert [name for name in files if name.startswith("informe-") and name.endswith(".html")] == ["informe-R3.html"]
    (kept,) = sheet(files)
    assert kept["Plan"] == "P2"


def test_what_was_resumed_is_told_as_one(done: Desk) -> None:
    with open_ledger("segmenter.ledger") as ledger:
        first = ledger.run("R1")
        second = replace(first, id="R2", kind="resume")
        said = applied_line(Family((first, second), None, 422, 422), Style("en_US", "UTC"))
    assert re.search(r"^Applied on [^:]*:\d\d, and ended on [^.]*\. 422 were changed\.$", said)


def test_favourites_of_earlier_runs_stay_in(done: Desk) -> None:
    done.write(1, expected_revenue=1)
    done.done("plan", "viveros.yaml")
    done.done("apply", "P2", "--yes")
    files = bundle(done)
    assert json.loads(files["manifiesto.json"])["run"]["id"] == "R2"
    assert len(rows(files["favoritos.csv"])) == 4


def test_a_plan_that_was_not_applied_can_be_handed_over(desk: Desk) -> None:
    desk.done("plan", "viveros.yaml")
    assert "cannot be written" in desk.done("handover", "--output", "nowhere/entrega.zip", code=1).stderr
    assert "does not end in .zip" in desk.done("handover", "--output", "viveros.yaml", code=2).stderr
    files = bundle(desk, "viveros.yaml")
    assert "is there already" in desk.done("handover", "--output", "entrega.zip", code=2).stderr
    desk.done("handover", "--output", "entrega.zip", "--force")
    assert json.loads(files["manifiesto.json"])["run"] is None
    assert "informe-P1.html" in files


def test_there_must_be_a_plan(desk: Desk) -> None:
    desk.done("log", "add", "--kind", "request", "--activity", "La lista")
    assert "no plan to hand over" in desk.done("handover", "--output", "entrega.zip", code=2).stderr
    assert not (desk.folder / "entrega.zip").exists()


def test_an_altered_ledger_is_not_handed_over(done: Desk) -> None:
    with open_ledger("segmenter.ledger") as ledger, ledger._store.engine.connect() as connection:
        connection.execute(text("UPDATE entries SET body = replace(body, 'Paula', 'Pablo')"))
        connection.commit()
    assert "The ledger is damaged at entry 4" in done.done("handover", "--output", "entrega.zip", code=1).stderr
    assert not (done.folder / "entrega.zip").exists()


def test_live_favourites_show_new_records(done: Desk) -> None:
    with open_ledger("segmenter.ledger") as ledger:
        found = engagement(ledger, "viveros.yaml")
        plan = ledger.plan("P1")
        what = handover.Handover(
            plan=plan,
            run=ledger.run("R1"),
            undo=None,
            families=[],
            plans={},
            last_plan=plan,
            spec_file="viveros.yaml",
            specs={},
            state=None,
            agreements={},
            reports=[],
            favourites=[
                handover.Favourite("Alto", "crm.lead", "[]", live=True),
                handover.Favourite("Medio", "crm.lead", "[]"),
            ],
            log=[],
            approvals=[],
            status=found.status(ledger),
            chain=ledger.verify_chain(),
        )
    told = " ".join(handover_readme.readme(what, "Viveros").split())
    assert "they show new opportunities too, where they belong, without any tag: Alto." in told
    assert "It does not tag new opportunities." in told
