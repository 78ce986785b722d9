from __future__ import annotations

import xmlrpc.client

import pytest
from click.testing import CliRunner

from segmenter.cli import cli
from segmenter.embedded.serve import Service


def test_what_is_printed_lets_a_client_in(monkeypatch: pytest.MonkeyPatch) -> None:
    faces: list[Service] = []
    monkeypatch.setattr(Service, "run", lambda face: faces.append(face))
    said = CliRunner().invoke(cli, ["demo", "--serve", "--port", "0"])
    assert said.exit_code == 0, said.output
    url, database, login, password = (line.split()[-1] for line in said.stdout.splitlines())
    with faces[0], xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common") as common:
        assert common.authenticate(database, login, password, {})
        assert not common.authenticate(database, login, "wrong", {})


def test_a_port_that_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []

    def run(face: Service) -> None:
        with face:
            taken.append(int(face.url.rpartition(":")[2]))
            again = CliRunner().invoke(cli, ["demo", "--serve", "--port", str(taken[0])])
        assert again.exit_code == 2
        assert "cannot be used" in again.stderr

    monkeypatch.setattr(Service, "run", run)
    CliRunner().invoke(cli, ["demo", "--serve", "--port", "0"], catch_exceptions=False)
    assert taken
