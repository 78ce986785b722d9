"""The engagement that ``docs/guia-del-consultor.md`` tells: a consultant's folder, the client's CRM, what people do.

The CRM is the demo's, at the client's address; the clock is the page's; the consultant and the machine have invented
names. So the same commands print the same lines on every machine and every day.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pkgutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from unittest import mock
from zoneinfo import ZoneInfo

import xlsxwriter
from click.testing import CliRunner, Result

import segmenter
from segmenter.cli import cli
from segmenter.embedded import EmbeddedServer, demo_server
from segmenter.execution import Pace
from segmenter.i18n import speaking
from segmenter.odoo.server import Server
from segmenter.spec.starters import ready_spec
from tests.support.command_line import SPEC as SPEC_BY_HAND
from tests.support.importing import Client
from tests.support.troubles import silence_before

URL = "https://viveros.example"
KEY = "the-key-of-the-work-user"
SPEC = "viveros-del-maipo.yaml"
EXPORT = "prospectos.xlsx"
CHILE = ZoneInfo("America/Santiago")
FIRST_DAY = date(2026, 11, 2)
"""The day on which the youngest prospects came in."""
WIDTH = 100
EXPORTED = (
    *("name", "type", "stage_id", "user_id", "source_id", "tag_ids", "expected_revenue", "priority", "country_id"),
    *("country_id.code", "city", "partner_name", "contact_name", "email_from", "phone", "create_date"),
)
"""The columns that the consultant asks the client for."""


class _Instances(type):
    def __instancecheck__(cls, one: object) -> bool:
        return isinstance(one, datetime)


class _Clock(datetime, metaclass=_Instances):
    """Stands for `datetime` in the modules of segmenter: says the time of the page."""

    time: ClassVar[datetime]

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        return cls.time.astimezone(tz)


class Story:
    """The consultant's folder and what happens around it. Commands run in it, one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        made = demo_server(FIRST_DAY)
        who = made.identity
        self.server = EmbeddedServer(made.tables, uid=who.uid, login=who.login, url=URL, database=who.database)
        self._line: Any = None

    def at(self, moment: datetime) -> None:
        """It is ``moment`` on the client's clock."""
        _Clock.time = moment.replace(tzinfo=CHILE)

    def run(self, words: list[str], answer: str | None = None) -> Result:
        """One command line of segmenter."""
        return CliRunner().invoke(cli, words, input=answer)

    def happens(self, what: str) -> None:
        """One of the events below, by its name."""
        getattr(self, f"_{what}")()

    def connect(self, *_where: Any, **_how: Any) -> Server:
        """What every connection of the command line reaches."""
        line, self._line = self._line, None
        return line(self.server) if line else self.server

    # What happens meanwhile

    def _export_comes(self) -> None:
        """The client sends Odoo's own list export."""
        fields = self.server.execute_kw("crm.lead", "fields_get", [], {"context": {"lang": "es_CL"}})
        countries = self._rows("res.country", ["code"])
        with xlsxwriter.Workbook(self.folder / EXPORT) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, [_heading(fields, name) for name in EXPORTED])
            for number, row in enumerate(self._rows("crm.lead", [*fields]).values(), 1):
                cells = row | {"country_id.code": countries[row["country_id"][0]]["code"] if row["country_id"] else ""}
                sheet.write_row(number, 0, [self._cell(fields, name, cells[name]) for name in EXPORTED])

    def _cell(self, fields: dict[str, Any], name: str, value: Any) -> Any:
        """As Odoo exports it: names, labels, and the exporter's own clock."""
        kind = fields[name]["type"] if name in fields else "char"
        if kind == "many2many":
            return ",".join(self._rows("crm.tag", ["name"])[one]["name"] for one in value)
        if kind == "selection":
            return dict(fields[name]["selection"])[value]
        if value is False:
            return ""
        if kind == "datetime":
            return f"{datetime.fromisoformat(f'{value}+00:00').astimezone(CHILE):%Y-%m-%d %H:%M:%S}"
        return value[1] if kind == "many2one" else value

    def _rows(self, model: str, fields: list[str]) -> dict[int, dict[str, Any]]:
        rows = self.server.execute_kw(model, "search_read", [[], fields], {})
        return {row["id"]: row for row in rows}

    def _agreed(self) -> None:
        """The consultant writes the minutes: the demo's spec, with the server and the approval."""
        text = ready_spec("demo").read_text("utf-8").split("version: 1\n", 1)[1]
        head = "# yaml-language-server: $schema=segmenter.schema.json\nversion: 1\n"
        where = f"odoo:\n  url: {URL}\n  database: viveros\n  user: segmentacion@asesorateya.example\n\n"
        text = text.replace("# Solo oportunidades", f"{where}# Solo oportunidades", 1)
        text = text.replace("limits:\n", "limits:\n  require_approval: true\n", 1)
        (self.folder / SPEC).write_text(f"{head}{text}", "utf-8")

    def _client_without_api(self) -> None:
        """Another client, in a folder of its own: its list was exported to be imported again."""
        self.folder = self.folder / "quintay"
        self.folder.mkdir()
        os.chdir(self.folder)
        (self.folder / "quintay.yaml").write_text(SPEC_BY_HAND.replace("Viveros del Maipo", "Turismo Quintay"), "utf-8")
        self._client = Client(demo_server(FIRST_DAY))
        self._client.export(self.folder / "antes.xlsx")

    def _client_imports(self) -> None:
        """The client imports the files and exports the list again; meanwhile somebody changed a priority."""
        files = self.folder / "a-mano-P1"
        self._client.create(files / "etiquetas.xlsx")
        self._client.import_(files / "importar.xlsx")
        self._client.write(6, priority="1")
        self._client.export(self.folder / "despues.xlsx")

    def _slip(self) -> None:
        """The consultant writes a stage and a source wrongly."""
        text = (self.folder / SPEC).read_text("utf-8").replace("{to: Calificado,", "{to: Calificada,")
        (self.folder / SPEC).write_text(text.replace("[Referido, Feria]", "[Referidos, Feria]"), "utf-8")

    def _key_comes(self) -> None:
        """The client made the work user, and its key is at hand."""
        os.environ["SEGMENTER_API_KEY"] = KEY

    def _somebody_edits(self) -> None:
        """A salesperson works on a record that a run has just written."""
        self.server.execute_kw("crm.lead", "write", [[550], {"priority": "1"}], {})

    def _people_work(self) -> None:
        """A month of sales: amounts rise, and a priority is set by hand."""
        self.server.execute_kw("crm.lead", "write", [[2], {"priority": "1"}], {})
        open_ones = self.server.execute_kw("crm.lead", "search", [[["stage_id", "=", "Nuevo"]]], {"limit": 60})
        self.server.execute_kw("crm.lead", "write", [open_ones[::3], {"expected_revenue": 7_500_000}], {})

    def _line_drops(self) -> None:
        """The next connection breaks at its third batch of records."""
        self._line = silence_before(3)


