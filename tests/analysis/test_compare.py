"""Comparing runs: what is called a change, and what is not."""

import random

import pytest

from lapwing.analysis.baseline_entries import baseline_entries
from lapwing.analysis.compare import CANNOT_TELL_MACHINE, compare_runs, compare_with_baseline_file
from lapwing.analysis.two_clocks import test_verdict as verdict_of_test
from lapwing.model.comparison import ChangeVerdict, Severity
from lapwing.model.thresholds import ChangeThresholds

LONG = "tests/test_0.py::t7"
REGRESSED, IMPROVED = ChangeVerdict.REGRESSED, ChangeVerdict.IMPROVED
UNCHANGED, CANNOT_TELL = ChangeVerdict.UNCHANGED, ChangeVerdict.CANNOT_TELL


def of(compared, nodeid, metric="wall"):
    return next(one for one in compared.comparisons if (one.nodeid, one.metric) == (nodeid, metric))


def changed(compared):
    return {one.nodeid for one in compared.comparisons if one.verdict is not UNCHANGED}


def test_runs_of_unchanged_code_are_unchanged(suite):
    compared = compare_runs(suite.runs(10), suite.runs(3))

    assert compared.verdict is UNCHANGED
    assert compared.reason == ""
    assert (compared.baseline_runs, compared.judged_runs) == (10, 3)


@pytest.mark.parametrize(("runs", "judged"), [(1, 1), (1, 3), (2, 1), (4, 3), (5, 1), (10, 1), (20, 3)])
def test_a_doubled_test_of_100_ms_is_regressed_by_name_and_no_other(suite, runs, judged):
    compared = compare_runs(suite.runs(runs), suite.runs(judged, slower={7: 2.0}))

    assert compared.verdict is REGRESSED
    assert changed(compared) == {LONG}
    wall = of(compared, LONG)
    assert wall.severity is Severity.CRITICAL
    assert 1.7 < wall.ratio < 2.3
    assert wall.interval[0] < wall.ratio < wall.interval[1]
    assert wall.before == pytest.approx(wall.after / wall.ratio)


def test_a_third_slower_is_a_warning(suite):
    compared = compare_runs(suite.runs(10), suite.runs(3, slower={7: 1.33}))

    assert of(compared, LONG).severity is Severity.WARNING


def test_a_halved_test_is_improved(suite):
    compared = compare_runs(suite.runs(10), suite.runs(3, slower={7: 0.5}))

    assert compared.verdict is IMPROVED
    assert changed(compared) == {LONG}


def test_changes_under_the_absolute_floor_are_not_reported(suite):
    thresholds = ChangeThresholds(min_change_ns=150_000_000)

    compared = compare_runs(suite.runs(10), suite.runs(3, slower={7: 2.0}), thresholds)

    assert compared.verdict is UNCHANGED


def test_changes_under_the_threshold_are_not_reported(suite):
    thresholds = ChangeThresholds(warning=2.0, critical=3.0)

    compared = compare_runs(suite.runs(10), suite.runs(3, slower={7: 2.0}), thresholds)

    assert compared.verdict is UNCHANGED


def test_few_baseline_runs_are_said(suite):
    compared = compare_runs(suite.runs(2), suite.runs(1, slower={7: 2.0}))

    assert "fewer than 5 baseline runs" in of(compared, LONG).reason


def test_a_slow_machine_is_taken_out_and_told(suite):
    compared = compare_runs(suite.runs(10), suite.runs(3, factor=1.15, slower={7: 2.0}))

    assert changed(compared) == {LONG}
    assert compared.machine_factor == pytest.approx(1.15, rel=0.03)
    assert dict(compared.machine_factors)["cpu"] == pytest.approx(1.15, rel=0.03)


def test_half_of_the_suite_slower_at_once_cannot_be_told_from_the_machine(suite):
    compared = compare_runs(suite.runs(10), suite.runs(3, factor=1.5))

    assert compared.verdict is CANNOT_TELL
    assert CANNOT_TELL_MACHINE in compared.reason
    assert "lapwing confirm runs old and new code in turns" in compared.reason
    assert compared.machine_factor == pytest.approx(1.5, rel=0.03)


def test_a_test_that_stands_out_of_a_changed_suite_is_still_told(suite):
    compared = compare_runs(suite.runs(10), suite.runs(3, factor=1.5, slower={7: 2.0}))

    assert compared.verdict is REGRESSED
    assert changed(compared) == {LONG}


