"""Suspects, and judging them again with the runs that were made to confirm them."""

import math

import pytest

from lapwing.analysis.compare import compare_runs
from lapwing.analysis.confirm import judge_confirmed
from lapwing.analysis.evidence import Evidence
from lapwing.analysis.gates import judge_change
from lapwing.analysis.suspects import suspects
from lapwing.model.comparison import ChangeVerdict
from lapwing.model.thresholds import ChangeThresholds

LONG = "tests/test_0.py::t7"
REGRESSED = ChangeVerdict.REGRESSED


def only(runs, nodeids):
    """`runs` as they are when only these tests are run, last test first."""
    made = []
    for run in runs:
        places = [at for at, subject in enumerate(run.subjects) if subject in nodeids][::-1]
        made.append(
            run._replace(
                subjects=tuple(run.subjects[at] for at in places),
                workers=("main",) * len(places),
                wall_ns=tuple(run.wall_ns[at] for at in places),
                cpu_ns=tuple(run.cpu_ns[at] for at in places),
                run_delay_ns=tuple(run.run_delay_ns[at] for at in places if run.run_delay_ns),
            )
        )
    return made


def verdicts(compared, nodeid):
    return {one.metric: one.verdict for one in compared.comparisons if one.nodeid == nodeid}


@pytest.mark.parametrize(("factor", "is_suspect"), [(1.15, True), (1.12, True), (1.08, False)])
def test_a_test_that_might_be_slower_is_a_suspect(suite, factor, is_suspect):
    baseline = with_values(suite.runs(10, noise=0.01), [100.0 + at / 10 for at in range(10)])
    judgment = compare_runs(baseline, with_values(suite.runs(3, noise=0.01), [100.5 * factor] * 3))

    assert set(verdicts(judgment, LONG).values()) == {ChangeVerdict.UNCHANGED}
    assert (LONG in suspects(judgment)) is is_suspect


def test_a_suspect_is_named_once_the_largest_rise_first(suite):
    judgment = compare_runs(suite.runs(10), suite.runs(3, slower={7: 2.0, 8: 2.0}))

    assert suspects(judgment)[:2] == (LONG, "tests/test_0.py::t8")


def test_a_faster_test_is_no_suspect(suite):
    assert LONG not in suspects(compare_runs(suite.runs(10), suite.runs(3, slower={7: 0.5})))


def test_a_slowdown_that_comes_again_is_confirmed(suite):
    baseline, judged = suite.runs(10), suite.runs(1, slower={7: 1.5})
    again = only(suite.runs(5, slower={7: 1.5}), {LONG})

    compared = judge_confirmed(baseline, judged, again, [LONG])

    assert verdicts(compared, LONG)["wall"] is ChangeVerdict.REGRESSED
    wall = next(one for one in compared.comparisons if one.nodeid == LONG and one.metric == "wall")
    assert wall.judged_runs == 6


def test_neighbors_that_are_slow_again_were_no_burst(suite):
    suite.durations_ms[146:] = [50.0, 40.0, 30.0, 60.0]
    slower = dict.fromkeys(range(146, 150), 1.5)
    named = [f"tests/test_14.py::t{at}" for at in slower]
    baseline, judged = suite.runs(10), suite.runs(1, slower=slower)

    compared = judge_confirmed(baseline, judged, only(suite.runs(1, slower=slower), named), named)

    assert {verdict for nodeid in named for verdict in verdicts(compared, nodeid).values()} == {REGRESSED}
    ratios = [one.ratio for one in compared.comparisons if one.nodeid in named]
    assert all(1.3 < ratio < 1.7 for ratio in ratios)


def test_neighbors_that_are_not_slow_again_were_a_burst(suite):
    suite.durations_ms[146:] = [50.0, 40.0, 30.0, 60.0]
    slower = dict.fromkeys(range(146, 150), 1.5)
    named = [f"tests/test_14.py::t{at}" for at in slower]
    baseline, judged = suite.runs(10), suite.runs(1, slower=slower)

    compared = judge_confirmed(baseline, judged, only(suite.runs(5), named), named)

    assert not [one.nodeid for one in compared.comparisons if one.verdict is REGRESSED]


