"""Sums over the suite, groups, fixtures and modules."""

import random

import pytest

from lapwing.analysis.sums import compare_sums
from lapwing.model.comparison import ChangeVerdict, Severity
from lapwing.model.metric import COLLECTION, CPU, GROUP_WALL, SUITE_WALL
from lapwing.model.series import RunSamples
from lapwing.model.thresholds import ChangeThresholds

LIMITS = ChangeThresholds()


def file_of(nodeid):
    return nodeid.partition("::")[0]


def test_an_unchanged_suite_is_unchanged(suite):
    (whole,) = compare_sums("suite", SUITE_WALL, suite.runs(6), suite.runs(1), LIMITS, lambda _: "suite")

    assert whole.verdict is ChangeVerdict.UNCHANGED
    assert whole.metric == "suite_wall"
    assert whole.ratio == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(("runs", "judged"), [(1, 1), (2, 3), (5, 1), (10, 3)])
def test_a_file_of_slower_tests_is_regressed_as_a_group(suite, runs, judged):
    slower = dict.fromkeys(range(20, 30), 1.9)

    found = compare_sums(
        "file", GROUP_WALL, suite.runs(runs), suite.runs(judged, slower=slower), LIMITS, file_of
    )

    assert [one.nodeid for one in found if one.verdict is ChangeVerdict.REGRESSED] == ["tests/test_2.py"]
    assert found[0].nodeid == "tests/test_2.py"
    assert found[0].severity is Severity.CRITICAL


def test_the_machine_is_taken_out_of_sums(suite):
    found = compare_sums("file", GROUP_WALL, suite.runs(6), suite.runs(2, factor=1.4), LIMITS, file_of)

    assert {one.verdict for one in found} == {ChangeVerdict.UNCHANGED}


def test_subjects_on_one_side_only_are_not_summed(tiny_suite):
    judged = tiny_suite.runs(1)[0]
    more = judged._replace(
        subjects=(*judged.subjects, "new"),
        workers=(*judged.workers, "main"),
        wall_ns=(*judged.wall_ns, 10**12),
        cpu_ns=(*judged.cpu_ns, None),
    )

    (whole,) = compare_sums("suite", SUITE_WALL, tiny_suite.runs(3), [more], LIMITS, lambda _: "suite")

    assert whole.after < 200_000_000


def test_groups_may_leave_subjects_out_and_sum_cpu_time(tiny_suite):
    found = compare_sums(
        "category",
        CPU,
        tiny_suite.runs(3),
        tiny_suite.runs(1),
        LIMITS,
        lambda nodeid: "unit" if nodeid.endswith("t1") else None,
    )

    assert [one.nodeid for one in found] == ["unit"]
    assert found[0].after == pytest.approx(20_000_000, rel=0.2)


def test_modules_are_compared_one_by_one(suite):
    def collected(slow_ns):
        return RunSamples(
            run_id="r",
            subjects=("a.py", "b.py"),
            workers=("main", "main"),
            wall_ns=(slow_ns, 40_000_000),
            cpu_ns=(None, None),
        )

    found = compare_sums(
        "module", COLLECTION, [collected(80_000_000)] * 5, [collected(400_000_000)], LIMITS, str
    )

    assert [(one.nodeid, one.verdict) for one in found] == [
        ("a.py", ChangeVerdict.REGRESSED),
        ("b.py", ChangeVerdict.UNCHANGED),
    ]


def collected_by(sd, seed, slow=1.0):
    """Collection of 40 modules of 30 ms, the first of them `slow` times as long."""
    draw = random.Random(seed)
    times = [int(30_000_000 * draw.lognormvariate(0, sd)) for _ in range(40)]
    times[0] = int(30_000_000 * slow)
    names = tuple(f"m{at}.py" for at in range(40))
    return RunSamples("r", names, ("main",) * 40, tuple(times), cpu_ns=(None,) * 40)


def test_modules_that_all_vary_a_lot_are_not_told_one_by_one():
    found = [
        one
        for seed in range(20)
        for one in compare_sums(
            "module", COLLECTION, [collected_by(0.6, seed)], [collected_by(0.6, 100 + seed)], LIMITS, str
        )
    ]

    assert sum(one.verdict is ChangeVerdict.REGRESSED for one in found) <= len(found) / 1000


def test_a_module_that_stands_out_of_steady_ones_is_told():
    found = compare_sums(
        "module", COLLECTION, [collected_by(0.05, 1)], [collected_by(0.05, 2, slow=3)], LIMITS, str
    )

    assert [one.nodeid for one in found if one.verdict is ChangeVerdict.REGRESSED] == ["m0.py"]


def test_a_side_without_runs_gives_nothing(tiny_suite):
    assert compare_sums("suite", SUITE_WALL, [], tiny_suite.runs(1), LIMITS, lambda _: "suite") == ()
    assert compare_sums("suite", SUITE_WALL, tiny_suite.runs(1), [], LIMITS, lambda _: "suite") == ()
    assert (
        compare_sums("suite", SUITE_WALL, tiny_suite.runs(1), tiny_suite.runs(1), LIMITS, lambda _: None)
        == ()
    )


def test_a_fixture_or_group_that_sleeps_is_not_lent_the_speed_of_the_machine(suite):
    asleep = dict.fromkeys(range(80, 90), 880.0)

    compared = compare_sums(
        "package",
        GROUP_WALL,
        suite.runs(5, waiting=asleep),
        suite.runs(3, waiting=asleep, factor=0.6),
        LIMITS,
        file_of,
    )

    sleeping = next(one for one in compared if one.nodeid == "tests/test_8.py")
    assert sleeping.verdict is ChangeVerdict.UNCHANGED
    assert sleeping.ratio == pytest.approx(1, abs=0.03)
