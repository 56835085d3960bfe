"""Switching recording on and off, and what is recorded by whom."""

import pytest

TOML = "[tool.lapwing]\n"


@pytest.fixture
def suite(project):
    project.pytester.makepyfile("def test_a(): pass")
    return project


def is_recorded(project):
    return len(project.all_recorded()) == 1


def test_nothing_happens_unless_asked(suite):
    result = suite.run(tracked=False)

    assert not (suite.root / ".lapwing").exists()
    result.stdout.no_fnmatch_line("*lapwing*")


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("1", True), ("false", False), ("", False)])
def test_the_environment_switches(suite, monkeypatch, value, expected):
    monkeypatch.setenv("PERFORMANCE_MONITORING", value)

    suite.run(tracked=False)

    assert is_recorded(suite) is expected


def test_the_project_switches_on(suite):
    suite.pytester.makepyprojecttoml(f"{TOML}track = true")

    suite.run(tracked=False)

    assert is_recorded(suite)


def test_the_environment_switches_off_what_the_project_switches_on(suite, monkeypatch):
    suite.pytester.makepyprojecttoml(f"{TOML}track = true")
    monkeypatch.setenv("PERFORMANCE_MONITORING", "false")

    suite.run(tracked=False)

    assert not is_recorded(suite)


def test_the_flag_switches_on_what_the_environment_switches_off(suite, monkeypatch):
    monkeypatch.setenv("PERFORMANCE_MONITORING", "false")

    suite.run()

    assert is_recorded(suite)


def test_a_blocked_plugin_knows_no_flag_and_does_nothing(suite, monkeypatch):
    monkeypatch.setenv("PERFORMANCE_MONITORING", "true")

    result = suite.pytester.runpytest_inprocess("-p", "no:lapwing.plugin", "-p", "no:lapwing")

    assert result.ret == 0
    assert not (suite.root / ".lapwing").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--collect-only"],
        ["--collect-only", "-q"],
        ["--fixtures"],
        ["--fixtures-per-test"],
        ["--setup-plan"],
        ["--setup-only"],
        ["--markers"],
        ["--version"],
        ["--help"],
    ],
    ids=" ".join,
)
def test_looking_only_records_nothing(suite, arguments):
    result = suite.run(*arguments)

    assert result.ret == 0
    assert suite.all_recorded() == []
    assert suite.spool() == []


def test_setup_show_runs_tests_and_is_recorded(suite):
    suite.run("--setup-show")

    assert is_recorded(suite)


def test_no_tests_leave_nothing_behind(project):
    project.pytester.makepyfile("x = 1")

    result = project.run()

    assert result.ret == 5
    assert project.all_recorded() == []
    assert project.spool() == []


def test_only_collection_errors_leave_nothing_behind(project):
    project.pytester.makepyfile(test_bad="import no_such_module_anywhere", test_good="def test_a(): pass")

    result = project.run()

    assert result.ret == 2
    assert project.all_recorded() == []
    assert project.spool() == []


def test_a_run_in_spite_of_collection_errors_is_incomplete(project):
    project.pytester.makepyfile(test_bad="import no_such_module_anywhere", test_good="def test_a(): pass")

    result = project.run("--continue-on-collection-errors")

    assert result.ret == 1
    recorded = project.recorded()
    assert project.outcomes() == {"test_a": "passed"}
    assert (recorded.run.is_complete, recorded.run.why_incomplete) == (False, "collection errors")
    assert {
        each.nodeid: each.outcome.value for each in recorded.collection if each.nodeid.endswith(".py")
    } == {
        "test_bad.py": "error",
        "test_good.py": "passed",
    }


def test_excluded_files_are_left_out(project):
    project.pytester.makepyprojecttoml(f'{TOML}exclude = ["slow/*"]')
    project.pytester.mkdir("slow")
    project.pytester.path.joinpath("slow", "test_out.py").write_text(
        "def test_out(tmp_path, tmp_path_factory): pass"
    )
    project.pytester.makepyfile(test_in="def test_in(tmp_path): pass")

    result = project.run()

    result.assert_outcomes(passed=2)
    assert project.outcomes() == {"test_in": "passed"}
    assert [record.requester for record in project.fixtures("tmp_path")] == ["test_in.py::test_in"]


def test_a_run_of_excluded_files_only_leaves_nothing_behind(project):
    project.pytester.makepyprojecttoml(f'{TOML}exclude = ["test_*.py"]')
    project.pytester.makepyfile("def test_a(): pass")

    assert project.run().ret == 0

    assert project.all_recorded() == []
    assert project.spool() == []


@pytest.mark.parametrize("tracked", [True, False])
def test_our_markers_pass_strict_markers(project, tracked):
    project.pytester.makepyfile(
        """
        import pytest

        @pytest.mark.unit
        @pytest.mark.slow
        @pytest.mark.integration
        @pytest.mark.api
        @pytest.mark.e2e
        @pytest.mark.stress
        @pytest.mark.perf_budget("100ms")
        @pytest.mark.perf_benchmark
        def test_a():
            pass
        """
    )

    result = project.run("--strict-markers", tracked=tracked)

    result.assert_outcomes(passed=1)


def test_markers_tell_the_limits_of_the_project(project):
    project.pytester.makepyprojecttoml(f'{TOML}[tool.lapwing.categories.api]\nbudget = "150ms"')

    result = project.run("--markers", tracked=False)

    result.stdout.fnmatch_lines(
        [
            "@pytest.mark.unit: a test of one part; Lapwing's limit for it is 1.00 s",
            "@pytest.mark.api: a test of an HTTP API; Lapwing's limit for it is 150 ms",
        ]
    )


