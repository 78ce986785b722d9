"""Each rule of the guard, asked as a browser asks: who is let in, what is refused, and what every answer carries."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from segmenter import i18n
from segmenter.web.guard import BODY_LIMIT, Guard

PORT = 8123
HOME = f"http://127.0.0.1:{PORT}"
GUARD = Guard("opening-token", "session-secret", "page-token")
COOKIE = {"Cookie": f"segmenter-meeting-{PORT}={GUARD.session}"}
PAGE = COOKIE | {"Origin": HOME, "Sec-Fetch-Site": "same-origin", "X-Meeting": GUARD.page_token}
"""What the page's own script sends."""


async def _echo(request: Request) -> Response:
    body = await request.body()
    headers = {"Cache-Control": "public", "Content-Security-Policy": "default-src *"}
    return PlainTextResponse(f"the page, {len(body)} bytes", headers=headers)


APP = Starlette(routes=[Route("/", _echo, methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])])


def ask(method: str = "GET", path: str = "/", *, home: str = HOME, port: int = PORT, **about: Any) -> httpx.Response:
    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(GUARD.around(APP, port))
        async with httpx.AsyncClient(transport=transport, base_url=home) as client:
            return await client.request(method, path, **about)

    return asyncio.run(answer())


def without(headers: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in names}


def test_the_printed_address_is_exchanged_for_a_cookie() -> None:
    address = GUARD.address(PORT)
    answer = ask(path=address.removeprefix(HOME))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (
        answer.headers["set-cookie"] == f"segmenter-meeting-{PORT}={GUARD.session}; HttpOnly; Path=/; SameSite=strict"
    )
    inside = ask(headers={"Cookie": answer.headers["set-cookie"].partition(";")[0]})
    assert (inside.status_code, inside.text) == (200, "the page, 0 bytes")


def test_no_secret_is_another_or_is_shown() -> None:
    guard = Guard()
    secrets = {guard.opening_token, guard.session, guard.page_token, *vars(Guard()).values()}
    assert len(secrets) == 6
    assert min(map(len, secrets)) >= 43
    assert not [secret for secret in secrets if secret in repr(guard)]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {}),
        ("/", {"Cookie": f"segmenter-meeting-{PORT}=guess"}),
        ("/", {"Cookie": f"segmenter-meeting-{PORT}=ñ"}),
        ("/", {"Cookie": f"segmenter-meeting-{PORT + 1}={GUARD.session}"}),
        ("/", {"Cookie": f"segmenter-meeting-{PORT}={GUARD.opening_token}"}),
        ("/open/guess", {}),
        ("/open/", COOKIE),
        (f"/open/{GUARD.session}", {}),
        (f"/?token={GUARD.opening_token}", {}),
    ],
)
def test_nobody_else_is_let_in(path: str, headers: dict[str, str]) -> None:
    answer = ask(path=path, headers={name: value.encode() for name, value in headers.items()})
    assert answer.status_code == 403
    assert "Open the address that the terminal printed" in answer.text
    assert "set-cookie" not in answer.headers
    assert GUARD.opening_token not in answer.text


def test_the_closed_page_speaks_the_users_language() -> None:
    with i18n.speaking("es"):
        answer = ask()
    assert '<html lang="es">' in answer.text
    assert "Abra la dirección" in answer.text


def test_the_token_opens_nothing_when_it_is_posted() -> None:
    answer = ask("POST", f"/open/{GUARD.opening_token}", headers=without(PAGE, "Cookie"))
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("home", [HOME, f"http://localhost:{PORT}"])
def test_names_of_this_machine(home: str) -> None:
    assert ask(home=home, headers=COOKIE).status_code == 200
    assert ask("POST", home=home, headers=PAGE | {"Origin": home}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        *(f"rebound.example:{PORT}", f"127.0.0.1.rebound.example:{PORT}", f"127.0.0.1:{PORT + 1}", "127.0.0.1"),
        *("localhost", f"0.0.0.0:{PORT}", f"LOCALHOST:{PORT}@evil.example", ""),
    ],
)
def test_a_name_that_was_made_to_lead_here(host: str) -> None:
    for path in ("/", f"/open/{GUARD.opening_token}"):
        answer = ask(path=path, headers=COOKIE | {"Host": host})
        assert answer.status_code == 421
        assert "set-cookie" not in answer.headers


