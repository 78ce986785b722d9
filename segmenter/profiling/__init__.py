"""What is in a CRM before anything is agreed: counted by the server, over a reader, in a number of calls that does
not grow with the records."""

from segmenter.profiling.alike import alike
from segmenter.profiling.count import profile
from segmenter.profiling.draft import draft
from segmenter.profiling.model import (
    Averages,
    Crossing,
    CrossingRow,
    Duplicates,
    FieldProfile,
    Profile,
    Spread,
    Stale,
    Tag,
    Value,
)

__all__ = [
    "Averages",
    "Crossing",
    "CrossingRow",
    "Duplicates",
    "FieldProfile",
    "Profile",
    "Spread",
    "Stale",
    "Tag",
    "Value",
    "alike",
    "draft",
    "profile",
]
