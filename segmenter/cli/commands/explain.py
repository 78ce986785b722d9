"""``segmenter explain``: why a record is where it is, leaf by leaf."""

from __future__ import annotations

from segmenter.cli.command import argument, connection_options, formats, make_command, option
from segmenter.cli.connection import crm_of
from segmenter.cli.output import show
from segmenter.i18n import N_
from segmenter.reports import explanation
from segmenter.reports.text import Style
from segmenter.resolving.explain import explain
from segmenter.spec import load


@make_command(
    "explain",
    N_(
        "Say why RECORD is in the segments it is in, condition by condition. It is named by its whole name, its e-mail "
        "or a number: its id, or in an export without ids its row."
    ),
    [
        ("segmenter explain viveros.yaml 1742", N_("By id")),
        ('segmenter explain viveros.yaml "Hotel Sol" --from export.xlsx', N_("By name, in an export")),
    ],
)
@argument("spec")
@argument("record")
@option("--from", "source", metavar="FILE", help=N_("Look in an export (.xlsx or .csv) instead of a server."))
@formats()
@connection_options
def command(spec: str, record: str, source: str | None) -> None:
    """Prints the explanation."""
    loaded = load(spec)
    crm = crm_of(loaded, source)
    explained = explain(loaded, record, crm.reader, crm.catalog, crm.clock)
    style = Style(crm.reader.language, loaded.client.timezone)
    show("explanation", lambda: explanation.document(explained), lambda: explanation.terminal(explained, style))
