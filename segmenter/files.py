"""Protects files with a client's data: only their owner can read them, and nobody else's link leads them elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_IWGRP, S_IWOTH

from segmenter.errors import SegmenterError
from segmenter.i18n import _


@contextmanager
def private_files() -> Iterator[None]:
    """Files created inside the block, by libraries too, are readable and writable by their owner only (0600, 0700)."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def refuse_shared_link(file: Path) -> None:
    """Raises `SegmenterError` where ``file`` is a symbolic link in a folder that others may write.

    Anybody there could have made it, to have us overwrite a file of ours, or write a client's data into one of theirs.
    """
    if os.name != "posix" or not file.is_symlink():
        return
    if file.parent.stat().st_mode & (S_IWGRP | S_IWOTH):
        raise SegmenterError(
            _("{file} is a symbolic link in a folder that others may write").format(file=file),
            todo=_("name the file that it points to, or a folder of your own"),
        )
