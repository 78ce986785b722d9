"""How fast a host may be asked, by an injected clock, and what it proves that it refused a call."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator

import pytest
import trustme

from segmenter.address import parse_address
from segmenter.errors import OutcomeUnknown
from segmenter.odoo import timed
from segmenter.odoo.hosts import Host, kind_of, pace_of
from segmenter.odoo.pacing import HostPace, Pacer
from segmenter.odoo.session import OdooSession
from segmenter.odoo.transport_faults import TransportFailed
from segmenter.odoo.writer import OdooWriter
from tests.support.http_servers import Exchange, Handler, LocalServer, odoo, serving

VERSION = {"server_version": "19.0"}


class FakeClock:
    """Time passes by sleeping alone."""

    def __init__(self) -> None:
        self.at, self.slept = 100.0, list[float]()

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


def pacer(clock: FakeClock, **limits: float) -> Pacer:
    return Pacer(HostPace(**limits), sleep=clock.sleep, now=clock.now)


def begun(pacer: Pacer, clock: FakeClock, calls: int, each: float = 0.0) -> list[float]:
    """When so many calls begin that take ``each`` seconds."""
    begins = []
    for _call in range(calls):
        with pacer.turn():
            begins.append(clock.at - 100)
            clock.at += each
    return begins


def test_calls_begin_so_many_times_a_second() -> None:
    clock = FakeClock()
    assert begun(pacer(clock, calls_per_second=1), clock, 4) == [0, 1, 2, 3]
    assert clock.slept == [1, 1, 1]


def test_a_call_that_took_longer_is_followed_at_once_and_no_burst_makes_up_for_it() -> None:
    clock = FakeClock()
    limited = pacer(clock, calls_per_second=2)
    assert begun(limited, clock, 3, each=5) == [0, 5, 10]
    assert begun(limited, clock, 3) == [15, 15.5, 16]


def test_a_host_without_a_limit_is_asked_at_once() -> None:
    clock = FakeClock()
    assert begun(pacer(clock), clock, 3) == [0, 0, 0]
    assert clock.slept == []


def test_no_call_begins_before_the_time_that_the_host_named() -> None:
    clock = FakeClock()
    limited = pacer(clock)
    limited.hold(7)
    limited.hold(3)
    assert begun(limited, clock, 2) == [7, 7]


def test_one_connection_is_one_call_at_a_time() -> None:
    limited, order = Pacer(HostPace(connections=1)), list[str]()
    waiting = threading.Event()

    def other() -> None:
        waiting.set()
        with limited.turn():
            order.append("other")

    thread = threading.Thread(target=other)
    with limited.turn():
        thread.start()
        waiting.wait(5)
        thread.join(0.05)
        order.append("first")
    thread.join(5)
    assert order == ["first", "other"]


@pytest.mark.parametrize(
    ("url", "database", "kind"),
    [
        ("https://viveros.odoo.com", "viveros", "online"),
        ("https://Viveros.ODOO.com/odoo", "viveros", "online"),
        ("https://viveros.odoo.com", "viveros-main-1234567", "odoo_sh"),
        ("https://viveros-main-1234567.dev.odoo.com", "viveros-main-1234567", "odoo_sh"),
        ("https://viveros.example", "viveros", "own"),
        ("https://odoo.com.viveros.example", "viveros", "own"),
        ("http://127.0.0.1:8069", "viveros", "own"),
    ],
)
def test_what_the_name_of_a_host_tells(url: str, database: str, kind: Host) -> None:
    assert kind_of(parse_address(url), database) == kind


def test_odoo_online_is_asked_once_a_second_unless_the_spec_says_otherwise() -> None:
    assert pace_of("online", None) == HostPace(1, 1)
    assert pace_of("online", HostPace(5)) == HostPace(5)
    assert not pace_of("own", None).limited
    assert OdooSession("https://v.odoo.com", "v", "ana", "key")._transport.pacer.pace == HostPace(1, 1)


# What a refusal proves


class Gate(Handler):
    """Answers the head of a request by the next of the server's ``heads``: a status, or 100 for "go on", or None for
    nothing at all."""

    def handle_expect_100(self) -> bool:
        head = self.server.heads.pop(0) if self.server.heads else 100  # type: ignore[attr-defined]
        if head == 100:
            return super().handle_expect_100()
        if head is None:
            return True
        self.answer(b"", status=head, Retry_After="3")
        self.close_connection = True
        return False


@pytest.fixture(params=["http", "https"])
def gated(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[LocalServer, OdooWriter]]:
    """A server that may refuse a request by its head, and a writer that is logged in there, at a limited pace."""
    monkeypatch.setattr("tests.support.http_servers.Handler", Gate)
    tls, verify = None, True
    if request.param == "https":
        authority = trustme.CA()
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(tls)
        path = request.getfixturevalue("tmp_path") / "ca.pem"
        authority.cert_pem.write_to_path(str(path))
        verify = str(path)
    with serving(odoo(answers), tls) as server:
        server.heads = []  # type: ignore[attr-defined]
        session = OdooSession(
            server.url, "crm", "ana", "key", timeout=5, verify=verify, pace=HostPace(connections=1)
        ).connect()
        clock = FakeClock()
        session._transport.pacer = pacer(clock, connections=1)
        writer = OdooWriter(session, sleep=clock.sleep)
        writer.clock = clock  # type: ignore[attr-defined]
        server.bodies.clear()
        yield server, writer


def answers(method: str, _params: object) -> object:
    return {"version": VERSION, "login": 7}.get(method, [{"id": 7, "lang": "en_US", "tz": "UTC"}])


def written(_method: str, _params: object) -> object:
    return True


def says(status: int) -> Exchange:
    return lambda handler: handler.answer(b"", status=status, Retry_After="3")


def test_a_write_that_is_refused_before_it_left_is_sent_once_the_host_takes_it(
    gated: tuple[LocalServer, OdooWriter],
) -> None:
    server, writer = gated
    server.exchange, server.heads = odoo(written), [429, 503, 100]  # type: ignore[attr-defined]
    writer.write("crm.lead", [1], {"priority": "3"})
    assert len(server.bodies) == 1
    assert [seconds >= 3 for seconds in writer.clock.slept] == [True, True]  # type: ignore[attr-defined]


def test_a_write_that_is_refused_for_good_is_known_not_to_be_done(gated: tuple[LocalServer, OdooWriter]) -> None:
    server, writer = gated
    server.heads = [429] * 5  # type: ignore[attr-defined]
    with pytest.raises(TransportFailed, match="too many requests") as caught:
        writer.write("crm.lead", [1], {"priority": "3"})
    assert (caught.value.sent, server.bodies) == (False, [])


def test_a_write_that_is_too_large_for_what_is_in_between_is_known_not_to_be_done(
    gated: tuple[LocalServer, OdooWriter],
) -> None:
    server, writer = gated
    server.heads = [413]  # type: ignore[attr-defined]
    with pytest.raises(TransportFailed, match="too large") as caught:
        writer.write("crm.lead", [1], {"priority": "3"})
    assert (caught.value.sent, server.bodies) == (False, [])


def test_a_refusal_after_the_write_left_proves_nothing(gated: tuple[LocalServer, OdooWriter]) -> None:
    server, writer = gated
    server.exchange = says(429)
    with pytest.raises(OutcomeUnknown):
        writer.write("crm.lead", [1], {"priority": "3"})
    assert len(server.bodies) == 1


def test_a_host_that_says_nothing_gets_the_write_all_the_same(
    gated: tuple[LocalServer, OdooWriter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timed, "EXPECT_SECONDS", 0.05)
    server, writer = gated
    server.exchange, server.heads = odoo(written), [None]  # type: ignore[attr-defined]
    writer.write("crm.lead", [1], {"priority": "3"})
    assert len(server.bodies) == 1


def test_a_host_that_cannot_be_asked_is_asked_no_more(gated: tuple[LocalServer, OdooWriter]) -> None:
    server, writer = gated
    server.exchange, server.heads = odoo(written), [417, 429]  # type: ignore[attr-defined]
    writer.write("crm.lead", [1], {"priority": "3"})
    assert len(server.bodies) == 1
    assert server.heads == [429]  # type: ignore[attr-defined]


def test_an_answer_to_what_was_never_sent_is_no_answer(gated: tuple[LocalServer, OdooWriter]) -> None:
    server, writer = gated
    server.heads = [200]  # type: ignore[attr-defined]
    with pytest.raises(TransportFailed, match="breaks the rules of HTTP") as caught:
        writer.write("crm.lead", [1], {"priority": "3"})
    assert not caught.value.sent


def test_a_connection_that_ended_before_the_write_is_opened_anew() -> None:
    """A server that accepts, reads the head and hangs up, then one that listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        heads = []

        def hang_up() -> None:
            for _time in range(2):
                connected, _address = listener.accept()
                with connected:
                    heads.append(connected.recv(1 << 16).partition(b"\r\n\r\n")[2])

        thread = threading.Thread(target=hang_up, daemon=True)
        thread.start()
        session = OdooSession(
            f"http://127.0.0.1:{listener.getsockname()[1]}", "crm", "a", "k", timeout=5, pace=HostPace(connections=1)
        )
        for _time in range(2):
            with pytest.raises(TransportFailed, match="closed the connection without an answer") as caught:
                session.call("common", "version", [])
            assert (caught.value.sent, caught.value.passing) == (False, True)
        thread.join(5)
        assert heads == [b"", b""]
