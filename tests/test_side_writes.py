"""Of every field that the work user may write: what moves with it was seen before, is announced, and comes back.

The server itself is asked which fields there are, so a new module or version of Odoo brings new rows, which fail here
until somebody looked at them and wrote them into ``tests/support/side_writes/observed_*.json``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from segmenter.ledger import open_ledger
from tests.support.engagement import Crm, Embedded
from tests.support.side_writes.families import families
from tests.support.side_writes.trying import all_tried, new_rows
from tests.support.undo_law.portfolio import MARKED, LiveOfTheLaw, Portfolio
from tests.support.versions import LIVE

pytest_plugins = ["tests.support.engagement_fixtures"]

TABLES = Path(__file__).parent / "support" / "side_writes"
Families = tuple[Portfolio, Mapping[str, int]]


class LiveOfFamilies(LiveOfTheLaw):
    """A database of its own."""

    purpose = "side_writes"


@pytest.fixture(scope="module", params=["embedded", *LIVE])
def law(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Families]:
    crm: Crm = Embedded() if request.param == "embedded" else LiveOfFamilies(request.param)
    with open_ledger(tmp_path_factory.mktemp("law") / "ledger.db") as ledger:
        yield families(crm, ledger, "familia")


@pytest.mark.parametrize("model", MARKED)
def test_what_moves_with_a_field_is_known_announced_and_given_back(law: Families, model: str) -> None:
    portfolio, ids = law
    name = portfolio.e.crm.name
    version = "19" if name == "embedded" else name.removeprefix("live")
    table = TABLES / f"observed_{version}.json"
    known = json.loads(table.read_text(encoding="utf-8"))[model] if table.exists() else {}
    seen, wrong = all_tried(portfolio, ids, model, known)
    assert not wrong, "\n\n".join(wrong)
    assert new_rows(seen, known) == {}, "look at them, then add them to the table"
