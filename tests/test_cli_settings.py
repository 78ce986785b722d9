from __future__ import annotations

from pathlib import Path

import pytest

from segmenter.cli.settings import Settings


def test_a_ledger_lies_beside_its_spec() -> None:
    assert Path(Settings().ledger_place("clients/v.yaml")) == Path("clients/segmenter.ledger")
    assert Settings().ledger_place() == "segmenter.ledger"


def test_the_option_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGMENTER_LEDGER", "postgresql://host/audit")
    assert Settings().ledger_place("clients/v.yaml") == "postgresql://host/audit"
    assert Settings(ledger="here.db").ledger_place("clients/v.yaml") == "here.db"


def test_the_next_command_names_the_ledger_only_where_it_must(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().ledger_option("v.yaml") == ""
    assert Settings().ledger_option("clients/v.yaml") == " --ledger clients/segmenter.ledger"
    assert Settings().ledger_option("my clients/v.yaml") == " --ledger 'my clients/segmenter.ledger'"
    assert Settings(ledger="here.db").ledger_option("v.yaml") == " --ledger here.db"
    monkeypatch.setenv("SEGMENTER_LEDGER", "audit.db")
    assert Settings().ledger_option("clients/v.yaml") == ""


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("postgresql://ana:hunter2@host/audit", "'postgresql://ana:***@host/audit'"),
        ("postgresql://ana@host/audit?password=hunter2", "postgresql://ana@host/audit"),
        ("postgresql://ana:hunter2@host:port/audit", "'***'"),
        ("postgresql://ana@host/audit", "postgresql://ana@host/audit"),
    ],
)
def test_no_next_command_shows_the_password_of_a_ledger(place: str, shown: str) -> None:
    assert Settings(ledger=place).ledger_option("v.yaml") == f" --ledger {shown}"
    assert "hunter2" not in Settings(ledger=place).same_engagement("v.yaml")