def test_two_names_at_once_are_none() -> None:
    twice = [("Host", f"127.0.0.1:{PORT}"), ("Host", "rebound.example"), *COOKIE.items()]
    assert ask(headers=twice).status_code == 421


def test_port_80_is_not_written_in_names() -> None:
    headers = {"Cookie": f"segmenter-meeting-80={GUARD.session}", "Host": "127.0.0.1"}
    assert ask(port=80, headers=headers).status_code == 200
    assert GUARD.address(80).startswith("http://127.0.0.1/open/")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_pages_own_requests(method: str) -> None:
    assert ask(method, headers=PAGE).text == "the page, 0 bytes"
    assert ask(method, headers=without(PAGE, "Sec-Fetch-Site")).status_code == 200  # a browser that does not send it


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"http://127.0.0.1:{PORT + 1}", "", None])
def test_another_origin_changes_nothing(method: str, origin: str | None) -> None:
    headers = without(PAGE, "Origin") | ({} if origin is None else {"Origin": origin})
    answer = ask(method, headers=headers)
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_the_two_names_are_two_origins() -> None:
    assert ask("POST", headers=PAGE | {"Origin": f"http://localhost:{PORT}"}).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_the_browser_says_of_the_sender_counts(site: str) -> None:
    assert ask("POST", headers=PAGE | {"Sec-Fetch-Site": site}).status_code == 403
    navigation = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}
    assert ask("POST", headers=PAGE | navigation).status_code == 403
    assert ask(headers=COOKIE | {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}).status_code == 403
    assert ask(headers=COOKIE | navigation).status_code == 200  # somebody follows a link


def test_what_the_person_types_is_nobody_elses() -> None:
    assert ask(headers=COOKIE | {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("token", [None, "", "guess", GUARD.session, GUARD.opening_token])
def test_a_change_needs_the_pages_token(method: str, token: str | None) -> None:
    headers = without(PAGE, "X-Meeting") | ({} if token is None else {"X-Meeting": token})
    assert ask(method, headers=headers).status_code == 403


def test_the_pages_token_alone_lets_nobody_in() -> None:
    assert ask("POST", headers=without(PAGE, "Cookie")).status_code == 403


def test_bodies_are_bounded() -> None:
    whole = ask("POST", headers=PAGE, content=b"x" * BODY_LIMIT)
    assert whole.text == f"the page, {BODY_LIMIT} bytes"
    assert ask("POST", headers=PAGE, content=b"x" * (BODY_LIMIT + 1)).status_code == 413


def test_a_body_of_unknown_length_is_bounded_too() -> None:
    given: list[int] = []

    async def endless() -> Any:
        while True:
            given.append(1_000_000)
            yield b"x" * given[-1]

    assert ask("POST", headers=PAGE, content=endless()).status_code == 413
    assert sum(given) <= BODY_LIMIT + 1_000_000


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", COOKIE, 200),
        ("/nowhere", COOKIE, 404),
        ("/", {}, 403),
        ("/", {"Host": "rebound.example"}, 421),
        (f"/open/{GUARD.opening_token}", {}, 303),
    ],
)
def test_every_answer_carries_the_headers(path: str, headers: dict[str, str], status: int) -> None:
    answer = ask(path=path, headers=headers)
    assert answer.status_code == status
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy == {
        **dict.fromkeys(("default-src", "base-uri", "frame-ancestors"), "'none'"),
        **dict.fromkeys(("script-src", "style-src", "font-src", "connect-src", "form-action"), "'self'"),
        "img-src": "'self' data:",
    }
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_a_web_socket_is_closed() -> None:
    said: list[Any] = []

    async def send(message: Any) -> None:
        said.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    asyncio.run(GUARD.around(APP, PORT)({"type": "websocket", "path": "/", "headers": []}, receive, send))
    assert said == [{"type": "websocket.close", "code": 1008}]


def test_a_browser_that_leaves_in_the_middle_of_its_body() -> None:
    heard: list[Any] = []

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        heard.extend([await receive(), await receive()])

    told = [{"type": "http.request", "body": b"half", "more_body": True}, {"type": "http.disconnect"}]

    async def receive() -> Any:
        return told.pop(0)

    async def send(_message: Any) -> None:
        raise AssertionError("nobody is there")

    headers = [(b"host", f"127.0.0.1:{PORT}".encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in PAGE.items()]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}
    asyncio.run(GUARD.around(app, PORT)(scope, receive, send))
    assert heard == [{"type": "http.request", "body": b"half", "more_body": True}, {"type": "http.disconnect"}]
