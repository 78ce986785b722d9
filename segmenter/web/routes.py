"""The page's addresses: each parses a request, calls the meeting, and renders what is there then."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from functools import partial
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from segmenter.errors import SegmenterError
from segmenter.i18n import _
from segmenter.reports.pages import policy_in
from segmenter.web import agreement, assets, review
from segmenter.web.changes import edit_of, followed
from segmenter.web.closing import keep_in_log, make_plan
from segmenter.web.forms import form_of
from segmenter.web.guard import Guard
from segmenter.web.meeting import Meeting
from segmenter.web.pages import Message, around, board_alone, page, reading_alone, stage

Form = Mapping[str, str]
Query = Mapping[str, str]
T = TypeVar("T")


def create_app(meeting: Meeting, guard: Guard) -> Starlette:
    """The application behind the guard."""
    site = _Site(meeting, guard)
    posts = {
        "/edit": site.edit,
        "/undo": lambda _form: meeting.undo(),
        "/redo": lambda _form: meeting.redo(),
        "/save": site.save,
        "/read": lambda _form: meeting.read(),
        "/plan": site.plan,
        "/close": site.close,
        "/approve": site.approve,
    }
    return Starlette(
        routes=[
            Route("/", site.page, methods=["GET"]),
            Route("/panel", site.panel, methods=["GET"]),
            Route("/reading", site.reading, methods=["GET"]),
            Route("/values", site.values, methods=["GET"]),
            Route("/acta.html", site.acta, methods=["GET"]),
            Route("/report.html", site.report, methods=["GET"]),
            Route("/preview", site.preview, methods=["POST"]),
            *(Route(path, site.posted(does), methods=["POST"]) for path, does in posts.items()),
            assets.ROUTE,
        ]
    )


class _Site:
    """The routes of one meeting. One request at a time: a lock holds the others."""

    def __init__(self, meeting: Meeting, guard: Guard) -> None:
        self.meeting, self.guard = meeting, guard

    async def page(self, request: Request) -> Response:
        return await self._rendered(lambda: page(self.meeting, dict(request.query_params), self.guard.page_token))

    async def panel(self, request: Request) -> Response:
        return await self._rendered(lambda: stage(self.meeting, dict(request.query_params), marks=_marks(request)))

    async def reading(self, request: Request) -> Response:
        """How far the reading is. Once it is over, the whole stage takes its place."""
        answer = await self._rendered(lambda: reading_alone(self.meeting, dict(request.query_params)))
        if not self.meeting.is_reading:
            answer.headers["HX-Retarget"] = "#stage"
        return answer

    async def acta(self, _request: Request) -> Response:
        return await self._rendered(lambda: agreement.page(self.meeting), own_policy=True)

    async def report(self, _request: Request) -> Response:
        return await self._rendered(lambda: review.report(self.meeting), own_policy=True)

    async def values(self, request: Request) -> Response:
        """Names that a search finds among the values of a field."""

        def found() -> list[str]:
            here = around(self.meeting)
            return here.searched(request.query_params.get("field", ""), request.query_params.get("q", ""))

        return JSONResponse(await self._locked(found))

    async def preview(self, request: Request) -> Response:
        """The board as it would be with a threshold that is still being moved."""
        form = dict(await form_of(request))
        asked = _panel_of(form)

        def shown() -> str:
            here = around(self.meeting)
            assert self.meeting.document is not None
            assert here.offered is not None
            change = edit_of(form, self.meeting.document.data, here.offered)
            return board_alone(self.meeting, asked, self.meeting.preview(change))

        return await self._rendered(shown)

    def posted(self, does: Callable[[Form], Message | str | None]) -> Callable[[Request], Awaitable[Response]]:
        """A route that changes something, and shows what is there then. A tab that shows an older state changes
        nothing: it is shown the new one first."""

        async def answer(request: Request) -> Response:
            try:
                form = dict(await form_of(request))
            except SegmenterError as error:
                return PlainTextResponse(str(error), HTTPStatus.UNPROCESSABLE_ENTITY)
            return await self._rendered(partial(self._done, does, form, _marks(request)))

        return answer

    def _done(self, does: Callable[[Form], Message | str | None], form: Form, marks: Collection[str] = ()) -> str:
        asked, message = _panel_of(form), None
        if form.get("revision") != str(self.meeting.revision):
            old = _("Meanwhile another tab changed the spec. This is how it stands; do it again if it still fits.")
            return stage(self.meeting, asked, Message("warn", old), marks=marks)
        try:
            told = does(form)
            asked, message = followed(form, asked), Message("good", told) if isinstance(told, str) else told
        except SegmenterError as error:
            message = Message("bad", str(error))
        except Exception as error:
            message = Message("bad", self._unforeseen(error))
        return stage(self.meeting, message.panel if message and message.panel else asked, message, marks=marks)

    def edit(self, form: Form) -> None:
        if form.get("action") == "text":
            self.meeting.replace(form.get("value", "").replace("\r\n", "\n"))
            return
        here = around(self.meeting)
        if self.meeting.document is None or here.offered is None:
            raise SegmenterError(_("The spec cannot be edited yet"), todo=_("wait until the data is read"))
        self.meeting.change(edit_of(form, self.meeting.document.data, here.offered))

    def save(self, _form: Form) -> str:
        self.meeting.save()
        return _("Saved: {file}").format(file=self.meeting.file.name)

    def plan(self, _form: Form) -> Message:
        made = make_plan(self.meeting)
        self.meeting.plans.append(made)
        return Message("good", _("Plan {id} is kept in the ledger").format(id=made), {"show": "plan"})

    def approve(self, form: Form) -> Message:
        signed = review.approve(self.meeting, form)
        return Message("good", _("{plan} is signed off").format(plan=signed), {"show": "plan"})

    def close(self, form: Form) -> str:
        kept = keep_in_log(self.meeting, form)
        self.meeting.closed = _("The meeting is kept in the log as {id}").format(id=kept)
        return self.meeting.closed

    async def _rendered(self, shown: Callable[[], str], *, own_policy: bool = False) -> Response:
        """``own_policy``: of a file that brings its Content-Security-Policy with it."""
        try:
            text = await self._locked(shown)
            return HTMLResponse(text, headers={"Content-Security-Policy": policy_in(text)} if own_policy else None)
        except SegmenterError as error:
            return PlainTextResponse(str(error), HTTPStatus.UNPROCESSABLE_ENTITY)
        except Exception as error:
            return PlainTextResponse(self._unforeseen(error), HTTPStatus.INTERNAL_SERVER_ERROR)

    def _unforeseen(self, error: Exception) -> str:
        """What the page says of an error that nobody foresaw; the terminal says more."""
        self.meeting.sources.failed(error)
        return _("Something failed that nobody foresaw ({kind}); the terminal says more").format(
            kind=type(error).__name__
        )

    async def _locked(self, does: Callable[[], T]) -> T:
        def alone() -> T:
            with self.meeting.lock:
                return does()

        return await run_in_threadpool(alone)


def _marks(request: Request) -> Collection[str]:
    """The sections that the page shows, by their marks."""
    return request.headers.get("X-Sections", "").split()


def _panel_of(form: Form) -> Query:
    return dict(parse_qsl(form.get("panel", "")))
