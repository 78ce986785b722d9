"""What the global options say, for one call of the command line."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass, field
from pathlib import Path

import click

LEDGER = "segmenter.ledger"


@dataclass
class Settings:
    """Lives on click's context; options of the group come first, those of the command have the last word."""

    ledger: str | None = None
    format: str = "text"
    colour: bool = True
    debug: bool = False
    timeout: float = 120.0
    allow_http: bool = False
    ca_file: str | None = None
    forced_reason: str | None = None
    language: str | None = None
    """What ``--lang`` says; None leaves it to the environment, and a report to its client."""
    secrets: set[str] = field(default_factory=set, repr=False)
    """The keys in use; no message shows them."""

    def ledger_place(self, spec_file: str | None = None) -> str:
        """``--ledger``, ``SEGMENTER_LEDGER``, or a file beside the spec (in this folder where there is no spec)."""
        named = self.ledger or os.environ.get("SEGMENTER_LEDGER")
        return named or str(Path(spec_file).parent / LEDGER if spec_file else Path(LEDGER))

    def ledger_option(self, spec_file: str) -> str:
        """What a next command must say to find the same ledger: nothing, if it would look there anyway.

        The password of a URL is shown as ``***``: it is typed again, or kept in ``SEGMENTER_LEDGER``.
        """
        place = self.ledger_place(spec_file)
        if self.ledger is None and (os.environ.get("SEGMENTER_LEDGER") or Path(place) == Path(LEDGER)):
            return ""
        if "://" in place:
            from segmenter.ledger.store import without_password  # SQLAlchemy is slow to load, and --help needs none

            place = without_password(place)
        return f" --ledger {shlex.quote(place)}"

    def here(self, spec_file: str | None) -> str:
        """What a next command about the same engagement must say: the spec, where one was said, and the ledger."""
        spec = f" {shlex.quote(spec_file)}" if spec_file else ""
        return f"{spec}{self.ledger_option(spec_file or '')}"


def settings() -> Settings:
    """Those of the running command."""
    return click.get_current_context().ensure_object(Settings)
