"""For each kind of user and each kind of spec, `check` says beforehand what every other command then really does.

The kinds and the operations are those that were measured on Odoo 14 and 19, one user a kind.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from segmenter.cli import cli
from segmenter.cli.commands import meeting as meeting_command
from segmenter.errors import ExitCode, SegmenterError
from segmenter.web.meeting import Meeting
from tests.support.engagement import ANA, LOGINS, LUIS
from tests.support.office import KINDS, MARK, REFUSED_UNLESS_FORCED, TALKING, Office, Person, login_of
from tests.support.troubles import silence_before

pytest_plugins = ["tests.support.office_fixtures"]


@pytest.fixture(autouse=True)
def _page_that_nobody_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    """The meeting page reads its CRM, and is served to nobody."""

    def read(meeting: Meeting, _guard: object) -> None:
        meeting.read(wait=True)
        if meeting.data is None:
            raise SegmenterError(meeting.reading.failed if meeting.reading else "nothing was read")
        assert meeting.data.differs == ()

    monkeypatch.setattr(meeting_command, "create_app", read)
    monkeypatch.setattr(meeting_command, "serve", lambda *_app, **_about: None)


Found = dict[str, str]
"""One finding of `check`: level, topic, text, todo."""


def leads(*segmentations: dict[str, Any], **top: Any) -> dict[str, Any]:
    return {"scope": {"model": "crm.lead", "where": {"referred": MARK}}, "segmentations": list(segmentations), **top}


def contacts(*segmentations: dict[str, Any], **top: Any) -> dict[str, Any]:
    return {"scope": {"model": "res.partner", "where": {"ref": MARK}}, "segmentations": list(segmentations), **top}


def lima(**more: Any) -> dict[str, Any]:
    return {"name": "Lima", "when": {"city": "Lima"}, **more}


def one(**segmentation: Any) -> dict[str, Any]:
    return {"name": "S", **segmentation}


LEVEL = {"x_nivel": {"type": "text", "label": "Nivel"}}
TASKS: dict[str, dict[str, Any]] = {
    # What can be asked of a user, from the least to the most.
    "values": leads(
        one(
            segments=[
                lima(
                    set={
                        "priority": 3,
                        "stage_id": "Calificado",
                        "source_id": "Feria",
                        "user_id": {"assign": ANA},
                        "lost_reason_id": f"{MARK} precio",
                    }
                )
            ]
        )
    ),
    "given to somebody else": leads(one(segments=[lima(set={"user_id": {"assign": LUIS}})])),
    "names that do not hold": leads(
        one(
            segments=[
                lima(
                    set={
                        "source_id": "Tómbola",
                        "stage_id": "Calificada",
                        "user_id": {"assign": login_of("portal")},
                    }
                )
            ]
        )
    ),
    "conversion, tags and favourites": leads(
        one(segments=[{"name": "Leads", "when": {"type": "lead"}, "convert": {"customer": "create"}}]),
        {"name": "T", "store": {"tags": "exclusive"}, "segments": [lima(value="Nueva 1", color=3)]},
        {"name": "U", "store": {"tags": "exclusive"}, "segments": [lima(value="VIP", color=7)]},
        filters="shared",
    ),
    "a stage that is not there": leads(one(segments=[lima(set={"stage_id": "Comité de compras"})])),
    "categories": contacts(
        one(store={"categories": "exclusive"}, segments=[lima(value="Rubro / Uno", color=4)]),
        {
            "name": "Empresas",
            "store": {"categories": "exclusive"},
            "include_contacts": True,
            "segments": [{"name": "Grandes", "when": {"is_company": True}}],
        },
    ),
    "a field that is not there": contacts(one(store={"field": "x_nivel"}, segments=[lima()]), fields=LEVEL),
}
CREATED = ("crm.tag", "crm.stage", "res.partner", "res.partner.category", "ir.filters")
CALLED = ("tags", "stages", "contacts", "contact tags", "shared favourites")


CASES = [
    # Whoever may not even read leads is asked for one thing that is done to them.
    (kind, task)
    for task, content in TASKS.items()
    for kind in KINDS
    if kind in LOGINS or task == "values" or content["scope"]["model"] != "crm.lead"
]


def everything(office: Office) -> Any:
    """What any of the tasks could change."""
    crm = office.crm
    lead = ["priority", "stage_id", "user_id", "source_id", "tag_ids", "type", "partner_id", "email_from", "phone"]
    return (
        crm.find("crm.lead", [["referred", "=", MARK]], [*lead, office.lost_reason]),
        crm.find("res.partner", [["ref", "=", MARK]], ["category_id"]),
        crm.find("crm.tag", [], ["name", "color"]),
        crm.call("ir.model.fields", "search", [["name", "=", "x_nivel"]]),
        [crm.call(model, "search", [], active_test=False) for model in CREATED],
    )


def found_by_check(person: Person, spec: str, *, force: bool = True) -> tuple[int, list[Found]]:
    result = person.run("check", spec, "--format", "json", force=force)
    return result.exit_code, json.loads(result.stdout)["findings"]


@dataclass
class Foretold:
    """The errors of `check`. ``names``: what no server can be asked with. ``unread``: models that may not be read.

    ``refused``: what may be planned, and not done.
    """

    names: list[Found]
    unread: list[Found]
    refused: list[Found]


def foretold(findings: Sequence[Found]) -> Foretold:
    errors = [found for found in findings if found["level"] == "error"]
    names = [found for found in errors if found["topic"] == "names"]
    unread = [found for found in errors if found["text"].startswith("The work user may not read ")]
    refused = [found for found in errors if found not in [*names, *unread]]
    assert {found["topic"] for found in refused} <= {"rights", "fields"}
    assert all(found["todo"] for found in errors)
    return Foretold([found for found in names if found not in unread], unread, refused)


@pytest.mark.parametrize(("person", "task"), CASES, indirect=["person"])
def test_check_tells_what_then_happens(person: Person, task: str) -> None:
    spec, model = person.write_spec(TASKS[task]), TASKS[task]["scope"]["model"]
    first = everything(person.office)
    code, findings = found_by_check(person, spec)
    errors = foretold(findings)
    assert code == bool(errors.names or errors.unread or errors.refused)
    if errors.names or errors.unread:
        nothing_can_be_asked(person, spec, errors)
    elif errors.refused:
        it_is_planned_and_refused(person, spec, model, errors)
    else:
        told = [found["text"] for found in findings if found["level"] == "note"]
        it_is_done_and_undone(person, spec, model, first, told)
    assert everything(person.office) == first


def nothing_can_be_asked(person: Person, spec: str, errors: Foretold) -> None:
    """Every command that needs these names or records ends with what `check` said."""
    said = [found["text"].split(" (")[0] for found in [*errors.names, *errors.unread]]
    for words in (["validate", spec], ["plan", spec], ["verify", spec], ["explain", spec, "1"]):
        ended = person.run(*words)
        if words[0] == "validate" and not errors.names:
            assert ended.exit_code == ExitCode.DONE, ended.output  # it asks for no record
            continue
        assert ended.exit_code == ExitCode.ERROR, (words, ended.output)
        assert (any if errors.unread else all)(text in ended.stderr for text in said), (words, ended.stderr, said)


def it_is_planned_and_refused(person: Person, spec: str, model: str, errors: Foretold) -> None:
    """The plan says what `check` said, and is not applied; what only reads is done."""
    planned = person.run("plan", spec, "--format", "json")
    assert planned.exit_code == ExitCode.LIMITS, planned.output
    violations = json.loads(planned.stdout)["violations"]
    assert {one["limit"] for one in violations} == {"rights"}
    sentences = [one["text"] for one in violations]
    assert len(sentences) == len(errors.refused), (sentences, errors.refused)
    for found in errors.refused:
        what = found["text"].split(" (")[0] if found["topic"] == "rights" else ""
        assert any(one.startswith(what) and one.endswith(found["todo"]) for one in sentences), (found, sentences)
    assert person.run("validate", spec).exit_code == ExitCode.DONE
    assert person.run("verify", spec).exit_code == ExitCode.WOULD_CHANGE
    for record in some_record(person, model):
        assert person.run("explain", spec, str(record)).exit_code == ExitCode.DONE
    applied = person.run("apply", "P1", "--yes")
    assert applied.exit_code == ExitCode.LIMITS, applied.output
    assert sentences[0] in applied.stderr


def it_is_done_and_undone(person: Person, spec: str, model: str, first: Any, told: Sequence[str]) -> None:
    """Everything is done; ``told``: what is said to stay behind, stays behind."""

    def does(code: ExitCode, *words: str) -> None:
        ended = person.run(*words)
        assert ended.exit_code == code, (words, ended.output)

    does(ExitCode.DONE, "validate", spec)
    does(ExitCode.DONE, "acta", spec)
    does(ExitCode.DONE, "meeting", spec)
    does(ExitCode.DONE, "plan", spec)
    does(ExitCode.DONE, "apply", "P1", "--yes")
    assert everything(person.office) != first
    does(ExitCode.DONE, "verify", spec)
    (record,) = some_record(person, model)
    does(ExitCode.DONE, "explain", spec, str(record))
    does(ExitCode.DONE, "undo", "R1", "--preview")
    person.trouble = silence_before(1, on=model)
    does(ExitCode.PARTLY, "undo", "R1", "--yes")
    person.trouble = None
    does(ExitCode.DONE, "resume", "R2")
    for called, name, ids, before in zip(CALLED, CREATED, everything(person.office)[-1], first[-1], strict=True):
        if kept := sorted(set(ids) - set(before), reverse=True):
            assert any(f"which the work user may not delete: {called} (" in text for text in told), (name, told)
            person.office.crm.call(name, "unlink", kept)


def some_record(person: Person, model: str) -> list[int]:
    """A record of the task's scope that this kind of user sees; the portal sees none."""
    mark = [["referred", "=", MARK]] if model == "crm.lead" else [["ref", "=", MARK]]
    found: list[int] = person.office.servers[person.kind].execute_kw(model, "search", [mark], {"limit": 1})
    return found


