"""Keep what the live suite found on a server of 15 to 18, for `docs/compatibility.md`.

    python -m tests.support.measured --server "community, September 2024" results.json again.json

A later file wins, test by test: the whole run first, then those of the tests that were run again.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.support.measured import as_json, path_of, run_of
from tests.support.version_facts import BETWEEN


def main(arguments: list[str]) -> int:
    """Write one file for each version, and tell what failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.measured")
    parser.add_argument("--server", required=True, help="edition and age of the Odoo, in words")
    parser.add_argument("files", nargs="+", type=Path, help="what pytest -m live --results=FILE wrote")
    asked = parser.parse_args(arguments)
    found: dict[str, dict[str, str]] = {}
    for file in asked.files:
        for version, tests in json.loads(file.read_text(encoding="utf-8")).items():
            found.setdefault(version, {}).update(tests)
    for version in map(str, BETWEEN):
        if version in found:
            run = run_of(int(version), datetime.now(UTC).date().isoformat(), asked.server, found[version])
            path_of(run.version).write_text(as_json(run), encoding="utf-8")
            print(f"Odoo {version}: {dict(run.cases)}, in {path_of(run.version).name}")
            print(*(f"  failed: {test}" for test in run.failing()), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