def test_another_machine_class_is_at_most_worth_a_look(suite):
    compared = compare_runs(suite.runs(10), suite.runs(3, slower={7: 2.0}), same_machine_class=False)

    assert compared.verdict is CANNOT_TELL
    assert of(compared, LONG).worth_a_look
    assert of(compared, LONG).severity is Severity.NONE


def test_neighbors_that_slowed_alike_in_all_judged_runs_are_regressed(suite):
    slower = dict.fromkeys(range(40, 60), 2.0)

    compared = compare_runs(suite.runs(10), suite.runs(3, slower=slower))

    found = {one.nodeid for one in compared.comparisons if one.verdict is REGRESSED}
    expected = {f"tests/test_{at // 10}.py::t{at}" for at in range(40, 60) if suite.durations_ms[at] > 4}
    assert expected <= found
    assert found <= {f"tests/test_{at // 10}.py::t{at}" for at in range(40, 60)}


def test_neighbors_that_slowed_alike_in_a_single_run_are_worth_a_look(suite):
    compared = compare_runs(suite.runs(10), suite.runs(1, slower=dict.fromkeys(range(40, 60), 1.45)))

    assert compared.verdict is CANNOT_TELL
    alike = [one for one in compared.comparisons if "before and after it slowed down alike" in one.reason]
    assert alike
    assert all(one.ratio > 1.2 and one.after > 1.2 * one.before for one in alike)


def test_a_test_between_slower_ones_is_not_faster(suite):
    slower = dict.fromkeys([at for at in range(20, 60) if at != 40], 2.0)
    suite.durations_ms[40] = 60.0

    compared = compare_runs(suite.runs(10), suite.runs(1, slower=slower))

    assert of(compared, "tests/test_4.py::t40").verdict is UNCHANGED


def test_neighbors_that_compute_more_than_a_burst_can_make_them_are_regressed_in_a_single_run(suite):
    compared = compare_runs(suite.runs(10), suite.runs(1, slower=dict.fromkeys(range(40, 60), 2.5)))

    found = {one.nodeid for one in compared.comparisons if one.verdict is REGRESSED}
    expected = {f"tests/test_{at // 10}.py::t{at}" for at in range(40, 60) if suite.durations_ms[at] > 10}
    assert expected
    assert expected <= found


def test_a_burst_in_one_of_three_runs_alarms_nobody(suite):
    burst = suite.runs(1, slower=dict.fromkeys(range(40, 60), 3.0))

    compared = compare_runs(suite.runs(10), [*suite.runs(2), *burst])

    assert compared.verdict is UNCHANGED


@pytest.mark.parametrize(("factor", "verdict"), [(1.0, REGRESSED), (1.6, CANNOT_TELL)])
def test_what_is_left_of_a_much_slower_machine_is_less_sure(suite, factor, verdict):
    compared = compare_runs(suite.runs(10), suite.runs(1, factor=factor, slower={7: 1.35}))

    assert of(compared, LONG).ratio == pytest.approx(1.35, abs=0.1)
    assert of(compared, LONG).verdict is verdict


def test_a_spike_of_the_kind_the_baseline_has_seen_elsewhere_does_not_alarm(suite):
    baseline = [run for at in range(20, 30) for run in suite.runs(1, waiting={at: 60.0}, has_cpu=False)]

    compared = compare_runs(baseline, suite.runs(1, waiting={90: 55.0}, has_cpu=False))

    assert of(compared, "tests/test_9.py::t90").verdict is not REGRESSED


def test_a_baseline_file_knows_the_spikes_that_its_runs_have_shown_elsewhere(suite):
    baseline = [run for at in range(20, 30) for run in suite.runs(1, waiting={at: 60.0}, has_cpu=False)]
    file = baseline_entries(baseline, ChangeThresholds(), date="2026-11-22")
    spike = suite.runs(1, waiting={90: 55.0}, has_cpu=False)
    slower = suite.runs(1, waiting={90: 400.0}, has_cpu=False)

    struck, forgetful, found = (
        of(compare_with_baseline_file(known, run), "tests/test_9.py::t90").verdict
        for known, run in ((file, spike), (file._replace(spikes={}), spike), (file, slower))
    )

    assert len(file.spikes["wall"]) >= 10
    assert (struck is REGRESSED, forgetful, found) == (False, REGRESSED, REGRESSED)


