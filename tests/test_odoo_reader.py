"""Reading: which calls are made, what is retried, what is skipped."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from xmlrpc.client import Fault

import pytest

from segmenter.errors import AccessDenied, Busy, ConnectionFailed, Refused, ServerError
from segmenter.odoo.calls import PATIENCE, TRIES
from segmenter.odoo.pages import AT_ONCE, MOST_UNREADABLE, unreadable
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import ServerIdentity
from segmenter.odoo.session import connect
from segmenter.odoo.transport_faults import TransportFailed, Unparsable
from tests.support.fakes import IDENTITY, Scripted
from tests.support.http_servers import odoo, serving

FIELDS = {
    "id": {"type": "integer", "string": "ID"},
    "name": {"type": "char", "string": "Nombre", "required": True},
    "display_name": {"type": "char", "string": "Nombre", "searchable": False, "store": False, "readonly": True},
    "stage_id": {"type": "many2one", "string": "Etapa", "relation": "crm.stage"},
    "tag_ids": {"type": "many2many", "string": "Etiquetas", "relation": "crm.tag"},
    "priority": {"type": "selection", "string": "Prioridad", "selection": [["0", "Baja"], ["1", "Alta"]]},
    "amount": {"type": "monetary", "string": "Monto"},
}
CONTEXT = {"lang": "es_CL", "tz": "America/Santiago"}
EVERYTHING = {**CONTEXT, "active_test": False}


def reading(
    *answers: object, identity: ServerIdentity = IDENTITY, page: int = 2000
) -> tuple[OdooReader, Scripted, list[float]]:
    server, slept = Scripted([FIELDS, *answers], identity=identity), list[float]()
    reader = OdooReader(server, language="es_CL", timezone="America/Santiago", page=page, sleep=slept.append)
    reader.fields("crm.lead")
    server.calls.clear()
    return reader, server, slept


def row(id_: int, **values: object) -> dict[str, object]:
    return {"id": id_, "name": f"n{id_}", **values}


def test_fields_are_asked_once_and_described() -> None:
    reader, server, _slept = reading()
    fields = reader.fields("crm.lead")
    assert server.calls == []
    assert fields["priority"].selection == (("0", "Baja"), ("1", "Alta"))
    assert (fields["stage_id"].relation, fields["stage_id"].label) == ("crm.stage", "Etapa")
    display = fields["display_name"]
    assert (display.searchable, display.stored, display.readonly) == (False, False, True)


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(Refused, match=r"Odoo refuses to fields_get crm\.nope: Object crm\.nope doesn't exist"):
        OdooReader(Scripted([Fault(2, "Object crm.nope doesn't exist")])).fields("crm.nope")


def test_search_and_count() -> None:
    reader, server, _slept = reading([3, 1], [1], 7)
    assert reader.search("crm.lead", [("name", "=", "x")]) == [3, 1]
    assert reader.search("crm.lead", [], archived=True, order="name", limit=1) == [1]
    assert reader.count("crm.lead", []) == 7
    assert server.calls == [
        ("crm.lead", "search", [[("name", "=", "x")]], {"order": "id", "context": CONTEXT}),
        ("crm.lead", "search", [[]], {"order": "name", "limit": 1, "context": EVERYTHING}),
        ("crm.lead", "search_count", [[]], {"context": CONTEXT}),
    ]


def test_reads_go_page_by_page_and_come_normalised() -> None:
    reader, server, _slept = reading(
        [row(1, stage_id=4, tag_ids=[9, 2]), row(2, stage_id=False, tag_ids=[])],
        [row(3, stage_id=5, tag_ids=[])],
        page=2,
    )
    rows = list(reader.read("crm.lead", [1, 2, 3], ["name", "stage_id", "tag_ids"]))
    assert rows == [
        {"id": 1, "name": "n1", "stage_id": 4, "tag_ids": [2, 9]},
        {"id": 2, "name": "n2", "stage_id": None, "tag_ids": []},
        {"id": 3, "name": "n3", "stage_id": 5, "tag_ids": []},
    ]
    wanted = {"load": None, "context": EVERYTHING}
    assert server.calls == [
        ("crm.lead", "read", [[1, 2], ["name", "stage_id", "tag_ids"]], wanted),
        ("crm.lead", "read", [[3], ["name", "stage_id", "tag_ids"]], wanted),
    ]
    assert reader.unreadable == []


def test_reading_nothing_asks_nothing() -> None:
    reader, server, _slept = reading()
    assert list(reader.read("crm.lead", [], ["name"])) == []
    assert server.calls == []


def test_an_unknown_field_is_refused_before_asking() -> None:
    reader, server, _slept = reading()
    with pytest.raises(Refused, match=r"crm\.lead has no field nope"):
        list(reader.read("crm.lead", [1], ["name", "nope"]))
    assert server.calls == []


def test_search_read_takes_many2ones_with_names() -> None:
    reader, server, _slept = reading([row(1, stage_id=[4, "Nuevo"])])
    assert reader.search_read("crm.lead", [], ["id", "name", "stage_id"], limit=5) == [
        {"id": 1, "name": "n1", "stage_id": 4}
    ]
    assert server.calls[0][3] == {"fields": ["name", "stage_id"], "order": "id", "limit": 5, "context": CONTEXT}


def test_names() -> None:
    reader, _server, _slept = reading([{"id": 1, "display_name": "Ana"}, {"id": 2, "display_name": False}])
    assert reader.names("crm.lead", [1, 2]) == {1: "Ana", 2: ""}


def old(version: str) -> ServerIdentity:
    return ServerIdentity("https://crm.example", "crm", version, "work@example.com", 7)


# Measured: 14 and 19 say so; no version of today lacks ``check_access_rights``, so the last line is 19's for a method
# that it does not have.
NO_HAS_GROUP = Fault(1, "Traceback\n\nTypeError: has_group() takes 2 positional arguments but 3 were given\n")
NO_RIGHTS = Fault(1, "Traceback\n\nAttributeError: The method 'crm.lead.check_access_rights' does not exist\n")


def test_rights_are_asked_in_the_way_that_every_version_knows_and_once() -> None:
    reader, server, _slept = reading(True, False)
    assert [reader.may("crm.lead", "write"), reader.may("crm.lead", "write")] == [True, True]
    assert not reader.may("crm.lead", "unlink")
    assert [call[1:3] for call in server.calls] == [
        ("check_access_rights", ["write", False]),
        ("check_access_rights", ["unlink", False]),
    ]


def test_rights_are_asked_of_a_server_that_has_only_the_newer_way() -> None:
    reader, server, _slept = reading(NO_RIGHTS, True, False)
    assert (reader.may("crm.lead", "write"), reader.may("crm.stage", "create")) == (True, False)
    assert [call[1:3] for call in server.calls] == [
        ("check_access_rights", ["write", False]),
        ("has_access", [[], "write"]),
        ("has_access", [[], "create"]),
    ]


def test_groups_are_asked_in_the_way_that_the_server_knows_whatever_its_number_and_once() -> None:
    reader, server, _slept = reading(NO_HAS_GROUP, False, True, identity=old("19.0"))
    assert [reader.has_group("x.y"), reader.has_group("x.y"), reader.has_group("x.z")] == [False, False, True]
    assert [call[1:3] for call in server.calls] == [
        ("has_group", [[7], "x.y"]),
        ("has_group", ["x.y"]),
        ("has_group", ["x.z"]),
    ]
    reader, server, _slept = reading(True, False, identity=old("14.0"))
    assert [reader.has_group("x.y"), reader.has_group("x.z")] == [True, False]
    assert [call[2] for call in server.calls] == [[[7], "x.y"], [[7], "x.z"]]


def test_a_record_that_is_gone_is_skipped_and_named() -> None:
    reader, _server, _slept = reading([row(1), row(3)])
    assert [one["id"] for one in reader.read("crm.lead", [1, 2, 3], ["name"])] == [1, 3]
    assert reader.unreadable == [("crm.lead", 2, unreadable("gone", "crm.lead", 2))]


def test_a_hidden_record_costs_three_calls_whatever_the_page() -> None:
    reader, server, _slept = reading(Fault(4, "no"), True, [1, 3], [row(1), row(3)])
    assert [one["id"] for one in reader.read("crm.lead", [1, 2, 3], ["name"])] == [1, 3]
    assert [call[1] for call in server.calls] == ["read", "check_access_rights", "search", "read"]
    assert reader.unreadable == [("crm.lead", 2, unreadable("gone", "crm.lead", 2))]


def test_a_page_of_hidden_records() -> None:
    reader, server, _slept = reading(Fault(4, "no"), True, [])
    assert list(reader.read("crm.lead", [1, 2], ["name"])) == []
    assert len(reader.unreadable) == 2
    assert server.answers == []


def test_a_model_that_may_not_be_read_is_an_error() -> None:
    reader, _server, _slept = reading(Fault(4, "no"), False)
    with pytest.raises(AccessDenied, match="The work user may not read leads and opportunities"):
        list(reader.read("crm.lead", [1, 2], ["name"]))


class Broken:
    """Reads fail when a bad record is among those asked for."""

    def __init__(self, bad: set[int], error: Exception) -> None:
        self.identity, self.bad, self.error, self.asked = IDENTITY, bad, error, list[list[int]]()

    def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        if method == "fields_get":
            return FIELDS
        self.asked.append(args[0])
        if self.bad & set(args[0]):
            raise self.error
        return [row(id_) for id_ in args[0]]


@pytest.mark.parametrize(
    "error", [Unparsable("The answer of crm.example is not readable XML-RPC"), Fault(1, "Traceback\nValueError: bad")]
)
def test_the_one_record_that_breaks_a_page_is_found_by_halves(error: Exception) -> None:
    server = Broken({137}, error)
    reader = OdooReader(server)
    ids = list(range(1, 257))
    assert [one["id"] for one in reader.read("crm.lead", ids, ["name"])] == [id_ for id_ in ids if id_ != 137]
    assert [(model, id_) for model, id_, _why in reader.unreadable] == [("crm.lead", 137)]
    assert len(server.asked) == 1 + 2 * 8


def test_the_one_record_that_breaks_a_list_is_found_in_rows() -> None:
    rows = [[{"id": 1, "name": "Uno"}], Unparsable("garbage")]
    reader, server, _slept = reading(Unparsable("garbage"), [1, 2], Unparsable("garbage"), *rows)
    assert reader.values("crm.lead", [], "name") == {1: "Uno"}
    assert [(model, id_) for model, id_, _why in reader.unreadable] == [("crm.lead", 2)]
    assert [call[1] for call in server.calls[-5:]] == ["formatted_read_group", "search", "read", "read", "read"]


def test_a_page_where_everything_is_bad_is_an_error_soon() -> None:
    server = Broken(set(range(10_000)), Fault(1, "Traceback\nValueError: bad"))
    with pytest.raises(ServerError, match="ValueError: bad"):
        list(OdooReader(server).read("crm.lead", list(range(1, 2001)), ["name"]))
    assert len(server.asked) < 3 * MOST_UNREADABLE


def test_one_bad_record_alone() -> None:
    reader = OdooReader(Broken({1}, Fault(1, "ValueError: bad")))
    assert list(reader.read("crm.lead", [1], ["name"])) == []
    assert reader.unreadable[0][1] == 1


BUSY = Fault(1, "Traceback\npsycopg2.errors.SerializationFailure: could not serialize access\n")
RESET = TransportFailed("crm.example closed the connection without an answer", passing=True)


@pytest.mark.parametrize("error", [BUSY, RESET])
def test_what_passes_is_retried_with_growing_pauses(error: Exception) -> None:
    reader, server, slept = reading(error, error, [1])
    assert reader.search("crm.lead", []) == [1]
    assert len(server.calls) == 3
    assert all(0.5 <= seconds <= 20 for seconds in slept)
    assert len(slept) == 2


def test_a_server_that_says_how_long_to_wait_is_obeyed() -> None:
    reader, _server, slept = reading(TransportFailed("busy", passing=True, retry_after=42), [1])
    assert reader.search("crm.lead", []) == [1]
    assert slept == [42]


def test_retries_end() -> None:
    reader, server, slept = reading(*[RESET] * TRIES)
    with pytest.raises(ConnectionFailed, match="closed the connection"):
        reader.search("crm.lead", [])
    assert (len(server.calls), len(slept)) == (TRIES, TRIES - 1)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TransportFailed("crm.example did not answer within 5 seconds"), TransportFailed),
        (Fault(2, "no"), Refused),
        (Fault(4, "no"), AccessDenied),
        (Fault(1, "ValueError: bad"), ServerError),
    ],
)
def test_what_does_not_pass_is_not_retried(error: Exception, kind: type[Exception]) -> None:
    reader, server, slept = reading(error)
    with pytest.raises(kind):
        reader.search("crm.lead", [])
    assert (len(server.calls), slept) == (1, [])


TIMED_OUT = partial(TransportFailed, "crm.example did not answer within 5 seconds")
BROKE_OFF = partial(TransportFailed, "crm.example closed the connection without an answer", passing=True)
TURNED_AWAY = partial(TransportFailed, "crm.example cannot answer now", sent=False, passing=True)


@pytest.mark.parametrize(
    ("error", "seconds", "sent_again"),
    [
        (TIMED_OUT, 1, False),  # however short the time limit is
        (TIMED_OUT, 600, False),
        (BROKE_OFF, 0.1, True),
        (BROKE_OFF, PATIENCE + 1, False),  # as a gateway that has waited in vain, or a worker that was ended
        (TURNED_AWAY, PATIENCE + 1, True),
        (lambda: BUSY, PATIENCE + 9, True),  # the server is done with it, after tries of its own
    ],
)
def test_what_the_server_may_still_be_at_is_not_sent_again_nor_anything_after_it(
    error: Callable[[], Exception], seconds: float, sent_again: bool
) -> None:
    clock = [0.0]

    def late(*_call: object) -> None:
        clock[0] += seconds
        raise error()

    server = Scripted([FIELDS, late, [1], [2]])
    reader = OdooReader(server, sleep=lambda _seconds: None, now=lambda: clock[0])
    reader.fields("crm.lead")
    if sent_again:
        assert (reader.search("crm.lead", []), reader.search("crm.lead", [])) == ([1], [2])
        return
    for _time in range(2):
        with pytest.raises(TransportFailed) as caught:
            reader.search("crm.lead", [])
        assert "the server may still be at work on it: wait some minutes" in str(caught.value)
    assert len(server.calls) == 2


@pytest.mark.parametrize("answer", [Unparsable("garbage"), {"not": "ids"}])
def test_an_answer_that_cannot_be_understood_is_no_sign_of_work(answer: object) -> None:
    reader, _server, _slept = reading(answer, [1])
    with pytest.raises(TransportFailed) as caught:
        reader.search("crm.lead", [])
    assert "may still be at work" not in str(caught.value)
    assert reader.search("crm.lead", []) == [1]


def test_a_slow_server_is_left_no_work_behind_the_questions_that_timed_out() -> None:
    """Some twenty questions: those that are under way at once when the first time runs out, and no other."""
    over = threading.Event()

    def answers(method: str, params: tuple[Any, ...]) -> object:
        if method == "version":
            return {"server_version": "19.0"}
        if method == "login":
            return 7
        if "fields_get" in params:
            return FIELDS
        if "search" in params:
            over.wait(30)
        return []

    with serving(odoo(answers)) as slow:
        reader = OdooReader(connect(slow.url, "crm", "work@example.com", "key", timeout=1.5))
        reader.fields("crm.lead")
        slow.bodies.clear()
        with pytest.raises(TransportFailed, match="did not answer within"):
            list(reader.search_each("crm.lead", [[["id", "=", number]] for number in range(20)]))
        with pytest.raises(TransportFailed, match="did not answer within"):
            reader.count("crm.lead", [])
        over.set()
        assert 1 <= len(slow.bodies) <= AT_ONCE


def test_a_conflict_that_stays_is_named() -> None:
    reader, _server, _slept = reading(*[BUSY] * TRIES)
    with pytest.raises(Busy):
        reader.count("crm.lead", [])


def test_a_reader_cannot_write() -> None:
    reader, server, _slept = reading()
    for method in ("write", "create", "unlink", "copy", "action_archive"):
        with pytest.raises(PermissionError):
            reader._call("crm.lead", method, [[1]], {})
    assert server.calls == []
    public = {name for name in dir(reader) if not name.startswith("_")}
    assert not public & {"write", "create", "unlink", "execute_kw", "server"}


def test_a_field_that_the_server_does_not_tell_of_is_an_error_wherever_it_is_asked_for() -> None:
    reader, _server, _slept = reading({"id": {"type": "integer"}})
    with pytest.raises(Refused, match=r"crm\.tag has no field name"):
        reader.fields("crm.tag")["name"]


def test_a_record_with_a_number_that_is_none_is_left_alone() -> None:
    """Odoo takes them, and nothing could give them back."""
    reader, _server, _slept = reading(
        [row(n, amount=held) for n, held in enumerate((5, False, math.nan, -math.inf), 1)]
    )
    assert [row["amount"] for row in reader.read("crm.lead", [1, 2, 3, 4], ["name", "amount"])] == [5, 0]
    assert reader.unreadable == [("crm.lead", one, unreadable("not_a_number", "crm.lead", one)) for one in (3, 4)]


def test_the_currencies_are_those_of_the_companies_in_one_call() -> None:
    companies = [{"id": 3, "currency_id": [40, "CLP"]}, {"id": 5, "currency_id": [2, "USD"]}]
    reader, server, _slept = reading(companies)
    assert reader.currencies() == {3: "CLP", 5: "USD"}
    assert [(model, method) for model, method, *_rest in server.calls] == [("res.company", "search_read")]
