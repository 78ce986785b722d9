from __future__ import annotations

import io
import json
from collections.abc import Iterator

from segmenter.reports import jsons
from tests.support.report_samples import CHANGES


def _written(body: dict[str, object], **streams: object) -> dict[str, object]:
    out = io.StringIO()
    jsons.write(out, "thing", body, **streams)  # type: ignore[arg-type]
    assert out.getvalue().endswith("}\n")
    found: dict[str, object] = json.loads(out.getvalue())
    return found


def test_a_document_says_what_it_is() -> None:
    assert _written({"a": (1, {2})}) == {"kind": "thing", "schema": 2, "a": [1, [2]]}


def test_dataclasses_become_objects() -> None:
    assert _written({"change": CHANGES[1]})["change"]["field"] == "priority"  # type: ignore[index]


def test_a_stream_is_a_list() -> None:
    assert _written({}, items=[{"a": 1}, {"a": "ñ"}])["items"] == [{"a": 1}, {"a": "ñ"}]
    assert _written({}, items=[])["items"] == []


def test_a_stream_is_written_as_it_comes() -> None:
    out = io.StringIO()
    sizes = []

    def items() -> Iterator[dict[str, int]]:
        for number in range(3):
            sizes.append(len(out.getvalue()))
            yield {"number": number}

    jsons.write(out, "thing", {}, items=items())
    assert sizes == sorted(set(sizes))
