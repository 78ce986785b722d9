"""What real Odoos answer, played back from ``cassettes``, a folder a version (see `tests.support.cassettes`)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xmlrpc.client import dumps, loads

import pytest
import yaml
from vcr.errors import CannotOverwriteExistingCassetteException

from segmenter.odoo.catalog import Catalog, choose_language
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.session import OdooSession
from segmenter.odoo.writer import OdooWriter
from tests.support.cassettes import (
    FOLDER,
    HIDDEN,
    URL,
    VERSIONS,
    WORK_USER,
    Shelf,
    cassette,
    is_json2,
    log_in,
    name_of,
    recorder,
    server,
)
from tests.support.http_servers import Handler, serving

FILES = sorted(path for path in FOLDER.rglob("*.*") if path.is_file())


@pytest.fixture(params=VERSIONS, ids=name_of)
def version(request: pytest.FixtureRequest) -> str:
    """The version that is played back, or recorded."""
    return str(request.param)


def test_connect_and_version(version: str) -> None:
    with cassette("connect", version) as url:
        session = log_in(url, version)
        identity = session.identity
        assert (identity.version, identity.major, identity.login) == (
            f"{server(version)}.0",
            int(server(version)),
            WORK_USER,
        )
        assert identity.uid > 2


def test_fields_search_and_a_page(version: str) -> None:
    with cassette("read", version) as url:
        reader = OdooReader(log_in(url, version), language="en_US", timezone="America/Santiago")
        fields = reader.fields("crm.stage")
        several = int(server(version)) >= 19
        teams = fields["team_ids" if several else "team_id"]
        assert teams.relation == "crm.team"
        assert teams.type == ("many2many" if several else "many2one")
        assert fields["display_name"].searchable is (int(server(version)) >= 18)
        ids = reader.search("crm.stage", [], limit=3)
        rows = list(reader.read("crm.stage", [*ids, 999_999], ["name", "sequence", "is_won", teams.name]))
        assert [row["id"] for row in rows] == ids == sorted(ids)
        assert all(row["name"] and not row[teams.name] for row in rows)
        assert [id_ for _model, id_, _why in reader.unreadable] == [999_999]
        assert reader.count("crm.stage", []) >= 3


def test_names_and_rights(version: str) -> None:
    with cassette("catalog", version) as url:
        session = log_in(url, version)
        reader = OdooReader(session)
        assert choose_language(reader, "en_US").warning == ""
        assert '"xx_XX" is not installed' in choose_language(reader, "xx_XX").warning
        catalog = Catalog(reader)
        field = catalog.field("crm.stage", "team_id")
        assert field is not None
        assert field.name == ("team_ids" if int(server(version)) >= 19 else "team_id")
        assert [one.name for one in catalog.named("crm.stage", "Won")] == ["Won"]
        assert reader.may("crm.stage", "read")
        assert not reader.may("crm.stage", "create")
        assert reader.has_group("sales_team.group_sale_salesman")
        assert not reader.has_group("base.group_system")
        assert not reader.has_group("no.such_group")


def test_counting(version: str) -> None:
    with cassette("groups", version) as url:
        reader = OdooReader(log_in(url, version))
        by_stage = reader.groups("crm.lead", [], ["stage_id"], ["expected_revenue"])
        assert sum(group.count for group in by_stage) == reader.count("crm.lead", []) > 0
        assert {"New", "Won"} <= {group.labels[0] for group in by_stage}
        assert reader.distinct("crm.lead", [["type", "!=", False]], "type") == 2


def test_a_write_is_read_back(version: str) -> None:
    with cassette("write", version) as url:
        session = log_in(url, version)
        reader, writer = OdooReader(session), OdooWriter(session)
        [tag] = reader.search("crm.tag", [], limit=1)
        before = next(reader.read("crm.tag", [tag], ["color"]))
        writer.write("crm.tag", [tag], {"color": 7})
        after = next(reader.read("crm.tag", [tag], ["color"]))
        assert (before["color"] != 7, after) == (True, {"id": tag, "color": 7})


def test_no_secret_reaches_the_disk(tmp_path: Path) -> None:
    def exchange(handler: Handler) -> None:
        handler.answer(dumps((7,), methodresponse=True).encode(), Set_Cookie="session_id=c00k1e", Server="nginx/1")

    with serving(exchange) as there, recorder(tmp_path, record=True).use_cassette("x.yaml"):
        session = OdooSession(there.url, "crm", "ana", "5up3r-s3cr3t")
        session.call("common", "login", ["crm", "ana", "5up3r-s3cr3t"])
        session.call("object", "execute_kw", ["crm", 7, "5up3r-s3cr3t", "crm.lead", "read", [[1]], {}])
    text = (tmp_path / "x.yaml").read_text()
    assert "crm.lead" in text
    assert text.count(HIDDEN) == 2
    for secret in ("5up3r-s3cr3t", "c00k1e", "nginx", "session", there.url):
        assert secret not in text


def test_a_recording_is_matched_by_its_arguments_not_by_its_order(tmp_path: Path) -> None:
    def exchange(handler: Handler) -> None:
        handler.answer(dumps((len(handler.body),), methodresponse=True).encode())

    def ask(url: str, model: str) -> object:
        session = OdooSession(url, "crm", "ana", "key")
        return session.call("object", "execute_kw", ["crm", 7, "key", model, "read", [[1]], {}])

    with serving(exchange) as there, recorder(tmp_path, record=True).use_cassette("x.yaml"):
        lead, partner = ask(there.url, "crm.lead"), ask(there.url, "res.partner")
    with recorder(tmp_path, record=False).use_cassette("x.yaml"):
        assert (ask("http://127.0.0.1:8069", "res.partner"), ask("http://127.0.0.1:8069", "crm.lead")) == (
            partner,
            lead,
        )
        with pytest.raises(CannotOverwriteExistingCassetteException):
            ask(URL, "crm.tag")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_recordings_hold_no_secret(path: Path) -> None:
    text = path.read_text()
    assert len(text) < 250_000, "a whole job takes 185,000, the longest answer as much"
    assert not re.search(r"\bcookie\b|authorization|\bsession_id\b|\b[0-9a-f]{40}\b", text, re.IGNORECASE)
    assert not re.search(r'/(home|root|tmp|var|Users)/|(File|socket) "/(?!odoo/|usr/lib/)', text)
    assert not re.search(r'Traceback\b[^"]*File ', text) or path.parent.name != "odoo19-json2"
    if path.suffix != ".yaml":
        assert (loads if path.suffix == ".xml" else json.loads)(text)
        return
    for exchange in yaml.load(text, yaml.CSafeLoader)["interactions"]:
        if is_json2(exchange["request"]["uri"]):
            assert exchange["request"]["headers"] == {}
            continue
        method, params = json.loads(exchange["request"]["body"])
        assert params[2:3] == ([] if method in ("version", "list") else [HIDDEN])


def test_no_long_answer_is_left_over(version: str) -> None:
    folder = FOLDER / f"odoo{version}"
    played = "".join(path.read_text() for path in folder.glob("*.yaml"))
    kept = [path.name for path in Shelf(folder).answers.iterdir()]
    assert kept
    assert [name for name in kept if name not in played] == []


def test_the_same_is_recorded_of_each_version() -> None:
    recorded = [{path.name for path in (FOLDER / f"odoo{version}").glob("*.yaml")} for version in VERSIONS]
    assert len(recorded[0]) >= 20
    assert recorded == recorded[:1] * len(VERSIONS)
