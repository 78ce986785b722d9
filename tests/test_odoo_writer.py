"""Writing: in silence, once, and honest about what is not known."""

from __future__ import annotations

import threading
from collections.abc import Callable
from xmlrpc.client import Fault

import pytest

from segmenter.address import parse_address
from segmenter.errors import AccessDenied, Busy, ConnectionFailed, OutcomeUnknown, Refused
from segmenter.odoo.transport import Transport
from segmenter.odoo.transport_faults import TimedOut, TransportFailed, Unparsable
from segmenter.odoo.values import UnsendableValue
from segmenter.odoo.wire import XmlRpcODOO
from segmenter.odoo.writer import KEPT, SILENT, OdooWriter
from tests.support.fakes import Scripted
from tests.support.http_servers import Exchange, Handler, odoo, serving

WORKS = odoo(lambda method, params: 7 if method == "login" else [{"id": 7, "lang": "en_US", "tz": "UTC"}])
CONTEXT = {**SILENT, "lang": "es_CL", "tz": "America/Santiago"}


def writing(*answers: object) -> tuple[OdooWriter, Scripted]:
    server = Scripted(answers)
    return OdooWriter(server, language="es_CL", timezone="America/Santiago"), server


def test_every_write_is_silent() -> None:
    writer, server = writing(True, 5, 6, True)
    writer.write("crm.lead", (1, 2), {"priority": "3"})
    assert writer.create("crm.tag", {"name": "Alto"}) == 5
    assert writer.create("crm.tag", {"name": "Bajo"}) == 6
    writer.unlink("crm.tag", [5])
    assert server.calls == [
        ("crm.lead", "write", [[1, 2], {"priority": "3"}], {"context": CONTEXT}),
        ("crm.tag", "create", [{"name": "Alto"}], {"context": CONTEXT}),
        ("crm.tag", "create", [{"name": "Bajo"}], {"context": CONTEXT}),
        ("crm.tag", "unlink", [[5]], {"context": CONTEXT}),
    ]


def test_the_silent_context_is_the_measured_one() -> None:
    assert SILENT == {
        "tracking_disable": True,
        "mail_auto_subscribe_no_notify": True,
        "mail_notrack": True,
        "mail_create_nolog": True,
        "mail_create_nosubscribe": True,
        "mail_notify_force_send": False,
    }


def test_the_trace_is_kept_without_a_mail_to_whoever_gets_a_record() -> None:
    server = Scripted([True])
    OdooWriter(server, tracking="keep").write("crm.lead", [1], {"user_id": 5})
    ((_model, _method, _args, kwargs),) = server.calls
    assert kwargs["context"] == {**KEPT, "lang": "en_US", "tz": "UTC"}
    assert KEPT == {
        "mail_track_log_only": True,
        "mail_auto_subscribe_no_notify": True,
        "mail_create_nolog": True,
        "mail_create_nosubscribe": True,
        "mail_notify_force_send": False,
    }


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Fault(4, "no"), AccessDenied),
        (Fault(2, "no"), Refused),
        (Fault(1, "SerializationFailure: could not serialize access"), Busy),
        (TransportFailed("nobody listens", sent=False), ConnectionFailed),
        (TransportFailed("broke off"), OutcomeUnknown),
        (Fault(1, "Traceback\nTypeError: cannot marshal None unless allow_none is enabled\n"), OutcomeUnknown),
        (Fault(1, "Traceback\nOverflowError: int exceeds XML-RPC limits\n"), OutcomeUnknown),
        (ConnectionResetError(), OutcomeUnknown),
    ],
)
def test_what_is_known_of_a_failed_write(error: Exception, kind: type[Exception]) -> None:
    writer, server = writing(error)
    with pytest.raises(kind) as caught:
        writer.write("crm.lead", [1], {"priority": "3"})
    assert len(server.calls) == 1
    assert isinstance(caught.value, OutcomeUnknown) == (kind is OutcomeUnknown)


