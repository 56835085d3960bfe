"""Sums against a baseline file, which has medians and spreads of tests only."""

import pytest

from lapwing.analysis.baseline_entries import group_name
from lapwing.analysis.baseline_file_sums import sides_of_file, with_group_limits
from lapwing.analysis.sums import compare_sums
from lapwing.model.baseline import BaselineEntry, BaselineFile, GroupEntry
from lapwing.model.comparison import ChangeVerdict
from lapwing.model.metric import GROUP_WALL
from lapwing.model.thresholds import ChangeThresholds

MS = 1_000_000


def file_of(runs, *, count=10, spread=0.05, is_quiet=False, limit_ms=None):
    """The baseline file of `runs`, whose tests are those of the first."""
    first = runs[0]
    tests = {
        nodeid: BaselineEntry(
            nodeid=nodeid,
            duration_ns=first.wall_ns[at],
            threshold_ns=2 * first.wall_ns[at],
            runs=count,
            spread=spread if count > 1 else None,
            cpu_ns=first.cpu_ns[at],
            quiet_ns=first.wall_ns[at] if is_quiet else None,
        )
        for at, nodeid in enumerate(first.subjects)
    }
    groups = {}
    if limit_ms is not None:
        groups["tests"] = GroupEntry(
            name="tests", duration_ns=800 * MS, threshold_ns=limit_ms * MS, threshold_is_manual=True
        )
    return BaselineFile(date="2026-11-21", tests=tests, groups=groups)


def group(file, judged):
    """The comparison of the only folder."""
    thresholds = ChangeThresholds()
    sums = compare_sums("group", GROUP_WALL, *sides_of_file(file, judged), thresholds, group_of=group_name)
    (only,) = with_group_limits(sums, file, judged, thresholds)
    return only


def half_slower(suite, factor):
    return suite.runs(3, slower=dict.fromkeys(range(60), factor))


@pytest.mark.parametrize("is_quiet", [False, True])
def test_a_folder_that_takes_longer_than_in_the_file_is_regressed(suite, is_quiet):
    file = file_of(suite.runs(1, noise=0.0), is_quiet=is_quiet)

    assert group(file, half_slower(suite, 2.5)).verdict is ChangeVerdict.REGRESSED
    assert group(file, suite.runs(3)).verdict is ChangeVerdict.UNCHANGED


def test_of_a_single_run_behind_the_file_the_same_change_is_no_verdict(suite):
    file = file_of(suite.runs(1, noise=0.0), count=1)

    assert group(file, half_slower(suite, 2.5)).verdict is not ChangeVerdict.REGRESSED


def test_the_runs_that_stand_behind_a_file_vary_as_its_tests_do(suite):
    (first,) = suite.runs(1, noise=0.0)

    runs, _ = sides_of_file(file_of([first], count=5, spread=0.1), [first])

    sums = [sum(run.wall_ns) for run in runs]
    assert len(runs) == 5
    assert sums == sorted(sums)
    assert sums[2] == pytest.approx(sum(first.wall_ns), rel=1e-6)
    assert sums[4] / sums[0] > 1.2


def test_waits_are_left_in_where_the_file_has_them(suite):
    judged = suite.runs(1, delays_ms={7: 50.0})

    assert sides_of_file(file_of(suite.runs(1)), judged)[1][0].run_delay_ns == ()
    assert sides_of_file(file_of(suite.runs(1), is_quiet=True), judged)[1] == judged


@pytest.mark.parametrize(("limit_ms", "is_kept"), [(1, False), (1_000_000, True)])
def test_a_limit_of_a_folder_set_by_hand_decides(suite, limit_ms, is_kept):
    file = file_of(suite.runs(1, noise=0.0), limit_ms=limit_ms)

    judged = half_slower(suite, 2.5) if is_kept else suite.runs(3)
    found = group(file, judged)

    assert found.verdict is (ChangeVerdict.UNCHANGED if is_kept else ChangeVerdict.REGRESSED)
    assert "set by hand in the baseline file" in found.reason


def test_an_empty_file_has_no_run(suite):
    assert sides_of_file(BaselineFile(date="2026-11-21"), suite.runs(1))[0] == []
