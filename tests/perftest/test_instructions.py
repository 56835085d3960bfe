"""Instructions of a call, counted by the real valgrind."""

import importlib.util
import inspect

import pytest

from lapwing.errors import MissingToolError
from lapwing.perftest.instructions import instructions_per_call, is_there


def a_little():
    return sum(range(1_000))


def more():
    return sum(range(2_000))


def broken():
    return 1 / 0


@pytest.fixture
def counted(tmp_path):
    """A module of its own: the processes that count import it, fifty times slower."""
    path = tmp_path / "counted.py"
    path.write_text("".join(map(inspect.getsource, (a_little, more, broken))), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("counted", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow_suite
@pytest.mark.skipif(not is_there(), reason="valgrind is not installed")
def test_twice_the_work_takes_twice_the_instructions(counted):
    assert instructions_per_call(counted.more) / instructions_per_call(counted.a_little) == pytest.approx(
        2, rel=0.1
    )


@pytest.mark.slow_suite
@pytest.mark.skipif(not is_there(), reason="valgrind is not installed")
def test_files_that_come_to_where_modules_are_looked_for_change_nothing(counted, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    before = instructions_per_call(counted.a_little)

    for number in range(500):
        (tmp_path / f"data.{number}").touch()

    assert instructions_per_call(counted.a_little) == pytest.approx(before, rel=1e-4)


@pytest.mark.slow_suite
@pytest.mark.skipif(not is_there(), reason="valgrind is not installed")
def test_what_a_call_raises_is_told(counted):
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        instructions_per_call(counted.broken)


def test_without_valgrind_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setenv("PATH", "")

    with pytest.raises(MissingToolError, match="valgrind is not installed"):
        instructions_per_call(a_little)


@pytest.mark.skipif(not is_there(), reason="valgrind is not installed")
def test_a_function_inside_another_is_refused():
    with pytest.raises(ValueError, match="must stand in a module by itself"):
        instructions_per_call(lambda: None)


async def awaited():
    pass


@pytest.mark.skipif(not is_there(), reason="valgrind is not installed")
@pytest.mark.parametrize(
    ("function", "told"),
    [(len, "len cannot be imported"), (awaited, "is async"), (42, "42 cannot be called")],
)
def test_what_another_process_cannot_run_is_refused(function, told):
    with pytest.raises((TypeError, ValueError), match=told):
        instructions_per_call(function)
