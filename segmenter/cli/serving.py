"""The CRM in memory over XML-RPC on this machine, until somebody stops it."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from segmenter.cli.output import out, say
from segmenter.embedded import EmbeddedServer
from segmenter.embedded.serve import serve
from segmenter.i18n import _


def serve_until_stopped(server: EmbeddedServer, port: int) -> None:
    """Serve, and say where and as whom to come in."""
    face = serve(server, port=port)
    grid = Table.grid(padding=(0, 2))
    grid.add_row(_("URL"), Text(face.url))
    grid.add_row(_("Database"), Text(server.identity.database))
    grid.add_row(_("Login"), Text(server.identity.login))
    grid.add_row(_("Password"), Text(face.password))
    out().print(grid)
    say(_("Any XML-RPC client of Odoo can work there, segmenter too. What it writes is forgotten at the end: Ctrl-C."))
    face.run()