def test_a_slowdown_that_does_not_come_again_dies(suite):
    baseline, judged = suite.runs(10), suite.runs(1, slower={7: 2.0})
    assert compare_runs(baseline, judged).verdict is ChangeVerdict.REGRESSED

    compared = judge_confirmed(baseline, judged, only(suite.runs(5), {LONG}), [LONG])

    assert compared.verdict is ChangeVerdict.UNCHANGED


def test_runs_of_tests_that_are_no_suspects_do_not_count(suite):
    baseline, judged = suite.runs(10), suite.runs(3)
    again = suite.runs(5, slower={7: 2.0})

    compared = judge_confirmed(baseline, judged, again, ["tests/test_0.py::t8"])

    assert verdicts(compared, LONG)["wall"] is ChangeVerdict.UNCHANGED


def test_without_confirming_runs_the_first_judgment_stands(suite):
    baseline, judged = suite.runs(10), suite.runs(3, slower={7: 2.0})

    assert judge_confirmed(baseline, judged, [], [LONG]) == compare_runs(baseline, judged)


def test_a_slowdown_of_just_the_threshold_is_confirmed_within_its_error(suite):
    found = 0
    for _ in range(20):
        baseline, judged = suite.runs(10), suite.runs(3, slower={7: 1.2})
        named = suspects(compare_runs(baseline, judged))
        again = only(suite.runs(5, slower={7: 1.2}), set(named))
        found += verdicts(judge_confirmed(baseline, judged, again, named), LONG)["cpu"] is REGRESSED

    assert found >= 14


@pytest.mark.parametrize(("factor", "is_called"), [(1.13, True), (1.09, False)])
def test_the_next_sitting_moves_a_test_by_more_than_the_runs_of_one_show(suite, factor, is_called):
    baseline = with_values(suite.runs(10), [100.0 + at / 10 for at in range(10)])
    judged = with_values(suite.runs(3), [100.5 * factor + at / 10 for at in range(3)])
    again = only(with_values(suite.runs(5), [100.5 * factor + at / 10 for at in range(5)]), {LONG})

    found = verdicts(judge_confirmed(baseline, judged, again, [LONG]), LONG)

    assert (REGRESSED in found.values()) is is_called


def test_a_longer_sleep_is_confirmed_whatever_waits_were_counted_to_it(suite):
    busy = dict.fromkeys(range(0, 150, 2), 3.0)
    suite.durations_ms[7] = 2.0
    waits = [0, 2, 5, 11, 15]
    baseline = [run for at in range(10) for run in sleeping(suite, 50.0, waits[at % 5], busy)]
    judged = [run for wait in waits[:3] for run in sleeping(suite, 62.0, wait, busy)]
    again = [run for wait in waits for run in sleeping(suite, 62.0, wait, busy)]

    compared = judge_confirmed(baseline, judged, only(again, {LONG}), [LONG])

    assert verdicts(compared, LONG)["wall"] is REGRESSED


def sleeping(suite, sleep_ms, wait_ms, busy):
    """A run in which LONG sleeps, and `wait_ms` that others waited for a processor are counted to it."""
    (run,) = suite.runs(1, delays_ms=busy, waiting={7: sleep_ms})
    delays = (*run.run_delay_ns[:7], round(wait_ms * 1e6), *run.run_delay_ns[8:])
    return [run._replace(run_delay_ns=delays)]


@pytest.mark.parametrize(
    ("q", "heavy_load", "verdict"),
    [
        (0.004, True, REGRESSED),
        (0.006, True, ChangeVerdict.UNCHANGED),
        (0.006, False, REGRESSED),
        (0.09, False, REGRESSED),
        (0.11, False, ChangeVerdict.UNCHANGED),
    ],
)
def test_under_the_threshold_as_measured_a_heavily_loaded_machine_asks_for_more(q, heavy_load, verdict):
    assert confirmed(1.17, q, heavy_load).verdict is verdict
    assert ("not surely under it" in confirmed(1.17, q, heavy_load).reason) == (verdict is REGRESSED)
    assert confirmed(1.21, q, heavy_load).reason == "" or verdict is not REGRESSED


