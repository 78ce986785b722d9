from __future__ import annotations

import ast
from pathlib import Path

from segmenter import checking
from segmenter.checking.findings import Finding
from segmenter.errors import Problem
from segmenter.i18n import use_language
from segmenter.reports import findings
from tests.support.report_samples import printed

FOUND = [Finding("ok", "server", "Odoo 19"), Finding("error", "rights", "no right to write", "ask for it")]


def test_each_finding_is_a_line_with_what_to_do_below() -> None:
    assert printed(findings.terminal(FOUND)).splitlines() == [
        "✓ server: Odoo 19",
        "✗ rights: no right to write",
        "    → ask for it",
    ]


def test_what_they_are_about_is_said_in_spanish_too() -> None:
    use_language("es")
    assert printed(findings.terminal(FOUND)).splitlines()[0] == "✓ servidor: Odoo 19"
    assert findings.document(FOUND)["findings"][0]["topic"] == "server"


def test_every_topic_is_known() -> None:
    code = [ast.parse(file.read_text("utf-8")) for file in Path(checking.__path__[0]).glob("*.py")]
    calls = [node for tree in code for node in ast.walk(tree) if isinstance(node, ast.Call) and len(node.args) > 2]
    topics = [node.args[1] for node in calls if isinstance(node.func, ast.Name) and node.func.id == "Finding"]
    assert {one.value for one in topics if isinstance(one, ast.Constant)} == set(findings.TOPICS)


def test_one_error_is_enough() -> None:
    assert findings.document(FOUND)["ok"] is False
    assert findings.document(FOUND[:1])["ok"] is True


def test_problems_of_a_file() -> None:
    problem = Problem(("scope", 0), "wrong", "mend it", "a.yaml:1:2")
    assert findings.problems([problem]) == {
        "ok": False,
        "problems": [{"place": "a.yaml:1:2", "path": ["scope", 0], "what": "wrong", "todo": "mend it"}],
        "warnings": [],
    }
    told = findings.problems([], [problem])
    assert (told["ok"], told["problems"], told["warnings"][0]["what"]) == (True, [], "wrong")
