"""The global options of one command line."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass, field
from pathlib import Path

import click

LEDGER = "segmenter.ledger"


@dataclass
class Settings:
    """Kept on click's context. An option of the command wins over the same option of the group."""

    ledger: str | None = None
    format: str = "text"
    colour: bool = True
    debug: bool = False
    timeout: float = 120.0
    allow_http: bool = False
    ca_file: str | None = None
    forced_reason: str | None = None
    language: str | None = None
    """``--lang``; None leaves messages to the environment, and reports to the client's language."""
    secrets: set[str] = field(default_factory=set, repr=False)
    """The keys in use, which are taken out of every message."""

    def ledger_place(self, spec_file: str | None = None) -> str:
        """Where the ledger is: ``--ledger``, ``SEGMENTER_LEDGER``, or a file beside the spec (here, without a spec)."""
        named = self.ledger or os.environ.get("SEGMENTER_LEDGER")
        return named or str(Path(spec_file).parent / LEDGER if spec_file else Path(LEDGER))

    def ledger_option(self, spec_file: str) -> str:
        """The option that a next command needs to find the same ledger; "" where it looks there anyway.

        The password of a URL is replaced by ``***``; people type it again, or keep it in ``SEGMENTER_LEDGER``.
        """
        place = self.ledger_place(spec_file)
        if self.ledger is None and (os.environ.get("SEGMENTER_LEDGER") or Path(place) == Path(LEDGER)):
            return ""
        if "://" in place:
            from segmenter.ledger.store import without_password  # SQLAlchemy is slow to load, and --help needs none

            place = without_password(place)
        return f" --ledger {shlex.quote(place)}"

    def same_engagement(self, spec_file: str | None) -> str:
        """The arguments that a next command about the same engagement needs: the spec, if given, and the ledger."""
        spec = f" {shlex.quote(spec_file)}" if spec_file else ""
        return f"{spec}{self.ledger_option(spec_file or '')}"


def settings() -> Settings:
    """The settings of the running command."""
    return click.get_current_context().ensure_object(Settings)