@pytest.mark.parametrize(("q", "heavy_load"), [(0.09, False), (0.04, True)])
def test_over_the_threshold_as_measured_a_heavily_loaded_machine_asks_for_more(q, heavy_load):
    assert confirmed(1.25, q, heavy_load).verdict is REGRESSED
    assert confirmed(1.25, q + 0.02, heavy_load).verdict is not REGRESSED


def confirmed(ratio, q, heavy_load):
    """What is said of a test of 100 ms that was run again, with a standard error of 5%."""
    evidence = Evidence(
        p=q,
        q=q,
        standard_error=0.05,
        margin=0.1,
        least=math.log(1.2),
        is_outside=False,
        runs=10,
        is_few_runs=False,
        is_over_spikes=True,
        is_confirming=True,
    )
    return judge_change(
        math.log(ratio),
        100e6,
        evidence,
        ChangeThresholds(),
        is_small_suite=False,
        is_within_measured=False,
        heavy_load=heavy_load,
    )


def with_values(runs, values_ms):
    """The runs, in which LONG took these times by both clocks."""
    at = runs[0].subjects.index(LONG)
    made = []
    for run, value in zip(runs, values_ms, strict=True):
        columns = {}
        for name in ("wall_ns", "cpu_ns"):
            column = getattr(run, name)
            columns[name] = (*column[:at], round(value * 1e6), *column[at + 1 :])
        made.append(run._replace(**columns))
    return made


STEADY = (96, 97, 98, 99, 100, 100, 101, 102, 103, 104)
LEAPING = (80, 80, 88, 90, 96, 100, 104, 124, 127, 138)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (STEADY, (128, 129, 130, 131, 132), REGRESSED),
        (LEAPING, (150, 152, 155, 158, 160), REGRESSED),  # the sides do not overlap
        (LEAPING, (90, 98, 125, 131, 178), ChangeVerdict.UNCHANGED),  # regressed by the t test alone
        (STEADY, (75, 76, 77, 78, 79), ChangeVerdict.IMPROVED),
    ],
)
def test_what_is_confirmed_is_no_surer_than_its_ranks(suite, before, after, verdict):
    baseline = with_values(suite.runs(10, noise=0.02), before)
    judged = with_values(suite.runs(3, noise=0.02), sorted(after)[1:4])
    again = only(with_values(suite.runs(5, noise=0.02), after), {LONG})

    assert verdicts(judge_confirmed(baseline, judged, again, [LONG]), LONG)["cpu"] is verdict


def test_what_was_not_run_again_keeps_its_answer(suite):
    baseline, judged = suite.runs(10), suite.runs(3, slower={7: 2.0, 8: 2.0})
    again = only(suite.runs(5, slower={7: 2.0}), {LONG})

    first, second = compare_runs(baseline, judged), judge_confirmed(baseline, judged, again, [LONG])

    def others(compared):
        return [(one.nodeid, one.verdict) for one in compared.comparisons if one.nodeid != LONG]

    assert others(second) == others(first)


def test_p_of_a_confirmed_test_is_of_the_runs_that_confirm_it(suite):
    baseline, judged = suite.runs(10), suite.runs(3, slower={7: 2.0})
    again = only(suite.runs(5, slower={7: 1.3}), {LONG})

    def p(compared):
        return next(one.p for one in compared.comparisons if one.nodeid == LONG and one.metric == "cpu")

    assert p(judge_confirmed(baseline, judged, again, [LONG])) > p(compare_runs(baseline, judged))


def test_a_machine_that_answers_unevenly_makes_changes_harder_to_call(suite):
    """Further runs beside the same work do not average out what it does to some tests and not to others."""
    uneven = {at: 1.0 + 0.5 * (at * 7919 % 100) / 100 for at in range(150) if at != 7}

    def p(slower):
        compared = compare_runs(suite.runs(10), suite.runs(3, slower=slower))
        return next(one.p for one in compared.comparisons if one.nodeid == LONG and one.metric == "cpu")

    assert p({**uneven, 7: 1.9}) > 1e-4
    assert p({7: 1.5}) < 1e-4
