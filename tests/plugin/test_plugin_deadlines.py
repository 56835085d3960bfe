"""Deadlines: which test gets which, what stops it, and how that is recorded."""

import pytest

from lapwing.cli.main import main
from lapwing.config.load import load_settings
from lapwing.model.budget import DEADLINE, LimitVerdict
from lapwing.operations.judge_limits import judge_limits

TIMEOUT = ("pytest_timeout",)
SHORT = '[tool.lapwing]\ntimeouts = true\n[tool.lapwing.categories.unit]\ntimeout = "200ms"\n'


def configure(project, text=SHORT):
    (project.root / "pyproject.toml").write_text(text)


def stacks(project):
    return {each.nodeid.partition("::")[2]: each.stack for each in project.recorded().stopped}


# A loop in C that takes minutes and never lets go of the interpreter's lock.
STUCK = "def test_stuck(): sum(range(10**11))\n"
UNMARKED = "def test_it(request): assert request.node.get_closest_marker('timeout') is None"
SLEEPY = """
    import time
    def test_sleeps():
        time.sleep(5)
    def test_after():
        pass
"""


def test_a_test_over_its_deadline_is_stopped_and_recorded_with_time_and_stack(project):
    configure(project)
    project.pytester.makepyfile(SLEEPY)

    result = project.run(plugins=TIMEOUT, alone=True)

    result.assert_outcomes(passed=1, failed=1)
    assert project.outcomes() == {"test_sleeps": "timeout", "test_after": "passed"}
    # The timer of 0.2 s starts a little before the set-up whose time is the first to be recorded.
    assert 0.1e9 <= project.tests()["test_sleeps"].duration_ns < 5e9
    assert "time.sleep(5)" in stacks(project)["test_sleeps"]
    assert project.tests()["test_sleeps"].markers == ()


def test_a_deadline_that_a_budget_set_in_code_makes_is_judged_as_such(project):
    configure(project, "[tool.lapwing]\ntimeouts = true\ntimeout_factor = 2.0\n")
    project.pytester.makeconftest("import lapwing\nlapwing.set_performance_budget('unit', '100ms')")
    project.pytester.makepyfile(SLEEPY)

    project.run(plugins=TIMEOUT, alone=True)

    assert project.outcomes() == {"test_sleeps": "timeout", "test_after": "passed"}
    recorded = project.recorded()
    deadline = next(
        each.budget
        for each in judge_limits(load_settings(project.root, environ={}), recorded)
        if each.budget.metric == DEADLINE and each.verdict is LimitVerdict.BROKEN
    )
    assert (deadline.limit, deadline.origin) == (
        200_000_000,
        "budget × 2, set_performance_budget('unit') in code",
    )


def test_the_same_in_workers(project):
    configure(project)
    project.pytester.makepyfile(SLEEPY)

    result = project.run("-n", "2", plugins=(*TIMEOUT, "xdist"), alone=True)

    result.assert_outcomes(passed=1, failed=1)
    assert project.outcomes() == {"test_sleeps": "timeout", "test_after": "passed"}


@pytest.mark.parametrize("phase", ["setup", "call", "teardown"])
def test_a_deadline_that_passes_while_a_report_is_made_ends_no_session(project, phase):
    configure(project)
    project.pytester.makeconftest(f"""
        import time
        def pytest_runtest_logreport(report):
            if report.when == "{phase}" and "test_first" in report.nodeid:
                time.sleep(0.4)
    """)
    project.pytester.makepyfile("""
        import time
        def test_first():
            pass
        def test_second():
            pass
    """)

    result = project.run(plugins=TIMEOUT, alone=True)

    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()
    assert project.outcomes()["test_second"] == "passed"


@pytest.mark.parametrize(("takes", "outcome"), [(0.1, "passed"), (60, "timeout")])
def test_a_deadline_that_passed_before_the_tear_down_gives_it_a_second(project, takes, outcome):
    configure(project)
    project.pytester.makeconftest(f"""
        import time
        import pytest
        def pytest_runtest_logreport(report):
            if report.when == "call":
                time.sleep(0.3)
        @pytest.fixture
        def shop():
            yield
            time.sleep({takes})
    """)
    project.pytester.makepyfile("def test_it(shop): pass")

    result = project.run(plugins=TIMEOUT, alone=True)

    result.assert_outcomes(passed=1, errors=int(outcome == "timeout"))
    assert project.outcomes() == {"test_it": outcome}


