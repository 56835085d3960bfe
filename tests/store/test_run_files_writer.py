"""Writing a spool file: whole lines, whatever a test does to our descriptor."""

import errno
import os

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


def test_a_full_disk_is_told(path, monkeypatch):
    def full(fd, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    writer = SpoolWriter(path)

    with pytest.raises(OSError, match="No space"):
        writer.write(b"one\n")


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
