"""What each failure below XML-RPC is called, and whether the server may have acted."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509

from segmenter.errors import ConnectionFailed
from segmenter.odoo.address import parse_address
from segmenter.odoo.transport import Transport
from segmenter.odoo.transport_faults import NotAnOdoo, TransportFailed, Unparsable, retry_after
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
        (says(404), "{url} has no Odoo: its address for XML-RPC answers 404", False, False),
        (says(301, Location="https://new.example/"), "{url} redirects to https://new.example/", False, False),
        (says(308), "{url} redirects to ?", False, False),
        (says(401), "127.0.0.1 refuses access before Odoo is reached (HTTP 401)", False, False),
        (says(403), "127.0.0.1 refuses access before Odoo is reached (HTTP 403)", False, False),
        (says(413), "127.0.0.1 says that the request is too large (HTTP 413)", False, False),
        (says(429), "127.0.0.1 cannot answer now (HTTP 429, too many requests)", False, True),
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
    ],
)
def test_answers_that_are_none(exchange: Exchange, said: str, sent: bool, passing: bool) -> None:
    with serving(exchange) as server:
        error = failure(server.url)
        assert error.what == said.format(url=server.url)
        assert (error.sent, error.passing) == (sent, passing)
        assert len(server.bodies) == 1


def test_kinds_of_failure_are_told_apart() -> None:
    for exchange, kind in ((says(404), NotAnOdoo), (says(Content_Encoding="gzip"), Unparsable)):
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
