"""Listeners to imports, beside each other and beside other finders of the kind."""

import importlib
import sys

import pytest

from lapwing.measure.probes.imports import ImportWatch


@pytest.fixture
def library(tmp_path, monkeypatch):
    (tmp_path / "watched_library.py").write_text("value = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "watched_library"
    sys.modules.pop("watched_library", None)


def test_two_that_watch_one_name_both_hear_of_it(library):
    heard = []
    watches = [ImportWatch([library], heard.append), ImportWatch([library], heard.append)]
    for watch in watches:
        watch.install()

    module = importlib.import_module(library)

    for watch in watches:
        watch.remove()
    assert heard == [module, module]


def test_a_name_that_nobody_finds_is_an_import_error_as_before(library):
    watches = [ImportWatch(["nobody_has_this"], print), ImportWatch(["nobody_has_this"], print)]
    for watch in watches:
        watch.install()

    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("nobody_has_this")

    for watch in watches:
        watch.remove()
