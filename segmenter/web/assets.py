"""The files that the meeting page loads: ``static/``, and nothing else that lies there or elsewhere."""

from __future__ import annotations

import json
from functools import cache
from http import HTTPStatus
from importlib import resources
from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
"""What is served, and as what. The machine's own table of types is not asked: on Windows it may say text/plain."""

HTMX_CONFIG = json.dumps(
    {
        "allowEval": False,  # the Content-Security-Policy refuses it
        "allowScriptTags": False,
        "includeIndicatorStyles": False,  # it would be inline style
        "defaultSwapStyle": "outerHTML",
        "selfRequestsOnly": True,
        "historyEnabled": False,  # no copy of the client's data in the browser's storage
        "historyCacheSize": 0,
    }
)
"""For ``<meta name="htmx-config" content="...">``."""


@cache
def files() -> dict[str, tuple[bytes, str]]:
    """Content and type of each file that is served, by its name."""
    folder = resources.files("segmenter.web") / "static"
    return {
        file.name: (file.read_bytes(), TYPES[ending])
        for file in folder.iterdir()
        if (ending := PurePosixPath(file.name).suffix) in TYPES
    }


async def _asset(request: Request) -> Response:
    content, kind = files().get(request.path_params["name"], (None, ""))
    if content is None:
        return PlainTextResponse("", HTTPStatus.NOT_FOUND)
    return Response(content, headers={"Content-Type": kind})


ROUTE = Route("/static/{name}", _asset, methods=["GET"])
"""``/static/htmx.min.js`` and the others, for the page's list of routes."""
