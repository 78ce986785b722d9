"""Every class of fault, as real Odoos tell it, played back from ``cassettes`` (see `tests.support.cassettes`)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any
from xmlrpc.client import Fault

import pytest

from segmenter.errors import (
    AccessDenied,
    AuthenticationFailed,
    Busy,
    ConnectionFailed,
    OutcomeUnknown,
    Refused,
    SegmenterError,
    ServerError,
    UnknownCall,
)
from segmenter.odoo import faults
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server
from segmenter.odoo.writer import OdooWriter
from tests.support.cassettes import (
    JSON2,
    RECORDING_KEY,
    VERSIONS,
    WORK_USER,
    cassette,
    log_in,
    name_of,
    own_key,
    server,
)
from tests.support.recorded_crm import ANA, escape_in_name, lockout_ends, somebody_writing

pytestmark = pytest.mark.parametrize("version", VERSIONS, ids=map(name_of, VERSIONS))

GONE = 99_999_999


def refusal(version: str) -> str:
    """How a key is refused: JSON-2 knows no login."""
    return "does not accept this API key" if version.endswith(JSON2) else "does not accept the login"


def code_of(session: Server, model: str, method: str, args: Sequence[Any]) -> int:
    """The code that the server's fault has on the wire, which our errors go by."""
    with pytest.raises(Fault) as caught:
        session.execute_kw(model, method, args, {})
    return int(caught.value.faultCode)


def lead_of(reader: OdooReader, name: str) -> int:
    (lead,) = reader.search("crm.lead", [["referred", "=", "faults"], ["name", "=", f"{name} (faults)"]])
    return lead


def test_a_wrong_password(version: str) -> None:
    with (
        cassette("wrong_password", version) as url,
        pytest.raises(AuthenticationFailed, match=refusal(version)),
    ):
        log_in(url, version, key="not this one")


def test_an_account_that_is_not_there(version: str) -> None:
    """Over JSON-2 the key is all that there is: it is Ana's."""
    told = f"is that of {ANA}, not of nobody@" if version.endswith(JSON2) else refusal(version)
    key = os.environ.get(RECORDING_KEY, "whatever")
    key = own_key(ANA, key) if version.endswith(JSON2) else key
    with cassette("no_such_login", version) as url, pytest.raises(AuthenticationFailed, match=told):
        log_in(url, version, "nobody@viveros.example", key)


def test_an_address_that_failed_too_often(version: str) -> None:
    """14 and 15 then refuse the right key too, and say why to a call alone; newer ones take it."""
    with lockout_ends(version), cassette("locked_out", version) as url:
        for _failure in range(5):
            with pytest.raises(AuthenticationFailed, match=refusal(version)):
                log_in(url, version, key="not this one")
        if int(server(version)) >= 16:
            assert log_in(url, version).identity.login == WORK_USER
            return
        with pytest.raises(AuthenticationFailed, match="has locked this address out after too many failed logins"):
            log_in(url, version)


def test_a_key_that_ends_in_mid_session(version: str) -> None:
    with cassette("expired_key", version) as url:
        session = log_in(url, version)
        session._password = session._key = "no longer this one"
        assert code_of(session, "crm.tag", "search", [[]]) == 3
        with pytest.raises(AuthenticationFailed, match="no longer accepts the work user's key"):
            OdooReader(session).search("crm.tag", [])


def test_a_wrong_database(version: str) -> None:
    with (
        cassette("wrong_database", version) as url,
        pytest.raises(ConnectionFailed, match="has no database “no_such_database”"),
    ):
        log_in(url, version, database="no_such_database")


def test_no_right_on_a_model(version: str) -> None:
    with cassette("no_right", version) as url:
        session = log_in(url, version)
        assert code_of(session, "crm.stage", "create", [{"name": "Nueva"}]) == 4
        with pytest.raises(AccessDenied, match="The work user may not create stages"):
            OdooWriter(session).create("crm.stage", {"name": "Nueva"})


def test_a_record_that_is_hidden(version: str) -> None:
    """A salesperson who sees their own leads: one hidden lead fails the whole page, which is then read without it."""
    with cassette("hidden_record", version) as url:
        theirs = lead_of(OdooReader(log_in(url, version)), "Viñedo Ñuble")
        session = log_in(url, version, ANA)
        own = lead_of(OdooReader(session), "Ampliación Constructora Andes")
        reader = OdooReader(session)
        assert [row["id"] for row in reader.read("crm.lead", [own, theirs], ["name"])] == [own]
        assert [id_ for _model, id_, _why in reader.unreadable] == [theirs]
        assert code_of(session, "crm.lead", "write", [[own, theirs], {"priority": "1"}]) == 4


def test_what_odoo_refuses(version: str) -> None:
    """A constraint of the database (ValidationError, `IntegrityError` in disguise) and one that Python holds."""
    with cassette("refused", version) as url:
        session = log_in(url, version)
        writer = OdooWriter(session)
        writer.create("crm.tag", {"name": "Repetida"})
        assert code_of(session, "crm.tag", "create", [{"name": "Repetida"}]) == 2
        with pytest.raises(Refused, match=r"Odoo refuses to create crm\.tag: .+"):
            writer.create("crm.tag", {"name": "Repetida"})
        partner = writer.create("res.partner", {"name": "Hotel Sol"})
        with pytest.raises(Refused, match=r"Odoo refuses to write res\.partner: .*recursive"):
            writer.write("res.partner", [partner], {"parent_id": partner})