@pytest.mark.parametrize(
    "waited", [TimedOut("60 seconds", todo="a longer --timeout"), Unparsable("garbage", todo="look")]
)
def test_whoever_resumes_after_a_time_out_waits_first(waited: TransportFailed) -> None:
    writer, _server = writing(waited)
    with pytest.raises(OutcomeUnknown) as caught:
        writer.write("crm.lead", [1], {"priority": "3"})
    first = "the server may still be at work on it: wait some minutes" if isinstance(waited, TimedOut) else "look"
    assert caught.value.todo.startswith(f"{first}; then resume the run: ")


def logged_in(url: str) -> XmlRpcODOO:
    session = XmlRpcODOO(Transport(parse_address(url), timeout=1.0, max_response_bytes=10**6))
    session.login("crm", "ana", "key")
    return session


def hang(handler: Handler) -> None:
    handler.close_connection = True
    handler.server.released.wait(5)  # type: ignore[attr-defined]


def die(handler: Handler) -> None:
    handler.close_connection = True


def garbage(handler: Handler) -> None:
    handler.answer(b"<methodResponse>")


def status(code: int) -> Callable[[Handler], None]:
    return lambda handler: handler.answer(b"", status=code, Retry_After="0")


@pytest.mark.parametrize(
    ("fails", "kind"),
    [
        (hang, OutcomeUnknown),
        (die, OutcomeUnknown),
        (garbage, OutcomeUnknown),
        (status(502), OutcomeUnknown),
        (status(503), OutcomeUnknown),
        (status(504), OutcomeUnknown),
        (status(500), OutcomeUnknown),
        (status(200), OutcomeUnknown),
        (status(204), OutcomeUnknown),
        (status(302), OutcomeUnknown),
        (status(400), OutcomeUnknown),
        (status(401), OutcomeUnknown),
        (status(403), OutcomeUnknown),
        (status(404), OutcomeUnknown),
        (status(405), OutcomeUnknown),
        (status(413), OutcomeUnknown),
        (status(418), OutcomeUnknown),
        (status(429), OutcomeUnknown),
    ],
)
def test_exactly_one_request_is_sent_whatever_happens(fails: Exchange, kind: type[Exception]) -> None:
    with serving(WORKS) as server:
        server.released = threading.Event()  # type: ignore[attr-defined]
        session = logged_in(server.url)
        server.exchange = fails
        server.bodies.clear()
        with pytest.raises(kind) as caught:
            OdooWriter(session).write("crm.lead", [1], {"priority": "3"})
        server.released.set()  # type: ignore[attr-defined]
        assert len(server.bodies) == 1
        assert caught.value.todo  # type: ignore[attr-defined]


def test_what_the_server_asks_for_comes_before_the_resume() -> None:
    writer, _server = writing(TransportFailed("busy", todo="wait a little and try again"))
    with pytest.raises(OutcomeUnknown) as caught:
        writer.write("crm.lead", [1], {"priority": "3"})
    assert caught.value.todo == (
        "wait a little and try again; then resume the run: it reads the records back and goes on from there"
    )


def test_a_write_that_cannot_have_left_is_known_not_to_be_done() -> None:
    with serving(WORKS) as server:
        session = logged_in(server.url)
        writer = OdooWriter(session)
        session._transport = Transport(session._transport.address, timeout=0.3, max_response_bytes=10**6)
    with pytest.raises(TransportFailed, match="cannot be reached") as caught:
        writer.write("crm.lead", [1], {"priority": "3"})
    assert not caught.value.sent


def test_what_cannot_be_sent_is_not_sent() -> None:
    with serving(WORKS) as server:
        writer = OdooWriter(logged_in(server.url))
        server.bodies.clear()
        for bad in ("a\x07", float("nan"), 2**31):
            with pytest.raises(UnsendableValue):
                writer.write("crm.lead", [1], {"name": bad})
        assert server.bodies == []
