"""Who may talk to the meeting page: one browser on this machine, let in by the address that the terminal printed.

The page shows a client's CRM, and any web site that the same browser has open can send requests to loopback. So a
request goes on to the page only if

1. its Host is this machine's own name with our port (no foreign name that was made to resolve to 127.0.0.1),
2. no other page sent it (Sec-Fetch-Site; for what may change something also Origin),
3. it brings the cookie that the printed address was exchanged for, and
4. where it may change something, it brings the page's own token in ``X-Meeting``.

All but GET and HEAD may change something. A plain HTML form cannot send such a request: it has no ``X-Meeting``.
"""

from __future__ import annotations

import hmac
import html
import secrets
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from segmenter.i18n import _, language

BODY_LIMIT = 2_000_000
"""The most bytes that one request may bring."""
SAFE = ("GET", "HEAD")
PROOF = "X-Meeting"
OPENING = "/open/"
POLICY, STRICT = "Content-Security-Policy", "default-src 'none';"
HEADERS = {
    POLICY: f"{STRICT} script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""On every answer, whoever gives it. A file that brings a policy of its own keeps it, if that forbids all first too."""


def _secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Guard:
    """The three secrets of one meeting. They live as long as the process, and no log or error repeats them."""

    opening_token: str = field(default_factory=_secret, repr=False)
    """In the address that the terminal prints. A browser exchanges it for the cookie."""
    session: str = field(default_factory=_secret, repr=False)
    """The value of the cookie."""
    page_token: str = field(default_factory=_secret, repr=False)
    """For the page's ``<meta>``; its script sends it back in ``X-Meeting``."""

    def address(self, port: int) -> str:
        """The address that lets a browser in."""
        return f"http://{_hosts(port)[0]}{OPENING}{self.opening_token}"

    def around(self, app: ASGIApp, port: int) -> ASGIApp:
        """``app`` behind the guard, for a server that listens on ``port`` of loopback."""
        return _Door(self, app, port)


class _Door:
    """The guard as ASGI middleware."""

    def __init__(self, guard: Guard, app: ASGIApp, port: int) -> None:
        self._guard, self._app = guard, app
        self._hosts = _hosts(port)
        self._cookie = f"segmenter-meeting-{port}"  # cookies know no ports: two meetings would mix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        else:
            await self._http(Request(scope, receive), _with_headers(send))

    async def _http(self, request: Request, send: Send) -> None:
        scope, receive = request.scope, request.receive
        answer = self._own_answer(request)
        if answer is None:
            bounded = await _bounded(receive)
            if bounded is not None:
                await self._app(scope, bounded, send)
                return
            answer = _refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("That is more than 2 MB at once"))
        answer.headers["Connection"] = "close"  # what is left of the request's body is not read
        await answer(scope, receive, send)

    def _own_answer(self, request: Request) -> Response | None:
        """What the guard answers itself; None for a request that the page may answer."""
        hosts = request.headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return _refusal(HTTPStatus.MISDIRECTED_REQUEST, _("The meeting page does not answer under this name"))
        if _sent_by_another_page(request):
            return _refusal(HTTPStatus.FORBIDDEN, _("Another page sent this request, so it is refused"))
        path = request.scope["path"]
        if path.startswith(OPENING) and request.method in SAFE:
            return self._let_in() if _same(path.removeprefix(OPENING), self._guard.opening_token) else _closed()
        if not _same(request.cookies.get(self._cookie, ""), self._guard.session):
            return _closed()
        if request.method not in SAFE and not _same(request.headers.get(PROOF, ""), self._guard.page_token):
            return _refusal(HTTPStatus.FORBIDDEN, _("This request does not come from the meeting page; load it again"))
        return None

    def _let_in(self) -> Response:
        """Puts the cookie in the place of the token, which so leaves the address bar."""
        answer = RedirectResponse("/", HTTPStatus.SEE_OTHER)
        answer.set_cookie(self._cookie, self._guard.session, path="/", httponly=True, samesite="strict")
        return answer


def _hosts(port: int) -> tuple[str, str]:
    """What browsers write into Host for this machine. They leave out port 80."""
    suffix = "" if port == 80 else f":{port}"
    return f"127.0.0.1{suffix}", f"localhost{suffix}"


def _sent_by_another_page(request: Request) -> bool:
    """Whether another origin sent it. Another port of this machine is another origin, though the same "site".

    A link elsewhere may lead here: it shows the page to nobody but the person who follows it. No page may load a part.
    """
    if request.method not in SAFE and request.headers.get("origin") != f"http://{request.headers['host']}":
        return True
    if request.headers.get("sec-fetch-site", "none") in ("same-origin", "none"):
        return False
    return request.method not in SAFE or request.headers.get("sec-fetch-mode") != "navigate"


def _same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode())


async def _bounded(receive: Receive) -> Receive | None:
    """A ``receive`` that gives the whole body at once; None for a body beyond the limit."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > BODY_LIMIT:
            return None
    # A browser that is gone is told to the page after the part that came, as always.
    waiting: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": more}]

    async def bounded() -> Message:
        if waiting:
            return waiting.pop()
        return {"type": "http.disconnect"} if more else await receive()

    return bounded


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                if not (name == POLICY and headers.get(name, "").startswith(STRICT)):
                    headers[name] = value
        await send(message)

    return sending


def _refusal(status: HTTPStatus, sentence: str) -> Response:
    return PlainTextResponse(f"{sentence}\n", status)


def _closed() -> Response:
    """The page for a browser that was not let in."""
    title, text = _("This page is closed"), _("Open the address that the terminal printed. It lets this browser in.")
    return HTMLResponse(
        f'<!doctype html>\n<html lang="{language()}"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        '<meta name="viewport" content="width=device-width"></head>'
        f"<body><h1>{html.escape(title)}</h1><p>{html.escape(text)}</p></body></html>\n",
        HTTPStatus.FORBIDDEN,
    )
