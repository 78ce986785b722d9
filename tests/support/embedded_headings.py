"""Adds to ``embedded/export/headings.json`` what an Odoo calls its fields, in Spanish, Portuguese and English.

    ODOO_PASSWORD=... python -m tests.support.embedded_headings URL DATABASE LOGIN
    python -m tests.support.embedded_headings FOLDER...

A server is asked in every language that is active there and spoken by clients, fields and list views both: what is
exported from a list without a dialogue has the list's own headings. Of a version that no server runs, the folders are
its ``addons`` and ``odoo/addons``, whose translations are read. What the file holds already stays: the versions before.

Only fields that the embedded CRM has are kept. No label stands for two fields, in any version and language; this raises
where one would.
"""

from __future__ import annotations

import json
import os
import re
import sys
import xmlrpc.client
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from segmenter.embedded.schema import load
from segmenter.odoo.versions import other_names

FILE = Path("segmenter/embedded/export/headings.json")
MODELS = (
    *("crm.lead", "crm.stage", "crm.tag", "crm.team", "crm.lost.reason", "res.partner", "res.partner.category"),
    *("res.users", "res.country", "res.country.state", "res.company", "res.currency"),
    *("utm.source", "utm.medium"),
)
SPOKEN = ("en", "es", "pt")
LONG = {"tz", "lang"}
"""Selections that every server fills otherwise."""
NAMES = {"name", "display_name", "complete_name"}
"""What a record is called; some languages have one word for them all."""
ADDONS = ("base", "mail", "phone_validation", "resource", "sales_team", "utm", "contacts", "crm")
REPORTED = {("crm.lead", "expected_revenue"): "Potential Budget"}
"""Headings of people's exports that neither a server nor a translation was found to say: here of Odoo 15."""
_TEXT = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"')
_ENTRY = re.compile(rf"^msgid {_TEXT}^msgstr {_TEXT}", re.MULTILINE)
_FIELD = re.compile(r"model:ir\.model\.fields,field_description:\w+\.field_(\w+?)__(\w+)")
_CHOICE = re.compile(r"model:ir\.model\.fields\.selection,name:\w+\.selection__(\w+?)__(\w+)__(\w+)")

Words = dict[str, dict[str, Any]]


class Headings:
    """What the file holds: by model and field, the labels, and the wordings of a selection by its keys."""

    def __init__(self) -> None:
        known: dict[str, Words] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
        self.models: dict[str, Words] = {model: known.get(model, {}) for model in MODELS}
        self._ours = {
            model: {name: ours for ours in load()[model].fields for name in (ours, *other_names(model, ours))}
            for model in MODELS
        }

    def label(self, model: str, field: str, label: str) -> None:
        """Note what a field is called somewhere."""
        ours, label = self._ours[model].get(field), " ".join(label.strip("\ufeff").split())
        if ours is None or not label:
            return
        labels = self.models[model].setdefault(ours, {}).setdefault("labels", [])
        if label not in (*labels, *load()[model].fields[ours].label.values()):
            labels.append(label)
            labels.sort()

    def selection(self, model: str, field: str, words: dict[str, str]) -> None:
        """Note how the choices of a field are worded somewhere."""
        ours = self._ours[model].get(field)
        if ours is None or ours in LONG or not words:
            return
        words = {key: label for key, label in words.items() if label}
        wordings = self.models[model].setdefault(ours, {}).setdefault("selections", [])
        if words not in wordings:
            wordings.append(words)
            wordings.sort(key=json.dumps)

    def write(self) -> None:
        """Write the file, a field a line, once no label stands for two fields."""
        for (model, field), label in REPORTED.items():
            self.label(model, field, label)
        models = []
        for model, words in self.models.items():
            owners: dict[str, str] = {}
            for field, entry in words.items():
                for label in entry.get("labels", ()):
                    owner = owners.setdefault(label.casefold(), field)
                    if owner != field and not {owner, field} <= NAMES:
                        raise ValueError(f"{model}: {label} is {owner} and {field}")
            lines = [f"    {json.dumps(name)}: {json.dumps(words[name], ensure_ascii=False)}" for name in sorted(words)]
            models.append(f"  {json.dumps(model)}: {{\n" + ",\n".join(lines) + "\n  }")
        FILE.write_text("{\n" + ",\n".join(models) + "\n}\n", encoding="utf-8")


def from_server(headings: Headings, url: str, database: str, login: str) -> None:
    """Every label in every language that is active on a server."""
    secret = os.environ["ODOO_PASSWORD"]
    uid = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common").authenticate(database, login, secret, {})
    server = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/object")

    def ask(model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        return server.execute_kw(database, uid, secret, model, method, list(args), kwargs)

    languages = [row["code"] for row in ask("res.lang", "search_read", [["active", "=", True]], ["code"])]
    for language in (code for code in languages if code.startswith(SPOKEN)):
        for model in MODELS:
            for name, entry in ask(model, "fields_get", context={"lang": language}).items():
                headings.label(model, name, entry["string"])
                if entry["type"] == "selection":
                    headings.selection(model, name, dict(entry["selection"]))
        for model in ("crm.lead", "res.partner"):
            views = ask("ir.ui.view", "search", [["model", "=", model], ["type", "in", ["tree", "list"]]])
            for row in ask("ir.ui.view", "read", views, ["arch"], context={"lang": language}):
                for field in ElementTree.fromstring(row["arch"]).iter("field"):
                    headings.label(model, field.get("name", ""), field.get("string", ""))


def from_folder(headings: Headings, folders: list[str]) -> None:
    """Every label in the translations of a version: of a variant, what it lacks is worded as in the language itself."""
    names = {model.replace(".", "_"): model for model in MODELS}
    files = [path for folder in folders for addon in ADDONS for path in Path(folder, addon, "i18n").glob("*.po")]
    wordings: dict[tuple[str, str, str], dict[str, str]] = {}
    for path in sorted((path for path in files if path.stem.startswith(SPOKEN)), key=lambda path: path.stem):
        for block, english, translated in _entries(path.read_text(encoding="utf-8")):
            for table, field in _FIELD.findall(block):
                if table in names:
                    headings.label(names[table], field, english)
                    headings.label(names[table], field, translated)
            for table, field, key in _CHOICE.findall(block):
                if table in names:
                    for language, label in (("en", english), (path.stem, translated or english)):
                        wordings.setdefault((language, names[table], field), {})[key] = label
    for (language, model, field), words in wordings.items():
        below = {"es_MX": "es", "es_419": "es", "pt_BR": "pt"}.get(language, "en" if "_" not in language else "")
        headings.selection(model, field, {**wordings.get((below, model, field), {}), **words})


def _entries(text: str) -> Iterator[tuple[str, str, str]]:
    """Comment, English and translation of each entry of a ``.po`` file."""
    for block in text.split("\n\n"):
        if (found := _ENTRY.search(block + "\n")) and "#, fuzzy" not in block:
            english, translated = ("".join(map(json.loads, _PIECE.findall(part))) for part in found.groups())
            yield block, english, translated


def main(*where: str) -> None:
    """Add one server, or one version's folders."""
    headings = Headings()
    if where[0].startswith("http"):
        from_server(headings, *where)
    else:
        from_folder(headings, list(where))
    headings.write()


if __name__ == "__main__":
    main(*sys.argv[1:])
