"""Turns every error into one sentence on stderr, without secrets, and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import click

from segmenter.cli.settings import Settings
from segmenter.errors import ExitCode, SegmenterError
from segmenter.i18n import _, why
from segmenter.redaction import masked
from segmenter.reports.notices import refusal
from segmenter.reports.text import clean

INTERRUPTED = 130
"""The exit code that shells give a program which Ctrl-C ended."""


@dataclass
class End:
    """How the command line ends."""

    code: int = 0


@contextmanager
def errors_explained(settings: Settings) -> Iterator[End]:
    """Explains on stderr whatever is raised inside, and sets the exit code."""
    end = End()
    try:
        yield end
    except click.UsageError as error:
        error.show()
        end.code = ExitCode.USAGE
    except click.ClickException as error:
        error.show()
        end.code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _tell(settings, _("Stopped. Nothing was left half done: what had begun is in the ledger."))
        end.code = INTERRUPTED
    except SegmenterError as error:
        _tell(settings, refusal(error))
        _trace(settings, error)
        end.code = error.exit_code
    except BrokenPipeError:
        # The program that reads our output has stopped reading.
        _abandon_output()
        end.code = ExitCode.ERROR
    except OSError as error:
        what = error.filename or _("the output")
        sentence = _("A failure of this machine at {what}: {reason}; look at its disk and at the rights there")
        _tell(settings, sentence.format(what=what, reason=why(error)))
        if error.filename is None:
            _abandon_output()
        _trace(settings, error)
        end.code = ExitCode.ERROR
    except Exception as error:
        tell_unexpected(settings, error)
        end.code = ExitCode.ERROR


def tell_unexpected(settings: Settings, error: Exception) -> None:
    """Explains an error on stderr that nobody foresaw."""
    sentence = _("Unexpected error ({kind}): {message}; run it again with --debug and report what it prints")
    _tell(settings, sentence.format(kind=type(error).__name__, message=error))
    _trace(settings, error)


def _abandon_output() -> None:
    """Sends the rest of stdout nowhere, so that Python does not fail again when it flushes at exit."""
    with suppress(OSError, ValueError):  # an output that is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(settings: Settings, sentence: str) -> None:
    sys.stderr.write(f"{clean(masked(sentence, settings.secrets))}\n")


def _trace(settings: Settings, error: Exception) -> None:
    if settings.debug:
        sys.stderr.write(masked("".join(traceback.format_exception(error)), settings.secrets))
