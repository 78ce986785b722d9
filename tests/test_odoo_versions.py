"""The table of what differs between versions, held against real servers."""

from __future__ import annotations

import pytest

from segmenter.odoo.reader import OdooReader
from segmenter.odoo.session import connect
from segmenter.odoo.versions import KNOWN_VERSIONS, RENAMED, other_names
from tests.live.servers import RECIPES, start
from tests.support.versions import LIVE


def test_a_field_is_found_by_either_name() -> None:
    assert other_names("crm.stage", "team_id") == ("team_ids",)
    assert other_names("crm.stage", "team_ids") == ("team_id",)
    assert other_names("crm.lead", "team_id") == ()


def test_every_version_that_is_tested_is_known() -> None:
    assert {int(version) for version in RECIPES} <= set(KNOWN_VERSIONS)


@pytest.mark.parametrize("version", LIVE)
def test_a_field_has_the_one_name_of_its_version_and_rights_are_told(version: str) -> None:
    about = start(version).connection()
    session = connect(about["url"], about["database"], about["admin_login"], about["admin_password"])
    reader = OdooReader(session)
    for one in RENAMED:
        here, elsewhere = (one.new, one.old) if session.identity.major >= one.since else (one.old, one.new)
        fields = reader.fields(one.model)
        assert here in fields, one
        assert elsewhere not in fields, one
    assert set(session.env.context) == {"lang", "tz", "uid"}
    assert reader.may("crm.lead", "unlink")
    assert reader.has_group("base.group_system")
    assert not reader.has_group("base.group_portal")
    assert [group.count for group in reader.groups("crm.lead", [["id", "=", 0]], ["stage_id"])] == []
