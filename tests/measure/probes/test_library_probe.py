"""Libraries are met when the tests import them, in tests of some categories, and put back."""

import importlib
import json
import sys

import pytest

from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.imports import ImportWatch
from lapwing.measure.probes.library import LIBRARIES, LibraryProbe

SQL = '"integration",[]'


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A module that can be imported, and is forgotten afterwards."""
    (tmp_path / "bird_of_passage.py").write_text("loader = __spec__.loader\nlanded = True\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield "bird_of_passage"
    sys.modules.pop("bird_of_passage", None)


@pytest.fixture
def watch():
    """(names, found) -> a watch that listens until the end of the test."""
    installed = []

    def start(names, found):
        made = ImportWatch(names, found)
        made.install()
        installed.append(made)
        return made

    yield start
    for made in installed:
        made.remove()


def test_a_module_is_told_once_it_has_been_executed(package, watch):
    told = []
    watch([package], lambda module: told.append((module.__name__, module.landed)))

    module = importlib.import_module(package)
    importlib.import_module(package)

    assert told == [(package, True)]
    assert type(module.loader).__module__ != "lapwing.measure.probes.imports"
    assert module.__loader__ is module.__spec__.loader is module.loader


def test_a_module_that_is_there_is_told_at_once(watch):
    told = []

    watch(["json", "no_such_module_at_all"], told.append)

    assert told == [json]


def test_a_module_that_is_not_there_is_still_not_there(watch):
    watch(["no_such_module_at_all"], pytest.fail)

    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("no_such_module_at_all")


def test_a_module_that_fails_is_not_told(tmp_path, monkeypatch, watch):
    (tmp_path / "bird_that_falls.py").write_text("raise RuntimeError('fell')\n")
    monkeypatch.syspath_prepend(tmp_path)
    watch(["bird_that_falls"], pytest.fail)

    with pytest.raises(RuntimeError, match="fell"):
        importlib.import_module("bird_that_falls")


def test_a_removed_watch_leaves_the_finders_as_they_were(watch):
    before = list(sys.meta_path)
    made = watch(["json"], lambda module: None)

    made.remove()
    made.remove()

    assert sys.meta_path == before


def test_a_library_that_is_not_as_expected_is_left_alone(monkeypatch, package):
    monkeypatch.setitem(LIBRARIES, package, ("sql", "lapwing.measure.probes.sql.sqlite"))
    probe = LibraryProbe(None, Counters())
    probe.install()

    try:
        assert importlib.import_module(package).landed
    finally:
        probe.remove()


def test_a_category_says_which_probes_count():
    sqlite3 = importlib.import_module("sqlite3")
    counters = Counters({"unit": ("time",), "integration": ("time", "sql")})
    probe = LibraryProbe({"time", "sql"}, counters)
    probe.install()
    connection = sqlite3.connect(":memory:")

    counts = []
    for meta in ('"unit",["slow"]', SQL, '"stranger",[]'):
        counters.begin(meta)
        connection.execute("SELECT 1")
        counts.append(list(json.loads(counters.end())))
    connection.close()
    probe.remove()

    assert counts == [[], ["sql_queries"], []]


def test_a_library_that_no_category_wants_is_not_touched():
    sqlite3 = importlib.import_module("sqlite3")
    before = sqlite3.connect
    probe = LibraryProbe({"time"}, Counters())

    probe.install()
    during = sqlite3.connect
    probe.remove()

    assert during is before


def test_a_library_imported_in_a_test_counts_in_that_test(monkeypatch):
    sqlite3 = importlib.import_module("sqlite3")
    monkeypatch.delitem(sys.modules, "sqlite3")
    counters = Counters()
    probe = LibraryProbe(None, counters)
    probe.install()
    counters.begin()

    fresh = importlib.import_module("sqlite3")
    fresh.connect(":memory:").execute("SELECT 1").connection.close()
    text = counters.end()
    probe.remove()

    assert json.loads(text)["sql_queries"][0] == 1
    assert fresh.connect is sqlite3.dbapi2.connect
