"""No test sends a question that is too large: what `odoo.calls` promises (`odoo.questions`), measured by itself.

`tests/conftest.py` has the fixture, so that it holds for the whole suite.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from xmlrpc.client import dumps

import pytest

from segmenter.odoo.calls import ReadingCalls

ASKING = ("search", "search_count", "search_read", "read_group", "formatted_read_group")
TERMS, BYTES, IDS = 500, 64 * 1024, 2_000


def measured(domain: Sequence[Any]) -> tuple[int, int, int]:
    """Comparisons, bytes of XML, and ids in long lists, which do not count as bytes."""
    leaves = list(_leaves(domain))
    long = [one[2] for one in leaves if isinstance(one[2], list) and len(one[2]) > 100 and isinstance(one[2][0], int)]
    return len(leaves), _bytes(domain) - sum(map(_bytes, long)), sum(map(len, long))


def _bytes(value: Sequence[Any]) -> int:
    """Of a list as XML, without what is around it in a call."""
    return len(dumps((list(value),), allow_none=True).encode()) - len(dumps(([],)))


def _leaves(domain: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Every comparison, those inside ``any`` too."""
    for item in domain:
        if not isinstance(item, str):
            yield item
            if item[1] in ("any", "not any"):
                yield from _leaves(item[2])


@pytest.fixture(autouse=True)
def questions_stay_small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails a test that sent a larger one, at its end: what is raised on the way may be taken for an answer."""
    send = ReadingCalls._send
    large: list[str] = []

    def watched(self: ReadingCalls, model: str, method: str, args: Sequence[Any], keywords: Any) -> Any:
        if method in ASKING:
            terms, sent, ids = measured(args[0])
            if terms > TERMS or sent > BYTES or ids > IDS:
                large.append(f"{model}.{method}: {terms} comparisons, {sent} bytes, {ids} ids")
        return send(self, model, method, args, keywords)

    monkeypatch.setattr(ReadingCalls, "_send", watched)
    yield
    assert large == []
