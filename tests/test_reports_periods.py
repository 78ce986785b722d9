from __future__ import annotations

from dataclasses import replace

import pytest

from segmenter.i18n import use_language
from segmenter.ledger import version2
from segmenter.reports.periods import periods
from segmenter.reports.text import Style
from tests.support.report_samples import PLAN


@pytest.mark.parametrize(
    ("leaf", "bounds", "said"),
    [
        # 2026-09-06 has no midnight in Chile: clocks go from 24:00 to 01:00, at 04:00 UTC.
        (
            "create_date within 90 days",
            "2026-09-06 04:00:00 <= create_date < 2026-12-05 03:00:00 (UTC)",
            "the last 90 days: from September 6, 2026 to December 4, 2026",
        ),
        ("a.date_closed older_than 1 years", "date_closed < 2025-11-23 03:00:00 (UTC)", "until November 22, 2025"),
        ("date_deadline next 2 weeks", "2026-11-23 <= date_deadline < 2026-12-08", "to December 7, 2026"),
        ("x_day older_than 3 months", "x_day < 2026-03-01", "more than 3 months ago: until February 28, 2026"),
        ("create_date within 90 days", "2026-08-24 <= create_date", "the last 90 days: from August 24, 2026 on"),
        ("create_date: {within: 90 days}", "2025-12-02..2026-03-02", "create_date: {within: 90 days}: 2025-12-02"),
    ],
)
def test_days_of_the_clients_calendar(leaf: str, bounds: str, said: str) -> None:
    [found] = periods(replace(PLAN, periods=version2.periods({leaf: bounds})), Style("es_CL", "America/Santiago"))
    assert said in found


def test_two_fields_of_one_period_are_said_once_and_in_the_language_of_the_reader() -> None:
    bounds = {
        f"{field} within 1 days": f"2026-11-22 03:00:00 <= {field} < 2026-11-24 03:00:00 (UTC)" for field in ("a", "b")
    }
    use_language("es")
    [found] = periods(replace(PLAN, periods=version2.periods(bounds)), Style("es_CL", "America/Santiago"))
    assert "22 de noviembre de 2026" in found
