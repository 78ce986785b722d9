"""An edited spec is saved whole or not at all, and never over what somebody else wrote."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from segmenter.editing import Put, edit, open_document
from segmenter.editing.saving import former, save
from segmenter.errors import SegmenterError
from segmenter.spec.document import decode

TEXT = "# Criterios\nversion: 1\nclient: {name: Ñandú}   # quién\n"


def opened(file: Path, raw: bytes) -> bytes:
    file.write_bytes(raw)
    return raw


def changed(raw: bytes, file: Path):
    return edit(open_document(decode(raw, str(file)), str(file)), Put(("client", "name"), "Álamo"))


def test_the_new_text_is_there_and_the_former_one_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "viveros.yaml"
    raw = opened(file, TEXT.encode())
    file.chmod(0o640)
    saved = save(changed(raw, file), file, expected=raw)
    assert file.read_bytes() == saved == TEXT.replace("Ñandú", "Álamo").encode()
    assert former(file).read_bytes() == raw
    assert former(file).name == "viveros.yaml~"
    assert [path.stat().st_mode & 0o777 for path in (file, former(file))] == [0o640, 0o640]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["viveros.yaml", "viveros.yaml~"]
    again = save(open_document("version: 1\n", "x"), file, expected=saved)
    assert (file.read_bytes(), former(file).read_bytes()) == (again, saved)


def test_a_byte_order_mark_and_windows_line_breaks_stay(tmp_path: Path) -> None:
    file = tmp_path / "viveros.yaml"
    raw = opened(file, b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    saved = save(changed(raw, file), file, expected=raw)
    assert saved == b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").replace("Ñandú", "Álamo").encode()


def test_what_somebody_else_wrote_meanwhile_is_not_saved_over(tmp_path: Path) -> None:
    file = tmp_path / "viveros.yaml"
    raw = opened(file, TEXT.encode())
    file.write_bytes(raw + b"# theirs\n")
    with pytest.raises(SegmenterError, match="changed by somebody else") as caught:
        save(changed(raw, file), file, expected=raw)
    assert "another name" in caught.value.todo
    assert file.read_bytes() == raw + b"# theirs\n"
    assert not former(file).exists()
    file.unlink()
    with pytest.raises(SegmenterError, match="not there any more"):
        save(changed(raw, file), file, expected=raw)


@pytest.mark.parametrize(
    ("code", "words"), [(errno.ENOSPC, "disk is full"), (errno.EROFS, "may not be written"), (errno.EIO, "an error")]
)
def test_a_failing_disk_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    file = tmp_path / "viveros.yaml"
    raw = opened(file, TEXT.encode())

    def fails(_handle: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(SegmenterError, match=words) as caught:
        save(changed(raw, file), file, expected=raw)
    assert caught.value.todo
    assert "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["viveros.yaml"]
    assert file.read_bytes() == raw


def test_a_file_that_may_not_be_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "viveros.yaml"
    raw = opened(file, TEXT.encode())
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    with pytest.raises(SegmenterError, match="may not be written"):
        save(changed(raw, file), file, expected=raw)
    assert file.read_bytes() == raw


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_link_is_followed(tmp_path: Path) -> None:
    file, link = tmp_path / "viveros.yaml", tmp_path / "link.yaml"
    raw = opened(file, TEXT.encode())
    link.symlink_to(file)
    save(changed(raw, link), link, expected=raw)
    assert link.is_symlink()
    assert "Álamo" in file.read_text("utf-8")
