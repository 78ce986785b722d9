"""One question that versions of Odoo want asked in different ways: which one this server knows, its answers tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from segmenter.errors import UnknownCall

Answer = TypeVar("Answer")


class Probe:
    """Remembers, for a session, the way in which each question was answered."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def ask(self, question: str, *ways: Callable[[], Answer]) -> Answer:
        """The answer by the first of ``ways`` that the server knows; from then on that way alone is gone.

        ``question`` names what is asked, whatever it is asked about. An error that does not mean an unknown call is
        the answer: it is raised, and so is that of the last way.
        """
        settled = self._known.get(question)
        if settled is not None:
            return ways[settled]()
        last = len(ways) - 1
        for number, way in enumerate(ways[:last]):
            try:
                answer = way()
            except UnknownCall:
                continue
            self._known[question] = number
            return answer
        answer = ways[last]()
        self._known[question] = last
        return answer
