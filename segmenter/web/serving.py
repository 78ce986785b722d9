"""Serves the meeting page on loopback, until Ctrl-C or until nobody has asked for anything for a while."""

from __future__ import annotations

import asyncio
import socket
import time
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from types import TracebackType

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from segmenter.errors import UsageError
from segmenter.i18n import _, why
from segmenter.web.guard import Guard

LOOPBACK = "127.0.0.1"
PATIENCE = 3
"""Seconds that answers under way have to finish at the end."""

Failed = Callable[[Exception], None]
"""Is told of an error that ``app`` did not handle. The browser got a 500 for it."""


class Service:
    """``app`` behind its guard, on ``port`` of loopback (0: any that is free). Raises `UsageError` for a port in use.

    It listens from the start. `run` answers until Ctrl-C, `stop`, or until ``idle_minutes`` passed without a request;
    a request that is being answered counts. As a context manager it answers from a thread.
    """

    def __init__(
        self,
        app: ASGIApp,
        guard: Guard,
        port: int = 0,
        *,
        idle_minutes: float = 60,
        failed: Failed | None = None,
    ) -> None:
        self._socket = _listen(port)
        self.port: int = self._socket.getsockname()[1]
        self.address = guard.address(self.port)
        self._app, self._failed = guard.around(app, self.port), failed
        self._idle, self._under_way, self._last = idle_minutes * 60, 0, 0.0
        self._server = uvicorn.Server(
            uvicorn.Config(
                self._answer,
                interface="asgi3",
                loop="asyncio",
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",  # the terminal belongs to the command; what fails is told through `failed`
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=PATIENCE,
            )
        )
        self._thread = Thread(target=self.run, daemon=True)

    def run(self) -> None:
        """Answers until the end."""
        with suppress(KeyboardInterrupt):  # uvicorn ended in order, and raises the signal again
            asyncio.run(self._serve())

    def stop(self) -> None:
        """Ends it soon, from any thread."""
        self._server.should_exit = True

    def __enter__(self) -> Service:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._thread.join()

    async def _serve(self) -> None:
        self._last = time.monotonic()
        watch = asyncio.create_task(self._end_when_idle())
        try:
            await self._server.serve(sockets=[self._socket])
        finally:
            watch.cancel()
            self._socket.close()

    async def _end_when_idle(self) -> None:
        while (left := self._idle - self._quiet()) > 0:
            await asyncio.sleep(left)
        self.stop()

    def _quiet(self) -> float:
        """Seconds since the last request ended, or since the start; 0 while one is being answered."""
        return 0 if self._under_way else time.monotonic() - self._last

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._under_way += 1
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            if self._failed is not None:
                self._failed(error)
        finally:
            self._under_way -= 1
            self._last = time.monotonic()


def serve(
    app: ASGIApp,
    *,
    guard: Guard,
    port: int = 0,
    idle_minutes: float = 60,
    open_browser: bool = True,
    opened: Callable[[str], None],
    failed: Failed | None = None,
) -> None:
    """Serves ``app`` as `Service` does, and returns at its end; Ctrl-C is an end like any other.

    ``opened`` gets the address that lets a browser in, once it can be opened. Raises `UsageError` for a port in use.
    """
    service = Service(app, guard, port, idle_minutes=idle_minutes, failed=failed)
    opened(service.address)
    if open_browser:
        Thread(target=_open_browser, args=(service.address,), daemon=True).start()
    service.run()


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        raise UsageError(
            _("Port {port} cannot be used: {reason}").format(port=port, reason=why(error)),
            todo=_("choose another one, or 0 for any that is free"),
        ) from error


def _open_browser(address: str) -> None:
    with suppress(Exception):  # a machine without a browser; the terminal shows the address
        webbrowser.open(address)
