"""Making a baseline file of runs, and comparing runs with it."""

import pytest

from lapwing.analysis.baseline_entries import baseline_entries, group_name
from lapwing.analysis.compare import compare_runs, compare_with_baseline_file
from lapwing.model.comparison import ChangeVerdict, Severity
from lapwing.model.thresholds import ChangeThresholds

LONG = "tests/test_0.py::t7"
DATE = "2026-11-01"
LIMITS = ChangeThresholds()


def changed(compared):
    return {one.nodeid for one in compared.comparisons if one.verdict is not ChangeVerdict.UNCHANGED}


def with_limit(file, nodeid, threshold_ns):
    entry = file.tests[nodeid]._replace(threshold_ns=threshold_ns, threshold_is_manual=True)
    return file._replace(tests={**file.tests, nodeid: entry})


def test_an_entry_holds_median_runs_spread_and_threshold(suite):
    file = baseline_entries(suite.runs(9), LIMITS, date=DATE)

    entry = file.tests[LONG]
    assert entry.duration_ns == pytest.approx(100_000_000, rel=0.1)
    assert entry.threshold_ns == round(entry.duration_ns * 1.2)
    assert entry.runs == 9
    assert 0.01 < entry.spread < 0.15
    assert entry.cpu_ns == entry.duration_ns
    assert not entry.threshold_is_manual