def test_markers_are_listed_although_the_configuration_is_broken(project):
    project.pytester.makepyprojecttoml("[tool.lapwing]\nsuite_budget = 7")

    result = project.run("--markers", tracked=False)

    assert result.ret == 0
    result.stdout.fnmatch_lines(["@pytest.mark.api: *"])


def test_markers_and_category_are_recorded(project):
    project.pytester.makeini("[pytest]\nmarkers = mine")
    project.pytester.mkdir("integration")
    project.pytester.path.joinpath("integration", "test_b.py").write_text("def test_b(): pass")
    project.pytester.makepyfile(
        """
        import pytest

        pytestmark = pytest.mark.mine

        @pytest.mark.slow
        @pytest.mark.parametrize("n", [1])
        def test_a(n):
            pass

        def test_c():
            pass
        """
    )

    project.run()

    tests = project.tests()
    assert {name: record.category for name, record in tests.items()} == {
        "test_a[1]": "slow",
        "test_b": "integration",
        "test_c": "unit",
    }
    assert set(tests["test_a[1]"].markers) == {"mine", "slow", "parametrize"}
    assert tests["test_c"].markers == ("mine",)


@pytest.mark.parametrize(
    "arguments",
    [
        ["-q"],
        ["-qq"],
        ["-p", "no:terminal"],
        ["-W", "error"],
        ["-s"],
        ["-p", "no:capture"],
        ["--import-mode=importlib"],
        [
            "-p",
            "no:logging",
            "-p",
            "no:warnings",
            "-p",
            "no:doctest",
            "-p",
            "no:junitxml",
            "-p",
            "no:unittest",
        ],
        ["--strict-config", "--strict-markers"],
        ["--junit-xml=junit.xml"],
        ["--pdb"],
        ["--trace-config"],
        ["--color=yes"],
        ["--durations=3"],
    ],
    ids=" ".join,
)
def test_options_of_pytest_change_nothing_of_the_recording(suite, arguments):
    bare = suite.run(*arguments, tracked=False)
    result = suite.run(*arguments)

    assert result.ret == bare.ret == 0
    assert suite.outcomes() == {"test_a": "passed"}
    result.stdout.no_fnmatch_line("*lapwing: warning*")
    assert result.errlines == bare.errlines


def test_lf_and_stepwise_run_what_they_would(project):
    project.pytester.makepyfile("def test_a(): pass\ndef test_b(): assert False\ndef test_c(): pass")
    command = ("-p", "lapwing.plugin", "--track-performance")

    stopped = project.pytester.runpytest_inprocess(*command, "--stepwise")
    again = project.pytester.runpytest_inprocess(*command, "--lf")

    stopped.assert_outcomes(passed=1, failed=1)
    again.assert_outcomes(failed=1)
    first, second = project.all_recorded()
    assert (first.run.is_complete, [record.nodeid.rpartition("::")[2] for record in first.tests]) == (
        False,
        ["test_a", "test_b"],
    )
    assert [record.nodeid.rpartition("::")[2] for record in second.tests] == ["test_b"]


def test_facts_of_the_run_are_recorded(suite):
    suite.run("-k", "test_a or other")

    run = suite.recorded().run
    assert run.command[-2:] == ("-k", "test_a or other")
    assert run.packages["pytest"] == pytest.__version__
    assert run.root == str(suite.root)
    assert run.project == suite.root.name
    assert run.machine.cores >= 1
    assert run.python.count(".") == 2
    assert run.startup_ns > 0
    assert run.duration_ns > 0


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_what_conftest_files_take_to_load_is_told_apart_from_plugins(project, workers):
    project.pytester.makeconftest(
        "import time; end = time.perf_counter() + 0.03\nwhile time.perf_counter() < end: pass"
    )
    project.pytester.makepyfile("def test_it(): pass")

    project.run(*workers, plugins=["xdist"])

    run = project.recorded().run
    for each in run.processes:
        assert each.conftests_ns >= 30_000_000
    assert max(each.conftests_ns for each in run.processes if each.name == "main") <= run.startup_ns


def test_how_a_process_began_and_what_it_held_at_its_end_is_recorded(project):
    project.pytester.makeconftest(
        "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    )
    project.pytester.makepyfile("held = [str(at) for at in range(1_000_000)]\ndef test_it(): pass")

    project.run()

    (process,) = project.recorded().run.processes
    assert process.boot_cpu_ns >= 300_000_000
    assert 1_000_000 < process.end_blocks < 10_000_000


def test_duration_agrees_with_pytests_own_report_within_a_millisecond(project):
    project.pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def made():
            yield sum(range(10_000))

        @pytest.mark.parametrize("n", range(5))
        def test_a(n, made):
            sum(range(50_000))
        """
    )

    reprec = project.pytester.inline_run(
        "-p", "no:cacheprovider", "-p", "lapwing.plugin", "--track-performance"
    )

    tests = project.tests()
    reports = reprec.getreports("pytest_runtest_logreport")
    assert len(reports) == 15
    for report in reports:
        record = tests[report.nodeid.partition("::")[2]]
        ours = getattr(record, f"{report.when}_ns")
        assert abs(ours - report.duration * 1e9) < 1e6
