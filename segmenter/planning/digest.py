"""The digest of a plan: SHA-256 over what it would do and where, so that what is applied is what was shown."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from segmenter.planning.model import Change, ConfigChange, Json

_TOGETHER = 500  # changes in one call of the encoder
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def canonical(value: Json | Mapping[str, Json] | Iterable[Json]) -> str:
    """One text per value: JSON with sorted keys, no spaces, letters as they are."""
    return _encode(value)


def head(
    server: Mapping[str, Json], model: str, spec_digest: str, now: str, config: Iterable[ConfigChange]
) -> dict[str, Json]:
    """The facts a plan stands on: which database, which spec, at what moment, and what configuration it makes.

    The login and the server's version are left out: the same plan by another work user is the same plan.
    """
    return {
        "url": server["url"],
        "database": server["database"],
        "model": model,
        "spec_digest": spec_digest,
        "now": now,
        "config": [[c.ref, c.model, c.id, c.name, dict(c.before), dict(c.after)] for c in config],
    }


class Digest:
    """Grows with each change of a plan, in order of record; memory does not."""

    def __init__(self, facts: Mapping[str, Json]) -> None:
        """``facts``: what `head` gives."""
        self._hash = hashlib.sha256(_encode(facts).encode())
        self._waiting: list[list[Json]] = []

    def add(self, change: Change) -> None:
        """Take in the next change (its display name does not count: renaming a record changes no plan)."""
        c = change
        self._waiting.append([c.record, c.field, c.before, c.after, c.segmentation, c.segment])
        if len(self._waiting) == _TOGETHER:
            self._take_in()

    def hexdigest(self, tracking: str = "silent") -> str:
        """The digest of what is taken in so far, written so: 64 hexadecimal digits.

        Silence leaves no mark: plans of before there was a choice were silent, and keep their digest.
        """
        self._take_in()
        whole = self._hash.copy()
        if tracking != "silent":
            whole.update(f";tracking={tracking}".encode())
        return whole.hexdigest()

    def _take_in(self) -> None:
        # The text is the same however many changes are encoded together: ``,[...],[...]``.
        if self._waiting:
            self._hash.update(f",{_encode(self._waiting)[1:-1]}".encode())
            self._waiting.clear()
