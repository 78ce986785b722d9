"""Apply, resume, undo: the only package, with the command line, that is given a writer."""

from segmenter.execution.apply import apply, check_approved, resume
from segmenter.execution.report import Left, Progress, RunReport, UndoPreview
from segmenter.execution.run import BATCH_SIZE, CONNECTIONS, Pace
from segmenter.execution.runner import Connect
from segmenter.execution.undo import preview_undo, undo

__all__ = [
    "BATCH_SIZE",
    "CONNECTIONS",
    "Connect",
    "Left",
    "Pace",
    "Progress",
    "RunReport",
    "UndoPreview",
    "apply",
    "check_approved",
    "preview_undo",
    "resume",
    "undo",
]