def test_a_deadline_that_passed_between_phases_strikes_in_the_next(project):
    configure(project)
    project.pytester.makeconftest("""
        import time
        def pytest_runtest_logreport(report):
            if report.when == "setup":
                time.sleep(0.4)
    """)
    project.pytester.makepyfile("import time\ndef test_it():\n    time.sleep(60)\n")

    project.run(plugins=TIMEOUT, alone=True)

    assert project.outcomes() == {"test_it": "timeout"}


def test_a_strike_that_python_swallows_comes_again(project):
    configure(project)
    project.pytester.makeconftest("""
        from lapwing.plugin import deadline_guard
        deadline_guard._RENEWED_S = 0.2
    """)
    project.pytester.makepyfile("""
        import time
        class Slow:
            def __del__(self):
                time.sleep(60)
        def test_it():
            slow = Slow()
            del slow
            time.sleep(60)
    """)

    project.run(plugins=TIMEOUT, alone=True)

    assert project.outcomes() == {"test_it": "timeout"}


def test_a_stopped_set_up_is_a_timeout_too(project):
    configure(project)
    project.pytester.makepyfile("""
        import time, pytest
        @pytest.fixture
        def slow():
            time.sleep(5)
        def test_it(slow):
            pass
    """)

    project.run(plugins=TIMEOUT, alone=True)

    assert project.outcomes() == {"test_it": "timeout"}
    assert "time.sleep(5)" in stacks(project)["test_it"]


def test_without_timeouts_nobody_is_marked(project):
    configure(project, "[tool.lapwing]\ntimeouts = false\n")
    project.pytester.makepyfile(
        "def test_it(request): assert request.node.get_closest_marker('timeout') is None"
    )

    project.run(plugins=TIMEOUT).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("config", "seconds"),
    [
        ("", 1.0),
        ("timeout_factor = 2.5\n", 2.5),
        ('[tool.lapwing.categories.unit]\nbudget = "300ms"\n', 0.3),
        ('[tool.lapwing.categories.unit]\nbudget = "300ms"\ntimeout = "9s"\n', 9.0),
    ],
)
def test_the_deadline_is_that_of_the_category(project, config, seconds):
    configure(project, f"[tool.lapwing]\ntimeouts = true\n{config}")
    project.pytester.makepyfile(
        f"def test_it(request): assert request.node.get_closest_marker('timeout').args == ({seconds},)"
    )

    project.run(plugins=TIMEOUT).assert_outcomes(passed=1)


def test_a_deadline_of_zero_is_none(project):
    configure(project, '[tool.lapwing]\ntimeouts = true\n[tool.lapwing.categories.unit]\ntimeout = "0"\n')
    project.pytester.makepyfile(
        "def test_it(request): assert request.node.get_closest_marker('timeout') is None"
    )

    project.run(plugins=TIMEOUT).assert_outcomes(passed=1)


def test_the_method_is_handed_on(project):
    configure(project, '[tool.lapwing]\ntimeouts = true\ntimeout_method = "thread"\n')
    project.pytester.makepyfile(
        "def test_it(request):\n"
        "    assert request.node.get_closest_marker('timeout').kwargs == {'method': 'thread'}"
    )

    project.run(plugins=TIMEOUT).assert_outcomes(passed=1)


def test_an_explicit_mark_on_test_class_or_module_wins(project):
    configure(project)
    project.pytester.makepyfile(
        test_a="""
            import pytest
            @pytest.mark.timeout(7)
            def test_own(request): assert request.node.get_closest_marker('timeout').args == (7,)
            @pytest.mark.timeout(8)
            class TestIt:
                def test_class(self, request): assert request.node.get_closest_marker('timeout').args == (8,)
        """,
        test_b="""
            import pytest
            pytestmark = pytest.mark.timeout(9)
            def test_module(request): assert request.node.get_closest_marker('timeout').args == (9,)
        """,
    )

    project.run(plugins=TIMEOUT).assert_outcomes(passed=3)


def test_the_flag_wins_and_is_recorded_as_the_deadline_of_all(project):
    configure(project)
    project.pytester.makepyfile(
        "def test_it(request): assert request.node.get_closest_marker('timeout') is None"
    )

    project.run("--timeout", "5", plugins=TIMEOUT).assert_outcomes(passed=1)

    (limits,) = project.recorded().budgets
    assert (limits.nodeid, limits.budgets[0].metric, limits.budgets[0].limit) == (
        "",
        "deadline",
        5_000_000_000,
    )


def test_without_pytest_timeout_the_run_goes_on_and_the_install_line_is_told(project):
    configure(project)
    project.pytester.makepyfile("def test_it(): pass")

    result = project.run()

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["*timeouts = true needs pytest-timeout*", "*pip install 'lapwing[[]timeouts[]]'"]
    )


