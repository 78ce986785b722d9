"""Writes ``embedded/export/languages.json`` from the languages that a real Odoo 14 and a real Odoo 19 come with.

    python -m tests.support.embedded_languages

The servers must run. Each language has what its ``res.lang`` says on either version, once where both say the same, and
what those of 15 to 18 say otherwise (`BETWEEN`).
"""

from __future__ import annotations

import json
import xmlrpc.client
from pathlib import Path
from typing import Any

from tests.live.servers import start

TABLE = Path(__file__).parents[2] / "segmenter" / "embedded" / "export" / "languages.json"
FACTS = ("decimal_point", "thousands_sep", "grouping", "date_format", "time_format")
BETWEEN = (
    ("az_AZ", "date_format", "%d.%m.%Y"),
    ("be_BY", "date_format", "%d.%m.%Y"),
    ("en_NZ", "time_format", "%H:%M:%S"),
    ("sl_SI", "thousands_sep", "\u00a0"),
    ("sr@Cyrl", "grouping", "[]"),
    ("sr@Cyrl", "date_format", "%d.%m.%Y."),
)
"""What servers of 15 to 18 said that neither 14 nor 19 says (asked on 2026-12-01)."""


def languages(version: str) -> list[dict[str, Any]]:
    """Every language of that Odoo, those that nobody installed too."""
    known = start(version).connection()
    login = known["database"], 2, known["admin_password"]
    server = xmlrpc.client.ServerProxy(known["url"] + "/xmlrpc/2/object")
    asked = [["|", ["active", "=", True], ["active", "=", False]], ["code", *FACTS]]
    found: Any = server.execute_kw(*login, "res.lang", "search_read", asked, {"order": "code"})
    return [dict(row) for row in found]


def table() -> dict[str, dict[str, list[str]]]:
    """Code -> fact -> what 14 says, and 19 and those between where they say something else."""
    facts: dict[str, dict[str, list[str]]] = {}
    for version in ("14", "19"):
        for row in languages(version):
            entry = facts.setdefault(row["code"], {name: [] for name in FACTS})
            for name in FACTS:
                if (value := row[name] or "") not in entry[name]:
                    entry[name].append(value)
    for code, name, value in BETWEEN:
        facts[code][name].append(value)
    return dict(sorted(facts.items()))


if __name__ == "__main__":
    lines = [f"  {json.dumps(code)}: {json.dumps(entry, ensure_ascii=False)}" for code, entry in table().items()]
    TABLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
