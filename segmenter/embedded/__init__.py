"""The CRM in memory: for the demo, for a spreadsheet export, for fast tests."""

from segmenter.embedded.copying import copy_of
from segmenter.embedded.demo import demo_server
from segmenter.embedded.export.file import also_known, from_export, without_records
from segmenter.embedded.serve import Service, serve
from segmenter.embedded.server import EmbeddedServer
from segmenter.embedded.tables import Tables

__all__ = [
    "EmbeddedServer",
    "Service",
    "Tables",
    "also_known",
    "copy_of",
    "demo_server",
    "from_export",
    "serve",
    "without_records",
]
