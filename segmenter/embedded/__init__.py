"""The CRM in memory: for the demo, for a spreadsheet export, for fast tests."""

from segmenter.embedded.demo import demo_server
from segmenter.embedded.export.file import from_export
from segmenter.embedded.serve import Face, serve
from segmenter.embedded.server import EmbeddedServer
from segmenter.embedded.tables import Tables

__all__ = ["EmbeddedServer", "Face", "Tables", "demo_server", "from_export", "serve"]
