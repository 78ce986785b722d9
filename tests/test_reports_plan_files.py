from __future__ import annotations

import io
import json

from segmenter.reports import plan_files
from tests.support.report_samples import CHANGES, PLAN


def test_json_holds_the_whole_plan() -> None:
    out = io.StringIO()
    plan_files.write_json(PLAN, CHANGES, out)
    found = json.loads(out.getvalue())
    assert found["digest"] == PLAN.digest
    assert found["segments"][0]["met"] is False
    assert len(found["changes"]) == 4
    assert found["changes"][1] == {
        "record": 7,
        "name": "Hotel Sol",
        "field": "priority",
        "field_label": "Prioridad",
        "before": "0",
        "after": "3",
        "before_text": "Baja",
        "after_text": "Muy alta",
        "segmentation": "Nivel",
        "segment": "Alto",
        "pin": False,
    }


def test_csv_leaves_pins_out_and_runs_nothing() -> None:
    out = io.StringIO(newline="")
    plan_files.write_csv(PLAN, CHANGES, out)
    lines = out.getvalue().splitlines()
    assert lines[0] == "Id,Record,Field,Label,Before,After,Segmentation,Segment"
    assert lines[3] == """9,'=cmd(),expected_revenue,Ingreso,"1,234,567.5",0,Nivel,Bajo"""
    assert len(lines) == 4