def test_wall_time_stands_alone_where_cpu_time_is_unknown(suite):
    compared = compare_runs(suite.runs(10, has_cpu=False), suite.runs(3, has_cpu=False, slower={7: 2.0}))

    assert of(compared, LONG).verdict is REGRESSED
    assert {one.metric for one in compared.comparisons} == {"wall"}


def test_a_test_that_only_waits_longer_on_a_quiet_machine_is_regressed_as_waiting(suite):
    compared = compare_runs(suite.runs(10, delays_ms={}), suite.runs(3, delays_ms={}, waiting={7: 100.0}))

    assert of(compared, LONG).verdict is REGRESSED
    assert "waits longer" in of(compared, LONG).reason
    assert of(compared, LONG, "cpu").verdict is UNCHANGED


@pytest.mark.parametrize(("waiting_ms", "verdict"), [(400.0, UNCHANGED), (10.0, REGRESSED)])
def test_more_computing_counts_where_it_is_felt_in_the_time_of_the_test(suite, waiting_ms, verdict):
    suite.durations_ms[7] = 6.0
    waiting = {7: waiting_ms}

    compared = compare_runs(suite.runs(10, waiting=waiting), suite.runs(3, waiting=waiting, slower={7: 1.8}))

    assert of(compared, LONG, "cpu").verdict is verdict
    assert of(compared, LONG, "cpu").ratio > 1.5


def test_a_test_that_only_waits_longer_on_a_loaded_machine_cannot_be_told(suite):
    everywhere = dict.fromkeys(range(0, 150, 2), 3.0)

    compared = compare_runs(
        suite.runs(10, delays_ms={}), suite.runs(3, delays_ms=everywhere, waiting={7: 100.0})
    )

    assert of(compared, LONG).verdict is CANNOT_TELL
    assert of(compared, LONG).worth_a_look


BUSY = dict.fromkeys(range(0, 150, 2), 3.0)


def test_a_wait_that_even_the_quickest_of_many_runs_has_is_told_on_a_loaded_machine(suite):
    judged = suite.runs(5, delays_ms=BUSY, waiting={7: 300.0})

    wall = of(compare_runs(suite.runs(10, delays_ms={}), judged), LONG)

    assert wall.verdict is REGRESSED
    assert "even the quickest of 5 runs waits longer" in wall.reason


def test_a_wait_that_one_of_many_runs_has_not_cannot_be_told(suite):
    judged = [*suite.runs(4, delays_ms=BUSY, waiting={7: 300.0}), *suite.runs(1, delays_ms=BUSY)]

    wall = of(compare_runs(suite.runs(10, delays_ms={}), judged), LONG)

    assert wall.verdict is CANNOT_TELL
    assert wall.worth_a_look


def test_a_wait_no_longer_than_other_work_can_make_it_cannot_be_told_however_often_it_is_seen(suite):
    judged = suite.runs(5, delays_ms=BUSY, waiting={7: 120.0})

    assert of(compare_runs(suite.runs(10, delays_ms={}), judged), LONG).verdict is CANNOT_TELL


def test_time_spent_waiting_for_a_processor_is_no_regression(suite):
    compared = compare_runs(suite.runs(10, delays_ms={}), suite.runs(3, delays_ms={7: 200.0}))

    wall = of(compared, LONG)
    assert wall.verdict is UNCHANGED
    assert wall.after > 250_000_000
    assert wall.before == pytest.approx(100_000_000, rel=0.1)
    assert wall.ratio == pytest.approx(1, rel=0.1)
    assert "no free processor" in wall.reason


def test_times_that_are_told_as_changed_belie_no_change(suite):
    compared = compare_runs(
        suite.runs(10, delays_ms={}), suite.runs(3, delays_ms={7: 300.0}, slower={7: 2.0})
    )

    wall = of(compared, LONG)
    assert wall.verdict is REGRESSED
    assert wall.after / wall.before == pytest.approx(wall.ratio, rel=0.05)
    assert wall.after == pytest.approx(200_000_000, rel=0.1)
    assert "300 ms of garbage collection or no free processor left out" in wall.reason


def with_delay_between_tests(run, ms):
    """`run`, in which pytest's own work beside the long test waited for a processor, too."""
    waits = list(run.run_delay_ns)
    waits[run.subjects.index(LONG)] += ms * 1_000_000
    return run._replace(run_delay_ns=tuple(waits))


