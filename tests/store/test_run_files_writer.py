"""Writing a spool file: whole lines, whatever a test does to our descriptor."""

import errno
import os
from pathlib import Path

import pytest

from lapwing.store.run_files.writer import SpoolWriter


@pytest.fixture
def path(tmp_path):
    return tmp_path / "main.jsonl"


def test_lines_are_in_the_file_when_write_returns(path):
    writer = SpoolWriter(path)

    writer.write(b"one\n")
    writer.write(b"two\n")

    assert path.read_bytes() == b"one\ntwo\n"
    writer.close()


def test_an_existing_file_is_continued(path):
    path.write_bytes(b"zero\n")
    writer = SpoolWriter(path)

    writer.write(b"one\n")
    writer.close()

    assert path.read_bytes() == b"zero\none\n"


def test_a_descriptor_closed_by_a_test_is_opened_again(path):
    moved = []
    writer = SpoolWriter(path, lambda fd: moved.append(fd) or fd)
    writer.write(b"one\n")

    os.close(moved[-1])
    writer.write(b"two\n")
    writer.close()

    assert path.read_bytes() == b"one\ntwo\n"
    assert len(moved) == 2


def test_what_is_written_after_closing_is_dropped(path):
    writer = SpoolWriter(path)
    writer.close()
    writer.close()

    writer.write(b"late\n")

    assert path.read_bytes() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_is_told_with_the_folder():
    writer = SpoolWriter(Path("/dev/full"))

    with pytest.raises(OSError, match=r"No space .*'/dev'"):
        writer.write(b"one\n")

    writer.close()


def test_a_disk_that_fills_up_within_a_line_is_told_with_the_folder(path, monkeypatch):
    whole, room = os.write, [3]

    def until_full(fd, data):
        if not room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return whole(fd, data[: room.pop()])

    monkeypatch.setattr(os, "write", until_full)
    writer = SpoolWriter(path)

    with pytest.raises(OSError, match="No space") as caught:
        writer.write(b"a longer line\n")

    assert caught.value.filename == str(path.parent)


def test_a_line_that_the_system_takes_in_parts_is_written_whole(path, monkeypatch):
    whole = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: whole(fd, data[:3]))
    writer = SpoolWriter(path)

    writer.write(b"a longer line\n")
    writer.close()

    assert path.read_bytes() == b"a longer line\n"


def test_a_later_patch_of_os_write_does_not_reach_the_writer(path, monkeypatch):
    writer = SpoolWriter(path)
    monkeypatch.setattr(os, "write", None)

    writer.write(b"one\n")

    assert path.read_bytes() == b"one\n"


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FileNotFoundError):
        SpoolWriter(tmp_path / "nothing" / "main.jsonl")
