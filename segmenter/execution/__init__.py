"""Apply, resume, undo: the only package, with the command line, that is given a writer."""

from segmenter.execution.apply import apply, resume
from segmenter.execution.by_admin import delete_left_behind, left_behind, preview_deletion
from segmenter.execution.checks import check_approved
from segmenter.execution.forecast import calls_of
from segmenter.execution.journal import Progress
from segmenter.execution.run import BATCH_SIZE, CONNECTIONS, Connect, Pace
from segmenter.execution.undo import preview_undo, undo, undone_by

__all__ = [
    "BATCH_SIZE",
    "CONNECTIONS",
    "Connect",
    "Pace",
    "Progress",
    "apply",
    "calls_of",
    "check_approved",
    "delete_left_behind",
    "left_behind",
    "preview_deletion",
    "preview_undo",
    "resume",
    "undo",
    "undone_by",
]
