from __future__ import annotations

from dataclasses import replace

from segmenter.reports import drift
from tests.support.report_samples import CHANGES, NOTHING, PLAN, printed
from tests.support.sets import gathered


def test_drift_names_who_is_out_of_place() -> None:
    said = printed(drift.terminal(PLAN, gathered(CHANGES)))
    assert "Drift: 2 prospects are out of place" in said
    assert "tag Alto" in said
    assert "Hotel Sol" in said
    assert drift.document(PLAN, gathered(CHANGES))["by_field"] == {"tag_ids": 1, "priority": 1, "expected_revenue": 1}


def test_no_drift_says_so() -> None:
    assert "No drift: every record" in printed(drift.terminal(NOTHING, gathered([])))
    assert drift.document(NOTHING, gathered([]))["drift"] is False


def test_what_could_not_be_read_is_not_called_in_place() -> None:
    said = printed(drift.terminal(NOTHING, gathered([]), unread=[56]))
    assert "1 record could not be read, so nobody knows whether it is in its place: 56" in said
    assert "No drift in any other record." in said
    assert drift.document(NOTHING, gathered([]), unread=[56])["unread"] == [56]


def test_missing_configuration_is_drift() -> None:
    assert drift.drifted(replace(NOTHING, config=PLAN.config))