def test_a_test_that_sleeps_as_long_is_not_faster_for_waits_outside_of_it(suite):
    suite.durations_ms[7] = 1.0
    judged = suite.runs(3, delays_ms=BUSY, waiting={7: 100.0})

    compared = compare_runs(
        suite.runs(10, delays_ms={}, waiting={7: 100.0}),
        [with_delay_between_tests(run, 130) for run in judged],
    )

    wall = of(compared, LONG)
    assert wall.verdict is UNCHANGED
    assert "but for waits for a processor" in wall.reason
    assert wall.after / wall.before == pytest.approx(wall.ratio)
    assert wall.ratio == pytest.approx(1, rel=0.1)


@pytest.mark.parametrize(("sleeps_ms", "verdict"), [(100.0, UNCHANGED), (250.0, REGRESSED)])
def test_only_a_longer_sleep_is_slower_than_a_baseline_that_had_waits_outside_of_it(
    suite, sleeps_ms, verdict
):
    suite.durations_ms[7] = 1.0
    before = suite.runs(10, delays_ms=BUSY, waiting={7: 100.0})

    compared = compare_runs(
        [with_delay_between_tests(run, 130) for run in before],
        suite.runs(3, delays_ms={}, waiting={7: sleeps_ms}),
    )

    assert of(compared, LONG).verdict is verdict


def test_a_shorter_sleep_is_faster_on_a_loaded_machine_too(suite):
    suite.durations_ms[7] = 1.0

    compared = compare_runs(
        suite.runs(10, delays_ms={}, waiting={7: 100.0}),
        suite.runs(3, delays_ms={**BUSY, 7: 20.0}, waiting={7: 10.0}),
    )

    assert of(compared, LONG).verdict is IMPROVED


@pytest.mark.parametrize(("runs", "verdict"), [(3, UNCHANGED), (10, IMPROVED)])
def test_a_wait_that_is_30_ms_shorter_counts_where_the_baseline_shows_how_long_it_was(suite, runs, verdict):
    suite.durations_ms[7] = 5.0

    compared = compare_runs(
        suite.runs(runs, delays_ms={}, waiting={7: 60.0}), suite.runs(1, delays_ms={}, waiting={7: 30.0})
    )

    assert of(compared, LONG).verdict is verdict


def test_a_wait_that_is_much_shorter_than_in_three_runs_is_faster(suite):
    suite.durations_ms[7] = 1.0

    compared = compare_runs(
        suite.runs(3, delays_ms={}, waiting={7: 200.0}), suite.runs(1, delays_ms={}, waiting={7: 10.0})
    )

    assert of(compared, LONG).verdict is IMPROVED


@pytest.mark.parametrize(("computes_ms", "verdict"), [(100.0, UNCHANGED), (10.0, IMPROVED)])
def test_a_shorter_wait_than_on_a_busy_machine_is_faster_only_over_what_others_could_delay(
    suite, computes_ms, verdict
):
    suite.durations_ms[7] = computes_ms

    compared = compare_runs(
        suite.runs(10, delays_ms=BUSY, waiting={7: 150.0}), suite.runs(3, delays_ms={}, waiting={7: 10.0})
    )

    assert of(compared, LONG).verdict is verdict


def test_of_one_baseline_run_that_a_pause_struck_nothing_is_faster(suite):
    before = suite.runs(1, slower={7: 1.6})

    assert compare_runs(before, suite.runs(1)).verdict is UNCHANGED


def test_less_computing_is_faster_on_a_loaded_machine_too(suite):
    compared = compare_runs(
        suite.runs(10, delays_ms={}), suite.runs(3, delays_ms={**BUSY, 7: 80.0}, slower={7: 0.4})
    )

    assert of(compared, LONG).verdict is IMPROVED
    assert of(compared, LONG, "cpu").verdict is IMPROVED


def with_pause(run, nodeid, ms):
    """`run`, in which a full garbage collection struck one test."""
    pauses = tuple(ms * 1_000_000 if subject == nodeid else 0 for subject in run.subjects)
    return run._replace(
        wall_ns=tuple(own + pause for own, pause in zip(run.wall_ns, pauses, strict=True)),
        cpu_ns=tuple(own + pause for own, pause in zip(run.cpu_ns, pauses, strict=True)),
        gc_ns=pauses,
    )


