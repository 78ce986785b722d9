"""``check --guide``: as much as can be known; and the document made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmenter.cli import connection, work_user
from segmenter.cli.commands import check
from segmenter.embedded import demo_server, serve
from segmenter.errors import AuthenticationFailed, ConnectionFailed
from segmenter.odoo.session import version_of
from tests.support.command_line import SPEC, Desk, desk

__all__ = ["desk"]

DOCUMENT = Path(__file__).parents[1] / "docs" / "work-user.md"


def refuse(error: Exception) -> object:
    def connect(*_where: object, **_how: object) -> object:
        raise error

    return connect


def test_with_a_login_it_says_what_this_spec_needs_on_this_server(desk: Desk) -> None:
    guide = desk.data("check", "viveros.yaml", "--guide")
    assert (guide["kind"], guide["version"], len(guide["sections"])) == ("guide", 19, 4)
    assert "needs more on this server" not in str(guide)
    desk.spec.write_text(SPEC.replace("set: {priority: 3}", "set: {stage_id: Negociación final}"), "utf-8")
    said = desk.done("check", "viveros.yaml", "--guide").stdout
    assert "needs more on this server, for: Negociación final" in " ".join(said.split())
    assert "segmentacion@asesorateya.example" in said


def test_without_a_login_it_still_knows_the_version(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "connect", refuse(AuthenticationFailed("wrong key")))
    monkeypatch.setattr(check, "version_of", lambda _url, **_how: "14.0")
    guide = desk.done("check", "viveros.yaml", "--guide")
    assert "New API Key" in guide.stdout
    assert "My Preferences" not in guide.stdout
    assert "Nobody can log in yet: wrong key" in guide.stderr


def test_without_a_key_nobody_is_asked_for_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEGMENTER_API_KEY")
    monkeypatch.setattr(check, "version_of", lambda _url, **_how: "19.0")
    assert desk.data("check", "viveros.yaml", "--guide")["version"] == 19


def test_without_a_server_it_says_the_general_part(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = ConnectionFailed("nobody there")
    monkeypatch.setattr(connection, "connect", refuse(gone))
    monkeypatch.setattr(check, "version_of", refuse(gone))
    guide = desk.data("check", "viveros.yaml", "--guide")
    assert (guide["version"], len(guide["sections"])) == (None, 24)
    assert "The version of that Odoo is not known: nobody there" in desk.done("check", "viveros.yaml", "--guide").stderr


def test_without_a_spec_too(desk: Desk) -> None:
    assert len(desk.data("check", "--guide")["sections"]) == 24
    assert "Say which spec to check" in desk.done("check", code=2).stderr


def test_a_spec_without_a_server(desk: Desk) -> None:
    lines = [line for line in SPEC.splitlines(keepends=True) if not line.startswith("odoo:")]
    desk.spec.write_text("".join(lines), "utf-8")
    assert desk.data("check", "viveros.yaml", "--guide")["version"] is None


def test_an_odoo_tells_its_version_without_a_login() -> None:
    with serve(demo_server()) as face:
        assert version_of(face.url) == "19.0"


def test_the_document_is_current() -> None:
    assert DOCUMENT.read_text("utf-8") == work_user.document(), "python -m segmenter.cli.work_user > docs/work-user.md"