@pytest.mark.parametrize("command", ["profile", "init"])
def test_check_tells_whether_a_profile_can_be_made(person: Person, command: str) -> None:
    """And a spec drafted of one: both ask for the tags, as these tasks do."""
    spec = person.write_spec(TASKS["conversion, tags and favourites" if command == "profile" else "categories"])
    errors = foretold(found_by_check(person, spec)[1])
    where = ("--url", "http://127.0.0.1:1", "--database", "viveros", "--user", login_of(person.kind))
    drafted = ("Viveros", "--from-odoo", "--model", "res.partner", *where)
    ended = person.run(command, *([spec] if command == "profile" else drafted))
    assert ended.exit_code == bool(errors.names or errors.unread), ended.output
    assert ended.exit_code == ExitCode.DONE or "The work user may not read" in ended.stderr


@pytest.mark.parametrize("person", REFUSED_UNLESS_FORCED, indirect=True)
def test_who_has_too_many_rights_or_too_few_is_refused_as_check_says(person: Person) -> None:
    spec = person.write_spec(TASKS["categories"])
    code, findings = found_by_check(person, spec, force=False)
    assert code == ExitCode.ERROR
    (said,) = [found for found in findings if found["topic"] == "privileges"]
    assert said["level"] == "error"
    for words in (["plan", spec], ["verify", spec], ["profile", spec], ["acta", spec], ["meeting", spec]):
        ended = person.run(*words, force=False)
        assert (ended.exit_code, ended.stderr) == (ExitCode.ERROR, f"{said['text']}; {said['todo']}\n")


