"""Where the key comes from, in which order, and that it shows nowhere."""

from __future__ import annotations

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from segmenter.cli.connection import find_key, keyring_user
from segmenter.errors import ExitCode, UsageError
from segmenter.spec.model import Connection

CONNECTION = Connection("https://viveros.example/", "viveros", "seg@asesorateya.example")
USER = "seg@asesorateya.example@https://viveros.example/viveros"


class Kept(KeyringBackend):
    priority = 1.0

    def __init__(self, passwords: dict[tuple[str, str], str], broken: Exception | None = None) -> None:
        super().__init__()
        self.passwords, self.broken = passwords, broken

    def get_password(self, service: str, username: str) -> str | None:
        if self.broken:
            raise self.broken
        return self.passwords.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError

    def delete_password(self, service: str, username: str) -> None:
        raise NotImplementedError


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    backend = Kept({("segmenter", USER): "from-keyring"})
    monkeypatch.setattr(keyring, "get_password", backend.get_password)
    return backend


def test_the_environment_comes_first_then_the_keyring_then_the_prompt(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEGMENTER_PASSWORD", "from-password")
    monkeypatch.setenv("SEGMENTER_API_KEY", "from-key\n")
    assert find_key(CONNECTION) == "from-key"
    monkeypatch.delenv("SEGMENTER_API_KEY")
    assert find_key(CONNECTION) == "from-password"
    monkeypatch.setenv("SEGMENTER_PASSWORD", " ")
    assert find_key(CONNECTION) == "from-keyring"
    kept.passwords.clear()
    asked: list[str] = []

    def prompt(question: str) -> str:
        asked.append(question)
        return " typed "

    assert find_key(CONNECTION, prompt=prompt) == "typed"
    assert asked == ["API key of seg@asesorateya.example at https://viveros.example/"]


@pytest.mark.parametrize("error", [KeyringError("locked"), RuntimeError("no backend")])
def test_a_machine_without_a_keyring_is_no_error(kept: Kept, error: Exception) -> None:
    kept.broken = error
    assert find_key(CONNECTION, prompt=lambda _question: "typed") == "typed"


def test_no_key_anywhere_says_how_to_give_one(kept: Kept) -> None:
    kept.passwords.clear()
    for prompt in (None, lambda _question: ""):
        with pytest.raises(UsageError) as caught:
            find_key(CONNECTION, prompt=prompt)
        assert caught.value.exit_code == ExitCode.USAGE
        assert f"keyring set segmenter {USER}" in caught.value.todo


def test_the_keyrings_name_does_not_depend_on_a_slash() -> None:
    assert keyring_user(CONNECTION) == USER
