"""Imports watched in this process, of modules made for it."""

import sys
import traceback

import pytest

from lapwing.measure.slow_imports import SlowImports


@pytest.fixture
def watched(tmp_path, monkeypatch):
    """Writes modules, imports the first of them under a watch, and gives the costs by module."""
    monkeypatch.syspath_prepend(str(tmp_path))
    made = []

    def watch(**sources):
        for name, source in sources.items():
            made.append(name)
            (tmp_path / f"{name}.py").write_text(source)
        entry = tmp_path / "entry.py"
        entry.write_text(f"\nimport {made[0]}\n")
        looking = SlowImports()
        looking.start()
        try:
            exec(compile(entry.read_text(), str(entry), "exec"), {})
        finally:
            looking.stop()
        return {each.module: each for each in looking.costs(str(tmp_path))}

    yield watch
    for name in made:
        sys.modules.pop(name, None)


def test_each_module_is_told_with_the_line_that_imported_it_first(watched):
    found = watched(
        lw_first="import lw_second\nimport lw_third\n", lw_second="\n\nimport lw_third\n", lw_third=""
    )

    assert found["lw_first"].imported_by == "entry.py:2"
    assert found["lw_second"].imported_by == "lw_first.py:1"
    assert found["lw_third"].imported_by == "lw_second.py:3"


def test_cumulative_time_is_own_time_and_that_of_the_imports_inside(watched):
    found = watched(lw_first="import lw_second", lw_second="import lw_third", lw_third="sum(range(10_000))")

    assert found["lw_third"].own_ns == found["lw_third"].cumulative_ns > 0
    assert found["lw_second"].cumulative_ns == found["lw_second"].own_ns + found["lw_third"].cumulative_ns
    assert found["lw_first"].cumulative_ns == found["lw_first"].own_ns + found["lw_second"].cumulative_ns


def test_a_module_that_cannot_be_imported_is_its_importers_own_time(watched):
    source = "try:\n    import lw_missing\nexcept ImportError:\n    pass\nimport lw_second\n"
    found = watched(lw_first=source, lw_second="")

    assert "lw_missing" not in found
    assert found["lw_first"].cumulative_ns == found["lw_first"].own_ns + found["lw_second"].cumulative_ns


def test_a_failing_import_has_the_traceback_that_it_would_have(watched):
    with pytest.raises(ZeroDivisionError) as raised:
        watched(lw_first="import lw_second", lw_second="1 / 0")

    files = [frame.filename.rpartition("/")[2] for frame in traceback.extract_tb(raised.value.__traceback__)]
    assert files[-3:] == ["entry.py", "lw_first.py", "lw_second.py"]


def test_afterwards_the_import_system_is_as_it_was(watched):
    before = sys.modules["_frozen_importlib"]._find_and_load

    watched(lw_first="")

    assert sys.modules["_frozen_importlib"]._find_and_load is before
