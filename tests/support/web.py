"""A real Odoo as a browser uses it: for the list export, which has no call of its own in the external API."""

from __future__ import annotations

import json
import re
import urllib.parse
import urllib.request
from collections.abc import Sequence
from http.cookiejar import CookieJar
from typing import Any


class Web:
    """One session, logged in."""

    def __init__(self, url: str, database: str, login: str, password: str, version: str) -> None:
        self._url, self._version = url, version
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.rpc("/web/session/authenticate", db=database, login=login, password=password)
        found = re.search(r'csrf_token: "([^"]+)"', self._opener.open(url + "/web").read().decode())
        self._token = found[1] if found else ""

    def rpc(self, path: str, **params: Any) -> Any:
        """What the web client's own calls answer."""
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        request = urllib.request.Request(self._url + path, body, {"Content-Type": "application/json"})
        return json.load(self._opener.open(request))["result"]

    def export(
        self,
        model: str,
        names: Sequence[str],
        *,
        kind: str,
        again: bool,
        language: str,
        zone: str = "America/Santiago",
        groups: Sequence[str] = (),
    ) -> bytes:
        """The list export of every record, ``again``: meant to be imported again. ``kind``: csv or xlsx.

        ``groups``: the fields by which the list is grouped.
        """
        context = {"lang": language, "tz": zone}
        call = {"model": model, "args": [list(names)], "kwargs": {"context": context}}
        labels = self.rpc(f"/web/dataset/call_kw/{model}/fields_get", method="fields_get", **call)
        kinds = {name: entry["type"] for name, entry in labels.items()} if groups else {}
        columns = [
            {"name": name, "label": labels[name]["string"] if name in labels else "ID", "type": kinds.get(name, "char")}
            for name in names
        ]
        data = {"model": model, "fields": columns, "ids": False, "domain": [], "groupby": list(groups)}
        asked = {"data": json.dumps({**data, "context": context, "import_compat": again}), "csrf_token": self._token}
        if self._version == "14":
            asked["token"] = "by which the browser knows its download"
        body = urllib.parse.urlencode(asked).encode()
        content: bytes = self._opener.open(f"{self._url}/web/export/{kind}", body).read()
        return content