def _heading(fields: dict[str, Any], path: str) -> str:
    name, _dot, step = path.partition(".")
    return f"{fields[name]['string']}/Código del país" if step else fields[name]["string"]


@contextlib.contextmanager
def story(folder: Path) -> Iterator[Story]:
    """Tell it in ``folder``: in Spanish, on the page's clock, with nothing of this machine."""
    told = Story(folder)
    told.at(datetime.combine(FIRST_DAY, datetime.min.time()) + timedelta(hours=9))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SEGMENTER_")}
    environment |= {"SEGMENTER_LANG": "es", "COLUMNS": str(WIDTH), "NO_COLOR": "1"}
    with contextlib.ExitStack() as held:
        held.enter_context(contextlib.chdir(folder))
        held.enter_context(speaking("es"))
        held.enter_context(mock.patch.dict(os.environ, environment, clear=True))
        for name in sorted(one.name for one in pkgutil.walk_packages(segmenter.__path__, "segmenter.")):
            module = importlib.import_module(name) if not name.endswith("__main__") else None
            if getattr(module, "datetime", None) is datetime:
                held.enter_context(mock.patch.object(module, "datetime", _Clock))
        for target, stand_in in (
            ("getpass.getuser", lambda: "consultora"),
            ("socket.gethostname", lambda: "notebook"),
            ("keyring.get_password", lambda *_where: None),
            ("segmenter.cli.connection.connect", told.connect),
            ("segmenter.cli.commands.check.version_of", lambda *_where, **_how: "19.0"),
            ("segmenter.cli.executing.somebody_there", lambda: True),
            # One connection: two would break off at another record each time.
            ("segmenter.cli.executing.Pace", lambda _connections, **more: Pace(1, **more)),
        ):
            held.enter_context(mock.patch(target, stand_in))
        yield told
