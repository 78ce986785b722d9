"""``segmenter explain``: why a record is where it is, leaf by leaf."""

from __future__ import annotations

import click

from segmenter.cli.connection import seen
from segmenter.cli.output import show
from segmenter.cli.parts import command as made
from segmenter.cli.parts import formats, option, talks_to_odoo
from segmenter.i18n import N_
from segmenter.planning import explain
from segmenter.reports import explanation
from segmenter.reports.text import Style
from segmenter.spec import load


@made(
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
@click.argument("spec")
@click.argument("record")
@option("--from", "source", metavar="FILE", help=N_("Look in an export (.xlsx or .csv) instead of a server."))
@formats()
@talks_to_odoo
def command(spec: str, record: str, source: str | None) -> None:
    """Print the explanation."""
    loaded = load(spec)
    eyes = seen(loaded, source)
    found = explain(loaded, record, eyes.reader, eyes.catalog, eyes.clock)
    style = Style(eyes.reader.language, loaded.client.timezone)
    show("explanation", lambda: explanation.document(found), lambda: explanation.terminal(found, style))
