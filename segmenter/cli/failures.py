"""Every error as one sentence on stderr, with its exit code; secrets in none of them."""

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
from segmenter.reports.text import clean

INTERRUPTED = 130
"""What shells answer for a program that Ctrl-C ended."""


@dataclass
class End:
    """How the command line ends."""

    code: int = 0


@contextmanager
def told(settings: Settings) -> Iterator[End]:
    """Tell whatever is raised inside, and set the exit code."""
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
        _tell(settings, str(error))
        _trace(settings)
        end.code = error.exit_code
    except BrokenPipeError:
        # Whoever read us has had enough.
        _abandon_output()
        end.code = ExitCode.ERROR
    except OSError as error:
        what = error.filename or _("the output")
        sentence = _("A failure of this machine at {what}: {reason}; look at its disk and at the rights there")
        _tell(settings, sentence.format(what=what, reason=why(error)))
        if error.filename is None:
            _abandon_output()
        _trace(settings)
        end.code = ExitCode.ERROR
    except Exception as error:
        _tell(
            settings,
            _("Unexpected error ({kind}): {message}; run it again with --debug and report what it prints").format(
                kind=type(error).__name__, message=error
            ),
        )
        _trace(settings)
        end.code = ExitCode.ERROR


def _abandon_output() -> None:
    """Python would complain once more when it flushes at exit."""
    with suppress(OSError, ValueError):  # an output that is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(settings: Settings, sentence: str) -> None:
    sys.stderr.write(f"{clean(masked(sentence, settings.secrets))}\n")


def _trace(settings: Settings) -> None:
    if settings.debug:
        sys.stderr.write(masked(traceback.format_exc(), settings.secrets))
