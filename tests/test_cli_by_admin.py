"""``undo --by-admin``: an administrator's login for one act, and the steps for whoever does it in Odoo."""

from __future__ import annotations

from zipfile import ZipFile

import pytest

from segmenter.cli import administrator, connection
from tests.support.command_line import Desk, desk

__all__ = ["desk"]

ADMIN, ADMIN_KEY = "admin@viveros.example", "the-administrators-own"
TAGS = {"Alto", "Medio", "Bajo"}


@pytest.fixture
def undone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A plan that was applied and undone; each login reaches the CRM as itself."""

    def connect(_url: str, _database: str, login: str, key: str, **_how: object) -> object:
        if login == ADMIN:
            assert key == ADMIN_KEY
            return desk.server.as_user(ADMIN)
        return desk.server

    monkeypatch.setattr(connection, "connect", connect)
    desk.done("plan", "viveros.yaml")
    desk.done("apply", "P1", "--yes")
    return desk


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGMENTER_ADMIN_LOGIN", ADMIN)
    monkeypatch.setenv("SEGMENTER_ADMIN_KEY", ADMIN_KEY)


def tags(desk: Desk) -> set[str]:
    return {row["name"] for row in desk.server.execute_kw("crm.tag", "search_read", [[], ["name"]], {})}


def test_an_undo_says_how_the_administrator_deletes_what_stays(undone: Desk) -> None:
    result = undone.done("undo", "R1", "--yes")
    shown = " ".join(result.stdout.split())
    assert "What stays can be deleted by whoever administers this Odoo:" in shown
    assert "As an administrator of this Odoo, open “CRM > Configuration > Pipeline > Tags”." in shown
    assert "Tick Bajo, Medio, Alto." in shown
    assert "segmenter undo R1 --by-admin" in result.stderr
    assert undone.done("--lang", "es", "show", "R2").stdout.count("«CRM > Configuración > Flujo > Etiquetas»") == 1


def test_the_administrator_is_recorded_and_the_key_is_not(undone: Desk, named: None) -> None:
    undone.done("undo", "R1", "--yes")
    assert tags(undone) >= TAGS
    preview = undone.data("undo", "R1", "--by-admin", "--preview")
    assert {(one["name"], one["uses"]) for one in preview["left_behind"]} == {(name, 0) for name in TAGS}
    assert tags(undone) >= TAGS
    result = undone.done("undo", "R1", "--by-admin", "--yes")
    assert ADMIN in result.stdout
    assert ADMIN_KEY not in result.output
    assert not tags(undone) & TAGS
    assert ADMIN in undone.done("runs").stdout
    assert ADMIN_KEY.encode() not in (undone.folder / "segmenter.ledger").read_bytes()
    assert "left no tag behind" in undone.done("undo", "R1", "--by-admin", "--yes", code=2).stderr
    assert "already undone, by run R2" in undone.done("undo", "R1", "--yes").stderr


def test_the_handover_tells_what_stays_and_no_more_once_it_is_gone(undone: Desk, named: None) -> None:
    undone.done("undo", "R1", "--yes")

    def readme() -> str:
        undone.done("handover", "--output", "entrega.zip", "--force")
        with ZipFile(undone.folder / "entrega.zip") as zipped:
            return " ".join(zipped.read("LEEME.txt").decode().split())

    assert "Marque Alto, Medio, Bajo." in readme()
    undone.done("undo", "R1", "--by-admin", "--yes")
    assert "Marque" not in readme()


def test_nobody_to_ask_is_said(undone: Desk) -> None:
    undone.done("undo", "R1", "--yes")
    said = undone.done("undo", "R1", "--by-admin", "--yes", code=2).stderr
    assert "set SEGMENTER_ADMIN_LOGIN and SEGMENTER_ADMIN_KEY for this one command" in said
    assert "There is nobody to ask" in undone.done("undo", "R1", "--by-admin", code=2).stderr


def test_login_and_key_are_asked_for_at_a_terminal(undone: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    undone.done("undo", "R1", "--yes")
    asked: list[str] = []

    def unseen(question: str) -> str:
        asked.append(question)
        return ADMIN_KEY

    monkeypatch.setattr(administrator, "somebody_there", lambda: True)
    monkeypatch.setattr(administrator, "ask_unseen", unseen)
    undone.done("undo", "R1", "--by-admin", "--yes", answer=f"{ADMIN}\n")
    assert asked == [f"Password or API key of {ADMIN} at http://127.0.0.1:1"]
    assert not tags(undone) & TAGS


def test_it_comes_after_the_undo(undone: Desk, named: None) -> None:
    said = undone.done("undo", "R1", "--by-admin", "--yes", code=2).stderr
    assert "R1 was not undone yet; undo it first: segmenter undo R1" in said
