"""Tests that meddle with what the recorder stands on: clocks, descriptors, processes, modules."""

import re

import pytest

# To be put after a test in an indented text.
AFTER = """
        def test_after():
            pass
"""


@pytest.mark.parametrize(
    "body",
    [
        "monkeypatch.setattr(time, 'time', lambda: 0.0)",
        "monkeypatch.setattr(time, 'time_ns', lambda: 0)",
        "monkeypatch.setattr(time, 'perf_counter', lambda: 1e12)",
        "monkeypatch.setattr(time, 'perf_counter_ns', lambda: 10**21)",
        "monkeypatch.setattr(time, 'process_time_ns', lambda: 'nonsense')",
        "monkeypatch.setattr(time, 'sleep', lambda seconds: None); time.sleep(1000)",
        "monkeypatch.setattr(time, 'monotonic', lambda: 0.0)",
    ],
    ids=lambda body: body.split("'")[1],
)
def test_patched_clocks_do_not_reach_the_recorder(project, body):
    project.pytester.makepyfile(
        f"""
        import time

        def test_it(monkeypatch):
            {body}
        {AFTER}
        """
    )

    result = project.run()

    project.assert_undisturbed(result)
    hour = 3600 * 10**9
    for record in project.tests().values():
        assert 0 <= record.duration_ns < hour
        assert 0 <= record.start_ns < hour
        assert 0 <= record.cpu_ns < hour
    assert "sleep" not in project.tests()["test_it"].counters


@pytest.mark.parametrize(
    "body",
    [
        "with freezegun.freeze_time('1999-01-01'): pass",
        "with freezegun.freeze_time('2199-01-01', auto_tick_seconds=1000): time.time()",
        "freezegun.freeze_time('1999-01-01').start()",
        "with time_machine.travel(0): pass",
        "time_machine.travel(5e9, tick=False).start()",
    ],
)
def test_frozen_and_moved_time_does_not_reach_the_recorder(project, body):
    library = "freezegun" if "freezegun" in body else "time_machine"
    pytest.importorskip(library)
    project.pytester.makepyfile(
        f"""
        import time
        import {library}

        def test_it():
            {body}
        {AFTER}
        """
    )

    result = project.run(alone="start" in body)

    project.assert_undisturbed(result)
    hour = 3600 * 10**9
    for record in project.tests().values():
        assert 0 <= record.duration_ns < hour
        assert 0 <= record.start_ns < hour
    assert 0 <= project.recorded().run.duration_ns < hour


@pytest.mark.parametrize(
    "body",
    [
        "monkeypatch.setattr(os, 'getpid', lambda: -1)",
        "monkeypatch.setattr('builtins.open', None)",
        "monkeypatch.setattr(os, 'write', None)",
        "monkeypatch.setattr(os, 'pread', None)",
        "monkeypatch.setattr('json.dumps', None); request.getfixturevalue('met_here_first')",
        "monkeypatch.setattr('json.JSONEncoder', None); request.getfixturevalue('met_here_first')",
        "monkeypatch.setattr('threading.active_count', None)",
        "monkeypatch.setattr('resource.getrusage', None)",
        "monkeypatch.setattr('pathlib.Path.is_relative_to', None)",
        "gc.callbacks.clear()",
        "gc.disable()",
        "import lapwing.store.run_files.line; sys.modules.pop('lapwing.store.run_files.line')",
        "os.environ.clear()",
        "os.environ['PERFORMANCE_MONITORING'] = 'false'",
        "sys.stdout = None",
        "warnings.simplefilter('error')",
        "logging.disable()",
        "threading.settrace(None); sys.settrace(None); sys.setprofile(None)",
        "sys.setrecursionlimit(sys.getrecursionlimit() * 2)",
        "random.seed(0)",
    ],
)
def test_patched_modules_and_interpreter_state_do_not_disturb(project, monkeypatch, body):
    project.pytester.makepyfile(
        f"""
        import gc, logging, os, random, sys, threading, warnings
        import pytest

        @pytest.fixture
        def met_here_first():
            pass

        @pytest.fixture(autouse=True)
        def tidy():
            kept = dict(os.environ), list(gc.callbacks), sys.stdout, sys.getrecursionlimit()
            yield
            os.environ.clear()
            os.environ.update(kept[0])
            gc.enable()
            sys.stdout = kept[2]
            sys.setrecursionlimit(kept[3])
            logging.disable(0)

        def test_it(request, monkeypatch):
            {body}
        {AFTER}
        """
    )

    # Without its trace function, coverage would be blind in this process from here on.
    result = project.run(alone="settrace" in body)

    project.assert_undisturbed(result)


def test_built_in_functions_behave_as_without_us(pytester):
    pytester.makepyfile(
        """
        import _io, builtins, inspect, io, os, pickle, subprocess, time, types

        class Reader:
            nap = time.sleep
            opener = open
            run = os.system

        def test_kept_as_attributes_of_a_class():
            Reader().nap(0)
            Reader().opener(os.devnull).close()
            Reader().run("true")

        def test_identity_kind_and_text():
            assert open is io.open is _io.open is builtins.open
            assert isinstance(time.sleep, types.BuiltinFunctionType)
            assert inspect.isbuiltin(open) and inspect.isbuiltin(time.sleep)
            assert repr(open).startswith("<built-in function open")
            assert pickle.loads(pickle.dumps(time.sleep)) is time.sleep
            assert pickle.loads(pickle.dumps(open)) is open
            assert list(inspect.signature(open).parameters)[0] == "file"
        """
    )

    result = pytester.runpytest_subprocess(
        "--track-performance", "-p", "no:cacheprovider", "-p", "no:asyncio"
    )

    result.assert_outcomes(passed=2)


def test_failures_are_shown_as_without_us(pytester):
    pytester.makepyfile(
        """
        import unittest
        import pytest

        @pytest.fixture
        def inner():
            raise RuntimeError("in set-up")

        @pytest.fixture
        def outer(request):
            return request.getfixturevalue("inner")

        @pytest.fixture
        def late():
            yield
            raise RuntimeError("in tear-down")

        def test_set_up(inner): pass
        def test_nested(outer): pass
        def test_tear_down(late): pass
        def test_call(): assert [1, 2] == [1, 3]
        def test_unknown(no_such_fixture): pass

        def test_subtests(subtests):
            with subtests.test("one"):
                assert False

        class TestCase(unittest.TestCase):
            def setUp(self):
                raise ValueError("in setUp")

            def test_it(self): pass
        """
    )
    plain = ("-q", "-rA", "-p", "no:cacheprovider", "-p", "no:asyncio")

    without = pytester.runpytest_subprocess(*plain)
    tracked = pytester.runpytest_subprocess(*plain, "--track-performance")

    # But the last line, which tells how long it took, and addresses.
    before, after = (
        [re.sub("0x[0-9a-f]+", "", line) for line in result.outlines[:-1] if not line.startswith("lapwing: ")]
        for result in (without, tracked)
    )
    assert after == before


def test_a_failing_call_is_shown_where_the_user_wrote_it(pytester):
    pytester.makepyfile("def test_it(): open('/no/such/file')")

    result = pytester.runpytest_subprocess(
        "--track-performance", "-p", "no:cacheprovider", "-p", "no:asyncio"
    )

    result.stdout.no_fnmatch_line("*counted_call.py*")
