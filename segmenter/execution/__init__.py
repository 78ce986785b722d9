"""Apply, resume, undo: the only package, with the command line, that is given a writer."""

from segmenter.execution.apply import apply, check_approved, resume
from segmenter.execution.progress import Progress
from segmenter.execution.run import BATCH_SIZE, CONNECTIONS, Pace
from segmenter.execution.runner import Connect
from segmenter.execution.undo import preview_undo, undo, undone_by

__all__ = [
    "BATCH_SIZE",
    "CONNECTIONS",
    "Connect",
    "Pace",
    "Progress",
    "apply",
    "check_approved",
    "preview_undo",
    "resume",
    "undo",
    "undone_by",
]
