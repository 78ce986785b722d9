"""A consultant whose command line must refuse, in Spanish or English, over a real wire, and lose nothing."""

from __future__ import annotations

import os
import re
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner, Result

from segmenter import i18n
from segmenter.cli import cli
from segmenter.cli.settings import LEDGER
from segmenter.embedded import EmbeddedServer, Tables, serve
from segmenter.embedded.demo_setup import WORK_USER, configuration
from segmenter.errors import Problem
from segmenter.ledger import open_ledger
from tests.support.http_servers import Handler

KEY = "a-secret-of-the-work-user"
SPEC = """\
version: 1
client: {{name: Viveros del Maipo, language: es_CL, timezone: America/Santiago}}
odoo: {{url: "{url}", database: {database}, user: {user}, api: {api}}}
scope: {{model: crm.lead, where: {{type: opportunity}}}}
protect:
  - stage_id: [Ganado]
segmentations:
  - name: Nivel
    store: {{tags: exclusive}}
    segments:
      - name: Alto
        when: {{expected_revenue: {{">=": 5000}}}}
        set: {{priority: 3}}
    default: {{name: Bajo}}
limits: {{changes: 5000, overwrites: off, removed_tags: off, moved_stages: off}}
"""
ENGLISH = re.compile(r"\b(the|is|not|and|of|to|it|with|cannot|was|be|has|that|there|for)\b", re.IGNORECASE)
LEADS = 12
WHEN_WRITTEN = ("write_date", "write_uid", "date_last_stage_update")


@dataclass(frozen=True)
class Says:
    """One sentence of ours: what is wrong and what to do, as their English keys, with the values that they hold."""

    what: str
    todo: str = ""
    place: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """In the language of now. In Spanish the catalogue must have both halves."""
        return str(Problem((), *(self._half(one) for one in (self.what, self.todo)), self.place))

    def _half(self, key: str) -> str:
        text = i18n._(key) if key else ""
        if i18n.language() == "es" and key:
            assert text != key, f"not in the Spanish catalogue: {key}"
        return text.format(**self.values) if self.values else text


def says(what: str, todo: str = "", place: str = "", /, **values: Any) -> Says:
    """A sentence that stderr must hold, and nothing else."""
    return Says(what, todo, place, values)


def small_crm() -> EmbeddedServer:
    """The demo's people, stages and tags, and a dozen leads."""
    tables = Tables()
    with tables.transaction():
        ids = configuration(tables)
    crm = EmbeddedServer(tables, uid=ids["user", WORK_USER], login=WORK_USER, database="viveros")
    add_leads(crm, LEADS)
    return crm


def add_leads(crm: EmbeddedServer, number: int) -> None:
    """Leads of nobody, each expected to bring 1,000 more than the one before."""
    rows = [
        {"type": "opportunity", "name": f"Prospecto {n}", "expected_revenue": 1000 * n, "user_id": False}
        for n in range(number)
    ]
    crm.as_user("admin@viveros.example").execute_kw("crm.lead", "create", [rows], {})


