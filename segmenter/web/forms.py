"""The fields of a form that the page sends, read with the standard library alone."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request

from segmenter.errors import UsageError
from segmenter.i18n import _

FIELDS = 1000
"""The most fields of one form. A form of the page has some dozens."""


async def form_of(request: Request) -> ImmutableMultiDict[str, str]:
    """The fields of an ``application/x-www-form-urlencoded`` body, empty ones too; ``getlist`` where a name repeats.

    Raises `UsageError` for a body of another kind, of too many fields, or that is no UTF-8.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    if body and kind != "application/x-www-form-urlencoded":
        raise UsageError(_("The page sent something that is no form"), todo=_("load the page again"))
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=FIELDS)
    except ValueError:
        raise UsageError(_("The page sent a form that cannot be read"), todo=_("load the page again")) from None
    return ImmutableMultiDict(pairs)
