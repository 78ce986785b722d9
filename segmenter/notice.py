"""A fact about a plan or a run that people should know: a code, numbers and names, never a sentence.

Plans and runs are kept, and read later by people of another language. `reports` turns facts into sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Notice:
    """One fact. ``code``: which, as ``closing_date.emptied``: the module that gives it, and what happens.

    ``counts``: numbers by what they count; the number of records that it is about is called ``number``.
    ``names``: names of things of the client's CRM (a field's label, a segment, people), one or several of each kind.
    """

    code: str
    counts: Mapping[str, float] = field(default_factory=dict)
    names: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)

    def name(self, kind: str) -> str:
        """The name of this kind; several as ``a, b``, none as ""."""
        found = self.names.get(kind, "")
        return found if isinstance(found, str) else ", ".join(found)

    def all_names(self, kind: str) -> tuple[str, ...]:
        """The names of this kind, however many."""
        found = self.names.get(kind, ())
        return (found,) if isinstance(found, str) else tuple(found)

    def number(self, kind: str = "number") -> int:
        """A number of things; 0 where it counts none of this kind."""
        return int(self.counts.get(kind, 0))


AS_WRITTEN = "as_written"


def as_written(sentence: str, languages: Mapping[str, str] | None = None) -> Notice:
    """What was a sentence already when it was kept, as plans of older versions have it; shown as it was written.

    ``languages``: the same sentence by the code of its language ("es", "en"), where it was kept in several.
    """
    return Notice(AS_WRITTEN, names={**(languages or {}), "sentence": sentence})
