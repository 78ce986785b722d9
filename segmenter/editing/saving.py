"""Writes an edited spec to its file: whole or not at all, and never over what somebody else wrote meanwhile."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from codecs import BOM_UTF8
from pathlib import Path

from segmenter.editing.document import SpecDocument, same
from segmenter.errors import SegmenterError
from segmenter.files import refuse_shared_link
from segmenter.i18n import _
from segmenter.spec.document import decode, read

_FULL = (errno.ENOSPC, errno.EDQUOT)


def former(file: Path) -> Path:
    """Where the file as it was before the last save is kept: ``viveros.yaml~`` beside ``viveros.yaml``."""
    return file.with_name(f"{file.name}~")


def save(document: SpecDocument, file: Path, *, expected: bytes) -> bytes:
    """Writes the document to its file, and gives the bytes that stand there now, to be ``expected`` the next time.

    ``expected``: the bytes that were read from the file. The former file is kept as `former` says. A link is followed.
    A spec with problems is saved as well: it is the state of the meeting.

    Raises SegmenterError, and leaves the file as it was, if it holds something else than what was read, or if it cannot
    be written.
    """
    refuse_shared_link(file)
    target = file.resolve()
    new = (BOM_UTF8 if expected.startswith(BOM_UTF8) else b"") + document.text.encode()
    made: list[Path] = []
    try:
        _check_unchanged(target, file, expected)
        if not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        mode = stat.S_IMODE(target.stat().st_mode)
        kept = _written_beside(target, expected, mode, made)
        fresh = _written_beside(target, new, mode, made)
        if not same(read(decode(fresh.read_bytes(), str(file)), str(file)).data, document.data):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        _check_unchanged(target, file, expected)
        kept.replace(former(target))
        fresh.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise _not_saved(file, error) from None
    finally:
        for leftover in made:
            leftover.unlink(missing_ok=True)
    return new


def _check_unchanged(target: Path, file: Path, expected: bytes) -> None:
    try:
        found = target.read_bytes()
    except FileNotFoundError:
        what = _("{file} is not there any more; it was deleted, moved or renamed meanwhile").format(file=file)
        raise SegmenterError(what, todo=_("put it back, or save the spec under another name")) from None
    if found != expected:
        raise SegmenterError(
            _("{file} was changed by somebody else meanwhile, and was not saved over").format(file=file),
            todo=_(
                "save the spec under another name and compare the two, or open the page again with what the file holds"
            ),
        )


def _written_beside(target: Path, content: bytes, mode: int, made: list[Path]) -> Path:
    """A new file with the content in the same folder, on the disk for sure."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    path = Path(name)
    made.append(path)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    path.chmod(mode)
    return path


def _sync_folder(folder: Path) -> None:
    """Makes sure that the new name is on the disk, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _not_saved(file: Path, error: OSError) -> SegmenterError:
    if error.errno in _FULL:
        what, todo = _("{file} was not saved, for the disk is full; it is as it was"), _("make room and save again")
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        what = _("{file} was not saved, for it or its folder may not be written; it is as it was")
        todo = _("change its rights, or save the spec under another name")
    else:
        what = _("{file} was not saved, for the disk answers with an error; it is as it was")
        todo = _("save the spec under another name, on another disk")
    return SegmenterError(what.format(file=file), todo=todo)
