"""A consultant at a command line: a folder with a spec, a key, and the demo's CRM where the spec's would be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from segmenter.cli import cli, connection
from segmenter.embedded import EmbeddedServer, demo_server

KEY = "a-secret-of-the-work-user"
SPEC = """\
version: 1
client: {name: Viveros del Maipo, language: es_CL, timezone: America/Santiago}
odoo: {url: "http://127.0.0.1:1", database: viveros, user: segmentacion@asesorateya.example}
scope: {model: crm.lead, where: {type: opportunity}}
protect:
  - stage_id: [Ganado]
segmentations:
  - name: Nivel
    store: {tags: exclusive}
    segments:
      - name: Alto
        color: green
        when: {expected_revenue: {">=": 5000000}}
        set: {priority: 3}
      - name: Medio
        when: {expected_revenue: {">=": 1000000}}
    default: {name: Bajo}
limits: {changes: 5000, overwrites: off, removed_tags: off, moved_stages: off}
"""


class Desk:
    """The consultant's folder. ``server`` is what every connection of the command line reaches."""

    def __init__(self, folder: Path, server: EmbeddedServer) -> None:
        self.folder, self.server = folder, server
        self.spec = folder / "viveros.yaml"
        self.spec.write_text(SPEC, "utf-8")

    def run(self, *words: str, answer: str | None = None) -> Result:
        """One command line."""
        result = CliRunner().invoke(cli, list(words), input=answer)
        assert KEY not in result.output
        return result

    def done(self, *words: str, code: int = 0, answer: str | None = None) -> Result:
        """One command line that must end with ``code``."""
        result = self.run(*words, answer=answer)
        assert result.exit_code == code, result.output
        return result

    def data(self, *words: str, code: int = 0) -> dict[str, Any]:
        """What a command line gives as JSON, which must be all that it prints to stdout."""
        found: dict[str, Any] = json.loads(self.done(*words, "--format", "json", code=code).stdout)
        return found

    def write(self, record: int, **values: Any) -> None:
        """What a person does meanwhile."""
        self.server.execute_kw("crm.lead", "write", [[record], values], {})


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEGMENTER_API_KEY", KEY)
    server = demo_server()
    monkeypatch.setattr(connection, "connect", lambda *_where, **_how: server)
    return Desk(tmp_path, server)