@pytest.mark.parametrize(("runs", "judged"), [(1, 1), (5, 1), (10, 3)])
def test_a_garbage_collection_that_strikes_another_test_is_no_change(suite, runs, judged):
    baseline = [with_pause(run, "tests/test_3.py::t31", 40) for run in suite.runs(runs)]

    compared = compare_runs(
        baseline, [with_pause(run, "tests/test_9.py::t90", 40) for run in suite.runs(judged)]
    )

    assert changed(compared) == set()
    struck = of(compared, "tests/test_9.py::t90")
    assert struck.after == pytest.approx(struck.before + 40_000_000, rel=0.15)


def test_a_doubled_test_is_regressed_beside_its_garbage_collection(suite):
    baseline = [with_pause(run, LONG, 15) for run in suite.runs(10)]

    compared = compare_runs(baseline, [with_pause(run, LONG, 15) for run in suite.runs(3, slower={7: 2.0})])

    wall = of(compared, LONG)
    assert wall.verdict is REGRESSED
    assert wall.before == pytest.approx(115_000_000, rel=0.1)
    assert wall.after == pytest.approx(215_000_000, rel=0.1)


SLEEPER = "tests/test_8.py::t85"


def test_a_sleeping_test_is_not_lent_the_burst_of_its_neighbors(suite):
    asleep = {85: 880.0}
    quick = dict.fromkeys([*range(75, 85), *range(86, 96)], 0.7)

    compared = compare_runs(suite.runs(5, waiting=asleep), suite.runs(3, waiting=asleep, slower=quick))

    assert of(compared, SLEEPER).verdict is UNCHANGED
    assert of(compared, SLEEPER).ratio == pytest.approx(1, abs=0.03)
    assert of(compared, SLEEPER).before == pytest.approx(of(compared, SLEEPER).after, rel=0.03)


def test_a_sleeping_test_is_not_slower_on_a_machine_that_is_faster(suite):
    asleep = {85: 880.0}

    compared = compare_runs(suite.runs(5, waiting=asleep), suite.runs(3, waiting=asleep, factor=0.6))

    assert of(compared, SLEEPER).verdict is UNCHANGED
    assert of(compared, SLEEPER).ratio == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(("runs", "judged"), [(1, 1), (2, 1), (10, 3)])
def test_a_test_that_sleeps_twice_as_long_is_regressed(suite, runs, judged):
    compared = compare_runs(suite.runs(runs, waiting={85: 100.0}), suite.runs(judged, waiting={85: 200.0}))

    assert of(compared, SLEEPER).verdict is REGRESSED


def test_a_somewhat_longer_wait_in_a_single_run_cannot_be_told(suite):
    compared = compare_runs(suite.runs(10, waiting={85: 30.0}), suite.runs(1, waiting={85: 60.0}))

    told = of(compared, "tests/test_8.py::t85")
    assert told.verdict is ChangeVerdict.CANNOT_TELL
    assert told.worth_a_look
    assert "single run" in told.reason


def test_a_somewhat_longer_wait_in_three_runs_is_regressed(suite):
    compared = compare_runs(suite.runs(10, waiting={85: 30.0}), suite.runs(3, waiting={85: 60.0}))

    assert of(compared, "tests/test_8.py::t85").verdict is ChangeVerdict.REGRESSED


@pytest.mark.parametrize("runs", [1, 2])
def test_a_somewhat_longer_wait_after_so_few_baseline_runs_cannot_be_told(suite, runs):
    compared = compare_runs(suite.runs(runs, waiting={85: 30.0}), suite.runs(1, waiting={85: 60.0}))

    assert of(compared, SLEEPER).verdict is CANNOT_TELL
    assert of(compared, SLEEPER).worth_a_look


def test_times_that_the_baseline_has_shown_as_measured_are_no_change(suite):
    baseline = suite.runs(10, has_cpu=False)
    fast_machine = suite.runs(3, factor=0.6, slower={7: 1.6}, has_cpu=False)

    compared = compare_runs(baseline, fast_machine)

    assert of(compared, LONG).ratio > 1.4
    assert of(compared, LONG).verdict is UNCHANGED
    assert "as measured" in of(compared, LONG).reason


