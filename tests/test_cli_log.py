"""The log of an engagement through the command line, its status, and the mail after a session."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from segmenter.cli import engagement
from segmenter.errors import UsageError
from segmenter.i18n import use_language
from tests.support.command_line import SPEC, Desk, desk

__all__ = ["desk"]

CHILE = ZoneInfo("America/Santiago")
SESSION = ("--minutes", "30", "--activity", "Criterios", "--result", "Tres niveles")


def add(desk: Desk, kind: str, *more: str, code: int = 0) -> str:
    session = SESSION if kind in ("definition", "review", "work") else ("--activity", "La lista de precios")
    return desk.done("log", "add", "--kind", kind, *session, *more, code=code).stderr


def test_the_log_needs_neither_a_plan_nor_a_spec(desk: Desk) -> None:
    desk.spec.unlink()
    assert "L1 is kept: definition session" in add(desk, "definition")
    log = desk.data("log")
    assert (log["kind"], log["client"]) == ("log", "")
    entry = log["entries"][0]
    assert (entry["id"], entry["minutes"], entry["activity"], entry["result"]) == (
        "L1",
        30,
        "Criterios",
        "Tres niveles",
    )
    assert "Tres niveles" in desk.done("log").stdout
    assert desk.data("runs", "--verify")["entries"] == 1


def test_an_entry_in_json(desk: Desk) -> None:
    given = desk.data("log", "add", "viveros.yaml", "--kind", "definition", *SESSION)
    assert (given["kind"], given["entry"]["id"], given["entry"]["client"]) == ("log-entry", "L1", "Viveros del Maipo")


def test_the_time_is_the_clients(desk: Desk) -> None:
    add(desk, "request", "--at", "2026-03-02 15:30")
    add(desk, "request", "--at", "2026-03-02")
    add(desk, "answer")
    entries = desk.data("log")["entries"]
    assert [one["at"] for one in entries[:2]] == ["2026-03-02T15:30-03:00", "2026-03-02"]
    assert datetime.fromisoformat(entries[2]["at"]).utcoffset() == datetime.now(CHILE).utcoffset()


def test_what_has_not_come_yet_where_the_client_is_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime(2026, 3, 2, 2, 30, tzinfo=UTC).astimezone(tz)  # type: ignore[arg-type]

    monkeypatch.setattr(engagement, "datetime", Clock)
    assert engagement.time_of("2026-03-01 23:29", CHILE) == "2026-03-01T23:29-03:00"
    assert engagement.time_of(None, CHILE) == "2026-03-01T23:30-03:00"
    assert engagement.time_of("2026-03-02", ZoneInfo("Europe/Madrid")) == "2026-03-02"
    with pytest.raises(UsageError, match="2026-03-02 has not come yet where the client is"):
        engagement.time_of("2026-03-02", CHILE)
    for wrong in ("hoy", "2026-02-30", "02-03-2026"):
        with pytest.raises(UsageError, match="neither a day nor a time"):
            engagement.time_of(wrong, CHILE)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("log", "add"), "needs --kind and --activity"),
        (("log", "add", "--kind", "request"), "needs --kind and --activity"),
        (("log", "add", "--kind", "review", "--activity", "x", "--minutes", "5"), "needs --minutes and --result"),
        (("log", "add", "--kind", "review", "--activity", "x", "--result", "y"), "needs --minutes and --result"),
        (("log", "add", "--kind", "request", "--activity", "x", "--minutes", "5"), "Minutes belong to joint sessions"),
        (("log", "add", "--kind", "request", "--activity", "password: hunter22"), "A secret seems to stand"),
        (("log", "add", "--kind", "lunch", "--activity", "x"), "'lunch' is not one of"),
        (("log", "add", "a.yaml", "b.yaml", "--kind", "request", "--activity", "x"), "more than one spec"),
        (("log", "--kind", "request"), "say add: segmenter log add"),
        (("log", "add", "--email"), "add first, then"),
        (("status", "--on", "mañana"), "is not a day"),
    ],
)
def test_what_makes_no_sense_is_said(desk: Desk, words: tuple[str, ...], said: str) -> None:
    add(desk, "answer")
    assert said in desk.done(*words, code=2).stderr
    assert len(desk.data("log")["entries"]) == 1


def test_a_mistake_is_replaced(desk: Desk) -> None:
    desk.done("log", "add", "--kind", "definition", "--minutes", "300", "--activity", "a", "--result", "b")
    add(desk, "definition", "--replaces", "l1")
    assert desk.data("status")["used"] == 30
    assert "(replaced by L2)" in desk.done("log").stdout
    assert "L1 was replaced by L2 before" in add(desk, "definition", "--replaces", "L1", code=1)


def test_a_session_beyond_the_service_is_flagged_at_once(desk: Desk) -> None:
    add(desk, "definition")
    said = desk.done("log", "add", "--kind", "review", "--minutes", "45", "--activity", "a", "--result", "b").stderr
    outside = "Outside the service: 15 minutes of the review session of"
    assert outside in said
    assert "60 of 60 minutes, in 2 sessions; none is left" in desk.done("status").stdout
    assert outside in desk.done("status").stdout
    assert "Fuera del servicio: 15 minutos" in desk.data("log", "--email")["body"]


def test_sessions_otherwise_than_planned_are_included_while_the_hour_has_room(desk: Desk) -> None:
    assert "beyond" not in add(desk, "definition", "--minutes", "30", "--at", "2026-03-02")
    said = add(desk, "work", "--minutes", "10", "--at", "2026-03-03")
    assert "beyond" not in said
    third = "The review session of March 4, 2026 goes beyond 2 sessions of 30 minutes, but the hour had room for it"
    assert third in add(desk, "review", "--minutes", "20", "--at", "2026-03-04")
    status = desk.data("status")
    assert (status["used"], status["left"], status["outside"]) == (60, 0, 0)
    assert [one["beyond_plan"] for one in status["sessions"]] == [False, False, True]
    shown = " ".join(desk.done("status").stdout.split())
    assert "60 of 60 minutes, in 3 sessions; none is left" in shown
    assert third in shown
    assert "excede" not in desk.data("log", "--email")["body"]


def test_an_answered_request_is_told(desk: Desk) -> None:
    add(desk, "request")
    assert "The request L1 counts as answered" in add(desk, "definition")


def test_an_answer_need_not_be_told_that_it_answers(desk: Desk) -> None:
    add(desk, "request")
    assert "counts as answered" not in add(desk, "answer")
    assert desk.data("status")["request"] is None


def test_days_and_times_stand_in_one_form(desk: Desk) -> None:
    add(desk, "request", "--at", "2026-03-02")
    add(desk, "answer", "--at", "2026-03-02 15:30")
    shown = desk.done("log").stdout
    assert "Mar 2, 2026 " in shown
    assert "Mar 2, 2026 15:30" in shown


def test_a_close_that_the_terms_do_not_allow_is_warned_of(desk: Desk) -> None:
    add(desk, "request", "--at", "2026-03-02")
    said = add(desk, "close", "--at", "2026-03-03")
    assert "By the terms it may be closed from July 31, 2026 on, if no answer comes until then." in said
    assert "segmenter log add --replaces L2 --kind" in said
    assert "counts as answered" not in said
    status = desk.data("status")
    assert (status["state"], status["request"]) == ("closed", None)
    assert "Open request" not in desk.done("status").stdout
    add(desk, "work", "--at", "2026-03-04")
    assert "only after a long wait for the client's answer" in add(desk, "close", "--at", "2026-03-05")


def test_a_close_after_the_hold_is_not(desk: Desk) -> None:
    add(desk, "request", "--at", "2026-03-02")
    assert "By the terms" not in add(desk, "close", "--at", "2026-07-31")


def test_the_status_and_its_dates(desk: Desk) -> None:
    add(desk, "definition", "--at", "2025-12-20")
    add(desk, "information", "--at", "2025-12-30")
    add(desk, "request", "--at", "2025-12-31")
    status = desk.data("status", "--on", "2026-03-02")
    assert (status["kind"], status["state"], status["used"], status["left"]) == ("status", "on_hold", 30, 30)
    assert status["waits_for"] == ["answer", "review", "delivery"]
    assert status["overdue"]
    assert status["dates"] == {
        "information": "2025-12-30",
        "delivery_due": "2026-01-06",
        "delivered": None,
        "requested": "2025-12-31",
        "on_hold_from": "2026-03-02",
        "close_possible_from": "2026-05-31",
        "closed": None,
        "credit_until": "2026-11-30",
        "key_ends": None,
    }
    said = desk.done("status", "--on", "2026-03-02").stdout
    assert "on hold, waiting for the client (En espera por cliente)" in said
    assert "January 6, 2026" in said
    assert "waiting for the client" in desk.done("status", "--on", "2026-03-01").stdout


def test_today_is_the_clients_day(desk: Desk) -> None:
    add(desk, "request")
    today = datetime.now(CHILE).date()
    status = desk.data("status")
    assert date.fromisoformat(status["on"]) in (today, today + timedelta(days=1))  # midnight may pass meanwhile


def test_a_plan_that_waits_for_its_approval_is_waited_for(desk: Desk) -> None:
    desk.spec.write_text(SPEC.replace("limits: {", "limits: {require_approval: true, "), "utf-8")
    desk.done("plan", "viveros.yaml")
    assert "approval" in desk.data("status")["waits_for"]
    desk.done("approve", "P1", "--by", "Paula", "--evidence", "correo")
    assert "approval" not in desk.data("status")["waits_for"]


def test_nobody_is_asked_to_approve_a_plan_that_can_never_be_applied(desk: Desk) -> None:
    failing = "examples:\n  - {given: {name: X, expected_revenue: 9000000}, expect: {Nivel: Bajo}}\nlimits: {"
    desk.spec.write_text(SPEC.replace("limits: {", failing + "require_approval: true, "), "utf-8")
    desk.done("plan", "viveros.yaml", code=3)
    add(desk, "review")
    waits_for = desk.data("status")["waits_for"]
    assert ("plan" in waits_for, "approval" in waits_for) == (True, False)
    mail = desk.data("log", "--email")["body"]
    assert "Apruebo el plan" not in mail
    assert "Nosotros hacemos otro plan, porque el último no se puede aplicar." in mail
    desk.spec.write_text(SPEC.replace("limits: {", "limits: {require_approval: true, "), "utf-8")
    desk.done("plan", "viveros.yaml")
    assert "Apruebo el plan P2" in desk.data("log", "--email")["body"]


def test_two_clients_in_a_ledger_are_told_apart_by_their_specs(desk: Desk) -> None:
    (desk.folder / "other.yaml").write_text(SPEC.replace("Viveros del Maipo", "Otro"), "utf-8")
    desk.done("log", "add", "viveros.yaml", "--kind", "definition", *SESSION)
    desk.done("log", "add", "other.yaml", "--kind", "request", "--activity", "La lista")
    said = desk.done("status", code=2).stderr
    assert "The ledger holds several clients: Otro, Viveros del Maipo" in said
    assert (desk.data("status", "viveros.yaml")["used"], desk.data("status", "other.yaml")["used"]) == (30, 0)
    assert [one["id"] for one in desk.data("log", "other.yaml")["entries"]] == ["L2"]
    assert (
        "no log entry L1"
        in desk.done(
            "log", "add", "other.yaml", "--kind", "request", "--activity", "x", "--replaces", "L1", code=1
        ).stderr
    )


def test_what_comes_next_finds_the_same_engagement(desk: Desk) -> None:
    here = ("viveros.yaml", "--ledger", "all clients.ledger")
    said = desk.done("log", "add", *here, "--kind", "definition", *SESSION).stderr
    assert "The mail to send: segmenter log --email viveros.yaml --ledger 'all clients.ledger'\n" in said
    shown = " ".join(desk.done("status", *here).stdout.split())
    assert "segmenter log add viveros.yaml --ledger 'all clients.ledger' --kind information" in shown
    assert "The mail to send: segmenter log --email\n" in add(desk, "definition")


def test_without_a_ledger_there_is_nothing_to_tell(desk: Desk) -> None:
    for words in (("status",), ("log",), ("handover", "--output", "entrega.zip")):
        assert "There is no ledger" in desk.done(*words, code=1).stderr


# The mail


def test_the_subject_of_the_mail_is_one_line(desk: Desk) -> None:
    spec = SPEC.replace("name: Viveros del Maipo,", '"name": "Viveros\\nBcc: x@evil.example",')
    desk.spec.write_text(spec, "utf-8")
    desk.done("log", "add", "viveros.yaml", "--kind", "definition", *SESSION)
    assert desk.data("log", "--email", "viveros.yaml")["subject"].startswith("Viveros Bcc: x@evil.example: ")


def test_the_mail_is_in_the_language_of_the_client_alone_and_names_the_report(desk: Desk) -> None:
    approver = 'name: Viveros del Maipo, approver: "Paula Rojas <paula@viveros.example>",'
    spec = SPEC.replace("name: Viveros del Maipo,", approver).replace("limits: {", "limits: {require_approval: true, ")
    desk.spec.write_text(spec, "utf-8")
    desk.done("plan", "viveros.yaml")
    add(desk, "review", "--at", "2026-03-09")
    add(desk, "out-of-scope", "--at", "2026-03-09")
    mail = desk.data("log", "--email")
    assert (mail["kind"], mail["to"]) == ("email", "paula@viveros.example")
    assert mail["subject"] == "Viveros del Maipo: sesión de revisión del 9 de marzo de 2026"
    assert mail["body"].startswith("Hola, Paula:\n\nMuchas gracias por la sesión de revisión del 9 de marzo de 2026")
    for said in ("Criterios", "Tres niveles", "«Apruebo el plan P1, código ", "La lista de precios", "30 minutos"):
        assert said in mail["body"]
    (report,) = mail["attachments"]
    assert report["file"] in mail["body"]
    said = desk.done("log", "--email")
    assert said.stdout.startswith("To: paula@viveros.example\nSubject: ")
    assert mail["body"] in said.stdout
    assert f"Attach {report['file']}; this writes it: segmenter report P1" in said.stderr
    desk.done(*report["command"].split()[1:])
    assert (desk.folder / report["file"]).exists()


def test_after_an_apply_the_report_is_that_of_the_run(desk: Desk) -> None:
    desk.done("plan", "viveros.yaml")
    desk.done("apply", "P1", "--yes")
    add(desk, "review")
    assert desk.data("log", "--email")["attachments"][0]["of"] == "R1"


def test_the_language_of_the_command_line_does_not_change_the_mail(desk: Desk) -> None:
    add(desk, "definition")
    mail = desk.data("log", "--email")
    use_language("es")
    assert desk.data("log", "--email") == mail


def test_without_a_session_there_is_no_mail(desk: Desk) -> None:
    add(desk, "request")
    assert "no joint session in the log yet" in desk.done("log", "--email", code=2).stderr
