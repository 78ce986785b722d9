"""``segmenter meeting``: what it finds for the page, and what it says where it finds nothing."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from segmenter.cli import cli
from segmenter.cli.commands import meeting as command
from segmenter.cli.settings import settings
from segmenter.errors import SegmenterError
from segmenter.ledger import open_ledger
from segmenter.web.sources import Sources
from tests.support.command_line import KEY, Desk, desk

__all__ = ["desk"]
ADDRESS = "http://127.0.0.1:8123/open/a-token-of-forty-three-letters-as-they-are-made-here"
EXPORT = "id,Opportunity,Expected Revenue,Priority,Tags,Stage,Type\n7,Hotel Sol,6000000,Low,,New,Opportunity\n"


@dataclass
class Served:
    """What the page was given. ``meanwhile``: called while it is served, from another thread as the page does."""

    sources: list[Sources] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    meanwhile: list[Any] = field(default_factory=list)
    came: list[Any] = field(default_factory=list)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Served:
    """The page's server, which only notes what it would have served."""
    noted = Served()

    def serve(_app: object, **options: Any) -> None:
        noted.options = options
        options["opened"](ADDRESS)
        for call in noted.meanwhile:
            caller = threading.Thread(target=lambda: noted.came.append(_outcome(call, noted.sources[-1])))  # noqa: B023
            caller.start()
            caller.join()

    monkeypatch.setattr(command, "serve", serve)
    monkeypatch.setattr(command, "create_app", lambda meeting, _guard: noted.sources.append(meeting.sources))
    return noted


def _outcome(call: Any, sources: Sources) -> Any:
    try:
        return call(sources)
    except SegmenterError as error:
        return error


def _read(sources: Sources) -> Any:
    return sources.read(lambda _done, _total: None)


def _live(sources: Sources) -> Any:
    assert sources.live is not None
    return sources.live()


def test_the_demo(served: Served, tmp_path: Path) -> None:
    served.meanwhile = [_read, _live]
    said = CliRunner().invoke(cli, ["meeting", "--demo", "--folder", str(tmp_path / "trial"), "--no-browser"])
    assert said.exit_code == 0, said.output
    assert said.stdout == f"The meeting page: {ADDRESS} (Ctrl-C ends it)\n"
    assert (served.options["port"], served.options["open_browser"]) == (0, False)
    (sources,), (crm, live) = served.sources, served.came
    assert sources.spec_file == tmp_path / "trial" / "demo.yaml"
    assert sources.ledger_place == str(tmp_path / "trial" / "segmenter.ledger")
    assert len(crm.take("crm.lead", [["active", "in", [True, False]]])) == 600
    assert live.reader.count("crm.lead", []) == crm.reader.count("crm.lead", [])
    assert sources.address(7) == ""
    assert sources.author is not None
    assert sources.plan is None


def test_a_spec_of_the_demo_that_was_edited_stays(served: Served, tmp_path: Path) -> None:
    CliRunner().invoke(cli, ["meeting", "--demo", "--folder", str(tmp_path)])
    file = tmp_path / "demo.yaml"
    file.write_text(file.read_text("utf-8") + "# agreed\n", "utf-8")
    CliRunner().invoke(cli, ["meeting", "--demo", "--folder", str(tmp_path)])
    assert file.read_text("utf-8").endswith("# agreed\n")


def test_an_export(served: Served, desk: Desk) -> None:
    (desk.folder / "export.csv").write_text(EXPORT, "utf-8")
    served.meanwhile = [_read]
    desk.done("meeting", "viveros.yaml", "--from", "export.csv", "--port", "8123")
    (sources,), (crm,) = served.sources, served.came
    assert (sources.spec_file, sources.live, sources.can_plan) == (Path("viveros.yaml"), None, False)
    assert list(crm.take("crm.lead", [])) == [7]
    assert (served.options["port"], served.options["open_browser"]) == (8123, True)


def test_the_data_are_read_with_the_spec_as_it_is_by_then(served: Served, desk: Desk) -> None:
    (desk.folder / "export.csv").write_text(EXPORT, "utf-8")

    def edited(sources: Sources) -> Any:
        text = desk.spec.read_text("utf-8")
        desk.spec.write_text(text.replace("[Ganado]", "[Ganado, Firmado]"), "utf-8")
        return _read(sources)

    served.meanwhile = [edited]
    desk.done("meeting", "viveros.yaml", "--from", "export.csv")
    (crm,) = served.came
    assert crm.reader.search("crm.stage", [["name", "=", "Firmado"]])


def test_a_server(served: Served, desk: Desk) -> None:
    served.meanwhile = [_read, _live]
    desk.done("meeting", "viveros.yaml", "--ledger", "other.ledger")
    (sources,), (crm, live) = served.sources, served.came
    assert sources.ledger_place == "other.ledger"
    assert sources.can_plan
    assert crm.server is not desk.server  # a copy of it, in memory
    assert crm.server.take("crm.lead", []) == desk.server.take("crm.lead", [])
    assert live.reader.count("crm.lead", []) == crm.reader.count("crm.lead", [])


