from __future__ import annotations

from collections.abc import Collection

import click
import pytest

from segmenter.cli import failures
from segmenter.cli.settings import Settings
from segmenter.errors import LimitsExceeded, Problem, SegmenterError, SpecError, StalePlan, UsageError


def _end(error: BaseException, *, debug: bool = False, secrets: Collection[str] = ()) -> int:
    with failures.errors_explained(Settings(debug=debug, secrets=set(secrets))) as end:
        raise error
    return int(end.code)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SegmenterError("no"), 1),
        (UsageError("no"), 2),
        (LimitsExceeded("no"), 3),
        (StalePlan("no"), 4),
        (click.UsageError("no"), 2),
        (click.Abort(), 130),
        (KeyboardInterrupt(), 130),
        (ZeroDivisionError("no"), 1),
    ],
)
def test_each_end_has_its_code(error: BaseException, code: int) -> None:
    assert _end(error) == code


def test_an_error_is_one_sentence_with_its_place_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    _end(SegmenterError("it is wrong", todo="mend it", place="a.yaml:1:2"))
    assert capsys.readouterr() == ("", "a.yaml:1:2: it is wrong; mend it\n")


def test_all_problems_of_a_spec_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    _end(SpecError([Problem((), "one"), Problem((), "two")]))
    assert capsys.readouterr().err == "one\ntwo\n"


def test_a_traceback_is_for_debugging(capsys: pytest.CaptureFixture[str]) -> None:
    _end(ZeroDivisionError("by nought"))
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said
    assert "by nought" in said
    assert "--debug" in said
    assert "Traceback" not in said
    _end(ZeroDivisionError("by nought"), debug=True)
    assert "Traceback" in capsys.readouterr().err


def test_no_message_and_no_traceback_shows_a_secret(capsys: pytest.CaptureFixture[str]) -> None:
    secret = "s3cr3t-key"
    _end(RuntimeError(f"connecting with {secret}"), debug=True, secrets={secret})
    said = capsys.readouterr().err
    assert secret not in said
    assert "connecting with ***" in said


def test_what_a_server_says_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    _end(SegmenterError("the server says: \x1b[2J"))
    assert "\x1b" not in capsys.readouterr().err
