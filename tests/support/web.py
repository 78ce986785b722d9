"""A real Odoo as a browser uses it: for the list export and the import, which the external API has no call for."""

from __future__ import annotations

import json
import re
import urllib.parse
import urllib.request
from collections.abc import Sequence
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

_EDGE = "between-the-parts"


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

    def import_(self, model: str, file: Path, *, language: str, zone: str = "America/Santiago") -> int:
        """Import every sheet of a workbook as the buttons do: load, test, import. The number of records."""
        return sum(self._import_sheet(model, file, name, language, zone) for name in load_workbook(file).sheetnames)

    def _import_sheet(self, model: str, file: Path, sheet: str, language: str, zone: str) -> int:
        context = {"lang": language, "tz": zone}

        def call(method: str, *args: Any, **named: Any) -> Any:
            path = f"/web/dataset/call_kw/base_import.import/{method}"
            kwargs = {**named, "context": {**context, **named.pop("context", {})}}
            return self.rpc(path, model="base_import.import", method=method, args=list(args), kwargs=kwargs)

        [id] = ids if isinstance(ids := call("create", {"res_model": model}), list) else [ids]
        self._upload(id, file)
        options = {
            **{"has_headers": True, "headers": True, "sheet": sheet, "quoting": '"', "separator": ",", "encoding": ""},
            **{
                "date_format": "",
                "datetime_format": "",
                "float_thousand_separator": ",",
                "float_decimal_separator": ".",
            },
            **{"advanced": False, "keep_matches": False, "fields": []},
        }
        preview = call("parse_preview", [id], options)
        assert "error" not in preview, preview
        headings = preview["headers"]
        fields = ["/".join(preview["matches"][str(at)]) for at in range(len(headings))]
        do = "do" if self._version == "14" else "execute_import"
        for dry in (True, False):
            done = call(do, [id], fields, headings, dict(options), dryrun=dry, context={"tracking_disable": True})
            assert not done["messages"], done["messages"]
        return len(done["ids"])

    def _upload(self, id: int, file: Path) -> None:
        names = ("import_id", "file") if int(self._version) < 17 else ("id", "ufile")
        fields = {names[0]: str(id), "csrf_token": self._token}
        parts = [f'--{_EDGE}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
        parts.append(
            f'--{_EDGE}\r\nContent-Disposition: form-data; name="{names[1]}"; filename="{file.name}"\r\n'
            "Content-Type: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\r\n\r\n"
        )
        body = "".join(parts).encode() + file.read_bytes() + f"\r\n--{_EDGE}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={_EDGE}"}
        self._opener.open(urllib.request.Request(self._url + "/base_import/set_file", body, kind)).read()
