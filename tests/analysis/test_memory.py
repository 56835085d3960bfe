"""Memory: large, outside what the baseline has shown, no machine factor."""

import pytest

from lapwing.analysis.compare import compare_runs
from lapwing.model.comparison import ChangeVerdict
from lapwing.model.series import RunSamples

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


@pytest.mark.parametrize(
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
