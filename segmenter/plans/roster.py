"""What each record of a scope held when a plan was made: its reports can tell of those that do not change, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from segmenter.plans.changes import Json
from segmenter.record_set import RecordSet


@dataclass(frozen=True)
class Roster:
    """What a plan saw of the records that it may touch.

    ``held``: field -> value -> the records that held it, None for nothing; of the stage and the salesperson, as far as
    the model has them. ``labels``: ``"field:value"`` -> what the client calls it. ``revenue``: record -> expected
    revenue in the plan's currency; empty where nobody knows any. ``moved``: record -> the UTC moment at which its
    stage last changed, as the server writes it; empty where that was not read. ``told``: ``city``, ``phone`` and
    ``email`` -> record -> what it says there; each only where that was read, and without the records that say nothing.

    Of an export that can be imported again: ``external``: record -> its External ID; ``lists``: record -> many-valued
    field -> the names of all that it held, the people's own too. Both are of all records of the export.
    """

    held: Mapping[str, Mapping[Json, RecordSet]]
    labels: Mapping[str, str] = field(default_factory=dict)
    revenue: Mapping[int, float] = field(default_factory=dict)
    moved: Mapping[int, str] = field(default_factory=dict)
    told: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    external: Mapping[int, str] = field(default_factory=dict)
    lists: Mapping[int, Mapping[str, Sequence[str]]] = field(default_factory=dict)
