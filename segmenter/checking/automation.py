"""Automation rules: what a server does by itself when records change, under every context. Administrators see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from segmenter.checking.findings import Finding
from segmenter.errors import AccessDenied, Refused
from segmenter.i18n import _
from segmenter.model_names import plural_name


class Asks(Protocol):
    """What is asked of a server here."""

    def may(self, model: str, operation: str) -> bool: ...

    def search_read(self, model: str, domain: Sequence[Any], fields: Sequence[str]) -> list[dict[str, Any]]: ...


def rules(reader: Asks, model: str) -> tuple[str, ...] | None:
    """The names of the active rules on a model; None where the work user may not list them."""
    try:
        if not reader.may("base.automation", "read"):
            return None
        rows = reader.search_read("base.automation", [["model_id.model", "=", model]], ["name"])
    except AccessDenied:
        return None
    except Refused:  # an unknown model: the app is not installed
        return ()
    return tuple(str(row["name"]) for row in rows)


def automation_findings(model: str, reader: Asks) -> Iterator[Finding]:
    """Which rules act on the records of a spec, or that they cannot be seen."""
    names, records = rules(reader, model), plural_name(model)
    if names is None:
        yield Finding(
            "note",
            "automation",
            _("Automation rules cannot be seen by the work user; if there are any, they run on every change"),
            _("ask an administrator which automation rules act on {records}").format(records=records),
        )
        return
    for name in names:
        yield Finding(
            "warning",
            "automation",
            _("The automation rule “{name}” acts on {records}").format(name=name, records=records),
            _("find out what it does to changed records, and have it paused if need be"),
        )
    if not names:
        sentence = _("No active automation rule acts on {records}").format(records=records)
        yield Finding("ok", "automation", sentence)
