"""What a test uses that another could use at the same time is noted by name."""

import json
import socket
import sqlite3
from pathlib import Path

import pytest

from lapwing.measure.probes.file import FileProbe
from lapwing.measure.probes.socket import SocketProbe


@pytest.fixture
def work(tmp_path, monkeypatch):
    """A working folder of its own."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


@pytest.fixture
def noted(work, counters, libraries):
    """(act) -> the names that a test noted which does `act` in the working folder."""
    probes = [FileProbe(counters), SocketProbe(counters)]
    for probe in probes:
        probe.install()

    def note(act):
        counters.begin()
        try:
            act()
        finally:
            found = json.loads(counters.end())
        return {name for name in found if ":" in name}

    yield note
    for probe in probes:
        probe.remove()


def bind(port):
    with socket.socket() as server:
        server.bind(("127.0.0.1", port))
        return server.getsockname()[1]


def test_a_port_asked_for_by_number(noted):
    free = bind(0)

    assert noted(lambda: bind(free)) == {f"port:{free}"}


def test_any_free_port_is_nobodys(noted):
    assert noted(lambda: bind(0)) == set()


@pytest.mark.parametrize("mode", ["w", "a", "xb", "r+"])
def test_a_file_below_the_working_folder_that_is_opened_for_writing(noted, mode):
    if mode == "r+":
        Path("out.txt").touch()

    assert noted(lambda: open("out.txt", mode).close()) == {"writes:out.txt"}


def test_what_pathlib_writes(noted):
    Path("data").mkdir()

    assert noted(lambda: Path("data/out.txt").write_text("x")) == {"writes:data/out.txt"}


def test_files_that_are_read_hidden_or_elsewhere_are_not_shared(noted, tmp_path):
    Path("in.txt").touch()
    Path(".cache").mkdir()

    def act():
        Path("in.txt").read_text()
        open("in.txt", mode="rb").close()
        Path(".cache/x").write_text("x")
        (tmp_path / "x").write_text("x")

    assert noted(act) == set()


def test_a_database_in_a_file(noted):
    assert noted(lambda: sqlite3.connect("shop.db").close()) == {"database:shop.db"}
    assert noted(lambda: sqlite3.connect(":memory:").close()) == set()


def test_a_test_that_writes_everywhere_notes_a_few(noted):
    def act():
        for number in range(50):
            Path(f"{number}.txt").write_text("x")

    assert len(noted(act)) == 8
