"""A client process that is killed in the middle of its work: ``python -m tests.support.killed``, one JSON on stdin.

The JSON has ``verb`` (apply, resume, undo), ``id``, ``ledger``, ``address`` (URL, database, login, key), ``api`` and
the moment: ``when`` (before or after) the ``at``-th call that writes ``on`` a model.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from segmenter import execution
from segmenter.ledger import RunReport, Who, open_ledger
from segmenter.odoo.server import Server
from segmenter.odoo.session import connect
from tests.support.troubles import killed


def main() -> None:
    """Work until the trouble comes."""
    asked = json.load(sys.stdin)
    trouble = killed(asked["at"], asked["when"], asked["on"])

    def opened() -> Server:
        return trouble(connect(*asked["address"], api=asked["api"]))

    who = Who("tester", "here", asked["address"][2], 0, "0")
    runs: dict[str, Callable[..., RunReport]]
    runs = {"apply": execution.apply, "resume": execution.resume, "undo": execution.undo}
    with open_ledger(asked["ledger"]) as ledger:
        report = runs[asked["verb"]](
            asked["id"], ledger, opened, who=who, pace=execution.Pace(asked["connections"], asked["size"])
        )
    print(report.run.status)


if __name__ == "__main__":
    main()