def test_what_odoo_tells_the_user_not_to_do(version: str) -> None:
    """A plain UserError, raised by a method of the model."""
    with cassette("user_error", version) as url:
        session = log_in(url, version)
        lead = lead_of(OdooReader(session), "Feria 🌱")
        assert code_of(session, "crm.lead", "merge_opportunity", [[lead]]) == 2
        with pytest.raises(Refused, match=r"Odoo refuses to merge_opportunity crm\.lead: (Please select|Select at) "):
            OdooWriter(session)._call("crm.lead", "merge_opportunity", [[lead]])


def test_a_record_that_is_gone(version: str) -> None:
    with cassette("missing_record", version) as url:
        session = log_in(url, version)
        assert code_of(session, "crm.lead", "write", [[GONE], {"priority": "1"}]) == 2
        with pytest.raises(Refused, match=r"Odoo refuses to write crm\.lead: .*99999999"):
            OdooWriter(session).write("crm.lead", [GONE], {"priority": "1"})


def test_an_unknown_model(version: str) -> None:
    with cassette("unknown_model", version) as url:
        reader = OdooReader(log_in(url, version))
        with pytest.raises(Refused, match=r"crm\.nope'? does(n't| not) exist"):
            reader.fields("crm.nope")


def test_an_unknown_field(version: str) -> None:
    with cassette("unknown_field", version) as url:
        reader = OdooReader(log_in(url, version))
        with pytest.raises(ServerError, match=r"ValueError: Invalid field crm\.lead\.nope"):
            reader.search("crm.lead", [["nope", "=", 1]])


def test_an_unknown_operator(version: str) -> None:
    with cassette("unknown_operator", version) as url:
        reader = OdooReader(log_in(url, version))
        with pytest.raises(ServerError, match=r"Odoo failed at search of crm\.lead: ValueError: Invalid .*'=\?~'"):
            reader.search("crm.lead", [["name", "=?~", "x"]])


def test_a_value_that_a_selection_does_not_have(version: str) -> None:
    with cassette("wrong_value", version) as url:
        session = log_in(url, version)
        lead = lead_of(OdooReader(session), "Hotel Sol")
        with pytest.raises(ServerError, match=r"ValueError: Wrong value for crm\.lead\.priority: '9'"):
            OdooWriter(session).write("crm.lead", [lead], {"priority": "9"})


def test_an_unknown_method(version: str) -> None:
    """What tells a version that has a method from one that does not."""
    with cassette("unknown_method", version) as url:
        session = log_in(url, version)
        with pytest.raises(Fault) as caught:
            session.execute_kw("crm.lead", "no_such_method", [[]], {})
        assert caught.value.faultCode == 1
        assert type(faults.translate(caught.value, "crm.lead", "no_such_method")) is UnknownCall


@pytest.mark.parametrize(
    ("name", "args", "options"),
    [("unknown_option", [[]], {"no_such": 1}), ("too_many_arguments", [[]] * 9, {}), ("missing_argument", [], {})],
)
def test_arguments_that_a_method_does_not_take(
    version: str, name: str, args: list[Any], options: dict[str, Any]
) -> None:
    """What tells a version that wants a method asked otherwise."""
    with cassette(name, version) as url:
        session = log_in(url, version)
        with pytest.raises(Fault) as caught:
            session.execute_kw("crm.lead", "search", args, options)
        assert caught.value.faultCode == 1
        error = faults.translate(caught.value, "crm.lead", "search")
        assert type(error) is UnknownCall
        assert ": TypeError: " in error.what


def test_a_control_character_breaks_the_page_of_older_ones_alone(version: str) -> None:
    """One record of three holds it. What 14 to 16 answer is no XML, so the page is read without that record; 17 and
    newer drop it."""
    with cassette("control_character", version) as url:
        reader = OdooReader(log_in(url, version))
        held, *others = leads = [
            lead_of(reader, name) for name in ("Clínica Ómicron", "Campo Alto", "Hostal 'El Roble'")
        ]
        with escape_in_name(held, version):
            names = {row["id"]: row["name"] for row in reader.read("crm.lead", leads, ["name"])}
        if int(server(version)) < 17:
            assert sorted(names) == sorted(others)
            assert [(model, id_) for model, id_, _why in reader.unreadable] == [("crm.lead", held)]
            return
        assert (sorted(names), reader.unreadable) == (sorted(leads), [])
        assert names[held] == "Clínica Ómicron (faults)", "without it"


def test_a_method_that_returns_nothing_is_done_all_the_same(version: str) -> None:
    """XML-RPC cannot say None; JSON-2 can."""
    with cassette("cannot_marshal_none", version) as url:
        session = log_in(url, version)
        reader, lead = OdooReader(session), lead_of(OdooReader(session), "Parque Sur")
        if version.endswith(JSON2):
            assert OdooWriter(session)._call("crm.lead", "action_archive", [[lead]]) is None
        else:
            with pytest.raises(OutcomeUnknown, match=r"It is not known whether action_archive of crm\.lead was done"):
                OdooWriter(session)._call("crm.lead", "action_archive", [[lead]])
        assert [row["active"] for row in reader.read("crm.lead", [lead], ["active"])] == [False]


def test_somebody_else_writes_the_same_record(version: str) -> None:
    """A real one: the server tried five times, and found the record changed by another transaction each time."""
    with cassette("write_conflict", version) as url:
        session = log_in(url, version)
        reader, lead = OdooReader(session), lead_of(OdooReader(session), "Colegio Belén")
        before = next(reader.read("crm.lead", [lead], ["priority"]))
        with somebody_writing(lead, version), pytest.raises(SegmenterError) as caught:
            OdooWriter(session).write("crm.lead", [lead], {"priority": "3"})
        assert type(caught.value) is Busy
        assert caught.value.what == "Somebody else was writing the same records of crm.lead"
        assert next(reader.read("crm.lead", [lead], ["priority"])) == before
