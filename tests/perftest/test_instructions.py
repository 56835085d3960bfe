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


@pytest.fixture
def counted(tmp_path):
    """A module of its own: the processes that count import it, fifty times slower."""
    path = tmp_path / "counted.py"
    path.write_text("".join(map(inspect.getsource, (a_little, more))), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("counted", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow_suite
@pytest.mark.skipif(not is_there(), reason="valgrind is not installed")
def test_twice_the_work_takes_twice_the_instructions_and_the_same_work_the_same(counted):
    first, again, twice = map(instructions_per_call, (counted.a_little, counted.a_little, counted.more))

    assert first == pytest.approx(again, rel=1e-3)
    assert twice / first == pytest.approx(2, rel=0.1)


def test_without_valgrind_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setenv("PATH", "")

    with pytest.raises(MissingToolError, match="valgrind is not installed"):
        instructions_per_call(a_little)


@pytest.mark.skipif(not is_there(), reason="valgrind is not installed")
def test_a_function_inside_another_is_refused():
    with pytest.raises(ValueError, match="must stand in a module by itself"):
        instructions_per_call(lambda: None)
