"""Folders of runs: facts at both ends, and who still writes."""

import errno
import os
import subprocess
import sys

import pytest

from lapwing.model.run import Run
from lapwing.store.run_files.folder import (
    create_run_folder,
    hold,
    is_held,
    let_go,
    read_facts,
    remove_run_folder,
    run_folders,
    write_end,
)
from lapwing.store.run_files.reader import process_files

RUN = Run(run_id="01a1fb0b-9f5a-72ae-9846-5d516601ac09", started_at_ns=5, duration_ns=0, command=("a\udc80",))


@pytest.fixture
def folder(tmp_path):
    return create_run_folder(tmp_path, RUN)


def test_facts_of_a_run_that_began(folder):
    facts = read_facts(folder)

    assert (facts.started, facts.ended, facts.pid) == (RUN, None, os.getpid())


def test_facts_of_a_run_that_ended(folder):
    ended = RUN._replace(duration_ns=7, is_complete=True)

    write_end(folder, ended)

    assert read_facts(folder).ended == ended


def test_what_has_not_changed_since_the_start_is_not_written_again(folder):
    ended = RUN._replace(duration_ns=7, is_complete=True)

    write_end(folder, ended, started=RUN)

    assert read_facts(folder).ended == ended
    assert RUN.run_id not in (folder / "end.json").read_text()


def test_two_runs_of_one_id_cannot_begin(folder, tmp_path):
    with pytest.raises(FileExistsError):
        create_run_folder(tmp_path, RUN)


def test_a_full_disk_is_told_with_the_folder(folder, monkeypatch):
    def full(fd, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)

    with pytest.raises(OSError, match="No space") as caught:
        write_end(folder, RUN)

    assert caught.value.filename == str(folder)


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b"[]", b'{"format": 1}', b'{"format": 1, "run": {}, "pid": 1}']
)
def test_a_start_that_is_not_whole_tells_nothing(folder, content):
    if content is None:
        (folder / "run.json").unlink()
    else:
        (folder / "run.json").write_bytes(content)

    assert read_facts(folder) is None


def test_an_end_that_is_not_whole_is_no_end(folder):
    (folder / "end.json").write_bytes(b'{"format"')

    assert read_facts(folder).ended is None


def test_a_newer_format_is_refused_by_name(folder):
    (folder / "run.json").write_text('{"format": 2}')

    with pytest.raises(ValueError, match="format 2, this version reads 1"):
        read_facts(folder)


def test_a_folder_is_held_until_every_writer_let_go(folder):
    first, second = hold(folder), hold(folder)
    assert is_held(folder)

    let_go(first)
    assert is_held(folder)

    let_go(second)
    assert not is_held(folder)


def test_a_killed_process_holds_nothing(folder):
    code = (
        "import os, sys; from pathlib import Path; from lapwing.store.run_files.folder import hold;"
        "hold(Path(sys.argv[1])); print(flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    child.stdout.readline()
    assert is_held(folder)

    child.kill()
    child.communicate()

    assert not is_held(folder)


def test_letting_go_of_what_a_test_has_closed_is_harmless(folder):
    fd = hold(folder)
    os.close(fd)

    let_go(fd)
    let_go(-1)


def test_a_folder_without_a_lock_is_not_held(tmp_path):
    assert not is_held(tmp_path / "nothing")


def test_folders_are_listed_oldest_first_and_files_passed_over(tmp_path):
    for name in ("02", "01"):
        (tmp_path / name).mkdir()
    (tmp_path / "00").write_text("a file")

    assert [each.name for each in run_folders(tmp_path)] == ["01", "02"]
    assert list(run_folders(tmp_path / "nothing")) == []


def test_a_removed_folder_is_gone_and_removing_it_again_is_harmless(folder):
    remove_run_folder(folder)
    remove_run_folder(folder)

    assert not folder.exists()


def test_files_of_processes_are_listed_by_name(folder):
    for name in ("gw1.jsonl", "gw0.jsonl", "main.jsonl", "notes.txt"):
        (folder / name).touch()

    assert [path.name for path in process_files(folder)] == ["gw0.jsonl", "gw1.jsonl", "main.jsonl"]
