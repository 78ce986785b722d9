"""The bundle for the end: what is in it, what is not, and that it is the same each time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
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

TEXTS = [
    "LEEME.txt",
    "README.txt",
    "ADMINISTRADOR.txt",
    "ADMINISTRATOR.txt",
    "viveros.yaml",
    "segments.csv",
    "favourites.csv",
    "log.csv",
    "log.json",
    "status.json",
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


def readme(files: dict[str, bytes], name: str = "README.txt") -> str:
    """The English one, as one line."""
    return " ".join(files[name].decode().split())


def test_everything_is_in_it_and_no_secret_in_one_order(done: Desk) -> None:
    files = bundle(done)
    names = list(files)
    assert names[:10] == TEXTS
    assert [Path(name).suffix for name in names[10:]] == [".html", ".xlsx", ".json"]
    assert names[-1] == "manifest.json"
    html, xlsx = names[10:12]
    assert "R1" in html
    assert files["viveros.yaml"].decode() == done.spec.read_text("utf-8")
    assert files[html].lower().startswith(b"<!doctype html>")
    assert files[xlsx].startswith(b"PK")
    assert [one["id"] for one in json.loads(files["log.json"])["entries"]] == ["L1", "L2"]
    assert json.loads(files["status.json"])["used"] == 30
    assert rows(files["log.csv"])[1][4] == "'=cmd()"  # a spreadsheet runs nothing of it
    with ZipFile(io.BytesIO(files[xlsx])) as sheets:
        contents = [*files.values(), *(sheets.read(name) for name in sheets.namelist())]
    assert all(KEY.encode() not in content for content in contents)
    assert done.data("handover", "--output", "again.zip")["files"] == names
    with ZipFile(done.folder / "again.zip") as again:
        assert {name: again.read(name) for name in TEXTS} == {name: files[name] for name in TEXTS}


def test_it_proves_its_files_and_the_ledger_and_tells_the_favourites_on_the_server(done: Desk) -> None:
    head = done.data("runs", "--verify")["head"]
    files = bundle(done)
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["chain"]["head"] == head
    assert manifest["files"] == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert (manifest["plan"]["id"], manifest["run"]["id"]) == ("P1", "R1")
    assert manifest["approvals"][0]["digest"] == manifest["plan"]["digest"]
    for name in ("ADMINISTRADOR.txt", "ADMINISTRATOR.txt"):
        said = files[name].decode()
        assert f"segmenter runs --ledger segmenter.ledger --head {head}" in said
        assert "segmenter verify viveros.yaml" in said
    for name in ("LEEME.txt", "README.txt"):
        said = files[name].decode()
        assert head in said
        assert "Paula Rojas (correo 2026-11-24)" in said
        assert "Migrar los correos" in said
    done.done("runs", "--ledger", "segmenter.ledger", "--head", head)
    kept = done.server.execute_kw("ir.filters", "search_read", [[], ["name", "domain"]], {})
    _titles, *favourites = rows(files["favourites.csv"])
    assert len(favourites) == 3
    assert {name: domain for name, _model, domain in favourites} == {
        row["name"]: row["domain"] for row in kept if row["name"].startswith("Nivel")
    }


def test_favourites_of_an_undone_run_are_left_out(done: Desk) -> None:
    done.done("undo", "R1", "--yes")
    files = bundle(done)
    assert len(rows(files["favourites.csv"])) == 1
    manifest = json.loads(files["manifest.json"])
    assert (manifest["run"], manifest["undo"]["id"]) == (None, "R2")
    assert re.search(
        r"by run R1: done\. It wrote 422 records\. Taken back on .{10,30} by run R2: done\.", readme(files)
    )
    assert any("R2" in name and name.endswith(".html") for name in files)


def test_who_never_saw_the_program_can_look_for_drift(done: Desk) -> None:
    files = bundle(done)
    for name in ("ADMINISTRADOR.txt", "ADMINISTRATOR.txt"):
        text = files[name].decode()
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
        assert name in files["LEEME.txt"].decode() + files["README.txt"].decode()
    assert "Whoever administers your Odoo makes it" in readme(files, "ADMINISTRATOR.txt")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("done", ""),
        ("conflicts", "ask the consultant for another plan"),
        ("partly", "ask the consultant to finish run R1"),
    ],
)
def test_an_end_that_is_none_comes_with_what_to_do_next(done: Desk, status: str, said: str) -> None:
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
            reports=[],
            favourites=[],
            log=[],
            approvals=[],
            status=found.status(ledger),
            chain=ledger.verify_chain(),
        )
    text = " ".join(dict(handover_readme.texts(what, "Viveros"))["README.txt"].split())
    hints = ("ask the consultant for another plan", "ask the consultant to finish run R1")
    assert [hint for hint in hints if hint in text] == [hint for hint in hints if said and hint in said]


def test_the_lists_say_no_more_than_is_so(done: Desk) -> None:
    files = bundle(done)
    _titles, *segments = rows(files["segments.csv"])
    assert [one[1] for one in segments] == ["Alto", "Medio", "Bajo"]
    assert segments[0][3] == "[['expected_revenue', '>=', 5000000.0]]"
    assert segments[2][3] == ""
    assert "do not say which records are left out of the work or protected" in readme(files)
    zone = ZoneInfo("America/Santiago")
    noted = {datetime.fromisoformat(one["saved_at"]).astimezone(zone) for one in done.data("log")["entries"]}
    assert {one[7] for one in rows(files["log.csv"])[1:]} == {f"{one:%Y-%m-%d %H:%M}" for one in noted}


def test_of_a_plan_from_an_export(desk: Desk) -> None:
    export = (
        "id,Oportunidad,Ingreso esperado,Etapa,Etiquetas,Prioridad,Tipo\n1,Hotel Sol,9000000,Nuevo,,Baja,Oportunidad\n"
    )
    (desk.folder / "export.csv").write_text(export, "utf-8")
    desk.done("plan", "viveros.yaml", "--from", "export.csv")
    files = bundle(desk)
    assert [len(one) for one in rows(files["segments.csv"])] == [3, 3, 3, 3]  # its ids are nobody's
    said = readme(files)
    assert "shows what would change and cannot be applied" in said
    assert "segmenter verify viveros.yaml --from LIST.xlsx" in readme(files, "ADMINISTRATOR.txt")
    assert "Nothing: the plan was made from an exported list" in said
    assert "API key" not in said + readme(files, "ADMINISTRATOR.txt")


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
    texts = {name: files[name].decode() for name in ("LEEME.txt", "README.txt", "segments.csv", "log.csv")}
    assert len(pages) == len(cells) == 1
    for name, said in (pages | cells | texts | {"mail": done.data("log", "--email")["body"]}).items():
        assert COMMAND.search(said) is None, (name, COMMAND.search(said))
    assert COMMAND.search(files["ADMINISTRADOR.txt"].decode())


def test_after_a_correction_every_run_that_stands_is_told(done: Desk) -> None:
    done.write(1, expected_revenue=1)
    done.done("plan", "viveros.yaml")
    done.done("apply", "P2", "--yes")
    files = bundle(done)
    said = readme(files)
    assert said.index("Plan P1 of") < said.index("by run R1: done. It wrote 422 records.")
    assert said.index("by run R1: done.") < said.index("Paula Rojas (correo 2026-11-24)") < said.index("Plan P2 of")
    assert "by run R2: done. It wrote 1 record." in said
    assert "What R1 and R2 wrote stands together" in said
    assert "the report of R1; it opens in any browser" in said
    assert "the report of R2; it opens in any browser" in said
    assert [name for name in files if name.endswith(".html")] == ["informe-R1.html", "informe-R2.html"]
    applied = json.loads(files["manifest.json"])["applied"]
    assert [(one["plan"], [run["id"] for run in one["runs"]], one["written"]) for one in applied] == [
        ("P1", ["R1"], 422),
        ("P2", ["R2"], 1),
    ]
    mail = done.data("log", "--email")["body"]
    assert "What was done in your Odoo so far:\n- Plan P1: Applied on" in mail
    assert "- Plan P2: Applied on" in mail
    assert "Attached: informe-R2.html. It opens in any browser, without a connection. It tells of R2 alone." in mail
    done.done("undo", "R2", "--yes")
    (done.folder / "entrega.zip").unlink()
    files = bundle(done)
    said = readme(files)
    assert "by run R1: done. It wrote 422 records." in said
    assert re.search(r"by run R2: done\. It wrote 1 record\. Taken back on .{10,30} by run R3: done\.", said)
    assert "stands together" not in said
    assert [name for name in files if name.endswith(".html")] == ["informe-R1.html"]
    mail = done.data("log", "--email")["body"]
    assert re.search(r"by run R2: done\. It wrote 1 record\. Taken back on .{10,30} by run R3: done\.", mail)
    assert "- Plan P1: Applied on" in mail
    done.done("plan", "viveros.yaml")
    (done.folder / "entrega.zip").unlink()
    assert "Plan P3 of" in readme(bundle(done))


def test_an_undo_that_left_something_is_told_with_its_report(done: Desk) -> None:
    done.write(1, expected_revenue=1)
    done.done("plan", "viveros.yaml")
    done.done("apply", "P2", "--yes")
    done.done("undo", "R1", "--yes", code=4)
    files = bundle(done)
    said = readme(files)
    assert "by run R3: done, conflicts left. 1 of them was not given back in whole." in said
    assert "What somebody, or a later run, had changed since was left as it was" in said
    assert [name for name in files if name.endswith(".html")] == ["informe-R3.html", "informe-R2.html"]


def test_what_was_resumed_is_told_as_one(done: Desk) -> None:
    with open_ledger("segmenter.ledger") as ledger:
        first = ledger.run("R1")
        second = replace(first, id="R2", kind="resume")
        said = applied_line(Family((first, second), None, 422, 422), Style("en_US", "UTC"))
    assert re.search(r"^Applied on .* by run R1, and ended by run R2 on .*: done\. It wrote 422 records\.$", said)


def test_favourites_of_earlier_runs_stay_in(done: Desk) -> None:
    done.write(1, expected_revenue=1)
    done.done("plan", "viveros.yaml")
    done.done("apply", "P2", "--yes")
    files = bundle(done)
    assert json.loads(files["manifest.json"])["run"]["id"] == "R2"
    assert len(rows(files["favourites.csv"])) == 4


def test_a_plan_that_was_not_applied_can_be_handed_over(desk: Desk) -> None:
    desk.done("plan", "viveros.yaml")
    assert "cannot be written" in desk.done("handover", "--output", "nowhere/entrega.zip", code=1).stderr
    assert "does not end in .zip" in desk.done("handover", "--output", "viveros.yaml", code=2).stderr
    files = bundle(desk, "viveros.yaml")
    assert "is there already" in desk.done("handover", "--output", "entrega.zip", code=2).stderr
    desk.done("handover", "--output", "entrega.zip", "--force")
    assert json.loads(files["manifest.json"])["run"] is None
    assert any("P1" in name for name in files)


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
