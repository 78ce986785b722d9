"""The meeting page's server, on a real socket."""

from __future__ import annotations

import logging
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from segmenter.errors import UsageError
from segmenter.web.guard import Guard
from segmenter.web.serving import LOOPBACK, Service, serve

SCRIPT = """
from starlette.applications import Starlette
from segmenter.web.guard import Guard
from segmenter.web.serving import serve
serve(Starlette(), guard=Guard(), open_browser=False, opened=lambda address: print(address, flush=True))
print("ended", flush=True)
"""


async def _page(request: Request) -> Response:
    if request.url.path == "/broken":
        raise ValueError("a mistake of ours")
    return PlainTextResponse("the page")


APP = Starlette(routes=[Route("/", _page), Route("/broken", _page)])


def test_it_opens_and_ends_when_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    tried, asked = threading.Event(), []

    def no_browser(address: str) -> bool:
        asked.append(address)
        tried.set()
        raise webbrowser.Error("no browser here")

    monkeypatch.setattr(webbrowser, "open", no_browser)
    guard = Guard()
    opened: list[str] = []
    visits: list[socket.socket] = []

    def visit(address: str) -> None:
        opened.append(address)
        port = int(address.split(":")[2].split("/")[0])
        for path, cookie in (
            (address.partition(str(port))[2], ""),
            ("/", f"Cookie: segmenter-meeting-{port}={guard.session}\r\n"),
        ):
            visits.append(socket.create_connection((LOOPBACK, port)))
            visits[-1].sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{cookie}\r\n".encode())

    serve(APP, guard=guard, idle_minutes=0.02, opened=visit)
    assert tried.wait(10)
    assert asked == opened
    answers = [visitor.makefile("rb").read() for visitor in visits]
    assert answers[0].startswith(b"HTTP/1.1 303 ")
    assert answers[1].startswith(b"HTTP/1.1 200 ")
    assert answers[1].endswith(b"\r\n\r\nthe page")
    for visitor in visits:
        visitor.close()
    with pytest.raises(httpx.ConnectError):
        httpx.get(opened[0])


def test_no_browser_is_opened_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(webbrowser, "open", asked.append)
    serve(APP, guard=Guard(), idle_minutes=0.001, open_browser=False, opened=lambda _address: None)
    assert asked == []


def test_it_listens_on_this_machine_alone() -> None:
    service = Service(APP, Guard())
    with service:
        assert service._socket.getsockname() == (LOOPBACK, service.port)
        assert httpx.get(f"http://{LOOPBACK}:{service.port}/").status_code == 403
        assert "server" not in httpx.get(service.address).headers


def test_a_request_under_way_is_no_idleness() -> None:
    service = Service(APP, Guard(), idle_minutes=0.001)
    service._under_way = 1
    service._last = time.monotonic() - 3600
    assert service._quiet() == 0
    service._under_way = 0
    assert service._quiet() >= 3600
    service._socket.close()


def test_an_error_of_the_page_is_told_and_nothing_is_printed(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    failed: list[Exception] = []
    service = Service(APP, Guard(), failed=failed.append)
    with caplog.at_level(logging.DEBUG), service, httpx.Client(follow_redirects=True) as browser:
        assert browser.get(service.address).text == "the page"
        assert browser.get(f"http://{LOOPBACK}:{service.port}/broken").status_code == 500
        assert browser.get(f"http://{LOOPBACK}:{service.port}/").status_code == 200
    assert [str(error) for error in failed] == ["a mistake of ours"]
    assert capfd.readouterr() == ("", "")
    secret = service.address.rpartition("/")[2]
    assert not [
        record for record in caplog.records if secret in record.getMessage() and not record.name.startswith("http")
    ]


def test_a_port_in_use() -> None:
    with socket.create_server((LOOPBACK, 0)) as taken, pytest.raises(UsageError, match="cannot be used") as told:
        Service(APP, Guard(), taken.getsockname()[1])
    assert told.value.todo


def test_ctrl_c_is_an_end_like_any_other() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        address = running.stdout.readline().strip()
        assert httpx.get(address).status_code == 303  # it is up, signals are its own
        running.send_signal(signal.SIGINT)
        rest, complaints = running.communicate(timeout=60)
    assert (running.returncode, rest, complaints) == (0, "ended\n", "")