def test_an_administrator_is_refused_before_the_page_opens(
    served: Served, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_reader: object) -> None:
        raise SegmenterError("this login may do everything")

    monkeypatch.setattr(command, "refuse_privileged", refuse)
    assert "this login may do everything" in desk.done("meeting", "viveros.yaml", code=1).stderr
    assert served.sources == []


def test_the_page_may_call_from_its_own_threads(served: Served, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "connector", lambda _connection: lambda: (settings().timeout, desk.server)[1])
    served.meanwhile = [_read, _live]
    desk.done("meeting", "viveros.yaml")
    assert [type(come).__name__ for come in served.came] == ["Crm", "Live"]


def test_a_plan(served: Served, desk: Desk) -> None:
    desk.done("plan", "viveros.yaml")
    said = desk.done("meeting", "p1")
    (sources,) = served.sources
    assert (sources.plan, sources.spec_file, sources.ledger_place) == ("P1", Path("viveros.yaml"), "segmenter.ledger")
    assert "was changed" not in said.output
    desk.spec.write_text(desk.spec.read_text("utf-8") + "# agreed\n", "utf-8")
    assert "viveros.yaml was changed since P1 was made" in desk.done("meeting", "P1").stderr


def test_a_plan_stays_with_its_ledger(served: Served, desk: Desk) -> None:
    (desk.folder / "viveros").mkdir()
    desk.spec.rename(desk.folder / "viveros" / "spec.yaml")
    desk.done("plan", "viveros/spec.yaml", "--ledger", "segmenter.ledger")
    desk.done("meeting", "P1")
    (sources,) = served.sources
    assert (sources.spec_file, sources.ledger_place) == (Path("viveros/spec.yaml"), "segmenter.ledger")


def test_the_spec_of_a_plan_is_found_beside_the_ledger(
    served: Served, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.done("plan", "viveros.yaml")
    (desk.folder / "elsewhere").mkdir()
    monkeypatch.chdir(desk.folder / "elsewhere")
    desk.done("meeting", "P1", "--ledger", "../segmenter.ledger")
    assert served.sources[0].spec_file == Path("../viveros.yaml")
    desk.spec.unlink()
    said = desk.done("meeting", "P1", "--ledger", "../segmenter.ledger", code=2)
    assert "The spec of P1 is not there: viveros.yaml" in said.stderr


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ([], 2, "Nothing says what the meeting is about"),
        (["viveros.yaml", "--demo"], 2, "The demo has a spec and a CRM of its own"),
        (["--demo", "--from", "export.csv"], 2, "The demo has a spec and a CRM of its own"),
        (["viveros.yaml", "--folder", "trial"], 2, "--folder is for the demo alone"),
        (["nothing.yaml"], 1, "There is no file nothing.yaml"),
        (["viveros.yaml", "--from", "nothing.csv"], 1, "nothing.csv cannot be read"),
        (["P7"], 1, "There is no ledger at"),
        (["viveros.yaml", "--port", "70000"], 2, "70000 is not in the range"),
    ],
)
def test_what_cannot_be_opened(served: Served, desk: Desk, words: list[str], code: int, sentence: str) -> None:
    said = desk.run("meeting", *words)
    assert said.exit_code == code, said.output
    assert sentence in said.stderr
    assert served.sources == []


def test_a_plan_that_the_ledger_does_not_know(served: Served, desk: Desk) -> None:
    open_ledger(desk.folder / "segmenter.ledger").close()
    assert "P7" in desk.done("meeting", "P7", code=1).stderr


def test_a_spec_that_is_still_being_written_can_be_opened(served: Served, desk: Desk) -> None:
    (desk.folder / "export.csv").write_text(EXPORT, "utf-8")
    desk.spec.write_text(desk.spec.read_text("utf-8").replace('when: {expected_revenue: {">=": 1000000}}', ""), "utf-8")
    served.meanwhile = [_read]
    desk.done("meeting", "viveros.yaml", "--from", "export.csv")
    assert list(served.came[0].take("crm.lead", [])) == [7]


def test_an_error_that_nobody_foresaw_is_one_sentence_without_the_key(served: Served, desk: Desk) -> None:
    def fail(sources: Sources) -> None:
        try:
            raise ValueError(f"it has {KEY}")
        except ValueError as error:
            sources.failed(error)

    served.meanwhile = [fail]
    said = desk.done("meeting", "viveros.yaml")
    assert "Unexpected error (ValueError): it has ***" in said.stderr
    assert "Traceback" not in said.stderr
    assert "Traceback" in desk.done("meeting", "viveros.yaml", "--debug").stderr


@pytest.mark.parametrize("version", ["14.0", "19.0"])
def test_records_are_linked_to_where_they_are(version: str) -> None:
    identity = command.ServerIdentity("https://v.example/", "v", version, "a", 2)
    assert command._link(identity, "crm.lead", 7).startswith("https://v.example/")
    assert command._link(command.ServerIdentity("embedded:", "v", version, "a", 2), "crm.lead", 7) == ""