@pytest.mark.parametrize("runs", [1, 2])
def test_of_two_baseline_runs_or_fewer_only_a_clear_change_is_called(suite, runs):
    compared = compare_runs(suite.runs(runs, noise=0.005), suite.runs(3, noise=0.005, slower={7: 1.4}))

    assert of(compared, LONG).verdict is CANNOT_TELL
    assert of(compared, LONG).worth_a_look


def test_only_slower_tests_over_the_threshold_are_worth_a_look(suite):
    looks = [
        one
        for at in range(40)
        for one in compare_runs(
            suite.runs(1, noise=0.15), suite.runs(1, noise=0.15, slower={at: 2.0, at + 50: 0.5, at + 90: 1.4})
        ).comparisons
        if one.worth_a_look
    ]

    assert looks
    assert min(one.ratio for one in looks) > 1.2
    assert all(one.after > one.before for one in looks)


@pytest.mark.parametrize("runs", [1, 3, 6])
def test_runs_compared_with_themselves_change_nothing_whatever_was_taken_out(suite, runs):
    waits = dict.fromkeys(range(0, 150, 3), 4.0)
    same = [with_pause(run, LONG, 12) for run in suite.runs(runs, delays_ms=waits, waiting={20: 300.0})]

    compared = compare_runs(same, same)

    assert changed(compared) == set()
    assert [one.before for one in compared.comparisons] == pytest.approx(
        [one.after for one in compared.comparisons]
    )
    assert [one.ratio for one in compared.comparisons] == pytest.approx([1] * len(compared.comparisons))


def test_the_verdict_on_a_test_is_the_worst_of_its_metrics(suite):
    compared = compare_runs(suite.runs(10), suite.runs(3, slower={7: 2.0}))

    assert verdict_of_test([one for one in compared.comparisons if one.nodeid == LONG]) is REGRESSED
    assert verdict_of_test([]) is UNCHANGED


def test_new_and_gone_tests_are_told_apart(suite):
    baseline, judged = suite.runs(6), suite.runs(1)[0]
    shorter = judged._replace(
        subjects=("tests/test_new.py::t", *judged.subjects[1:]),
    )

    compared = compare_runs(baseline, [shorter])

    assert compared.new_tests == ("tests/test_new.py::t",)
    assert compared.gone_tests == ("tests/test_0.py::t0",)
    assert compared.verdict is UNCHANGED


def only_others_than(run, nodeid):
    """The run as it is where one test is skipped."""
    places = [at for at, subject in enumerate(run.subjects) if subject != nodeid]
    return run._replace(
        subjects=tuple(run.subjects[at] for at in places),
        workers=tuple(run.workers[at] for at in places),
        wall_ns=tuple(run.wall_ns[at] for at in places),
        cpu_ns=tuple(run.cpu_ns[at] for at in places),
    )


def test_a_test_that_failed_in_some_runs_is_judged_by_the_others(suite):
    baseline = suite.runs(10)
    first = "tests/test_0.py::t0"
    failed = [only_others_than(run, first) for run in baseline[:4]]

    compared = compare_runs([*failed, *baseline[4:]], suite.runs(3))

    assert of(compared, first).baseline_runs == 6
    assert of(compared, LONG).baseline_runs == 10


def test_a_test_that_is_skipped_half_of_the_time_is_judged_by_the_other_half(suite):
    baseline, judged = suite.runs(10), suite.runs(4, slower={7: 2.0})
    skipped = [only_others_than(run, LONG) for run in (*baseline[::2], *judged[::2])]

    compared = compare_runs([*skipped[:5], *baseline[1::2]], [*skipped[5:], *judged[1::2]])

    told = of(compared, LONG)
    assert (told.verdict, told.baseline_runs, told.judged_runs) == (REGRESSED, 5, 2)


def test_a_test_with_two_runs_of_history_beside_others_with_ten_is_told_to_have_few(suite):
    baseline = suite.runs(10)
    young = [only_others_than(run, LONG) for run in baseline[:8]]

    compared = compare_runs([*young, *baseline[8:]], suite.runs(1, slower={7: 2.0}))

    assert of(compared, LONG).baseline_runs == 2
    assert "fewer than 5 baseline runs" in of(compared, LONG).reason


@pytest.mark.parametrize(("runs", "judged"), [(0, 1), (1, 0)])
def test_nothing_to_compare_cannot_be_told(suite, runs, judged):
    compared = compare_runs(suite.runs(runs), suite.runs(judged))

    assert compared.verdict is CANNOT_TELL
    assert compared.comparisons == ()
    assert compared.reason


