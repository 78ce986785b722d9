"""No test sends a question that is too large: what the reader promises (`odoo.questions`), measured by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xmlrpc.client import dumps

import pytest

from segmenter.odoo.reader import OdooReader

ASKING = ("search", "search_count", "search_read", "read_group", "formatted_read_group")
TERMS, BYTES, IDS = 500, 64 * 1024, 2_000


def measured(domain: Sequence[Any]) -> tuple[int, int, int]:
    """Comparisons, bytes of XML, and ids in long lists, which do not count as bytes."""
    leaves = [list(item) for item in domain if not isinstance(item, str)]
    long = [one[2] for one in leaves if isinstance(one[2], list) and len(one[2]) > 100 and isinstance(one[2][0], int)]
    sent = len(dumps((list(domain),), allow_none=True).encode())
    return len(leaves), sent - sum(len(dumps((ids,)).encode()) for ids in long), sum(map(len, long))


@pytest.fixture(autouse=True)
def _questions_stay_small(monkeypatch: pytest.MonkeyPatch) -> None:
    send = OdooReader._once

    def watched(self: OdooReader, model: str, method: str, args: Sequence[Any], keywords: Any) -> Any:
        if method in ASKING:
            terms, sent, ids = measured(args[0])
            assert terms <= TERMS, f"{model}.{method}: {terms} comparisons"
            assert sent <= BYTES, f"{model}.{method}: {sent} bytes"
            assert ids <= IDS, f"{model}.{method}: {ids} ids"
        return send(self, model, method, args, keywords)

    monkeypatch.setattr(OdooReader, "_once", watched)
