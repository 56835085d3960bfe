"""The machine's part: shifts by duration, bursts along the run, spikes in single runs, waits."""

import math

import pytest

from lapwing.analysis.columns import build_table, sorted_rows
from lapwing.analysis.machine_factor import computing_shares, without_bursts, without_factors
from lapwing.analysis.scheduling import cpu, quiet_wall, scheduling_of, wall, with_gc_everywhere
from lapwing.analysis.spikes import Spikes, spikes_up
from lapwing.model.series import RunSamples


def test_a_table_has_the_subjects_of_both_sides_in_execution_order(tiny_suite):
    before, after = tiny_suite.runs(2)
    other = after._replace(subjects=("tests/test_0.py::t2", "new", "tests/test_0.py::t0"))

    table = build_table([before], [other], wall)

    assert table.subjects == ("tests/test_0.py::t2", "tests/test_0.py::t0")
    rows = sorted_rows(table.judged, 2)
    assert [math.exp(row[0]) for row in rows] == pytest.approx([other.wall_ns[0], other.wall_ns[2]])


def test_full_and_partial_tables_hold_the_same_values(suite):
    before, after = suite.runs(1), suite.runs(1)
    order = range(149, -1, -1)
    turned = before[0]._replace(
        subjects=tuple(before[0].subjects[at] for at in order),
        wall_ns=tuple(before[0].wall_ns[at] for at in order),
    )

    full, partial = build_table(before, after, wall), build_table([turned], after, wall)

    assert sorted_rows(full.baseline, 150) == sorted_rows(partial.baseline, 150)


def test_workers_have_stretches_of_their_own(tiny_suite):
    run = tiny_suite.runs(1)[0]._replace(workers=("gw0", "gw0", "gw1"))

    assert build_table([run], [run], wall).judged[0].stops == (2, 3)


def test_times_under_a_microsecond_count_as_one(tiny_suite):
    run = tiny_suite.runs(1)[0]._replace(wall_ns=(0, 5, 1_000_000))

    assert build_table([run], [run], wall).judged[0].logs[:2] == [math.log(1000)] * 2


