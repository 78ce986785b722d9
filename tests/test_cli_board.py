"""All engagements below a folder: the table, the page, the calendar; and what is no ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from segmenter.ledger import Author, LogEntry, open_ledger
from segmenter.reports.calendar import _folded
from tests.support.command_line import SPEC, Desk, desk
from tests.support.importing import Client as ImportingClient

__all__ = ["desk"]

DAY = "2027-03-01"


def keep(ledger: Path, client: str, kind: str, at: str, *, until: str = "", activity: str = "La lista") -> None:
    ledger.parent.mkdir(parents=True, exist_ok=True)
    minutes = 30 if kind in ("definition", "review") else None
    with open_ledger(ledger) as opened:
        opened.add_to_log(
            LogEntry(kind, at, activity, "b", minutes, client, "America/Santiago", Author("a", "b", "0"), until=until)  # type: ignore[arg-type]
        )


@pytest.fixture
def clients(desk: Desk) -> Path:
    """Four clients in three folders, a file that is no ledger, and a ledger that was cut."""
    folder = desk.folder / "clientes"
    hotel = folder / "hotel" / "segmenter.ledger"
    keep(hotel, "Hotel Sol", "definition", "2027-01-04")
    keep(hotel, "Hotel Sol", "information", "2027-01-11")
    keep(hotel, "Hotel Sol", "access", "2027-01-11", until="2027-03-10")
    waiting = folder / "norte" / "vivero" / "segmenter.ledger"
    keep(waiting, "Vivero Norte", "request", "2027-01-25", activity="Enviar la lista; con precios, por favor\nhoy")
    both = folder / "dos" / "dos.ledger"
    keep(both, "Uno", "request", "2026-12-01")
    keep(both, "Dos", "definition", "2027-02-27")
    (folder / "ajeno.ledger").write_text("esto no es una bitácora")
    (folder / "cortada.ledger").write_bytes(hotel.read_bytes()[:5000])
    (folder / ".oculta").mkdir()
    (folder / ".oculta" / "x.ledger").write_bytes(b"no")
    return folder


def test_every_engagement_with_what_it_waits_for_and_since_when(desk: Desk, clients: Path) -> None:
    board = desk.data("board", str(clients), "--on", DAY)
    assert (board["kind"], board["on"]) == ("board", DAY)
    rows = {row["client"]: row for row in board["engagements"]}
    assert [row["client"] for row in board["engagements"]] == ["Hotel Sol", "Uno", "Vivero Norte", "Dos"]
    hotel = rows["Hotel Sol"]
    assert (hotel["overdue"], hotel["dates"]["delivery_due"], hotel["key"]) == (True, "2027-01-18", "soon")
    assert (hotel["waits_for"][0], hotel["since"], hotel["used"]) == ("review", "2027-01-11", 30)
    assert (rows["Uno"]["state"], rows["Uno"]["since"]) == ("on_hold", "2026-12-01")
    assert rows["Vivero Norte"]["coming"] == [
        {"what": "reminder_30", "day": "2027-02-24"},
        {"what": "reminder_60", "day": "2027-03-26"},
        {"what": "on_hold", "day": "2027-03-27"},
        {"what": "closable", "day": "2027-06-25"},
    ]
    assert rows["Dos"]["ledger"] == "dos/dos.ledger"


def test_minutes_beyond_the_hour_are_in_the_sum(desk: Desk) -> None:
    about = ("--activity", "x", "--result", "y", "--minutes", "35")
    for kind in ("definition", "review"):
        desk.done("log", "add", "viveros.yaml", "--kind", kind, *about)
    assert "70/60 min" in desk.done("board", ".").stdout
    (found,) = desk.data("board", ".")["engagements"]
    assert (found["used"], found["left"]) == (60, 0)


def test_what_is_no_ledger_is_named_and_stops_nothing(desk: Desk, clients: Path) -> None:
    unread = desk.data("board", str(clients), "--on", DAY)["unread"]
    assert [one["ledger"] for one in unread] == ["ajeno.ledger", "cortada.ledger"]
    assert all(one["why"] for one in unread)
    shown = " ".join(desk.done("board", str(clients), "--on", DAY).stdout.split())
    assert "Not read ajeno.ledger: " in shown
    assert "Hotel Sol" in shown


def test_the_drift_at_the_last_look(desk: Desk) -> None:
    assert desk.data("board", ".")["engagements"] == []
    desk.done("verify", "viveros.yaml", code=10)
    assert not list(desk.folder.glob("*.ledger"))
    desk.done("plan", "viveros.yaml")
    (row,) = desk.data("board", ".")["engagements"]
    assert row["drift"] is None
    desk.done("apply", "P1", "--yes")
    desk.done("verify", "viveros.yaml")
    desk.write(1, expected_revenue=1)
    desk.done("verify", "viveros.yaml", code=10)
    (row,) = desk.data("board", ".")["engagements"]
    assert (row["drift"]["records"], row["drift"]["scope"]) == (1, 422)
    assert desk.data("runs", "--verify")["ok"]
    (desk.folder / "viveros.yaml").write_text(SPEC.replace("Viveros del Maipo", "Otro"), "utf-8")
    desk.done("verify", "viveros.yaml", code=10)
    assert [row["drift"]["records"] for row in desk.data("board", ".")["engagements"]] == [1]


def test_an_export_is_no_look_at_an_engagement_with_a_server(desk: Desk) -> None:
    desk.done("plan", "viveros.yaml")
    ImportingClient(desk.server).export(desk.folder / "hoy.xlsx")
    desk.done("verify", "viveros.yaml", "--from", "hoy.xlsx", code=10)
    (row,) = desk.data("board", ".")["engagements"]
    assert row["drift"] is None


def test_a_ledger_that_cannot_be_written_does_not_stop_a_look(desk: Desk) -> None:
    (desk.folder / "segmenter.ledger").write_text("no ledger")
    assert "The ledger does not keep this look: " in desk.done("verify", "viveros.yaml", code=10).stderr


def test_a_folder_that_is_not_there(desk: Desk) -> None:
    assert "There is no folder nowhere" in desk.done("board", "nowhere", code=2).stderr
    assert "does not end in .ics" in desk.done("board", ".", "--ics", "x.txt", code=2).stderr
    assert "no engagement in this folder" in desk.done("board", ".").stdout


def test_the_page_says_the_same(desk: Desk, clients: Path) -> None:
    desk.done("--lang", "es", "board", str(clients), "--on", DAY, "--html", "tablero.html")
    page = (desk.folder / "tablero.html").read_text("utf-8")
    assert "<h1>Encargos al 1 de marzo de 2027</h1>" in page
    assert '<th scope="row">Vivero Norte</th>' in page
    assert re.search(r'<td data-label="Entrega" class="bad">18[^<]+2027</td>', page)
    assert "ajeno.ledger" in page


# The calendar, read as RFC 5545 says


def unfolded(raw: bytes) -> list[str]:
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    return raw.replace(b"\r\n ", b"").decode("utf-8").removesuffix("\r\n").split("\r\n")


def plain(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)


def events(raw: bytes) -> Iterator[dict[str, str]]:
    lines = unfolded(raw)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    event: dict[str, str] = {}
    for line in lines[1:-1]:
        name, _colon, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            event = {}
        elif line == "END:VEVENT":
            yield event
        else:
            event[name] = plain(value)


def test_the_calendar_has_every_date_that_is_to_come(desk: Desk, clients: Path) -> None:
    desk.done("board", str(clients), "--on", DAY, "--ics", "encargos.ics")
    found = list(events((desk.folder / "encargos.ics").read_bytes()))
    days = {one["SUMMARY"]: one["DTSTART;VALUE=DATE"] for one in found}
    assert days["Hotel Sol: delivery, at the latest"] == "20270118"
    assert days["Hotel Sol: the work user's key ends"] == "20270310"
    assert days["Vivero Norte: reminder: 30 days without an answer"] == "20270224"
    assert days["Vivero Norte: may be closed from"] == "20270625"
    for one in found:
        first, last = (date.fromisoformat(one[f"{name};VALUE=DATE"]) for name in ("DTSTART", "DTEND"))
        assert (last - first).days == 1
        assert datetime.strptime(one["DTSTAMP"], "%Y%m%dT%H%M%SZ")
    assert len({one["UID"] for one in found}) == len(found)
    asked = [one["DESCRIPTION"] for one in found if one["SUMMARY"].startswith("Vivero Norte")]
    assert set(asked) == {"Asked for: Enviar la lista; con precios, por favor\nhoy"}


def test_a_date_that_moves_is_the_same_event(desk: Desk, clients: Path) -> None:
    def uids() -> dict[str, Any]:
        desk.done("board", str(clients), "--on", DAY, "--ics", "encargos.ics")
        return {one["SUMMARY"]: one["UID"] for one in events((desk.folder / "encargos.ics").read_bytes())}

    before = uids()
    keep(clients / "hotel" / "segmenter.ledger", "Hotel Sol", "information", "2027-02-22")
    assert uids() == before


def test_lines_are_folded_between_letters() -> None:
    line = "SUMMARY:" + "ñandú, " * 40
    pieces = list(_folded(line))
    assert max(len(piece.encode()) for piece in pieces) <= 75
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line
