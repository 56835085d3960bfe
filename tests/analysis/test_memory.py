"""Memory: large, outside what the baseline has shown, no machine factor."""

import pytest

from lapwing.analysis.accepted_entries import moved_entries
from lapwing.analysis.baseline_entries import baseline_entries
from lapwing.analysis.compare import compare_runs, compare_with_baseline_file
from lapwing.model.comparison import ChangeVerdict
from lapwing.model.series import RunSamples
from lapwing.model.thresholds import ChangeThresholds

MB = 1_000_000


def run(peak, delta=None):
    return RunSamples(
        run_id="r",
        subjects=("t",),
        workers=("main",),
        wall_ns=(1_000_000,),
        cpu_ns=(1_000_000,),
        peak_bytes=(peak,),
        delta_bytes=() if delta is None else (delta,),
    )


CASES = pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ([20] * 5, 40, ChangeVerdict.REGRESSED),
        ([20] * 5, 10, ChangeVerdict.IMPROVED),
        ([20] * 5, 23, ChangeVerdict.UNCHANGED),  # under 5 MB
        ([200] * 5, 220, ChangeVerdict.UNCHANGED),  # under 20%
        ([20, 20, 20, 45, 45], 40, ChangeVerdict.UNCHANGED),  # the baseline has shown it twice
        ([20, 20, 20, 20, 45], 40, ChangeVerdict.REGRESSED),  # one bad baseline run is spared
        ([20] * 2, 40, ChangeVerdict.REGRESSED),  # few runs: clearly over
        ([20], 40, ChangeVerdict.CANNOT_TELL),  # one: other tests may have made room for it
        ([20] * 2, 28, ChangeVerdict.CANNOT_TELL),  # few runs: over the threshold, not over the critical one
        ([0] * 5, 40, ChangeVerdict.REGRESSED),  # no ratio
    ],
)


@CASES
def test_peak_memory(before, after, verdict):
    compared = compare_runs([run(peak * MB) for peak in before], [run(after * MB)])

    assert {one.metric: one.verdict for one in compared.comparisons}["peak_bytes"] is verdict


def test_memory_that_is_given_back_has_a_negative_delta_and_is_no_regression():
    compared = compare_runs([run(0, -20 * MB)] * 5, [run(0, -60 * MB)])

    found = {one.metric: one for one in compared.comparisons}["delta_bytes"]
    assert found.verdict in (ChangeVerdict.UNCHANGED, ChangeVerdict.IMPROVED)
    assert (found.before, found.after, found.unit) == (-20 * MB, -60 * MB, "bytes")


def test_tests_without_measured_memory_are_left_out():
    compared = compare_runs([run(None)] * 5, [run(40 * MB)])

    assert "peak_bytes" not in {one.metric for one in compared.comparisons}


def peak_against_file(before, after):
    file = baseline_entries([run(peak * MB) for peak in before], ChangeThresholds(), date="2026-11-01")
    compared = compare_with_baseline_file(file, [run(after * MB)])
    return file, compared, next((one for one in compared.comparisons if one.metric == "peak_bytes"), None)


@CASES
def test_a_baseline_file_says_the_same_of_memory(before, after, verdict):
    _, _, found = peak_against_file(before, after)

    assert found.verdict is verdict
    assert found.baseline_runs == len(before)


def test_a_file_without_memory_says_nothing_of_it():
    file, _, _ = peak_against_file([20] * 5, 40)
    bare = file._replace(tests={name: entry._replace(peak=None) for name, entry in file.tests.items()})

    compared = compare_with_baseline_file(bare, [run(40 * MB)])

    assert {one.metric for one in compared.comparisons} == {"wall", "cpu"}


def test_memory_that_was_accepted_is_the_new_baseline():
    file, compared, _ = peak_against_file([20] * 5, 40)

    moved = moved_entries(file, ["t"], compared.comparisons, ChangeThresholds())

    again = compare_with_baseline_file(moved, [run(40 * MB)])
    assert {one.verdict for one in again.comparisons} == {ChangeVerdict.UNCHANGED}
