"""What each failure below XML-RPC is called, and whether the server may have acted."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509

from segmenter.address import parse_address
from segmenter.errors import ConnectionFailed
from segmenter.odoo.transport import Transport
from segmenter.odoo.transport_faults import NothingThere, TransportFailed, Unparsable, retry_after
from tests.support.http_servers import Exchange, Handler, serving


def transport(url: str, **options: object) -> Transport:
    settings: dict = {"timeout": 5, "max_response_bytes": 1_000_000, **options}
    return Transport(parse_address(url, allow_http=True), **settings)


def post(url: str, **options: object) -> bytes:
    pieces: list[bytes] = []
    transport(url, **options).post("/xmlrpc/2/object", b"<x/>", pieces.append)
    return b"".join(pieces)


def failure(url: str, **options: object) -> TransportFailed:
    with pytest.raises(TransportFailed) as caught:
        post(url, **options)
    assert caught.value.todo
    return caught.value


def says(status: int = 200, body: bytes = b"<x/>", kind: str = "text/xml", **headers: str) -> Exchange:
    return lambda handler: handler.answer(body, status=status, kind=kind, **headers)


def test_an_answer_comes_in_pieces_and_unpacked() -> None:
    body = b"<y>" + b"1234567890" * 30_000 + b"</y>"
    with serving(says(body=gzip.compress(body), Content_Encoding="gzip")) as server:
        assert post(server.url) == body
    assert server.bodies == [b"<x/>"]


def test_connections_are_used_again() -> None:
    with serving(says()) as server:
        one = transport(server.url)
        for _again in range(3):
            one.post("/a", b"1", bytes.strip)
        assert len(server.peers) == 1


@pytest.mark.parametrize(
    ("exchange", "said", "sent", "passing"),
    [
        (says(404), "{url} has no Odoo: its address for XML-RPC answers 404", True, False),
        (says(301, Location="https://new.example/"), "{url} redirects to https://new.example/", True, False),
        (says(308), "{url} redirects to ?", True, False),
        (says(401), "127.0.0.1 refuses access before Odoo is reached (HTTP 401)", True, False),
        (says(403), "127.0.0.1 refuses access before Odoo is reached (HTTP 403)", True, False),
        (says(413), "127.0.0.1 says that the request is too large (HTTP 413)", True, False),
        (says(429), "127.0.0.1 cannot answer now (HTTP 429, too many requests)", True, True),
        (says(502), "127.0.0.1 cannot answer now (HTTP 502, bad gateway)", True, True),
        (says(503), "127.0.0.1 cannot answer now (HTTP 503, service unavailable)", True, True),
        (says(504), "127.0.0.1 cannot answer now (HTTP 504, gateway time-out)", True, True),
        (says(500), "127.0.0.1 answers HTTP 500 instead of XML-RPC", True, False),
        (says(kind="text/html; charset=utf-8"), "{url} answers with a web page, not with Odoo's XML-RPC", True, False),
        (says(body=b"x" * 1_000_001), "The answer of 127.0.0.1 is larger than 1 MB", True, False),
        (
            says(body=gzip.compress(b"x" * 50_000_000), Content_Encoding="gzip"),
            "The answer of 127.0.0.1 is larger than 1 MB",
            True,
            False,
        ),
        (says(Content_Encoding="gzip"), "The answer of 127.0.0.1 is damaged: it cannot be decompressed", True, False),
        (
            says(body=gzip.compress(gzip.compress(b"<x/>")), Content_Encoding="gzip, gzip"),
            "The answer of 127.0.0.1 is damaged: it cannot be decompressed",
            True,
            False,
        ),
        (says(302, Location="x" * 900), "{url} redirects to " + "x" * 200, True, False),
    ],
)
def test_answers_that_are_none(exchange: Exchange, said: str, sent: bool, passing: bool) -> None:
    with serving(exchange) as server:
        error = failure(server.url)
        assert error.what == said.format(url=server.url)
        assert (error.sent, error.passing) == (sent, passing)
        assert len(server.bodies) == 1


def test_kinds_of_failure_are_told_apart() -> None:
    for exchange, kind in ((says(404), NothingThere), (says(Content_Encoding="gzip"), Unparsable)):
        with serving(exchange) as server:
            assert type(failure(server.url)) is kind


def test_retry_after_is_kept() -> None:
    with serving(says(503, Retry_After="7")) as server:
        assert failure(server.url).retry_after == 7


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7),
        ("86400", 60),
        ("", None),
        ("soon", None),
        ("Sun, 22 Nov 2026 10:00:30 GMT", 30),
        ("Sun, 22 Nov 2026 09:00:00 GMT", 0),
        ("Sun, 22 Nov 99999999999999999999 09:00:00 GMT", None),
        ("²", None),
    ],
)
def test_retry_after(text: str, seconds: float | None) -> None:
    assert retry_after(text, datetime(2026, 11, 22, 10, 0, tzinfo=UTC)) == seconds


def dies_without_answer(handler: Handler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def dies_in_the_middle(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/xml")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"<x>")
    handler.close_connection = True


@pytest.mark.parametrize(
    ("exchange", "said"),
    [
        (dies_without_answer, "127.0.0.1 closed the connection without an answer"),
        (dies_in_the_middle, "127.0.0.1 broke off in the middle of the answer"),
    ],
)
def test_a_server_that_dies(exchange: Exchange, said: str) -> None:
    with serving(exchange) as server:
        error = failure(server.url)
        assert (error.what, error.sent, error.passing) == (said, True, True)


@pytest.mark.parametrize("in_the_middle", [False, True])
def test_a_server_that_is_silent(in_the_middle: bool) -> None:
    def exchange(handler: Handler) -> None:
        if in_the_middle:
            handler.send_response(200)
            handler.send_header("Content-Length", "10")
            handler.end_headers()
            handler.wfile.write(b"<x>")
        time.sleep(0.3)
        handler.close_connection = True

    with serving(exchange) as server:
        error = failure(server.url, timeout=0.1)
        assert error.what == "127.0.0.1 did not answer within 0.1 seconds"
        assert (error.sent, error.passing) == (True, False)
        assert len(server.bodies) == 1


def raw(*pieces: bytes, again: bytes = b"") -> Exchange:
    """Sends bytes as they are, and then ``again`` a hundred times, with a pause before each."""

    def exchange(handler: Handler) -> None:
        handler.close_connection = True
        handler.wfile.write(b"".join(pieces))
        for _number in range(100 if again else 0):
            time.sleep(0.05)
            handler.wfile.write(again)

    return exchange


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "exchange",
    [
        raw(b"HTTP/1.1", again=b" "),
        raw(OK, again=b"a: b\r\n"),
        raw(OK + b"Server: ", again=b"x"),
        raw(again=b"HTTP/1.1 100 Continue\r\n\r\n"),
        raw(OK + b"Content-Length: 1000\r\n\r\n", again=b"x"),
        raw(OK + b"Connection: close\r\n\r\n", again=b"x"),
        raw(CHUNKED, again=b"1\r\nx\r\n"),
        raw(CHUNKED, again=b"0"),
        raw(CHUNKED + b"0\r\n", again=b"a: b\r\n"),
        raw(OK + b"Content-Encoding: gzip\r\n\r\n", again=gzip.compress(b"")),
    ],
    ids=["status", "head", "header", "continue", "length", "close", "chunks", "length-of-chunk", "trailers", "gzip"],
)
def test_the_time_limit_is_that_of_the_whole_call_however_slowly_its_answer_comes(exchange: Exchange) -> None:
    """Each of them would be over after five seconds, and no pause is as long as the limit."""
    with serving(exchange) as server:
        error = failure(server.url, timeout=0.3)
        assert error.what == "127.0.0.1 did not answer within 0.3 seconds"
        assert (error.sent, error.passing) == (True, False)


def test_the_time_limit_is_that_of_the_whole_call_however_long_its_answer_takes_to_be_understood() -> None:
    fed: list[bytes] = []

    def slowly(piece: bytes) -> None:
        fed.append(piece)
        time.sleep(0.1)

    with serving(says(body=b"x" * 1_000_000)) as server, pytest.raises(TransportFailed) as caught:
        transport(server.url, timeout=0.25).post("/xmlrpc/2/object", b"<x/>", slowly)
    assert caught.value.what == "127.0.0.1 did not answer within 0.25 seconds"
    assert len(fed) < 6


def test_a_server_that_does_not_take_the_request() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        with pytest.raises(TransportFailed) as caught:
            transport(url, timeout=0.3).post("/xmlrpc/2/object", b"x" * 50_000_000, bytes.strip)
    assert caught.value.what == "127.0.0.1 did not answer within 0.3 seconds"
    assert caught.value.sent


def test_a_name_that_nobody_answers_for(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: done.wait(5) and [])
    error = failure("https://viveros.example", timeout=0.1)
    done.set()
    assert error.what == "viveros.example does not respond on port 443"
    assert not error.sent


def test_a_name_of_many_addresses_that_swallow_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []

    def swallow(_socket: object, address: object) -> None:
        tried.append(address)
        time.sleep(0.02)
        raise TimeoutError

    where = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 8443))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: [where] * 1_000)
    monkeypatch.setattr(socket.socket, "connect", swallow)
    error = failure("https://viveros.example:8443", timeout=0.1)
    assert error.what == "viveros.example does not respond on port 8443"
    assert len(tried) <= 5
    assert not error.sent


BROKEN = "The answer of 127.0.0.1 is damaged: it breaks the rules of HTTP"
CUT = "127.0.0.1 broke off in the middle of the answer"
NO_HTTP = "What listens on port {port} of 127.0.0.1 does not speak HTTP"


@pytest.mark.parametrize(
    ("exchange", "said"),
    [
        (raw(CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n"), BROKEN),
        (raw(CHUNKED + b"-1\r\nhello\r\n0\r\n\r\n"), CUT),
        (raw(CHUNKED + b"zz\r\nhello\r\n0\r\n\r\n"), CUT),
        (raw(CHUNKED + b"5\r\nhel"), CUT),
        (raw(CHUNKED + b"f" * 70_000 + b"\r\n"), BROKEN),
        (raw(CHUNKED + b"0\r\n" + b"a" * 70_000 + b"\r\n\r\n"), BROKEN),
        (raw(OK + b"Content-Length: 10\r\n\r\nhel"), CUT),
        (raw(OK + b"Content-Length: 3, 4\r\n\r\nhell"), NO_HTTP),
        (raw(OK + b"a: b\r\n" * 200 + b"\r\n"), NO_HTTP),
        (raw(OK + b"a: " + b"b" * 70_000 + b"\r\n\r\n"), NO_HTTP),
        (raw(b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000), NO_HTTP),
        (raw(b"HTTP/1.1 abc OK\r\n\r\n"), NO_HTTP),
        (raw(b"HTTP/9.9 200 OK\r\n\r\n"), NO_HTTP),
        (raw(b"HTTP/1.1 200" + b" " * 70_000 + b"\r\n\r\n"), NO_HTTP),
    ],
)
def test_an_answer_that_breaks_the_rules_of_http(exchange: Exchange, said: str) -> None:
    with serving(exchange) as server:
        error = failure(server.url)
        assert error.what == said.format(port=server.server_address[1])
        assert error.sent


@pytest.mark.parametrize("length", [b"-5", b"x", b"9" * 5_000, b"\xb2"])
def test_a_length_that_says_nothing_is_no_length(length: bytes) -> None:
    with serving(raw(OK + b"Content-Length: " + length + b"\r\n\r\n<x/>")) as server:
        assert post(server.url) == b"<x/>"


def test_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        error = failure(f"http://127.0.0.1:{port}")
    assert error.what == f"127.0.0.1 cannot be reached on port {port}"
    assert not error.sent


def test_no_such_host(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_kwargs: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = failure("https://viveros.example")
    assert error.what == "There is no server called viveros.example"
    assert not error.sent


def test_a_host_that_swallows_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_args: object, **_kwargs: object) -> object:
        raise TimeoutError

    monkeypatch.setattr(socket.socket, "connect", late)
    error = failure("https://127.0.0.1:8443")
    assert error.what == "127.0.0.1 does not respond on port 8443"
    assert not error.sent


def test_something_else_listens() -> None:
    def speaks_ssh(handler: Handler) -> None:
        handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        handler.close_connection = True

    with serving(speaks_ssh) as server:
        error = failure(server.url)
        assert "does not speak HTTP" in error.what


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def authority_file(authority: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


def context_of(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def test_a_certificate_of_a_known_authority_is_trusted(authority: trustme.CA, authority_file: str) -> None:
    with serving(says(), context_of(authority.issue_cert("127.0.0.1"))) as server:
        assert post(server.url, verify=authority_file) == b"<x/>"


def test_an_unknown_authority(authority: trustme.CA) -> None:
    with serving(says(), context_of(authority.issue_cert("127.0.0.1"))) as server:
        error = failure(server.url)
        assert error.what == "The certificate of 127.0.0.1 comes from an unknown authority"
        assert not error.sent
        assert server.bodies == []


def test_an_expired_certificate(authority: trustme.CA, authority_file: str) -> None:
    old = authority.issue_cert("127.0.0.1", not_before=datetime(2020, 1, 1), not_after=datetime(2021, 1, 1))
    with serving(says(), context_of(old)) as server:
        assert failure(server.url, verify=authority_file).what == "The certificate of 127.0.0.1 has expired"


def test_a_certificate_that_is_not_valid_yet(authority: trustme.CA, authority_file: str) -> None:
    late = datetime.now() + timedelta(days=5)
    early = authority.issue_cert("127.0.0.1", not_before=late, not_after=late + timedelta(days=5))
    with serving(says(), context_of(early)) as server:
        assert failure(server.url, verify=authority_file).what == "The certificate of 127.0.0.1 is not valid yet"


def test_a_certificate_of_another_name(authority: trustme.CA, authority_file: str) -> None:
    with serving(says(), context_of(authority.issue_cert("other.example"))) as server:
        assert failure(server.url, verify=authority_file).what == "The certificate of 127.0.0.1 is for another name"


def test_a_self_signed_certificate(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "self.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with serving(says(), context) as server:
        assert failure(server.url).what == "The certificate of 127.0.0.1 is self-signed: nobody vouches for it"


def test_https_to_a_port_without_tls() -> None:
    with serving(says()) as server:
        error = failure(server.url.replace("http:", "https:"))
        assert error.what.startswith("127.0.0.1 does not speak TLS on port ")
        assert not error.sent
        assert server.bodies == []


def test_a_file_of_certificates_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConnectionFailed, match="cannot be read; give a file of certificates in PEM format"):
        transport("https://crm.example", verify=str(tmp_path / "none.pem"))
