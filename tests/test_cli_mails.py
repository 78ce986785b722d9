"""A mail for each moment of an engagement, through the command line."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from segmenter.i18n import speaking
from segmenter.reports.mails.export_steps import export_steps
from segmenter.reports.mails.moments import MOMENTS
from tests.support.command_line import SPEC, Desk, desk

__all__ = ["desk"]

SIGNED = """\
consultant:
  {firm: AsesórateYa, name: Camila Soto, email: c@x.example, phone: +56 9 5555, signature: [www.x.example]}
"""


@pytest.fixture
def signed(desk: Desk) -> Desk:
    client = 'client: {name: Viveros del Maipo, approver: "Andrés Rojas <a@viveros.example>",'
    text = SPEC.replace("client: {name: Viveros del Maipo,", client).replace("scope: {", SIGNED + "scope: {", 1)
    desk.spec.write_text(text, "utf-8")
    return desk


def days_ago(number: int) -> str:
    return f"{datetime.now(UTC) - timedelta(days=number):%Y-%m-%d}"


def add(desk: Desk, kind: str, *more: str) -> None:
    session = ("--minutes", "30", "--result", "Tres niveles") if kind in ("definition", "review") else ()
    desk.done("log", "add", "viveros.yaml", "--kind", kind, "--activity", "La lista de precios.", *session, *more)


def mail(desk: Desk, moment: str, *more: str) -> dict[str, Any]:
    return desk.data("log", "--email", moment, "viveros.yaml", *more)


def test_the_opening_says_what_is_needed_and_how_everything_is_exported(signed: Desk) -> None:
    opening = mail(signed, "opening")
    assert opening["to"] == "a@viveros.example"
    assert opening["subject"] == "Viveros del Maipo: lo que necesitamos para empezar"
    body = opening["body"]
    assert body.startswith("Hola, Andrés:\n\n")
    assert "quite el filtro que Odoo pone por su cuenta, «Mi flujo»" in body
    assert "pulse «Seleccionar todo» o «Seleccionar todos» (Select all)" in body
    assert "Quién aprueba" not in body
    assert body.endswith("Saludos cordiales,\nCamila Soto\nAsesórateYa\nc@x.example · +56 9 5555\nwww.x.example")


def test_whoever_approves_is_asked_for_where_nobody_is_known(desk: Desk) -> None:
    desk.done("log", "add", "--kind", "request", "--activity", "x")
    said = desk.data("log", "--email", "opening")["body"]
    assert said.startswith("Hola:\n")
    assert "Quién aprueba: el nombre y el correo de una sola persona." in said
    assert said.endswith("Saludos cordiales,")


def test_contacts_have_steps_of_their_own() -> None:
    steps = list(export_steps("res.partner", has_api=True))
    assert steps[0].startswith("Open Contacts")
    assert "My Pipeline" not in " ".join(steps)


@pytest.mark.parametrize("model", ["crm.lead", "res.partner"])
def test_without_an_api_the_export_is_one_that_can_be_imported_again(model: str) -> None:
    by_api, by_hand, unknown = ("\n".join(export_steps(model, has_api)) for has_api in (True, False, None))
    assert "Leave “I want to update data” unticked and choose" in by_api
    assert "country code" in by_api
    assert "Tick “I want to update data” and choose" in by_hand
    assert "country code" not in by_hand
    assert "creation" not in by_hand, "Odoo does not offer it there"
    assert "unless yours is Odoo Online" in unknown


def test_the_opening_goes_by_whether_the_spec_has_a_server(signed: Desk) -> None:
    assert (
        "Deje sin marcar «Quiero actualizar datos» (I want to update data) y elija" in mail(signed, "opening")["body"]
    )
    lines = signed.spec.read_text("utf-8").splitlines(keepends=True)
    signed.spec.write_text("".join(line for line in lines if not line.startswith("odoo:")), "utf-8")
    assert "Marque «Quiero actualizar datos» (I want to update data) y elija" in mail(signed, "opening")["body"]


def test_the_acta_is_attached_to_its_mail(signed: Desk) -> None:
    add(signed, "definition", "--at", "2026-03-09")
    acta = mail(signed, "acta")
    assert acta["subject"] == "Viveros del Maipo: lo que acordamos el 9 de marzo de 2026"
    (page,) = acta["attachments"]
    assert "Adjunto: acta.html." in acta["body"]
    signed.done(*page["command"].split()[1:])
    assert (signed.folder / "acta.html").exists()
    named = mail(signed, "acta", "--attach", "acta.html", "--attach", "./acta.html")
    assert "Adjunto: acta.html." in named["body"]
    assert [(one["file"], one["command"]) for one in named["attachments"]] == [("acta.html", "")]


def test_who_administers_their_odoo_gets_the_steps_of_its_version(signed: Desk) -> None:
    add(signed, "definition")
    body = mail(signed, "access")["body"]
    assert "Los pasos:\n1. Como administrador de Odoo, abra «Ajustes > Usuarios y empresas > Usuarios»" in body
    assert "Ninguna clave se manda por correo." in body


def test_a_user_is_made_in_some_odoo(signed: Desk) -> None:
    signed.done("plan", "viveros.yaml")
    assert "name a spec with an odoo section" in signed.done("log", "--email", "access", code=2).stderr


def test_the_review_comes_with_the_report_of_the_plan(signed: Desk) -> None:
    signed.done("plan", "viveros.yaml")
    review = mail(signed, "review")
    assert "El plan P1 está listo." in review["body"]
    assert [one["command"] for one in review["attachments"]] == ["segmenter report P1"]
    signed.done("apply", "P1", "--yes")
    assert "El plan P1 ya se aplicó." in mail(signed, "review")["body"]
    signed.done("undo", "R1", "--yes")
    review = mail(signed, "review")
    assert "El plan P1 se aplicó y después se deshizo." in review["body"]
    assert [one["command"] for one in review["attachments"]] == ["segmenter report R2"]


def test_who_does_what_and_when(signed: Desk) -> None:
    add(signed, "definition", "--at", "2026-03-02")
    add(signed, "information", "--at", "2026-03-09")
    body = mail(signed, "session")["body"]
    assert (
        "Lo que sigue:\n1. Juntos vemos el informe en la sesión de revisión (30 minutos).\n"
        "2. Nosotros entregamos a más tardar el 16 de marzo de 2026."
    ) in body
    add(signed, "review", "--at", "2026-03-10")
    assert "(60 minutos) ya se usó completa." in mail(signed, "session")["body"]


def test_the_closing_names_what_it_hands_over_with_its_digest(signed: Desk) -> None:
    signed.done("plan", "viveros.yaml")
    signed.done("apply", "P1", "--yes")
    add(signed, "delivery")
    assert "write it first with segmenter handover" in signed.done("log", "--email", "closing", code=2).stderr
    assert "cannot be read" in signed.done("log", "--email", "closing", "--attach", "none.zip", code=1).stderr
    signed.done("handover", "viveros.yaml", "--output", "entrega.zip")
    closing = mail(signed, "closing", "--attach", "entrega.zip")
    digest = hashlib.sha256((signed.folder / "entrega.zip").read_bytes()).hexdigest()
    assert f"Adjunto:\n- entrega.zip (SHA-256: {digest})" in closing["body"]
    assert closing["attachments"][0]["sha256"] == digest
    assert signed.data("runs", "--verify")["head"] in closing["body"]
    assert "Las oportunidades nuevas no se etiquetan solas" in closing["body"]
    assert "Empiece por LEEME.txt" in closing["body"]
    (signed.folder / "carta.txt").write_text("Gracias")
    assert "LEEME" not in mail(signed, "closing", "--attach", "carta.txt")["body"]
    assert "Make it again" not in signed.done("log", "--email", "closing", "--attach", "entrega.zip").stderr
    add(signed, "request")
    older = signed.done("log", "--email", "closing", "--attach", "entrega.zip").stderr
    assert "Make it again, and then this mail: segmenter handover --output entrega.zip --force" in older
    for before in ("Usted nos envía lo que falta", "sesión de definición", "Nosotros entregamos", "Usted revisa"):
        assert before not in closing["body"]
    assert "P1: Se aplicó el" in closing["body"]
    # What was taken back needs no second pass, and there is nothing to use on Monday.
    signed.done("undo", "R1", "--yes")
    signed.done("handover", "viveros.yaml", "--output", "entrega.zip", "--force")
    closing = mail(signed, "closing", "--attach", "entrega.zip")
    assert "no se etiquetan solas" not in closing["body"]
    assert "LEEME" not in closing["body"]


@pytest.mark.parametrize(
    ("passed", "subject", "said"),
    [
        (30, "esperamos su respuesta", "Sin respuesta, el trabajo queda en espera el "),
        (60, "esperamos su respuesta", "Sin respuesta, el trabajo queda en espera el "),
        (70, "el trabajo está en espera", "El trabajo está en espera desde el "),
    ],
)
def test_a_reminder_of_what_was_asked(signed: Desk, passed: int, subject: str, said: str) -> None:
    add(signed, "request", "--at", days_ago(passed))
    reminder = mail(signed, "reminder")
    assert reminder["subject"] == f"Viveros del Maipo: {subject}"
    assert re.search(rf"Hace {passed}|Hace {passed - 1}", reminder["body"])  # the client's day may be the one before
    assert "esperamos esto de usted: La lista de precios. " in reminder["body"]
    assert said in reminder["body"]


def test_nobody_is_reminded_of_nothing(signed: Desk) -> None:
    add(signed, "definition")
    assert "There is no open request" in signed.done("log", "--email", "reminder", "viveros.yaml", code=2).stderr


@pytest.mark.parametrize("moment", ["acta", "review"])
def test_what_is_not_there_yet_is_said(signed: Desk, moment: str) -> None:
    add(signed, "request")
    assert signed.done("log", "--email", moment, "viveros.yaml", code=2).stderr.startswith("There is no ")


def test_a_moment_that_is_misspelt(signed: Desk) -> None:
    said = signed.done("log", "--email", "opning", code=2).stderr
    assert "There is no mail for opning; say session, opening, acta, access, review, closing or reminder" in said
    assert "--attach belongs to a mail" in signed.done("log", "--attach", "x", code=2).stderr


@pytest.mark.parametrize("moment", MOMENTS)
def test_no_mail_holds_a_command_or_a_time_of_twelve_hours(signed: Desk, moment: str) -> None:
    add(signed, "definition")
    signed.done("plan", "viveros.yaml")
    signed.done("apply", "P1", "--yes")
    add(signed, "request")
    (signed.folder / "entrega.zip").write_bytes(b"zip")
    with speaking("es"):
        found = mail(signed, moment, "--attach", "entrega.zip")
    text = found["subject"] + found["body"]
    assert not re.search(r"segmenter |keyring|[ap]\.\s?m\.|bitácora|huella", text)
