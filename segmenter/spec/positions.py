"""Where each key and list item of a spec stands in its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from segmenter.errors import Path, Problem


@dataclass(frozen=True)
class Positions:
    """Path -> (line, column), from 1. A path that ends in a key stands where the key does, one that ends in a list
    position where the item does; so a problem is shown where a reader would look for it."""

    file: str = ""
    places: Mapping[Path, tuple[int, int]] = field(default_factory=dict)

    def place(self, path: Path) -> str:
        """``file:line:col`` of a path, or of the nearest thing around it that the file has."""
        for length in range(len(path), -1, -1):
            found = self.places.get(path[:length])
            if found is not None:
                return f"{self.file}:{found[0]}:{found[1]}"
        return self.file

    def located(self, problem: Problem) -> Problem:
        """The problem with its place, kept if it has one already."""
        return problem if problem.place else replace(problem, place=self.place(problem.path))


def order(problem: Problem) -> tuple[int, int]:
    """Sorts located problems as the file runs."""
    parts = problem.place.rsplit(":", 2)
    return (int(parts[1]), int(parts[2])) if len(parts) == 3 else (0, 0)
