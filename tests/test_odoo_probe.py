"""Which way of asking a server knows is learnt from its answers."""

from __future__ import annotations

from collections.abc import Callable
from xmlrpc.client import Fault

import pytest

from segmenter.errors import Refused, ServerError, UnknownCall
from segmenter.odoo import faults
from segmenter.odoo.probe import Probe

# Last lines of real answers: of 14 and 19 to a method that they do not have, then to the other's form of one.
UNKNOWN = [
    "AttributeError: type object 'crm.lead' has no attribute 'has_access'",
    "AttributeError: The method 'crm.lead.nope' does not exist",
    "TypeError: has_group() takes 2 positional arguments but 3 were given",
    "TypeError: ResUsers.has_group() missing 1 required positional argument: 'group_ext_id'",
]


def test_a_result_that_cannot_be_told_is_no_unknown_call() -> None:
    fault = Fault(1, "Traceback\nTypeError: cannot marshal None unless allow_none is enabled\n")
    assert not isinstance(faults.translate(fault, "crm.lead", "read_group"), UnknownCall)


def failing(error: Exception, asked: list[str]) -> Callable[[], str]:
    def way() -> str:
        asked.append("failing")
        raise error

    return way


def answering(asked: list[str], answer: str = "answer") -> Callable[[], str]:
    def way() -> str:
        asked.append(answer)
        return answer

    return way


@pytest.mark.parametrize("line", UNKNOWN)
def test_a_way_that_the_server_does_not_know_is_left_for_good(line: str) -> None:
    unknown = faults.translate(Fault(1, f"Traceback (most recent call last):\n  x\n{line}\n"), "crm.lead", "nope")
    assert isinstance(unknown, UnknownCall)
    probe, asked = Probe(), list[str]()
    for _time in range(2):
        assert probe.ask("it", failing(unknown, asked), answering(asked)) == "answer"
    assert asked == ["failing", "answer", "answer"]


def test_a_way_that_was_answered_is_kept_whatever_comes_of_it() -> None:
    probe, asked = Probe(), list[str]()
    assert probe.ask("it", answering(asked, "new"), answering(asked, "old")) == "new"
    with pytest.raises(UnknownCall):
        probe.ask("it", failing(UnknownCall("a mistake in the server"), asked), answering(asked, "old"))
    assert asked == ["new", "failing"]


@pytest.mark.parametrize("error", [Refused("no", fault_code=2), ServerError("ValueError: Invalid field")])
def test_any_other_error_is_the_answer_and_settles_nothing(error: ServerError) -> None:
    probe, asked = Probe(), list[str]()
    with pytest.raises(type(error)):
        probe.ask("it", failing(error, asked), answering(asked))
    assert asked == ["failing"]
    assert probe.ask("it", failing(UnknownCall("?"), asked), answering(asked)) == "answer"


def test_where_no_way_is_known_the_last_one_says_so_and_questions_are_apart() -> None:
    probe, asked = Probe(), list[str]()
    with pytest.raises(UnknownCall, match="second"):
        probe.ask("it", failing(UnknownCall("first"), asked), failing(UnknownCall("second"), asked))
    assert probe.ask("it", answering(asked, "new"), answering(asked)) == "new"
    assert probe.ask("another", failing(UnknownCall("?"), asked), answering(asked)) == "answer"