@dataclass
class Office:
    """A folder with a spec, a work user's key, one language, and whatever answers at ``url``."""

    folder: Path
    language: str
    url: str = "http://127.0.0.1:1"
    database: str = "viveros"
    user: str = WORK_USER
    api: str = "auto"
    state: Callable[[], object] = lambda: None
    text: str = ""
    crm: Any = None

    def write(self, old: str = "", new: str = "", name: str = "viveros.yaml", **odoo: str) -> Path:
        """The spec, with one part of it replaced."""
        there = {"url": self.url, "database": self.database, "user": self.user, "api": self.api}
        text = SPEC.format(**(there | odoo))
        assert old in text
        self.text = text.replace(old, new) if old else text
        file = self.folder / name
        file.write_text(self.text, "utf-8")
        return file

    def place(self, part: str, name: str = "viveros.yaml") -> str:
        """``file:line:col`` of a part of the spec that stands in it once."""
        assert self.text.count(part) == 1
        before = self.text[: self.text.index(part)]
        return f"{name}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"

    def run(self, *words: str, answer: str | None = None, as_anybody: bool = False) -> Result:
        """One command line, as its own process would: the environment says which language.

        ``as_anybody``: as a user without rights of root's, which would say nothing of what others may.
        """
        i18n.use_language(None)
        with _ordinary_user() if as_anybody else nullcontext():
            result = CliRunner().invoke(cli, list(words), input=answer)
        self.keeps_the_secret(result.output)
        return result

    def done(self, *words: str, code: int = 0, answer: str | None = None) -> Result:
        """One command line that must end with ``code``."""
        result = self.run(*words, answer=answer)
        assert result.exit_code == code, result.output
        return result

    def refuses(self, *words: str, code: int, says: Says | str, answer: str | None = None) -> Result:
        """One command line that says just this on stderr, ends with ``code``, and leaves everything as it was."""
        files, state = self.files(), self.state()
        result = self.run(*words, answer=answer)
        assert (result.stderr, result.stdout) == (f"{says}\n", ""), f"{result.output!r} is not {str(says)!r}"
        assert result.exit_code == code, result.exit_code
        self.speaks(result.output)
        assert self.files() == files, "no file made, none left behind, none changed"
        assert self.state() == state, "the CRM is as it was"
        self.proves()
        return result

    def speaks(self, text: str) -> None:
        """No English word in Spanish."""
        if self.language == "es":
            assert not ENGLISH.findall(text.replace(str(self.folder), "")), text

    def proves(self) -> None:
        """The ledger, if there is one, holds."""
        if (self.folder / LEDGER).is_file():
            with open_ledger(self.folder / LEDGER) as ledger:
                assert ledger.verify_chain().ok

    def leads(self) -> list[dict[str, Any]]:
        """Every lead, all that it holds except when it was written last."""
        rows = self.crm.tables.rows["crm.lead"].values()
        return [
            {name: value for name, value in row.items() if name not in WHEN_WRITTEN} for row in deepcopy(list(rows))
        ]

    def files(self) -> dict[str, bytes]:
        """What lies in the folder; of a ledger what it says, since SQLite may tidy its file."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and not path.name.startswith(LEDGER):
                found[str(path)] = path.read_bytes()
        if (self.folder / LEDGER).is_file():
            with open_ledger(self.folder / LEDGER) as ledger:
                found[LEDGER] = repr((ledger.plans(), ledger.runs(), ledger.verify_chain())).encode()
        return found

    def keeps_the_secret(self, *texts: str) -> None:
        """In no text, and in no file that we wrote."""
        for text in texts:
            assert KEY not in text
        for path in self.folder.rglob("*"):
            assert not path.is_file() or KEY.encode() not in path.read_bytes(), path


@contextmanager
def _ordinary_user() -> Iterator[None]:
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture(params=["en", "es"])
def office(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """In each language, where nothing answers."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEGMENTER_API_KEY", KEY)
    monkeypatch.setenv("SEGMENTER_LANG", request.param)
    i18n.use_language(None)
    return Office(tmp_path, request.param)


@pytest.fixture
def connected(office: Office) -> Iterator[Office]:
    """With a CRM in memory that answers over XML-RPC."""
    crm = small_crm()
    with serve(crm, password=KEY) as face:
        office.url, office.crm = face.url, crm
        office.state = lambda: deepcopy(crm.tables.rows)
        office.write()
        yield office


@pytest.fixture
def shared(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """In a folder that any user may reach and write into."""
    with TemporaryDirectory(prefix="bad-input-") as name:
        office.folder = Path(name)
        office.folder.chmod(0o777)
        with monkeypatch.context() as here:
            here.chdir(name)
            yield office


def forward(handler: Handler, url: str, *, silently: bool = False) -> bytes:
    """Pass a request on to the server at ``url``, and its answer back unless ``silently``; gives the answer."""
    request = urllib.request.Request(url + handler.path, handler.body, {"Content-Type": "text/xml"})
    with urllib.request.urlopen(request, timeout=30) as response:
        answer: bytes = response.read()
    if not silently:
        handler.answer(answer)
    return answer