def test_a_shift_that_differs_by_duration_is_taken_out(suite):
    slower = {at: 1.5 if duration < 5 else 1.1 for at, duration in enumerate(suite.durations_ms)}
    table = build_table(suite.runs(5, noise=0.001), suite.runs(1, slower=slower, noise=0.001), wall)
    centers = [math.log(duration * 1e6) for duration in suite.durations_ms]

    freed = without_factors([*table.baseline, *table.judged], 5, centers)

    left = [value - center for value, center in zip(freed[-1].logs, centers, strict=True)]
    assert sorted(map(abs, left))[len(left) // 2] < 0.05
    assert abs(left[7]) < 0.1


def test_a_burst_in_one_run_is_taken_out_and_a_shared_shift_is_left_in(suite):
    centers = [math.log(duration * 1e6) for duration in suite.durations_ms]
    burst, shared = dict.fromkeys(range(20, 40), 1.5), dict.fromkeys(range(80, 100), 1.5)
    judged = [
        *suite.runs(1, noise=0.001, slower={**burst, **shared}),
        *suite.runs(1, noise=0.001, slower=shared),
    ]
    table = build_table(suite.runs(3, noise=0.001), judged, wall)

    freed = without_bursts([*table.baseline, *table.judged], 3, centers).columns[3]

    left = [value - center for value, center in zip(freed.logs, centers, strict=True)]
    assert left[30] == pytest.approx(0, abs=0.02)
    assert left[90] == pytest.approx(math.log(1.5), abs=0.02)


def test_what_a_single_run_lost_to_bursts_is_given_back(suite):
    centers = [math.log(duration * 1e6) for duration in suite.durations_ms]
    table = build_table(
        suite.runs(3, noise=0.001), suite.runs(1, noise=0.001, slower=dict.fromkeys(range(20, 40), 1.5)), wall
    )

    absorbed = without_bursts([*table.baseline, *table.judged], 3, centers).absorbed

    assert absorbed[30] == pytest.approx(math.log(1.5), abs=0.02)
    assert absorbed[100] == pytest.approx(0, abs=0.02)


def run(wall_ns, cpu_ns=(), waits=(), pauses=()):
    return RunSamples(
        run_id="r",
        subjects=tuple(map(str, range(len(wall_ns)))),
        workers=("main",) * len(wall_ns),
        wall_ns=tuple(wall_ns),
        cpu_ns=tuple(cpu_ns),
        run_delay_ns=tuple(waits),
        gc_ns=tuple(pauses),
    )


def test_the_wait_for_a_processor_leaves_at_least_the_cpu_time():
    waited = run((100, 100, 100, 100), (90, 10, None, 120), (50, 50, None, 50))

    assert list(quiet_wall(waited)) == [90, 50, 100, 100]
    assert quiet_wall(run((100,))) == (100,)
    assert cpu(run((100,))) == ()


def test_garbage_collection_is_taken_out_of_both_clocks():
    paused = run((100, 100, 50), (90, None, 40), pauses=(60, 30, None))

    assert list(quiet_wall(paused)) == [40, 70, 50]
    assert list(cpu(paused)) == [30, None, 40]


def test_what_garbage_collection_waited_for_a_processor_is_taken_out_once():
    paused = run((100, 100), (40, None), (60, 50), (50, 20))

    assert list(quiet_wall(paused)) == [20, 40]
    assert list(cpu(paused)) == [20, None]


def test_garbage_collection_that_some_run_did_not_measure_stays_in():
    paused, older = run((100,), (90,), pauses=(60,)), run((100,), (90,))

    before, after = with_gc_everywhere([older], [paused])

    assert [quiet_wall(one)[0] for one in (*before, *after)] == [100, 100]


def test_a_burst_is_taken_out_of_the_computing_share_only(suite):
    centers = [math.log(duration * 1e6) for duration in suite.durations_ms]
    table = build_table(
        suite.runs(3, noise=0.001), suite.runs(1, noise=0.001, slower=dict.fromkeys(range(20, 40), 1.5)), wall
    )
    shares = computing_shares(centers, [centers[at] if at != 30 else 0.0 for at in range(150)])

    freed = without_bursts([*table.baseline, *table.judged], 3, centers, shares).columns[3]

    left = [value - center for value, center in zip(freed.logs, centers, strict=True)]
    assert left[30] == pytest.approx(math.log(1.5), abs=0.02)
    assert left[31] == pytest.approx(0, abs=0.02)


def test_a_test_of_unknown_cpu_time_counts_as_computing_throughout():
    assert computing_shares([2.0, 2.0, 2.0], [None, 3.0, 2.0 - math.log(4)]) == pytest.approx([1, 1, 0.25])


@pytest.mark.parametrize(("waits", "is_loaded"), [((0, 0), False), ((3, 3), False), ((20, 0), True)])
def test_a_run_is_loaded_by_its_share_of_waiting(waits, is_loaded):
    quiet, judged = run((100, 100), waits=(0, 0)), run((100, 100), waits=waits)

    scheduling = scheduling_of([quiet], [judged], None, None)

    assert (scheduling.has_wait, scheduling.is_loaded) == (True, is_loaded)


@pytest.mark.parametrize(("wall_factor", "is_loaded"), [(1.3, True), (1.12, False), (None, False)])
def test_without_measured_waits_the_gap_of_the_clocks_tells(wall_factor, is_loaded):
    assert scheduling_of([run((1,))], [run((1,))], wall_factor, 1.1).is_loaded is is_loaded


@pytest.mark.parametrize(("wait", "is_heavy"), [(20, False), (80, True)])
def test_a_quarter_of_the_time_spent_waiting_is_a_heavy_load(wait, is_heavy):
    quiet, judged = run((100, 100), waits=(0, 0)), run((100, 100), waits=(wait, 0))

    assert scheduling_of([quiet], [judged], None, None).is_heavily_loaded is is_heavy


def test_a_machine_that_was_as_busy_before_is_busy_and_not_loaded():
    busy = [run((100, 100), waits=(20, 0))]

    scheduling = scheduling_of(busy, busy, None, None)

    assert (scheduling.is_loaded, scheduling.is_busy) == (False, True)


def test_spikes_of_likes_are_counted_and_those_of_much_longer_tests_are_not():
    short, long = math.log(1e6), math.log(1e9)
    spikes = Spikes([50e6, 70e6, 500e6], [short, short, long], [short] * 99 + [long], 10)

    assert spikes.chance(60e6, short, unseen=0) == pytest.approx(1 / 991)
    assert spikes.chance(100e6, short, unseen=0) == 0
    assert spikes.chance(100e6, short, unseen=1) == pytest.approx(1 / 991)
    assert spikes.chance(100e6, long, unseen=0) == pytest.approx(1 / 1001)


def test_a_change_stands_for_itself_from_one_and_a_half_spikes_on():
    spikes = Spikes([60e6], [0.0], [0.0], 1)

    assert spikes.are_smaller(100e6, 0.0)
    assert not spikes.are_smaller(80e6, 0.0)


def test_spikes_are_seen_in_baseline_runs_and_in_falls():
    center = math.log(1e6)
    before = [[center] * 4 + [math.log(11e6)], [center] * 5]

    spikes = spikes_up(before, [center, math.log(100e6)], [0.0, math.log(0.5)], 2e6)

    assert spikes.chance(9e6, math.log(1e9), unseen=0) == pytest.approx(2 / 13)