def test_no_common_test_cannot_be_told(suite, tiny_suite):
    other = [run._replace(subjects=("a", "b", "c")) for run in tiny_suite.runs(1)]

    assert compare_runs(suite.runs(1), other).reason == "no test ran on both sides"


@pytest.mark.parametrize("runs", [1, 2, 5, 10])
def test_a_doubled_test_stands_out_of_a_tiny_suite(tiny_suite, runs):
    compared = compare_runs(tiny_suite.runs(runs), tiny_suite.runs(1, slower={0: 2.1}))

    assert compared.verdict is REGRESSED
    assert changed(compared) == {"tests/test_0.py::t0"}
    assert compared.machine_factor is None


def test_a_smaller_change_in_a_tiny_suite_is_worth_a_look(tiny_suite):
    compared = compare_runs(tiny_suite.runs(10), tiny_suite.runs(3, slower={0: 1.35}))

    assert of(compared, "tests/test_0.py::t0").verdict is CANNOT_TELL
    assert of(compared, "tests/test_0.py::t0").worth_a_look
    assert CANNOT_TELL_MACHINE in compared.reason


def test_a_tiny_suite_that_slowed_as_a_whole_cannot_be_told_from_its_machine(tiny_suite):
    compared = compare_runs(tiny_suite.runs(5), tiny_suite.runs(1, factor=2.0))

    assert compared.verdict is CANNOT_TELL


def test_tiny_suites_of_unchanged_code_are_unchanged(tiny_suite):
    verdicts = {compare_runs(tiny_suite.runs(1), tiny_suite.runs(1)).verdict for _ in range(50)}

    assert verdicts == {UNCHANGED}


def test_a_little_more_computing_does_not_explain_a_long_wait(suite):
    everywhere = dict.fromkeys(range(0, 150, 2), 3.0)

    compared = compare_runs(
        suite.runs(10, delays_ms={}),
        suite.runs(3, delays_ms=everywhere, waiting={7: 200.0}, slower={7: 1.17}),
    )

    assert of(compared, LONG).verdict is CANNOT_TELL


def test_without_measured_waits_more_involuntary_switches_count_as_load(suite):
    def with_switches(runs, count):
        return [run._replace(involuntary_switches=(count,) * 150) for run in runs]

    compared = compare_runs(
        with_switches(suite.runs(10), 0), with_switches(suite.runs(3, waiting={7: 100.0}), 4)
    )

    assert of(compared, LONG).verdict is CANNOT_TELL


def test_one_lucky_run_of_three_does_not_hide_a_slowdown(suite):
    judged = [*suite.runs(2, slower={7: 2.0}), *suite.runs(1, slower={7: 0.9})]

    assert of(compare_runs(suite.runs(10), judged), LONG).verdict is REGRESSED


def test_a_test_that_computes_may_have_taken_as_long_on_a_slower_machine(suite):
    baseline = [*suite.runs(7), *suite.runs(3, factor=1.7)]

    compared = compare_runs(baseline, suite.runs(3, slower={7: 1.5}))

    assert of(compared, LONG).verdict is REGRESSED


def test_on_a_loaded_machine_cpu_time_must_be_over_the_threshold_itself(suite):
    everywhere = dict.fromkeys(range(0, 150, 2), 3.0)
    judged = suite.runs(3, delays_ms=everywhere, waiting={7: 15.0}, slower={7: 1.14})

    compared = compare_runs(suite.runs(10, delays_ms={}), judged)

    assert of(compared, LONG).ratio > 1.2
    assert of(compared, LONG).verdict is CANNOT_TELL


def test_many_short_tests_cost_a_long_one_no_power(suite):
    def q(count):
        many = type(suite)([*suite.durations_ms, *[2.5] * count])
        compared = compare_runs(many.runs(10), many.runs(3, slower={7: 1.4}))
        return of(compared, LONG).q / of(compared, LONG).p

    assert q(300) < 3 * q(0)


@pytest.mark.parametrize(("runs", "judged"), [(1, 1), (3, 1), (10, 1), (10, 3)])
def test_tests_of_microseconds_do_not_hide_that_a_long_one_takes_twice_as_long(long_alone, runs, judged):
    compared = compare_runs(long_alone.runs(runs), long_alone.runs(judged, slower=2.0))

    assert {one.nodeid for one in compared.comparisons if one.verdict is REGRESSED} == {long_alone.nodeid}
    assert compared.verdict is REGRESSED