def test_the_spread_is_free_of_the_machine(suite):
    runs = [run for factor in (1.0, 1.3, 0.8, 1.1, 1.6, 0.9) for run in suite.runs(1, factor=factor)]

    file = baseline_entries(runs, LIMITS, date=DATE)

    spreads = sorted(entry.spread for entry in file.tests.values())
    assert spreads[len(spreads) // 2] < 0.08


def test_one_run_has_no_spread(suite):
    file = baseline_entries(suite.runs(1), LIMITS, date=DATE)

    assert file.tests[LONG].spread is None
    assert file.tests[LONG].runs == 1


def test_no_runs_make_an_empty_file():
    assert baseline_entries([], LIMITS, date=DATE).tests == {}


def test_a_group_sums_the_folder_under_the_sum_threshold(tiny_suite):
    file = baseline_entries(tiny_suite.runs(3), LIMITS, date=DATE)

    group = file.groups["tests"]
    assert group.duration_ns == sum(entry.duration_ns for entry in file.tests.values())
    assert group.threshold_ns == round(group.duration_ns * 1.15)


@pytest.mark.parametrize(
    ("nodeid", "group"),
    [("tests/api/test_a.py::T::t[a/b]", "tests/api"), ("test_a.py::t", "."), ("tests/test_a.py::t", "tests")],
)
def test_a_group_is_the_folder_of_the_test_file(nodeid, group):
    assert group_name(nodeid) == group


def test_a_threshold_edited_by_hand_is_kept_on_update(tiny_suite):
    old = with_limit(baseline_entries(tiny_suite.runs(1), LIMITS, date=DATE), "tests/test_0.py::t0", 77)
    old = old._replace(
        groups={"tests": old.groups["tests"]._replace(threshold_ns=88, threshold_is_manual=True)}
    )

    new = baseline_entries(tiny_suite.runs(3), LIMITS, old, date=DATE)

    assert (new.tests["tests/test_0.py::t0"].threshold_ns, new.groups["tests"].threshold_ns) == (77, 88)
    assert new.tests["tests/test_0.py::t0"].threshold_is_manual


@pytest.mark.parametrize(("runs", "judged"), [(1, 1), (3, 1), (10, 1), (10, 3)])
def test_a_doubled_test_is_found_from_a_file(suite, runs, judged):
    file = baseline_entries(suite.runs(runs), LIMITS, date=DATE)

    compared = compare_with_baseline_file(file, suite.runs(judged, slower={7: 2.0}))

    assert compared.verdict is ChangeVerdict.REGRESSED
    assert changed(compared) == {LONG}
    assert compared.baseline_runs == runs
    assert compared.baseline_why == f"the baseline file of {DATE}"


def test_file_and_runs_say_nearly_the_same(suite):
    baseline, judged = suite.runs(10), suite.runs(3, slower={7: 1.6}, factor=1.1)

    by_file = compare_with_baseline_file(baseline_entries(baseline, LIMITS, date=DATE), judged)
    by_runs = compare_runs(baseline, judged)

    assert changed(by_file) == changed(by_runs) == {LONG}
    assert by_file.machine_factor == pytest.approx(by_runs.machine_factor, rel=0.01)


def busy(run):
    """`run` with garbage collection in every fifth test."""
    pauses = tuple(9_000_000 if at % 5 == 0 else 0 for at in range(len(run.subjects)))
    return run._replace(
        wall_ns=tuple(own + pause for own, pause in zip(run.wall_ns, pauses, strict=True)),
        cpu_ns=tuple(own + pause for own, pause in zip(run.cpu_ns, pauses, strict=True)),
        gc_ns=pauses,
    )


def test_an_entry_tells_what_was_measured_and_what_is_judged(suite):
    runs = [busy(run) for run in suite.runs(5, delays_ms={7: 50.0}, waiting={20: 300.0})]

    tests = baseline_entries(runs, LIMITS, date=DATE).tests

    assert tests[LONG].duration_ns - tests[LONG].quiet_ns == pytest.approx(50_000_000, abs=10)
    struck = tests["tests/test_2.py::t20"]
    assert struck.duration_ns - struck.quiet_ns == pytest.approx(9_000_000, abs=10)


@pytest.mark.parametrize("runs", [1, 3, 6])
@pytest.mark.parametrize("is_old", [False, True])
def test_runs_compared_with_a_file_of_themselves_change_nothing(suite, runs, is_old):
    waits = dict.fromkeys(range(0, 150, 3), 6.0)
    same = [busy(run) for run in suite.runs(runs, delays_ms=waits, waiting={20: 300.0})]
    file = baseline_entries(same, LIMITS, date=DATE)
    if is_old:
        measured = baseline_entries([run._replace(gc_ns=()) for run in same], LIMITS, date=DATE)
        file = measured._replace(
            tests={nodeid: entry._replace(quiet_ns=None) for nodeid, entry in measured.tests.items()}
        )

    compared = compare_with_baseline_file(file, same)

    assert changed(compared) == set()
    assert not any(one.worth_a_look for one in compared.comparisons)
    tolerance = 1e-6 if runs == 1 else 0.12
    for one in compared.comparisons:
        assert one.ratio == pytest.approx(1, rel=tolerance)
        assert one.before == pytest.approx(one.after, rel=tolerance)


def test_entries_with_and_without_what_is_judged_may_stand_in_one_file(suite):
    same = suite.runs(1, delays_ms=dict.fromkeys(range(150), 20.0))
    file = baseline_entries(same, LIMITS, date=DATE)
    half = {
        nodeid: entry._replace(quiet_ns=None) if at % 2 else entry
        for at, (nodeid, entry) in enumerate(file.tests.items())
    }

    compared = compare_with_baseline_file(file._replace(tests=half), same)

    assert [one.ratio for one in compared.comparisons] == pytest.approx([1] * len(compared.comparisons))


def test_a_test_over_its_own_limit_is_regressed_on_any_machine(suite):
    file = with_limit(baseline_entries(suite.runs(10), LIMITS, date=DATE), LONG, 50_000_000)

    compared = compare_with_baseline_file(file, suite.runs(1), same_machine_class=False)

    wall = next(one for one in compared.comparisons if one.nodeid == LONG and one.metric == "wall")
    assert wall.verdict is ChangeVerdict.REGRESSED
    assert wall.severity is Severity.WARNING
    assert "over its own limit of 50.0 ms" in wall.reason
    assert compared.verdict is ChangeVerdict.REGRESSED


def test_a_test_within_its_own_limit_is_not_regressed(suite):
    file = with_limit(baseline_entries(suite.runs(10), LIMITS, date=DATE), LONG, 900_000_000)

    compared = compare_with_baseline_file(file, suite.runs(3, slower={7: 2.0}))

    assert compared.verdict is ChangeVerdict.UNCHANGED


def test_tests_missing_on_a_side_are_named(tiny_suite):
    file = baseline_entries(tiny_suite.runs(1), LIMITS, date=DATE)
    other = tiny_suite.runs(1)[0]._replace(subjects=("tests/test_0.py::t0", "tests/test_0.py::t1", "new"))

    compared = compare_with_baseline_file(file, [other])

    assert (compared.new_tests, compared.gone_tests) == (("new",), ("tests/test_0.py::t2",))


def test_an_empty_file_is_no_baseline(tiny_suite):
    compared = compare_with_baseline_file(baseline_entries([], LIMITS, date=DATE), tiny_suite.runs(1))

    assert compared.verdict is ChangeVerdict.CANNOT_TELL
    assert compared.reason == "there is no baseline"
