"""Secrets in a spec are found wherever they stand, and never come out again."""

from __future__ import annotations

import pytest

from segmenter.spec.document import read
from segmenter.spec.secrets import remove_secrets


def found(text: str) -> tuple[object, list[str]]:
    document = read(text, "x")
    data, problems = remove_secrets(document.data, text, document.positions)
    assert "hunter2" not in "".join(map(str, problems))
    return data, [f"{problem.place} {problem.what}" for problem in problems]


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "PASSWORD",
        "api_key",
        "apiKey",
        "api-key",
        "client_secret",
        "access_token",
        "contraseña",
        "clave",
        "pwd",
    ],
)
@pytest.mark.parametrize("value", ["hunter2", "'hunter2'", "5", "", "[hunter2]", "|\n  hunter2"])
def test_a_telling_key(key: str, value: str) -> None:
    assert found(f"{key}: {value}") == ({}, [f"x:1:1 A secret stands here, under {key}"])


def test_deep_in_the_spec() -> None:
    data, problems = found("a:\n  - b: 1\n    token: hunter2\n")
    assert data == {"a": [{"b": 1}]}
    assert problems == ["x:3:5 A secret stands here, under token"]


@pytest.mark.parametrize(
    "url", ["https://ana:hunter2@x.example/web", "http://:hunter2@x", "postgresql://u:hunter2@h/db"]
)
def test_an_address_with_a_password(url: str) -> None:
    data, problems = found(f"a:\n  url: {url}\n")
    assert problems == ["x:2:3 An address holds a user and password"]
    assert "hunter2" not in str(data)


@pytest.mark.parametrize(
    "comment",
    [
        "# password: hunter2",
        "b: 1 # API_KEY=hunter2",
        "# token = 'hunter2'",
        "# https://ana:hunter2@x.example",
        "b: 'password: hunter2'",
        "b: {c: 'my secret=hunter2'}",
    ],
)
def test_comments_and_texts(comment: str) -> None:
    _data, problems = found(f"a: 1\n{comment}\n")
    assert len(problems) == 1
    assert problems[0].startswith("x:2:")


@pytest.mark.parametrize(
    "text",
    [
        "# the password: see the keyring",
        "# password: ********",
        "# token: null",
        "# api_key: <...>",
        "a: https://x.example:8069",
        "user: ana@x.example",
        "a: {access_token: {empty: true}}",
        "keyword: x",
        "a: mailto:ana@x.example",
        "# secretaria: Ana",
    ],
)
def test_what_is_no_secret(text: str) -> None:
    data, problems = found(f"z: 1\n{text}\n")
    assert problems == []
    assert data == read(f"z: 1\n{text}\n", "x").data


def test_one_line_gives_one_problem() -> None:
    _data, problems = found("password: hunter2 # password: hunter2\n")
    assert problems == ["x:1:1 A secret stands here, under password"]