@pytest.mark.parametrize("judged", [1, 3])
def test_a_slower_machine_does_not_accuse_the_only_long_test(long_alone, judged):
    compared = compare_runs(long_alone.runs(10), long_alone.runs(judged, factor=1.5))

    assert REGRESSED not in {one.verdict for one in compared.comparisons}


def test_one_long_test_does_not_speak_for_the_machine(long_alone):
    compared = compare_runs(long_alone.runs(10), long_alone.runs(3, slower=3.0))

    assert compared.machine_factor == pytest.approx(1, abs=0.2)


def test_a_suite_of_wildly_different_spreads_has_an_answer(suite):
    calm = suite.runs(1)[0]
    runs = []
    for loud in (1, 40, 1, 40, 40, 3_000):
        values = tuple(value * (loud if at % 2 else 1) for at, value in enumerate(calm.wall_ns))
        runs.append(calm._replace(wall_ns=values, cpu_ns=values))

    compared = compare_runs(runs[:4], runs[4:])

    floors = [one.noise_floor for one in compared.comparisons if one.noise_floor is not None]
    assert floors
    assert max(floors) <= 1e6


@pytest.fixture
def short_and_long(suite):
    """300 tests of about 1.5 ms and t7 of 150 ms, of which runs are made with so much set-up before each."""
    rng = random.Random(3)
    durations = [1.5 * rng.lognormvariate(0, 0.6) for _ in range(300)]
    durations[7] = 150.0
    return lambda setup_ms: type(suite)([each + setup_ms for each in durations])


@pytest.mark.parametrize("judged", [1, 3])
def test_a_fixture_that_is_gone_makes_no_long_test_slower(short_and_long, judged):
    compared = compare_runs(short_and_long(8.0).runs(10), short_and_long(0.0).runs(judged))

    assert compared.verdict is CANNOT_TELL
    assert compared.reason.startswith(CANNOT_TELL_MACHINE)
    assert [one.nodeid for one in compared.comparisons if one.verdict is REGRESSED] == []
    long = of(compared, LONG)
    assert long.worth_a_look
    assert long.reason == "half of the suite changed at once, and it took as long before, as measured"


@pytest.mark.parametrize("judged", [1, 3])
def test_a_fixture_that_is_new_makes_no_long_test_faster(short_and_long, judged):
    compared = compare_runs(short_and_long(0.0).runs(10), short_and_long(8.0).runs(judged))

    assert [one.nodeid for one in compared.comparisons if one.verdict is IMPROVED] == []
    assert not of(compared, LONG).worth_a_look


def test_what_is_slower_as_measured_is_called_where_half_of_the_suite_changed_at_once(short_and_long):
    compared = compare_runs(short_and_long(8.0).runs(10), short_and_long(0.0).runs(3, slower={7: 2.0}))

    assert of(compared, LONG).verdict is REGRESSED


@pytest.mark.parametrize(("delay_ms", "verdict"), [(0.0, REGRESSED), (10.0, CANNOT_TELL)])
def test_on_a_busy_machine_a_test_of_unknown_cpu_time_is_not_called(suite, delay_ms, verdict):
    everywhere = dict.fromkeys(range(150), delay_ms)
    judged = [
        run._replace(cpu_ns=(*run.cpu_ns[:7], None, *run.cpu_ns[8:]))
        for run in suite.runs(3, delays_ms=everywhere, slower={7: 2.0})
    ]

    wall = of(compare_runs(suite.runs(10, delays_ms=everywhere), judged), LONG)

    assert wall.verdict is verdict


def test_a_test_that_leaps_hides_no_slowdown_of_another(suite):
    even = type(suite)([100.0 + at / 10 for at in range(40)])
    leaping = [run for _ in range(4) for run in (*even.runs(2), *even.runs(1, slower={9: 2.5}))]

    wall = of(compare_runs(leaping, even.runs(1, slower={7: 2.0})), LONG)

    assert (wall.verdict, wall.worth_a_look) == (CANNOT_TELL, True)
    assert "a second run can tell" in wall.reason
    assert of(compare_runs(leaping, even.runs(2, slower={7: 2.0})), LONG).verdict is REGRESSED