@pytest.mark.parametrize("person", ["inactive"], indirect=True)
def test_who_cannot_log_in_can_do_nothing(person: Person) -> None:
    spec = person.write_spec(TASKS["values"])
    for command in ("check", "validate", "plan", "verify", "profile"):
        ended = person.run(command, spec)
        assert (ended.exit_code, ended.stderr) == (ExitCode.ERROR, "inactive\n")


@pytest.mark.parametrize("person", LOGINS, indirect=True)
def test_an_own_documents_user_is_warned_of_what_is_hidden(person: Person) -> None:
    _code, findings = found_by_check(person, person.write_spec(TASKS["values"]))
    hidden = [found["level"] for found in findings if found["topic"] == "hidden"]
    assert hidden == (["warning"] if person.kind == "own" else [])
    (seen,) = [found["text"] for found in findings if found["topic"] == "scope"]
    assert seen == f"The work user sees {10 if person.kind == 'own' else 12} records in the scope"


def test_every_command_that_talks_to_odoo_is_run_here() -> None:
    commands = {name: cli.get_command(None, name) for name in cli.list_commands(None)}  # type: ignore[arg-type]
    talking = {
        name
        for name, command in commands.items()
        if command is not None and any("--force-user" in option.opts for option in command.params)
    }
    assert talking == TALKING
