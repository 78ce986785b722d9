"""Sets of records and names of records as bytes, and back.

What was stored is proven before it is taken out again (`Fingerprint`): the library of the sets makes a set of whatever
bytes it is given, and would not notice that some of them were altered.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from segmenter.plans.changes import ChangeSet, Json
from segmenter.plans.digest import canonical
from segmenter.record_set import RecordSet

NAMES = 4000
"""Records whose names, or values, lie in one blob: few enough to look up one fast, enough to make a million of them
small."""
_LEVEL = 3  # of compression: beyond it, names take twice the time and hardly less room


def set_to_blob(records: RecordSet) -> bytes:
    """The set in the portable format of Roaring bitmaps: 230 bytes for a million records in a row."""
    packed = RecordSet(records)
    packed.run_optimize()
    return packed.serialize()


def set_from_blob(blob: bytes) -> RecordSet:
    """The set that `set_to_blob` put down."""
    return RecordSet.deserialize(blob)


def change_to_text(change: ChangeSet) -> str:
    """All of a set of changes but its records."""
    return canonical([change.field, change.before, change.after, change.segmentation, change.segment])


def change_from_text(text: str, records: RecordSet) -> ChangeSet:
    """The change that `change_to_text` put down, of these records."""
    field, before, after, segmentation, segment = json.loads(text)
    return ChangeSet(records, field, before, after, segmentation, segment)


def values_to_blobs(values: Iterable[tuple[int, Json]]) -> Iterator[tuple[int, int, bytes]]:
    """Names, or other values of records, some thousand records at a time: first record, last record, blob. They must
    come in order of record."""
    rest, last = iter(values), 0
    while portion := list(islice(rest, NAMES)):
        for record, _value in portion:
            if record <= last:
                raise ValueError(f"the name of record {record} after that of {last}: names go by record")
            last = record
        ids, texts = zip(*portion, strict=True)
        yield ids[0], last, zlib.compress(canonical([ids, texts]).encode(), _LEVEL)


def values_from_blob(blob: bytes, records: RecordSet | None = None) -> dict[int, Any]:
    """Record -> value of one blob, of ``records`` alone if given."""
    ids, texts = json.loads(zlib.decompress(blob))
    if records is None:
        return dict(zip(ids, texts, strict=True))
    return {id: text for id, text in zip(ids, texts, strict=True) if id in records}


class Fingerprint:
    """One hash over rows of the ledger as they lie there, in their order."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.rows = 0

    def add(self, cells: Sequence[object]) -> None:
        """The next row. The length of each cell counts too, so that nothing can be moved from one to the next."""
        for cell in cells:
            data = cell if isinstance(cell, bytes) else str(cell).encode()
            self._hash.update(b"%d:" % len(data))
            self._hash.update(data)
        self.rows += 1

    def hexdigest(self) -> str:
        """64 hexadecimal digits."""
        return self._hash.hexdigest()
