"""Writes ``embedded/export/languages.json`` from the languages that a real Odoo 14 and a real Odoo 19 come with.

    python -m tests.support.embedded_languages

The servers must run. Each language has what its ``res.lang`` says on either version, once where both say the same.
"""

from __future__ import annotations

import json
import xmlrpc.client
from pathlib import Path
from typing import Any

from tests.live.servers import start

TABLE = Path(__file__).parents[2] / "segmenter" / "embedded" / "export" / "languages.json"
FACTS = ("decimal_point", "thousands_sep", "grouping", "date_format", "time_format")


def languages(version: str) -> list[dict[str, Any]]:
    """Every language of that Odoo, those that nobody installed too."""
    known = start(version).connection()
    login = known["database"], 2, known["admin_password"]
    server = xmlrpc.client.ServerProxy(known["url"] + "/xmlrpc/2/object")
    asked = [["|", ["active", "=", True], ["active", "=", False]], ["code", *FACTS]]
    found: Any = server.execute_kw(*login, "res.lang", "search_read", asked, {"order": "code"})
    return [dict(row) for row in found]


def table() -> dict[str, dict[str, list[str]]]:
    """Code -> fact -> what 14 says, and 19 where it says something else."""
    facts: dict[str, dict[str, list[str]]] = {}
    for version in ("14", "19"):
        for row in languages(version):
            entry = facts.setdefault(row["code"], {name: [] for name in FACTS})
            for name in FACTS:
                if (value := row[name] or "") not in entry[name]:
                    entry[name].append(value)
    return dict(sorted(facts.items()))


if __name__ == "__main__":
    lines = [f"  {json.dumps(code)}: {json.dumps(entry, ensure_ascii=False)}" for code, entry in table().items()]
    TABLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
