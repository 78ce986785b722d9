"""One answer of a server says something else than the CRM holds: each command ends in an error of ours, or as ever."""

from __future__ import annotations

import json
from random import Random
from xmlrpc.client import Fault, loads

import pytest

from segmenter.embedded import serve
from segmenter.errors import ExitCode
from tests.support.bad_input import KEY, Office, forward, small_crm
from tests.support.bad_input import office as office
from tests.support.broken_answers import changed
from tests.support.fuzzing import Entrance, Fuzz
from tests.support.http_servers import Handler, serving, xml

LIES = Entrance("lies", ".json")
SPEC, RUN = "viveros.yaml", "R1"
COMMANDS: dict[str, tuple[list[str], list[list[str]]]] = {
    # a command, and what must have been done before it
    "plan": (["plan", SPEC], []),
    "check": (["check", SPEC], []),
    "explain": (["explain", SPEC, "Prospecto 7"], []),
    "profile": (["profile", SPEC], []),
    "apply": (["apply", "P1", "--yes"], [["plan", SPEC]]),
    "verify": (["verify", SPEC], [["plan", SPEC], ["apply", "P1", "--yes"]]),
    "undo": (["undo", RUN, "--yes"], [["plan", SPEC], ["apply", "P1", "--yes"]]),
}
CALLS = 60
"""About as many as the longest of them makes."""


def by_chance(random: Random) -> bytes:
    """Which command, which of its calls is answered with a lie, and which lie."""
    case = {
        "command": random.choice(list(COMMANDS)),
        "call": random.randrange(1, CALLS),
        "lie": random.randrange(10**6),
    }
    return json.dumps(case).encode()


class Liar:
    """Passes requests on. From `begin`, one of the answers is not what the server said."""

    def __init__(self, url: str) -> None:
        self.url, self.left, self.random = url, 0, Random(0)

    def begin(self, call: int, lie: int) -> None:
        self.left, self.random = call, Random(lie)

    def __call__(self, handler: Handler) -> None:
        answer = forward(handler, self.url, silently=True)
        self.left -= 1
        handler.answer(self._lie(answer) if self.left == 0 else answer)

    def _lie(self, answer: bytes) -> bytes:
        try:
            (value,), _method = loads(answer)
        except Fault:
            return answer
        return xml(changed(self.random, value))


def holds(office: Office, text: bytes) -> None:
    """The law. A new CRM and a new ledger for each case."""
    case = json.loads(text)
    words, before = COMMANDS[case["command"]]
    for path in office.folder.iterdir():
        path.unlink()
    with serve(small_crm(), password=KEY) as face:
        liar = Liar(face.url)
        with serving(liar) as server:
            office.write(url=server.url)
            for honest in before:
                office.done(*honest)
            liar.begin(case["call"], case["lie"])
            result = office.run(*words)
    assert "Unexpected error" not in result.output, result.output
    assert result.exit_code in ExitCode.__members__.values()
    office.proves()


@pytest.mark.parametrize("office", ["en"], indirect=True)
@pytest.mark.parametrize("case", LIES.kept())
def test_what_was_kept(office: Office, case: bytes) -> None:
    holds(office, case)


@pytest.mark.parametrize("office", ["en"], indirect=True)
def test_whatever_it_says(office: Office, fuzz: Fuzz) -> None:
    fuzz.hunt(LIES, by_chance, lambda case: holds(office, case), least=3)