def test_deadlines_hold_without_tracking(project):
    configure(project)
    project.pytester.makepyfile(SLEEPY)

    project.run(plugins=TIMEOUT, tracked=False, alone=True).assert_outcomes(passed=1, failed=1)


def test_ended_by_the_thread_it_is_recorded_when_the_run_is_taken_in(project):
    configure(project, SHORT.replace("true", 'true\ntimeout_method = "thread"'))
    project.pytester.makepyfile(SLEEPY)

    result = project.run(plugins=TIMEOUT, alone=True)
    assert result.ret == 1
    (project.root / "test_sleepy.py").unlink(missing_ok=True)
    project.pytester.makepyfile("def test_next(): pass")
    project.run(plugins=TIMEOUT)

    killed = project.all_recorded()[0]
    assert killed.tests[-1].outcome == "timeout"
    assert killed.tests[-1].duration_ns >= 0.1e9
    assert "time.sleep(5)" in killed.stopped[0].stack


def test_code_that_holds_the_interpreters_lock_is_ended_at_last(project):
    configure(project, SHORT.replace("true", 'true\nstuck_after = "300ms"'))
    project.pytester.makepyfile(STUCK)

    result = project.run(plugins=TIMEOUT, alone=True)
    assert result.ret == 1
    project.pytester.makepyfile("def test_next(): pass")
    project.run(plugins=TIMEOUT)

    killed = project.all_recorded()[0]
    assert killed.tests[-1].outcome == "timeout"
    assert killed.tests[-1].duration_ns >= 0.3e9
    assert "test_stuck" in killed.stopped[0].stack


def test_one_worker_ended_so_leaves_the_others_their_tests(project):
    configure(project, SHORT.replace("true", 'true\nstuck_after = "300ms"'))
    project.pytester.makepyfile(STUCK + "def test_a(): pass\ndef test_b(): pass\n")

    project.run("-n", "2", plugins=(*TIMEOUT, "xdist"), alone=True)

    outcomes = project.outcomes()
    assert outcomes["test_stuck"] == "timeout"
    assert outcomes["test_a"] == outcomes["test_b"] == "passed"


SWALLOWED = """
import time
def test_swallows():
    end = time.monotonic() + 0.4
    while time.monotonic() < end:
        try:
            time.sleep(0.05)
        except BaseException:
            pass
"""


def test_a_test_that_swallows_its_stop_is_over_the_deadline_by_its_time(project, capsys):
    configure(project)
    project.pytester.makepyfile(SWALLOWED)
    project.run(plugins=TIMEOUT, alone=True).assert_outcomes(passed=1)

    code = main(["--root", str(project.root), "check"])

    assert code == 1
    assert project.outcomes() == {"test_swallows": "passed"}
    told = " ".join(capsys.readouterr().out.split())
    assert "FAILED: 1 over the deadline" in told
    assert "ran on past its deadline" in told


def test_a_test_that_ends_as_it_swallows_its_stop_is_over_the_deadline(project, capsys):
    """Its measured time may be a little under it: the timer was set before the first phase."""
    configure(project)
    source = "import time\ndef test_it():\n    try: time.sleep(5)\n    except BaseException: pass\n"
    project.pytester.makepyfile(source)
    project.run(plugins=TIMEOUT, alone=True).assert_outcomes(passed=1)

    code = main(["--root", str(project.root), "check"])

    assert code == 1
    assert "ran on past its deadline" in " ".join(capsys.readouterr().out.split())
    (stopped,) = project.recorded().stopped
    assert "time.sleep(5)" in stopped.stack


def test_a_mark_is_kept_behind_a_test_that_has_the_deadline_of_its_category(project):
    configure(project)
    project.pytester.makepyfile(
        test_order="import pytest\ndef test_a(): pass\n@pytest.mark.timeout(9)\ndef test_b(): pass\n"
    )

    project.run(plugins=TIMEOUT, alone=True).assert_outcomes(passed=2)

    origins = {(each.nodeid, budget.origin) for each in project.recorded().budgets for budget in each.budgets}
    assert origins == {("test_order.py::test_b", "@timeout at test_order.py:3")}


def test_a_stopped_test_is_over_its_deadline_with_the_mark_that_set_it(project, capsys):
    configure(project)
    source = "import time, pytest\n@pytest.mark.timeout(0.2)\ndef test_it(): time.sleep(5)\n"
    project.pytester.makepyfile(source)
    project.run(plugins=TIMEOUT, alone=True).assert_outcomes(failed=1)

    code = main(["--root", str(project.root), "check"])

    assert code == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "FAILED: 1 over the deadline" in told
    assert "@timeout at test_a_stopped_test_is_over_its_deadline_with_the_mark_that_set_it.py:2" in told
