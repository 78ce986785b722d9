from __future__ import annotations

from segmenter.errors import Problem
from segmenter.odoo.findings import Finding
from segmenter.reports import findings
from tests.support.report_samples import printed

FOUND = [Finding("ok", "server", "Odoo 19"), Finding("error", "rights", "no right to write", "ask for it")]


def test_each_finding_is_a_line_with_what_to_do_below() -> None:
    assert printed(findings.terminal(FOUND)).splitlines() == [
        "✓ server: Odoo 19",
        "✗ rights: no right to write",
        "    → ask for it",
    ]


def test_one_error_is_enough() -> None:
    assert findings.document(FOUND)["ok"] is False
    assert findings.document(FOUND[:1])["ok"] is True


def test_problems_of_a_file() -> None:
    problem = Problem(("scope", 0), "wrong", "mend it", "a.yaml:1:2")
    assert findings.problems([problem]) == {
        "ok": False,
        "problems": [{"place": "a.yaml:1:2", "path": ["scope", 0], "what": "wrong", "todo": "mend it"}],
    }
    assert findings.problems([])["ok"] is True
